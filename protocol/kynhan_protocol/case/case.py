"""What is known of one case at a place in the log: the value that fold.py makes and everything else reads.

All of it is plain data (msgspec writes and reads it, see case_json.py); nothing here decides a rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ..names import Name
from .kinds import Event, Phase

State = Literal["sent", "received", "declined", "withdrawn"]
Part = Literal["main", "copy", "other"]
PartyName = Literal["requesting", "responding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One dispatch and what became of it. Times are log times.

    `part`: the request or notice that carries the case is `main`; a request or reply repeated for one more addressee is
    a `copy`, which moves nothing. `late`: an extension given after the date it extends, a return that stops no clock.
    `refused` names the rule of the table that a logged dispatch breaks: it then has no effect. `stood_since`: the clock
    stood since then when it was sent. `ended_by` is the DECLINE or WITHDRAWAL. `destroyed_by` are committees, and the
    member addressed.
    """

    id: str
    index: int
    kind: str
    sender: PartyName
    from_: str
    to: str
    about: str | None
    regarding: str | None
    term: str | None
    urgency: str | None
    due: date | None
    sent_at: datetime
    part: Part
    late: bool = False
    refused: str | None = None
    state: State = "sent"
    acceptance: str | None = None
    receipt: str | None = None
    received_by: str | None = None
    received_at: datetime | None = None
    handover: str | None = None
    opening: Literal["verified", "faulty", "undelivered"] | None = None
    opening_code: str | None = None
    opened_by: str | None = None
    opened_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_code: str | None = None
    recalled: bool = False
    destroyed_by: tuple[str, ...] = ()
    stood_since: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it still counts: allowed by the table, not taken back, declined, faulty or recalled."""
        return (
            self.refused is None
            and self.state in ("sent", "received")
            and self.opening != "faulty"
            and not self.recalled
        )


@dataclass(frozen=True, slots=True)
class Move:
    """An event that may have led the case from one phase to another."""

    event: Event
    dispatch: str


@dataclass(frozen=True, slots=True)
class Clock:
    """From where the term is counted: the HANDOVER of `dispatch`, at its log time."""

    dispatch: str
    handover: str
    started_at: datetime
    because: Literal["receipt", "return"]


@dataclass(frozen=True, slots=True)
class Stop:
    """What stopped the clock: the reply `dispatch`, at the log time of its ACCEPTANCE; while it stood since a time."""

    dispatch: str
    at: datetime
    acceptance: str | None
    stood_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Why nobody has to keep the due date since `since`: a question put to the requesting side waits for its answer
    (where the profile lets questions stop the clock), or a dossier returned in time for its supplement.
    """

    dispatch: str
    since: datetime
    because: Literal["question", "return"]


@dataclass(frozen=True, slots=True)
class Wait:
    """What a question took of the time: from its ACCEPTANCE, or the start of the clock if that was later, to that of
    the answer or reply `ended_by`.
    """

    question: str
    ended_by: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRecord:
    """A date that the log gives, or a DUE as logged. `original` is the date that the regulation gives without
    extensions (*hạn theo Quy chế*).

    Of a date that the log gives `id` is that of the DUE that says so, None until one does; `index` and `at` are those
    of that DUE, before it those of what set the date. Not `checked`: the relay says so, and the calendar to compute it
    with is not at hand. `objection`, in English, where a DUE differs from the log; `nature` is the term's. `unrolled`
    is the last day counted, where that is a day off and the original date the next working day (R18). `agreed`: both
    sides agreed on a date before the end of the term, which no calendar moves.
    """

    id: str | None
    index: int
    due: date
    original: date
    provisional: bool
    because: str
    dispatch: str
    start: str | None
    term: str
    nature: Literal["limit", "target"]
    calendar: str
    basis: str | None
    replaces: str | None
    at: datetime
    objection: str | None = None
    unrolled: date | None = None
    agreed: bool = False
    checked: bool = True

    @property
    def last_signed(self) -> str | None:
        """The last DUE that agreed with the log: what the next one `replaces`."""
        return self.id or self.replaces


