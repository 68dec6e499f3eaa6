"""A real `kynhan-relay serve` on loopback that tests start, `kill -9` and start again, on one data folder and port.

    with RelayProcess(folder, passphrase, clock) as relay:     folder: of a relay that has been made (admin.init)
        relay.start()
        relay.restart()                                        kill -9, and the same port again
        with relay.another() as second:
            second.start(wait_for="standby")

Its log goes to a file beside the folder, one JSON line an event. Leaving the block kills it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests import moments
from tests.client.parties import SECRET, Parties
from tests.ports import free_port

COMMAND = (sys.executable, "-m", "kynhan_server", "serve")


@dataclass
class RelayProcess:
    """`folder` is the data folder; `clock` a demo clock's file, `tick` in seconds; `log` collects stderr."""

    folder: Path
    passphrase: bytes
    clock: Path
    tick: float = 0.1
    port: int = field(default_factory=free_port)
    number: int = 0
    popen: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Its stderr, over all starts."""
        return self.folder.with_name(f"{self.folder.name}-{self.number}.log")

    @property
    def authority(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Of the process at work."""
        assert self.popen is not None
        return self.popen.pid

    def __enter__(self) -> RelayProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def another(self) -> RelayProcess:
        """A second process on the same folder and port, not started yet."""
        return RelayProcess(
            self.folder, self.passphrase, self.clock, self.tick, self.port, number=self.number + 1
        )

    def start(self, wait_for: str | None = "ready") -> None:
        """Starts it and waits for that event in its log (None: does not wait)."""
        assert self.popen is None, "it runs already"
        secret = self.folder.with_name(f"{self.folder.name}.passphrase")
        secret.touch(mode=0o600)
        secret.write_bytes(self.passphrase)
        begun = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                [
                    *COMMAND,
                    *("--data", str(self.folder), "--passphrase-file", str(secret)),
                    *("--listen", self.authority, "--tick", str(self.tick)),
                    *("--demo-clock", str(self.clock)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if wait_for is not None:
            self.wait_for(wait_for, begun)

    def wait_for(self, event: str, offset: int = 0, seconds: float = 30) -> None:
        """Waits for an event in the log after `offset` bytes of it."""
        deadline = time.monotonic() + seconds
        while event not in self.events(offset):
            assert self.popen is not None
            assert self.popen.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, f"no {event} in {self.log.read_text()}"
            time.sleep(0.01)

    def events(self, offset: int = 0) -> list[str]:
        """The names of the events in its log so far."""
        lines = self.log.read_bytes()[offset:].splitlines(keepends=True)
        return [json.loads(line)["event"] for line in lines if line.endswith(b"\n")]

    def kill(self) -> None:
        """kill -9, if it runs."""
        if self.popen is not None:
            self.popen.kill()
            self.popen.wait(20)
            self.popen = None

    def restart(self) -> None:
        """kill -9, and once more from the start."""
        self.kill()
        self.start()


@dataclass(frozen=True)
class MovedClock:
    """The demo clock's file as a test sets it; a kynhan_server Clock as well."""

    file: Path
    demo: bool = True

    def now(self) -> datetime:
        """The time that all processes with this clock have now."""
        return moments.now() + timedelta(seconds=int(self.file.read_text()))

    def monotonic(self) -> float:
        """As the machine's."""
        return time.monotonic()

    def set(self, moment: datetime) -> None:
        """It is `moment` now, to the second, or up to a second more."""
        moments.set_clock(self.file, moment)


@dataclass
class ProcessParties(Parties):
    """Two real homes whose relay is a process: `async with parties(folder, kind=ProcessParties) as two`."""

    process: RelayProcess | None = None

    @staticmethod
    def prepare() -> None:
        """Below journeys too the process and the test look at the same clock."""
        moments.begin_journey()

    async def start_relay(self) -> None:
        """The relay answers from here on."""
        if self.process is None:
            self.process = RelayProcess(self.folder / "relay", SECRET, self.offset, port=self.port)
        await asyncio.to_thread(self.process.start)

    async def stop_relay(self) -> None:
        """It is killed."""
        assert self.process is not None
        self.process.kill()
