"""One log of the relay in memory: what everybody may read of its newest state, and what the writer keeps at hand.

`Log.state` is a value, replaced after each commit: whoever takes it sees one moment, and never one that is not on disk.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

from sqlalchemy import Connection, select

from kynhan_keys import checkpoints, merkle, notes
from kynhan_keys.merkle import Frontier
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.agreement import calendar as calendar_documents
from kynhan_protocol.agreement import profile as profiles
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case.case import Case
from kynhan_protocol.statements import grammar
from kynhan_protocol.statements.chains import Certified, Chain
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import CalendarApproval
from kynhan_server.errors import Refused
from kynhan_server.store import tables as t
from kynhan_server.store.keyfile import RelayKeys, Signers

CASES_KEPT: Final = 2_000
ROOTS_KEPT: Final = 2_000

K = TypeVar("K")
V = TypeVar("V")


class CorruptError(Exception):
    """The database contradicts itself; the relay does not start. str() says where."""


class Newest(Generic[K, V]):
    """A dictionary of what was used last, of bounded size."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, if it is kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        """Keeps it, and drops what was not used for longest."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forgets everything."""
        self._kept.clear()


class Standing:
    """Who is in force, kept from one question to the next: most of them are put in the same second."""

    def __init__(self) -> None:
        self._committees: Committees | None = None
        self._at: datetime | None = None
        self._members: dict[str, Certified] = {}
        self._sealed: dict[tuple[str, str | None, str], tuple[str, ...]] = {}

    def members(self, committees: Committees, at: datetime) -> Mapping[str, Certified]:
        """All memberships in force at time `at` behind the newest root statement, by member name."""
        self._turn(committees, at)
        return self._members

    def expected_sealed(
        self, committees: Committees, at: datetime, from_: str, approver: str | None, to: str
    ) -> tuple[str, ...]:
        """What `sealed` of a dispatch has to be then and there. Raises ChainError as Committees does."""
        self._turn(committees, at)
        key = from_, approver, to
        if key not in self._sealed:
            end = _behind_roots(committees)
            self._sealed[key] = committees.expected_sealed(from_, approver, to, end, at)
        return self._sealed[key]

    def _turn(self, committees: Committees, at: datetime) -> None:
        if self._committees is not committees or self._at != at:
            self._members = committees.in_force(_behind_roots(committees), at)
            self._sealed = {}
            self._committees, self._at = committees, at


def _behind_roots(committees: Committees) -> int:
    """The first log index behind all root statements: from there on, nobody's standing depends on the index."""
    return 1 + max((chain.links[-1].index for chain in committees.chains.values() if chain.links), default=-1)


@dataclass(frozen=True)
class LogState:
    """A log as of its newest checkpoint. `checkpoint` is the signed note as stored, `stopped` why it signs no more.

    There is no book of calendars before the first profile is in force.
    """

    frontier: Frontier
    checkpoint: bytes
    root: bytes
    committees: Committees
    calendars: CalendarBook | None
    stopped: str | None

    @property
    def size(self) -> int:
        """The number of statements."""
        return self.frontier.size


class Log:
    """One log. Only `state` is for every thread; the caches belong to the writer."""

    def __init__(self, number: int, slug: str, signers: Signers, state: LogState) -> None:
        self.id = number
        self.slug = slug
        self.signers = signers
        self.state = state
        self.cases: Newest[str, Case] = Newest(CASES_KEPT)
        self._roots: Newest[int, bytes] = Newest(ROOTS_KEPT)
        self.standing = Standing()
        self._profiles: dict[str, Profile] = {}

    @property
    def origin(self) -> str:
        """Its name in checkpoints and statements."""
        return self.signers.ed25519.vkey.name

    @property
    def vkeys(self) -> tuple[Vkey, Vkey]:
        """Its Ed25519 and its ML-DSA-44 key."""
        return self.signers.ed25519.vkey, self.signers.ml_dsa_44.vkey

    @property
    def size(self) -> int:
        """The number of statements committed."""
        return self.state.size

    @property
    def stopped(self) -> str | None:
        """Why it signs nothing any more."""
        return self.state.stopped

    def profile(self, sha: str, document: Callable[[str], bytes]) -> Profile:
        """The profile of that hash; `document` gives its bytes, or raises Refused."""
        if sha not in self._profiles:
            self._profiles[sha] = profiles.parse(document(sha))
        return self._profiles[sha]

    def root_at(self, connection: Connection, size: int) -> bytes:
        """The root of the first `size` leaves, which are on disk."""
        if size == self.state.size:
            return self.state.root
        known = self._roots.get(size)
        if known is None:
            known = merkle.root(size, lambda level, index: stored_node(connection, self.id, level, index))
            self._roots.put(size, known)
        return known

    def refresh(self, connection: Connection) -> None:
        """Reads the log anew if another process wrote to it since: memory is never behind the disk it extends."""
        query = select(t.checkpoints.c.size, t.checkpoints.c.root).where(t.checkpoints.c.log == self.id)
        last = connection.execute(query.order_by(t.checkpoints.c.size.desc()).limit(1)).one()
        if (last.size, last.root) != (self.state.size, self.state.root):
            self.state = read_state(connection, self.id)
            self.cases.clear()
            self._roots.clear()


