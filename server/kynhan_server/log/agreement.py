"""What both committees agree on: their chains of root statements, profiles, calendars."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from sqlalchemy import select

from kynhan_protocol.agreement import calendar as calendars
from kynhan_protocol.agreement import profile as profiles
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import calendar_changes
from kynhan_protocol.errors import CalendarError, ProfileError
from kynhan_protocol.names import Name
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import CalendarApproval, ProfileAttestation, RootStatement
from kynhan_protocol.vietnam_time import local_date
from kynhan_server.errors import Refused
from kynhan_server.log import moving, refusals, reminders
from kynhan_server.log.draft import Layer
from kynhan_server.log.following import answer_with_acceptance
from kynhan_server.log.intake import Prepared
from kynhan_server.log.logs import first_calendars
from kynhan_server.log.moving import Moving
from kynhan_server.store import tables as t

PAGE: Final = 250
"""Open cases that get new dates in one transaction, so that whoever posts meanwhile waits a fraction of a second."""


def log_root_statement(place: Layer, prepared: Prepared) -> None:
    """Takes the next statement of a committee's chain into the log. Raises Refused."""
    statement = prepared.signed.statement
    assert isinstance(statement, RootStatement)
    if isinstance(statement, ProfileAttestation):
        _check_profile(place, prepared, statement)
    refusals.check(place, prepared.signed, None)
    logged = place.append(prepared.signed)
    place.committees = place.committees.append(logged)
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
    refusals.check(place, prepared.signed, prepared.verified)
    committee = Name.of(statement.by).committee
    book = place.book
    if statement.replaces != book.latest.document:
        raise Refused("stale", f"The calendar in force is {book.latest.document}.")
    if statement.document == statement.replaces:
        raise Refused("not-now", "This calendar is in force already.")
    if any(one.document == statement.document and committee in one.committees for one in book.pending):
        raise Refused("not-now", f"{committee} has signed this calendar already.")
    calendar = _parse_calendar(_document(place, prepared, statement.document))
    if calendar_changes.lacking_years(book.document(book.latest.document), calendar):
        raise Refused("document-mismatch", "The calendar lacks years that the one in force has.")
    logged = place.append(prepared.signed)
    answer_with_acceptance(place, logged, None)
    place.calendars = book.with_documents(calendar).apply(logged)
    if place.calendars.latest != book.latest:
        if moving.under_way(place) is not None:
            raise Refused("unavailable", "The dates of the calendar before are still being moved; try again.")
        _begin_to_move(place, logged)


def _begin_to_move(place: Layer, approval: Logged) -> None:
    """New dates for the cases of this very group, which are not on disk yet, and for the first page of the others."""
    for name in sorted(place.cases):
        _look_at(place, name, approval)
    moving.note(place, Moving(approval, ""))
    move_on(place)


def move_on(place: Layer) -> bool:
    """A DUE for every open case of the next page whose date moves; whether there may be more pages.

    Where none moves, the reminders may still fall on other days, and the case is looked at again in time.
    """
    now = moving.under_way(place)
    if now is None:
        return False
    c = t.cases.c
    query = select(c.case).where(c.log == place.log.id, c.case > now.after, c.next_remind_at.is_not(None))
    page = place.connection.execute(query.order_by(c.case).limit(PAGE)).scalars().all()
    for name in page:
        _look_at(place, name, now.approval)
    more = len(page) == PAGE
    moving.note(place, Moving(now.approval, page[-1]) if more else None)
    return more


def _look_at(place: Layer, name: str, approval: Logged) -> None:
    case = place.case(name)
    if case is not None and not moving.move(place, name, approval):
        with suppress(CalendarError):
            reminders.set_next_look(place, name, case)
