"""The grammar of logged statements: one table, one parser, one formatter (DESIGN §3.2).

    kynhan/receipt@v1
    dispatch 41b2…9c
    by cand.example/van-thu
    …

A text is accepted exactly when formatting what was parsed gives back the same bytes.
"""

from __future__ import annotations

from typing import Final, cast

from ..errors import StatementError
from . import codes, coherence, fields
from .records import Field, Record, RecordError, format_record, maybe, one, parse_record, some
from .statements import (
    Acceptance,
    CalendarApproval,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    Membership,
    Opening,
    ProfileAttestation,
    Receipt,
    Reminder,
    Revocation,
    Statement,
    Succession,
    Withdrawal,
)

_CLOSE: Final = (one("time", fields.TIME), one("nonce", fields.NONCE))
_ROOT: Final = (one("number", fields.NUMBER), maybe("previous", fields.HASH), *_CLOSE)
_MEMBER: Final = (one("relay", fields.ORIGIN), one("seen", fields.SEEN), some("head", fields.HASH), *_CLOSE)
_RELAY: Final = (one("relay", fields.ORIGIN), *_CLOSE)
_COMMITTEE: Final = one("committee", fields.COMMITTEE)
_DISPATCH: Final = one("dispatch", fields.HASH)
_BY: Final = one("by", fields.MEMBER)


def _code(statement: str) -> Field:
    return one("code", fields.one_of(codes.CODES[statement]))


RECORDS: Final = tuple(
    Record(f"kynhan/{name}@v1", kind, own + trailing, check)
    for name, kind, own, trailing, check in (
        (
            "membership",
            Membership,
            (
                _COMMITTEE,
                one("member", fields.MEMBER),
                one("holder", fields.TEXT),
                some("role", fields.ROLE),
                one("signing", fields.VKEY),
                maybe("sealing", fields.RECIPIENT),
                one("not-before", fields.TIME),
                one("not-after", fields.TIME),
            ),
            _ROOT,
            coherence.membership,
        ),
        (
            "revocation",
            Revocation,
            (_COMMITTEE, one("member", fields.MEMBER), one("key", fields.VKEY), _code("revocation")),
            _ROOT,
            coherence.revocation,
        ),
        (
            "profile",
            ProfileAttestation,
            (_COMMITTEE, one("document", fields.HASH)),
            _ROOT,
            coherence.chained,
        ),
        (
            "succession",
            Succession,
            (_COMMITTEE, one("root", fields.VKEY), _code("succession")),
            _ROOT,
            coherence.succession,
        ),
        (
            "dispatch",
            Dispatch,
            (
                one("case", fields.UUID),
                maybe("about", fields.UUID),
                one("kind", fields.KIND),
                maybe("term", fields.TERM),
                maybe("urgency", fields.URGENCY),
                one("from", fields.MEMBER),
                maybe("approver", fields.MEMBER),
                one("to", fields.PARTY),
                some("sealed", fields.HASH),
                one("header", fields.HASH_SIZE),
                one("body", fields.HASH_SIZE),
                maybe("regarding", fields.HASH),
                maybe("due", fields.DATE),
                one("profile", fields.HASH),
            ),
            _MEMBER,
            coherence.dispatch,
        ),
        ("receipt", Receipt, (_DISPATCH, _BY), _MEMBER, coherence.nothing),
        (
            "opening",
            Opening,
            (
                _DISPATCH,
                _BY,
                maybe("manifest", fields.HASH),
                one("result", fields.RESULT),
                maybe("code", fields.one_of(codes.CODES["opening"])),
            ),
            _MEMBER,
            coherence.opening,
        ),
        ("decline", Decline, (_DISPATCH, _BY, _code("decline")), _MEMBER, coherence.nothing),
        ("withdrawal", Withdrawal, (_DISPATCH, _BY, _code("withdrawal")), _MEMBER, coherence.nothing),
        ("destruction", Destruction, (_DISPATCH, _BY, _code("destruction")), _MEMBER, coherence.nothing),
        (
            "calendar",
            CalendarApproval,
            (
                _BY,
                one("document", fields.HASH),
                maybe("decision", fields.TOKEN),
                maybe("replaces", fields.HASH),
            ),
            _MEMBER,
            coherence.nothing,
        ),
        ("acceptance", Acceptance, (one("of", fields.HASH),), _RELAY, coherence.nothing),
        ("handover", Handover, (one("of", fields.HASH), _DISPATCH), _RELAY, coherence.nothing),
        (
            "due",
            Due,
            (
                one("case", fields.UUID),
                _DISPATCH,
                maybe("start", fields.HASH),
                one("term", fields.TERM),
                one("profile", fields.HASH),
                one("calendar", fields.HASH),
                one("due", fields.DATE),
                one("provisional", fields.YES_NO),
                one("because", fields.DUE_REASON),
                maybe("basis", fields.HASH),
                maybe("replaces", fields.HASH),
            ),
            _RELAY,
            coherence.nothing,
        ),
        (
            "reminder",
            Reminder,
            (
                one("case", fields.UUID),
                one("step", fields.STEP),
                one("due", fields.HASH),
                some("to", fields.PARTY),
            ),
            _RELAY,
            coherence.nothing,
        ),
    )
)
RECORD_OF: Final[dict[type, Record]] = {record.kind: record for record in RECORDS}
_BY_FIRST_LINE: Final = {record.first_line: record for record in RECORDS}


def parse_text(text: str) -> Statement:
    """The statement that `text` (with the newline before the empty line) spells. Raises StatementError."""
    try:
        return cast(Statement, parse_record(text, _BY_FIRST_LINE))
    except RecordError as error:
        raise StatementError(f"Not a statement: {error}.", line=error.line) from None


def format_text(statement: Statement) -> str:
    """The one text of `statement`; parse_text gives it back. Raises StatementError if it has none."""
    record = RECORD_OF.get(type(statement))
    if record is None:
        raise StatementError(f"Not a statement: a {type(statement).__name__}.")
    try:
        return format_record(statement, record)
    except RecordError as error:
        raise StatementError(f"Not a statement: {error}.", line=error.line) from None
