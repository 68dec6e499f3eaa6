"""A live relay on loopback with two committees, spoken to as a client would: real sockets, real keys, real age files.

    async with live(folder) as relay:                 a relay process' core and HTTP side, in this process
        agreement = await founded(relay)              two logs' worth of members, the profile attested by both
        sent = await agreement.send()                 a DISPATCH of CCQ's clerk to CA
        answer = await agreement.ask(CA_CLERK, "GET", api.path(api.BODY, log=agreement.slug, id=sent.id))

Members are named as in tests.protocol.world, whose keys these are.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from tests.protocol.world import (
    APPROVER,
    CA,
    CA_CLERK,
    CALENDAR,
    CCQ,
    CLERK,
    UNIT,
    recipient,
    signer,
    witness,
)
from yarl import URL

from kynhan_keys import age, checkpoints, cosignatures, mlkem768x25519, notes, proofs, stream
from kynhan_keys.vkeys import Signer, Vkey
from kynhan_protocol.agreement.default_profile import (
    REQUESTING_NAMES,
    RESPONDING_NAMES,
    PartyNames,
    RegulationNames,
    default_profile,
)
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.chains import Chain
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import (
    Decline,
    Dispatch,
    HashSize,
    Membership,
    Opening,
    ProfileAttestation,
    Receipt,
    Revocation,
    RootStatement,
    Seen,
    Statement,
)
from kynhan_protocol.strict_json import decode, encode
from kynhan_protocol.wire import api, requests
from kynhan_server.channels.outgoing import Outgoing
from kynhan_server.clock import Clock, SystemClock
from kynhan_server.serving import Listening, Serving, running
from kynhan_server.store import admin
from kynhan_server.web.limits import Limits

AUDITOR = f"{CA}/kiem-tra"
LATE_CLERK = f"{CA}/van-thu-2"
"""Certified after the first dispatch, so not in its `sealed`."""
EXPIRED, REVOKED = f"{CCQ}/het-han", f"{CCQ}/thu-hoi"
PASSPHRASE = b"mot hai ba"


@dataclass(frozen=True)
class Answer:
    """A response, read to its end."""

    status: int
    headers: Any
    body: bytes

    @property
    def code(self) -> str:
        """The problem's code."""
        return decode(self.body, api.Problem).code

    def posted(self) -> api.Posted:
        """The answer to POST statements."""
        assert self.status == 200, self.body
        return decode(self.body, api.Posted)


@dataclass(frozen=True)
class Parts:
    """The two halves of an age file."""

    header: bytes
    body: bytes


@asynccontextmanager
async def live(
    folder: Path,
    *,
    clock: Clock | None = None,
    limits: Limits | None = None,
    tick: float = 30.0,
    outgoing: Outgoing | None = None,
) -> AsyncIterator[Serving]:
    """A relay serving `folder` (made where it is missing) at a free port."""
    if not (folder / "keys.age").exists():
        await asyncio.to_thread(admin.init, folder, PASSPHRASE, work_factor=10)
    listening = Listening("127.0.0.1", 0, None, tick, limits or Limits(), outgoing or Outgoing())
    async with running(folder, PASSPHRASE, clock or SystemClock(), listening) as serving:
        yield serving


