"""The registers of documents, sổ đăng ký văn bản đến / đi: a row for each document that came or went.

What came is numbered on arrival (số đến), what goes bears its own number. Numbers run in a series: of the Party's forms
per type and term of office, of the State's per calendar year, as the profile says (`settings.number-series`); on
arrival per family of forms. A number is never given twice. The register belongs to this home: of several clerks one
keeps it.

Text of a document stands only in its manifest: a row keeps the dispatch, the number, and what the clerk adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from kynhan_protocol.agreement.profile import NumberSeries
from kynhan_protocol.names import Name
from kynhan_protocol.package.manifest import Manifest
from kynhan_protocol.vietnam_time import local_date

from ..dossiers.dossier import Cover
from ..errors import ClientError, problem
from ..forms.model import FORMS, family_of
from ..home.home import Home
from ..log.view import View
from . import register_rows as rows
from .register_rows import Direction, RegisterEntry, Series

SETTINGS: Final = "register"  # configuration key
DEFAULT_TERM: Final = date(2025, 10, 1)
TERM_YEARS: Final = 5


@dataclass(frozen=True)
class Settings:
    """`automatic`: what is opened or sent is entered by itself. `term_begins`: the first day of each term of office."""

    automatic: bool
    term_begins: tuple[date, ...]


# --- settings


def settings(home: Home) -> Settings:
    """How this home keeps its registers. By itself a clerk's or a unit's home enters what it opens and sends."""
    kept: dict[str, Any] = home.archive.get(SETTINGS) or {}
    begins = tuple(date.fromisoformat(text) for text in kept.get("term_begins", ())) or (DEFAULT_TERM,)
    automatic = kept.get("automatic")
    keeps = bool({"clerk", "unit"} & set(home.config.roles))
    return Settings(keeps if automatic is None else bool(automatic), begins)


def change_settings(
    home: Home, *, automatic: bool | None = None, term_begins: date | None = None
) -> Settings:
    """Keeps what is given. A term that begins later than those known is added to them; one of the same year takes the
    place of that one."""
    with home.archive.transaction():
        kept: dict[str, Any] = home.archive.get(SETTINGS) or {}
        if automatic is not None:
            kept["automatic"] = automatic
        if term_begins is not None:
            known = settings(home).term_begins  # also the one that nobody had to set
            others = {one for one in known if one.year != term_begins.year}
            kept["term_begins"] = sorted(one.isoformat() for one in {*others, term_begins})
        home.archive.put(SETTINGS, kept)
    return settings(home)


# --- series


def series_of(home: Home, direction: Direction, document: Manifest | Cover, on: date) -> Series:
    """The series that a document belongs to, by its form and type, and the period of `on`."""
    family = family_of(document.form, document.printed)
    series = type_of(document) if direction == "out" and family == "party" else ""
    rules = _rules(home)
    rule = rules.party if family == "party" else rules.state
    return Series(direction, family, series, period_of(rule, settings(home).term_begins, on))


def type_of(document: Manifest | Cover) -> str:
    """The abbreviation of a document's type: from its symbol, else from its type; empty where neither says."""
    if document.symbol and "/" in document.symbol:
        return document.symbol.partition("/")[0]
    form = FORMS.get(document.form or "")
    found = form.doctype(document.doctype) if form is not None else None
    return (found.abbreviation or "") if found is not None else ""


def period_of(
    rule: Literal["term-of-office", "calendar-year"], term_begins: tuple[date, ...], on: date
) -> str:
    """The year, or the term of office that `on` lies in: `2026`, `2025-2030`; `–2025` for before the first one."""
    if rule == "calendar-year":
        return f"{on.year}"
    begun = [begin for begin in sorted(term_begins) if begin <= on]
    return f"{begun[-1].year}-{begun[-1].year + TERM_YEARS}" if begun else f"–{min(term_begins).year}"


