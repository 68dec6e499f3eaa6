"""Where the story is played: a real relay in a thread of this process, homes on disk, a clock that stands still.

with stage(folder) as one:
    one.chapter("1-keys", "2026-01-12 08:00")
    one.kynhan("ccq", "status")             gives the JSON; every command takes one minute
    one.kynhan("ccq", "open", id_, status=1)

What is said is kept in `answers`, by chapter, as the frozen files have it.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.request import urlopen

import pytest
from structlog.testing import capture_logs
from tests.client.parties import SECRET
from tests.frozen.command_line import Ran, run
from tests.frozen.normal_form import NormalForm, parse
from tests.ports import free_port
from tests.server.mailbox import Mailbox, mailbox

from kynhan_client import clock as client_clock
from kynhan_keys import scrypt
from kynhan_protocol.vietnam_time import VIETNAM
from kynhan_server import clock as relay_clock
from kynhan_server.channels.outgoing import Outgoing, Webhooks
from kynhan_server.serving import Listening, Serving, running
from kynhan_server.upkeep.sending import Sender
from kynhan_server.web.limits import Limits

T = TypeVar("T")

LOG, ORIGIN = "phoi-hop", "relay.example/kynhan"
ONE_COMMAND: Final = timedelta(minutes=1)
NEVER: Final = 3600.0
"""The relay's own ticks: none after the first while a story lasts; it tells when one comes."""
DRAWN: Final = frozenset({"bytes", "checkpoints"})
"""Sizes of files that hold, compressed, what is drawn by lot."""


class StoppedClock:
    """A relay's clock that stands still until it is set."""

    demo = True

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, tzinfo=VIETNAM)

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)

    def monotonic(self) -> float:
        return self.moment.timestamp()


class Stage:
    """`answers`: of each chapter what was asked and said; `surprises`: commands that ended otherwise than told;
    `commands`: the words of all of them."""

    def __init__(self, folder: Path, post: Mailbox) -> None:
        self.folder = folder
        self.post = post
        self.port = free_port()
        self.clock = StoppedClock()
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.surprises: list[str] = []
        self.commands: list[tuple[str, ...]] = []
        self.relay_thread: RelayThread | None = None
        self._paths = 0
        self._normal = NormalForm({})
        self._said: list[dict[str, Any]] = []

    # --- telling the story

    def chapter(self, name: str, begins: str) -> None:
        """What follows is frozen under this name, with names of its own."""
        self._normal = NormalForm(
            {str(self.folder): "<folder>", metadata.version("kynhan"): "<version>"}, DRAWN
        )
        self._said = self.answers.setdefault(name, [])
        self.at(begins)

    def at(self, moment: str) -> None:
        """It is this moment in Việt Nam now (`2026-01-12 08:00`)."""
        self.clock.moment = datetime.fromisoformat(moment).replace(tzinfo=VIETNAM)
        self._set_client_clock()

    def kynhan(self, who: str, *words: str, status: int = 0) -> Any:
        """A command of a member's home, with --json. Gives its answer."""
        return self._kynhan(who, words, ("--json",), status)

    def table(self, who: str, *words: str) -> None:
        """The same of what is no JSON: a table as CSV."""
        self._kynhan(who, words, (), 0)

    def _kynhan(self, who: str, words: tuple[str, ...], how: tuple[str, ...], status: int) -> Any:
        home = ("--home", str(self.folder / who), "--passphrase-file", str(self.secret(who)))
        clock = ("--demo-clock", str(self.folder / "clock"), "--lang", "vi")
        return self._kept(who, ("kynhan", *words), run("kynhan", *home, *clock, *how, *words), status)

    def relay(self, *words: str, status: int = 0) -> Any:
        """A command of the relay's operator, as typed: where it has a --json, that is among `words`."""
        return self._kept(
            "relay", ("kynhan-relay", *words), run("kynhan-relay", "--lang", "en", *words), status
        )

    def _kept(self, who: str, words: tuple[str, ...], ran: Ran, status: int) -> Any:
        if ran.status != status:
            told = f"{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
            self.surprises.append(f"{' '.join(words)}: status {ran.status} instead of {status}\n{told}")
        said: dict[str, Any] = {
            "at": self.clock.moment.isoformat(),
            "who": who,
            "command": self._normal.text(" ".join(map(_typed, words))),
            "status": ran.status,
        }
        self.commands.append(words)
        key, answer = _read(ran.stdout)
        said[key] = self._normal.of(answer)
        if key != "json" and ran.stderr:
            said["stderr"] = self._normal.text(ran.stderr).splitlines()
        self._said.append(said)
        self.clock.moment += ONE_COMMAND
        self._set_client_clock()
        return answer

    # --- what stands on it

    def secret(self, who: str) -> Path:
        """The file with a home's passphrase."""
        path = self.folder / f"{who}.passphrase"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(SECRET + b"\n")
        return path

    def path(self, name: str) -> str:
        """A path on the stage, whether there is something or not."""
        return str(self.folder / name)

    def new_path(self, name: str) -> str:
        """A path where there is nothing yet: `name` with a number behind it."""
        self._paths += 1
        return self.path(f"{name} {self._paths}")

    def file(self, name: str, content: str = "%PDF-1.7 x\n") -> str:
        """A file with this in it."""
        path = self.folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        return str(path)

    @property
    def data(self) -> tuple[str, ...]:
        """The relay's folder and passphrase as options."""
        return ("--data", self.path("relay"), "--passphrase-file", str(self.secret("relay")))

    def start_relay(self) -> None:
        """It answers from here on."""
        offered = Outgoing(mail=self.post.server, webhooks=Webhooks(hosts=("hooks.tinh.example",)))
        self.relay_thread = RelayThread(self.folder / "relay", self.port, self.clock, offered)

    def stop_relay(self) -> None:
        """It does not answer any more."""
        if self.relay_thread is not None:
            self.relay_thread.stop()
            self.relay_thread = None

    def tick(self) -> None:
        """The relay looks what is due now."""
        assert self.relay_thread is not None
        self.relay_thread.call(self.relay_thread.serving.relay.deadlines.tick())

    def mailed_code(self) -> str:
        """The code that the relay mails now."""
        assert self.relay_thread is not None
        self.relay_thread.call(self.relay_thread.send())
        code = next(line.split()[-1] for line in self.post.text().splitlines() if "channel confirm" in line)
        self.name(code, "<code>")
        return code

    def name(self, drawn: str, name: str) -> None:
        """From here to the chapter's end `drawn` is called `name`."""
        self._normal.words[drawn] = name

    def _set_client_clock(self) -> None:
        """The client's demo clock is that many seconds after its own, which the stage holds at 0."""
        (self.folder / "clock").write_text(f"{int(self.clock.moment.timestamp())}\n")


