"""What a member who is no clerk is served: the cases that concern it, each from its beginning (DESIGN §1).

A case may begin to concern us long after it began: by an assignment, by an opinion that is asked. Then what was logged
of it before is read as well, however far back, so that the case is folded whole and by the same code as everywhere. It
is verified like everything else: entry by entry against our tree, against the memberships in force at its place, and
its times against those of the statements and cosignatures around it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from typing import Final

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.errors import StatementError
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.statements import (
    Acceptance,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    Opening,
    Receipt,
    Reminder,
    Statement,
    Withdrawal,
)
from kynhan_protocol.wire import api

from ..home.archive import Archive
from ..relay.relay import Relay
from . import heads, logbook
from .following import Finding, Unread
from .logbook import Entry, Head

SLACK: Final = 300  # seconds that a log time may lie outside the cosignatures around it


class UnusableError(Exception):
    """The relay served something at `index` that our tree does not bear out."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


async def gather(
    relay: Relay, archive: Archive, start: int, end: int, is_entry: Callable[[Unread], bool]
) -> tuple[list[Unread], list[Unread]]:
    """The statements that concern us: those before `start` of cases that are new to us, and those up to `end`.

    A case is new while we hold nothing of it. What the relay adds to its answers in the middle (a case that begins to
    concern us just now) is left for the next time. Raises UnusableError, and ClientError as Relay does.
    """
    served = {one.index: one async for one in _pages(relay, start, end, None, is_entry)}
    for case in sorted(_cases(served.values())):
        if not logbook.holds_case(archive, case):
            served |= {one.index: one async for one in _pages(relay, 0, end, case, is_entry)}
    ids = {one.id for one in served.values()}
    whole = [
        one
        for _, one in sorted(served.items())
        if (named := _named(one)) is None or named in ids or logbook.by_id(archive, named) is not None
    ]
    return [one for one in whole if one.index < start], [one for one in whole if one.index >= start]


async def _pages(
    relay: Relay, start: int, end: int, case: str | None, is_entry: Callable[[Unread], bool]
) -> AsyncIterator[Unread]:
    """Statements from `start` to `end` as served, in order."""
    at = start
    while at < end:
        page = (await relay.statements(at, api.MAX_STATEMENTS, case=case)).statements
        for one in page:
            unread = Unread(one.index, one.id, one.note)
            if one.index < at:
                raise UnusableError(one.index)
            at = one.index + 1
            if one.index < end:
                if not is_entry(unread):
                    raise UnusableError(one.index)
                yield unread
        if len(page) < api.MAX_STATEMENTS:
            return


def _cases(served: Iterable[Unread]) -> set[str]:
    statements = (_statement(one) for one in served)
    return {each.case for each in statements if isinstance(each, Dispatch | Due | Reminder)}


def _named(one: Unread) -> str | None:
    """The statement that this one cannot be understood without."""
    match _statement(one):
        case Receipt() | Opening() | Decline() | Withdrawal() | Destruction() as act:
            return act.dispatch
        case Acceptance() | Handover() as answer:
            return answer.of
        case Reminder() as reminder:
            return reminder.due
        case _:
            return None


def _statement(one: Unread) -> Statement | None:
    try:
        return signing.parse(one.note).statement
    except StatementError:  # whoever reads it in its place says so
        return None


def misdated(
    archive: Archive,
    entries: Sequence[Entry],
    committee: str,
    origin: str,
    keys: Sequence[Vkey],
    committees: Committees,
) -> Iterator[Finding]:
    """What is wrong with the times of entries that were read late: they lie between those of the statements before and
    after, which we hold, and within five minutes of our witness's cosignatures around them (DESIGN §3.3)."""
    for entry in entries:
        index, time = entry.logged.index, int(entry.logged.time.timestamp())
        earliest, latest = logbook.times_around(archive, index)
        if not (earliest or time) <= time <= (latest or time):
            yield Finding(
                "contradiction",
                "time-went-back",
                f"The relay's time of statement {index} does not fit those of the statements around it.",
                f"Thời điểm của mục {index} không khớp thời điểm các mục trước và sau.",
                index,
            )
        before = logbook.final_before(archive, index)
        after = logbook.final_after(archive, index)
        since, until = (_cosigned(head, committee, origin, keys, committees) for head in (before, after))
        if (since is not None and time < since - SLACK) or (until is not None and time > until + SLACK):
            yield Finding(
                "objection",
                "time-outside-cosignatures",
                f"The relay's time of statement {index} does not fit the witness's cosignatures around it.",
                f"Thời điểm của mục {index} không khớp các lần ký đối chứng trước và sau.",
                index,
            )


def _cosigned(
    head: Head | None, committee: str, origin: str, keys: Sequence[Vkey], committees: Committees
) -> int | None:
    """When our own witness cosigned a checkpoint that we kept (POSIX)."""
    return None if head is None else heads.read(head.note, origin, keys, committees).cosigned.get(committee)
