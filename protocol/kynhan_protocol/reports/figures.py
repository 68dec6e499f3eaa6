"""The figures of a periodic report (R20, R23): what is counted, as exact integers with their denominators.

docs/spec/reports.md defines every one. A *case* here is one whose clock started: a request that somebody signed for.
"""

from __future__ import annotations

from typing import Literal

from ..strict_json import DocumentPart


class Days(DocumentPart, frozen=True):
    """Durations in whole days, by nearest rank; None where there is none to rank.

    Of limits and requests without a term: working days after the day of receipt; of targets: calendar days.
    """

    count: int
    median: int | None
    p90: int | None
    longest: int | None


class Timed(DocumentPart, frozen=True):
    """Cases under a limit, or under a target (*mốc phấn đấu*), which is passed and never overdue.

    `in_time` + `late` + `undated` = `answered`, against the date in force; `in_time_original` + `late_original` +
    `undated` likewise against the date that the regulation gives. Open ones by where the date in force lies; `paused`:
    nobody has to keep it, a returned dossier waits for its supplement or a question for its answer.
    """

    answered: int
    in_time: int
    late: int
    in_time_original: int
    late_original: int
    undated: int
    open_within: int
    open_soon: int
    open_past: int
    open_paused: int
    open_undated: int
    days: Days
    days_from_first_start: Days


class Untimed(DocumentPart, frozen=True):
    """Requests for information without a term (R15)."""

    received: int
    answered: int
    open: int
    days: Days


class Group(DocumentPart, frozen=True, omit_defaults=True):
    """Cases counted together. The balance: `carried_over` + `received` + `reopened` = `cases` = `answered` +
    `fallen_out` + `open` + `contested`, whose request or reply is said to be faulty at the end (absent where there is
    none).
    """

    cases: int
    carried_over: int
    received: int
    reopened: int
    answered: int
    fallen_out: int
    open: int
    extended: int
    limits: Timed
    targets: Timed
    untimed: Untimed
    contested: int = 0


class Row(DocumentPart, frozen=True):
    """One line of a breakdown. Small groups stand together in a row without `key`, which says whose they are."""

    key: str | None
    merged: tuple[str, ...]
    group: Group


class Extensions(DocumentPart, frozen=True):
    """Extension notices (R19) accepted in the period; `late`: given after the date that they extend."""

    cases: int
    given: int
    late: int


class Returns(DocumentPart, frozen=True):
    """Returns for completion accepted in the period; `late`: too late to restart the clock; `restarts`: it did."""

    given: int
    late: int
    restarts: int


class FallenOut(DocumentPart, frozen=True):
    """Why cases left without an answer: the package was faulty, recalled, or CCQ closed the case."""

    faulty: int
    recalled: int
    closed: int


class NeverReceived(DocumentPart, frozen=True):
    """Requests of the period that nobody signed for: `declined` or `withdrawn` in it."""

    declined: int
    withdrawn: int


class Signing(DocumentPart, frozen=True):
    """Waiting before the signature: from ACCEPTANCE to HANDOVER, in working days after the day of sending.

    `late`: not signed by the end of the working day that the profile allows; `urgent_late`: marked urgent, and not
    within its hours (at least one). `unsigned` ones still wait at the end, `unsigned_late` of them beyond that day.
    """

    signed: int
    late: int
    urgent: int
    urgent_late: int
    unsigned: int
    unsigned_late: int
    days: Days


class SentOfKind(DocumentPart, frozen=True):
    """Dispatches of one kind that were sent in the period and still count at its end, by the side that sent them."""

    kind: str
    requesting: int
    responding: int


class Figures(DocumentPart, frozen=True):
    """All figures of a period. `by_subject` is None where nobody said which case is on which subject (the relay)."""

    total: Group
    by_term: tuple[Row, ...]
    by_unit: tuple[Row, ...]
    by_subject: tuple[Row, ...] | None
    extensions: Extensions
    returns: Returns
    fallen_out: FallenOut
    never_received: NeverReceived
    requests: Signing
    replies: Signing
    sent: tuple[SentOfKind, ...]


Nature = Literal["limit", "target", "none"]
