"""Search over the register fields of packages opened or made here, with and without diacritics.

Searched are title, number, symbol, number as printed, document type, issuer, drafting unit, subject and case id; never
a file's name or text, never a person: there is no field for one, and nothing is linked by name. It never leaves this
home: the index lies in the encrypted archive.

    find(home, Query(words="quy dat dak lak", direction="in"))     # finds "quỹ đất Đắk Lắk"

The last word may be the beginning of one. What is written with the query's own diacritics comes first, then the
newest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

from kynhan_protocol.agreement import profile as profiles
from kynhan_protocol.errors import ProfileError
from kynhan_protocol.names import Name
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.manifest import Manifest
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Destruction, Dispatch
from kynhan_protocol.vietnam_time import VIETNAM, midnight_after

from ..dossiers import plaintext
from ..errors import problem
from ..home.archive import Archive, Value
from ..home.home import Home
from ..log import logbook

Direction = Literal["in", "out"]
BATCH: Final = 500
LAST: Final = date.max - timedelta(days=2)
FIELDS: Final = ("title", "number", "symbol", "printed", "doctype", "issuer", "drafting", "subject", "case")
FORGOTTEN: Final = "search-forgotten"  # configuration key: up to which log index destructions were taken in


@dataclass(frozen=True, kw_only=True)
class Query:
    """What to find. `words` may be empty where something else is asked for; `first` and `last` are dates of arrival or
    sending in Việt Nam, both included; `number` is the document's number, or number and symbol."""

    words: str = ""
    direction: Direction | None = None
    first: date | None = None
    last: date | None = None
    doctype: str | None = None
    number: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class Hit:
    """A package found. `exact`: with the query's own diacritics."""

    dispatch: str
    case: str
    direction: Direction
    kind: str
    at: datetime
    title: str | None
    printed: str | None
    doctype: str | None
    issuer: str | None
    issued: str | None
    exact: bool


def find(home: Home, query: Query) -> list[Hit]:
    """What fits, best first. Raises ClientError nothing-to-search for a query without words or filters."""
    catch_up(home)
    return [hit(home.archive, idx, exact) for idx, exact in match(home.archive, query)]


def match(archive: Archive, query: Query) -> list[tuple[int, bool]]:
    """The log indexes of what fits in the index as it is now, best first, each with whether it fits exactly."""
    where, values = _filters(query)
    wanted = " ".join(part for part in (query.words, _symbol(query)) if part)
    with_marks, without = _terms(wanted, plaintext.exact), _terms(wanted, plaintext.folded)
    if not without:
        if wanted.strip() or not where:
            raise problem("nothing-to-search")
        sql = f"SELECT idx FROM searchable WHERE {' AND '.join(where)} ORDER BY idx DESC LIMIT ?"  # noqa: S608
        return [(row[0], True) for row in archive.rows(sql, (*values, query.limit))]
    found: dict[int, bool] = {}
    for column, terms in (("exact", with_marks), ("folded", without)):
        if len(found) >= query.limit:
            break
        # both passes look for whole lists of quoted words: nothing of the query is ever read as syntax
        rows = _matching(archive, f"{column} : ({' AND '.join(terms)})", where, values, query.limit)
        for idx in rows:
            found.setdefault(idx, column == "exact")
    return list(found.items())[: query.limit]


def _matching(
    archive: Archive, expression: str, where: Sequence[str], values: Sequence[Value], limit: int
) -> list[int]:
    """The newest log indexes that match an FTS5 expression and the filters."""
    if not where:
        sql = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?"
        return [row[0] for row in archive.rows(sql, (expression, limit))]
    conditions = " AND ".join(("search MATCH ?", *where))  # constants of _filters(); what varies is bound
    sql = f"SELECT idx FROM search JOIN searchable ON idx = search.rowid WHERE {conditions}"  # noqa: S608
    sql += " ORDER BY search.rowid DESC LIMIT ?"
    return [row[0] for row in archive.rows(sql, (expression, *values, limit))]


def _terms(text: str, form: Callable[[str], str]) -> list[str]:
    """An FTS5 phrase for each word of the query, quoted; the last one may be a beginning."""
    phrases = [" ".join(plaintext.words(form(word))) for word in text.split()]
    terms = [f'"{phrase}"' for phrase in phrases if phrase]
    return [*terms[:-1], f"{terms[-1]} *"] if terms else []


def _filters(query: Query) -> tuple[list[str], list[Value]]:
    where: list[str] = []
    values: list[Value] = []

    def add(condition: str, value: Value) -> None:
        where.append(condition)
        values.append(value)

    if query.direction is not None:
        add("direction = ?", query.direction)
    if query.first is not None:
        add("time >= ?", int(datetime.combine(query.first, time(), VIETNAM).timestamp()))
    if query.last is not None:  # the last date there is has no midnight after it
        add("time < ?", int(midnight_after(min(query.last, LAST)).timestamp()))
    if query.doctype is not None:
        add("doctype = ?", plaintext.folded(query.doctype).strip())
    if query.number and not _symbol(query):
        add("number = ?", int(query.number))
    return where, values


