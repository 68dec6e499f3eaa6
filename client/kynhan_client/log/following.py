"""Reading the log: is each statement what it claims to be, at its place? The trust rules of a client, without I/O.

A Follower is fed the statements in the order of the log. It verifies every signature against the memberships in force
at that place, gives every statement its log time, and says what the relay signed that cannot be true:

    contradiction   the relay's own signature stands under something false: the home freezes
    objection       something signed that we hold to be wrong, and that others may judge otherwise: recorded and shown

DESIGN §3.2 (log time, windows, what each statement refers to), §3.3 (what a client believes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.errors import StatementError
from kynhan_protocol.rulebook import faults
from kynhan_protocol.rulebook.chain import BROKEN
from kynhan_protocol.rulebook.log_rules import FORGED, LOG_RULES, VOID
from kynhan_protocol.rulebook.naming import names
from kynhan_protocol.rulebook.place import Before
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import (
    Acceptance,
    Handover,
    RelayStatement,
    RootStatement,
    Statement,
)

from ..clauses import Pair, because, clause
from .logbook import Entry, place_of, signed_statement
from .reader_place import CLAUSES, EndOfLog, ReaderPlace


@dataclass(frozen=True)
class Finding:
    """Something wrong at an index of the log; `fault` is the rulebook's code, where it is a rule of the log."""

    severity: Literal["contradiction", "objection", "alarm"]
    code: str
    en: str
    vi: str
    index: int | None = None
    fault: str | None = None


@dataclass(frozen=True)
class Unread:
    """A statement as served, at an index and under an id that the verified tree bears out."""

    index: int
    id: str
    note: bytes


