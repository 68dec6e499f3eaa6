"""`kynhan cases`, `case`: where every case stands, who waits for whom, until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from kynhan_protocol.agreement.due import DayStep
from kynhan_protocol.case.sent import KEEPS_TIME
from kynhan_protocol.case.waiting import LABELS
from kynhan_protocol.vietnam_time import local_date

from .. import words
from ..log import track
from ..log.track import CaseLine
from ..log.view import View
from ..reminding import snooze
from ..reminding.steps import step_label
from ..screen.narrowing import Narrowing
from ..screen.output import Output, day, moment, short
from ..words import Pair
from .base import Session, command, option
from .calendar_preview import dated
from .due_history import show_due_history
from .homes import open_home
from .lists import as_csv, narrowed, write_csv
from .time import show_days

HEADINGS = ("cases.case", "cases.title", "cases.status", "cases.waiting", "cases.due")


@command("cases")
@narrowed
@as_csv
def cases(session: Session, narrowing: Narrowing, csv: bool) -> None:
    output = session.output
    with open_home(session) as home:
        lines, asleep = narrowing.of(track.cases(home)), snooze.active(home)
        as_of = track.as_of(View(home))
    if csv:
        headings = (*HEADINGS, "deadlines.provisional", "list.subject", "list.term", "list.unit")
        write_csv(session, headings, [_csv_row(output, line) for line in lines])
        return
    listed = [{**_json(line), "snoozed_until": asleep.get(line.case)} for line in lines]
    output.json({"cases": listed, "as_of": as_of})
    if not lines:
        output.say("cases.empty")
        return
    output.table(
        HEADINGS,
        [
            [
                case_cell(output, line.case, asleep),
                line.title or output.cell(words.pair("cases.untitled")),
                output.cell(line.status_words),
                "\n".join(line.waiting_for) or "–",
                _date(output, line.due, line.provisional),
            ]
            for line in lines
        ],
    )
    show_as_of(output, as_of)


def _json(line: CaseLine) -> dict[str, Any]:
    return {
        "case": line.case,
        "kind": line.kind,
        "title": line.title,
        "from": line.from_,
        "phase": line.phase,
        "status": status_json(line.status, line.status_words),
        "began_at": line.began_at,
        "waiting_for": list(line.waiting_for),
        "due": line.due,
        "provisional": line.provisional,
        "nature": line.nature,
        "group": line.group,
        "subject": line.subject,
        "term": line.term,
        "unit": line.unit,
        "mine": line.mine,
    }


def _csv_row(output: Output, line: CaseLine) -> list[object]:
    waits = "; ".join(line.waiting_for)
    status = output.pick(line.status_words)
    provisional = None if line.due is None else line.provisional
    return [line.case, line.title, status, waits, line.due, provisional, line.subject, line.term, line.unit]


def case_cell(output: Output, case: str, asleep: dict[str, date]) -> str:
    """A case's number; beneath it, that its reminders are put off."""
    until = asleep.get(case)
    if until is None:
        return short(case)
    return f"{short(case)}\n{output.cell(words.pair('snooze.mark', date=day(until)))}"


def status_json(code: str, status: Pair) -> dict[str, str]:
    return {"code": code, "vi": status[0], "en": status[1]}


def _date(output: Output, on: date | None, provisional: bool) -> str:
    return day(on) if on is None else dated(output, on, provisional)


@command("case")
@click.argument("case")
@option("--why", "case.why", is_flag=True)
def case(session: Session, case: str, why: bool) -> None:
    output = session.output
    with open_home(session) as home:
        detail = track.case_detail(home, track.find_case(home, case), why=why)
        detail["as_of"] = track.as_of(View(home))
        detail["snoozed_until"] = snooze.active(home).get(detail["id"])
    output.json(detail)
    if output.as_json:
        return
    _show_head(output, detail)
    _show_dispatches(output, detail)
    show_due_history(output, detail["due_history"])
    _show_reminders(output, detail)
    if why:
        _show_why(output, detail)
    show_as_of(output, detail["as_of"])


def show_as_of(output: Output, as_of: dict[str, Any] | None) -> None:
    """Which checkpoint what was shown is as of; nothing before the first."""
    if as_of is not None:
        output.plain()
        output.say("case.as-of", size=as_of["size"], at=_moment(as_of["at"]))


