"""The year computed a second time, by brute force and without the product's code: dates, and who is reminded when.

A Reckoning is told every step at its moment and looks at every ladder at every moment that the relay looks. What it
says is compared with the log at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.journeys.year.days import Days, at, day_of, three
from tests.journeys.year.plan import Step

BEFORE, AFTER, EVERY = (10, 5, 2, 1), (1, 3, 5), 5
RETURN_WITHIN = 5


@dataclass
class Mail:
    """One dispatch: when it was sent, signed for, and how it ended."""

    label: str
    kind: str
    sender: str
    to: str
    sent: datetime
    urgent: bool
    copy: bool = False
    late: bool = False
    signed: datetime | None = None
    ended: str | None = None
    ended_at: datetime | None = None
    reminded: list[str] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        return self.signed is None and self.ended is None


@dataclass
class Date:
    """A due date in force from `at` on."""

    due: date
    original: date
    provisional: bool
    because: str
    at: datetime
    reminded: list[str] = field(default_factory=list)


@dataclass
class Life:
    """One case as the rules make it."""

    number: int
    subject: str | None = None
    mails: dict[str, Mail] = field(default_factory=dict)
    main: str | None = None
    asked: str | None = None
    """The term of the request; `term` after a correction."""
    term: str | None = None
    starts: list[datetime] = field(default_factory=list)
    started: datetime | None = None
    dates: list[Date] = field(default_factory=list)
    returned: bool = False
    return_late: bool = False
    stopped: datetime | None = None
    closed: datetime | None = None

    @property
    def date(self) -> Date | None:
        return self.dates[-1] if self.dates else None

    @property
    def runs(self) -> bool:
        return bool(self.dates) and self.stopped is None and self.closed is None


class Reckoning:
    """All cases, and which calendar is in force."""

    def __init__(self) -> None:
        self.calendars = three()
        self.days: Days = self.calendars[0]
        self.lives: dict[int, Life] = {}
        self.reminders: list[tuple[int, str, str, date]] = []
        """(case, what is reminded of: `due N` or a dispatch's label, step, day)"""

    # --- steps

    def life(self, number: int) -> Life:
        return self.lives.setdefault(number, Life(number))

    def extended_to(self, step: Step) -> date:
        """The date that an extension announces: so many working days after the one in force, or after today."""
        life = self.life(step.case)
        assert life.date is not None
        return self.days.after(max(life.date.due, step.day), step.more["days"])

    def take(self, step: Step, moment: datetime) -> None:
        """A step that was done at `moment`."""
        life = self.life(step.case)
        if step.act == "send":
            self._send(life, step, moment)
        elif step.act == "sign":
            self._sign(life, life.mails[step.of], moment)
        elif step.act in ("withdraw", "decline"):
            life.mails[step.of].ended, life.mails[step.of].ended_at = step.act, moment
        elif step.act == "agree":
            recalled = [mail for mail in life.mails.values() if mail.kind == "message"][-1]
            recalled.ended, recalled.ended_at = "recall", moment

    def _send(self, life: Life, step: Step, moment: datetime) -> None:
        more = step.more
        mail = Mail(
            step.of,
            more["kind"],
            step.who,
            more["to"],
            moment,
            more.get("urgency") is not None,
            copy=more.get("copy", False),
        )
        life.mails[step.of] = mail
        match mail.kind:
            case "request" | "notice":
                life.main, life.subject = step.of, more.get("subject")
                life.term = life.asked = more.get("term")
            case "reply" if not mail.copy and life.stopped is None:
                life.stopped = moment
            case "return":
                assert life.started is not None
                last = self.days.after(day_of(life.started), RETURN_WITHIN)
                life.returned, mail.late = True, day_of(moment) > last
                life.return_late = mail.late
            case "extension":
                assert life.date is not None
                mail.late = day_of(moment) > life.date.due
                self._date(life, self.extended_to(step), life.date.original, "extension", moment)
            case "correction" if more["regarding"] == "correction":
                life.term = more["term"]
                self._count(life, "correction", moment)
            case "closing":
                life.closed = moment

    def _sign(self, life: Life, mail: Mail, moment: datetime) -> None:
        mail.signed = moment
        if mail.kind == "request" and mail.label == life.main:
            self._start(life, "receipt", moment)
        elif mail.kind == "supplement" and life.returned:
            life.returned = False
            if not life.return_late:
                self._start(life, "return", moment)

    def _start(self, life: Life, because: str, moment: datetime) -> None:
        life.started = moment
        life.starts.append(moment)
        if life.term is not None:
            self._count(life, because, moment)

    def _count(self, life: Life, because: str, moment: datetime) -> None:
        assert life.started is not None
        assert life.term is not None
        counted = self.days.term(day_of(life.started), life.term)
        original = counted
        if because != "receipt" and because != "return" and life.date is not None:
            original = max(counted, life.date.original)
        self._date(life, counted, original, because, moment)

    def _date(self, life: Life, due: date, original: date, because: str, moment: datetime) -> None:
        assert life.started is not None
        last = due if life.date is None else max(due, life.date.due)
        provisional = self.days.is_provisional(day_of(life.started), last)
        life.dates.append(Date(last, original, provisional, because, moment))

    def decide(self, number: int, moment: datetime) -> list[int]:
        """A decision comes in force; gives the cases whose date moves or changes its standing."""
        self.days = self.calendars[number]
        moved = []
        for life in self.lives.values():
            if not life.runs or life.started is None or life.term is None or life.date is None:
                continue
            before = life.date
            counted = self.days.term(day_of(life.started), life.term)
            last = max(counted, before.due)
            if (
                last != before.due
                or self.days.is_provisional(day_of(life.started), last) != before.provisional
            ):
                self._date(life, counted, max(counted, before.original), "calendar", moment)
                moved.append(life.number)
        return moved

    # --- reminders

    def look(self, now: datetime) -> None:
        """What the relay has to remind of at `now`: the latest rung reached on each ladder, once."""
        for life in self.lives.values():
            if life.runs and life.date is not None and not (life.returned and not life.return_late):
                date_ = life.date
                name = f"due {len(life.dates)}"
                self._remind(life, name, date_.reminded, self._rungs(date_.due, now), date_.at, now)
            for mail in life.mails.values():
                if mail.waits:
                    self._remind(life, mail.label, mail.reminded, self._waits(mail, now), mail.sent, now)

    def _remind(
        self,
        life: Life,
        name: str,
        reminded: list[str],
        rungs: Iterator[tuple[int, str, datetime]],
        since: datetime,
        now: datetime,
    ) -> None:
        reached = [(order, step) for order, step, moment in rungs if since <= moment <= now]
        if not reached:
            return
        order, step = max(reached)
        if reminded and order <= int(reminded[-1].removeprefix("unsigned")):
            return
        reminded.append(step)
        self.reminders.append((life.number, name, step, day_of(now)))

    def _rungs(self, due: date, now: datetime) -> Iterator[tuple[int, str, datetime]]:
        for days in BEFORE:
            yield -days, f"-{days}", at(self.days.after(due, -days), 8)
        yield 0, "0", at(due, 8)
        day, walked, step = due, 0, 0
        while at(day, 8) <= now:
            step = next((one for one in AFTER if one > step), step + EVERY if step >= AFTER[-1] else 0)
            day, walked = self.days.after(day, step - walked), step
            yield step, f"+{step}", at(day, 8)

    def _waits(self, mail: Mail, now: datetime) -> Iterator[tuple[int, str, datetime]]:
        if mail.urgent:
            yield 0, "unsigned+0", mail.sent
        day, step = day_of(mail.sent), 0
        while at(day, 8) <= now:
            day, step = self.days.after(day, 1), step + 1
            yield step, f"unsigned+{step}", at(day, 8)
