"""What was destroyed is gone (R5a): read from the pages of the archive itself, and from the folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.client.agreement import CA, PASSPHRASE
from tests.client.exchanging import begun, post, refused, take
from tests.client.parties import Parties, parties

from kynhan_client.dossiers import unpacking
from kynhan_client.dossiers.unpacking import Unpacked
from kynhan_client.errors import ClientError
from kynhan_client.home import cupboard
from kynhan_client.home.archive import open_encrypted
from kynhan_client.home.home import Home
from kynhan_client.packages import opening, receive
from kynhan_client.procedures import assignments, closing, recalls, retention
from kynhan_client.procedures.closing import Conclusion
from kynhan_client.procedures.standing import Papers
from kynhan_client.registers import search
from kynhan_client.registers.search import Query
from kynhan_protocol.vietnam_time import local_date

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
        names = [
            f"{sent.dispatch}.body.part",
            f"{sent.dispatch}.body.damaged",
            f".{sent.dispatch}.header.77.new",
        ]
        for name in names:
            (folder / name).write_bytes(b"x")
        await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        assert [path.name for path in folder.iterdir() if sent.dispatch in path.name] == []
        assert list((two.ccq.path / "sealed").glob(f"{sent.dispatch}.*"))  # nobody else's


async def assigned(two: Parties, case: str, unit: Home) -> str:
    """CA hands a case on to its unit, which opens it; gives the assignment."""
    assigning = assignments.assignment(two.ca, case, unit.config.member, Papers())
    sent = await assignments.assign(two.ca, two.relay(two.ca), assigning)
    await two.sync(two.ca, two.ccq, unit)
    await take(two, unit, sent.dispatch)
    return sent.dispatch


async def test_a_unit_that_destroys_what_it_was_handed_on_knows_no_word_of_it_any_more(
    tmp_path: Path,
) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        sent = await begun(two, title=TITLE)
        assignment = await assigned(two, sent.case, unit)
        assert {hit.dispatch for hit in search.find(unit, Query(words=RARE))} == {sent.dispatch, assignment}
        await recalls.destroy(unit, two.relay(unit), assignment, "ordered")
        assert RARE.encode() not in pages(unit, tmp_path)
        assert search.find(two.ca, Query(words=RARE))  # the committee still has its own copy


async def test_what_an_assignment_carries_is_destroyed_after_it_only(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        sent = await begun(two, title=TITLE)
        assignment = await assigned(two, sent.case, unit)
        async with refused(two, "still-carried", assignment[:12]):
            await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        assert search.find(two.ca, Query(words=RARE))
        recall = await post(two, two.ccq, recalls.recall(two.ccq, sent.dispatch, "Gửi nhầm"))
        await take(two, two.ca, recall.dispatch)
        async with refused(two, "still-carried", assignment[:12]):
            await recalls.agree(two.ca, two.to[CA], recall.dispatch)

        await recalls.destroy(two.ca, two.to[CA], assignment, "other")
        assert (await recalls.agree(two.ca, two.to[CA], recall.dispatch)).state == "sent"
        assert RARE.encode() not in pages(two.ca, tmp_path)
        # the unit's copy is its own, and reads as before
        opened = await opening.open_package(unit, two.relay(unit), assignment, tmp_path / "again")
        assert opened.handed[0].dispatch == sent.dispatch


async def test_what_an_assignment_carries_is_kept_as_long_as_it(tmp_path: Path) -> None:
    years = {'"retention-years": 0': '"retention-years": 1'}
    async with parties(tmp_path, changes=years) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        sent = await begun(two)
        two.move_clock(20 * 24 * 3600)
        assignment = await assigned(two, sent.case, unit)
        closed = closing.close(two.ccq, sent.case, Conclusion(7, "KL/ĐUCCQ", local_date(two.ccq.clock.now())))
        await post(two, two.ccq, closed)
        two.move_clock(350 * 24 * 3600)  # past a year from the request, not from the assignment
        await two.sync()
        pair = (assignment, sent.dispatch)
        assert [one for one in retention.expired(two.ca) if one.dispatch in pair] == []
        two.move_clock(30 * 24 * 3600)
        await two.sync()
        found = [one for one in retention.expired(two.ca) if one.dispatch in pair]
        assert [one.dispatch for one in found] == list(pair)  # the one that carries the other goes first
        assert found[0].until == found[1].until
        for one in found:
            assert (await recalls.destroy(two.ca, two.to[CA], one.dispatch, "retention")).state == "sent"


async def test_every_folder_it_was_opened_into_is_told(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await begun(two)
        first = two.folder / f"ca.example-van-thu-{sent.dispatch[:12]}"
        for folder in (tmp_path / "hai", tmp_path / "hai"):
            await opening.open_package(two.ca, two.to[CA], sent.dispatch, folder, force=True)
        with pytest.raises(ClientError):  # nothing is put into a folder that has such a file already
            await opening.open_package(two.ca, two.to[CA], sent.dispatch, two.folder / "dossier")
        done = await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        assert done.unpacked == (str(first), str(tmp_path / "hai"))


async def test_a_folder_is_on_record_before_anything_lies_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        folder, seen = tmp_path / "out", []
        unpack = unpacking.unpack

        def looked(*args: Any, **options: Any) -> Unpacked:
            with Home.open(
                two.ca.path, PASSPHRASE
            ) as other:  # what a program that is killed now leaves behind
                known = cupboard.package(other.archive, sent.dispatch)
            seen.append(known and known.opened_to)
            return unpack(*args, **options)

        monkeypatch.setattr(unpacking, "unpack", looked)
        await opening.open_package(two.ca, two.to[CA], sent.dispatch, folder)
        assert seen == [str(folder)]


async def test_what_a_killed_program_had_unpacked_goes_with_the_next_opening(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        folder = tmp_path / "out"
        left, going_on = folder / ".opening-999999999-00000000", folder / f".opening-{os.getpid()}-00000000"
        for one in (left, going_on):
            one.mkdir(parents=True)
            (one / "Công văn.pdf").write_bytes(b"in clear")
        await opening.open_package(two.ca, two.to[CA], sent.dispatch, folder)
        assert sorted(path.name for path in folder.iterdir()) == [going_on.name, "Công văn.pdf"]
