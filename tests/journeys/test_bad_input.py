"""Things that go wrong on a real journey: each is told in one clear sentence, ends with status 1, and loses nothing.

Real processes: the relay, and a process for every command of the clients; between them a proxy that can be slow or lie.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.client.parties import free_port
from tests.journeys.proxy import Proxy, honest

LOG, ORIGIN = "phoi-hop", "relay.example/kynhan"
RELAY = [sys.executable, "-m", "kynhan_server"]
CLIENT = [sys.executable, "-m", "kynhan_client"]
TITLE = "Đề nghị phối hợp theo danh sách kèm theo"
LARGE = 4_000_000


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def code(self) -> str:
        """The error's code; it was told on stderr too, and not as a traceback."""
        assert self.status == 1, self.stdout + self.stderr
        assert "Traceback" not in self.stderr
        assert self.stderr.startswith("✗ ")
        code: str = self.json["error"]["code"]
        return code


class World:
    """A relay behind a proxy, two committees; `clock` moves everybody's time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "relay.log"
        self.clock = folder / "clock"
        self.clock.write_text("0\n")
        self.proxy = Proxy(self.port)
        self.relay: subprocess.Popen[bytes] | None = None
        self.before_comparing: Ran | None = None

    # --- processes

    def start_relay(self) -> None:
        begun = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.relay = subprocess.Popen(
                [
                    *(*RELAY, "serve", *self._data(), "--listen", f"127.0.0.1:{self.port}"),
                    *("--authority", self.proxy.authority, "--tick", "0.2", "--demo-clock", str(self.clock)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.wait_for(lambda: self.log.read_bytes()[begun:].count(b'"ready"'))

    def stop_relay(self) -> None:
        if self.relay is not None:
            self.relay.terminate()
            self.relay.wait(20)
            self.relay = None

    def wait_for(self, ready: Any, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def command(self, who: str, *words: str, clock: Path | None = None) -> list[str]:
        return [
            *CLIENT,
            *("--home", str(self.folder / who), "--passphrase-file", str(self.secret(who))),
            *("--demo-clock", str(clock or self.clock), "--lang", "en"),
            *words,
        ]

    def run(self, who: str, *words: str, clock: Path | None = None, file_limit: int | None = None) -> Ran:
        def limit() -> None:
            if file_limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        done = subprocess.run(
            self.command(who, *words, clock=clock),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            preexec_fn=limit,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def ok(self, who: str, *words: str) -> Any:
        ran = self.run(who, *words, "--json")
        assert ran.status == 0, ran.stdout + ran.stderr
        return ran.json

    def secret(self, who: str) -> Path:
        path = self.folder / f"{who}.passphrase"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(f"cụm mật khẩu của {who}\n")
        return path

    def _data(self) -> list[str]:
        return ["--data", str(self.folder / "relay"), "--passphrase-file", str(self.secret("relay"))]

    # --- the ground

    def set_up(self) -> None:
        roots = [
            self.ok(who, "init", "--committee", f"{who}.example", "--holder", "Văn thư")["root"]
            for who in ("ccq", "ca")
        ]
        url = f"http://{self.proxy.authority}"
        for words in (
            ["init", *self._data()],
            [*("admit", *self._data(), "--log", LOG, "--origin", ORIGIN, "--url", url, "--json"), *roots],
        ):
            done = subprocess.run([*RELAY, *words], capture_output=True, text=True, check=True)
        (self.folder / "relay.json").write_text(done.stdout)

    def join(self) -> None:
        for who in ("ccq", "ca"):
            self.ok(who, "trust", "--relay", str(self.folder / "relay.json"))
        profile = str(self.folder / "profile.json")
        self.ok(
            *("ccq", "profile", "draft", "--requesting", "ccq.example", "--responding", "ca.example"),
            *("--out", profile),
        )
        self.ok("ccq", "profile", "sign", profile, "--yes")
        self.ok("ca", "profile", "sign", "--yes")
        self.before_comparing = self.send(self.file("trước khi đối chiếu.pdf"))
        digits = self.ok("ca", "trust")["digits"]
        for who in ("ccq", "ca"):
            self.ok(who, "trust", "--digits", digits)

    def member(self, committee: str, name: str, *words: str) -> str:
        """One more member, certified; gives the name of its home."""
        home = f"{committee}-{name}"
        request, made = (str(self.folder / f"{home}.{kind}.json") for kind in ("request", "invitation"))
        self.ok(
            *(home, "init", "--join", "--member", f"{committee}.example/{name}", "--holder", "Người mới"),
            *("--out", request),
        )
        self.ok(committee, "invite", request, "--out", made, *words)
        self.ok(home, "trust", "--relay", made)
        return home

    def file(self, name: str, content: bytes = b"%PDF-1.7 x\n") -> Path:
        path = self.folder / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def letter(self, *files: Path, to: str = "ca.example", more: tuple[str, ...] = ()) -> tuple[str, ...]:
        return (
            *("send", "--to", to, "--kind", "request", "--term", "in-country", "--subject", "3.1"),
            *("--title", TITLE, "--json", *more, *map(str, files)),
        )

    def send(self, *files: Path, who: str = "ccq", to: str = "ca.example", more: tuple[str, ...] = ()) -> Ran:
        return self.run(who, *self.letter(*files, to=to, more=more))

    def sent(self, *files: Path) -> str:
        """A request that arrived; gives its dispatch."""
        ran = self.send(*files)
        assert ran.status == 0, ran.stdout + ran.stderr
        assert ran.json["state"] == "sent"
        dispatch: str = ran.json["dispatch"]
        self.ok("ca", "sync")
        return dispatch

    def waiting(self, who: str) -> int:
        count: int = self.ok(who, "status")["waiting"]
        return count

    def inbox(self) -> list[str]:
        """What CA sees after a sync."""
        self.ok("ca", "sync")
        return [item["dispatch"] for item in self.ok("ca", "inbox")["items"]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("bad-input"))
    with made.proxy:
        made.set_up()
        try:
            made.start_relay()
            made.join()
            yield made
        finally:
            made.stop_relay()


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
    assert "certified cipher" in refused.stderr
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
    ahead.write_text("7200\n")
    refused = world.run("ccq", *world.letter(world.file("sai giờ.pdf")), clock=ahead)
    assert refused.code == "outside-window"
    assert "120 minutes ahead" in refused.stderr.replace("\n", " ")
    assert "clock right" in " ".join(refused.stderr.split())
    assert world.ok("ccq", "sync")["size"] > 0


def test_an_expired_key(world: World) -> None:
    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400))
    clerk = world.member("ccq", "tam-thoi", "--role", "clerk", "--not-after", tomorrow)
    digits = world.ok(clerk, "trust")["digits"]
    world.ok(clerk, "trust", "--digits", digits)
    assert world.send(world.file("còn hạn.pdf"), who=clerk).status == 0
    world.clock.write_text(str(3 * 86400) + "\n")
    refused = world.send(world.file("hết hạn.pdf"), who=clerk)
    assert refused.code == "member-expired"
    assert "tam-thoi" in refused.stderr
    assert world.send(world.file("hết hạn.pdf")).status == 0