@dataclass
class Agreement:
    """One log of a relay, its keys, and what a client knows of it."""

    authority: str
    slug: str
    origin: str
    vkeys: tuple[Vkey, Vkey]
    session: aiohttp.ClientSession
    committees: Committees
    keys: dict[str, Signer] = field(default_factory=dict)
    which: str = ""
    profile: bytes = b""
    clock: Clock = field(default_factory=SystemClock)

    @property
    def now(self) -> datetime:
        """The time in whole seconds."""
        return self.clock.now().replace(microsecond=0)

    # requests

    async def ask(
        self,
        member: str | None,
        method: str,
        target: str,
        *,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
        key: Signer | None = None,
    ) -> Answer:
        """A request, signed by `member` unless that is None."""
        sent = dict(headers or {})
        if member is not None:
            sent |= requests.sign(
                requests.Request(method, self.authority, target),
                keyid=member,
                sign_bytes=(key or self.keys[member]).sign_bytes,
                created=int(self.now.timestamp()),
                nonce=os.urandom(16),
                content=content if sent.get("Content-Type") == api.JSON else None,
            )
        url = URL(f"http://{self.authority}{target}", encoded=True)
        data = io.BytesIO(content) if content is not None else None
        async with self.session.request(method, url, headers=sent, data=data) as response:
            return Answer(response.status, response.headers.copy(), await response.read())

    def path(self, template: str, **values: str) -> str:
        """A path of this log."""
        return api.path(template, log=self.slug, **values)

    async def post(self, statement: Statement, *signers: Signer, **parts: Any) -> Answer:
        """POST statements."""
        return await self.post_note(signing.sign(statement, *signers).note, **parts)

    async def post_note(self, note: bytes, **parts: Any) -> Answer:
        """POST statements, of a note as it is."""
        return await self.ask(
            None,
            "POST",
            self.path(api.STATEMENTS),
            headers={"Content-Type": api.JSON},
            content=encode(api.PostStatement(note=note.decode(), **parts)),
        )

    # root statements

    async def root(
        self, kind: Any, committee: str, *signers: Signer, documents: Any = (), **fields: Any
    ) -> Logged:
        """Log the next statement of a committee's chain."""
        chain = self.committees.chains[committee]
        statement: RootStatement = kind(
            committee=committee,
            number=len(chain.links) + 1,
            previous=chain.head,
            time=self.now,
            nonce=os.urandom(16),
            **fields,
        )
        signed = signing.sign(statement, self.keys[committee], *signers)  # type: ignore[arg-type]
        posted = (await self.post_note(signed.note, documents=documents)).posted()
        logged = Logged(posted.index, posted.id, signed.statement, signed.note, self.now)
        self.committees = self.committees.append(logged)
        return logged

    async def certify(self, member: str, *roles: str, **changes: Any) -> Logged:
        """A membership, valid for a year."""
        is_witness = "witness" in roles
        key = self.keys[member] = (witness if is_witness else signer)(member, self.which)
        fields = {
            "member": member,
            "holder": f"holder of {member}",
            "role": tuple(sorted(roles)),
            "signing": key.vkey,
            "sealing": None if is_witness else recipient(f"{member}{self.which}"),
            "not_before": self.now - timedelta(days=2),
            "not_after": self.now + timedelta(days=365),
            **changes,
        }
        return await self.root(
            Membership, member.partition("/")[0], *(() if is_witness else (key,)), **fields
        )

    async def revoke(self, member: str) -> Logged:
        """A member's key is no longer theirs."""
        return await self.root(
            Revocation, member.partition("/")[0], member=member, key=self.keys[member].vkey, code="left"
        )

    async def attest(self, first: str, second: str) -> None:
        """Both committees attest a profile that names this relay."""
        self.profile = default_profile(
            relay=self.vkeys,
            requesting=PartyNames(first, "CCQ", *REQUESTING_NAMES),
            responding=PartyNames(second, "CA", *RESPONDING_NAMES),
            regulation=RegulationNames("15-QC/TU", date(2026, 1, 5)),
            calendar=hashlib.sha256(CALENDAR).hexdigest(),
        )
        sha = hashlib.sha256(self.profile).hexdigest()
        for committee in (first, second):
            await self.root(ProfileAttestation, committee, documents=(self.profile, CALENDAR), document=sha)

    # member statements

    async def seen(self) -> Seen:
        """The latest checkpoint's size and root."""
        answer = await self.ask(None, "GET", self.path(api.CHECKPOINT))
        checkpoint, _ = checkpoints.verify(notes.parse(answer.body), self.vkeys)
        return Seen(checkpoint.size, checkpoint.root)

    async def member_fields(self) -> dict[str, Any]:
        """What every member statement ends with."""
        return {
            "relay": self.origin,
            "seen": await self.seen(),
            "head": self.committees.heads(),
            "time": self.now,
            "nonce": os.urandom(16),
        }

    def seal(self, members: Iterable[str], plaintext: bytes = bytes(16384)) -> Parts:
        """An age file for these members."""
        file_key = os.urandom(16)
        recipients = [mlkem768x25519.Recipient.parse(recipient(f"{name}{self.which}")) for name in members]
        header = age.make_header(file_key, recipients)
        return Parts(header, b"".join(stream.seal_payload(file_key, os.urandom(16), iter([plaintext]))))

    async def dispatch(self, parts: Parts | None = None, **changes: Any) -> tuple[Dispatch, Parts]:
        """A request of CCQ's clerk to CA, and its halves."""
        size, now = 1 << 40, self.now
        fields: dict[str, Any] = {
            "case": str(uuid.uuid4()),
            "about": None,
            "kind": "request",
            "term": "in-country",
            "urgency": None,
            "from_": CLERK,
            "approver": None,
            "to": CA,
            "regarding": None,
            "due": None,
            "profile": hashlib.sha256(self.profile).hexdigest(),
            **await self.member_fields(),
            **changes,
        }
        if "sealed" not in fields:
            fields["sealed"] = self.committees.expected_sealed(
                fields["from_"], fields["approver"], fields["to"], size, now
            )
        if parts is None:
            found = [self.committees.by_id(membership) for membership in fields["sealed"]]
            parts = self.seal(certified.name for certified in found if certified is not None)
        for half in ("header", "body"):
            data = getattr(parts, half)
            fields.setdefault(half, HashSize(hashlib.sha256(data).hexdigest(), len(data)))
        return Dispatch(**fields), parts

    async def send(self, **changes: Any) -> tuple[api.Posted, Parts]:
        """Log a dispatch with its body inline."""
        dispatch, parts = await self.dispatch(**changes)
        answer = await self.post(dispatch, self.keys[dispatch.from_], header=parts.header, body=parts.body)
        return answer.posted(), parts

    async def act(self, kind: Any, by: str, dispatch: str, **fields: Any) -> Answer:
        """Post a RECEIPT, OPENING, DECLINE …"""
        statement = kind(dispatch=dispatch, by=by, **fields, **await self.member_fields())
        return await self.post(statement, self.keys[by])

    async def receipt(self, dispatch: str, by: str = CA_CLERK) -> api.Posted:
        """*Ký nhận*."""
        return (await self.act(Receipt, by, dispatch)).posted()

    async def cosign(self) -> Answer:
        """Both witnesses cosign the candidate; the answer to the last."""
        candidate = await self.ask(None, "GET", self.path(api.CANDIDATE))
        checkpoint, note = checkpoints.parse(candidate.body)
        for committee in self.committees.chains:
            line = cosignatures.sign(
                self.keys[f"{committee}/doi-chung"],
                self.origin,
                checkpoint.size,
                checkpoint.root,
                int(self.now.timestamp()),
            )
            handed = notes.format(checkpoints.add_cosignatures(note, [line]))
            answer = await self.ask(
                None, "POST", self.path(api.COSIGNATURES), headers={"Content-Type": api.NOTE}, content=handed
            )
        return answer


