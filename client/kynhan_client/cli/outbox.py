"""`kynhan outbox [list] | cancel`: what waits to be sent, and taking it back."""

from __future__ import annotations

from typing import Any, Final

import click

from .. import words
from ..home.home import Home
from ..packages import cancelling, outbox_list
from ..packages.cancelling import Ended
from ..packages.outbox_list import Item
from ..screen.output import Output, moment, short
from ..words import Pair
from .base import SETTINGS, Session, command, option
from .homes import open_home
from .lazy import LazyGroup
from .lists import as_csv, write_csv
from .online import at_once
from .packages import kind_label

PLACES: Final = {
    "list": "kynhan_client.cli.outbox:list_",
    "cancel": "kynhan_client.cli.outbox:cancel",
}
TABLE: Final = ("outbox.number", "outbox.what", "outbox.case", "outbox.to", "outbox.since")

outbox = LazyGroup(
    "outbox",
    places=PLACES,
    within="outbox",
    default="list",
    alone=True,
    help=words.help_text("outbox"),
    epilog=words.help_examples("outbox"),
    context_settings=SETTINGS,
)


@command("outbox list")
@as_csv
def list_(session: Session, csv: bool) -> None:
    output = session.output
    with open_home(session) as home:
        items = outbox_list.waiting(home)
    if csv:
        rows = [
            [one.number, one.kind, one.case, one.to, one.since, one.title, output.pick(_why(one))]
            for one in items
        ]
        write_csv(session, (*TABLE, "outbox.title", "outbox.why"), rows)
        return
    output.json({"waiting": [_json(one) for one in items]})
    if not items:
        output.say("outbox.empty")
        return
    output.table(TABLE, [_row(output, one) for one in items])
    if not output.as_json:
        _tell_why(output, items)
    output.say("outbox.next")


def _row(output: Output, one: Item) -> list[str]:
    title = "" if one.title is None else f"\n{one.title}"
    kind = f"{output.cell(_label(one))}{title}"
    return [str(one.number), kind, short(one.case or "–"), one.to or "–", moment(one.since)]


def _tell_why(output: Output, items: list[Item]) -> None:
    """Why each waits; what waits for the same reason together."""
    reasons: dict[Pair, list[str]] = {}
    for one in items:
        reasons.setdefault(_why(one), []).append(str(one.number))
    for why, numbers in reasons.items():
        output.say("outbox.waits", numbers=", ".join(numbers), why=why)


def _why(one: Item) -> Pair:
    return words.pair("outbox.not-tried") if one.why is None else one.why


def _label(one: Item) -> Pair:
    return kind_label(one.kind) if one.is_letter else words.label("type", one.kind)


def _json(one: Item) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "letter": one.is_letter,
        "case": one.case,
        "to": one.to,
        "about": one.about,
        "title": one.title,
        "since": one.since,
        "why": None if one.why is None else {"vi": one.why[0], "en": one.why[1]},
        "posted": one.posted,
    }


@command("outbox cancel")
@click.argument("number", type=click.IntRange(min=1))
@option("--yes", "yes", is_flag=True)
def cancel(session: Session, number: int, yes: bool) -> None:
    with open_home(session) as home:
        cancelling.require_waiting(home, number)
        session.confirm("outbox.ask", yes, **_named(home, number))
        ended = at_once(home, lambda relay: cancelling.cancel(home, relay, number))
    _tell(session.output, ended)


def _named(home: Home, number: int) -> dict[str, object]:
    one = next((one for one in outbox_list.waiting(home) if one.number == number), None)
    return {
        "number": number,
        "kind": "–" if one is None else _label(one),
        "to": "–" if one is None else one.to or "–",
    }


def _tell(output: Output, ended: Ended) -> None:
    output.json(
        {
            "number": ended.number,
            "state": ended.state,
            "kind": ended.kind,
            "case": ended.case,
            "dispatch": ended.dispatch,
            "index": ended.index,
        }
    )
    if ended.state == "cancelled":
        output.say("outbox.cancelled", sign="✓", number=ended.number)
        return
    output.say("outbox.was-sent", sign="!", number=ended.number, index=ended.index)
    if ended.kind == "dispatch":
        output.say("outbox.withdraw", dispatch=short(ended.dispatch or ""))
