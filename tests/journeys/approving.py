"""Two committees, each with a clerk and an approver in a home of its own, on a relay under a calendar of the test's.

async with approving(folder, begin, calendar) as ground:
    made = await ground.run(ground.approvers[CCQ], "calendar", "sign", "lich.json", "--yes")    a process; its JSON
    told = await ground.shown(ground.two.ccq, "calendar", "show")                               its text, ≤ 80 columns
"""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from tests import forks
from tests.client.agreement import CA, CCQ, PASSPHRASE
from tests.client.parties import SECRET, Parties, parties

from kynhan_client.home.home import Home
from kynhan_client.log import mirror
from kynhan_client.relay.relay import connect
from kynhan_client.trust import trust

COLUMNS = 80

AnyGround = TypeVar("AnyGround", bound="Approving")


@dataclass
class Approving:
    """Both committees with their approvers."""

    two: Parties
    approvers: dict[str, Home]

    async def run(self, home: Home, *words: str, status: int = 0) -> Any:
        """A command of `home` in a process of its own; its JSON."""
        done = await self._command(home, *words, "--json")
        assert done.returncode == status, done.stdout + done.stderr
        return json.loads(done.stdout)

    async def lines(self, home: Home, *words: str) -> list[Any]:
        """The same of a command that prints a line of JSON for each event."""
        done = await self._command(home, *words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    async def refused(self, home: Home, *words: str) -> str:
        """The code of the error that a command ends with, told in one sentence and its advice."""
        done = await self._command(home, *words, "--json")
        assert done.returncode == 1, done.stdout + done.stderr
        assert done.stderr.startswith("✗ ")
        assert len(done.stderr.splitlines()) <= 4, done.stderr
        code: str = json.loads(done.stdout)["error"]["code"]
        return code

    async def shown(self, home: Home, *words: str) -> str:
        """What a person reads, in both languages; only a path makes a line longer than the screen."""
        done = await self._command(home, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        own = [line for line in done.stdout.splitlines() if str(self.two.folder) not in line]
        assert [line for line in own if len(line) > COLUMNS] == []
        return done.stdout

    async def size(self) -> int:
        """How many statements the relay has logged that are not its own reminders."""
        return (await self.two.to[CCQ].statements(0, 1)).size

    async def sync(self) -> None:
        """Everybody reads what there is."""
        await self.two.sync()
        for home in self.approvers.values():
            async with connect(home) as relay:
                await mirror.sync(home, relay)

    def file(self, name: str, content: str | bytes) -> str:
        """A file as typed."""
        path = self.two.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    async def _command(self, home: Home, *words: str) -> subprocess.CompletedProcess[str]:
        secret = self.two.folder / f"{home.path.name}.secret"
        secret.touch(mode=0o600)
        secret.write_bytes(SECRET if home in self.approvers.values() else PASSPHRASE)
        options = ["--home", str(home.path), "--lang", "both", "--passphrase-file", str(secret)]
        options += ["--demo-clock", str(self.two.offset)]
        done = await asyncio.to_thread(forks.run, "kynhan_client", *options, *words)
        assert "Traceback" not in done.stderr
        return done


@asynccontextmanager
async def approving(
    folder: Path,
    begin: datetime,
    calendar_document: bytes | None = None,
    kind: type[AnyGround] = Approving,  # type: ignore[assignment]
) -> AsyncIterator[AnyGround]:
    """An agreement at `begin` whose approvers have compared keys, under the calendar given or the shipped one."""
    async with parties(folder, begin=begin, calendar_document=calendar_document) as two:
        approvers = {}
        for home in (two.ccq, two.ca):
            name = f"{home.config.committee.partition('.')[0]}-duyet"
            approvers[home.config.committee] = await two.add_member(home, name, "approver")
        ground = kind(two, approvers)
        try:
            await ground.sync()
            for home in approvers.values():
                trust.compare(home, trust.digits(two.ccq))
            yield ground
        finally:
            for home in approvers.values():
                home.close()


__all__ = ["CA", "CCQ", "Approving", "approving"]
