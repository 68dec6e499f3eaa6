"""Starting, ticking, saying how it is: never a look at everything there is. bench/cases.py has the figures."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from tests.server.world import ManualClock, World, world

from kynhan_server.config import Folder

TABLES = "statements|nodes|checkpoints|dispatches|uploads|cases|reminders|concerned|cosignatures"
WALK = re.compile(rf"SCAN ({TABLES})\b|SEARCH ({TABLES}) .*\(log=\?\)$")
"""A table that grows with the cases, or the whole of a log in it, walked from end to end."""
BY_ITS_ORDER = re.compile(r"USING (COVERING )?INDEX|USING PRIMARY KEY")


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay", ManualClock(demo=True)) as made:
        yield made


@contextmanager
def queries() -> Iterator[list[tuple[str, Any]]]:
    """Every query of the relay meanwhile, with its values."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, sql: str, values: Any, _context: object, _many: bool) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
            seen.append((sql, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plans(folder: Path, seen: list[tuple[str, Any]]) -> dict[str, list[str]]:
    """How SQLite would go about each."""
    connection = sqlite3.connect(Folder(folder).database)
    try:
        return {
            sql: [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", _first(values))]
            for sql, values in seen
        }
    finally:
        connection.close()


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) and values and isinstance(values[0], tuple) else values


def walks(found: dict[str, list[str]]) -> list[str]:
    """The steps that read a growing table whole. Walking an index in order, up to a LIMIT, is not one."""
    return [
        f"{step}: {sql}"
        for sql, steps in found.items()
        for step in steps
        if WALK.search(step) and not ("LIMIT" in sql and BY_ITS_ORDER.search(step))
    ]


async def test_starting_reads_the_edge_of_the_log_only(w: World) -> None:
    await w.send_and_sign(w.dispatch(term="in-province"))
    with queries() as seen:
        await w.reopen()
    found = plans(w.folder, seen)
    assert any("statements" in sql for sql in found)
    assert walks(found) == []


async def test_a_tick_looks_only_at_what_is_due(w: World) -> None:
    await w.send_and_sign(w.dispatch(term="in-province"))
    w.clock.advance(days=36)
    with queries() as seen:
        ticked = await w.relay.deadlines.tick()
    assert ticked.reminders == 1
    assert walks(plans(w.folder, seen)) == []
    w.clock.advance(seconds=1)
    with queries() as seen:
        assert (await w.relay.deadlines.tick()).reminders == 0
    found = plans(w.folder, seen)
    assert {"cases", "uploads", "dispatches"} <= {table for sql in found for table in re.findall(r"\w+", sql)}
    assert walks(found) == []


async def test_saying_how_it_is_looks_at_the_newest_checkpoints_only(w: World) -> None:
    await w.witness_all()
    with queries() as seen:
        await w.relay.health()
    assert walks(plans(w.folder, seen)) == []


async def test_used_uploads_are_passed_by(w: World) -> None:
    """What a dispatch used stays; what none used goes after its time, found among the unused alone."""
    w.clock.advance(days=60)
    with queries() as seen:
        await w.relay.deadlines.tick()
    (sweep,) = [steps for sql, steps in plans(w.folder, seen).items() if "FROM uploads" in sql]
    assert any("dispatch=?" in step for step in sweep), sweep


def test_the_test_can_tell() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE cases (a, b)")
    steps = [row[3] for row in connection.execute("EXPLAIN QUERY PLAN SELECT a FROM cases WHERE b = 1")]
    connection.close()
    assert walks({"SELECT a FROM cases WHERE b = 1": steps})
