"""`kynhan channel …` and `snooze`: where reminders go, and where for a while they do not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import click
import msgspec

from .. import words
from ..log import track
from ..reminding import channels, snooze
from ..reminding.channels import Channel
from ..screen.output import Output, day, short
from ..words import Language
from .base import SETTINGS, Session, command, option
from .calendar_preview import marked
from .homes import open_home
from .lazy import LazyGroup
from .online import at_once

PLACES: Final = {
    "add-mail": "kynhan_client.cli.channels:add_mail",
    "add-webhook": "kynhan_client.cli.channels:add_webhook",
    "add-feed": "kynhan_client.cli.channels:add_feed",
    "confirm": "kynhan_client.cli.channels:confirm",
    "list": "kynhan_client.cli.channels:list_",
    "remove": "kynhan_client.cli.channels:remove",
}
SHORT: Final = 8

channel = LazyGroup(
    "channel",
    places=PLACES,
    within="channel",
    help=words.help_text("channel"),
    epilog=words.help_examples("channel"),
    context_settings=SETTINGS,
)

_language = option("--language", "channel.language", type=click.Choice(["vi", "en", "both"]))


@command("channel add-mail")
@click.argument("address")
@option("--digest", "channel.digest", is_flag=True)
@_language
def add_mail(session: Session, address: str, digest: bool, language: Language | None) -> None:
    chosen = language or session.language
    with open_home(session) as home:
        made = at_once(home, lambda relay: channels.add_mail(relay, address, language=chosen, digest=digest))
    session.output.json(_as_json(made))
    session.output.say("channel.code-sent", sign="✓", address=address)


@command("channel add-webhook")
@click.argument("url")
@_language
def add_webhook(session: Session, url: str, language: Language | None) -> None:
    chosen = language or session.language
    with open_home(session) as home:
        made = at_once(home, lambda relay: channels.add_webhook(relay, url, language=chosen))
    session.output.json(_as_json(made))
    session.output.say("channel.added", sign="✓", id=made.id[:SHORT])


@command("channel add-feed")
@_language
def add_feed(session: Session, language: Language | None) -> None:
    chosen = language or session.language
    with open_home(session) as home:
        made = at_once(home, lambda relay: channels.add_feed(relay, language=chosen))
    session.output.json({**_as_json(made.channel), "url": made.url})
    session.output.say("channel.added", sign="✓", id=made.channel.id[:SHORT])
    session.output.say("channel.feed-url", sign="!")
    session.output.plain(made.url)


@command("channel confirm")
@click.argument("code")
def confirm(session: Session, code: str) -> None:
    with open_home(session) as home:
        made = at_once(home, lambda relay: channels.confirm(relay, code))
    session.output.json(_as_json(made))
    session.output.say("channel.confirmed", sign="✓", address=made.address)


@command("channel list")
def list_(session: Session) -> None:
    output = session.output
    with open_home(session) as home:
        found = at_once(home, channels.listing)
    output.json({"channels": [_as_json(one) for one in found]})
    if not found:
        output.say("channel.empty")
        return
    output.table(
        ["channel.id", "channel.kind", "channel.address", "channel.state"],
        [[one.id[:SHORT], _kind(output, one), one.address or "–", _state(output, one)] for one in found],
    )


@command("channel remove")
@click.argument("id_", metavar="ID")
@option("--yes", "channel.yes", is_flag=True)
def remove(session: Session, id_: str, yes: bool) -> None:
    with open_home(session) as home:
        found = at_once(home, lambda relay: channels.find(relay, id_))
        kind = words.label("channel-kind", found.kind)
        session.confirm("channel.ask-remove", yes, id=found.id[:SHORT], kind=kind)
        at_once(home, lambda relay: channels.remove(relay, found))
    session.output.json({"id": found.id, "removed": True})
    session.output.say("channel.removed", sign="✓", id=found.id[:SHORT])


def _as_json(one: Channel) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(one)
    return made


def _kind(output: Output, one: Channel) -> str:
    lines = [output.cell(words.label("channel-kind", one.kind))]
    if one.digest:
        lines.append(output.cell(words.pair("channel.digest")))
    return "\n".join(lines)


def _state(output: Output, one: Channel) -> str:
    """Whether it is in use, what went, and why something did not."""
    if not one.confirmed:
        return output.cell(words.pair("channel.unconfirmed"))
    lines = [words.pair("channel.in-use")]
    if one.kind != "feed":
        lines.append(words.pair("channel.counts", sent=one.sent, waiting=one.waiting, failed=one.failed))
    if one.error is not None:
        lines.append(words.pair("channel.error", code=one.error))
    return "\n".join(output.cell(line) for line in lines)


@command("snooze")
@click.argument("case")
@option("--until", "snooze.until", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), metavar="DATE")
@option("--days", "snooze.days", type=click.IntRange(1, snooze.MOST.days))
@option("--off", "snooze.off", is_flag=True)
@option("--yes", "snooze.yes", is_flag=True)
def snooze_(
    session: Session, case: str, until: datetime | None, days: int | None, off: bool, yes: bool
) -> None:
    if (until is not None) + (days is not None) + off != 1:
        raise click.UsageError(words.text("help.one-of-until-days-off", "both"))
    with open_home(session) as home:
        found = track.find_case(home, case)
        if off:
            was = snooze.end(home, found)
            session.output.json({"case": found, "until": None, "was": was})
            session.output.say("snooze.ended" if was else "snooze.was-not", sign="✓", case=short(found))
            return
        wanted = until.date() if until is not None else snooze.today(home) + timedelta(days=days or 0)
        snooze.check(home, found, wanted)
        due = snooze.past_due(home, found, wanted)
        if due is not None:
            shown = marked(due.due, due.due if due.provisional else date.max)
            session.confirm("snooze.ask-past-due", yes, due=shown, case=short(found))
        made = snooze.put(home, found, wanted)
    session.output.json({"case": made.case, "until": made.until})
    session.output.say("snooze.done", sign="✓", case=short(made.case), date=day(made.until))
