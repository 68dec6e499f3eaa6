"""`kynhan cases`, `case`, `deadlines`: where every case stands, who waits for whom, until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from kynhan_protocol.due import DayStep
from kynhan_protocol.waiting import LABELS

from .. import track, words
from ..output import Output, day, moment, short
from ..track import Deadline
from ..words import Pair
from .base import Session, command, option
from .homes import open_home
from .time import show_days


@command("cases")
def cases(session: Session) -> None:
    output = session.output
    with open_home(session) as home:
        lines = track.cases(home)
    output.json(
        {
            "cases": [
                {
                    "case": line.case,
                    "kind": line.kind,
                    "title": line.title,
                    "from": line.from_,
                    "phase": line.phase,
                    "status": _status_json(line.status, line.status_words),
                    "began_at": line.began_at,
                    "waiting_for": list(line.waiting_for),
                    "due": line.due,
                    "provisional": line.provisional,
                    "nature": line.nature,
                }
                for line in lines
            ]
        }
    )
    if not lines:
        output.say("cases.empty")
        return
    output.table(
        ["cases.case", "cases.title", "cases.status", "cases.waiting", "cases.due"],
        [
            [
                short(line.case),
                line.title or output.cell(words.pair("cases.untitled")),
                output.cell(line.status_words),
                "\n".join(line.waiting_for) or "–",
                _date(output, line.due, line.provisional),
            ]
            for line in lines
        ],
    )


def _status_json(code: str, status: Pair) -> dict[str, str]:
    return {"code": code, "vi": status[0], "en": status[1]}


def _date(output: Output, on: date | None, provisional: bool) -> str:
    return f"{day(on)}\n{output.cell(words.pair('left.provisional'))}" if provisional else day(on)


@command("deadlines")
def deadlines(session: Session) -> None:
    output = session.output
    with open_home(session) as home:
        found = track.deadlines(home)
    output.json(
        {
            "deadlines": [
                {
                    "case": one.case,
                    "title": one.title,
                    "due": one.due,
                    "original": one.original,
                    "provisional": one.provisional,
                    "nature": one.nature,
                    "who": one.who,
                    "status": _status_json(one.status, one.status_words),
                    "working_days_left": one.working_days_left,
                    "group": one.group,
                }
                for one in found
            ]
        }
    )
    if not found:
        output.say("deadlines.empty")
        return
    output.table(
        ["deadlines.due", "deadlines.left", "deadlines.case", "deadlines.title", "deadlines.who"],
        [
            [
                _date(output, one.due, one.provisional),
                _left(output, one),
                short(one.case),
                one.title or output.cell(words.pair("cases.untitled")),
                one.who,
            ]
            for one in found
        ],
    )


def _left(output: Output, one: Deadline) -> str:
    """How much time is left; a target is never overdue."""
    if one.group == "overdue" and one.nature == "target":
        return output.cell(words.pair("left.target"))
    if one.group == "overdue":
        return output.cell(words.pair("left.overdue", n=-one.working_days_left))
    if one.group == "today":
        return output.cell(words.pair("left.today"))
    return output.cell(words.pair("left.days", n=one.working_days_left))


@command("case")
@click.argument("case")
@option("--why", "case.why", is_flag=True)
def case(session: Session, case: str, why: bool) -> None:
    output = session.output
    with open_home(session) as home:
        detail = track.case_detail(home, track.find_case(home, case), why=why)
    output.json(detail)
    if output.as_json:
        return
    _show_head(output, detail)
    _show_dispatches(output, detail)
    _show_reminders(output, detail)
    if why:
        _show_why(output, detail)


def _show_head(output: Output, detail: dict[str, Any]) -> None:
    output.say("case.head", style="bold", case=detail["id"])
    if detail.get("title"):
        output.say("case.title", title=detail["title"])
    status = detail["status"]
    output.say("case.status", status=(status["vi"], status["en"]))
    due = detail.get("due")
    if due is not None:
        on = day(date.fromisoformat(due["due"]))
        output.say("case.due-target" if due["nature"] == "target" else "case.due", style="bold", date=on)
        if due["original"] != due["due"]:
            output.say("case.due-original", original=day(date.fromisoformat(due["original"])), date=on)
        if due["provisional"]:
            output.say("due.provisional", sign="!")
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


def _show_dispatches(output: Output, detail: dict[str, Any]) -> None:
    output.plain()
    output.say("case.dispatches", style="bold")
    output.table(
        ["case.index", "case.at", "case.kind", "case.route", "case.state"],
        [
            [
                f"{sent['index']}\n{short(sent['id'])}",
                _moment(sent["sent_at"]).replace(" ", "\n"),
                output.cell((sent["label"]["vi"], sent["label"]["en"])),
                f"{sent['from_']}\n→\u00a0{sent['to']}",
                _state(output, sent),
            ]
            for sent in detail["dispatches"].values()
        ],
    )


def _state(output: Output, sent: dict[str, Any]) -> str:
    """What became of a dispatch, the newest last."""
    lines = [output.cell(words.label("sent", sent["state"]))]
    if sent["received_at"]:
        lines.append(_moment(sent["received_at"]))
    if sent["opening"]:
        lines.append(output.cell(words.label("opening", sent["opening"])))
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
            step=step_label(one["step"]),
            to=", ".join(one["to"]),
        )


def step_label(step: str) -> Pair:
    """A rung of the ladder in words: `-10`, `0`, `+3`, `unsigned+1`."""
    if step.startswith("unsigned+"):
        return words.pair("step.unsigned", n=step.removeprefix("unsigned+"))
    days = int(step)
    if days == 0:
        return words.pair("step.on-day")
    return words.pair("step.before" if days < 0 else "step.after", n=abs(days))


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
