"""The calendar between two committees: which is in force, which waits, what a new one would change; signing it.

A calendar is in force once an approver of each committee has signed the same document (DESIGN §3.5). What moves then is
decided by the relay and computed again here; a preview runs the same code before anybody signs.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kynhan_protocol.agreement import calendar as documents
from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.calendar_watch import missing_year
from kynhan_protocol.agreement.calendars import Pending
from kynhan_protocol.agreement.profile import document_hash
from kynhan_protocol.case import calendar_changes
from kynhan_protocol.case.calendar_changes import DayChange, Effect, YearChange
from kynhan_protocol.errors import CalendarError
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import CalendarApproval, Due
from kynhan_protocol.vietnam_time import local_date

from ..clauses import clause
from ..errors import ClientError, problem
from ..home.home import Home
from ..log import answers, logbook, mirror, track
from ..log.view import View
from ..packages import drafting
from ..relay.relay import Relay
from .calendar_draft import is_number

APPROVER = "approver"
REMINDED = ("approver", "clerk")
"""Who is reminded: those who can sign a calendar, and those who can see to it that somebody does."""


@dataclass(frozen=True)
class Preview:
    """What a calendar would change. `whole` says that this home sees every case of the log; `cases` how many it saw."""

    before: Calendar
    after: Calendar
    years: tuple[YearChange, ...]
    days: tuple[DayChange, ...]
    effects: tuple[tuple[Effect, str | None], ...]
    cases: int
    whole: bool


@dataclass(frozen=True)
class Approved:
    """Our signature: the statement, its index, whether the calendar is in force now, and how many dates it moved."""

    statement: str
    index: int
    in_force: bool
    moved: int


@dataclass(frozen=True)
class Notice:
    """What somebody has to be told: the year whose calendar is missing, and the document that waits for our side."""

    missing: int | None
    waiting: Pending | None


def in_force(view: View) -> Calendar:
    """The calendar in force now. Raises ClientError no-profile, keys-missing."""
    try:
        return view.calendars.in_force(view.size)
    except CalendarError as error:
        raise problem("keys-missing", what=clause("thing.calendar")) from error


def waiting_for(view: View, committee: str) -> Pending | None:
    """The newest calendar that only the other committee has signed."""
    unsigned = [one for one in view.calendars.pending if committee not in one.committees]
    return unsigned[-1] if unsigned else None


def other_waits(view: View, home: Home, candidate: Calendar) -> Pending | None:
    """The calendar that the other committee signed in place of `candidate`, so that ours alone will not come in force;
    None where it signed the same one, or none."""
    if any(one.document == candidate.sha for one in view.calendars.pending):
        return None
    return waiting_for(view, home.config.committee)


def notice(home: Home) -> Notice:
    """What this home's user is to be reminded of about calendars; nothing before there is a profile."""
    nothing = Notice(None, None)
    if home.config.relay is None or not set(REMINDED) & set(home.config.roles):
        return nothing
    view = View(home)
    try:
        calendar = in_force(view)
    except ClientError:
        return nothing
    return Notice(missing_year(calendar, local_date(view.now)), waiting_for(view, home.config.committee))


def read(data: bytes, path: Path) -> Calendar:
    """The calendar in a file. Raises ClientError bad-file."""
    try:
        return documents.parse(data)
    except CalendarError as error:
        raise problem("bad-file", path=path, why=error) from error


def proposed(home: Home) -> bytes:
    """The document that the other committee signed and that waits for us. Raises ClientError calendar-none-waits."""
    view = View(home)
    waiting = waiting_for(view, home.config.committee)
    if waiting is None:
        raise problem("calendar-none-waits")
    return document(home, waiting.document)


def document(home: Home, sha256: str) -> bytes:
    """A calendar document at hand. Raises ClientError keys-missing."""
    found = home.archive.document(sha256)
    if found is None:
        raise problem("keys-missing", what=clause("thing.calendar"))
    return found


