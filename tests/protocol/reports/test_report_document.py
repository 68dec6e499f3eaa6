"""report@v1: one spelling, and nothing else is taken for a report."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.protocol.reports.test_figures import source_of
from tests.protocol.story import CASE, CCQ, PROFILE_HASH, Story, vn

from kynhan_protocol.agreement import periods
from kynhan_protocol.errors import ReportError
from kynhan_protocol.reports import reports
from kynhan_protocol.reports.reports import Declared, Place, Report


def made() -> Report:
    story = Story(now=vn(2026, 3, 2))
    story.sent_and_signed("request", term="in-province")
    story.send("difficulty")
    source = source_of({CASE: story})
    period = periods.named("2026-Q1", 1)
    at = reports.moment(vn(2026, 4, 2))
    on = reports.scope(source, period, at)
    found = reports.gather(source, on)
    return Report(
        kynhan=reports.VERSION,
        committee=CCQ,
        period=period,
        at=at,
        finished=True,
        log=Place("relay.example/kynhan", 7, "0" * 64),
        profile=PROFILE_HASH,
        calendar=source.calendar.sha,
        subjects=(Declared(CASE, "3.1"),),
        difficulties=reports.difficulties(found, on, {}),
        figures=reports.figures(found, source, on, {CASE: "3.1"}),
    )


REPORT = made()
DATA = reports.spell(REPORT)


def changed(change: Any) -> bytes:
    document = json.loads(DATA)
    change(document)
    return msgspec.json.format(json.dumps(document, ensure_ascii=False).encode(), indent=1) + b"\n"


def test_a_report_reads_back() -> None:
    assert reports.parse(DATA) == REPORT
    assert len(REPORT.difficulties) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(kynhan="report@v2"),
        lambda d: d.update(more=1),
        lambda d: d.pop("log"),
        lambda d: d.update(at="2026-04-02T02:00:00+07:00"),
        lambda d: d.update(at="2026-04-02T02:00:00.5Z"),
        lambda d: d.update(at="0001-01-01T00:00:00Z"),
        lambda d: d.update(at="9999-12-31T23:59:59Z"),
        lambda d: d.update(finished=False),
        lambda d: d.update(profile="x"),
        lambda d: d["log"].update(size=-1),
        lambda d: d["log"].update(size=1 << 80),
        lambda d: d["period"].update(name="2026-Qx"),
        lambda d: d["period"].update(name="2026-Q2"),
        lambda d: d["period"].update(kind="month"),
        lambda d: d["period"].update(ends="9999-12-31"),
        lambda d: d["period"].update(name=None, kind="dates", begins="2026-04-01"),
        lambda d: d["subjects"].append(d["subjects"][0]),
        lambda d: d["subjects"][0].update(case="x"),
        lambda d: d["figures"].update({"by-subject": None}),
        lambda d: d["figures"]["total"].update(cases=1.0),
        lambda d: d["figures"]["total"].update(cases="1"),
        lambda d: d["difficulties"][0].update(dispatch="x"),
        lambda d: d["difficulties"][0].update(at="9999-12-31T23:59:59Z"),
        lambda d: d["difficulties"][0].update(title="a" * 5000),
    ],
)
def test_what_breaks_a_rule_is_refused(change: Any) -> None:
    with pytest.raises(ReportError):
        reports.parse(changed(change))


def test_there_is_one_spelling() -> None:
    for data in (DATA + b"\n", DATA[:-1], b" " + DATA, msgspec.json.format(DATA, indent=2)):
        with pytest.raises(ReportError):
            reports.parse(data)


@given(st.integers(0, len(DATA) - 1), st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_any_byte_changed_gives_another_report_or_none(at: int, byte: int) -> None:
    data = DATA[:at] + bytes([byte]) + DATA[at + 1 :]
    try:
        found = reports.parse(data)
    except ReportError:
        return
    assert (found == REPORT) == (data == DATA)
    assert found.period.label.vi
    assert found.period.begins >= date(1976, 1, 1)
