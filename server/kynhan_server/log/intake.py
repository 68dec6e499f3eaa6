"""How a posted statement comes in: read and checked before the transaction, dispatches logged inside it.

prepare() does what needs no place in the log and no database, off the writer's thread. What it refuses may still be a
variant of a logged text, which gets the first one's answer; so the refusal is kept until that is known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from kynhan_keys import header as age_headers
from kynhan_keys import notes
from kynhan_keys.errors import HeaderError, NoteError
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.errors import StatementError
from kynhan_protocol.names import Name
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import (
    CalendarApproval,
    Dispatch,
    MemberStatement,
    ProfileAttestation,
    RelayStatement,
)
from kynhan_server import config
from kynhan_server.errors import Refused
from kynhan_server.log import moving, refusals
from kynhan_server.log.draft import Layer
from kynhan_server.log.following import answer_with_acceptance
from kynhan_server.log.logs import LogState, Standing
from kynhan_server.store import tables as t

STANZA: Final = "mlkem768x25519"
MIN_BODY: Final = 16 + 16
"""Bytes of the smallest age payload: its nonce, and the tag of an empty last chunk."""


@dataclass(frozen=True)
class Submission:
    """What was posted. A dispatch has its header, and either its body or the id of a finished upload."""

    note: bytes
    header: bytes | None = None
    body: bytes | None = None
    upload: str | None = None
    documents: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A submission as read. `verified` are the keys under which its signature lines were found valid, in order; a
    dispatch's header was parsed only if there are such keys.
    """

    submission: Submission
    text_hash: str
    signed: SignedStatement
    verified: tuple[Vkey, ...] | None
    header_hash: str | None
    body_hash: str | None
    documents: Mapping[str, bytes]


@dataclass(frozen=True)
class Unacceptable:
    """A submission that cannot be logged. If its text was logged before, it gets that answer all the same."""

    text_hash: str
    refusal: Refused


def prepare(
    submission: Submission, state: LogState, standing: Standing, at: datetime
) -> Prepared | Unacceptable:
    """Reads a submission, as of `state` and the time `at`. Raises Refused where there is no text to recognise."""
    try:
        text = notes.split_text(submission.note[: signing.MAX_BYTES + 1])
    except NoteError as error:
        raise Refused("bad-statement", f"Not a signed note: {error}.") from None
    text_hash = hashlib.sha256(text).hexdigest()
    try:
        return _read(submission, text_hash, state, standing, at)
    except StatementError as error:
        code = "bad-signature" if error.code == "bad-signature" else "bad-statement"
        return Unacceptable(text_hash, Refused(code, str(error)))
    except Refused as refusal:
        return Unacceptable(text_hash, refusal)


def _read(
    submission: Submission, text_hash: str, state: LogState, standing: Standing, at: datetime
) -> Prepared:
    signed = signing.parse(submission.note)
    statement = signed.statement
    if isinstance(statement, RelayStatement):
        raise Refused("bad-statement", "Only the relay makes statements of this type.")
    if isinstance(statement, Dispatch):
        _check_parts(submission)
    elif submission.header is not None or submission.body is not None or submission.upload is not None:
        raise Refused("bad-request", "Header and body come with a dispatch only.")
    if submission.documents and not isinstance(statement, ProfileAttestation | CalendarApproval):
        raise Refused("bad-request", "Documents come with a profile or calendar only.")
    verified = _verified(signed, state, standing, at)
    if isinstance(statement, Dispatch) and verified is not None:
        _check_header(submission, statement)
    return Prepared(
        submission,
        text_hash,
        signed,
        verified,
        _hash(submission.header),
        _hash(submission.body),
        {hashlib.sha256(document).hexdigest(): document for document in submission.documents},
    )


