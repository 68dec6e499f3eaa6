"""The figures of a report counted by brute force from the reckoned lives; no code of the product.

counted(lives, days, since, until, subject_of=…)     the shape that docs/spec/reports.md gives `figures`
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tests.journeys.year.days import DAY, Days, at, day_of
from tests.journeys.year.plan import CA, CCQ
from tests.journeys.year.reckoning import Date, Life, Mail

SMALL, SOON = 3, 5
KINDS = (
    *("request", "supplement", "message", "question", "answer", "reply", "interim", "extension", "return"),
    *("assignment", "notice", "conference", "minutes", "opinion", "closing", "recall", "correction", "note"),
    "difficulty",
)


class Seen:
    """A life as it stood at `until`, looked at from a period that begins at `since`."""

    def __init__(self, life: Life, since: datetime, until: datetime) -> None:
        self.life, self.since, self.until = life, since, until
        self.mails = [mail for mail in life.mails.values() if mail.sent < until]
        self.starts = [start for start in life.starts if start < until]
        self.stopped = life.stopped if life.stopped is not None and life.stopped < until else None
        self.closed = life.closed if life.closed is not None and life.closed < until else None
        self.dates = [one for one in life.dates if one.at < until]

    def during(self, moment: datetime | None) -> bool:
        return moment is not None and self.since <= moment < self.until

    @property
    def entered(self) -> str | None:
        if not self.starts:
            return None
        first = self.starts[0]
        if first >= self.since:
            return "received"
        gone = min(
            one for one in (self.stopped, self.closed, datetime.max.replace(tzinfo=first.tzinfo)) if one
        )
        return "carried-over" if gone >= self.since else None

    @property
    def outcome(self) -> str:
        if self.stopped is not None:
            return "answered"
        return "fallen-out" if self.closed is not None else "open"

    @property
    def term(self) -> str:
        agreed = [mail for mail in self.mails if mail.kind == "correction"]
        return "in-country" if len(agreed) == 2 else self.life.asked or "none"

    @property
    def unit(self) -> str:
        found = [mail.to for mail in self.mails if mail.kind == "assignment"]
        asked = [mail.to for mail in self.mails if mail.kind == "request" and "/" in mail.to]
        return (found or asked or [CA])[-1]

    @property
    def date(self) -> Date | None:
        return self.dates[-1] if self.dates else None

    @property
    def waits_since(self) -> datetime | None:
        """Since when a dossier returned in time waits for its supplement."""
        returned = [mail for mail in self.mails if mail.kind == "return" and self.counts(mail)]
        if not returned or returned[-1].late:
            return None
        since = returned[-1].sent
        brought = [one for one in self.mails if one.kind == "supplement" and one.sent > since]
        came = any(one.signed is not None and one.signed < self.until for one in brought)
        return None if came else since

    def sent(self, kind: str) -> list[Mail]:
        """What of a kind was sent in the period and not taken back or declined."""
        return [
            one
            for one in self.mails
            if one.kind == kind and not one.copy and self.during(one.sent) and self.counts(one)
        ]

    def counts(self, mail: Mail) -> bool:
        return mail.ended is None or mail.ended_at is None or mail.ended_at >= self.until


def counted(
    lives: Iterable[Life],
    days: Days,
    since: datetime,
    until: datetime,
    *,
    subject_of: Callable[[Life], str] | None,
) -> dict[str, Any]:
    """The figures of a period. `subject_of` is what whoever reports knows of a case's subject; None: nothing at all."""
    seen = [Seen(life, since, until) for life in lives]
    seen = [one for one in seen if one.mails]
    period = [one for one in seen if one.entered]
    extensions = [one.sent("extension") for one in seen]
    returns = [mail for one in seen for mail in one.sent("return")]
    requests = [mail for one in seen for mail in one.mails if mail.kind == "request"]
    return {
        "total": _group(period, days),
        "by-term": _rows(period, lambda one: one.term, days),
        "by-unit": _rows(period, lambda one: one.unit, days),
        "by-subject": None if subject_of is None else _rows(period, lambda one: subject_of(one.life), days),
        "extensions": {
            "cases": sum(1 for one in extensions if one),
            "given": sum(map(len, extensions)),
            "late": sum(mail.late for one in extensions for mail in one),
        },
        "returns": {
            "given": len(returns),
            "late": sum(mail.late for mail in returns),
            "restarts": sum(one.during(start) for one in seen for start in one.starts[1:]),
        },
        "fallen-out": {
            "faulty": 0,
            "recalled": 0,
            "closed": sum(one.outcome == "fallen-out" for one in period),
        },
        "never-received": {
            name: sum(mail.ended == act and since <= _moment(mail.ended_at) < until for mail in requests)
            for name, act in (("declined", "decline"), ("withdrawn", "withdraw"))
        },
        "requests": _signing(seen, "request", days),
        "replies": _signing(seen, "reply", days),
        "sent": [
            {
                "kind": kind,
                "requesting": sum(mail.sender.startswith(CCQ) for one in seen for mail in one.sent(kind)),
                "responding": sum(mail.sender.startswith(CA) for one in seen for mail in one.sent(kind)),
            }
            for kind in KINDS
        ],
    }


