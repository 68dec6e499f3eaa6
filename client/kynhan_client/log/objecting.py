"""Recomputing what the relay computed: every case that something new belongs to is folded, and what the fold objects to
is recorded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from kynhan_protocol.case.case import Case
from kynhan_protocol.errors import CalendarError, ProfileError
from kynhan_protocol.rulebook.faults import Fault
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import Due, RelayStatement

from ..clauses import because, clause
from ..errors import ClientError
from ..home.home import Home
from . import logbook
from .case_reading import JUDGED, judged
from .following import Finding
from .guarding import Guard
from .logbook import Entry
from .reader_place import CLAUSES
from .view import View

OBJECTED: Final = "objected"  # alarm code for what the fold objects to


def record(home: Home, guard: Guard, new: Sequence[Entry], up_to_date: bool) -> None:
    """Records what is wrong with the cases of the new statements; a due date that is owed only once all was read."""
    touched = {entry.case for entry in new if entry.case is not None}
    if not touched:
        return
    view = View(home)
    fresh = {entry.logged.index for entry in new}
    for case_id in sorted(touched):
        try:
            case = _judged(view, guard, case_id, fresh)
        except (ClientError, ProfileError, CalendarError) as error:
            vi, en = error.pair if isinstance(error, ClientError) else because(error)
            guard.alarm(
                "case-unreadable",
                f"The case {case_id} cannot be read: {en}.",
                f"Không đọc được việc phối hợp {case_id}: {vi}.",
                once=case_id,
            )
            continue
        if case is None:
            continue
        need = case.need
        if need is not None and not need.told and need.until is None and up_to_date:
            _owed(guard, need.index)
        _objections(home, guard, case)


def _judged(view: View, guard: Guard, case_id: str, fresh: Collection[int]) -> Case | None:
    """The case as of our copy, with a finding for each rule that a statement at an index of `fresh` breaks."""
    case, broken = judged(logbook.of_case(view.archive, case_id), view, fresh)
    for logged, fault in broken:
        _broken(guard, logged, fault)
    return None if case is None else view.as_of(case)


def _broken(guard: Guard, logged: Logged, fault: Fault) -> None:
    data = dict(fault.data)
    if isinstance(logged.statement, RelayStatement):
        code = "due-differs" if isinstance(logged.statement, Due) else OBJECTED
        finding = Finding("objection", code, data["en"], data["vi"], logged.index, fault.code)
        guard.record(finding, {f"{logged.index}.note": logged.note})
        return
    vi, en = clause(CLAUSES[fault.code]) if fault.code in CLAUSES else (data["vi"], data["en"])
    guard.record(
        Finding(
            "objection",
            fault.code,
            f"Statement {logged.index}, which the relay accepted: {en.rstrip('.')}.",
            f"Mục {logged.index} mà máy trung chuyển đã nhận: {vi.rstrip('.')}.",
            logged.index,
            fault.code,
        ),
        {f"{logged.index}.note": logged.note},
    )


def _owed(guard: Guard, index: int) -> None:
    guard.record(
        Finding(
            "objection",
            "due-missing",
            f"The relay owes a due date since statement {index}.",
            f"Máy trung chuyển chưa ghi hạn trả lời kể từ mục {index}.",
            index,
        ),
        {},
    )


def _objections(home: Home, guard: Guard, case: Case) -> None:
    for objection in case.objections:
        if objection.rule == "due.missing":
            _owed(guard, objection.index)
            continue
        entry = logbook.at(home.archive, objection.index)
        if entry is not None and isinstance(entry.logged.statement, JUDGED):
            continue  # by the rulebook
        guard.record(
            Finding("objection", OBJECTED, objection.en, objection.vi, objection.index),
            {f"{objection.index}.note": entry.logged.note} if entry is not None else {},
        )
