"""What happens in the year, drawn from a seed: for every case who does what on which day. No code of the product here.

steps(seed=7, cases=400)     every Step of 2025 and 2026, in the order in which it happens
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from tests.journeys.year.days import Days, at, three

CCQ, CA = "ccq.example", "ca.example"
UNITS = ("ca.example/pc01", "ca.example/pc02", "ca.example/pc03")
BEGIN, END = date(2025, 1, 2), date(2026, 12, 31)
DECISIONS = (date(2025, 12, 25), date(2026, 10, 12))
OUTAGES = ((date(2025, 6, 17), date(2025, 6, 20)), (date(2026, 3, 9), date(2026, 3, 11)))
"""The relay is down from 17:00 of the first day to 10:00 of the second."""

SUBJECTS = {
    "3.1": ("in-province", "in-country", "foreign"),
    "3.2a": ("in-province", "in-country", "foreign"),
    "3.2b": ("in-province", "in-country", "foreign"),
    "3.3": ("in-province", "in-country", "foreign", None),
    "3.4": ("in-province", "in-country"),
    "3.5": (None,),
    "3.6": (None,),
}


NOT_YET = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """`act` by `who` (a member or committee) on `day`; `of` is the label of what it makes or deals with.

    `at` is the moment; `more` what else the act needs (kind, to, term, subject, urgency, regarding, days …).
    """

    case: int
    act: str
    who: str
    of: str
    day: date
    order: int
    at: datetime = NOT_YET
    more: dict[str, Any] = field(default_factory=dict)


class _Life:
    """One case being drawn: `day` moves on, every call adds a step."""

    def __init__(self, number: int, draw: random.Random, days: Days) -> None:
        self.number = number
        self.draw = draw
        self.days = days
        self.steps: list[Step] = []
        self.count = 0
        self.last = ""

    def add(self, act: str, who: str, of: str, day: date, **more: Any) -> None:
        self.count += 1
        self.steps.append(Step(self.number, act, who, of, day, self.count, more=more))

    def chance(self, percent: float) -> bool:
        return self.draw.random() * 100 < percent

    def later(self, day: date, least: int, most: int) -> date:
        """So many working days after `day`; the same day for 0. Never while the relay is down."""
        day = self.days.after(day, self.draw.randint(least, most)) if most else day
        while any(begin < day <= end for begin, end in OUTAGES) or not self.days.is_worked(day):
            day = self.days.after(day, 1)
        return day

    def send(
        self, kind: str, who: str, to: str, day: date, *, waits: tuple[int, int] = (0, 1), **more: Any
    ) -> date:
        """A dispatch, signed for and opened after some days; gives the day it was signed for."""
        label = self.last = f"{kind}-{self.count}"
        self.add("send", who, label, day, kind=kind, to=to, **more)
        signed = self.later(day, *waits) if not self.chance(60) else day
        self.add("sign", to, label, signed)
        self.add("open", to, label, signed)
        return signed


def steps(seed: int, cases: int) -> list[Step]:
    """All steps, each at a minute of its own between 08:30 and 16:30."""
    draw = random.Random(seed)
    days = three()[2]
    every: list[Step] = []
    for number in range(cases):
        life = _Life(number, draw, days)
        _live(life)
        every += [step for step in life.steps if step.day <= END]
    return list(_timed(every))


def _timed(every: list[Step]) -> Iterator[Step]:
    by_day: dict[date, list[Step]] = {}
    for step in every:
        by_day.setdefault(step.day, []).append(step)
    for day in sorted(by_day):
        todays = by_day[day]
        gap = 8 * 60 * 60 // (len(todays) + 1)  # seconds
        # Within a day the cases take turns, each in its own order.
        rank: dict[int, int] = {}
        keyed = []
        for step in sorted(todays, key=lambda one: (one.case, one.order)):
            rank[step.case] = rank.get(step.case, 0) + 1
            keyed.append((rank[step.case], step.case, step))
        for place, (_, _, step) in enumerate(sorted(keyed, key=lambda one: one[:2])):
            seconds = (place + 1) * gap
            moment = at(day, 8 + (30 * 60 + seconds) // 3600, (30 * 60 + seconds) % 3600 // 60, seconds % 60)
            yield Step(step.case, step.act, step.who, step.of, day, step.order, moment, step.more)


def _live(life: _Life) -> None:
    draw = life.draw
    begin = BEGIN + (END - BEGIN) * draw.random()
    day = life.later(begin, 0, 0)
    if life.chance(5):
        _notice(life, day)
        return
    subject = draw.choice(tuple(SUBJECTS))
    term = draw.choice(SUBJECTS[subject])
    unit = draw.choice(UNITS)
    direct = life.chance(25)
    to = unit if direct else CA
    urgency = draw.choice(("khan", "thuong-khan", "hoa-toc")) if life.chance(10) else None
    asked = {"kind": "request", "to": to, "term": term, "subject": subject, "urgency": urgency}
    if life.chance(4):
        life.add("send", CCQ, "taken-back", day, **asked)
        life.add("withdraw", CCQ, "taken-back", life.later(day, 0, 2))
        day = life.later(day, 2, 4)
        if life.chance(50):
            return
    elif life.chance(3):
        life.add("send", CCQ, "declined", day, **asked)
        life.add("decline", to, "declined", life.later(day, 0, 2))
        day = life.later(day, 2, 4)
    life.add("send", CCQ, "request", day, **asked)
    signed = day if life.chance(60) else life.later(day, 1, 4)
    life.add("sign", to, "request", signed)
    life.add("open", to, "request", signed)
    _work(life, signed, term, unit, direct)


def _notice(life: _Life, day: date) -> None:
    who, to = (CA, CCQ) if life.chance(60) else (CCQ, CA)
    signed = life.send("notice", who, to, day, waits=(1, 3))
    if life.chance(50):
        life.send("message", to, who, life.later(signed, 0, 3))
    if life.chance(60):
        life.send("closing", CCQ, CA, life.later(signed, 3, 20))


def _work(life: _Life, signed: date, term: str | None, unit: str, direct: bool) -> None:
    """What is done between the receipt and the reply, each at its day; then the reply and the closing."""
    draw = life.draw
    length = {"in-province": 35, "in-country": 45, "foreign": 62, None: 25}[term]
    day = life.later(signed, 0, 1)
    who = unit if direct else CA
    if not direct and life.chance(75):
        day = life.send("assignment", CA, unit, day, waits=(0, 1), regarding="request")
        who = unit
        if life.chance(10):
            unit = next(one for one in UNITS if one != unit)
            day = life.send("assignment", CA, unit, life.later(day, 1, 5), waits=(0, 1), regarding="request")
            who = unit
    if life.chance(9):
        back = life.later(day, 0, 5)
        seen = life.send("return", who, CCQ, back, regarding="request")
        to = unit if direct else CA
        day = life.send("supplement", CCQ, to, life.later(seen, 1, 8), regarding="request")
    if life.chance(15):
        seen = life.send("question", who, CCQ, life.later(day, 0, 6))
        day = life.send(
            "answer", CCQ, who if "/" in who else CA, life.later(seen, 0, 4), regarding="question"
        )
    if life.chance(12):
        life.send("message", CCQ, CA, day)
    if life.chance(4):
        life.send("difficulty", CA, CCQ, day)
    if life.chance(4):
        life.send("note", CCQ, CA, day)
    if life.chance(3) and term == "in-province":
        seen = life.send("correction", CA, CCQ, life.later(day, 0, 3), term="in-country", regarding="request")
        day = life.send(
            "correction", CCQ, CA, life.later(seen, 0, 2), term="in-country", regarding="correction"
        )
    if life.chance(5):
        day = life.send("interim", who, CCQ, life.later(day, 1, 5), regarding="request")
    if term is not None and life.chance(14):
        ahead = life.later(signed, max(1, length - 12), length + 6)
        for _ in range(1 + life.chance(25)):
            ahead = max(ahead, day)
            day = life.send(
                "extension", who, CCQ, ahead, regarding="request", days=draw.choice((5, 10, 15, 20))
            )
            ahead = life.later(day, 3, 12)
    if life.chance(6):
        return  # never answered within the two years, or ever
    late = life.chance(15)
    spent = draw.randint(length + 1, length + 30) if late else draw.randint(min(8, length - 2), length - 2)
    answered = max(life.later(signed, spent, spent), life.later(day, 0, 0))
    seen = life.send("reply", who, CCQ, answered, regarding="request")
    if "/" in who:
        life.send("reply", who, CA, answered, regarding="request", copy=True)
    if life.chance(60):
        life.send("closing", CCQ, CA, life.later(seen, 1, 15))
    elif life.chance(20):
        _recall(life, seen)


def _recall(life: _Life, day: date) -> None:
    """A message that should not have gone out: CA signed for it, is asked to give it back, and destroys it."""
    seen = life.send("message", CCQ, CA, life.later(day, 1, 4))
    asked = life.send("recall", CCQ, CA, life.later(seen, 0, 2), regarding="message")
    life.add("agree", CA, life.last, life.later(asked, 0, 2))