def _moment(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment


def _group(seen: Sequence[Seen], days: Days) -> dict[str, Any]:
    def of(*terms: str) -> list[Seen]:
        return [one for one in seen if one.term in terms]

    untimed = of("none")
    return {
        "cases": len(seen),
        "carried-over": sum(one.entered == "carried-over" for one in seen),
        "received": sum(one.entered == "received" for one in seen),
        "reopened": 0,
        "answered": sum(one.outcome == "answered" for one in seen),
        "fallen-out": sum(one.outcome == "fallen-out" for one in seen),
        "open": sum(one.outcome == "open" for one in seen),
        "extended": sum(bool(one.sent("extension")) for one in seen),
        "limits": _timed(of("in-province", "in-country"), days),
        "targets": _timed(of("foreign"), days),
        "untimed": {
            "received": sum(one.entered == "received" for one in untimed),
            "answered": sum(one.outcome == "answered" for one in untimed),
            "open": sum(one.outcome == "open" for one in untimed),
            "days": _days(_spent(one, one.starts[-1], days) for one in untimed if one.outcome == "answered"),
        },
    }


def _timed(seen: Sequence[Seen], days: Days) -> dict[str, Any]:
    answered = [(one, one.date, one.stopped) for one in seen if one.outcome == "answered"]
    found = {"within": 0, "soon": 0, "past": 0, "paused": 0, "undated": 0}
    for one in seen:
        if one.outcome == "open":
            found[_place(one, days)] += 1
    in_time = sum(day_of(when) <= date_.due for _, date_, when in answered if date_ and when)
    original = sum(day_of(when) <= date_.original for _, date_, when in answered if date_ and when)
    return {
        "answered": len(answered),
        "in-time": in_time,
        "late": len(answered) - in_time,
        "in-time-original": original,
        "late-original": len(answered) - original,
        "undated": 0,
        **{f"open-{name}": number for name, number in found.items()},
        "days": _days(_spent(one, one.starts[-1], days) for one, _, _ in answered),
        "days-from-first-start": _days(_spent(one, one.starts[0], days) for one, _, _ in answered),
    }


def _place(one: Seen, days: Days) -> str:
    assert one.date is not None
    if (since := one.waits_since) is not None:
        return "past" if since >= at(one.date.due + DAY, 0) else "paused"
    today = day_of(one.until - timedelta(microseconds=1))
    if one.until >= at(one.date.due + DAY, 0):
        return "past"
    return "soon" if days.between(today, one.date.due) <= SOON else "within"


def _spent(one: Seen, start: datetime, days: Days) -> int:
    begin, end = day_of(start), day_of(_moment(one.stopped))
    return (end - begin).days if one.term == "foreign" else days.between(begin, end)


def _days(values: Iterable[int]) -> dict[str, int | None]:
    ranked = sorted(values)
    if not ranked:
        return {"count": 0, "median": None, "p90": None, "longest": None}
    return {
        "count": len(ranked),
        "median": ranked[math.ceil(len(ranked) * 0.5) - 1],
        "p90": ranked[-(-len(ranked) * 9 // 10) - 1],
        "longest": ranked[-1],
    }


def _rows(seen: Sequence[Seen], key: Callable[[Seen], str], days: Days) -> list[dict[str, Any]]:
    """One row a key; keys of fewer than three cases together with the next smallest, at least two of them: of all
    cases, and of limits, targets and the rest by themselves."""
    keys = sorted({key(one) for one in seen}, key=lambda name: (sum(key(one) == name for one in seen), name))
    sizes = {name: sum(key(one) == name for one in seen) for name in keys}
    merged: list[str] = []
    if any(size < SMALL for size in sizes.values()):
        for name in keys:
            if sizes[name] < SMALL or len(merged) < 2 or sum(sizes[one] for one in merged) < SMALL:
                merged.append(name)
        for kind in sorted({_nature(one) for one in seen if sizes[key(one)] < SMALL}):
            of_kind = [key(one) for one in seen if _nature(one) == kind]
            for name in keys:
                hidden = [one for one in of_kind if one in merged]
                enough = len(set(hidden)) >= 2 and len(hidden) >= SMALL
                if name in of_kind and name not in merged and not enough:
                    merged.append(name)
    rows: list[dict[str, Any]] = [
        {"key": name, "merged": [], "group": _group([one for one in seen if key(one) == name], days)}
        for name in sorted(keys)
        if name not in merged
    ]
    if merged:
        together = _group([one for one in seen if key(one) in merged], days)
        rows.append({"key": None, "merged": sorted(merged), "group": together})
    return rows


def _nature(one: Seen) -> str:
    return {"none": "none", "foreign": "target"}.get(one.term, "limit")


def _signing(seen: Sequence[Seen], kind: str, days: Days) -> dict[str, Any]:
    pairs = [(one, mail) for one in seen for mail in one.mails if mail.kind == kind and not mail.copy]
    signed = [(mail, _moment(mail.signed)) for one, mail in pairs if one.during(mail.signed)]
    waiting = [
        (one, mail)
        for one, mail in pairs
        if (mail.signed is None or mail.signed >= one.until) and one.counts(mail)
    ]

    def last(mail: Mail) -> date:
        return days.after(day_of(mail.sent), 1)

    return {
        "signed": len(signed),
        "late": sum(day_of(when) > last(mail) for mail, when in signed),
        "urgent": sum(mail.urgent for mail, _ in signed),
        "urgent-late": sum(mail.urgent and when > mail.sent for mail, when in signed),
        "unsigned": len(waiting),
        "unsigned-late": sum(one.until >= at(last(mail) + DAY, 0) for one, mail in waiting),
        "days": _days(days.between(day_of(mail.sent), day_of(when)) for mail, when in signed),
    }
