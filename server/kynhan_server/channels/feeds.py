"""The calendar feed of a member: one all-day entry per running deadline, with two alarms (iCalendar, RFC 5545).

Entries bear the case's number and date, no title. What changed since the last look is folded and written anew, the rest
is kept, so that many subscribers cost little; writing happens beside the event loop, which has others to serve.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from icalendar import Alarm, Calendar, Event
from sqlalchemy import func, select

from kynhan_protocol.case import fold, notice_text
from kynhan_protocol.case.case import DueRecord
from kynhan_protocol.case.notice_text import PROVISIONAL
from kynhan_protocol.statements.statements import Dispatch
from kynhan_protocol.vietnam_time import local_time
from kynhan_protocol.words import Words
from kynhan_server.channels.mailing import Language, choose
from kynhan_server.errors import not_found
from kynhan_server.log.logs import as_logged
from kynhan_server.log.rules import RuleBook, Rules
from kynhan_server.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from kynhan_protocol.statements.chains import Certified
    from kynhan_server.clock import Clock
    from kynhan_server.log.logs import Log
    from kynhan_server.store.store import Store

BEFORE: Final = 2
"""Working days between the first alarm and the due date."""
REFRESH: Final = timedelta(hours=1)
NAME: Final = Words(vi="Ký nhận: hạn trả lời", en="Kynhan: due dates")


@dataclass(frozen=True)
class Running:
    """A deadline that somebody has to keep; `unit` has the case, where one does."""

    case: str
    unit: str | None
    due: DueRecord


class Feeds:
    """Feeds of one relay. Lives on the event loop."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._rules = RuleBook()
        self._known: dict[tuple[int, str], tuple[int, Running | None]] = {}
        self._entries: dict[tuple[int, Language], dict[str, _Entry]] = {}
        self._reading = asyncio.Lock()

    async def render(self, log: Log, member: Certified, language: Language) -> bytes:
        """What `member`, who is in force, has to keep or watch. Raises Refused not-found before a profile is."""
        async with self._reading:
            async with self._store.read() as connection:
                rules = await self._rules.in_force(connection, log)
                if rules is None:
                    raise not_found()
                running = await self._running(connection, log)
                mine = None if member.has("clerk") else await _concerning(connection, log, member.name)
            shown = [one for one in running if _is_for(one, member, mine)]
            entries = self._entries.setdefault((log.id, language), {})
            for case in entries.keys() - {one.case for one in running}:
                del entries[case]
            return await asyncio.to_thread(_calendar, shown, rules, language, entries)

    async def _running(self, connection: AsyncConnection, log: Log) -> list[Running]:
        """All running deadlines of a log, by date."""
        s, c = t.statements.c, t.cases.c
        waited_for = select(c.case).where(c.log == log.id, c.next_remind_at.is_not(None))
        query = (
            select(s.case, func.max(s.idx)).where(s.log == log.id, s.case.in_(waited_for)).group_by(s.case)
        )
        newest = {row[0]: row[1] for row in await connection.execute(query)}
        for case, last in newest.items():
            known = self._known.get((log.id, case))
            if known is None or known[0] != last:
                self._known[log.id, case] = last, await self._fold(connection, log, case)
        for key in [key for key in self._known if key[0] == log.id and key[1] not in newest]:
            del self._known[key]
        found = [one for (number, _), (_, one) in self._known.items() if number == log.id and one is not None]
        return sorted(found, key=lambda one: (one.due.due, one.case))

    async def _fold(self, connection: AsyncConnection, log: Log, case: str) -> Running | None:
        s = t.statements.c
        query = select(s.idx, s.note, s.time).where(s.log == log.id, s.case == case).order_by(s.idx)
        history = [as_logged(row.idx, row.note, row.time) for row in await connection.execute(query)]
        first, book = history[0].statement, log.state.calendars
        assert isinstance(first, Dispatch)  # a case begins with one
        assert book is not None  # a profile is in force
        profile = await self._rules.profile(connection, log, first.profile)
        folded = fold.fold(history, profile, book.beside(log.state.committees))
        if folded is None or not folded.clock_runs or folded.due is None:
            return None
        return Running(case, folded.unit, folded.due)


async def _concerning(connection: AsyncConnection, log: Log, member: str) -> frozenset[str]:
    c = t.concerned.c
    found = await connection.execute(select(c.case).where(c.log == log.id, c.member == member))
    return frozenset(found.scalars())


def _is_for(one: Running, member: Certified, mine: frozenset[str] | None) -> bool:
    """A clerk watches all of the log; others what concerns them, a unit only what it has itself."""
    if mine is None:
        return True
    if member.statement.role == ("unit",):
        return one.unit == member.name
    return one.case in mine


@dataclass(frozen=True)
class _Entry:
    """A written VEVENT, and what it was written from."""

    due: DueRecord
    calendar: str
    at: str
    text: bytes


def _calendar(running: list[Running], rules: Rules, language: Language, entries: dict[str, _Entry]) -> bytes:
    """The whole feed; `entries` has what was written before, by case, and gets what is written now."""
    calendar, at = rules.calendar.sha, rules.profile.reminders.at
    parts = []
    for one in running:
        kept = entries.get(one.case)
        if kept is None or (kept.due, kept.calendar, kept.at) != (one.due, calendar, at):
            text = bytes(_event(one, rules, language).to_ical())
            kept = entries[one.case] = _Entry(one.due, calendar, at, text)
        parts.append(kept.text)
    begin, end, _ = bytes(_frame(language).to_ical()).partition(b"END:VCALENDAR")
    return b"".join([begin, *parts, end, b"\r\n"])


def _frame(language: Language) -> Calendar:
    made = Calendar()
    made.add("prodid", "-//Kynhan//Kynhan relay//VI")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    name = choose(NAME, language, " / ")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    return made


def _event(one: Running, rules: Rules, language: Language) -> Event:
    due = one.due
    made = Event()
    made.add("uid", one.case)
    made.add("sequence", due.index)
    made.add("dtstamp", due.at)
    made.add("dtstart", due.due)
    made.add("dtend", due.due + timedelta(days=1))
    made.add("transp", "TRANSPARENT")
    made.add("class", "PRIVATE")
    made.add("status", "TENTATIVE" if due.provisional else "CONFIRMED")
    summary = _summary(one)
    made.add("summary", choose(summary, language, " / "))
    made.add("description", notice_text.command(one.case))
    at = time.fromisoformat(rules.profile.reminders.at)
    for day in (rules.calendar.add_working_days(due.due, -BEFORE), due.due):
        made.add_component(_alarm(local_time(day, at), choose(summary, language, " / ")))
    return made


def _summary(one: Running) -> Words:
    target = one.due.nature == "target"
    case = notice_text.short(one.case)
    vi, en = ("Mốc phấn đấu", "Target") if target else ("Hạn trả lời", "Due date")
    if one.due.provisional:
        vi, en = f"{vi} ({PROVISIONAL.vi})", f"{en} ({PROVISIONAL.en})"
    return Words(vi=f"{vi}: việc {case}", en=f"{en}: case {case}")


def _alarm(at: datetime, text: str) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", text)
    made.add("trigger", at.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
    return made