async def admitted(
    folder: Path, slug: str, origin: str, committees: tuple[str, str], which: str = ""
) -> tuple[Vkey, Vkey]:
    """Open a log in a folder at rest; the roots are `signer(committee, which)`."""
    if not (folder / "keys.age").exists():
        await asyncio.to_thread(admin.init, folder, PASSPHRASE, work_factor=10)
    roots = {name: signer(name, which).vkey for name in committees}
    await asyncio.to_thread(admin.admit, folder, slug, origin, roots)
    return await asyncio.to_thread(admin.vkeys, folder, PASSPHRASE, origin)


@asynccontextmanager
async def joined(
    authority: str,
    slug: str,
    origin: str,
    vkeys: tuple[Vkey, Vkey],
    committees: tuple[str, str] = (CCQ, CA),
    which: str = "",
    clock: Clock | None = None,
) -> AsyncIterator[Agreement]:
    """A client's side of a log with nothing in it yet."""
    async with aiohttp.ClientSession(
        auto_decompress=False, connector=aiohttp.TCPConnector(force_close=True)
    ) as session:
        keys = {name: signer(name, which) for name in committees}
        chains = Committees.of(Chain(name, root.vkey) for name, root in keys.items())
        yield Agreement(
            authority, slug, origin, vkeys, session, chains, keys, which, clock=clock or SystemClock()
        )


async def found(agreement: Agreement) -> None:
    """Certify everybody of tests.protocol.world and the odd ones out, and attest the profile."""
    first, second = CCQ, CA
    for name, role in (
        (CLERK, "clerk"),
        (APPROVER, "approver"),
        (CA_CLERK, "clerk"),
        (UNIT, "unit"),
        (AUDITOR, "auditor"),
    ):
        await agreement.certify(name, role)
    for committee in (first, second):
        await agreement.certify(f"{committee}/doi-chung", "witness")
    await agreement.certify(EXPIRED, "clerk", not_after=agreement.now - timedelta(days=1))
    await agreement.certify(REVOKED, "clerk")
    await agreement.revoke(REVOKED)
    await agreement.attest(first, second)


def proof_of(text: str) -> proofs.Proof:
    """A receipt of an answer, parsed."""
    return proofs.parse(text.encode())


__all__ = [
    "APPROVER",
    "AUDITOR",
    "CA",
    "CA_CLERK",
    "CCQ",
    "CLERK",
    "EXPIRED",
    "LATE_CLERK",
    "REVOKED",
    "UNIT",
    "Agreement",
    "Answer",
    "Decline",
    "Opening",
    "admitted",
    "found",
    "joined",
    "live",
    "proof_of",
    "replace",
]
