"""A second way to count: a case is played, its diary kept by hand, and the figures told from the diary alone.

Nothing here reads a Case, a DUE or the figures' code: dates are counted day by day, states are replayed from the diary.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.protocol.story import CALENDAR, VIETNAM, Story

from kynhan_protocol.errors import CaseRuleError

TERMS = {"in-province": 35, "in-country": 45, "foreign": 90}
DAY = timedelta(days=1)


def day_of(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def end_of(day: date) -> datetime:
    return datetime.combine(day + DAY, datetime.min.time(), VIETNAM)


def is_worked(day: date) -> bool:
    exception = CALENDAR.days.get(day)
    return day.weekday() < 5 if exception is None else exception.day == "work"


def working_days(after: date, until: date) -> int:
    count, day = 0, after
    while day < until:
        day += DAY
        count += is_worked(day)
    return count


def next_worked(day: date) -> date:
    day += DAY
    while not is_worked(day):
        day += DAY
    return day


def limit(start: date, term: str) -> date:
    day = start
    if term == "foreign":
        day += 90 * DAY
        return day if is_worked(day) else next_worked(day)
    counted = 0
    while counted < TERMS[term]:
        day += DAY
        counted += is_worked(day)
    return day


@dataclass
class Player:
    """One case played against the fold, with its diary: (time, what, data)."""

    term: str | None
    story: Story
    diary: list[tuple[datetime, str, Any]] = field(default_factory=list)
    request: str | None = None
    reply: str | None = None
    returned: str | None = None

    def play(self, action: str, hours: int) -> None:
        """Time passes, then `action` is tried; what the table refuses does not happen."""
        self.story.pass_to(self.story.now + timedelta(hours=hours))
        with contextlib.suppress(CaseRuleError):
            getattr(self, f"do_{action}")()

    def note(self, what: str, data: Any = None) -> None:
        self.diary.append((self.story.now, what, data))

    def do_send(self) -> None:
        self.request = self.story.send("request", term=self.term)
        self.note("sent", self.request)

    def do_sign(self) -> None:
        if self.request:
            self.story.sign(self.request)
            self.note("signed", self.request)

    def do_decline(self) -> None:
        if self.request:
            self.story.decline(self.request)
            self.note("declined", self.request)

    def do_withdraw(self) -> None:
        if self.request:
            self.story.withdraw(self.request)
            self.note("withdrawn", self.request)

    def do_faulty(self) -> None:
        if self.request:
            self.story.open(self.request, "faulty", "payload")
            self.note("faulty", self.request)

    def do_extend(self) -> None:
        if self.request:
            day = next_worked(day_of(self.story.now) + 100 * DAY)
            self.story.send("extension", regarding=self.request, due=day)
            self.note("extended", day)

    def do_return(self) -> None:
        if self.request:
            self.returned = self.story.send("return", regarding=self.request)
            self.note("returned")

    def do_supplement(self) -> None:
        if self.returned:
            self.story.sent_and_signed("supplement", regarding=self.returned)
            self.note("supplemented")

    def do_reply(self) -> None:
        if self.request:
            self.reply = self.story.send("reply", regarding=self.request)
            self.note("replied", self.reply)

    def do_unreply(self) -> None:
        if self.reply:
            self.story.withdraw(self.reply)
            self.note("unreplied", self.reply)

    def do_bad_reply(self) -> None:
        if self.reply:
            self.story.sign(self.reply)
            self.note("reply signed", self.reply)
            self.story.open(self.reply, "faulty", "manifest")
            self.note("unreplied", self.reply)

    def do_close(self) -> None:
        self.story.send("closing")
        self.note("closed")

    def do_difficulty(self) -> None:
        self.story.send("difficulty")
        self.note("difficulty")

    def do_wait(self) -> None:
        pass


@dataclass
class State:
    """What the diary says at a moment."""

    clock: datetime | None = None
    starts: list[datetime] = field(default_factory=list)
    restarts: list[datetime] = field(default_factory=list)
    due: date | None = None
    original: date | None = None
    replies: list[tuple[str, datetime]] = field(default_factory=list)
    extensions: list[tuple[datetime, bool]] = field(default_factory=list)
    returns: list[tuple[datetime, bool]] = field(default_factory=list)
    is_returned: bool = False
    is_incomplete: bool = False
    """Returned, and nothing came to complete it: not even while it was answered."""
    gone: str | None = None
    faulty_after_reply: bool = False
    sent: dict[str, datetime] = field(default_factory=dict)
    signed: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    ended: list[tuple[datetime, str]] = field(default_factory=list)
    reply_signed: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    reply_waits: dict[str, datetime] = field(default_factory=dict)
    stood: dict[str, datetime] = field(default_factory=dict)
    was_returned: bool = False

    @property
    def stop(self) -> datetime | None:
        return self.replies[0][1] if self.replies else None

    @property
    def counts_at(self) -> datetime | None:
        """What is held against the date: a reply given while the clock stood counts from when it began to."""
        return self.stood.get(*self.replies[0]) if self.replies else None

    @property
    def waits_since(self) -> datetime | None:
        """Since when a dossier returned in time waits for its supplement."""
        return self.returns[-1][0] if self.is_incomplete and not self.returns[-1][1] else None

    @property
    def is_open(self) -> bool:
        return self.clock is not None and self.stop is None and self.gone is None


def replay(player: Player, until: datetime) -> State:
    """The state of the case from what was written before `until`."""
    s = State()
    for at, what, data in player.diary:
        if at >= until:
            break
        match what:
            case "sent":
                s.sent[data] = at
            case "signed":
                s.signed[data] = (s.sent.pop(data), at)
                s.clock, s.gone = at, None
                s.starts.append(at)
                s.was_returned = False
                if player.term:
                    s.due = s.original = limit(day_of(at), player.term)
            case "declined" | "withdrawn":
                s.sent.pop(data)
                s.ended.append((at, what))
            case "faulty" if s.stop is None and s.gone is None:
                s.clock, s.due, s.original, s.gone = None, None, None, "faulty"
                s.is_returned = s.is_incomplete = False
            case "faulty":
                s.faulty_after_reply = s.gone is None
            case "extended":
                assert s.due is not None
                s.extensions.append((at, at >= end_of(s.due)))
                s.due = data
            case "returned":
                assert s.clock is not None
                last = day_of(s.clock)
                for _ in range(5):
                    last = next_worked(last)
                is_late = day_of(at) > last or s.was_returned
                s.was_returned |= not is_late
                s.returns.append((at, is_late))
                s.is_returned = s.is_incomplete = True
            case "supplemented":
                s.is_incomplete = False
                if s.is_returned and s.stop is None and s.gone is None:
                    s.is_returned = False
                    if not s.returns[-1][1]:
                        s.clock = at
                        s.restarts.append(at)
                        if player.term:
                            assert s.due is not None
                            s.original = limit(day_of(at), player.term)
                            s.due = max(s.due, s.original)
            case "replied":
                if s.is_open and s.waits_since is not None:
                    s.stood[data] = s.waits_since
                s.replies.append((data, at))
                s.reply_waits[data] = at
            case "unreplied":
                s.replies = [one for one in s.replies if one[0] != data]
                s.reply_waits.pop(data, None)
                if s.stop is None and s.faulty_after_reply and s.gone is None:
                    s.gone = "faulty"  # what the request was all along
            case "reply signed":
                s.reply_signed[data] = (s.reply_waits.pop(data), at)
            case "closed":
                s.gone = "closed" if s.gone is None or s.gone == "faulty" else s.gone
            case _:
                pass
    return s


def smallest_covering(values: list[int], tenths: int) -> int | None:
    """The smallest value that at least so many tenths of the values do not exceed."""
    fitting = [v for v in values if 10 * sum(x <= v for x in values) >= tenths * len(values)]
    return min(fitting, default=None)


def told_days(values: list[int]) -> tuple[int, int | None, int | None, int | None]:
    return (
        len(values),
        smallest_covering(values, 5),
        smallest_covering(values, 9),
        max(values, default=None),
    )
