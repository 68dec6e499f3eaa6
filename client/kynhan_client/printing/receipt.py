"""*Giấy biên nhận*: one statement of the log on paper, with the dispatch it is about; the receipt itself is inside.

What stands outside of the envelope is printed; register fields only where they are asked for and the package was opened
here. Nothing on the page names a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kynhan_protocol.case import fold
from kynhan_protocol.case.case import DueRecord, Sent
from kynhan_protocol.case.table import RULES
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.statements.statements import Dispatch
from kynhan_protocol.vietnam_time import local_date

from ..clauses import clause
from ..errors import problem
from ..home import cupboard
from ..home.home import Home
from ..log import receipts
from ..log.logbook import Entry
from ..log.view import View
from ..words import Language
from . import basis, dates, sheet
from .basis import Basis
from .sheet import Paper, Printed, section

TEMPLATE: Final = "receipt.typ"
TITLES: Final = ("paper.title", "paper.printed", "paper.issued", "paper.issuer", "paper.secrecy")
"""The register fields, in the order in which they stand on the page: they come from inside the seal."""

QUIET: Final = ("message", "note")
"""Kinds of dispatch that never move anything on a receipt of another one."""

Rows = Sequence[Mapping[str, str]]


def receipt(home: Home, id_: str, *, language: Language = "vi", with_title: bool = False) -> Printed:
    """The receipt of statement `id_`; of a dispatch, that of what became of it (its RECEIPT, DECLINE or WITHDRAWAL).

    `with_title` adds the register fields. Raises ClientError not-found, no-title, home-damaged, no-profile.
    """
    entry = _settled(home, id_)
    under = basis.of_statement(home, entry)
    paper = Paper(language)
    titles: Rows = ()
    if with_title:
        if entry.dispatch is None:
            raise problem("no-title", why=clause("print.not-opened"))
        titles = title_rows(home, paper, entry.dispatch)
    page = content(paper, under, entry, titles)
    return sheet.print_(home, paper, TEMPLATE, under, entry, shown(home, under, entry), page)


def shown(home: Home, under: Basis, entry: Entry) -> list[Entry]:
    """The statements that the page of `entry` rests on: as few of its case as give the same page, each with what stood
    in the case before it. What is newer than all that either side has read since proves less, and would drag the whole
    page along."""
    if under.case is None:
        return []
    view = View(home)
    due = under.case.due
    own = [
        one
        for one in under.entries
        if one.type != "reminder"
        and (one.dispatch == entry.dispatch or (due is not None and one.logged.id == due.id))
    ]
    quiet = {one.id for one in under.case.dispatches.values() if one.kind in QUIET}
    loud = [one for one in under.entries if one.type != "reminder" and one.dispatch not in quiet]
    page = content(Paper("vi"), under, entry)
    for chosen in (own, own + loud):
        whole = receipts.closure(view, *(one.logged.id for one in chosen))
        part = [one for one in whole if one.case == entry.case and one.logged.index < under.head.size]
        case = fold.fold((one.logged for one in part), under.profile, under.calendars, view.committees)
        if part and content(Paper("vi"), replace(under, entries=part, case=case), entry) == page:
            return part
    return [one for one in under.entries if one.type != "reminder"]


def content(paper: Paper, under: Basis, entry: Entry, titles: Rows = ()) -> dict[str, Any]:
    """What the page of `entry` shows (sheet.py); `titles` are the register fields, where they are asked for."""
    sent = None if under.case is None or entry.dispatch is None else under.case.dispatches.get(entry.dispatch)
    sections = []
    if sent is not None:
        sections += [_dispatch(paper, under, sent, titles), _signing(paper, under, sent)]
    due = None if under.case is None else under.case.due
    if due is not None:
        sections.append(due_section(paper, under, due))
    sections.append(sheet.evidence(paper, under, entry))
    foot = paper.say("paper.foot", index=entry.logged.index, id=entry.logged.id[:16])
    return {"title": paper.say("paper.receipt"), "foot": foot, "sections": sections}


def due_section(paper: Paper, under: Basis, due: DueRecord, *, with_calendar: bool = False) -> dict[str, Any]:
    """The date in force, what it is counted from, and the original one where it differs."""
    case, profile = under.case, under.profile
    assert case is not None
    term = profile.term(due.term)
    key = "paper.provisional" if due.provisional else "paper.by-the-end"
    name = "paper.due-target" if due.nature == "target" else "paper.due-limit"
    rows = [paper.row(name, paper.say(key, date=dates.long_date(due.due)))]
    if due.original != due.due:
        rows.append(
            paper.row("paper.original", paper.say("paper.by-the-end", date=dates.long_date(due.original)))
        )
    if case.clock is not None:
        counted = {
            "because": paper.label("paper-because", due.because),
            "term": (term.label.vi, term.label.en),
            "date": dates.long_date(local_date(case.clock.started_at)),
        }
        rows.append(paper.row("paper.due-basis", paper.say("paper.due-because", **counted)))
    if with_calendar:
        rows.append(paper.row("paper.calendar", "", due.calendar))
    if case.stopped is not None:
        rows.append(paper.row("paper.answered", paper.moment(case.stopped.at)))
    return section(paper.say("paper.due"), rows)


def title_rows(home: Home, paper: Paper, dispatch: str) -> list[dict[str, str]]:
    """The register fields of an opened package. Raises ClientError no-title."""
    note = cupboard.manifest(home.archive, dispatch)
    if note is None:
        raise problem("no-title", why=clause("print.not-opened"))
    made = manifests.parse(note).manifest
    rows = [paper.row("paper.title", made.title)]
    if made.printed:
        rows.append(paper.row("paper.printed", made.printed))
    if made.issued:
        rows.append(paper.row("paper.issued", paper.date(made.issued)))
    if made.issuer:
        rows.append(paper.row("paper.issuer", made.issuer))
    rows.append(paper.row("paper.secrecy", paper.pick(paper.label("paper-secrecy", made.secrecy))))
    return rows


def _settled(home: Home, id_: str) -> Entry:
    """The statement to print: of a dispatch that of what became of it."""
    view = View(home)
    entry = view.statement(id_)
    if entry is None:
        raise problem("not-found", what=clause("thing.statement", id=id_[:16]))
    if not isinstance(entry.logged.statement, Dispatch) or entry.case is None:
        return entry
    sent = view.case(entry.case).dispatches[entry.logged.id]
    settled = sent.receipt or sent.ended_by
    return entry if settled is None else view.statement(settled) or entry


def _dispatch(paper: Paper, under: Basis, sent: Sent, titles: Rows) -> dict[str, Any]:
    statement = under.dispatch(sent.id)
    rows: list[Mapping[str, str]] = [
        paper.row("paper.case", statement.case),
        paper.row("paper.kind", paper.kind(RULES[sent.kind].label)),
        paper.row("paper.from", paper.party(under, sent.from_)),
        paper.row("paper.to", paper.party(under, sent.to)),
    ]
    rows += titles
    if sent.urgency is not None:
        rows.append(paper.row("paper.urgency", paper.pick(paper.label("urgency", sent.urgency))))
    if sent.term is not None:
        label = under.profile.term(sent.term).label
        rows.append(paper.row("paper.term", paper.pick((label.vi, label.en))))
    size = paper.say("paper.package-size", bytes=dates.number(statement.body.size))
    rows.append(paper.row("paper.package", size, statement.body.hash))
    rows += [paper.row("paper.dispatch", "", sent.id), paper.row("paper.sent", paper.moment(sent.sent_at))]
    return section(paper.say("paper.document"), rows)


def _signing(paper: Paper, under: Basis, sent: Sent) -> dict[str, Any]:
    heading = paper.say("paper.signing")
    if sent.state == "sent":
        return section(heading, [], note=f"{paper.say('paper.unsigned')} {paper.say('paper.meaning')}")
    if sent.received_at is None or sent.received_by is None:
        assert sent.ended_at is not None
        rows = [paper.row(f"paper.{sent.state}-at", paper.moment(sent.ended_at))]
        if sent.state == "declined" and sent.ended_code is not None:
            rows.append(paper.row("paper.why", paper.pick(paper.label("decline", sent.ended_code))))
        return section(heading, rows)
    rows = [
        paper.row("paper.signed-by", paper.party(under, sent.received_by)),
        paper.row("paper.signed-at", paper.moment(sent.received_at)),
    ]
    opened = paper.say("paper.not-opened")
    if sent.opening is not None and sent.opened_at is not None:
        result = paper.label("opening", sent.opening)
        opened = paper.say("paper.opened", result=result, at=dates.long_moment(sent.opened_at))
    rows.append(paper.row("paper.opening", opened))
    return section(heading, rows, note=paper.say("paper.meaning"))
