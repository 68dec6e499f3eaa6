"""*Giấy xác nhận diễn biến việc phối hợp*: all dispatches, receipts, due dates and reminders of a case on paper, with
the whole evidence inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from kynhan_protocol.case.case import Case, DueRecord, Sent
from kynhan_protocol.case.notice_text import step_as_told
from kynhan_protocol.case.status import status
from kynhan_protocol.case.table import RULES
from kynhan_protocol.case.waiting import LABELS, waiting

from ..home.home import Home
from ..log import receipts
from ..log.logbook import Entry
from ..log.view import View
from ..reminding.steps import step_label
from ..screen import output
from ..words import Language
from . import basis, sheet
from .basis import Basis
from .receipt import Rows, due_section, title_rows
from .sheet import Paper, Printed, section, table

TEMPLATE: Final = "certificate.typ"


def certificate(home: Home, case: str, *, language: Language = "vi", with_title: bool = False) -> Printed:
    """The course of `case` as of one checkpoint. `with_title` adds the register fields of its request.

    Raises ClientError not-found, no-title, home-damaged, no-profile.
    """
    under = basis.of_case(home, case)
    paper = Paper(language)
    titles: Rows = ()
    if with_title and under.case is not None and under.case.main is not None:
        titles = title_rows(home, paper, under.case.main)
    page = content(paper, under, titles)
    return sheet.print_(home, paper, TEMPLATE, under, last(under), shown(home, under), page, case=case)


def shown(home: Home, under: Basis) -> list[Entry]:
    """The statements that a certificate rests on: the case, and what put the calendars in force."""
    calendars = receipts.calendars_of(View(home))
    return [*under.entries, *(one for one in calendars if one.logged.index < under.head.size)]


def content(paper: Paper, under: Basis, titles: Rows = ()) -> dict[str, Any]:
    """What the page of the case shows (sheet.py); `titles` are the register fields, where they are asked for."""
    found = under.case
    assert found is not None  # the basis of a case holds its first statement
    sections = [_case(paper, under, found, titles), _dispatches(paper, under, found)]
    if found.due is not None:
        sections.append(due_section(paper, under, found.due, with_calendar=True))
    if found.due_history:
        sections.append(_dues(paper, found))
    if found.reminders:
        sections.append(_reminders(paper, found))
    sections.append(sheet.evidence(paper, under, last(under)))
    foot = paper.say("paper.foot-case", case=found.id)
    return {"title": paper.say("paper.certificate"), "foot": foot, "sections": sections}


def last(under: Basis) -> Entry:
    """The last statement of the case under the checkpoint."""
    return max(under.entries, key=lambda entry: entry.logged.index)


def _case(paper: Paper, under: Basis, case: Case, titles: Rows) -> dict[str, Any]:
    calendar = under.calendars.in_force(under.head.size)
    now = status(case, under.at, calendar, under.profile)
    rows: list[Mapping[str, str]] = [paper.row("paper.case", case.id)]
    if case.began_at is not None:
        rows.append(paper.row("paper.began", paper.moment(case.began_at)))
    rows += titles
    rows.append(paper.row("paper.status", paper.kind(now)))
    if case.unit is not None:
        rows.append(paper.row("paper.unit", paper.party(under, case.unit)))
    counted = Counter((one.who, one.what) for one in waiting(case, under.profile))
    waits = [
        paper.say("paper.waiting-for", who=who, what=(LABELS[what].vi, LABELS[what].en), count=count)
        for (who, what), count in counted.items()
    ]
    if waits:
        rows.append(paper.row("paper.waiting", "; ".join(waits)))
    return section(paper.say("paper.case"), rows)


def _dispatches(paper: Paper, under: Basis, case: Case) -> dict[str, Any]:
    columns = [
        ("paper.number", "auto"),
        ("paper.kind", "3"),
        ("paper.route", "4"),
        ("paper.sent", "2.4"),
        ("paper.signing", "3"),
        ("paper.opening", "2.4"),
        ("paper.entry", "auto"),
    ]
    cells = [
        [
            str(number),
            paper.kind(RULES[sent.kind].label),
            f"{sent.from_} → {sent.to}",
            output.moment(sent.sent_at),
            _outcome(paper, sent),
            _opening(paper, sent),
            str(sent.index),
        ]
        for number, sent in enumerate(case.dispatches.values(), 1)
    ]
    return section(
        paper.say("paper.dispatches"), [], table=table(paper, columns, cells), note=paper.say("paper.meaning")
    )


def _outcome(paper: Paper, sent: Sent) -> str:
    if sent.refused is not None:
        return paper.say("paper.without-effect")
    if sent.received_at is not None and sent.received_by is not None:
        return paper.say("paper.signed-short", who=sent.received_by, at=output.moment(sent.received_at))
    what = paper.label("sent", sent.state)
    return paper.say(
        "paper.ended-short", what=what, at=output.moment(sent.ended_at) if sent.ended_at else ""
    ).strip()


def _opening(paper: Paper, sent: Sent) -> str:
    if sent.opening is None or sent.opened_at is None:
        return "–"
    result = paper.label("opening", sent.opening)
    return paper.say("paper.ended-short", what=result, at=output.moment(sent.opened_at))


def _dues(paper: Paper, case: Case) -> dict[str, Any]:
    columns = [
        ("paper.number", "auto"),
        ("paper.at", "2"),
        ("paper.because", "3"),
        ("paper.date", "2"),
        ("paper.original", "2"),
        ("paper.note", "3"),
        ("paper.entry", "auto"),
    ]
    cells = [
        [
            str(number),
            output.moment(one.at),
            paper.pick(paper.label("paper-because", one.because)),
            output.day(one.due),
            output.day(one.original),
            _note(paper, case, one),
            str(one.index),
        ]
        for number, one in enumerate(case.due_history, 1)
    ]
    return section(paper.say("paper.dues"), [], table=table(paper, columns, cells))


def _note(paper: Paper, case: Case, one: DueRecord) -> str:
    in_force = case.due is not None and case.due.id == one.id
    notes = ["paper.in-force" if in_force else "paper.replaced"]
    if one.provisional:
        notes.append("paper.provisional-short")
    if one.objection is not None:
        notes.append("paper.objected")
    return "; ".join(map(paper.say, notes))


def _reminders(paper: Paper, case: Case) -> dict[str, Any]:
    columns = [
        ("paper.number", "auto"),
        ("paper.at", "2"),
        ("paper.step", "3"),
        ("paper.reminded", "4"),
        ("paper.entry", "auto"),
    ]
    cells = [
        [
            str(number),
            output.moment(one.at),
            paper.pick(step_label(step_as_told(one.step, case.dispatches.get(one.due), one.at))),
            ", ".join(one.to),
            str(one.index),
        ]
        for number, one in enumerate(case.reminders, 1)
    ]
    return section(paper.say("paper.reminders"), [], table=table(paper, columns, cells))
