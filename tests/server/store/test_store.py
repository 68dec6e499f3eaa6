"""The database file: durable settings, one set of tables, and a way for Alembic to get there."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from kynhan_server.store import tables as t
from kynhan_server.store.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(tmp_path / "new" / "relay.db")
    yield opened
    await opened.close()


async def test_the_writer_keeps_what_it_committed_and_checks_foreign_keys(store: Store) -> None:
    with store.transaction() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


async def test_migrations_and_tables_are_equal(store: Store) -> None:
    with store.transaction() as connection:
        assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []


async def test_every_table_but_meta_has_the_log(store: Store) -> None:
    without = {table.name for table in t.metadata.sorted_tables if "log" not in table.c}
    assert without == {"logs", "meta"}


async def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction() as connection:
        connection.execute(t.meta.insert(), {"name": "a", "value": "b"})
        raise RuntimeError
    async with store.read() as reader:
        assert (await reader.execute(select(t.meta))).all() == []


async def test_readers_see_what_is_committed_and_cannot_write(store: Store) -> None:
    with store.transaction() as connection:
        connection.execute(t.meta.insert(), {"name": "a", "value": "b"})
    async with store.read() as reader:
        assert (await reader.execute(select(t.meta.c.value))).scalar_one() == "b"
        with pytest.raises(DBAPIError):
            await reader.execute(t.meta.insert(), {"name": "c", "value": "d"})


async def test_what_was_deleted_is_not_in_the_files(store: Store, tmp_path: Path) -> None:
    with store.transaction() as connection:
        connection.execute(t.meta.insert(), {"name": "a", "value": "MARKER-OF-A-HEADER" * 9})
    with store.transaction() as connection:
        connection.execute(t.meta.delete())
    store.shrink_log()
    data = b"".join(file.read_bytes() for file in (tmp_path / "new").iterdir())
    assert b"MARKER-OF-A-HEADER" not in data


async def test_an_existing_database_is_opened_as_it_is(store: Store, tmp_path: Path) -> None:
    with store.transaction() as connection:
        connection.execute(t.meta.insert(), {"name": "a", "value": "b"})
    await store.close()
    again = Store(tmp_path / "new" / "relay.db")
    async with again.read() as reader:
        assert (await reader.execute(select(t.meta.c.value))).scalar_one() == "b"
    await again.close()


async def test_cancelled_reads_leave_nothing_that_keeps_the_relay_from_ending(tmp_path: Path) -> None:
    opened = Store(tmp_path / "relay.db")
    chance = random.Random(1)

    async def look() -> None:
        async with opened.read() as reader:
            for _ in range(5):
                (await reader.execute(select(t.meta))).all()

    before = asyncio.all_tasks()
    for _ in range(100):
        looks = [asyncio.create_task(look()) for _ in range(3)]
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(chance.choice((0, 0.0004)))
        for _ in range(2):  # a server that stops cancels again what does not end at once
            for task in looks:
                task.cancel()
            await asyncio.sleep(0)
        await asyncio.gather(*looks, return_exceptions=True)
    await asyncio.wait_for(look(), 5)
    await opened.close()
    await asyncio.sleep(0.1)
    assert asyncio.all_tasks() == before