def _hash(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _check_parts(submission: Submission) -> None:
    """That a dispatch comes with one header and one body; neither is looked into."""
    if submission.header is None:
        raise Refused("header-mismatch", "A dispatch comes with its header.")
    if (submission.body is None) == (submission.upload is None):
        raise Refused("body-mismatch", "A dispatch comes with its body, or with the upload of it.")
    if submission.body is not None and len(submission.body) > config.INLINE_BODY:
        raise Refused("too-large", f"A body above {config.INLINE_BODY} bytes is uploaded first.")


def _check_header(submission: Submission, statement: Dispatch) -> None:
    """That the header is one for the keys in `sealed`. Called once the signatures are known to be valid, and only
    then: what nobody signed costs the relay no parsing.
    """
    assert submission.header is not None  # _check_parts saw to it
    try:
        stanzas = age_headers.parse(submission.header).stanzas
    except HeaderError as error:
        raise Refused("header-mismatch", f"Not an age header: {error}.") from None
    if any(stanza.type != STANZA for stanza in stanzas):
        raise Refused("header-mismatch", f"Every stanza has to be of type {STANZA}.")
    if len(stanzas) != len(statement.sealed):
        raise Refused("header-mismatch", f"{len(stanzas)} stanzas for {len(statement.sealed)} keys.")


def _verified(
    signed: SignedStatement, state: LogState, standing: Standing, at: datetime
) -> tuple[Vkey, ...] | None:
    if not isinstance(signed.statement, MemberStatement):
        return None  # a chain verifies its own
    members = standing.members(state.committees, at)
    found = [members.get(name) for name in signing.signer_names(signed.statement)]
    keys = tuple(member.statement.signing for member in found if member is not None)
    if len(keys) != len(found):
        return None
    try:
        signing.verify(signed, keys)
    except StatementError:
        return None  # perhaps under a key just certified: the transaction decides
    return keys


def log_dispatch(place: Layer, prepared: Prepared) -> None:
    """Takes a dispatch into the log, with its ACCEPTANCE. Raises Refused."""
    statement = prepared.signed.statement
    assert isinstance(statement, Dispatch)
    refusals.check(place, prepared.signed, prepared.verified)
    if prepared.verified is None:
        _check_header(prepared.submission, statement)
    moving.settle(place, statement.case)
    refusals.check_case(place, prepared.signed)
    row = _check_package(place, prepared, statement)
    logged = place.append(prepared.signed, case=statement.case)
    place.known["dispatch", logged.id] = logged
    place.known["header", statement.header.hash] = logged.id
    place.known["body", statement.body.hash] = (*place.users_of(statement.body.hash), logged.id)
    place.rows.dispatches.append({"id": logged.id, "idx": logged.index, **row})
    if prepared.submission.upload is not None:
        place.known["upload", prepared.submission.upload] = logged.id
        place.rows.uploads[prepared.submission.upload] = logged.id
    named = {statement.from_, statement.approver, statement.to if Name.of(statement.to).is_member else None}
    place.rows.concerned |= {(statement.case, name) for name in named if name is not None}
    answer_with_acceptance(place, logged, statement.case)


def _check_package(place: Layer, prepared: Prepared, statement: Dispatch) -> dict[str, object]:
    """What the table of dispatches gets: header and body exactly as signed, and nobody else's."""
    submission = prepared.submission
    assert submission.header is not None  # prepare() saw to it
    if (prepared.header_hash, len(submission.header)) != (statement.header.hash, statement.header.size):
        raise Refused("header-mismatch", "The header is not the one that the dispatch names.")
    if statement.body.size < MIN_BODY:
        raise Refused("body-mismatch", f"An age payload has at least {MIN_BODY} bytes.")
    if submission.upload is not None:
        _check_upload(place, submission.upload, statement)
    elif (prepared.body_hash, len(submission.body or b"")) != (statement.body.hash, statement.body.size):
        raise Refused("body-mismatch", "The body is not the one that the dispatch names.")
    return {
        "header_hash": statement.header.hash,
        "header": submission.header,
        "body_hash": statement.body.hash,
        "body_size": statement.body.size,
        "body": submission.body,
        "blob": submission.upload,
        "state": "sent",
    }


def _check_upload(place: Layer, upload: str, statement: Dispatch) -> None:
    u = t.uploads.c
    row = place.connection.execute(select(t.uploads).where(u.log == place.log.id, u.id == upload)).first()
    committee = Name.of(statement.from_).committee
    if row is None or row.committee != committee or row.dispatch or ("upload", upload) in place.known:
        raise Refused("body-mismatch", "There is no such upload of this committee.")
    if row.offset != row.length:
        raise Refused("body-mismatch", f"The upload is not complete: {row.offset} of {row.length} bytes.")
    if (row.sha256, row.length) != (statement.body.hash, statement.body.size):
        raise Refused("body-mismatch", "The upload is not the body that the dispatch names.")
