"""Nothing of the content is in the relay's folder, log or memory; nothing is readable in a home without its passphrase.

Markers stand in everything that is sealed: file names, title, register fields, words, file bytes.
"""

from __future__ import annotations

import base64
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from tests.client.parties import CA, CCQ, LOG, ORIGIN, parties
from tests.journeys import searching
from tests.journeys.relay_process import ProcessParties
from tests.journeys.searching import Hit, in_bytes, in_folder, in_memory, spellings, token

from kynhan_client import syncing
from kynhan_client.dossiers.letter import Letter
from kynhan_client.home.home import Home
from kynhan_client.packages import opening, receive
from kynhan_client.packages.send import LetterOutcome, send
from kynhan_client.procedures import exchanges, replies
from kynhan_client.procedures.standing import Papers

MARK = token()
SUBJECT = "kind request\nsubject 3.1\nterm in-country"
"""As the manifest has it. The code by itself stands in the profile, and in the examples of the README."""
CONTENT = spellings([*searching.parts(MARK), SUBJECT, 'subject":"3.1', 'subject": "3.1'])
COVER = f"""\
number = "15"
symbol = "CV/{MARK}"
printed = "Số 15-CV/{MARK}"
place = "{MARK}"
signer = "Nguyễn {MARK}"
drafting = "Phòng {MARK}"
issuer = "Đảng ủy {MARK}"
[[copy]]
channel = "paper"
name = "Lưu {MARK}"
"""


async def test_no_marker_is_found_where_it_must_not_be(tmp_path: Path) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        memory = Memory(two)
        request = await send(two.ccq, two.to[CCQ], letter(two))
        memory.search("after sending")
        await opened(two, two.ca, request.dispatch)
        memory.search("after opening")
        for sender, reader in ((two.ca, two.ccq), (two.ccq, two.ca)):
            words = exchanges.message(sender, f"Tin nhắn {MARK}.", case=request.case)
            sent = await send(sender, two.relay(sender), words)
            await opened(two, reader, sent.dispatch)
        answer = replies.reply(
            two.ca, request.case, Papers(files=files(two, "tra-loi"), title=f"Trả lời {MARK}")
        )
        reply = await send(two.ca, two.to[CA], answer)
        await opened(two, two.ccq, reply.dispatch)
        await two.witness()
        await two.sync()
        memory.search("after the reply")
        assert_content_came_through(two)
        assert_relay_keeps_nothing(two, request)
        for home in (two.ccq, two.ca):
            assert_nothing_readable(two, home, request)
        await two.stop_relay()
        assert_relay_keeps_nothing(two, request)
    for home in (two.ccq, two.ca):
        assert_nothing_readable(two, home, request)
    memory.judge()


async def test_what_waits_in_the_outbox_is_not_readable_either(tmp_path: Path) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        await two.stop_relay()
        queued = await send(two.ccq, two.to[CCQ], letter(two))
        assert queued.state == "queued"
        assert_nothing_readable(two, two.ccq, queued)
        await two.start_relay()
        await syncing.sync(two.ccq, two.to[CCQ])
        assert_nothing_readable(two, two.ccq, queued)


@pytest.mark.parametrize("coding", ["utf-8", "utf-16-le"])
def test_the_search_finds_a_marker_in_a_process_and_in_a_folder(tmp_path: Path, coding: str) -> None:
    """The control: were there anything to find, it would be found."""
    hold = "import sys; held = sys.stdin.buffer.readline(); print(len(held), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write(MARK.encode(coding) + b"\n")
        holder.stdin.flush()
        holder.stdout.readline()
        hits, size = looked_at(holder.pid)
        assert any(f" {coding}" in hit.what for hit in hits)
        assert size > 1 << 20
    (tmp_path / unicodedata.normalize("NFD", MARK)).write_bytes(
        bytes(100) + MARK.encode(coding).hex().encode()
    )
    found = " ".join(hit.what for hit in in_folder(tmp_path, CONTENT))
    assert "NFD utf-8" in found
    assert ("NFC hex" in found) == (coding == "utf-8")


def test_the_search_knows_a_marker_in_base64_wherever_it_begins() -> None:
    for shift in range(3):
        assert in_bytes(base64.b64encode(bytes(shift) + MARK.encode() + b"!!"), CONTENT, "base64")
    assert not in_bytes(bytes(1000), CONTENT, "nothing")


# --- the story


def files(two: ProcessParties, name: str) -> tuple[Path, Path]:
    """A small file and one that is uploaded by itself, both full of markers."""
    wide = MARK.encode("utf-16-le") + unicodedata.normalize("NFD", MARK).encode()
    return (
        two.file(f"{name} {MARK}.txt", f"Nội dung {MARK}\n".encode() * 20),
        two.file(f"{name} ảnh {MARK}.bin", (MARK.encode() + wide) * 3000),
    )


