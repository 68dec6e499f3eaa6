"""Things that go wrong on a real journey: each is told in one clear sentence, ends with status 1, and loses nothing.

Real processes: the relay, and a process for every command of the clients; between them a proxy that can be slow or lie.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests import moments
from tests.journeys.commands import CLIENT, Ran, World, standing
from tests.journeys.proxy import honest

LARGE = 4_000_000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with standing(tmp_path_factory.mktemp("bad-input")) as made:
        yield made


@pytest.fixture(autouse=True)
def honest_again(world: World) -> Iterator[None]:
    yield
    world.proxy.answers = honest
    world.proxy.delay = 0.0


def test_keys_not_compared(world: World) -> None:
    assert world.before_comparing is not None
    assert world.before_comparing.code == "not-compared"


def test_wrong_passphrase(world: World) -> None:
    wrong = world.folder / "wrong"
    wrong.write_text("không phải cụm này\n")
    command = [
        *CLIENT,
        "--home",
        str(world.folder / "ccq"),
        "--passphrase-file",
        str(wrong),
        "--json",
        "sync",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert Ran(done.returncode, done.stdout, done.stderr).code == "wrong-passphrase"
    assert world.run("ccq", "sync").status == 0


@pytest.mark.parametrize("to", ["nobody.example", "ca.example/nobody", "ca.example/doi-chung"])
def test_unknown_recipient(world: World, to: str) -> None:
    assert world.send(world.file("a.pdf"), to=to).code in ("unknown-recipient", "bad-letter", "not-now")
    assert world.waiting("ccq") == 0


def test_secrecy_above_the_ceiling(world: World) -> None:
    refused = world.send(world.file("a.pdf"), more=("--secrecy", "mat"))
    assert refused.code == "secrecy-above-ceiling"
    assert "117/2025/QH15" in refused.stderr
    assert world.waiting("ccq") == 0


def test_missing_file(world: World) -> None:
    refused = world.send(world.file("a.pdf"), world.folder / "không có.pdf")
    assert refused.code == "missing-file"
    assert "không có.pdf" in refused.stderr
    assert world.waiting("ccq") == 0


def test_a_file_that_changes_while_it_is_sealed(world: World) -> None:
    path = world.file("đang sửa.bin", bytes(LARGE))
    stop = threading.Event()

    def edit() -> None:
        with path.open("r+b") as file:
            number = 0
            while not stop.is_set():
                number += 1
                file.seek(0)
                file.write(number.to_bytes(8, "big"))
                file.flush()
                time.sleep(0.001)

    editor = threading.Thread(target=edit)
    editor.start()
    try:
        refused = world.send(path)
    finally:
        stop.set()
        editor.join()
    assert refused.code == "file-changed"
    assert "đang sửa.bin" in refused.stderr
    assert world.waiting("ccq") == 0
    assert list((world.folder / "ccq" / "sealed").iterdir()) == []


def test_the_disk_is_full_while_fetching(world: World) -> None:
    dispatch = world.sent(world.file("lớn.bin", os.urandom(LARGE)))
    full = world.run("ca", "fetch", dispatch, "--json", file_limit=LARGE // 2)
    assert full.code == "disk-full"
    part = world.folder / "ca" / "sealed" / f"{dispatch}.body.part"
    kept = part.stat().st_size
    assert 0 < kept <= LARGE // 2
    fetched = world.ok("ca", "fetch", dispatch)
    assert fetched["bytes"] > LARGE
    ranges = [
        headers.get("Range") for _, path, headers in world.proxy.requests if path.endswith(f"{dispatch}/body")
    ]
    assert ranges[-1] == f"bytes={kept}-"
    assert world.ok("ca", "sign", dispatch, "--yes")["due"]


def test_a_fetch_that_is_stopped_goes_on_where_it_was(world: World) -> None:
    dispatch = world.sent(world.file("lớn.bin", os.urandom(LARGE)))
    world.proxy.delay = 0.05
    part = world.folder / "ca" / "sealed" / f"{dispatch}.body.part"
    stopped = interrupted(
        world, ("ca", "fetch", dispatch), lambda: part.is_file() and part.stat().st_size > LARGE // 8
    )
    assert stopped.status == 130
    assert "goes on where it stopped" in " ".join(stopped.stderr.split())
    kept = part.stat().st_size
    assert 0 < kept < LARGE
    world.proxy.delay = 0.0
    assert world.ok("ca", "fetch", dispatch)["bytes"] > LARGE
    assert not part.exists()
    assert world.ok("ca", "sign", dispatch, "--yes")["header_here"]


def test_a_sending_that_is_stopped_goes_out_with_the_next_sync(world: World) -> None:
    path = world.file("lớn.bin", os.urandom(LARGE))
    world.proxy.delay = 0.05
    before = len(world.proxy.requests)

    def uploading() -> bool:
        return any(method == "PATCH" for method, _, _ in world.proxy.requests[before:])

    stopped = interrupted(world, ("ccq", *world.letter(path)), uploading)
    assert stopped.status == 130
    assert stopped.json["error"]["code"] == "interrupted-upload"
    assert world.waiting("ccq") == 1
    world.proxy.delay = 0.0
    delivered = world.ok("ccq", "sync")["delivered"]
    assert [one["state"] for one in delivered] == ["sent"]
    assert delivered[0]["dispatch"] in world.inbox()
    assert world.waiting("ccq") == 0


def interrupted(world: World, words: tuple[str, ...], ready: Any) -> Ran:
    """Runs a command and presses Ctrl-C when `ready`."""
    who, *rest = words
    process = subprocess.Popen(
        world.command(who, *rest), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    world.wait_for(lambda: ready() or process.poll() is not None)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    return Ran(process.returncode, stdout.decode(), stderr.decode())


def test_the_relay_is_down(world: World) -> None:
    world.stop_relay()
    queued = world.send(world.file("chờ gửi.pdf"))
    assert queued.code == "relay-down"
    assert queued.json["state"] == "queued"
    assert world.waiting("ccq") == 1
    assert world.run("ccq", "sync", "--json").code == "relay-down"
    assert world.waiting("ccq") == 1
    world.start_relay()
    delivered = world.ok("ccq", "sync")["delivered"]
    assert [(one["state"], one["case"]) for one in delivered] == [("sent", queued.json["case"])]
    assert delivered[0]["dispatch"] in world.inbox()


def test_a_package_sealed_to_a_stale_view_is_wrapped_again(world: World) -> None:
    world.stop_relay()
    queued = world.send(world.file("người nhận đổi.pdf", b"noi dung\n"))
    assert queued.json["state"] == "queued"
    world.start_relay()
    clerk = world.member("ca", "van-thu-2", "--role", "clerk")
    delivered = world.ok("ccq", "sync")["delivered"]
    assert [one["state"] for one in delivered] == ["sent"]
    dispatch = delivered[0]["dispatch"]
    assert dispatch != queued.json["dispatch"]
    world.ok(clerk, "sync")
    digits = world.ok(clerk, "trust")["digits"]
    world.ok(clerk, "trust", "--digits", digits)
    world.ok(clerk, "sign", dispatch, "--yes")
    out = world.folder / "mở"
    assert world.ok(clerk, "open", dispatch, "--out", str(out))["result"] == "verified"
    assert next(out.rglob("người nhận đổi.pdf")).read_bytes() == b"noi dung\n"


def test_an_answer_that_does_not_verify_is_loud_and_kept(world: World) -> None:
    def lie(method: str, path: str, body: bytes) -> bytes:
        if method != "POST" or not path.endswith("/statements") or b'"receipts"' not in body:
            return body
        answer = json.loads(body)
        proof = answer["receipts"][0].split("\n")
        at = next(number for number, line in enumerate(proof) if line.startswith("index "))
        proof[at] = f"index {int(proof[at].removeprefix('index ')) ^ 1}"
        answer["receipts"][0] = "\n".join(proof)
        return json.dumps(answer).encode()

    evidence = world.folder / "ccq" / "evidence"
    before = set(evidence.iterdir())
    world.proxy.answers = lie
    refused = world.send(world.file("bị sửa câu trả lời.pdf"))
    assert refused.code == "relay-answer-invalid"
    (kept,) = set(evidence.iterdir()) - before
    assert kept.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert any(alarm["code"] == "relay-answer-invalid" for alarm in world.ok("ccq", "status")["alarms"])
    assert world.waiting("ccq") == 1
    world.proxy.answers = honest
    delivered = world.ok("ccq", "sync")["delivered"]
    assert [one["state"] for one in delivered] == ["sent"]
    assert delivered[0]["dispatch"] in world.inbox()


def test_a_checkpoint_that_does_not_verify_is_loud(world: World) -> None:
    def lie(method: str, path: str, body: bytes) -> bytes:
        return body.replace(b"\n\n", b"\nmore\n\n", 1) if path.endswith("/checkpoint") else body

    size = world.ok("ccq", "sync")["size"]
    world.proxy.answers = lie
    wrong = world.run("ccq", "sync", "--json")
    assert wrong.status == 1
    assert [alarm["code"] for alarm in wrong.json["alarms"]] == ["relay-answer-invalid"]
    world.proxy.answers = honest
    assert world.ok("ccq", "sync")["size"] >= size


def test_a_statement_dated_outside_the_window(world: World) -> None:
    ahead = world.folder / "ahead"
    ahead.write_text(f"{int(world.clock.read_text()) + 7200}\n")
    refused = world.run("ccq", *world.letter(world.file("sai giờ.pdf")), clock=ahead)
    assert refused.code == "outside-window"
    assert "clock right" in " ".join(refused.stderr.split())
    dispatch = world.send(world.file("đúng giờ.pdf")).json["dispatch"]
    reading = world.run("ca", "sync", "--json", clock=ahead)
    assert reading.code == "outside-window"
    assert "120 minutes ahead of the relay" in " ".join(reading.stderr.split())
    assert dispatch in world.inbox()


def test_an_expired_key(world: World) -> None:
    tomorrow = f"{moments.MORNING + timedelta(days=1):%Y-%m-%d}"
    clerk = world.member("ccq", "tam-thoi", "--role", "clerk", "--not-after", tomorrow)
    digits = world.ok(clerk, "trust")["digits"]
    world.ok(clerk, "trust", "--digits", digits)
    assert world.send(world.file("còn hạn.pdf"), who=clerk).status == 0
    world.clock.write_text(f"{int(world.clock.read_text()) + 3 * 86400}\n")
    refused = world.send(world.file("hết hạn.pdf"), who=clerk)
    assert refused.code == "member-expired"
    assert "tam-thoi" in refused.stderr
    assert world.send(world.file("hết hạn.pdf")).status == 0
