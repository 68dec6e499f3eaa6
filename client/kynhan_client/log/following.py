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
from datetime import datetime, timedelta
from typing import Final, Literal

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.case.act_rules import may_act
from kynhan_protocol.errors import ChainError, StatementError
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import (
    Acceptance,
    CalendarApproval,
    Decline,
    Destruction,
    Dispatch,
    Handover,
    MemberStatement,
    Opening,
    Receipt,
    RelayStatement,
    RootStatement,
    Withdrawal,
)

from ..clauses import Pair, because, clause
from .logbook import Entry, place_of

OLDEST: Final = timedelta(days=15)
OLDEST_RECEIPT: Final = timedelta(hours=72)
AHEAD: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """Something wrong at an index of the log."""

    severity: Literal["contradiction", "objection", "alarm"]
    code: str
    en: str
    vi: str
    index: int | None = None


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
        relay_key: Vkey,
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
        self._relay_key = relay_key
        self._last_time = last_time
        self._find_stored = find
        self._root_at = root_at
        self._complete = complete
        self._read: dict[str, Entry] = {}
        self._waiting: list[tuple[Unread, SignedStatement]] = []
        self._named: dict[str, datetime] = {}

    def read(self, statements: Iterable[Unread], *, last: bool) -> list[Entry]:
        """The next statements, verified, with their log times. Ones that fail are reported and left out.

        A statement whose relay statement has not been read yet waits, with all behind it, for the next call; with
        `last` (the end of a signed tree) nothing may wait.
        """
        for unread in statements:
            signed = self._parse(unread)
            if signed is None:
                continue
            self._waiting.append((unread, signed))
            match signed.statement:
                case Acceptance(of=of, time=named_at) | Handover(of=of, time=named_at):
                    self._named.setdefault(of, named_at)
                case _:
                    pass
        entries: list[Entry] = []
        while self._waiting:
            unread, signed = self._waiting[0]
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
            if self._accepts(entry.logged, signed):
                self._read[unread.id] = entry
                entries.append(entry)
        return entries

    def next_index(self, upto: int) -> int:
        """The index from which to go on when everything below `upto` was fed: that of the first one waiting."""
        return self._waiting[0][0].index if self._waiting else upto

    # --- one statement

    def _parse(self, unread: Unread) -> SignedStatement | None:
        try:
            return signing.parse(unread.note)
        except StatementError as error:
            self._report(
                "objection",
                "unreadable-statement",
                f"Entry {unread.index} of the log is not a statement that we know: {error}",
                f"Mục {unread.index} của nhật ký không phải là văn bản ký mà chương trình này hiểu.",
                unread.index,
            )
            return None

    def _log_time(self, unread: Unread, signed: SignedStatement) -> datetime | None:
        if isinstance(signed.statement, RelayStatement):
            return signed.statement.time
        return self._named.get(unread.id)

    def _accepts(self, logged: Logged, signed: SignedStatement) -> bool:
        statement = logged.statement
        if isinstance(statement, RelayStatement):
            return self._accepts_relay(logged, statement, signed)
        if isinstance(statement, RootStatement):
            return self._accepts_root(logged)
        return self._accepts_member(logged, statement, signed)

    def _accepts_relay(self, logged: Logged, statement: RelayStatement, signed: SignedStatement) -> bool:
        if statement.relay != self._origin:
            return self._forged(logged, clause("statement.other-relay", relay=statement.relay))
        try:
            signing.verify(signed, [self._relay_key])
        except StatementError as error:
            return self._forged(logged, because(error))
        if self._last_time is not None and statement.time < self._last_time:
            self._report(
                "contradiction",
                "time-went-back",
                f"The relay dated statement {logged.index} before an earlier one.",
                f"Máy trung chuyển ghi mục {logged.index} với thời điểm sớm hơn mục trước.",
                logged.index,
            )
        self._last_time = max(statement.time, self._last_time or statement.time)
        named = statement.of if isinstance(statement, Acceptance | Handover) else None
        if named is not None and self._complete and self._find(named) is None:
            self._report(
                "objection",
                "names-nothing",
                f"Statement {logged.index} of the relay names one that is not in the log before it, or not valid.",
                f"Mục {logged.index} của máy trung chuyển nêu một văn bản ký không có hoặc không hợp lệ.",
                logged.index,
            )
        return True

    def _accepts_root(self, logged: Logged) -> bool:
        try:
            self.committees = self.committees.append(logged)
        except ChainError as error:
            if not self._complete and error.code == "not-next":
                return False
            return self._forged(logged, because(error))
        return True

    def _accepts_member(self, logged: Logged, statement: MemberStatement, signed: SignedStatement) -> bool:
        if statement.relay != self._origin:
            return self._forged(logged, clause("statement.addressed", relay=statement.relay))
        keys: list[Vkey] = []
        for name in signing.signer_names(signed.statement):
            member = self.committees.member(name, logged.index, logged.time)
            if member is None:
                return self._forged(logged, clause("member.not-in-force", name=name))
            keys.append(member.statement.signing)
        try:
            signing.verify(signed, keys)
        except StatementError as error:
            return self._forged(logged, because(error))
        if not self._may(logged, statement):
            self._objection(
                logged, "not-entitled", "is by somebody who may not do that", "do người không có quyền ký"
            )
            return False
        self._check_time(logged, statement)
        self._check_references(logged, statement)
        return True

    def _may(self, logged: Logged, statement: MemberStatement) -> bool:
        """Whether who signed, in force, may do that (DESIGN §2, §3.4, §3.5): the relay is not to be believed in it."""
        match statement:
            case CalendarApproval():
                by = self.committees.member(statement.by, logged.index, logged.time)
                return by is not None and by.has("approver")
            case Receipt() | Opening() | Decline() | Withdrawal() | Destruction():
                about = self._find(statement.dispatch)
                if about is None or not isinstance(about.logged.statement, Dispatch):
                    return True  # not served to us, or reported where it stands
                by = self.committees.member(statement.by, logged.index, logged.time)
                return by is not None and may_act(statement, about.logged.statement, by)
            case _:
                return True  # of a dispatch: see _check_sealed, _check_approved

    # --- what the relay should not have let in

    def _check_time(self, logged: Logged, statement: MemberStatement) -> None:
        oldest = OLDEST_RECEIPT if isinstance(statement, Receipt) else OLDEST
        if not logged.time - oldest <= statement.time <= logged.time + AHEAD:
            self._objection(
                logged,
                "outside-window",
                "is dated outside the time allowed",
                "ghi thời điểm ngoài khoảng cho phép",
            )

    def _check_references(self, logged: Logged, statement: MemberStatement) -> None:
        seen = statement.seen
        if seen.size > logged.index or (seen.size and self._root_at(seen.size) != seen.root):
            self._report(
                "contradiction",
                "seen-elsewhere",
                f"The author of statement {logged.index} saw a log that is not this one.",
                f"Người ký mục {logged.index} đã thấy một nhật ký khác với nhật ký này.",
                logged.index,
            )
        known = {link.id: link.index for chain in self.committees.chains.values() for link in chain.links}
        if any(known.get(head, logged.index) >= logged.index for head in statement.head):
            self._objection(
                logged,
                "head-unknown",
                "names a root statement that is not there",
                "nêu một văn bản gốc không có",
            )
        if isinstance(statement, Dispatch):
            self._check_sealed(logged, statement)
            self._check_approved(logged, statement)

    def _check_sealed(self, logged: Logged, statement: Dispatch) -> None:
        try:
            expected = self.committees.expected_sealed(
                statement.from_, statement.approver, statement.to, logged.index, logged.time
            )
        except ChainError:
            expected = ()
        if tuple(statement.sealed) != tuple(expected):
            self._objection(
                logged,
                "stale-accepted",
                "is sealed to others than those in force",
                "niêm phong cho những người không đúng danh sách đang có hiệu lực",
            )

    def _check_approved(self, logged: Logged, statement: Dispatch) -> None:
        if not self.committees.is_approved(statement, logged.index, logged.time):
            self._objection(
                logged,
                "not-approved",
                "is approved by somebody who is no approver, or the sender",
                "do người không có quyền duyệt phát hành, hoặc chính người gửi, duyệt",
            )

    # --- where a statement belongs

    def _entry(self, logged: Logged) -> Entry:
        case, dispatch = place_of(logged.statement, logged.id, self._find)
        return Entry(logged, type_of(logged.note), case, dispatch)

    def _find(self, id_: str) -> Entry | None:
        return self._read.get(id_) or self._find_stored(id_)

    # --- saying so

    def _forged(self, logged: Logged, why: Pair) -> bool:
        """The relay let in, and dated, what it should have refused."""
        self._report(
            "contradiction",
            "false-statement",
            f"The relay logged statement {logged.index}, which is not valid: {why[1]}",
            f"Máy trung chuyển đã ghi mục {logged.index} không hợp lệ: {why[0]}",
            logged.index,
        )
        return False

    def _objection(self, logged: Logged, code: str, en: str, vi: str) -> None:
        self._report(
            "objection",
            code,
            f"Statement {logged.index}, which the relay accepted, {en}.",
            f"Mục {logged.index} mà máy trung chuyển đã nhận {vi}.",
            logged.index,
        )

    def _report(
        self,
        severity: Literal["contradiction", "objection", "alarm"],
        code: str,
        en: str,
        vi: str,
        index: int,
    ) -> None:
        self.findings.append(Finding(severity, code, en, vi, index))


def type_of(note: bytes) -> str:
    """The type in a statement's first line: `dispatch` of `kynhan/dispatch@v1`."""
    return note.partition(b"\n")[0].decode().removeprefix("kynhan/").partition("@")[0]