def letter(two: ProcessParties) -> Letter:
    """A request with markers in every field that takes one."""
    cover = two.folder / "cover.toml"
    cover.write_text(COVER)
    return two.letter(*files(two, "de-nghi"), title=f"Về việc {MARK}", cover=cover)


async def opened(two: ProcessParties, home: Home, dispatch: str) -> None:
    """`home` signs for a package and opens it, outside its home."""
    await syncing.sync(home, two.relay(home))
    await receive.sign(home, two.relay(home), dispatch)
    place = two.folder / "opened" / dispatch
    result = await opening.open_package(home, two.relay(home), dispatch, place)
    assert result.result == "verified"


def assert_content_came_through(two: ProcessParties) -> None:
    """The markers did travel: they are in the opened files, and in the archive for whoever has its key."""
    found = in_folder(two.folder / "opened", CONTENT)
    assert {part for part in searching.parts(MARK) for hit in found if part in hit.what} == set(
        searching.parts(MARK)
    )
    for home in (two.ccq, two.ca):
        notes = b"".join(row[0] for row in home.archive.rows("SELECT note FROM manifests"))
        told = " ".join(hit.what for hit in in_bytes(notes, CONTENT, "archive"))
        assert all(repr(word) in told for word in (*searching.parts(MARK), SUBJECT))


# --- where nothing may be


def assert_relay_keeps_nothing(two: ProcessParties, request: LetterOutcome) -> None:
    """The data folder and the log of the relay; what it may know is there."""
    assert two.process is not None
    folder, log = two.folder / "relay", two.process.log
    assert in_folder(folder, CONTENT) == []
    assert in_bytes(log.read_bytes(), CONTENT, "log") == []
    known = spellings([request.case, f"{CCQ}/van-thu", f"{CA}/van-thu", ORIGIN])
    assert {hit.where for hit in in_folder(folder, known)} >= {"relay.db"}
    assert in_bytes(log.read_bytes(), spellings([LOG, "logged"]), "log")
    assert not in_bytes(log.read_bytes(), spellings([f"{CCQ}/van-thu", "Phòng Văn thư"]), "log")


def assert_nothing_readable(two: ProcessParties, home: Home, request: LetterOutcome) -> None:
    """The home as one finds it without the passphrase: files and their names."""
    config = home.config
    address = home.relay
    told = [CCQ, CA, config.member, config.holder, config.root, LOG, ORIGIN, address.url, address.ed25519]
    told += [
        address.ml_dsa_44,
        f"127.0.0.1:{two.port}",
        request.case,
        "in-country",
        "kynhan/",
        "SQLite format",
    ]
    needles = CONTENT | spellings([each for each in told if each])
    needles[bytes.fromhex(request.case.replace("-", ""))] = "the case as 16 bytes"
    for key in (home.keyring.archive_key, home.keyring.signer.vkey.key):
        needles[key] = "a key"
    assert in_folder(home.path, needles) == []
    assert in_folder(home.path, {b"age-encryption.org/v1": "age"})  # the control: keys.age is such a file
    for path in [home.path, *home.path.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


class Memory:
    """Searches the relay's memory as the story goes on, and judges at the end."""

    def __init__(self, two: ProcessParties) -> None:
        self._two = two
        self._hits: list[tuple[str, Hit]] = []
        self._known: set[str] = set()
        self._denied: OSError | None = None
        self._sizes: list[int] = []

    def search(self, when: str) -> None:
        """Looks now."""
        assert self._two.process is not None
        known = spellings([f"{CCQ}/van-thu", ORIGIN])
        try:
            hits, size = in_memory(self._two.process.pid, CONTENT | known)
        except OSError as denied:
            self._denied = denied
            return
        self._sizes.append(size)
        allowed = set(known.values())
        self._known |= {hit.what for hit in hits if hit.what in allowed}
        self._hits += [(when, hit) for hit in hits if hit.what not in allowed]

    def judge(self) -> None:
        """No marker was ever there; names that the relay does know were."""
        if self._denied is not None:
            pytest.fail(f"THE MEMORY OF THE RELAY WAS NOT SEARCHED: {self._denied}")
        assert self._hits == []
        assert any(ORIGIN in what for what in self._known)
        assert any(CCQ in what for what in self._known)
        assert len(self._sizes) == 3
        assert min(self._sizes) > 10 << 20


def looked_at(pid: int) -> tuple[list[Hit], int]:
    """The control's memory; fails where the system does not let us look: nothing was proved then."""
    try:
        return in_memory(pid, CONTENT)
    except OSError as denied:
        pytest.fail(f"NO PROCESS'S MEMORY CAN BE SEARCHED HERE: {denied}")
