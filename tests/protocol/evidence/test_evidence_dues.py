"""A DUE is judged by the fold of its case: what counts from the wrong thing, or stands on what moves nothing, is
INVALID.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.protocol.cases import close, closed, codes, of
from tests.protocol.world import CA_CLERK, CCQ, CLERK, ORIGIN, World, signer

from kynhan_protocol.evidence import evidence
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import Due, Handover, Withdrawal

Wrong = Callable[[World, Logged, Logged], Logged]


def started() -> tuple[World, Logged, Logged]:
    """A request signed for; the request and its DUE."""
    world = World.founded()
    request = world.request()
    world.receipt(request)
    return world, request, world.log[-1]


def signed_due(world: World, before: Logged, **changes: Any) -> Logged:
    """A DUE like `before`, but for `changes`, which replaces it."""
    stated = before.statement
    assert isinstance(stated, Due)
    common = {"replaces": before.id, "time": world.now, "nonce": world.nonce()}
    logged = world.append(replace(stated, **{**common, **changes}), signer(ORIGIN))
    world.checkpoint()
    return logged


def handover_of(world: World, dispatch: Logged) -> Logged:
    world.receipt(dispatch)
    return next(
        one
        for one in reversed(world.log)
        if isinstance(one.statement, Handover) and one.statement.dispatch == dispatch.id
    )


def counted_from_a_message(world: World, request: Logged, due: Logged) -> Logged:
    message = world.request(kind="message", term=None)
    start = handover_of(world, message)
    return signed_due(world, due, dispatch=message.id, start=start.id, due=date(2026, 6, 30))


def after_a_late_return(world: World, request: Logged, due: Logged) -> Logged:
    later(world, 22)
    returned = world.request(kind="return", term=None, from_=CA_CLERK, to=CCQ, regarding=request.id)
    supplement = world.request(kind="supplement", term=None, regarding=returned.id)
    start = handover_of(world, supplement)
    changes = {"dispatch": supplement.id, "start": start.id, "because": "return", "basis": returned.id}
    return signed_due(world, due, **changes, due=date(2026, 7, 30))


def later(world: World, days: int) -> None:
    world.now += timedelta(days=days)
    world.cosign()


def extension(world: World, request: Logged, **changes: Any) -> Logged:
    fields = {"kind": "extension", "term": None, "regarding": request.id, "due": date(2026, 12, 1)}
    return world.request(**{**fields, **changes})


def by_an_extension_of_the_asking_side(world: World, request: Logged, due: Logged) -> Logged:
    basis = extension(world, request)
    return signed_due(world, due, because="extension", basis=basis.id, due=date(2026, 12, 1))


def by_a_withdrawn_extension(world: World, request: Logged, due: Logged) -> Logged:
    basis = extension(world, request, from_=CA_CLERK, to=CCQ)
    withdraw(world, basis, CA_CLERK)
    return signed_due(world, due, because="extension", basis=basis.id, due=date(2026, 12, 1))


def withdraw(world: World, what: Logged, by: str) -> None:
    made = Withdrawal(dispatch=what.id, by=by, code="mistake", **world.member_fields())
    world.post(made, signer(by))


def by_a_correction_of_one_side(world: World, request: Logged, due: Logged) -> Logged:
    fields = {"kind": "correction", "regarding": request.id, "due": date(2026, 12, 1)}
    basis = world.request(**fields)
    return signed_due(world, due, because="correction", basis=basis.id, due=date(2026, 12, 1))


def by_a_withdrawn_correction(world: World, request: Logged, due: Logged) -> Logged:
    fields = {"kind": "correction", "due": date(2026, 12, 1)}
    first = world.request(**fields, regarding=request.id)
    withdraw(world, first, CLERK)
    second = world.request(**fields, regarding=first.id, from_=CA_CLERK, to=CCQ)
    return signed_due(world, due, because="correction", basis=second.id, due=date(2026, 12, 1))


WRONG = (
    counted_from_a_message,
    after_a_late_return,
    by_an_extension_of_the_asking_side,
    by_a_withdrawn_extension,
    by_a_correction_of_one_side,
    by_a_withdrawn_correction,
)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_due_date_that_stands_on_what_moves_nothing_is_invalid(wrong: Wrong) -> None:
    world, request, due = started()
    stated = wrong(world, request, due)
    close(world)
    report = evidence.verify_case(world.case_files())
    assert report.verdict == Verdict.INVALID
    assert "due-differs" in of(report, stated.index)
    assert "due-differs" not in of(report, due.index)


def test_a_due_date_by_an_extension_is_valid() -> None:
    world, request, due = started()
    basis = extension(world, request, from_=CA_CLERK, to=CCQ)
    stated = signed_due(world, due, because="extension", basis=basis.id, due=date(2026, 12, 1))
    close(world)
    report = evidence.verify_case(world.case_files())
    assert (of(report, stated.index), of(report, due.index)) == (set(), set())


def test_a_due_date_that_should_stand_in_the_folder_is_missed() -> None:
    world, request, _ = started()
    extension(world, request, from_=CA_CLERK, to=CCQ)
    accepted = world.log[-1]
    close(world)
    report = evidence.verify_case(world.case_files())
    assert of(report, accepted.index) == {"due-missing"}
    assert report.verdict == Verdict.INCOMPLETE


def without_a_date(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, bytes], Logged]:
    """A folder of a relay that logs no DUE at all, and the HANDOVER that asked for one."""
    monkeypatch.setattr(World, "_due", lambda *_: None)
    world, request, handover = started()
    world.opening(request)
    close(world)
    return closed(world.case_files()), handover


def test_a_relay_that_logs_no_due_date_at_all_is_found_where_what_stands_instead_is_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files, handover = without_a_date(monkeypatch)
    report = evidence.verify_case(files)
    assert of(report, handover.index) == codes(report) == {"due-missing"}
    assert report.verdict == Verdict.INCOMPLETE


def test_a_folder_that_does_not_show_what_stands_behind_misses_no_due_date() -> None:
    world, request, due = started()
    world.opening(request)
    close(world)
    files = closed(world.case_files())
    del files[f"receipts/{due.index:04d}.receipt"]
    assert evidence.verify_case(files).verdict == Verdict.VALID
