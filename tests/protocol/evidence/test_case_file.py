"""`case.json` beside the receipts: held against the case that they give, or what of it was not is named."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.protocol.cases import closed, journey
from tests.protocol.world import CALENDAR

from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.case import case_json, fold
from kynhan_protocol.evidence import case_file, evidence
from kynhan_protocol.evidence.verdicts import Judgement, Verdict

Change = Callable[[dict[str, Any]], object]


@functools.cache
def told() -> tuple[dict[str, bytes], dict[str, Any]]:
    """The receipts of a case, and the case as a home tells it."""
    world = journey()
    made, days = profile.parse(world.profile), calendar.parse(CALENDAR)
    book = CalendarBook.begin(days.sha, made.committees, days)
    case = fold.fold((logged for logged in world.log[16:23]), made, book)
    assert case is not None
    document = json.loads(json.dumps(case_json.to_json(case, made)))
    return closed(world.case_files()), {**document, "title": "Về vụ việc", "status": {"code": "opened"}}


def judge(document: object) -> Judgement:
    return evidence.verify_case({**told()[0], "case.json": json.dumps(document).encode()})


def dispatch(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(iter(document["dispatches"].values()))
    return found


def test_the_case_as_it_is_is_compared_but_for_what_only_a_home_knows() -> None:
    report = judge(told()[1])
    assert (report.verdict, report.all_reasons) == (Verdict.VALID, ())
    assert [(one.code, one.subject, one.detail) for one in report.aside] == [
        ("not-compared", "case.json", "status, title")
    ]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda one: one.update(phase="closed"), "phase"),
        (lambda one: one.update(unit="cand.example/pa03"), "unit"),
        (lambda one: one["due"].update(due="2026-06-30"), "due"),
        (lambda one: one["due_history"][0].update(due="2026-06-30"), "due_history"),
        (lambda one: dispatch(one).update(received_at="2026-03-01T01:00:00Z"), "received_at"),
        (lambda one: dispatch(one).update(state="declined"), "dispatches"),
        (lambda one: one.update(dispatches={}), "dispatches"),
        (lambda one: one.update(dispatches=[], last_index=99), "dispatches"),
        (lambda one: (one.update(last_index=99), dispatch(one).update(to="x.example")), "to"),
        (lambda one: (one.update(last_index=99), one.update(phase="closed")), "phase"),
        (lambda one: one.pop("clock"), "clock"),
    ],
)
def test_a_case_told_otherwise_is_not_valid_and_what_differs_is_named(change: Change, name: str) -> None:
    document = copy.deepcopy(told()[1])
    change(document)
    report = judge(document)
    assert report.verdict == Verdict.INVALID
    assert [one.code for one in report.reasons] == ["case-differs"]
    assert name in report.reasons[0].detail


def test_a_case_that_tells_of_later_reminders_is_compared_without_them() -> None:
    document = {**told()[1], "last_index": 99, "reminders": [{"id": "ab" * 32, "index": 99}]}
    report = judge(document)
    assert report.verdict == Verdict.VALID
    assert [one.detail for one in report.aside] == ["last_index, reminders, status, title"]


@pytest.mark.parametrize("name", sorted(case_file.DATED - {"due", "due_history", "unrolled_due"}))
def test_a_date_that_the_relay_had_not_said_yet_is_not_compared(name: str) -> None:
    """It may be that of a calendar in a larger log; no other part is left out for it."""
    document = {**copy.deepcopy(told()[1]), name: "x"}
    assert judge(document).verdict == Verdict.INVALID
    document["due"]["id"] = None
    report = judge(document)
    assert report.verdict == Verdict.VALID
    assert [set(one.detail.split(", ")) for one in report.aside] == [{"due", name, "status", "title"}]
    assert judge({**document, "phase": "closed"}).reasons[0].detail == "phase"


def test_what_a_later_act_may_have_changed_is_named_as_not_compared() -> None:
    document = copy.deepcopy(told()[1])
    document["last_index"] = 99
    dispatch(document).update(recalled=True)
    report = judge(document)
    assert report.verdict == Verdict.VALID
    (one,) = report.aside
    assert one.code == "not-compared"
    assert {"dispatches", "due"} <= set(one.detail.split(", "))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"id": 1}',
        b'{"id": "1"}',
        b"[" * 1_000 + b"]" * 1_000,
        b'{"id":' * 1_000 + b"1" + b"}" * 1_000,
    ],
)
def test_what_is_no_case_is_named_as_not_looked_at(data: bytes) -> None:
    report = evidence.verify_case({**told()[0], "case.json": data})
    assert report.verdict == Verdict.VALID
    assert [(one.code, one.subject) for one in report.aside] == [("not-looked-at", "case.json")]


@pytest.mark.parametrize("name", ["dispatches", "due_history", "reminders", "due", "last_index", "clock"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [1, None], {"x": 1}])
def test_no_shape_of_a_case_makes_a_traceback(name: str, value: object) -> None:
    judge({**told()[1], name: value})


@pytest.mark.parametrize("name", case_file.FACTS)
def test_no_later_statement_changes_a_fact_of_a_dispatch(name: str) -> None:
    document = copy.deepcopy(told()[1])
    document["last_index"] = 99
    is_there = dispatch(document)[name] is not None
    dispatch(document)[name] = "x"
    report = judge(document)
    assert (report.verdict == Verdict.INVALID) == is_there
    assert is_there or "dispatches" in report.aside[0].detail
