"""A package damaged by its sender's program, proved by its file key: each command a process of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.commands import CLIENT, Ran, World, standing

from kynhan_protocol.evidence import file_key

LARGE = 48_000_000
SPOILING = """
import sys
from dataclasses import replace
from hashlib import sha256
from kynhan_client.__main__ import main
from kynhan_client.dossiers import sealing
right = sealing.seal_body
def spoilt(*given, **named):
    body = right(*given, **named)
    data = bytearray(body.path.read_bytes())
    data[-1] ^= 1
    body.path.write_bytes(data)
    return replace(body, sha256=sha256(data).hexdigest())
sealing.seal_body = spoilt
main(sys.argv[1:])
"""
MEASURED = """
import resource, sys
from kynhan_client.__main__ import main
try:
    main(sys.argv[1:])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with standing(tmp_path_factory.mktemp("revealed")) as made:
        yield made


def spoilt(world: World, content: bytes) -> str:
    """CCQ sends a package whose last chunk is damaged, CA signs for it and finds that out."""
    letter = world.letter(world.file("hồ sơ.bin", content))
    command = [sys.executable, "-c", SPOILING, *world.command("ccq", *letter)[len(CLIENT) :]]
    done = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    dispatch: str = Ran(0, done.stdout, done.stderr).json["dispatch"]
    world.ok("ca", "sync")
    world.ok("ca", "sign", dispatch, "--yes")
    opened = world.run("ca", "open", dispatch, "--out", str(world.folder / "opened"), "--json")
    assert (opened.json["result"], opened.json["code"]) == ("faulty", "payload")
    return dispatch


def cosigned(world: World) -> None:
    """Both witnesses, then a word of each side, then both witnesses again."""
    for _ in range(2):
        world.wait_for(lambda: _witnessed(world), 90)
        for who, to in (("ccq", "ca"), ("ca", "ccq")):
            world.ok(who, "message", "--new", "Đã đọc.", "--to", f"{to}.example")
    for who in ("ccq", "ca"):
        world.ok(who, "sync")


def _witnessed(world: World) -> bool:
    """Whether nobody's receipt waits for a witness. The relay offers one tree to both, for some seconds."""
    for who in ("ccq", "ca"):
        assert world.run(who, "watch", "--witness", "--once").status == 0
    pending = [world.ok(who, "sync")["pending"] for who in ("ccq", "ca")]  # both, whatever the first says
    return not any(pending)


def judged(folder: Path, *more: str) -> tuple[Ran, int]:
    """A judge with no home looks at the folder; and the memory that this took at its height (KiB)."""
    command = [sys.executable, "-c", MEASURED, "--home", str(folder / "no-home"), "--lang", "en"]
    ran = subprocess.run(
        [*command, "verify", str(folder), *more], capture_output=True, text=True, check=False
    )
    *said, peak = ran.stderr.splitlines()
    return Ran(ran.returncode, ran.stdout, "\n".join(said)), int(peak)


def answered(world: World, answer: bytes, *words: str) -> tuple[int, str]:
    """Somebody at a terminal is asked, and answers; the exit status, and what stood on the terminal."""
    main, other = pty.openpty()
    command = world.command("ca", *words)
    with subprocess.Popen(
        command, stdin=other, stdout=other, stderr=other, start_new_session=True
    ) as process:
        os.close(other)
        heard, deadline = b"", time.monotonic() + 60
        while b"?" not in heard and time.monotonic() < deadline:
            heard += os.read(main, 4096)
        os.write(main, answer)
        while True:
            try:
                heard += os.read(main, 4096)
            except OSError:  # the other end is closed
                break
        status = process.wait(60)
    os.close(main)
    return status, heard.decode()


def test_a_damaged_package_is_proved_without_relay_and_home(world: World) -> None:
    small, large = spoilt(world, b"x" * 100), spoilt(world, os.urandom(LARGE))
    cosigned(world)
    world.stop_relay()
    out = world.folder / "proof"

    refused = world.run("ca", "evidence", small, "--out", str(out), "--json")
    assert refused.code == "needs-confirmation"
    assert world.run("ca", "evidence", small, "--out", str(out)).status == 1
    assert not out.exists()
    status, heard = answered(world, b"n\n", "evidence", small, "--out", str(out))
    assert status == 1
    assert "can read all of this package" in heard
    assert not out.exists()
    status, heard = answered(world, b"y\n", "evidence", small, "--out", str(out))
    assert (status, out.is_dir()) == (0, True)
    assert "Fault proved: payload" in " ".join(heard.split())
    assert world.run("ca", "evidence", small, "--out", str(out), "--yes", "--json").code == "file-exists"

    by_sender = world.folder / "by-sender"
    told = world.run("ccq", "evidence", large, "--out", str(by_sender), "--yes", "--json")
    assert told.json["package"]["fault"] == "payload"
    before = sorted(by_sender.rglob("*"))
    (one, little), (other, much) = judged(out, "--json"), judged(by_sender, "--json")
    assert sorted(by_sender.rglob("*")) == before
    for ran, dispatch in ((one, small), (other, large)):
        assert (ran.status, ran.json["verdict"]) == (0, "VALID")
        found = ran.json["package"]
        assert (found["dispatch"], found["result"], found["fault"]) == (dispatch, "fault", "payload")
        assert [found[name] for name in ("header", "body", "key", "payload", "content")] == [
            *(True, True, True, False),
            None,
        ]
    assert much - little < LARGE // 2 // 1024

    shown, _ = judged(out)
    key = (out / "package/file-key").read_text().splitlines()[2].removeprefix("key ")
    for said in (heard, one.stdout, shown.stdout, shown.stderr, refused.stdout):
        assert key not in said
    assert "Fault proved: payload" in shown.stdout

    revealed = file_key.parse((by_sender / "package/file-key").read_bytes())
    (out / "package/file-key").write_bytes(file_key.format(file_key.FileKey(small, revealed.key)))
    swapped, _ = judged(out, "--json")
    assert (swapped.status, swapped.json["package"]["result"]) == (1, "other-key")