class Follower:
    """What is known at one place in the log, carried forward statement by statement.

    `find` looks a statement up by id among those read before; `root_at` gives the root of the tree at a size.
    `complete` says that every statement is served to us (we are a clerk), so that nothing may be missing.
    """

    def __init__(
        self,
        origin: str,
        relay_keys: tuple[Vkey, Vkey],
        committees: Committees,
        *,
        last_time: datetime | None,
        find: Callable[[str], Entry | None],
        root_at: Callable[[int], bytes],
        complete: bool,
    ) -> None:
        self.committees = committees
        self.findings: list[Finding] = []
        self._origin = origin
        self._relay_keys = relay_keys
        self._last_time = last_time
        self._find_stored = find
        self._root_at = root_at
        self._complete = complete
        self._read: dict[str, Entry] = {}
        self._waiting: list[tuple[Unread, SignedStatement, Before | None]] = []
        self._named: dict[str, datetime] = {}
        self._before: Before | None = None

    def read(self, statements: Iterable[Unread], *, last: bool) -> list[Entry]:
        """The next statements, verified, with their log times. Ones that fail are reported and left out.

        A statement whose relay statement has not been read yet waits, with all behind it, for the next call; with
        `last` (the end of a signed tree) nothing may wait.
        """
        for unread in statements:
            signed = self._parse(unread)
            if signed is None:
                continue
            self._waiting.append((unread, signed, self._before))
            self._name(unread, signed.statement)
            self._before = Before(unread.index, unread.id, signed.statement)
        entries: list[Entry] = []
        while self._waiting:
            unread, signed, before = self._waiting[0]
            time = self._log_time(unread, signed)
            if time is None and not last:
                break
            self._waiting.pop(0)
            if time is None:
                self._report(
                    "contradiction" if self._complete else "alarm",
                    "unnamed",
                    f"The relay logged statement {unread.index} without saying when.",
                    f"Máy trung chuyển ghi mục {unread.index} mà không xác nhận thời điểm.",
                    unread.index,
                )
                continue
            entry = self._entry(Logged(unread.index, unread.id, signed.statement, unread.note, time))
            if self._accepts(entry.logged, signed, before):
                self._read[unread.id] = entry
                entries.append(entry)
        return entries

    def next_index(self, upto: int) -> int:
        """The index from which to go on when everything below `upto` was fed: that of the first one waiting."""
        return self._waiting[0][0].index if self._waiting else upto

    # --- one statement

    def _parse(self, unread: Unread) -> SignedStatement | None:
        try:
            return signed_statement(unread.note)
        except StatementError as error:
            self._report(
                "objection",
                "unreadable-statement",
                f"Entry {unread.index} of the log is not a statement that we know: {error}",
                f"Mục {unread.index} của nhật ký không phải là văn bản ký mà chương trình này hiểu.",
                unread.index,
            )
            return None

    def _name(self, unread: Unread, by: Statement) -> None:
        """Takes the log time of the statement before; one named from elsewhere has none (DESIGN §3.2)."""
        one = self._before
        if one is None or not isinstance(by, Acceptance | Handover):
            return
        if names(by, unread.index, one.statement, one.id, one.index):
            self._named[one.id] = by.time

    def _log_time(self, unread: Unread, signed: SignedStatement) -> datetime | None:
        if isinstance(signed.statement, RelayStatement):
            return signed.statement.time
        return self._named.get(unread.id)

    def _accepts(self, logged: Logged, signed: SignedStatement, before: Before | None) -> bool:
        end = EndOfLog(before, self._last_time, self._relay_keys)
        accepted = self._keeps_rules(logged, signed, end)
        if accepted and isinstance(logged.statement, RelayStatement):
            time = logged.statement.time
            self._last_time = max(time, self._last_time or time)
        return accepted

    def _keeps_rules(self, logged: Logged, signed: SignedStatement, end: EndOfLog) -> bool:
        """Whether it is its author's to say; what is wrong with it is reported."""
        place = ReaderPlace(
            logged,
            self._origin,
            self.committees,
            self._root_at,
            self._find,
            complete=self._complete,
            end=end,
        )
        found = faults.find(signed, place, LOG_RULES).faults
        for fault in sorted(found, key=lambda one: one.code not in FORGED):
            vi, en = (
                because(place.chain_error)
                if place.chain_error is not None and fault.code in BROKEN
                else clause(CLAUSES[fault.code], **dict(fault.data))
            )
            if fault.code in FORGED:
                self._forged(logged, (vi, en), fault.code)
            elif fault.code == "time-decreases":
                self._went_back(logged)
            else:
                self._objection(logged, fault.code, en, vi)
        if isinstance(logged.statement, RootStatement):
            self.committees = place.extended or self.committees
            return place.extended is not None
        return not any(fault.code in VOID for fault in found)

    # --- where a statement belongs

    def _entry(self, logged: Logged) -> Entry:
        case, dispatch = place_of(logged.statement, logged.id, self._find)
        return Entry(logged, type_of(logged.note), case, dispatch)

    def _find(self, id_: str) -> Entry | None:
        return self._read.get(id_) or self._find_stored(id_)

    # --- saying so

    def _forged(self, logged: Logged, why: Pair, fault: str | None = None) -> bool:
        """The relay let in, and dated, what it should have refused."""
        self._report(
            "contradiction",
            "false-statement",
            f"The relay logged statement {logged.index}, which is not valid: {why[1]}",
            f"Máy trung chuyển đã ghi mục {logged.index} không hợp lệ: {why[0]}",
            logged.index,
            fault,
        )
        return False

    def _went_back(self, logged: Logged) -> None:
        self._report(
            "contradiction",
            "time-went-back",
            f"The relay dated statement {logged.index} before an earlier one.",
            f"Máy trung chuyển ghi mục {logged.index} với thời điểm sớm hơn mục trước.",
            logged.index,
            "time-decreases",
        )

    def _objection(self, logged: Logged, fault: str, en: str, vi: str) -> None:
        own = isinstance(logged.statement, RelayStatement)
        self._report(
            "objection",
            fault,
            f"Statement {logged.index}, {'of the relay itself' if own else 'which the relay accepted'}, {en}.",
            f"Mục {logged.index} {'của chính' if own else 'mà'} máy trung chuyển{'' if own else ' đã nhận'} {vi}.",
            logged.index,
            fault,
        )

    def _report(
        self,
        severity: Literal["contradiction", "objection", "alarm"],
        code: str,
        en: str,
        vi: str,
        index: int,
        fault: str | None = None,
    ) -> None:
        self.findings.append(Finding(severity, code, en, vi, index, fault))


def type_of(note: bytes) -> str:
    """The type in a statement's first line: `dispatch` of `kynhan/dispatch@v1`."""
    return note.partition(b"\n")[0].decode().removeprefix("kynhan/").partition("@")[0]
