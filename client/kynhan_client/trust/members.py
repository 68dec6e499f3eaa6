"""Certifying members: what the holder of a committee's root key signs, and how a new member comes to it.

    new member   request(home)               a file: name, holder, roles, keys           → to the root's holder
    root holder  invite(home, request)       the membership, signed by the root          → back to the member
    new member   accept(home, invitation)    signs it too (proof of possession); posts it

A committee's first home has the root key and its first member's keys: first_members() does all of this at once. A
witness key cannot sign notes; the root's signature is enough, its first cosignature is the proof (DESIGN §3.2).
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec

from kynhan_keys import notes
from kynhan_keys.errors import EncodingError, KeysError, VkeyError
from kynhan_keys.mlkem768x25519 import Recipient
from kynhan_keys.vkeys import ML_DSA_44, Vkey
from kynhan_protocol import strict_json
from kynhan_protocol.errors import StatementError
from kynhan_protocol.names import Name, is_member
from kynhan_protocol.statements import grammar, signing
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import Membership, Revocation
from kynhan_protocol.statements.text import alike, same_person

from ..clauses import clause
from ..errors import problem
from ..home.config import RelayAddress
from ..home.home import Home
from ..log import answers
from ..log.answers import Accepted
from ..log.view import View
from ..relay.relay import Relay

VALIDITY: Final = timedelta(days=3 * 365)
FOUNDING: Final = "founding"  # configuration: the notes of a new committee's first statements
EARLIER: Final = timedelta(days=1)  # clocks differ: a membership holds from a day before it was made


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What a new member asks to have certified."""

    kynhan: str
    member: str
    holder: str
    roles: tuple[str, ...]
    signing: str
    sealing: str | None


class Invitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A membership signed by the root (`note`, one signature line), and where its log is."""

    kynhan: str
    note: str
    relay: RelayAddress


def request(home: Home) -> bytes:
    """The file by which this home's member asks to be certified. It has no secrets."""
    config = home.config
    asked = Request(
        "member-request@v1",
        config.member,
        config.holder,
        config.roles,
        str(home.keyring.signer.vkey),
        home.keyring.recipient,
    )
    return msgspec.json.format(msgspec.json.encode(asked), indent=2) + b"\n"


def parse_request(data: bytes, name: str = "request") -> Request:
    """The request in a file. Raises ClientError bad-file."""
    try:
        asked = strict_json.decode(data, Request)
        vkey = Vkey.parse(asked.signing)
        if asked.sealing is not None:
            Recipient.parse(asked.sealing)
    except (strict_json.StrictJsonError, VkeyError, EncodingError) as error:
        raise problem("bad-file", path=name, why=error) from error
    if asked.kynhan != "member-request@v1" or not is_member(asked.member) or vkey.name != asked.member:
        raise problem("bad-file", path=name, why=clause("file.other-names"))
    return asked


def invite(
    home: Home,
    asked: Request,
    *,
    holder: str | None = None,
    roles: tuple[str, ...] | None = None,
    not_after: datetime | None = None,
) -> bytes:
    """The invitation for a request: its membership, signed by the root. The root's holder may change holder, roles
    and validity. Sync before: it has to follow the newest root statement, and to be posted before the next one.

    Raises ClientError no-root-key, bad-file, no-relay, frozen.
    """
    home.require_not_frozen()
    if home.keyring.root is None or not home.config.is_ours(asked.member):
        raise problem("no-root-key", committee=Name.of(asked.member).committee)
    membership = _membership(
        home,
        asked.member,
        holder or asked.holder,
        roles or asked.roles,
        Vkey.parse(asked.signing),
        asked.sealing,
        previous=_next_link(home),
        not_after=not_after,
    )
    note = _root_signed(home, membership)
    made = Invitation("invitation@v1", note.decode(), home.relay)
    return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"


def spelled_alike(home: Home, member: str, holder: str) -> tuple[Certified, ...]:
    """Our other members in force whose holder differs from `holder` in diacritics alone (DESIGN §3.2): perhaps the same
    person, who then counts as two. By name.
    """
    others = (one for one in View(home).in_force().values() if one.committee == home.config.committee)
    found = (one for one in others if one.name != member and alike(one.statement.holder, holder))
    return tuple(
        sorted(
            (one for one in found if not same_person(one.statement.holder, holder)), key=lambda one: one.name
        )
    )


