"""Hypothesis strategies for every statement and the manifest, with signers to go with them.

`statements(Dispatch)` gives well-formed values of one type, `any_statement` of all; `signers_for(statement)`
gives the signers it asks for, from keys fixed by name: `signing.sign(x, *signers_for(x))` always works.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from kynhan_keys.mlkem768x25519 import Identity
from kynhan_keys.vkeys import Signer, Vkey
from kynhan_protocol.package.manifest import CopyEntry, FileEntry, Manifest
from kynhan_protocol.statements import codes, signing
from kynhan_protocol.statements.statements import (
    MEMBER_TYPES,
    RELAY_TYPES,
    ROOT_TYPES,
    Acceptance,
    CalendarApproval,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    HashSize,
    Membership,
    Opening,
    ProfileAttestation,
    Receipt,
    Reminder,
    Revocation,
    Seen,
    Statement,
    Succession,
    Withdrawal,
)

COMMITTEES = ("ccq.example", "cand.example")
LOCALS = ("van-thu", "phong-3", "duyet", "doi-chung")
ORIGINS = ("relay.example/kynhan", "may-trung-chuyen.example/ccq/ca")


def seed(label: str) -> bytes:
    """32 bytes fixed by `label`: a test key, and no secret."""
    return hashlib.sha256(f"kynhan test seed {label}".encode()).digest()


@cache
def signer(name: str, generation: str = "") -> Signer:
    """The Ed25519 test signer of `name`; another `generation` is another key."""
    return Signer.ed25519(name, seed(f"{name} {generation}".strip()))


@cache
def witness_vkey(name: str) -> Vkey:
    """The ML-DSA-44 test key of `name`."""
    return Signer.ml_dsa_44(name, seed(f"{name} witness")).vkey


@cache
def recipient(name: str) -> str:
    """The age recipient of `name`."""
    return str(Identity(seed(f"{name} sealing")).recipient())


def signers_for(statement: Statement) -> tuple[Signer, ...]:
    """The signers whose lines `statement` asks for (a succession's: old root and new)."""
    return tuple(
        signer(name, "new" if isinstance(statement, Succession) and place == 1 else "")
        for place, name in enumerate(signing.signer_names(statement))
    )


committees = st.sampled_from(COMMITTEES)
members = st.builds("{}/{}".format, committees, st.sampled_from(LOCALS))
parties = committees | members
origins = st.sampled_from(ORIGINS)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
counts = st.integers(0, 2**63 - 1)
uuids = st.uuids().map(str)
nonces = st.binary(min_size=16, max_size=16)
times = st.integers(-62135596800, 253402300799).map(  # the years 1 to 9999
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
dates = st.dates(date(1, 1, 1), date(9999, 12, 31))
hash_sizes = st.builds(HashSize, hashes, counts)
texts = (
    st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=40)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: text not in ("", "-"))
)
words = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
tokens = st.sampled_from(("12729/VPCP-KGVX", "8056/VPCP-KGVX", "15/QĐ-TTg", "1"))
steps = st.integers(-60, 400).map(lambda step: f"{step:+d}" if step else "0") | st.integers(0, 60).map(
    "unsigned+{}".format
)


def sets(items: st.SearchStrategy[str], most: int = 4) -> st.SearchStrategy[tuple[str, ...]]:
    """Sorted tuples of one or more different strings."""
    return st.sets(items, min_size=1, max_size=most).map(lambda found: tuple(sorted(found)))


