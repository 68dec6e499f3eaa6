"""The archive: typed functions over one encrypted file, all or nothing."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import apsw
import pytest

from kynhan_client.errors import ClientError
from kynhan_client.home import cupboard
from kynhan_client.home.archive import Archive, open_encrypted
from kynhan_client.home.cupboard import Package
from kynhan_client.log import logbook
from kynhan_keys import merkle

KEY = bytes(range(32))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(tmp_path / "archive.db", KEY)
    yield archive
    archive.close()


def test_what_was_put_is_there_after_opening_again(tmp_path: Path) -> None:
    for opened in range(2):
        archive = Archive.open(tmp_path / "archive.db", KEY)
        if not opened:
            archive.put("ten", {"vi": "Đảng ủy Công an tỉnh"})
        assert archive.get("ten") == {"vi": "Đảng ủy Công an tỉnh"}
        assert archive.row("PRAGMA synchronous") == (2,)
        assert archive.row("PRAGMA journal_mode") == ("wal",)
        archive.close()
    with pytest.raises(ClientError) as caught:
        Archive.open(tmp_path / "archive.db", secrets.token_bytes(32))
    assert caught.value.code == "home-damaged"


def test_a_transaction_that_fails_leaves_nothing(archive: Archive) -> None:
    def half() -> None:
        with archive.transaction():
            archive.put("a", 1)
            with archive.transaction():
                archive.put("b", 2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert archive.get("a") is None
    assert archive.get("b") is None


def test_a_full_disk_has_its_own_error(archive: Archive) -> None:
    archive.run("PRAGMA max_page_count = 60")
    with pytest.raises(ClientError) as caught:
        archive.put_document("00" * 32, bytes(1 << 20))
    assert caught.value.code == "disk-full"


def test_an_alarm_is_raised_once(archive: Archive) -> None:
    first = archive.raise_alarm("alarm", "missing-statement", "en", "vi", time=1, index=4)
    assert first is not None
    assert archive.raise_alarm("alarm", "missing-statement", "en", "vi", time=2, index=4) is None
    assert archive.raise_alarm("alarm", "missing-statement", "en", "vi", time=2, index=5) is not None
    assert [alarm.index for alarm in archive.alarms()] == [4, 5]
    assert archive.alarms(after=first.number)[0].index == 5


def test_the_tree_grows_leaf_by_leaf_and_knows_every_earlier_root(archive: Archive) -> None:
    ids = [secrets.token_hex(32) for _ in range(37)]
    logbook.append_leaves(archive, ids[:5])
    logbook.append_leaves(archive, ids[5:6])
    logbook.append_leaves(archive, ids[6:])
    assert logbook.size(archive) == 37
    for size in range(38):
        frontier = merkle.Frontier().extend(merkle.leaf_hash(bytes.fromhex(id_)) for id_ in ids[:size])
        assert logbook.root_at(archive, size) == frontier.root()


def test_checkpoints_keep_the_latest_the_own_and_the_final_note(archive: Archive) -> None:
    def head(size: int) -> logbook.Head:
        return logbook.Head(size, bytes(32), f"note {size}".encode(), size)

    logbook.keep_checkpoint(archive, head(1), own=True, all_cosigned=True)
    logbook.keep_checkpoint(archive, head(2), own=True, all_cosigned=False)
    logbook.keep_checkpoint(archive, head(3), own=False, all_cosigned=False)
    logbook.keep_checkpoint(archive, head(4), own=False, all_cosigned=False)
    found = [logbook.latest(archive), logbook.latest_own(archive), logbook.latest_final(archive)]
    assert [one and one.size for one in found] == [4, 2, 1]
    assert archive.row("SELECT count(*) FROM checkpoints WHERE note IS NULL") == (1,)
    assert logbook.known_root(archive, 3) == bytes(32)


def test_a_final_receipt_is_never_replaced_by_a_pending_one(archive: Archive) -> None:
    cupboard.put_receipt(archive, "00" * 32, b"pending", final=False)
    assert cupboard.pending_receipts(archive) == ["00" * 32]
    cupboard.put_receipt(archive, "00" * 32, b"final", final=True)
    cupboard.put_receipt(archive, "00" * 32, b"pending again", final=False)
    found = cupboard.receipt(archive, "00" * 32)
    assert found is not None
    assert (found.proof, found.final) == (b"final", True)
    assert cupboard.pending_receipts(archive) == []


def test_the_outbox_keeps_how_far_things_got(archive: Archive) -> None:
    number = cupboard.put_waiting(archive, "dispatch", "seal", {"to": "ca.example"}, case="c", time=5)
    cupboard.change_waiting(archive, number, time=6, step="upload", upload="00" * 16, upload_offset=77)
    (found,) = cupboard.waiting(archive)
    assert (found.step, found.upload_offset, found.draft, found.changed) == (
        "upload",
        77,
        {"to": "ca.example"},
        6,
    )
    cupboard.change_waiting(archive, number, time=7, state="sent")
    assert cupboard.waiting(archive) == []
    assert cupboard.waiting_by_id(archive, number).state == "sent"
    with pytest.raises(KeyError):
        cupboard.change_waiting(archive, number, time=8, **{"id = 1; --": 1})


def test_packages_by_state_and_manifests_by_dispatch(archive: Archive) -> None:
    cupboard.put_package(archive, Package("aa", "in", "listed", "case", "request"))
    cupboard.put_package(archive, Package("bb", "in", "signed", "case", "message", header=b"h"))
    assert [one.dispatch for one in cupboard.packages(archive, "in", "signed")] == ["bb"]
    assert len(cupboard.packages(archive, "in")) == 2
    cupboard.put_package(archive, Package("aa", "in", "fetched", "case", "request", body_here=True))
    found = cupboard.package(archive, "aa")
    assert found is not None
    assert found.body_here
    cupboard.put_manifest(archive, "aa", b"note", {"title": "Về việc phối hợp", "number": "15"})
    assert cupboard.manifest(archive, "aa") == b"note"
    assert cupboard.package(archive, "cc") is None


def test_what_is_deleted_is_overwritten(archive: Archive) -> None:
    assert archive.row("PRAGMA secure_delete") == (1,)


def test_an_archive_of_the_first_version_is_brought_up_to_date_and_its_manifests_wait_to_be_indexed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    connection = open_encrypted(path, KEY)
    connection.execute((resources.files("kynhan_client.home") / "schema" / "001.sql").read_text("utf-8"))
    connection.execute("PRAGMA user_version = 1")
    connection.execute("INSERT INTO manifests (dispatch, note, fields) VALUES ('aa', x'00', '{}')")
    connection.close()
    for _ in range(2):
        archive = Archive.open(path, KEY)
        assert archive.rows("SELECT dispatch FROM to_index") == [("aa",)]
        assert archive.rows("SELECT * FROM searchable") == []
        archive.close()


def test_what_was_shown_before_version_six_counts_as_told_under_its_step_and_date(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    connection = open_encrypted(path, KEY)
    for version in range(1, 6):
        script = resources.files("kynhan_client.home") / "schema" / f"{version:03}.sql"
        connection.execute(script.read_text("utf-8"))
    connection.execute("PRAGMA user_version = 5")
    due, sent, evening = "d0" * 32, "5e" * 32, 1_772_474_400  # 2026-03-02T18:00:00Z: the next day in Việt Nam
    notes = [
        (0, sent, "dispatch", "kynhan/dispatch@v1\ncase c\ndue 2026-01-01\n"),
        (1, due, "due", "kynhan/due@v1\ncase c\ndue 2026-05-04\nprovisional no\n"),
        (2, "a1" * 32, "reminder", f"kynhan/reminder@v1\ncase c\nstep -10\ndue {due}\nto x\n"),
        (3, "a2" * 32, "reminder", f"kynhan/reminder@v1\ncase c\nstep unsigned+1\ndue {sent}\nto x\n"),
        (4, "a3" * 32, "reminder", f"kynhan/reminder@v1\ncase c\nstep -5\ndue {due}\nto x\n"),
    ]
    for index, id_, type_, note in notes:
        connection.execute(
            "INSERT INTO statements (idx, id, note, type, case_id, log_time) VALUES (?, ?, ?, ?, 'c', ?)",
            (index, id_, note.encode(), type_, evening),
        )
    for shown in ("a1" * 32, "a2" * 32, "ff" * 32):
        connection.execute("INSERT INTO notified VALUES (?, 7)", (shown,))
    connection.close()
    archive = Archive.open(path, KEY)
    told = {("c", "-10", "2026-05-04", 7, 1), ("c", "unsigned+1", "2026-03-03", 7, 1)}
    for place in ("screen", "desktop"):
        rows = archive.rows("SELECT case_id, step, date, time, told FROM reminded WHERE place = ?", (place,))
        assert set(rows) == told
    archive.close()


def test_a_transaction_that_can_wait_does_not_wait_for_another_process(tmp_path: Path) -> None:
    one, other = (Archive.open(tmp_path / "archive.db", KEY) for _ in range(2))
    with one.transaction():
        one.put("a", 1)
        with other.transaction_if_free() as free:
            assert not free
    with other.transaction_if_free() as free:
        assert free
        other.put("b", 2)
        with other.transaction_if_free() as inner:
            assert inner
    with pytest.raises(RuntimeError), other.transaction_if_free():
        other.put("c", 3)
        raise RuntimeError
    assert (one.get("b"), one.get("c")) == (2, None)
    one.close()
    other.close()


def test_a_file_that_cannot_be_used_now_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "archive.db"
    folder.mkdir()

    def refused() -> str:
        with pytest.raises(ClientError) as caught:
            open_encrypted(folder, KEY)
        assert caught.value.data["path"] == folder
        return caught.value.code

    assert refused() == "system"
    full = os.statvfs_result((4096, 4096, 10, 0, 0, 10, 5, 5, 0, 255))
    monkeypatch.setattr("kynhan_client.home.archive.os.statvfs", lambda _: full)
    assert refused() == "disk-full"


def test_a_home_whose_disk_takes_nothing_more_is_not_called_damaged(tmp_path: Path) -> None:
    Archive.open(tmp_path / "archive.db", KEY).close()
    opening = (
        "import resource, sys; from pathlib import Path; from kynhan_client.home.archive import Archive\n"
        "from kynhan_client.errors import ClientError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))\n"
        "try: Archive.open(Path(sys.argv[1]), bytes(range(32)))\n"
        "except ClientError as error: print(error.code)\n"
    )
    command = [sys.executable, "-c", opening, str(tmp_path / "archive.db")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told == "system\n"
    Archive.open(tmp_path / "archive.db", KEY).close()


def test_a_disk_that_is_full_at_the_end_of_a_transaction_leaves_nothing_of_it(archive: Archive) -> None:
    def full() -> bool:
        raise apsw.FullError("database or disk is full")

    archive._connection.set_commit_hook(full)
    with pytest.raises(ClientError) as caught, archive.transaction():
        archive.put("a", 1)
    assert caught.value.code == "disk-full"
    archive._connection.set_commit_hook(None)
    archive.put("b", 2)
    assert (archive.get("a"), archive.get("b")) == (None, 2)