class RelayThread:
    """A relay that serves in a thread of its own until stop()."""

    def __init__(self, folder: Path, port: int, clock: StoppedClock, offered: Outgoing) -> None:
        self._listening = Listening("127.0.0.1", port, None, NEVER, Limits(), offered)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay")
        self._thread.start()
        self._stack = AsyncExitStack()
        try:
            self.serving: Serving = self.call(
                self._stack.enter_async_context(running(folder, SECRET, clock, self._listening))
            )
            self._wait_for_tick(f"http://{self.serving.authority}/healthz")
        except BaseException:
            self._end()
            raise

    @staticmethod
    def _wait_for_tick(url: str) -> None:
        """The first tick comes at once, and before any command."""
        for _ in range(1000):
            with urlopen(url) as answer:
                if json.load(answer)["tick"]["last"] is not None:
                    return
            time.sleep(0.01)
        raise AssertionError("the relay does not tick")

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs `work` in the relay's thread and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def send(self) -> None:
        """Hands over what waits in its outbox."""
        sender = Sender(self.serving.relay, self._listening.outgoing, NEVER)
        await sender.look()
        await sender.stop()

    def stop(self) -> None:
        self.call(self._stack.aclose())
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """An empty stage. Its clocks are the only ones; a key file's passphrase is stretched once, not at every command."""
    with pytest.MonkeyPatch.context() as patch, mailbox() as post, capture_logs():
        made = Stage(folder, post)
        patch.setattr(client_clock, "machine_time", lambda: 0.0)
        patch.setattr(relay_clock, "machine_time", lambda: made.clock.moment.timestamp())
        patch.setattr(scrypt, "_derive", functools.cache(scrypt._derive))
        for name in ("KYNHAN_LANG", "KYNHAN_HOME", "KYNHAN_DEBUG", "LC_ALL", "LC_MESSAGES", "LANG"):
            patch.delenv(name, raising=False)
        patch.setenv("COLUMNS", "80")
        patch.setattr(os, "fsync", lambda descriptor: None)  # nobody pulls a plug here
        patch.chdir(folder)
        try:
            yield made
        finally:
            made.stop_relay()


def _typed(word: str) -> str:
    return f'"{word}"' if " " in word else word


def _read(stdout: str) -> tuple[str, Any]:
    """How it is frozen: `json`, one answer; `events`, a JSON line each; `text` lines."""
    if not stdout:
        return "text", []
    lines = stdout.removesuffix("\n").split("\n")
    try:
        return "json", parse(stdout)
    except ValueError:
        pass
    try:
        return "events", [parse(line) for line in lines]
    except ValueError:
        return "text", lines
