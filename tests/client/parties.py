"""Two committees' homes and a real relay on loopback between them, in this process: real keys, sockets and files.

async with parties(tmp_path) as two:        members certified, profile attested, keys compared, cosigned once
    sent = await two.request(two.file("công văn.pdf", b"…"))
    await two.stop_relay(); await two.start_relay()
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from tests import moments
from tests.client.agreement import CA, CCQ, PASSPHRASE, WORK_FACTOR, create_home, make_home
from tests.ports import free_port

from kynhan_client import syncing
from kynhan_client.clock import Clock
from kynhan_client.dossiers.letter import Letter
from kynhan_client.home.config import RelayAddress
from kynhan_client.home.home import Home
from kynhan_client.log import witness
from kynhan_client.log.view import View
from kynhan_client.packages import send
from kynhan_client.packages.send import LetterOutcome
from kynhan_client.relay.relay import Relay, connect
from kynhan_client.syncing import Synced
from kynhan_client.trust import members, profile_signing, trust
from kynhan_keys import checkpoints
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.agreement import calendar
from kynhan_protocol.agreement.default_profile import (
    REQUESTING_NAMES,
    RESPONDING_NAMES,
    PartyNames,
    RegulationNames,
    default_profile,
)
from kynhan_server.channels.outgoing import Outgoing
from kynhan_server.clock import DemoClock
from kynhan_server.serving import Listening, running
from kynhan_server.store import admin
from kynhan_server.web.limits import Limits

LOG, ORIGIN = "phoi-hop", "relay.example/kynhan"
SECRET = b"mot hai ba bon nam"
EARLIER = timedelta(minutes=10)
"""So long before a world begins its agreement was made: once in each process that runs tests, then copied."""

AnyParties = TypeVar("AnyParties", bound="Parties")


@dataclass
class Parties:
    """Both homes, each one's connection, and the relay between them; `offset` moves everybody's clock (seconds)."""

    folder: Path
    port: int
    ccq: Home
    ca: Home
    offset: Path
    to: dict[str, Relay] = field(default_factory=dict)
    running: AsyncExitStack | None = None
    joined: AsyncExitStack = field(default_factory=AsyncExitStack)
    outgoing: Outgoing = field(default_factory=Outgoing)

    @staticmethod
    def prepare() -> None:
        """Before anything looks at the time: a kind whose relay is a process of its own begins a journey here."""

    async def start_relay(self) -> None:
        """The relay answers from here on."""
        stack = AsyncExitStack()
        listening = Listening("127.0.0.1", self.port, None, 0.2, Limits(), self.outgoing)
        clock = DemoClock(self.offset)
        await stack.enter_async_context(running(self.folder / "relay", SECRET, clock, listening))
        self.running = stack

    async def stop_relay(self) -> None:
        """It does not answer any more."""
        if self.running is not None:
            stack, self.running = self.running, None
            await stack.aclose()

    def home(self, committee: str) -> Home:
        return self.ccq if committee == CCQ else self.ca

    def relay(self, home: Home) -> Relay:
        return self.to.get(home.config.member) or self.to[home.config.committee]

    async def sync(self, *homes: Home) -> Synced:
        """Everybody syncs, or those named; gives the last one's result."""
        for home in homes or (self.ca, self.ccq):
            result = await syncing.sync(home, self.relay(home))
        return result

    async def witness(self) -> None:
        """Both witnesses cosign until the latest checkpoint is cosigned (the candidate is sticky: it may be older)."""
        relay = self.to[CCQ]
        for _ in range(4):
            for home in (self.ccq, self.ca):
                async with witness.started(home) as one:
                    await one.step(self.relay(home))
            cosigned, latest = await relay.cosigned(), await relay.checkpoint()
            if cosigned is not None and checkpoints.parse(cosigned)[0] == checkpoints.parse(latest)[0]:
                return

    def file(self, name: str, content: bytes = b"%PDF-1.7 x\n") -> Path:
        """A file to be sent."""
        path = self.folder / "dossier" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def letter(self, *files: Path, **changes: Any) -> Letter:
        """A request of CCQ to CA."""
        fields: dict[str, Any] = {
            "kind": "request",
            "to": CA,
            "term": "in-country",
            "subject": "3.1",
            "title": "Về việc đề nghị phối hợp xác minh theo danh sách kèm theo",
            "files": files or (self.file("Công văn.pdf"),),
        }
        return Letter(**{**fields, **changes})

    async def request(self, *files: Path, **changes: Any) -> LetterOutcome:
        """CCQ sends a request, and CA has read of it."""
        sent = await send.send(self.ccq, self.to[CCQ], self.letter(*files, **changes))
        await self.sync(self.ca)
        return sent

    async def add_clerk(self, home: Home, name: str) -> Home:
        """One more clerk of a committee, whom only that committee has heard of yet."""
        return await self._join(home, name, "clerk")

    def set_clock(self, moment: datetime) -> None:
        """It is `moment` now for the relay and both homes, or up to a second more."""
        moments.set_clock(self.offset, moment)

    async def add_member(self, home: Home, name: str, *roles: str) -> Home:
        """One more member of a committee with these roles (`unit`, `approver` …), whom everybody has heard of."""
        member = await self._join(home, name, *roles)
        await self.sync()
        return member

    async def _join(self, home: Home, name: str, *roles: str) -> Home:
        """A member in a home of its own: certified, connected (relay(member)), keys compared."""
        await self.sync(home)
        member = create_home(
            self.folder / name,
            SECRET,
            member=f"{home.config.committee}/{name}",
            holder=f"Người giữ khóa {name}",
            roles=roles,
            with_root=False,
            with_witness=False,
            clock=home.clock,
        )
        self.joined.enter_context(member)
        asked = members.parse_request(members.request(member))
        signed = members.accept(member, members.invite(home, asked, roles=roles))
        relay = await self.joined.enter_async_context(connect(member))
        self.to[member.config.member] = relay
        await members.post(member, relay, signed)
        await self.sync(home, member)
        trust.compare(member, trust.digits(home))
        return member

    def move_clock(self, seconds: int) -> None:
        """Time passes for the relay and both homes."""
        self.offset.write_text(str(int(self.offset.read_text()) + seconds))