def check(view: View, candidate: Calendar) -> Calendar:
    """That `candidate` may replace the calendar in force, which is given back.

    Raises ClientError calendar-in-force, calendar-lacks-years.
    """
    before = in_force(view)
    if candidate.sha == before.sha:
        raise problem("calendar-in-force")
    lacking = calendar_changes.lacking_years(before, candidate)
    if lacking:
        raise problem("calendar-lacks-years", years=", ".join(map(str, lacking)))
    return before


def preview(home: Home, candidate: Calendar) -> Preview:
    """What `candidate` changes against the calendar in force, and what it does to each running case seen here.

    Raises ClientError as `check` does.
    """
    view = View(home)
    before = check(view, candidate)
    book = view.calendars
    seen = view.cases()
    effects: list[tuple[Effect, str | None]] = []
    for case in seen:
        if case.due is None:
            continue
        counted_with = book.documents.get(case.due.calendar, before)
        found = calendar_changes.effect(case, candidate, view.profile_of(case.profile), counted_with)
        if found is not None:
            effects.append((found, track.title_of(home, case)))
    effects.sort(key=lambda one: (one[0].what != "moves", one[0].what, one[0].before, one[0].case))
    return Preview(
        before,
        candidate,
        calendar_changes.years(before, candidate),
        calendar_changes.days(before, candidate),
        tuple(effects),
        len(seen),
        "clerk" in home.config.roles,
    )


def require_may_sign(home: Home, candidate: Calendar) -> View:
    """That this home's approver may sign `candidate` now.

    Raises ClientError wrong-role, calendar-signed, and as drafting.require_ready and `check` do.
    """
    view = drafting.require_ready(home, may=(APPROVER,)).view
    check(view, candidate)
    for one in view.calendars.pending:
        if one.document == candidate.sha and home.config.committee in one.committees:
            raise problem("calendar-signed", committee=home.config.committee)
    return view


async def sign(home: Home, relay: Relay, data: bytes) -> Approved:
    """Signs the exact bytes of a calendar and posts them. Sync before.

    Raises ClientError as require_may_sign, Relay.post_statement do; calendar-overtaken, and answers.check do.
    """
    candidate = read(data, Path("-"))
    view = require_may_sign(home, candidate)
    before = in_force(view)
    statement = CalendarApproval(
        by=home.config.member,
        document=candidate.sha,
        decision=_decision(before, candidate),
        replaces=before.sha,
        relay=home.relay.origin,
        seen=view.seen,
        head=view.heads,
        time=home.clock.now(),
        nonce=secrets.token_bytes(16),
    )
    signed = signing.sign(statement, home.keyring.signer)
    try:
        answer = await relay.post_statement(signed.note, documents=(data,))
    except ClientError as error:
        if error.data.get("relay_code") == "stale":
            raise problem("calendar-overtaken") from error
        raise
    accepted = answers.check(home, signed, answer)
    home.archive.put_document(document_hash(data), data)
    await mirror.sync(home, relay)
    now = View(home)
    return Approved(
        accepted.id,
        accepted.own.index,
        now.calendars.latest.document == candidate.sha,
        len(moved(home, accepted.id, accepted.own.index)),
    )


def moved(home: Home, approval: str, index: int) -> list[Due]:
    """The DUEs caused by the calendar that `approval`, logged at `index`, put in force; those that this home sees."""
    entries = (entry.logged.statement for entry in logbook.of_types(home.archive, "due", start=index))
    return [
        one for one in entries if isinstance(one, Due) and one.because == "calendar" and one.basis == approval
    ]


def once_a_day(home: Home, tell: Callable[[Notice], None]) -> None:
    """Tells what there is to be reminded of, unless this home has told the very same today."""
    found = notice(home)
    waiting = None if found.waiting is None else found.waiting.document
    told = [local_date(home.clock.now()).isoformat(), found.missing, waiting]
    if (found.missing, waiting) == (None, None) or home.archive.get("calendar-told") == told:
        return
    tell(found)
    home.archive.put("calendar-told", told)


def _decision(before: Calendar, after: Calendar) -> str | None:
    """The number behind the newest year that differs, if it has one that a statement can carry."""
    numbers = [one.after.decision for one in calendar_changes.years(before, after) if one.after is not None]
    known = [number for number in numbers if number is not None and is_number(number)]
    return known[-1] if known else None
