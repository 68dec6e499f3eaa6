"""What both committees agree on: their chains of root statements, profiles, calendars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select

from kynhan_protocol import calendar as calendars
from kynhan_protocol import calendar_changes, fold
from kynhan_protocol import profile as profiles
from kynhan_protocol.errors import CalendarError, ChainError, ProfileError
from kynhan_protocol.logged import Logged
from kynhan_protocol.profile import Profile
from kynhan_protocol.statements import CalendarApproval, ProfileAttestation, RootStatement
from kynhan_protocol.vietnam_time import local_date
from kynhan_server import deadlines, sequencing
from kynhan_server import tables as t
from kynhan_server.draft import Layer
from kynhan_server.errors import Refused
from kynhan_server.following import answer_with_acceptance, log_due
from kynhan_server.intake import Prepared
from kynhan_server.logs import first_calendars

CHAIN_CODES: Final = {
    "not-next": "stale",
    "key-known": "duplicate-member",
    "bad-signature": "bad-signature",
    "other-committee": "not-in-force",
    "key-unknown": "conflict",
}
PAGE: Final = 1_000
"""Cases whose names are read at once."""


def log_root_statement(place: Layer, prepared: Prepared) -> None:
    """Takes the next statement of a committee's chain into the log. Raises Refused."""
    statement = prepared.signed.statement
    assert isinstance(statement, RootStatement)
    if isinstance(statement, ProfileAttestation):
        _check_profile(place, prepared, statement)
    logged = place.append(prepared.signed)
    try:
        place.committees = place.committees.append(logged)
    except ChainError as error:
        raise Refused(CHAIN_CODES.get(error.code, "bad-statement"), str(error)) from None
    answer_with_acceptance(place, logged, None)
    if place.calendars is None:
        place.calendars = first_calendars(place.committees, place.document)


def _check_profile(place: Layer, prepared: Prepared, statement: ProfileAttestation) -> None:
    """The document is this log's: its committees, origin and keys; and its calendar is at hand."""
    data = _document(place, prepared, statement.document)
    try:
        profile = profiles.parse(data)
    except ProfileError as error:
        raise Refused("document-mismatch", str(error)) from None
    if set(profile.committees) != set(place.committees.chains):
        raise Refused(
            "document-mismatch", "The profile names other committees than were admitted to this log."
        )
    if profile.relay.origin != place.log.origin or profile.relay.vkeys != place.log.vkeys:
        raise Refused("document-mismatch", "The profile names another relay, or other keys of it.")
    _calendar(place, prepared, profile)


def _calendar(place: Layer, prepared: Prepared, profile: Profile) -> None:
    if profile.calendar == calendars.shipped().sha:
        _keep(place, profile.calendar, calendars.shipped_bytes())
    calendar = _parse_calendar(_document(place, prepared, profile.calendar))
    if min(calendar.years) > local_date(place.at).year:
        raise Refused("document-mismatch", "The calendar begins only after this year.")


def _document(place: Layer, prepared: Prepared, sha: str) -> bytes:
    """A document posted with the statement, or known already; kept either way."""
    if sha in prepared.documents:
        _keep(place, sha, prepared.documents[sha])
    return place.document(sha)


def _keep(place: Layer, sha: str, data: bytes) -> None:
    place.known["document", sha] = data
    place.rows.documents[sha] = data


def _parse_calendar(data: bytes) -> calendars.Calendar:
    try:
        return calendars.parse(data)
    except CalendarError as error:
        raise Refused("document-mismatch", str(error)) from None


def log_calendar_approval(place: Layer, prepared: Prepared) -> None:
    """Takes an approver's signature under a calendar; the second committee's puts it in force. Raises Refused."""
    statement = prepared.signed.statement
    assert isinstance(statement, CalendarApproval)
    author = sequencing.signer_in_force(place, statement.by)
    sequencing.check_member_statement(place, prepared.signed, [author], prepared.verified)
    if not author.has("approver"):
        raise Refused("forbidden", f"{author.name} is no approver.")
    book = place.book
    if statement.replaces != book.latest.document:
        raise Refused("stale", f"The calendar in force is {book.latest.document}.")
    if statement.document == statement.replaces:
        raise Refused("not-now", "This calendar is in force already.")
    if any(one.document == statement.document and author.committee in one.committees for one in book.pending):
        raise Refused("not-now", f"{author.committee} has signed this calendar already.")
    calendar = _parse_calendar(_document(place, prepared, statement.document))
    if calendar_changes.lacking_years(book.document(book.latest.document), calendar):
        raise Refused("document-mismatch", "The calendar lacks years that the one in force has.")
    logged = place.append(prepared.signed)
    answer_with_acceptance(place, logged, None)
    place.calendars = book.with_documents(calendar).apply(logged)
    if place.calendars.latest != book.latest:
        _move_dates(place, logged)


def _move_dates(place: Layer, approval: Logged) -> None:
    """A DUE for every open case whose date moves. A date that cannot be computed stays as it is.

    Where none moves, the reminders may still fall on other days, and the case is looked at again in time. The DUEs
    answer nobody (their `basis` names the approval), so that its receipt does not grow with them.
    """
    for name in _open_cases(place):
        case = place.case(name)
        if case is None:
            continue
        try:
            draft = fold.due_for_calendar(case, approval, place.profile(case.profile), place.book)
            if draft is None:
                deadlines.set_next_look(place, name, case)
        except CalendarError:
            continue
        if draft is not None:
            log_due(place, draft, None)


def _open_cases(place: Layer) -> Iterator[str]:
    """The cases that something is waited for in, by name, page by page, and those of this very group."""
    c = t.cases.c
    ours = set(place.cases)
    yield from sorted(ours)
    after = ""
    while True:
        query = select(c.case).where(c.log == place.log.id, c.case > after, c.next_remind_at.is_not(None))
        page = place.connection.execute(query.order_by(c.case).limit(PAGE)).scalars().all()
        yield from (name for name in page if name not in ours)
        if len(page) < PAGE:
            return
        after = page[-1]
