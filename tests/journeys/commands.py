"""A relay behind a proxy and two committees, every command of theirs a process of its own.

with standing(folder) as world:                 members certified, profile attested, keys compared
    ran = world.send(world.file("a.pdf"))       CCQ sends a request; ran.status, ran.json, ran.code
    world.ok("ca", "sync")                      a command that has to succeed; gives its JSON
"""

from __future__ import annotations

import json
import resource
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import forks, moments
from tests.client.agreement import WORK_FACTOR
from tests.journeys.proxy import Proxy
from tests.ports import free_port

from kynhan_keys import age

LOG, ORIGIN = "phoi-hop", "relay.example/kynhan"
RELAY = [sys.executable, "-m", "kynhan_server"]
CLIENT = [sys.executable, "-m", "kynhan_client"]
TITLE = "Đề nghị phối hợp theo danh sách kèm theo"


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
        moments.set_clock(self.clock)
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
        command = self.command(who, *words, clock=clock)
        if file_limit is None:
            done = forks.run(*command[2:])
            return Ran(done.returncode, done.stdout, done.stderr)
        limits = (file_limit, file_limit)
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits),
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
        for who in ("ccq", "ca"):
            self._ease(who)
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
        self._ease(home)
        self.ok(committee, "invite", request, "--out", made, *words)
        self.ok(home, "trust", "--relay", made)
        return home

    def _ease(self, who: str) -> None:
        """The key file of a new home, made easy to open: the usual one costs each command a tenth of a second."""
        path, passphrase = self.folder / who / "keys.age", self.secret(who).read_bytes().strip()
        keys = age.open_bytes_with_passphrase(path.read_bytes(), passphrase)
        random = {name: secrets.token_bytes(16) for name in ("file_key", "nonce", "salt")}
        path.write_bytes(age.seal_bytes_with_passphrase(keys, passphrase, **random, work_factor=WORK_FACTOR))

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


@contextmanager
def standing(folder: Path) -> Iterator[World]:
    """A world ready for its first dispatch; its relay stops at the end."""
    made = World(folder)
    with made.proxy:
        made.set_up()
        try:
            made.start_relay()
            made.join()
            yield made
        finally:
            made.stop_relay()
