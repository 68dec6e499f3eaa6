"""What one group adds to one log, in memory until it is written: a layer for the group, one on top for each submission.

A submission works on a layer of its own. If it is refused the layer is dropped, and nothing of it ever was; else it is
merged into the group's. So nothing needs undoing in the database, and everything is written at once (writing.py).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from kynhan_keys import notes
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import fold
from kynhan_protocol.case.case import Case
from kynhan_protocol.statements import grammar
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import Dispatch, RelayStatement, RootStatement, Statement
from kynhan_server.errors import Refused, not_found
from kynhan_server.log.logs import Log, as_logged, moment, stored_document
from kynhan_server.store import tables as t

# Built once: SQLAlchemy takes longer to build a query than SQLite to answer it.
_CASES: Final = (
    select(t.statements.c.case)
    .distinct()
    .where(
        t.statements.c.log == bindparam("log"), t.statements.c.case.in_(bindparam("cases", expanding=True))
    )
)
_HEADERS: Final = select(t.dispatches.c.header_hash).where(
    t.dispatches.c.log == bindparam("log"),
    t.dispatches.c.header_hash.in_(bindparam("headers", expanding=True)),
)
_BODIES: Final = select(t.dispatches.c.id, t.dispatches.c.body_hash).where(
    t.dispatches.c.log == bindparam("log"),
    t.dispatches.c.body_hash.in_(bindparam("bodies", expanding=True)),
)
_ENTRY: Final = select(t.statements.c.idx, t.statements.c.note, t.statements.c.time).where(
    t.statements.c.log == bindparam("log"), t.statements.c.idx == bindparam("idx")
)
_DISPATCH: Final = select(t.statements.c.idx, t.statements.c.note, t.statements.c.time).where(
    t.statements.c.log == bindparam("log"),
    t.statements.c.id == bindparam("id"),
    t.statements.c.type == "dispatch",
)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A statement to be logged; `cause` is the index of the posted statement that a relay statement answers."""

    logged: Logged
    text_hash: str
    case: str | None
    cause: int | None

    @property
    def committee(self) -> str | None:
        """Whose chain it belongs to, if it is a root statement."""
        statement = self.logged.statement
        return statement.committee if isinstance(statement, RootStatement) else None

    @property
    def type(self) -> str:
        """The word of its first line, such as `dispatch`."""
        return type_of(self.logged.statement)


def type_of(statement: Statement) -> str:
    """The word of a statement's first line, such as `dispatch`."""
    return grammar.RECORD_OF[type(statement)].first_line.removeprefix("kynhan/").partition("@")[0]


@dataclass
class Rows:
    """What is written beside the statements. Keys are primary keys without the log."""

    dispatches: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)  # of dispatches, by id
    cases: dict[str, int | None] = field(default_factory=dict)  # case: when to look for reminders
    reminders: dict[tuple[str, str, str], int] = field(default_factory=dict)  # case, step, due: index
    concerned: set[tuple[str, str]] = field(default_factory=set)  # case, member
    documents: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)  # upload: dispatch it became the body of
    notices: list[dict[str, Any]] = field(default_factory=list)
    moves: list[tuple[int, str] | None] = field(
        default_factory=list
    )  # approval and last case; the last entry counts

    def merge(self, other: Rows) -> None:
        """Takes over what `other` has."""
        self.dispatches += other.dispatches
        for dispatch, change in other.changes.items():
            self.changes.setdefault(dispatch, {}).update(change)
        self.cases |= other.cases
        self.reminders |= other.reminders
        self.concerned |= other.concerned
        self.documents |= other.documents
        self.uploads |= other.uploads
        self.notices += other.notices
        self.moves += other.moves


