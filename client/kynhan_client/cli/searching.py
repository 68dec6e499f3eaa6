"""`kynhan search`: over the register fields of packages opened or made here, with and without diacritics."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import click

from .. import words
from ..registers import search as searches
from ..registers.search import Hit, Query
from ..screen.output import day, moment, short
from .base import Session, command, option
from .homes import open_home
from .lists import as_csv, write_csv

COLUMNS = ("search.at", "search.way", "search.number", "search.title", "search.dispatch")
DAY = click.DateTime(["%Y-%m-%d"])


@command("search")
@click.argument("terms", nargs=-1, metavar="WORDS…")
@option("--in", "search.in", into="way", type=click.Choice(["den", "di"]))
@option("--from", "search.from", into="first", type=DAY, metavar="DATE")
@option("--to", "search.to", into="last", type=DAY, metavar="DATE")
@option("--doctype", "search.doctype")
@option("--number", "search.number")
@option("--limit", "search.limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@as_csv
def search(
    session: Session,
    terms: tuple[str, ...],
    way: Literal["den", "di"] | None,
    first: datetime | None,
    last: datetime | None,
    doctype: str | None,
    number: str | None,
    limit: int,
    csv: bool,
) -> None:
    query = Query(
        words=" ".join(terms),
        direction=None if way is None else "in" if way == "den" else "out",
        first=None if first is None else first.date(),
        last=None if last is None else last.date(),
        doctype=doctype,
        number=number,
        limit=limit,
    )
    with open_home(session) as home:
        found = searches.find(home, query)
    if csv:
        rows = [
            [hit.at, hit.direction, hit.printed, hit.title, hit.dispatch, hit.case, hit.issuer, hit.issued]
            for hit in found
        ]
        write_csv(session, (*COLUMNS, "search.case", "search.issuer", "search.issued"), rows)
        return
    session.output.json({"found": [_json(hit) for hit in found]})
    if not found:
        session.output.say("search.empty")
        return
    session.output.table(
        COLUMNS,
        [
            [
                moment(hit.at).replace(" ", "\n"),
                session.output.cell(words.pair("search.came" if hit.direction == "in" else "search.went")),
                "\n".join(part for part in (hit.printed, _issued(hit)) if part) or "–",
                hit.title or "–",
                short(hit.dispatch),
            ]
            for hit in found
        ],
    )


def _issued(hit: Hit) -> str | None:
    return None if hit.issued is None else day(date.fromisoformat(hit.issued))


def _json(hit: Hit) -> dict[str, Any]:
    return {
        "dispatch": hit.dispatch,
        "case": hit.case,
        "direction": hit.direction,
        "kind": hit.kind,
        "at": hit.at,
        "title": hit.title,
        "printed": hit.printed,
        "doctype": hit.doctype,
        "issuer": hit.issuer,
        "issued": hit.issued,
        "exact": hit.exact,
    }
