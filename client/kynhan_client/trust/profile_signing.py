"""Attesting the profile: what changes against the one in force, and the root's signature under the exact bytes.

A profile is in force once both committees attested the same document (DESIGN §3.2).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.agreement.profile import Profile, document_hash
from kynhan_protocol.errors import CalendarError, ProfileError
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import ProfileAttestation

from ..clauses import clause
from ..errors import ClientError, problem
from ..home.home import Home
from ..log.answers import Accepted
from ..log.view import View
from ..relay.relay import Relay
from . import members


@dataclass(frozen=True)
class Difference:
    """One value that differs: where it stands (`terms.0.days`), before and after; None where there is none."""

    where: str
    before: object
    after: object


def differences(home: Home, document: bytes) -> list[Difference]:
    """What `document` changes against the profile in force; everything in it, if none is. Raises ClientError."""
    read(home, document)
    view = View(home)
    try:
        before = view.archive.document(view.profile_id)
    except ClientError:
        before = None
    old = dict(_flat(json.loads(before))) if before else {}
    new = dict(_flat(json.loads(document)))
    keys = sorted(old.keys() | new.keys(), key=lambda key: [part.zfill(4) for part in key.split(".")])
    return [Difference(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def read(home: Home, document: bytes) -> Profile:
    """The profile in `document`, if it is one for this home's log.

    Raises ClientError bad-file: not a profile, another relay or other keys, other committees.
    """
    address = home.relay
    try:
        found = profile.parse(document)
    except ProfileError as error:
        raise problem("bad-file", path="profile", why=error) from error
    relay = found.relay
    if (relay.origin, relay.ed25519, relay.ml_dsa_44) != (address.origin, address.ed25519, address.ml_dsa_44):
        raise problem("bad-file", path="profile", why=clause("profile.other-relay"))
    if set(found.committees) != set(address.roots):
        raise problem("bad-file", path="profile", why=clause("profile.other-committees"))
    return found


async def attest(
    home: Home, relay: Relay, document: bytes, calendar_document: bytes | None = None
) -> Accepted:
    """Signs the exact bytes with the root and posts them, with the calendar that they name.

    The calendar is the one given, else one known, else the shipped one. Sync before. Raises ClientError no-root-key,
    bad-file, frozen, and as members.post().
    """
    found = read(home, document)
    first = _calendar(home, found.calendar, calendar_document)
    if home.keyring.root is None:
        raise problem("no-root-key", committee=home.config.committee)
    home.require_not_frozen()
    chain = View(home).committees.chains[home.config.committee]
    statement = ProfileAttestation(
        committee=home.config.committee,
        document=document_hash(document),
        number=len(chain.links) + 1,
        previous=chain.head,
        time=home.clock.now(),
        nonce=secrets.token_bytes(16),
    )
    accepted = await members.post(home, relay, signing.sign(statement, home.keyring.root), document, first)
    home.archive.put_document(document_hash(document), document)
    home.archive.put_document(document_hash(first), first)
    return accepted


def _calendar(home: Home, sha256: str, given: bytes | None) -> bytes:
    for data in (given, home.archive.document(sha256), calendar.shipped_bytes()):
        if data is not None and document_hash(data) == sha256:
            try:
                calendar.parse(data)
            except CalendarError as error:
                raise problem("bad-file", path=clause("thing.calendar"), why=error) from error
            return data
    raise problem("bad-file", path="profile", why=clause("profile.no-calendar", id=sha256[:16]))


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, object]]:
    """The leaves of a JSON value under dotted names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{prefix}{key}.")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{prefix}{number}.")
    else:
        yield prefix.removesuffix("."), value