@dataclass(frozen=True, slots=True)
class DueNeed:
    """The relay owes a DUE since the statement `cause` at log index `index`: at the next index, or until `until`.

    `lacks` is the code of the error for which no date could be computed. `told`: an objection says already that it
    did not come.
    """

    index: int
    because: Literal["receipt", "extension", "return", "correction", "answer", "calendar"]
    dispatch: str
    basis: str | None
    cause: str = ""
    until: datetime | None = None
    lacks: str | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Reminded:
    """A logged REMINDER; `due` is the id of the DUE, or of the dispatch that nobody signed for."""

    id: str
    index: int
    step: str
    due: str
    to: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Objection:
    """Something logged that the rules do not allow; it was given no effect, or is shown beside what it says."""

    index: int
    id: str
    rule: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case (*việc phối hợp*) after the log's entry `last_index`. `profile` is the document it began under.

    `main` is the request or notice that carries it. `due` is the date in force, as the log gives it; `due_history` has
    every DUE, voided and refused ones too; `clocks` all starts. `stopped` is the first reply that stands. `paused`:
    nobody has to keep the date at the moment; `waits` are what questions took of the time. `need`: the DUE for `due`
    that is not logged yet.
    """

    id: str
    profile: str
    phase: Phase = Phase.NEW
    last_index: int = -1
    began_at: datetime | None = None
    dispatches: dict[str, Sent] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    main: str | None = None
    term: str | None = None
    clock: Clock | None = None
    clocks: tuple[Clock, ...] = ()
    stopped: Stop | None = None
    paused: Pause | None = None
    waits: tuple[Wait, ...] = ()
    due: DueRecord | None = None
    due_history: tuple[DueRecord, ...] = ()
    need: DueNeed | None = None
    reminders: tuple[Reminded, ...] = ()
    objections: tuple[Objection, ...] = ()

    @property
    def main_dispatch(self) -> Sent | None:
        """The request or notice that carries the case."""
        return self.dispatches[self.main] if self.main is not None else None

    @property
    def request(self) -> Sent | None:
        """The request that carries the case, if it is one."""
        main = self.main_dispatch
        return main if main is not None and main.kind == "request" else None

    @property
    def unit(self) -> str | None:
        """The unit that has it: of the newest assignment that stands, else the request's addressee if a member.

        An assignment of what an earlier request asked for does not assign a later one.
        """
        request = self.request
        for sent in reversed(self.dispatches.values()):
            if request is not None and sent.index < request.index:
                break
            if sent.kind == "assignment" and sent.stands:
                return sent.to
        return (
            request.to if request is not None and request.stands and Name.of(request.to).is_member else None
        )

    @property
    def is_timed(self) -> bool:
        """Whether there is a due date that can still move: nothing has answered or ended the case."""
        return self.due is not None and self.stopped is None and self.phase in (Phase.RUNNING, Phase.RETURNED)

    @property
    def clock_runs(self) -> bool:
        """Whether there is a due date that someone has to keep now."""
        return self.is_timed and self.paused is None

    def standing(self, kind: str) -> Iterator[Sent]:
        """The dispatches of `kind` that still count, oldest first."""
        return (sent for sent in self.dispatches.values() if sent.kind == kind and sent.stands)

    def unsigned(self) -> Iterator[Sent]:
        """The dispatches that nobody has signed for yet, oldest first."""
        return (sent for sent in self.dispatches.values() if sent.state == "sent" and sent.refused is None)

    def first_correction(self, second: Sent) -> Sent | None:
        """The correction by the other side that `second` agrees to, where it agrees to one."""
        first = self.dispatches.get(second.regarding) if second.regarding is not None else None
        if second.kind != "correction" or first is None or first.kind != "correction":
            return None
        return first if first.stands and first.sender != second.sender else None

    def agreement_to(self, first: Sent) -> Sent | None:
        """The correction by which the other side agreed to the correction `first`; None if it has not."""
        if first.kind != "correction":
            return None
        return next(
            (
                second
                for second in self.standing("correction")
                if second.regarding == first.id and second.sender != first.sender
            ),
            None,
        )
