"""The outbox: one row for each reminder and channel, written in the transaction that logs the reminder.

    waiting ──claimed, handed over──▶ sent
       ▲ └──refused for good, or too old──▶ failed
       └── not this time: next_try, exponentially later

A row is made exactly once (its primary key). It is handed over at least once: a process claims it for LEASE seconds and
fixes its `batch`, the message's id, before it sends; after a crash in between another repeats it under the same id.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import Connection, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from kynhan_protocol.agreement import office_hours
from kynhan_protocol.agreement.ladder import order_of
from kynhan_protocol.case.case import Case
from kynhan_protocol.case.notice_text import UNSIGNED, Notice, notice_of
from kynhan_protocol.case.reminding import ReminderDraft
from kynhan_protocol.statements.chains import Certified
from kynhan_server.store import tables as t

if TYPE_CHECKING:
    from kynhan_server.log.draft import Layer

CODE: Final = "code"
CALENDAR: Final = "calendar"
LEASE: Final = 120
"""Seconds that a process may take to hand a message over before another one tries."""
FIRST_PAUSE: Final = 60
LONGEST_PAUSE: Final = 6 * 3600
GIVEN_UP: Final = 5 * 86_400
"""Seconds after which a message that still did not go is given up, if it was tried LEAST_TRIES times by then."""
LEAST_TRIES: Final = 10
"""So that a long holiday alone gives nothing up."""
KEPT: Final = 90 * 86_400
"""Seconds that finished rows are kept, for the counts that a member sees."""


@dataclass(frozen=True)
class Waiting:
    """A row to be sent, with the channel it goes by."""

    log: int
    about: str
    channel: str
    notice: Notice | None
    urgent: bool
    created: int
    attempts: int
    batch: str | None
    member: str
    kind: str
    address: str
    language: Literal["vi", "en", "both"]
    digest: bool
    code: str | None

    @property
    def gathered(self) -> bool:
        """Whether it goes with the day's others in one mail."""
        return self.digest and not self.urgent


# --- made


def announce(place: Layer, case: Case, draft: ReminderDraft, reminder: str, to: Iterable[str]) -> None:
    """Puts a row on `place` for each confirmed channel of those reminded; `reminder` is the statement's id."""
    c = t.channels.c
    query = select(c.id, c.member, c.digest).where(
        c.log == place.log.id, c.member.in_(list(to)), c.confirmed.is_not(None), c.kind != "feed"
    )
    rows = place.connection.execute(query).all()
    if not rows:
        return
    members, urgent = place.in_force(), is_urgent(case, draft)
    for row in rows:
        place.rows.notices.append(
            {
                **_blank(place.log.id, reminder, row.id, place.time),
                **_told(case, draft, members.get(row.member)),
                "urgent": urgent,
                "next_try": place.time if urgent else _first_try(place, case, digest=row.digest),
            }
        )


def is_urgent(case: Case, draft: ReminderDraft) -> bool:
    """Whether it is about an urgent package that nobody has signed for."""
    if not draft.step.startswith(UNSIGNED):
        return False
    return case.dispatches[draft.due].urgency is not None


def code_row(log: int, channel: str, now: int) -> dict[str, Any]:
    """The mail with a confirmation code: somebody waits for it."""
    return {**_blank(log, CODE, channel, now), "urgent": True}


def calendar_row(log: int, channel: str, year: int, on: date, now: int) -> dict[str, Any]:
    """That the calendar of `year` is missing: once a week."""
    week = on.isocalendar()
    return _blank(log, f"{CALENDAR}-{year}-{week.year}W{week.week:02d}", channel, now)