def profile_of(keys: tuple[Vkey, Vkey], calendar_document: bytes | None = None, **changes: Any) -> bytes:
    """The default profile of the two committees on a relay with these keys, naming this calendar or the shipped one."""
    made = default_profile(
        relay=keys,
        requesting=PartyNames(CCQ, "CCQ", *REQUESTING_NAMES),
        responding=PartyNames(CA, "CA", *RESPONDING_NAMES),
        regulation=RegulationNames("15-QC/TU", date(2026, 1, 5)),
        calendar=hashlib.sha256(calendar_document or calendar.shipped_bytes()).hexdigest(),
    )
    for before, after in changes.items():
        assert before.encode() in made
        made = made.replace(before.encode(), str(after).encode())
    return made


@asynccontextmanager
async def parties(
    folder: Path,
    *,
    compared: bool = True,
    kind: type[AnyParties] = Parties,
    begin: datetime = moments.MORNING,
    calendar_document: bytes | None = None,
    changes: Mapping[str, str] | None = None,
    other_keys: bool = False,
) -> AsyncIterator[AnyParties]:
    """An agreement ready for its first dispatch, at `begin`, under the calendar given or the shipped one.

    `kind` may start the relay in another way; `changes` are words of the default profile and their replacements. All
    parties of a process that agree alike have the same keys, but for those with `other_keys`.
    """
    ready = await _ready(begin, calendar_document, changes or {}, other_keys)
    shutil.copytree(ready, folder, dirs_exist_ok=True)
    offset = folder / "offset"
    kind.prepare()
    moments.set_clock(offset, begin)
    async with AsyncExitStack() as stack:
        ccq, ca = (
            stack.enter_context(Home.open(folder / name, PASSPHRASE, clock=Clock(offset)))
            for name in (CCQ, CA)
        )
        two = kind(folder, free_port(), ccq, ca, offset)
        await two.start_relay()
        stack.push_async_callback(two.stop_relay)
        stack.push_async_callback(two.joined.aclose)
        for home in (ccq, ca):
            home.connect(msgspec.structs.replace(home.relay, url=f"http://127.0.0.1:{two.port}"))
            two.to[home.config.committee] = await stack.enter_async_context(connect(home))
        if compared:
            trust.compare(ccq, trust.digits(ca))
            trust.compare(ca, trust.digits(ccq))
        yield two


_made: dict[tuple[object, ...], Path] = {}


async def _ready(
    begin: datetime, calendar_document: bytes | None, changes: Mapping[str, str], other_keys: bool
) -> Path:
    """Both homes and the relay's folder at rest, the agreement made a little before `begin`."""
    key = (begin, calendar_document, other_keys, *sorted(changes.items()))
    if key not in _made:
        folder = Path(tempfile.mkdtemp(prefix="kynhan-tests-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        await _agree(folder, begin - EARLIER, calendar_document, changes)
        (folder / "offset").unlink()
        _made[key] = folder
    return _made[key]


async def _agree(
    folder: Path, begin: datetime, calendar_document: bytes | None, changes: Mapping[str, str]
) -> None:
    offset = folder / "offset"
    moments.set_clock(offset, begin)
    async with AsyncExitStack() as stack:
        ccq, ca = (stack.enter_context(make_home(folder / name, name, Clock(offset))) for name in (CCQ, CA))
        two = Parties(folder, free_port(), ccq, ca, offset)
        keys = _admit(two)
        await two.start_relay()
        stack.push_async_callback(two.stop_relay)
        address = RelayAddress(
            url=f"http://127.0.0.1:{two.port}",
            log=LOG,
            origin=ORIGIN,
            ed25519=str(keys[0]),
            ml_dsa_44=str(keys[1]),
            roots={CCQ: ccq.config.root, CA: ca.config.root},
        )
        for home in (ccq, ca):
            home.connect(address)
            two.to[home.config.committee] = await stack.enter_async_context(connect(home))
            for statement in members.first_members(home):
                await members.post(home, two.relay(home), statement)
        await two.sync()
        for home in (ccq, ca):
            document = profile_of(keys, calendar_document, **changes)
            await profile_signing.attest(home, two.relay(home), document, calendar_document)
        await two.sync()
        await two.witness()
        await two.sync()
        assert View(ccq).final_checkpoint is not None
        assert ccq.clock.now() < begin + EARLIER


def _admit(two: Parties) -> tuple[Vkey, Vkey]:
    data = two.folder / "relay"
    admin.init(data, SECRET, work_factor=WORK_FACTOR)
    roots = {home.config.committee: Vkey.parse(home.config.root) for home in (two.ccq, two.ca)}
    admin.admit(data, LOG, ORIGIN, roots)
    return admin.vkeys(data, SECRET, ORIGIN)