def _rules(home: Home) -> NumberSeries:
    try:
        return View(home).profile.settings.number_series
    except ClientError:  # before there is a profile: what every new one says
        return NumberSeries("term-of-office", "calendar-year")


# --- entering


def is_document(made: Manifest) -> bool:
    """Whether a package carries a document to register; a message does not."""
    return any(
        value is not None for value in (made.form, made.doctype, made.number, made.symbol, made.printed)
    )


def enter_by_itself(home: Home, dispatch: str, made: Manifest) -> None:
    """Enters a document that came from or went to the other side, once, where this home does so."""
    internal = Name.of(made.from_).committee == Name.of(made.to).committee
    if is_document(made) and not internal and settings(home).automatic:
        with home.archive.transaction():
            if rows.entry_of(home.archive, dispatch) is None:
                _enter(home, dispatch, made)


def enter(
    home: Home,
    dispatch: str,
    made: Manifest,
    *,
    number: int | None = None,
    distribution: str | None = None,
    location: str | None = None,
) -> RegisterEntry:
    """Enters a document, or changes its entry: its number, whom it was given to (ý kiến phân phối), where it lies.

    A number that is given up stays in the register as void. Raises ClientError number-taken, and number-signed for a
    document that bears a number of its own.
    """
    archive = home.archive
    with archive.transaction():
        entry = rows.entry_of(archive, dispatch) or _enter(home, dispatch, made, number)
        if number is not None and number != entry.number:
            _renumber(home, entry, made, number)
        for column, value in (("distribution", distribution), ("location", location)):
            if value is not None:
                # the column is one of the two constants above
                archive.run(f"UPDATE register SET {column} = ? WHERE id = ?", (value or None, entry.id))  # noqa: S608
        archive.note_event("registered", home.clock.posix(), dispatch=dispatch)
        return rows.one(archive, entry.id)


def _enter(home: Home, dispatch: str, made: Manifest, number: int | None = None) -> RegisterEntry:
    archive = home.archive
    direction: Direction = "out" if home.config.is_ours(made.from_) else "in"
    at = arrival(home, dispatch) if direction == "in" else home.clock.now()
    day = made.issued if direction == "out" and made.issued is not None else local_date(at)
    series = series_of(home, direction, made, day)
    if direction == "out":
        if made.number is not None:
            number = made.number
        elif number is not None and rows.in_use(archive, series, number):
            raise problem("number-taken", number=number)
        kept = rows.reserved(archive, series, number)
        if kept is not None:
            archive.run(
                "UPDATE register SET state = 'entered', dispatch = ?, time = ? WHERE id = ?",
                (dispatch, int(at.timestamp()), kept),
            )
            return rows.one(archive, kept)
    elif number is None:
        number = rows.next_number(archive, series)
    elif rows.in_use(archive, series, number):
        raise problem("number-taken", number=number)
    return rows.add(archive, series, number, "entered", dispatch, at, day)


def _renumber(home: Home, entry: RegisterEntry, made: Manifest, number: int) -> None:
    archive, series = home.archive, entry.series
    if series.direction == "out" and made.number is not None:
        raise problem("number-signed", number=made.number)
    if rows.in_use(archive, series, number):
        raise problem("number-taken", number=number)
    archive.run("UPDATE register SET number = ? WHERE id = ?", (number, entry.id))
    if entry.number is not None:
        day = rows.day_of(archive, entry.id)
        rows.add(archive, series, entry.number, "void", None, home.clock.now(), day)


def arrival(home: Home, dispatch: str) -> datetime:
    """When a document arrived: the log time of the HANDOVER after our signature; now before that is known."""
    row = home.archive.row(
        "SELECT log_time FROM statements WHERE dispatch = ? AND type = 'handover' ORDER BY idx LIMIT 1",
        (dispatch,),
    )
    return home.clock.now() if row is None else datetime.fromtimestamp(row[0], UTC)