def maybe(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None, or one of `items`."""
    return st.none() | items


_close = {"time": times, "nonce": nonces}
_member: dict[str, st.SearchStrategy[Any]] = {
    "relay": origins,
    "seen": st.builds(Seen, counts, st.binary(min_size=32, max_size=32)),
    "head": sets(hashes, 2),
    **_close,
}
_relay: dict[str, st.SearchStrategy[Any]] = {"relay": origins, **_close}


@st.composite
def _chained(draw: st.DrawFn, kind: type, make: Callable[[st.DrawFn, str], dict[str, Any]]) -> Any:
    committee = draw(committees)
    number = draw(st.just(1) | st.integers(2, 2**63 - 1))
    return kind(
        committee=committee,
        number=number,
        previous=None if number == 1 else draw(hashes),
        time=draw(times),
        nonce=draw(nonces),
        **make(draw, committee),
    )


def _membership(draw: st.DrawFn, committee: str) -> dict[str, Any]:
    member = f"{committee}/{draw(st.sampled_from(LOCALS))}"
    is_witness = draw(st.booleans())
    bounds = sorted((draw(times), draw(times)))
    return {
        "member": member,
        "holder": draw(texts),
        "role": ("witness",) if is_witness else draw(sets(st.sampled_from(codes.ROLES[:-1]))),
        "signing": witness_vkey(member) if is_witness else signer(member).vkey,
        "sealing": None if is_witness or draw(st.booleans()) else recipient(member),
        "not_before": bounds[0],
        "not_after": bounds[1],
    }


def _revocation(draw: st.DrawFn, committee: str) -> dict[str, Any]:
    member = f"{committee}/{draw(st.sampled_from(LOCALS))}"
    key = draw(st.sampled_from((signer(member).vkey, witness_vkey(member))))
    return {"member": member, "key": key, "code": draw(st.sampled_from(codes.CODES["revocation"]))}


def _succession(draw: st.DrawFn, committee: str) -> dict[str, Any]:
    return {"root": signer(committee, "new").vkey, "code": draw(st.sampled_from(codes.CODES["succession"]))}


@st.composite
def _dispatch(draw: st.DrawFn) -> Dispatch:
    sender, approver = draw(st.permutations(LOCALS))[:2]
    committee = draw(committees)
    return Dispatch(
        case=draw(uuids),
        about=draw(maybe(uuids)),
        kind=draw(st.sampled_from(codes.KINDS)),
        term=draw(maybe(st.sampled_from(codes.TERMS))),
        urgency=draw(maybe(st.sampled_from(codes.URGENCIES))),
        from_=f"{committee}/{sender}",
        approver=draw(maybe(st.just(f"{committee}/{approver}"))),
        to=draw(parties),
        sealed=draw(sets(hashes)),
        header=draw(hash_sizes),
        body=draw(hash_sizes),
        regarding=draw(maybe(hashes)),
        due=draw(maybe(dates)),
        profile=draw(hashes),
        **{name: draw(values) for name, values in _member.items()},
    )


@st.composite
def _opening(draw: st.DrawFn) -> Opening:
    result = draw(st.sampled_from(codes.RESULTS))
    manifest = {"verified": hashes, "faulty": maybe(hashes), "undelivered": st.none()}[result]
    return Opening(
        dispatch=draw(hashes),
        by=draw(members),
        manifest=draw(manifest),
        result=result,
        code=draw(st.sampled_from(codes.CODES["opening"])) if result == "faulty" else None,
        **{name: draw(values) for name, values in _member.items()},
    )


def _by_code(kind: Any, name: str) -> st.SearchStrategy[Any]:
    return st.builds(kind, dispatch=hashes, by=members, code=st.sampled_from(codes.CODES[name]), **_member)


_STATEMENTS: dict[type, st.SearchStrategy[Any]] = {
    Membership: _chained(Membership, _membership),
    Revocation: _chained(Revocation, _revocation),
    ProfileAttestation: _chained(ProfileAttestation, lambda draw, _: {"document": draw(hashes)}),
    Succession: _chained(Succession, _succession),
    Dispatch: _dispatch(),
    Receipt: st.builds(Receipt, dispatch=hashes, by=members, **_member),
    Opening: _opening(),
    Decline: _by_code(Decline, "decline"),
    Withdrawal: _by_code(Withdrawal, "withdrawal"),
    Destruction: _by_code(Destruction, "destruction"),
    CalendarApproval: st.builds(
        CalendarApproval,
        by=members,
        document=hashes,
        decision=maybe(tokens),
        replaces=maybe(hashes),
        **_member,
    ),
    Acceptance: st.builds(Acceptance, of=hashes, **_relay),
    Handover: st.builds(Handover, of=hashes, dispatch=hashes, **_relay),
    Due: st.builds(
        Due,
        case=uuids,
        dispatch=hashes,
        start=maybe(hashes),
        term=st.sampled_from(codes.TERMS),
        profile=hashes,
        calendar=hashes,
        due=dates,
        provisional=st.booleans(),
        because=st.sampled_from(codes.DUE_REASONS),
        basis=maybe(hashes),
        replaces=maybe(hashes),
        **_relay,
    ),
    Reminder: st.builds(Reminder, case=uuids, step=steps, due=hashes, to=sets(parties), **_relay),
}
TYPES = (*ROOT_TYPES, *MEMBER_TYPES, *RELAY_TYPES)


def statements(kind: type) -> st.SearchStrategy[Any]:
    """Well-formed values of one statement type."""
    return _STATEMENTS[kind]


any_statement: st.SearchStrategy[Statement] = st.sampled_from(TYPES).flatmap(statements)

copies = st.builds(
    CopyEntry,
    channel=st.sampled_from(codes.CHANNELS),
    quantity=st.integers(1, 99),
    purpose=words,
    name=texts,
)
files = st.builds(
    FileEntry,
    hash=hashes,
    size=counts,
    media_type=st.sampled_from(("application/pdf", "image/jpeg", "application/x-tar")),
    role=st.sampled_from(codes.FILE_ROLES),
    pages=maybe(st.integers(0, 9999)),
    original=st.booleans(),
    signed=st.booleans(),
    name=texts,
)
manifests: st.SearchStrategy[Manifest] = st.builds(
    Manifest,
    relay=origins,
    case=uuids,
    about=maybe(uuids),
    kind=st.sampled_from(codes.KINDS),
    subject=maybe(st.sampled_from(("3.1", "3.2a", "3.2b", "3.6"))),
    term=maybe(st.sampled_from(codes.TERMS)),
    urgency=maybe(st.sampled_from(codes.URGENCIES)),
    from_=members,
    approver=maybe(members),
    to=parties,
    regarding=maybe(hashes),
    due=maybe(dates),
    form=maybe(st.sampled_from(codes.FORMS)),
    **{name: maybe(texts) for name in ("issuer", "parent", "doctype", "symbol", "printed", "place")},
    number=maybe(st.integers(1, 9999)),
    issued=maybe(dates),
    title=texts,
    **{name: maybe(texts) for name in ("authority", "position", "signer", "circulation", "drafting")},
    pages=maybe(st.integers(0, 9999)),
    secrecy=st.sampled_from(codes.SECRECIES),
    secret_until=maybe(dates),
    enclosures=maybe(st.integers(0, 99)),
    reply_to=maybe(texts),
    wish_date=maybe(dates),
    copy=st.lists(copies, max_size=3).map(tuple),
    file=st.lists(files, max_size=3).map(tuple),
    time=times,
    nonce=nonces,
)