def insert(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Writes those that are not there yet."""
    if rows:
        dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(t.notices).on_conflict_do_nothing(), list(rows))


def _blank(log: int, about: str, channel: str, now: int) -> dict[str, Any]:
    return {
        "log": log,
        "about": about,
        "channel": channel,
        "case": None,
        "step": None,
        "date": None,
        "provisional": False,
        "target": False,
        "escalated": False,
        "urgent": False,
        "created": now,
        "state": "waiting",
        "attempts": 0,
        "next_try": now,
    }


def _told(case: Case, draft: ReminderDraft, member: Certified | None) -> dict[str, Any]:
    notice = notice_of(case, draft.step, draft.due if draft.step.startswith(UNSIGNED) else None)
    only_approves = member is not None and member.has("approver") and not member.has("clerk")
    assert notice.date is not None  # only a calendar's has none
    return {
        "case": case.id,
        "step": notice.step,
        "date": notice.date.isoformat(),
        "provisional": notice.provisional,
        "target": notice.target,
        "escalated": only_approves and not notice.unsigned and order_of(draft.step) >= 0,
    }


def _first_try(place: Layer, case: Case, *, digest: bool) -> int:
    profile, calendar = place.profile(case.profile), place.book.in_force(place.size)
    if digest:
        moment = office_hours.digest_moment(place.at, profile.reminders.at, profile.hours, calendar)
    else:
        moment = office_hours.next_open(place.at, profile.hours, calendar)
    return int(moment.timestamp())


# --- taken, and settled


def due_query(now: int, limit: int) -> Any:
    """Rows whose time has come and that nobody is sending, with their channels, oldest first."""
    return _due(now).limit(limit)


def digest_query(now: int, log: int, channel: str) -> Any:
    """All rows of due_query that go by one channel's digests, or went in one that is to be repeated: however many, so
    that a digest lacks nothing, and a repetition says what the first one said.
    """
    n = t.notices.c
    return _due(now).where(n.log == log, n.channel == channel, n.urgent.is_(False))


def waiting(row: Any) -> Waiting:
    """A row of due_query as a value."""
    notice = None
    if row.case is not None:
        notice = Notice(
            row.case, row.step, date.fromisoformat(row.date), row.provisional, row.target, row.escalated
        )
    return Waiting(
        row.log,
        row.about,
        row.channel,
        notice,
        row.urgent,
        row.created,
        row.attempts,
        row.batch,
        row.member,
        row.kind,
        row.address,
        row.language,
        row.digest,
        row.code,
    )


def claim(connection: Connection, group: Sequence[Waiting], now: int) -> tuple[str, list[Waiting]]:
    """Takes a message's rows for this process: its batch, and those that were still to be had."""
    batch = next((one.batch for one in group if one.batch is not None), None) or os.urandom(16).hex()
    n = t.notices.c
    taken = []
    for one in group:
        update = t.notices.update().where(*_is(one), n.state == "waiting", _free(now))
        update = update.where(n.batch.is_(None) if one.batch is None else n.batch == one.batch)
        values = {"batch": batch, "claimed_until": now + LEASE, "attempts": n.attempts + 1}
        if connection.execute(update.values(values)).rowcount:
            taken.append(one)
    return batch, taken


def postpone(connection: Connection, group: Iterable[Waiting], until: int) -> None:
    """Not now: office hours, or a digest that went already."""
    for one in group:
        connection.execute(t.notices.update().where(*_is(one)).values(next_try=until))


def sent(connection: Connection, group: Iterable[Waiting], now: int) -> None:
    """It was handed over."""
    for one in group:
        _finish(connection, one, "sent", now, None)


def failed(connection: Connection, group: Iterable[Waiting], now: int, error: str, *, final: bool) -> None:
    """It was not: once more later, unless that is no use or it has become too old."""
    for one in group:
        later = now + min(LONGEST_PAUSE, FIRST_PAUSE << min(one.attempts, 20))
        too_old = later > one.created + GIVEN_UP and one.attempts + 1 >= LEAST_TRIES
        if final or too_old:
            _finish(connection, one, "failed", now, error)
        else:
            update = t.notices.update().where(*_is(one))
            connection.execute(update.values(next_try=later, claimed_until=None, error=error))


def had_digest(connection: Connection, log: int, channel: str, since: int) -> bool:
    """Whether a digest that began after `since` (POSIX seconds) went by the channel.

    One that was begun on an earlier day and only went now is not this day's.
    """
    n = t.notices.c
    query = select(n.about).where(
        n.log == log, n.channel == channel, n.state == "sent", n.urgent.is_(False), n.finished >= since
    )
    began = or_(n.attempts == 1, n.created >= since)
    return connection.execute(query.where(began).limit(1)).first() is not None


def prune(connection: Connection, now: int) -> None:
    """Forgets what was finished long ago."""
    connection.execute(t.notices.delete().where(t.notices.c.finished < now - KEPT))


def _due(now: int) -> Any:
    n, c = t.notices.c, t.channels.c
    joined = t.notices.join(t.channels, (n.log == c.log) & (n.channel == c.id))
    return (
        select(t.notices, c.member, c.kind, c.address, c.language, c.digest, c.code)
        .select_from(joined)
        .where(n.state == "waiting", n.next_try <= now, _free(now))
        .order_by(n.next_try, n.created, n.about)
    )


def _finish(connection: Connection, one: Waiting, state: str, now: int, error: str | None) -> None:
    values = {"state": state, "finished": now, "error": error, "next_try": None, "claimed_until": None}
    connection.execute(t.notices.update().where(*_is(one)).values(values))


def _free(now: int) -> Any:
    n = t.notices.c
    return or_(n.claimed_until.is_(None), n.claimed_until <= now)


def _is(one: Waiting) -> tuple[Any, ...]:
    n = t.notices.c
    return n.log == one.log, n.about == one.about, n.channel == one.channel