def _show_head(output: Output, detail: dict[str, Any]) -> None:
    output.say("case.head", style="bold", case=detail["id"])
    if detail.get("title"):
        output.say("case.title", title=detail["title"])
    status = detail["status"]
    output.say("case.status", status=(status["vi"], status["en"]))
    if detail["unit"]:
        output.say("case.unit", unit=detail["unit"])
    for clock in detail["clocks"]:
        on = day(local_date(datetime.fromisoformat(clock["started_at"])))
        output.say(_start(detail, clock), date=on)
    due = detail.get("due")
    if due is not None:
        on = day(date.fromisoformat(due["due"]))
        output.say("case.due-target" if due["nature"] == "target" else "case.due", style="bold", date=on)
        if due["original"] != due["due"]:
            output.say("case.due-original", original=day(date.fromisoformat(due["original"])), date=on)
        if due["provisional"]:
            output.say("due.provisional", sign="!")
        if not due.get("checked", True):
            output.say("due.unchecked", sign="!", style="yellow")
    if detail["paused"]:
        since = day(local_date(datetime.fromisoformat(detail["paused"]["since"])))
        output.say("case.paused", sign="‖", date=since)
    if "contested" in detail:
        said = detail["dispatches"][detail["contested"]]
        code = words.label("fault", said["opening_code"])
        output.say("case.contested", sign="?", dispatch=short(said["id"]), code=code)
        output.say("case.contested-sender", sign=" ")
        output.say("case.contested-addressee", sign=" ", dispatch=short(said["id"]))
    if detail["stopped"]:
        output.say("case.answered-at", at=_moment(detail["stopped"]["at"]))
    if detail["snoozed_until"] is not None:
        output.say("snooze.mark", sign="·", date=day(detail["snoozed_until"]))
    for one in detail["waiting_for"]:
        label = LABELS[one["what"]]
        output.say(
            "case.waiting",
            who=one["who"],
            what=(label.vi, label.en),
            since=_moment(one["since"]),
        )
    for one in detail["objections"]:
        output.say("case.objections", sign="!", style="yellow")
        output.plain(f"  {output.pick((one['vi'], one['en']))}")


def _start(detail: dict[str, Any], clock: dict[str, Any]) -> str:
    """How a start of the clock is told: void for its package's fault; anew after a return; as if received, which has no
    HANDOVER of its own; or as it is."""
    if _is_void(detail["dispatches"][clock["dispatch"]]):
        return "case.start-void"
    if clock["because"] != "return":
        return "case.start"
    handed_over = [one for one in detail["clocks"] if one["handover"] == clock["handover"]]
    return "case.restart-unsigned" if clock is not handed_over[0] else "case.restart"


def _is_void(sent: dict[str, Any]) -> bool:
    """As `Sent.is_void`, which the document says by what it has."""
    return "voided_by" in sent or ("admitted_by" in sent and sent["kind"] not in KEEPS_TIME)


def _show_dispatches(output: Output, detail: dict[str, Any]) -> None:
    output.plain()
    output.say("case.dispatches", style="bold")
    output.table(
        ["case.index", "case.at", "case.kind", "case.route", "case.state"],
        [
            [
                f"{sent['index']}\n{short(sent['id'])}",
                _moment(sent["sent_at"]).replace(" ", "\n"),
                _kind(output, sent),
                f"{sent['from_']}\n→\u00a0{sent['to']}",
                _state(output, sent),
            ]
            for sent in detail["dispatches"].values()
        ],
    )


def _kind(output: Output, sent: dict[str, Any]) -> str:
    """What kind of dispatch it is: a copy, the date it announces, whether it came late."""
    lines = [output.cell((sent["label"]["vi"], sent["label"]["en"]))]
    if sent["part"] == "copy":
        lines.append(output.cell(words.pair("case.copy")))
    if sent["due"]:
        lines.append(output.cell(words.pair("case.announces", date=day(date.fromisoformat(sent["due"])))))
    if sent["late"]:
        late = "case.late-return" if sent["kind"] == "return" else "case.late-extension"
        lines.append(output.cell(words.pair(late)))
    return "\n".join(lines)


def _state(output: Output, sent: dict[str, Any]) -> str:
    """What became of a dispatch, the newest last."""
    lines = [output.cell(words.label("sent", sent["state"]))]
    if sent["refused"]:
        lines.append(output.cell(words.pair("case.without-effect")))
    if sent["received_at"]:
        lines.append(_moment(sent["received_at"]))
    if sent["opening"]:
        lines.append(output.cell(words.label("opening", sent["opening"])))
    if _is_void(sent):
        lines.append(output.cell(words.pair("case.void")))
    if sent["recalled"]:
        lines.append(output.cell(words.pair("case.recalled")))
    elif sent["destroyed_by"]:
        lines.append(output.cell(words.pair("case.destroyed", by=", ".join(sent["destroyed_by"]))))
    return "\n".join(lines)


def _show_reminders(output: Output, detail: dict[str, Any]) -> None:
    if not detail["reminders"]:
        return
    output.plain()
    output.say("case.reminders", style="bold")
    for one in detail["reminders"]:
        output.say(
            "case.reminder",
            sign=" ",
            at=_moment(one["at"]),
            step=step_label(one.get("told", one["step"])),
            to=", ".join(one["to"]),
        )


def _show_why(output: Output, detail: dict[str, Any]) -> None:
    explanation = detail.get("explanation")
    output.plain()
    if explanation is None:
        output.say("case.no-due")
        return
    output.say("case.why", style="bold")
    show_days(
        output,
        [
            DayStep(date.fromisoformat(one["date"]), one["counted"], one["vi"], one["en"])
            for one in explanation["days"]
        ],
    )


def _moment(text: str) -> str:
    return moment(datetime.fromisoformat(text))