def _symbol(query: Query) -> str:
    """A number that is more than digits is searched as words, `15-CV/ĐUCCQ`."""
    number = query.number or ""
    return "" if number.isascii() and number.isdigit() and len(number) < 16 else number


# --- what is in the index


def catch_up(home: Home) -> int:
    """Takes in manifests that the index does not know yet, and forgets what our committee destroyed; gives how many
    were taken in. May stop anywhere and go on later: each batch is one transaction."""
    archive, done, labels = home.archive, 0, _Labels(home)
    while rows := archive.rows(
        "SELECT t.dispatch, s.idx, s.log_time, p.direction, m.note FROM to_index AS t"
        " JOIN statements AS s ON s.id = t.dispatch JOIN manifests AS m ON m.dispatch = t.dispatch"
        " LEFT JOIN packages AS p ON p.dispatch = t.dispatch LIMIT ?",
        (BATCH,),
    ):
        with archive.transaction():
            for dispatch, idx, at, direction, note in rows:
                made = manifests.parse(note).manifest
                _put(archive, dispatch, idx, at, direction or "in", made, labels.of(made))
        done += len(rows)
    _forget_destroyed(home)
    return done


def forget(archive: Archive, dispatch: str) -> None:
    """Takes a package out of the index for good: its content was destroyed."""
    archive.run("DELETE FROM to_index WHERE dispatch = ?", (dispatch,))
    archive.run("DELETE FROM searchable WHERE dispatch = ?", (dispatch,))


def _put(
    archive: Archive, dispatch: str, idx: int, at: int, direction: str, made: Manifest, label: str | None
) -> None:
    told = [*(getattr(made, name) for name in FIELDS), label]
    text = "\n".join(str(value) for value in told if value is not None)
    archive.run("DELETE FROM searchable WHERE idx = ? OR dispatch = ?", (idx, dispatch))
    archive.run(
        "INSERT INTO searchable VALUES (?,?,?,?,?,?,?,?)",
        (
            idx,
            dispatch,
            direction,
            at,
            None if made.doctype is None else plaintext.folded(made.doctype).strip(),
            made.number,
            plaintext.exact(text),
            plaintext.folded(text),
        ),
    )
    archive.run("DELETE FROM to_index WHERE dispatch = ?", (dispatch,))


def _forget_destroyed(home: Home) -> None:
    archive, start = home.archive, int(home.archive.get(FORGOTTEN) or 0)
    own = home.config.committee
    entries = logbook.of_types(archive, "destruction", start=start)
    if not entries:
        return
    with archive.transaction():
        for entry in entries:
            statement = entry.logged.statement
            if isinstance(statement, Destruction) and Name.of(statement.by).is_of(own):
                forget(archive, statement.dispatch)
        archive.put(FORGOTTEN, entries[-1].logged.index + 1)


class _Labels:
    """What the profile under which a package was sent calls its subject."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._known: dict[str, dict[str, str]] = {}

    def of(self, made: Manifest) -> str | None:
        return None if made.subject is None else self._subjects(made.case).get(made.subject)

    def _subjects(self, case: str) -> dict[str, str]:
        row = self._home.archive.row(
            "SELECT note FROM statements WHERE case_id = ? AND type = 'dispatch' ORDER BY idx LIMIT 1",
            (case,),
        )
        statement = None if row is None else signing.parse(row[0]).statement
        if not isinstance(statement, Dispatch):
            return {}
        if statement.profile not in self._known:
            document = self._home.archive.document(statement.profile) or b""
            try:
                subjects = profiles.parse(document).subjects
            except ProfileError:  # not here yet: the code alone is searched
                subjects = ()
            self._known[statement.profile] = {one.code: one.label.vi for one in subjects}
        return self._known[statement.profile]


def hit(archive: Archive, idx: int, exact: bool) -> Hit:
    """What a list shows of the package at a log index that the index has."""
    row = archive.row(
        "SELECT x.dispatch, s.case_id, x.direction, x.time, m.fields, p.kind FROM searchable AS x"
        " JOIN statements AS s ON s.idx = x.idx JOIN manifests AS m ON m.dispatch = x.dispatch"
        " LEFT JOIN packages AS p ON p.dispatch = x.dispatch WHERE x.idx = ?",
        (idx,),
    )
    assert row is not None  # a manifest that goes takes its entry with it
    dispatch, case, direction, at, fields, kind = row
    kept = json.loads(fields)
    return Hit(
        dispatch,
        case,
        direction,
        kind or "",
        datetime.fromtimestamp(at, UTC),
        kept.get("title"),
        kept.get("printed"),
        kept.get("doctype"),
        kept.get("issuer"),
        kept.get("issued"),
        exact,
    )