def accept(home: Home, data: bytes, name: str = "invitation") -> SignedStatement:
    """The membership of an invitation, signed by us too; the home then knows its relay and root key. Post it.

    Raises ClientError bad-file if it is not for this member and these keys, or not signed by the root it names.
    """
    try:
        made = strict_json.decode(data, Invitation)
        note = notes.parse(made.note.encode())
        membership = grammar.parse_text(note.text)
        root = Vkey.parse(made.relay.roots[home.config.committee])
        notes.verify_exactly(note, [root])
    except (strict_json.StrictJsonError, KeysError, StatementError, KeyError) as error:
        raise problem("bad-file", path=name, why=error) from error
    ring = home.keyring
    if (
        not isinstance(membership, Membership)
        or membership.signing != ring.signer.vkey
        or membership.sealing != ring.recipient
        or membership.committee != home.config.committee
    ):
        raise problem("bad-file", path=name, why=clause("file.not-for-member"))
    home.connect(made.relay)
    home.save_config(msgspec.structs.replace(home.config, roles=membership.role, holder=membership.holder))
    own = notes.sign(note.text, ring.signer)
    return signing.parse(notes.format(notes.Note(note.text, (*note.signatures, *own.signatures))))


def first_members(home: Home) -> list[SignedStatement]:
    """The first statements of a new committee: its first member (root's and member's signature), then its witness.

    Raises ClientError no-root-key.
    """
    ring, config = home.keyring, home.config
    if ring.root is None:
        raise problem("no-root-key", committee=config.committee)
    first = signing.sign(
        _membership(
            home,
            config.member,
            config.holder,
            config.roles,
            ring.signer.vkey,
            ring.recipient,
            previous=(1, None),
        ),
        ring.root,
        ring.signer,
    )
    if ring.witness is None:
        return [first]
    witness = _membership(
        home,
        ring.witness.vkey.name,
        config.holder,
        ("witness",),
        ring.witness.vkey,
        None,
        previous=(2, first.id),
    )
    return [first, signing.sign(witness, ring.root)]


async def found(home: Home, relay: Relay) -> tuple[Accepted, ...]:
    """Posts a new committee's first statements, the very same ones however often it is called.

    Raises ClientError no-root-key, and as post() does.
    """
    kept = home.archive.get(FOUNDING)
    if kept is None:
        kept = [signed.note.decode() for signed in first_members(home)]
        home.archive.put(FOUNDING, kept)
    return tuple([await post(home, relay, signing.parse(note.encode())) for note in kept])


def revoke(home: Home, vkey: Vkey, code: str) -> SignedStatement:
    """The revocation of a member's key. Raises ClientError no-root-key, frozen."""
    home.require_not_frozen()
    if home.keyring.root is None:
        raise problem("no-root-key", committee=home.config.committee)
    number, previous = _next_link(home)
    statement = Revocation(
        committee=home.config.committee,
        member=vkey.name,
        key=vkey,
        code=code,
        number=number,
        previous=previous,
        time=home.clock.now(),
        nonce=secrets.token_bytes(16),
    )
    return signing.sign(statement, home.keyring.root)


async def post(home: Home, relay: Relay, signed: SignedStatement, *documents: bytes) -> Accepted:
    """Posts a root statement and checks the answer. Raises ClientError as Relay.post_statement and answers.check."""
    home.require_not_frozen()
    answer = await relay.post_statement(signed.note, documents=documents)
    return answers.check(home, signed, answer)


def _next_link(home: Home) -> tuple[int, str | None]:
    """Number and `previous` of our chain's next statement, as far as we have read the log."""
    chain = View(home).committees.chains[home.config.committee]
    return len(chain.links) + 1, chain.head


def _membership(
    home: Home,
    member: str,
    holder: str,
    roles: tuple[str, ...],
    vkey: Vkey,
    sealing: str | None,
    *,
    previous: tuple[int, str | None],
    not_after: datetime | None = None,
) -> Membership:
    now = home.clock.now()
    return Membership(
        committee=home.config.committee,
        member=member,
        holder=holder,
        role=tuple(sorted(set(roles))),
        signing=vkey,
        sealing=None if vkey.type == ML_DSA_44 else sealing,
        not_before=now - EARLIER,
        not_after=not_after or now + VALIDITY,
        number=previous[0],
        previous=previous[1],
        time=now,
        nonce=secrets.token_bytes(16),
    )


def _root_signed(home: Home, statement: Membership) -> bytes:
    """The statement's note with the root's line alone: the member's own is still to come, unless it is a witness."""
    if home.keyring.root is None:
        raise problem("no-root-key", committee=home.config.committee)
    try:
        text = grammar.format_text(statement)
    except StatementError as error:
        raise problem("bad-name", name=statement.member, why=error) from error
    return notes.format(notes.sign(text, home.keyring.root))
