"""`kynhan inbox`, `fetch`, `sign`, `decline`, `open`: what came, signed for before it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kynhan_protocol.case.table import RULES
from kynhan_protocol.statements.codes import CODES, TERMS

from .. import words
from ..home.home import Home
from ..lazy import load
from ..log import track
from ..packages import opening, receive
from ..packages.handed import Enclosure
from ..packages.opening import Opened
from ..packages.receive import Item, Signed
from ..registers import numbering
from ..relay.relay import connect
from ..screen.output import Output, day, moment, relative, short, size
from ..words import Pair
from .base import FailedError, Session, command, option
from .homes import open_home
from .lists import as_csv, write_csv
from .online import online, run
from .progress import meter

if TYPE_CHECKING:
    from .content import Content


def kind_label(kind: str) -> Pair:
    """The label of a kind of dispatch, as both sides have it."""
    label = RULES[kind].label
    return label.vi, label.en


INBOX = ("inbox.dispatch", "inbox.from", "inbox.kind", "inbox.size", "inbox.since", "inbox.fetched")


@command("inbox")
@option("--term", "list.term", type=click.Choice(TERMS))
@as_csv
def inbox(session: Session, term: str | None, csv: bool) -> None:
    output = session.output
    with open_home(session) as home:
        items = [item for item in receive.inbox(home) if term in (None, item.term)]
    if csv:
        rows = [[i.dispatch, i.from_, i.kind, i.size, i.since, i.fetched, i.urgency, i.term] for i in items]
        write_csv(session, (*INBOX, "list.urgency", "list.term"), rows)
        return
    output.json({"items": [_item_json(item) for item in items]})
    if not items:
        output.say("inbox.empty")
        return
    output.table(
        INBOX,
        [
            [
                short(item.dispatch),
                item.from_,
                _kind(output, item),
                size(item.size),
                moment(item.since),
                output.cell(words.pair("inbox.yes" if item.fetched else "inbox.no")),
            ]
            for item in items
        ],
    )
    output.say("inbox.next")


def _kind(output: Output, item: Item) -> str:
    """The kind, and on a line of its own how urgent it is."""
    kind = output.cell(kind_label(item.kind))
    return kind if item.urgency is None else f"{kind}\n! {output.pick(words.label('urgency', item.urgency))}"


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "dispatch": item.dispatch,
        "index": item.index,
        "case": item.case,
        "from": item.from_,
        "kind": item.kind,
        "term": item.term,
        "urgency": item.urgency,
        "size": item.size,
        "since": item.since,
        "fetched": item.fetched,
    }


@command("fetch")
@click.argument("dispatch")
def fetch(session: Session, dispatch: str) -> None:
    with open_home(session) as home:
        found = track.find_dispatch(home, dispatch)
        count = _fetch(session, home, found)
    session.output.json({"dispatch": found, "bytes": count})
    session.output.say("fetch.done", sign="✓", size=size(count))


def _fetch(session: Session, home: Home, dispatch: str) -> int:
    with meter(session) as show:
        return online(home, lambda relay: receive.fetch(home, relay, dispatch, progress=show))


@command("sign")
@click.argument("dispatch")
@option("--yes", "yes", is_flag=True)
def sign(session: Session, dispatch: str, yes: bool) -> None:
    output = session.output
    with open_home(session) as home:
        found = track.find_dispatch(home, dispatch)
        waiting = next((item for item in receive.inbox(home) if item.dispatch == found), None)
        if waiting is not None and not yes:
            session.require_someone_to_ask()
            _fetch(session, home, found)  # what is signed for is here, whole
            output.say(
                "sign.package",
                from_=waiting.from_,
                kind=kind_label(waiting.kind),
                size=size(waiting.size),
                since=moment(waiting.since),
            )
            output.say("sign.meaning")
            session.confirm("sign.ask", yes)
        with meter(session) as show:
            signed = online(home, lambda relay: receive.sign(home, relay, found, progress=show))
    _tell_signed(output, signed)


def _tell_signed(output: Output, signed: Signed) -> None:
    output.json(
        {
            "dispatch": signed.dispatch,
            "case": signed.case,
            "receipt": signed.receipt,
            "handover": signed.handover,
            "signed_at": signed.signed_at,
            "due": signed.due,
            "provisional": signed.provisional,
            "header_here": signed.header_here,
        }
    )
    output.say("sign.done", sign="✓", at=moment(signed.signed_at))
    if signed.due is not None:
        output.say("sign.due", sign="→", style="bold", date=day(signed.due))
    if signed.provisional:
        output.say("due.provisional", sign="!")
    if signed.header_here:
        output.say("sign.header-here", dispatch=short(signed.dispatch))
    else:
        output.say("sign.header-missing", sign="!")


@command("decline")
@click.argument("dispatch")
@option("--code", "decline.code", type=click.Choice(CODES["decline"]), required=True)
@option("--yes", "yes", is_flag=True)
def decline(session: Session, dispatch: str, code: str, yes: bool) -> None:
    output = session.output
    with open_home(session) as home:
        found = track.find_dispatch(home, dispatch)
        session.confirm("decline.ask", yes, reason=words.label("decline", code))
        declined = online(home, lambda relay: receive.decline(home, relay, found, code))
    output.json({"dispatch": declined.dispatch, "decline": declined.decline, "index": declined.index})
    output.say("decline.done", sign="✓", index=declined.index)


@command("open")
@click.argument("dispatch")
@option("--out", "open.out", type=click.Path(path_type=Path))
@option("--age", "open.age", into="age_file", type=click.Path(path_type=Path))
@option("--force", "open.force", is_flag=True)
@option("--undelivered", "open.undelivered", is_flag=True)
def open_(
    session: Session, dispatch: str, out: Path | None, age_file: Path | None, force: bool, undelivered: bool
) -> None:
    with open_home(session) as home:
        found = track.find_dispatch(home, dispatch)
        if undelivered:
            opened = online(home, lambda relay: opening.report_undelivered(home, relay, found))
            session.output.json({"dispatch": found, "result": "undelivered", "opening": opened})
            session.output.say("open.undelivered", sign="✓")
        elif age_file is not None:
            count = opening.export_age(home, found, age_file, force=force)
            session.output.json({"dispatch": found, "file": str(age_file), "bytes": count})
            session.output.say("open.age", sign="✓", path=relative(age_file), size=size(count))
        else:
            _open(session, home, found, out or Path(short(found)), force)


def _open(session: Session, home: Home, dispatch: str, folder: Path, force: bool) -> None:
    with meter(session) as show:

        async def work() -> Opened:
            if home.config.relay is None:
                return await opening.open_package(home, None, dispatch, folder, force=force, progress=show)
            async with connect(home) as relay:
                return await opening.open_package(home, relay, dispatch, folder, force=force, progress=show)

        opened = run(work())
    twins = numbering.came_before(home, dispatch)
    _tell_opened(session.output, opened, [twin.dispatch for twin in twins])
    for twin in twins:
        session.output.warn(
            words.pair("register.came-before", other=short(twin.dispatch), number=twin.number)
        )
    if opened.result == "faulty" or any(one.faults for one in opened.handed):
        raise FailedError


def _tell_opened(output: Output, opened: Opened, registered_before: list[str]) -> None:
    manifest = opened.manifest
    said: Content = load("kynhan_client.cli.content:of")(opened)
    output.json(
        {
            "dispatch": opened.dispatch,
            "folder": None if opened.folder is None else str(opened.folder),
            "result": opened.result,
            "code": opened.code,
            "faults": [{"vi": vi, "en": en} for vi, en in opened.faults],
            "files": list(opened.files),
            "own": opened.own,
            "kind": None if manifest is None else manifest.kind,
            "handed": [_handed_json(one) for one in opened.handed],
            "posted": opened.posted,
            "from": None if manifest is None else manifest.from_,
            **said.for_scripts,
            "title": None if manifest is None else manifest.title,
            "subject": None if manifest is None else manifest.subject,
            "registered_before": registered_before,
        }
    )
    if opened.result == "faulty":
        code = words.label("fault", opened.code or "")
        output.say("open.faulty", sign="✗", style="red", code=code)
        for fault in opened.faults:
            output.plain(f"  {output.pick(fault)}")
    elif opened.folder is not None:
        output.say("open.verified", sign="✓", folder=relative(opened.folder))
    if manifest is not None and opened.result == "verified":
        output.say("open.kind", style="bold", kind=kind_label(manifest.kind), from_=manifest.from_)
    if manifest is not None and manifest.title:
        output.say("open.title", title=manifest.title)
    if manifest is not None and manifest.printed:
        output.say("open.number", printed=manifest.printed, issued=day(manifest.issued))
    if manifest is not None and manifest.kind == "interim":
        output.say("interim.mark", sign="!", style="yellow")
    if manifest is not None and manifest.wish_date is not None:
        output.say("open.wish-date", date=day(manifest.wish_date))
    said.show(output)
    for name in opened.shown:
        output.plain(f"  {name}")
    for one in opened.handed:
        _tell_handed(output, one)
    if opened.own:
        output.say("open.own")
    elif not opened.posted:
        output.say("open.waiting", sign="!")


def _tell_handed(output: Output, one: Enclosure) -> None:
    """A package that was handed on inside: by its own sender's signature, not by who handed it on."""
    if one.folder is None or one.manifest is None:
        output.say("open.handed-faulty", sign="✗", style="red", name=one.name)
        for fault in one.faults:
            output.plain(f"  {output.pick(fault)}")
        return
    output.say(
        "open.handed",
        sign="✓",
        name=one.name,
        kind=kind_label(one.manifest.kind),
        from_=one.manifest.from_,
        folder=relative(one.folder),
    )
    for name in one.shown:
        output.plain(f"    {name}")


def _handed_json(one: Enclosure) -> dict[str, Any]:
    return {
        "name": one.name,
        "folder": None if one.folder is None else str(one.folder),
        "dispatch": one.dispatch,
        "kind": None if one.manifest is None else one.manifest.kind,
        "from": None if one.manifest is None else one.manifest.from_,
        "title": None if one.manifest is None else one.manifest.title,
        "subject": None if one.manifest is None else one.manifest.subject,
        "files": list(one.shown),
        "faults": [{"vi": vi, "en": en} for vi, en in one.faults],
    }
