"""What was destroyed is gone (R5a): read from the pages of the archive itself, and from the folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.client.agreement import CA
from tests.client.exchanging import begun, take
from tests.client.parties import parties

from kynhan_client.dossiers import unpacking
from kynhan_client.home import cupboard
from kynhan_client.home.archive import open_encrypted
from kynhan_client.home.home import Home
from kynhan_client.procedures import recalls
from kynhan_client.registers import search
from kynhan_client.registers.search import Query

RARE = "zzyzxtuhiem"
TITLE = f"Về việc {RARE} theo danh sách kèm theo"


def pages(home: Home, folder: Path) -> bytes:
    """Every page of the archive in clear. Pages that were freed were overwritten: test_archive.py."""
    home.archive.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = folder / "copy.db"
    shutil.copy(home.path / "archive.db", copy)
    connection = open_encrypted(copy, home.keyring.archive_key)
    connection.pragma("journal_mode", "delete")
    connection.pragma("rekey", "")
    connection.close()
    data = copy.read_bytes()
    assert data.startswith(b"SQLite format 3\0")
    return data


async def test_neither_words_nor_keys_of_what_was_destroyed_are_left_in_the_archive(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await begun(two, title=TITLE)
        for home in (two.ca, two.ccq):
            assert search.find(home, Query(words=RARE))
            header = cupboard.package(home.archive, sent.dispatch)
            assert header is not None and header.header is not None
            file_key = unpacking.open_key(header.header, home.keyring.identities)
            assert isinstance(file_key, bytes)
            before = pages(home, tmp_path)
            assert RARE.encode() in before
            assert header.header[100:200] in before
            await recalls.destroy(home, two.relay(home), sent.dispatch, "ordered")
            after = pages(home, tmp_path)
            assert RARE.encode() not in after
            assert header.header[100:200] not in after
            assert file_key not in after


async def test_what_a_crash_left_half_written_goes_with_its_package(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await begun(two)
        folder = two.ca.path / "sealed"
        names = [f"{sent.dispatch}.body.part", f"{sent.dispatch}.body.damaged", f".{sent.dispatch}.header.77.new"]
        for name in names:
            (folder / name).write_bytes(b"x")
        await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        assert [path.name for path in folder.iterdir() if sent.dispatch in path.name] == []
        assert list((two.ccq.path / "sealed").glob(f"{sent.dispatch}.*"))  # nobody else's
