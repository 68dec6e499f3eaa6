"""Numbers of documents that are about to go out: given twice, taken from the register, and what becomes of them.

    with taking(home):                             # until it is sealed, no other command gives the number up
        ready, taken = numbered(home, letter)      # reserves the next number of the document's series, writes it in
        … send(home, relay, ready) …
        settle(home, taken)                        # entered, kept while it waits in the outbox, else free or void

A reserved number becomes `entered` when its dispatch is accepted (registers.enter_by_itself). If nothing was sealed
with it, it is free again; if something was and never went, it stays in the register as void: no number disappears
unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.vietnam_time import local_date

from ..clauses import clause
from ..dossiers import dossier
from ..dossiers.dossier import Cover
from ..dossiers.letter import Letter
from ..errors import problem
from ..forms.check import complete
from ..home import locking
from ..home.home import Home
from . import register_rows as rows
from . import registers
from .register_rows import RegisterEntry

PATIENCE: Final = timedelta(minutes=10)
"""How long a reserved number may be without a package before it is given up, if no command is sealing any more."""
LOCK: Final = "numbers.lock"


@dataclass(frozen=True)
class Twin:
    """A document registered before under the same number: its dispatch ("" for a number that is reserved or void)."""

    number: int
    dispatch: str
    title: str | None


def used_before(home: Home, cover: Cover) -> list[Twin]:
    """What our register has under the number that a cover bears, in the series it would go to."""
    number = cover.document_number
    if number is None:
        return []
    series = registers.series_of(home, "out", cover, cover.issued or local_date(home.clock.now()))
    found = rows.entries(
        home.archive,
        "direction = ? AND family = ? AND series = ? AND period = ? AND number = ?",
        (*series.key, number),
    )
    return [Twin(number, one.dispatch or "", _title(home, one.dispatch)) for one in found]


def came_before(home: Home, dispatch: str) -> list[Twin]:
    """Documents that were registered before with the same issuer, number, symbol and date as this one."""
    found = home.archive.rows(
        "SELECT o.dispatch, o.title, CAST(o.number AS INTEGER) FROM manifests AS m JOIN manifests AS o"
        " ON o.number = m.number AND o.symbol IS m.symbol AND o.issued IS m.issued"
        " AND o.fields ->> 'issuer' IS m.fields ->> 'issuer' AND o.dispatch != m.dispatch"
        " JOIN register AS r ON r.dispatch = o.dispatch AND r.direction = 'in'"
        " JOIN register AS mine ON mine.dispatch = m.dispatch AND mine.direction = 'in'"
        " WHERE m.dispatch = ? ORDER BY r.time",
        (dispatch,),
    )
    return [Twin(number, other, title) for other, title, number in found]


@contextmanager
def taking(home: Home) -> Iterator[None]:
    """Around what takes a number, until it is settled: a dossier may be long in sealing. Ends with the process too."""
    with locking.together(home.path / LOCK):
        yield


def numbered(home: Home, letter: Letter) -> tuple[Letter, RegisterEntry]:
    """The letter with the next number of its series, reserved. Raises ClientError no-number for a cover without form,
    type and symbol, or that bears a number already."""
    settle(home)
    cover = dossier.read_cover(letter.cover)
    if cover.number is not None:
        raise problem("no-number", why=clause("number.has-one", number=cover.number))
    missing = [name for name in ("form", "doctype", "symbol") if not getattr(cover, name)]
    if missing:
        raise problem("no-number", why=clause("number.needs", fields=", ".join(missing)))
    day = cover.issued or local_date(home.clock.now())
    with home.archive.transaction():
        series = registers.series_of(home, "out", cover, day)
        number = rows.next_number(home.archive, series)
        entry = rows.add(home.archive, series, number, "reserved", None, home.clock.now(), day)
    ready = complete(dossier.with_fields(cover, number=number, issued=day))
    return replace(letter, cover=ready), entry


def settle(home: Home, ended: RegisterEntry | None = None) -> None:
    """Decides what became of reserved numbers; `ended` is one whose sending is over, however it went."""
    archive, now = home.archive, home.clock.now()
    with archive.transaction():
        for entry in rows.entries(archive, "state = 'reserved'", ()):
            state, dispatch = _outcome(home, entry)
            if state == "sent":
                sql = "UPDATE register SET state = 'entered', dispatch = ? WHERE id = ?"
                archive.run(sql, (dispatch, entry.id))
            if state in ("sent", "waiting"):
                continue
            over = ended is not None and ended.id == entry.id
            if (
                state is None
                and not over
                and (now - entry.time < PATIENCE or locking.is_held(home.path / LOCK))
            ):
                continue
            if state is None and entry.number == rows.next_number(archive, entry.series) - 1:
                archive.run("DELETE FROM register WHERE id = ?", (entry.id,))
            else:
                archive.run("UPDATE register SET state = 'void' WHERE id = ?", (entry.id,))


def _outcome(home: Home, entry: RegisterEntry) -> tuple[str | None, str | None]:
    """State and dispatch of what was sealed with a reserved number (schema/001.sql, outbox); None if nothing was."""
    found = home.archive.rows(
        "SELECT state, dispatch, manifest FROM outbox WHERE kind = 'dispatch' AND manifest IS NOT NULL AND created >= ?"
        " ORDER BY id DESC",
        (int(entry.time.timestamp()),),
    )
    for state, dispatch, note in found:
        made = manifests.parse(note).manifest
        if made.number == entry.number and made.from_ == home.config.member:
            on = made.issued or local_date(entry.time)
            if registers.series_of(home, "out", made, on) == entry.series:
                return state, dispatch
    return None, None


def _title(home: Home, dispatch: str | None) -> str | None:
    row = home.archive.row("SELECT title FROM manifests WHERE dispatch = ?", (dispatch,))
    return None if row is None else row[0]
