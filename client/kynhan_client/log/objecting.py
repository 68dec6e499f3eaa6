"""Recomputing what the relay computed: every case that something new belongs to is folded, and what the fold objects to
is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kynhan_protocol.case.case import Case
from kynhan_protocol.errors import CalendarError, ProfileError
from kynhan_protocol.statements.statements import Due

from ..clauses import because
from ..errors import ClientError
from ..home.home import Home
from . import logbook
from .following import Finding
from .guarding import Guard
from .logbook import Entry
from .view import View

OBJECTED: Final = "objected"  # alarm code for what the fold objects to


def record(home: Home, guard: Guard, new: Iterable[Entry], up_to_date: bool) -> None:
    """Records what is wrong with the cases of the new statements; a due date that is owed only once all was read."""
    touched = {entry.case for entry in new if entry.case is not None}
    if not touched:
        return
    view = View(home)
    for case_id in sorted(touched):
        try:
            case = view.case(case_id)
        except (ClientError, ProfileError, CalendarError) as error:
            vi, en = error.pair if isinstance(error, ClientError) else because(error)
            guard.alarm(
                "case-unreadable",
                f"The case {case_id} cannot be read: {en}.",
                f"Không đọc được việc phối hợp {case_id}: {vi}.",
                once=case_id,
            )
            continue
        _check_profile(view, guard, case)
        need = case.need
        if need is not None and not need.told and need.until is None and up_to_date:
            _owed(guard, need.index)
        _objections(home, guard, case)


def _check_profile(view: View, guard: Guard, case: Case) -> None:
    first = min((sent.index for sent in case.dispatches.values()), default=0)
    if case.profile != view.committees.profile_at(first):
        guard.record(
            Finding(
                "objection",
                "profile-not-in-force",
                f"The case begun at statement {first} names a profile that was not in force.",
                f"Việc bắt đầu ở mục {first} nêu một hồ sơ quy chế không có hiệu lực lúc đó.",
                first,
            ),
            {},
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
        signed_by_relay = entry is not None and isinstance(entry.logged.statement, Due)
        guard.record(
            Finding(
                "objection",
                "due-differs" if signed_by_relay else OBJECTED,
                objection.en,
                objection.vi,
                objection.index,
            ),
            {f"{objection.index}.note": entry.logged.note} if entry is not None else {},
        )
