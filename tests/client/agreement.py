"""Two committees' homes on disk and a simulated relay between them: the ground on which the client's tests stand.

async with founded(tmp_path) as world:      members certified, profile attested, keys compared, cosigned once
    await world.sync()
    sent = await world.send()               a DISPATCH of CCQ's clerk to CA
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.client.relay_simulator import RelaySimulator

from kynhan_client.clock import Clock
from kynhan_client.home import keyring
from kynhan_client.home.config import parse_address
from kynhan_client.home.home import Home
from kynhan_client.log import answers, mirror, witness
from kynhan_client.log.answers import Accepted
from kynhan_client.log.mirror import SyncResult
from kynhan_client.log.view import View
from kynhan_client.relay.relay import Relay, connect
from kynhan_client.trust import members, profile_signing, trust
from kynhan_keys import age, mlkem768x25519, stream
from kynhan_keys.identities import KeyFile, format_key_file
from kynhan_protocol.agreement import calendar
from kynhan_protocol.agreement.default_profile import (
    REQUESTING_NAMES,
    RESPONDING_NAMES,
    PartyNames,
    RegulationNames,
    default_profile,
)
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import Dispatch, HashSize, Receipt

PASSPHRASE = b"nam sau tu ngau nhien"
CCQ, CA = "ccq.example", "ca.example"
WORK_FACTOR = 4


@dataclass
class World:
    """The simulator, both homes and each one's connection; `offset` moves everybody's clock (seconds)."""

    simulator: RelaySimulator
    ccq: Home
    ca: Home
    to: dict[str, Relay]
    offset: Path

    async def sync(self) -> SyncResult:
        """Both sync; gives CCQ's result."""
        await mirror.sync(self.ca, self.to[CA])
        return await mirror.sync(self.ccq, self.to[CCQ])

    async def witness(self) -> None:
        """Both witnesses cosign the latest checkpoint."""
        for home in (self.ccq, self.ca):
            async with witness.started(home) as one:
                await one.step(self.to[home.config.committee])

    async def send(self, kind: str = "request", case: str | None = None) -> Accepted:
        """CCQ's clerk sends a sealed package to CA."""
        dispatch, header, body = self.dispatch(kind, case)
        answer = await self.to[CCQ].post_statement(dispatch.note, header=header, body=body)
        return answers.check(self.ccq, dispatch, answer)

    def dispatch(
        self, kind: str = "request", case: str | None = None
    ) -> tuple[SignedStatement, bytes, bytes]:
        """A signed DISPATCH of CCQ's clerk to CA, its header and its body."""
        view = View(self.ccq)
        home = self.ccq
        sealed = view.committees.expected_sealed(home.config.member, None, CA, view.size, view.now)
        found = [view.committees.by_id(id_) for id_ in sealed]
        recipients = [
            mlkem768x25519.Recipient.parse(one.statement.sealing)
            for one in found
            if one is not None and one.statement.sealing
        ]
        key = secrets.token_bytes(16)
        header = age.make_header(key, recipients)
        body = b"".join(stream.seal_payload(key, secrets.token_bytes(16), [b"tar" * 1000]))
        statement = Dispatch(
            case=case or str(uuid.uuid4()),
            about=None,
            kind=kind,
            term="in-country",
            urgency=None,
            from_=home.config.member,
            approver=None,
            to=CA,
            sealed=sealed,
            header=HashSize(hashlib.sha256(header).hexdigest(), len(header)),
            body=HashSize(hashlib.sha256(body).hexdigest(), len(body)),
            regarding=None,
            due=None,
            profile=view.profile_id,
            relay=home.relay.origin,
            seen=view.seen,
            head=view.heads,
            time=view.now,
            nonce=secrets.token_bytes(16),
        )
        return signing.sign(statement, home.keyring.signer), header, body

    async def receive(self, dispatch: str) -> Accepted:
        """CA's clerk signs for a dispatch."""
        await mirror.sync(self.ca, self.to[CA])
        view = View(self.ca)
        statement = Receipt(
            dispatch=dispatch,
            by=self.ca.config.member,
            relay=self.ca.relay.origin,
            seen=view.seen,
            head=view.heads,
            time=view.now,
            nonce=secrets.token_bytes(16),
        )
        signed = signing.sign(statement, self.ca.keyring.signer)
        return answers.check(self.ca, signed, await self.to[CA].post_statement(signed.note))


async def until(condition: Callable[[], object]) -> None:
    """Waits until `condition` holds, at most ten seconds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in library code
            await asyncio.sleep(0.01)


def profile_for(simulator: RelaySimulator, number: str = "15-QC/TU") -> bytes:
    """The default profile of the two committees on this relay."""
    return default_profile(
        relay=(simulator.ed25519.vkey, simulator.ml_dsa_44.vkey),
        requesting=PartyNames(CCQ, "CCQ", *REQUESTING_NAMES),
        responding=PartyNames(CA, "CA", *RESPONDING_NAMES),
        regulation=RegulationNames(number, date(2026, 1, 5)),
        calendar=hashlib.sha256(calendar.shipped_bytes()).hexdigest(),
    )


def make_home(path: Path, committee: str, clock: Clock | None = None) -> Home:
    """A committee's first home, its key file easily opened."""
    member = f"{committee}/van-thu"
    return create_home(path, PASSPHRASE, member=member, holder="Phòng Văn thư", clock=clock)


def create_home(path: Path, passphrase: bytes, **fields: Any) -> Home:
    """Home.create with a key file of a low work factor: the usual one costs a tenth of a second each time."""

    def sealed(keys: KeyFile, passphrase: bytes) -> bytes:
        random = {name: secrets.token_bytes(16) for name in ("file_key", "nonce", "salt")}
        text = format_key_file(keys).encode()
        return age.seal_bytes_with_passphrase(text, passphrase, **random, work_factor=WORK_FACTOR)

    with patch.object(keyring, "seal_key_file", sealed):
        return Home.create(path, passphrase, **fields)


@asynccontextmanager
async def connected(folder: Path) -> AsyncIterator[World]:
    """Two new homes that know the relay; nothing is logged yet."""
    offset = folder / "offset"
    clock = Clock(offset)
    ccq, ca = (make_home(folder / name, name, clock) for name in (CCQ, CA))
    simulator = RelaySimulator({CCQ: ccq.config.root, CA: ca.config.root}, clock.posix)
    async with AsyncExitStack() as stack:
        stack.enter_context(ccq)
        stack.enter_context(ca)
        await stack.enter_async_context(simulator.running())
        for home in (ccq, ca):
            home.connect(parse_address(simulator.address()))
        to = {home.config.committee: await stack.enter_async_context(connect(home)) for home in (ccq, ca)}
        yield World(simulator, ccq, ca, to, offset)


@asynccontextmanager
async def founded(folder: Path) -> AsyncIterator[World]:
    """An agreement ready for its first dispatch."""
    async with connected(folder) as world:
        for home in (world.ccq, world.ca):
            for statement in members.first_members(home):
                await members.post(home, world.to[home.config.committee], statement)
        await world.sync()
        document = profile_for(world.simulator)
        for home in (world.ccq, world.ca):
            await profile_signing.attest(home, world.to[home.config.committee], document)
        await world.sync()
        trust.compare(world.ccq, trust.digits(world.ca))
        trust.compare(world.ca, trust.digits(world.ccq))
        await world.witness()
        await world.sync()
        yield world