def stored_document(connection: Connection, log: int, sha: str) -> bytes:
    """The bytes of a profile or calendar. Raises Refused."""
    query = select(t.documents.c.bytes).where(t.documents.c.log == log, t.documents.c.sha256 == sha)
    data = connection.execute(query).scalar_one_or_none()
    if data is None:
        raise Refused(
            "document-mismatch", f"The document {sha} is not known here; post it with the statement."
        )
    return bytes(data)


def moment(seconds: int) -> datetime:
    """POSIX seconds as an aware time."""
    return datetime.fromtimestamp(seconds, UTC)


def open_log(connection: Connection, number: int, slug: str, origin: str, keys: RelayKeys, now: int) -> Log:
    """The log of that row, with a checkpoint of the empty tree if it never had one."""
    signers = keys.under(origin)
    if not connection.execute(
        select(t.checkpoints.c.size).where(t.checkpoints.c.log == number).limit(1)
    ).first():
        write_checkpoint(connection, number, signers, Frontier(), now)
    return Log(number, slug, signers, read_state(connection, number))


def write_checkpoint(
    connection: Connection, log: int, signers: Signers, frontier: Frontier, now: int
) -> tuple[bytes, bytes]:
    """Signs the tree twice and stores the note, once for all; gives note and root."""
    root = frontier.root()
    checkpoint = checkpoints.Checkpoint(signers.ed25519.vkey.name, frontier.size, root)
    note = notes.format(checkpoints.sign(checkpoint, signers.ed25519, signers.ml_dsa_44, now))
    connection.execute(
        t.checkpoints.insert(), {"log": log, "size": frontier.size, "note": note, "root": root, "time": now}
    )
    return note, root


def read_state(connection: Connection, log: int) -> LogState:
    """The log as it is on disk. Raises CorruptError if its tree and its last checkpoint disagree."""
    row = connection.execute(
        select(t.checkpoints).where(t.checkpoints.c.log == log).order_by(t.checkpoints.c.size.desc()).limit(1)
    ).one()
    frontier = Frontier.of(row.size, lambda level, index: stored_node(connection, log, level, index))
    if frontier.root() != row.root:
        raise CorruptError(f"log {log}: the tree does not lead to the checkpoint of {row.size}")
    committees = _read_committees(connection, log)
    return LogState(
        frontier,
        row.note,
        row.root,
        committees,
        _read_calendars(connection, log, committees),
        connection.execute(select(t.logs.c.stopped).where(t.logs.c.id == log)).scalar_one(),
    )


def stored_node(connection: Connection, log: int, level: int, index: int) -> bytes:
    """A node of the tree. Raises CorruptError if it is missing."""
    query = select(t.nodes.c.hash).where(
        t.nodes.c.log == log, t.nodes.c.level == level, t.nodes.c.idx == index
    )
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise CorruptError(f"log {log}: node {level}/{index} is missing")
    return bytes(found)


def entry(note: bytes) -> bytes:
    """The log's entry of a statement: the SHA-256 of its note."""
    return hashlib.sha256(note).digest()


def as_logged(index: int, note: bytes, time: int) -> Logged:
    """A statement read back from the database, which took it only because it parses."""
    text = note[: note.rindex(b"\n\n") + 1].decode()
    return Logged(index, entry(note).hex(), grammar.parse_text(text), note, moment(time))


def _read_committees(connection: Connection, log: int) -> Committees:
    admitted = connection.execute(select(t.committees).where(t.committees.c.log == log)).all()
    committees = Committees.of(Chain(row.committee, Vkey.parse(row.root)) for row in admitted)
    # Committee by committee: asked for all at once in their order, the database would walk the whole log.
    s = t.statements.c
    roots: list[Logged] = []
    for committee in committees.chains:
        query = select(s.idx, s.note, s.time).where(s.log == log, s.committee == committee).order_by(s.idx)
        roots += (as_logged(row.idx, row.note, row.time) for row in connection.execute(query))
    for logged in sorted(roots, key=lambda one: one.index):
        committees = committees.append(logged)
    return committees


def first_calendars(committees: Committees, document: Callable[[str], bytes]) -> CalendarBook | None:
    """The book that the first profile in force begins; `document` gives the bytes of a hash."""
    in_force_ever = committees.profiles()
    if not in_force_ever:
        return None
    first = profiles.parse(document(in_force_ever[0].document))
    calendar = calendar_documents.parse(document(first.calendar))
    return CalendarBook.begin(first.calendar, first.committees, calendar)


def _read_calendars(connection: Connection, log: int, committees: Committees) -> CalendarBook | None:
    def document(sha: str) -> bytes:
        return stored_document(connection, log, sha)

    book = first_calendars(committees, document)
    if book is None:
        return None
    s = t.statements.c
    # That they belong to no case lets an index find them among millions of statements that do.
    query = select(s.idx, s.note, s.time).where(s.log == log, s.case.is_(None), s.type == "calendar")
    query = query.order_by(s.idx)
    for row in connection.execute(query):
        logged = as_logged(row.idx, row.note, row.time)
        assert isinstance(logged.statement, CalendarApproval)  # its type says so
        book = book.with_documents(calendar_documents.parse(document(logged.statement.document))).apply(
            logged
        )
    return book