class Layer:
    """A place in the log: what stands before it, and what is added there."""

    def __init__(
        self,
        log: Log,
        connection: Connection,
        time: int,
        size: int,
        committees: Committees,
        calendars: CalendarBook | None,
        cases: ChainMap[str, Case],
        known: ChainMap[tuple[str, str], Any],
    ) -> None:
        self.log = log
        self.connection = connection
        self.time = time
        self.at = moment(time)
        self.size = size
        self.committees = committees
        self.calendars = calendars
        self.cases = cases
        # What this group has already: ("dispatch", id), ("header", hash), ("upload", id), ("document", hash); and what
        # is known not to be on disk: ("new-case", id), ("new-header", hash); and ("moving", ""), see moving.py;
        # and ("body", hash): the dispatches with that body
        self.known = known
        self.entries: list[NewEntry] = []
        self.rows = Rows()
        self.last: Logged | None = None

    @classmethod
    def bottom(cls, log: Log, connection: Connection, time: int) -> Layer:
        """The layer of a group: behind everything that is on disk. `time` is the group's, in POSIX seconds."""
        state = log.state
        return cls(
            log,
            connection,
            time,
            state.size,
            state.committees,
            state.calendars,
            ChainMap(),
            ChainMap(),
        )

    def look_ahead(self, dispatches: Sequence[Dispatch]) -> None:
        """Asks once for a whole group what each of its dispatches would ask: is the case new, is the header, and who
        has the body already?
        """
        cases = {one.case for one in dispatches if self.log.cases.get(one.case) is None}
        headers = {one.header.hash for one in dispatches}
        if not headers:
            return
        bodies: dict[str, tuple[str, ...]] = {one.body.hash: () for one in dispatches}
        found = {
            "log": self.log.id,
            "cases": sorted(cases),
            "headers": sorted(headers),
            "bodies": sorted(bodies),
        }
        cases -= set(self.connection.execute(_CASES, found).scalars())
        headers -= set(self.connection.execute(_HEADERS, found).scalars())
        for row in self.connection.execute(_BODIES, found):
            bodies[row.body_hash] += (row.id,)
        self.known.update({("body", body): users for body, users in bodies.items()})
        self.known.update({("new-case", case): True for case in cases})
        self.known.update({("new-header", header): True for header in headers})

    def on_top(self) -> Layer:
        """A layer for one submission."""
        top = Layer(
            self.log,
            self.connection,
            self.time,
            self.size,
            self.committees,
            self.calendars,
            self.cases.new_child(),
            self.known.new_child(),
        )
        top.last = self.last
        return top

    def merge(self, top: Layer) -> None:
        """Takes over what the submission on top has added."""
        self.size, self.committees, self.calendars = top.size, top.committees, top.calendars
        self.last = top.last
        self.cases.update(top.cases.maps[0])
        self.known.update(top.known.maps[0])
        self.entries += top.entries
        self.rows.merge(top.rows)

    def append(self, signed: SignedStatement, *, case: str | None = None) -> Logged:
        """The posted statement takes its place."""
        return self._append(signed, self.at, case, None)

    def sign(self, statement: RelayStatement) -> SignedStatement:
        """`statement` under the relay's signature."""
        text = grammar.format_text(statement)  # type: ignore[arg-type]
        note = notes.sign(text, self.log.signers.ed25519)
        return SignedStatement(notes.format(note), text, statement, note.signatures)  # type: ignore[arg-type]

    def append_relay(self, signed: SignedStatement, *, case: str | None, cause: int | None) -> Logged:
        """A statement of the relay takes its place right behind; following.say() has asked the rules of it."""
        return self._append(signed, signed.statement.time, case, cause)

    def _append(self, signed: SignedStatement, at: datetime, case: str | None, cause: int | None) -> Logged:
        logged = Logged(self.size, signed.id, signed.statement, signed.note, at)
        self.entries.append(NewEntry(logged, signed.text_hash, case, cause))
        self.size += 1
        self.last = logged
        return logged

    @property
    def before(self) -> Logged | None:
        """The entry right before this place; None at the beginning of the log."""
        if self.last is None and self.size:
            row = self.connection.execute(_ENTRY, {"log": self.log.id, "idx": self.size - 1}).one()
            self.last = as_logged(row.idx, row.note, row.time)
        return self.last

    def case(self, case: str) -> Case | None:
        """The case before this place; None before its first dispatch. Raises Refused for a profile that is gone."""
        found = self.cases.get(case) or self.log.cases.get(case)
        if found is None and ("new-case", case) not in self.known:
            found = load_case(self.log, self.connection, case, self.book)
            if found is not None:
                self.log.cases.put(case, found)
        return found

    def fold(self, case: str, logged: Logged) -> Case:
        """The case after `logged`, which belongs to it."""
        before = self.case(case)
        if before is not None:
            profile = before.profile
        else:
            assert isinstance(logged.statement, Dispatch)  # a case begins with one
            profile = logged.statement.profile
        folded = fold.apply(before, logged, self.profile(profile), self.book)
        self.cases[case] = folded
        return folded

    def dispatch(self, dispatch: str) -> Logged:
        """The dispatch of that id before this place. Raises Refused not-found."""
        known = self.known.get(("dispatch", dispatch))
        if known is not None:
            assert isinstance(known, Logged)
            return known
        row = self.connection.execute(_DISPATCH, {"log": self.log.id, "id": dispatch}).first()
        if row is None:
            raise not_found()
        return as_logged(row.idx, row.note, row.time)

    def is_header_used(self, header: str) -> bool:
        """Whether a dispatch before this place has that header (SHA-256, hex), of which look_ahead() was asked."""
        return ("header", header) in self.known or ("new-header", header) not in self.known

    def users_of(self, body: str) -> tuple[str, ...]:
        """The dispatches before this place with that body (SHA-256, hex), of which look_ahead() was asked."""
        users: tuple[str, ...] = self.known["body", body]
        return users

    def in_force(self) -> Mapping[str, Certified]:
        """All memberships in force at this place, by member name."""
        return self.log.standing.members(self.committees, self.at)

    def document(self, sha: str) -> bytes:
        """The bytes of a document known before this place, or posted with it. Raises Refused document-mismatch."""
        known = self.known.get(("document", sha))
        return stored_document(self.connection, self.log.id, sha) if known is None else bytes(known)

    def profile(self, sha: str) -> Profile:
        """The profile of that hash. Raises Refused document-mismatch."""
        return self.log.profile(sha, self.document)

    @property
    def book(self) -> CalendarBook:
        """The calendars of the log, which has a profile in force, beside its chains."""
        if self.calendars is None:
            raise Refused("profile-not-in-force", "No profile is in force yet.")
        return self.calendars.beside(self.committees)


def load_case(log: Log, connection: Connection, case: str, book: CalendarBook) -> Case | None:
    """The case as folded from the statements on disk; None if there is none."""
    s = t.statements.c
    query = select(s.idx, s.note, s.time).where(s.log == log.id, s.case == case).order_by(s.idx)
    history = [as_logged(row.idx, row.note, row.time) for row in connection.execute(query)]
    if not history:
        return None
    first = history[0].statement
    assert isinstance(first, Dispatch)  # a case begins with one
    profile = log.profile(first.profile, lambda sha: stored_document(connection, log.id, sha))
    return fold.fold(history, profile, book)
