"""`kynhan withdraw`, `recall`, `destroy`: taking back, before it is signed for and afterwards; destroying."""

from __future__ import annotations

from typing import Any, Final

import click

from kynhan_protocol.statements.codes import CODES

from .. import words
from ..dossiers.letter import Letter
from ..errors import ClientError
from ..home.home import Home
from ..log import track
from ..procedures import recalls, retention
from ..procedures.recalls import Acted
from ..procedures.retention import Expired
from ..screen.output import Output, day, short
from .base import SETTINGS, FailedError, Session, command, option
from .homes import open_home
from .lazy import LazyGroup
from .letters import deliver, words_given
from .online import online
from .packages import kind_label

PLACES: Final = {
    "ask": "kynhan_client.cli.recalls:ask",
    "agree": "kynhan_client.cli.recalls:agree",
    "refuse": "kynhan_client.cli.recalls:refuse",
}
ORDERED: Final = tuple(code for code in CODES["destruction"] if code != "recalled")

recall = LazyGroup(
    "recall",
    places=PLACES,
    within="recall",
    default="ask",
    help=words.help_text("recall"),
    epilog=words.help_examples("recall"),
    context_settings=SETTINGS,
)


@command("withdraw")
@click.argument("dispatch")
@option("--code", "withdraw.code", type=click.Choice(CODES["withdrawal"]), required=True)
@option("--yes", "yes", is_flag=True)
def withdraw(session: Session, dispatch: str, code: str, yes: bool) -> None:
    with open_home(session) as home:
        found = track.find_dispatch(home, dispatch)
        session.confirm("withdraw.ask", yes, dispatch=short(found), reason=words.label("withdrawal", code))
        acted = online(home, lambda relay: recalls.withdraw(home, relay, found, code))
    _end(session.output, "withdraw.done", acted)


@command("recall ask")
@click.argument("dispatch")
@option("--reason", "recall.reason", required=True)
@option("--yes", "yes", is_flag=True)
def ask(session: Session, dispatch: str, reason: str, yes: bool) -> None:
    def letter(home: Home) -> Letter:
        made = recalls.recall(home, track.find_dispatch(home, dispatch), words_given(session, reason, None))
        session.confirm("recall.ask", yes, to=made.to)
        return made

    deliver(session, letter)


@command("recall agree")
@click.argument("dispatch", required=False)
@option("--yes", "yes", is_flag=True)
def agree(session: Session, dispatch: str | None, yes: bool) -> None:
    with open_home(session) as home:
        found = recalls.find(home, None if dispatch is None else track.find_dispatch(home, dispatch))
        session.confirm("recall.ask-agree", yes, dispatch=short(found.regarding or ""))
        acted = online(home, lambda relay: recalls.agree(home, relay, found.id))
    _end(session.output, "recall.agreed", acted)


@command("recall refuse")
@click.argument("dispatch", required=False)
@option("--reason", "recall.refuse-reason", required=True)
def refuse(session: Session, dispatch: str | None, reason: str) -> None:
    def letter(home: Home) -> Letter:
        found = recalls.find(home, None if dispatch is None else track.find_dispatch(home, dispatch))
        return recalls.refuse(home, found.id, words_given(session, reason, None))

    deliver(session, letter)


@command("destroy")
@click.argument("dispatch", required=False)
@option("--code", "destroy.code", type=click.Choice(ORDERED))
@option("--expired", "destroy.expired", is_flag=True)
@option("--yes", "yes", is_flag=True)
def destroy(session: Session, dispatch: str | None, code: str | None, expired: bool, yes: bool) -> None:
    if expired == (dispatch is not None) or (dispatch is not None and code is None):
        raise click.UsageError("DISPATCH --code CODE | --expired")
    with open_home(session) as home:
        if expired:
            _destroy_expired(session, home, yes)
            return
        found = track.find_dispatch(home, dispatch or "")
        reason = words.label("destruction", code or "")
        session.confirm("destroy.ask", yes, dispatch=short(found), reason=reason)
        acted = online(home, lambda relay: recalls.destroy(home, relay, found, code or ""))
    _end(session.output, "destroy.done", acted)


def _destroy_expired(session: Session, home: Home, yes: bool) -> None:
    """Lists what is past its time; destroys it with --yes only."""
    output = session.output
    found = retention.expired(home)
    if not found or not yes:
        output.json({"expired": [_expired_json(one) for one in found], "destroyed": []})
    if not found:
        output.say("destroy.none")
        return
    if not output.as_json:
        _show_expired(output, found)
    if not yes:
        output.say("destroy.how")
        return
    acted = []
    try:
        for one in found:
            acted.append(_destroy_one(home, one.dispatch))
    except ClientError as error:
        output.error(error, _destroyed_json(found, acted))
        raise FailedError from error
    output.json(_destroyed_json(found, acted))
    output.say("destroy.count", sign="✓", count=len(acted))
    _tell_unpacked(output, acted)
    if any(one.state == "queued" for one in acted):
        output.say("act.queued", sign="!")
        raise FailedError


def _destroy_one(home: Home, dispatch: str) -> Acted:
    return online(home, lambda relay: recalls.destroy(home, relay, dispatch, "retention"))


def _show_expired(output: Output, found: list[Expired]) -> None:
    output.table(
        ["destroy.dispatch", "destroy.kind", "destroy.since", "destroy.until"],
        [
            [
                short(one.dispatch),
                output.cell(kind_label(one.kind)),
                day(one.since),
                day(one.until) if one.why == "retention" else output.cell(words.pair("destroy.recorded")),
            ]
            for one in found
        ],
    )


def _expired_json(one: Expired) -> dict[str, Any]:
    return {
        "dispatch": one.dispatch,
        "case": one.case,
        "kind": one.kind,
        "since": one.since,
        "until": one.until,
        "why": one.why,
    }


def _destroyed_json(found: list[Expired], acted: list[Acted]) -> dict[str, Any]:
    return {
        "expired": [_expired_json(one) for one in found],
        "destroyed": [_acted_json(one) for one in acted],
    }


def _acted_json(acted: Acted) -> dict[str, Any]:
    return {
        "dispatch": acted.dispatch,
        "state": acted.state,
        "statement": acted.statement,
        "index": acted.index,
        "unpacked": list(acted.unpacked),
    }


def _end(output: Output, key: str, acted: Acted) -> None:
    """Tells what became of an act."""
    if acted.state == "queued":
        output.say("act.queued", sign="!")
        _tell_unpacked(output, [acted])
        if acted.reason is None:
            output.json(_acted_json(acted))
        else:
            output.error(acted.reason, _acted_json(acted))
        raise FailedError
    output.json(_acted_json(acted))
    if acted.state == "before":
        output.say("destroy.before", sign="✓", dispatch=short(acted.dispatch))
    else:
        output.say(key, sign="✓", dispatch=short(acted.dispatch), index=acted.index)
    _tell_unpacked(output, [acted])


def _tell_unpacked(output: Output, acted: list[Acted]) -> None:
    """What was unpacked for reading lies outside the home: only the user can delete it."""
    for one in acted:
        for folder in one.unpacked:
            output.say("destroy.unpacked", sign="!", folder=folder)
