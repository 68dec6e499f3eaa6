"""Our copy of the log in the archive: statements, the Merkle tree over them, checkpoints that verified.

Only a sync writes here (mirror.py and its parts), in transactions; everybody may read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from kynhan_keys import merkle
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import (
    Acceptance,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    Opening,
    Receipt,
    Reminder,
    Statement,
    Withdrawal,
)

from ..clauses import clause
from ..errors import problem
from ..home.archive import Archive


@dataclass(frozen=True)
class Entry:
    """A verified statement at its place, with the case and the dispatch that it belongs to."""

    logged: Logged
    type: str
    case: str | None
    dispatch: str | None


@dataclass(frozen=True)
class Head:
    """A checkpoint of the relay that verified: size, root (32 bytes), its note, the time (POSIX) it is dated."""

    size: int
    root: bytes
    note: bytes
    time: int


def place_of(
    statement: Statement, id_: str, find: Callable[[str], Entry | None]
) -> tuple[str | None, str | None]:
    """The case and the dispatch that a statement is about; `find` gives an earlier statement by its id."""
    match statement:
        case Dispatch():
            return statement.case, id_
        case Receipt() | Opening() | Decline() | Withdrawal() | Destruction() | Handover():
            about = find(statement.dispatch)
            return (about.case if about else None), statement.dispatch
        case Acceptance():
            about = find(statement.of)
            return (about.case, about.dispatch) if about else (None, None)
        case Due():
            return statement.case, statement.dispatch
        case Reminder():
            about = find(statement.due)
            return statement.case, about.dispatch if about else None
        case _:
            return None, None


# --- the tree


def size(archive: Archive) -> int:
    """How many leaves our copy has."""
    row = archive.row("SELECT count(*) FROM nodes WHERE level = 0")
    return 0 if row is None else int(row[0])


def node_getter(archive: Archive) -> merkle.NodeGetter:
    """Reads the nodes of our copy."""

    def get(level: int, index: int) -> bytes:
        row = archive.row("SELECT hash FROM nodes WHERE level = ? AND idx = ?", (level, index))
        if row is None:
            raise problem("home-damaged", what=clause("home.no-node", level=level, index=index))
        return bytes(row[0])

    return get


def root_at(archive: Archive, tree_size: int) -> bytes:
    """The root of the first `tree_size` leaves of our copy."""
    return merkle.root(tree_size, node_getter(archive))


def append_leaves(archive: Archive, ids: Sequence[str]) -> None:
    """Adds entries (statement ids, hex) to the tree."""
    leaves = [merkle.leaf_hash(bytes.fromhex(id_)) for id_ in ids]
    nodes = merkle.new_nodes(size(archive), leaves, node_getter(archive))
    archive.run_many("INSERT INTO nodes (level, idx, hash) VALUES (?, ?, ?)", nodes)


# --- statements


def add(archive: Archive, entries: Iterable[Entry]) -> None:
    """Keeps verified statements."""
    archive.run_many(
        "INSERT INTO statements (idx, id, note, type, case_id, dispatch, log_time) VALUES (?,?,?,?,?,?,?)",
        [
            (
                entry.logged.index,
                entry.logged.id,
                entry.logged.note,
                entry.type,
                entry.case,
                entry.dispatch,
                int(entry.logged.time.timestamp()),
            )
            for entry in entries
        ],
    )


def by_id(archive: Archive, id_: str) -> Entry | None:
    """The statement with this id."""
    return next(iter(_entries(archive, "WHERE id = ?", (id_,))), None)


def at(archive: Archive, index: int) -> Entry | None:
    """The statement at this index of the log."""
    return next(iter(_entries(archive, "WHERE idx = ?", (index,))), None)


def since(archive: Archive, start: int) -> list[Entry]:
    """All statements from index `start` on, in the order of the log."""
    return _entries(archive, "WHERE idx >= ? ORDER BY idx", (start,))


def of_case(archive: Archive, case: str, *, after: int = -1) -> list[Entry]:
    """All statements of a case, in the order of the log, acceptances and reminders included; those beyond index
    `after`."""
    return _entries(archive, "WHERE case_id = ? AND idx > ? ORDER BY idx", (case, after))


def about_dispatch(archive: Archive, dispatch: str) -> list[Entry]:
    """The dispatch itself and all statements about it, in the order of the log."""
    return _entries(archive, "WHERE dispatch = ? ORDER BY idx", (dispatch,))


def with_header(archive: Archive, header: str) -> list[Entry]:
    """The dispatches with this header (SHA-256, hex), in the order of the log."""
    return _entries(archive, f"WHERE type = 'dispatch' AND {_HEADER} = ? ORDER BY idx", (header.encode(),))


def with_body(archive: Archive, body: str) -> list[Entry]:
    """The dispatches with this body (SHA-256, hex), in the order of the log."""
    return _entries(archive, f"WHERE type = 'dispatch' AND {_BODY} = ? ORDER BY idx", (body.encode(),))


# As the indexes of schema/005.sql spell them: what follows the first line that begins with `header `, `body `.
_HEADER: Final = "substr(note, instr(note, x'0a68656164657220') + 8, 64)"
_BODY: Final = "substr(note, instr(note, x'0a626f647920') + 6, 64)"


def of_types(archive: Archive, *types: str, start: int = 0) -> list[Entry]:
    """All statements of these types (`membership`, `dispatch`, …) from index `start` on, in the order of the log."""
    marks = ", ".join("?" * len(types))
    return _entries(archive, f"WHERE type IN ({marks}) AND idx >= ? ORDER BY idx", (*types, start))


def holds_case(archive: Archive, case: str) -> bool:
    """Whether we hold any statement of a case."""
    return archive.row("SELECT 1 FROM statements WHERE case_id = ? LIMIT 1", (case,)) is not None


def times_around(archive: Archive, index: int) -> tuple[int | None, int | None]:
    """The log times (POSIX) of the statements that we hold next before and next after an index."""
    before = archive.row("SELECT log_time FROM statements WHERE idx < ? ORDER BY idx DESC LIMIT 1", (index,))
    after = archive.row("SELECT log_time FROM statements WHERE idx > ? ORDER BY idx LIMIT 1", (index,))
    return (None if before is None else int(before[0])), (None if after is None else int(after[0]))


def last_time(archive: Archive) -> int:
    """The log time (POSIX) of our newest statement; 0 before there is one."""
    row = archive.row("SELECT max(log_time) FROM statements")
    return 0 if row is None or row[0] is None else int(row[0])


@functools.lru_cache(maxsize=16384)
def signed_statement(note: bytes) -> SignedStatement:
    """signing.parse, once a note: it is read, judged at its place and folded again and again, and never changes."""
    return signing.parse(note)


def _entries(archive: Archive, where: str, values: Sequence[str | int | bytes]) -> list[Entry]:
    # `where` is one of the constants above; what varies is bound
    rows = archive.rows(
        f"SELECT idx, id, note, type, case_id, dispatch, log_time FROM statements {where}",  # noqa: S608
        values,
    )
    return [
        Entry(
            Logged(
                index, id_, signed_statement(bytes(note)).statement, note, datetime.fromtimestamp(time, UTC)
            ),
            type_,
            case,
            dispatch,
        )
        for index, id_, note, type_, case, dispatch, time in rows
    ]


# --- checkpoints


def keep_checkpoint(archive: Archive, head: Head, *, own: bool, all_cosigned: bool) -> None:
    """Keeps a checkpoint that verified and that our copy bears out; earlier notes that nobody needs are dropped.

    Those that all witnesses cosigned stay: each is, for what was logged after it, the cosigned checkpoint before.
    """
    archive.run(
        "INSERT INTO checkpoints (size, root, note, time, own, all_cosigned) VALUES (?,?,?,?,?,?)"
        " ON CONFLICT (size) DO UPDATE SET note = CASE WHEN excluded.own + excluded.all_cosigned >="
        " own + all_cosigned OR note IS NULL THEN excluded.note ELSE note END,"
        " own = max(own, excluded.own), all_cosigned = max(all_cosigned, excluded.all_cosigned)",
        (head.size, head.root, head.note, head.time, int(own), int(all_cosigned)),
    )
    archive.run(
        "UPDATE checkpoints SET note = NULL WHERE note IS NOT NULL"
        " AND size < (SELECT max(size) FROM checkpoints)"
        " AND size IS NOT (SELECT max(size) FROM checkpoints WHERE own)"
        " AND NOT all_cosigned"
    )


def latest(archive: Archive) -> Head | None:
    """The largest checkpoint that verified."""
    return _head(archive, "SELECT max(size) FROM checkpoints")


def latest_own(archive: Archive) -> Head | None:
    """The largest one that our own committee's witness cosigned: what we may call `seen`."""
    return _head(archive, "SELECT max(size) FROM checkpoints WHERE own")


def latest_final(archive: Archive) -> Head | None:
    """The largest one that the witnesses of all committees cosigned."""
    return _head(archive, "SELECT max(size) FROM checkpoints WHERE all_cosigned")


def final_before(archive: Archive, index: int) -> Head | None:
    """The largest one that the witnesses of all committees cosigned before the statement at `index` was logged."""
    row = archive.row(
        "SELECT size, root, note, time FROM checkpoints"
        " WHERE all_cosigned AND note IS NOT NULL AND size <= ? ORDER BY size DESC LIMIT 1",
        (index,),
    )
    return None if row is None else Head(int(row[0]), bytes(row[1]), bytes(row[2]), int(row[3]))


def final_after(archive: Archive, index: int) -> Head | None:
    """The smallest one that the witnesses of all committees cosigned and that holds the statement at `index`."""
    row = archive.row(
        "SELECT size, root, note, time FROM checkpoints"
        " WHERE all_cosigned AND note IS NOT NULL AND size > ? ORDER BY size LIMIT 1",
        (index,),
    )
    return None if row is None else Head(int(row[0]), bytes(row[1]), bytes(row[2]), int(row[3]))


def known_root(archive: Archive, tree_size: int) -> bytes | None:
    """The root of a checkpoint of this size that verified before."""
    row = archive.row("SELECT root FROM checkpoints WHERE size = ?", (tree_size,))
    return None if row is None else bytes(row[0])


def _head(archive: Archive, size_query: str) -> Head | None:
    """The checkpoint whose size the query (a constant above) gives."""
    query = "SELECT size, root, note, time FROM checkpoints WHERE size = (" + size_query + ")"  # noqa: S608
    row = archive.row(query)
    if row is None or row[2] is None:
        return None
    return Head(int(row[0]), bytes(row[1]), bytes(row[2]), int(row[3]))


# --- promises


def promise(archive: Archive, tree_size: int, root: bytes, note: bytes) -> None:
    """Remembers a tree that the relay signed elsewhere, until our copy can be compared with it."""
    archive.run("INSERT OR IGNORE INTO promises VALUES (?, ?, ?)", (tree_size, root, note))


def due_promises(archive: Archive, tree_size: int) -> list[tuple[int, bytes, bytes]]:
    """(size, root, note) of promises that a copy of `tree_size` leaves can be compared with."""
    return archive.rows("SELECT size, root, note FROM promises WHERE size <= ? ORDER BY size", (tree_size,))


def keep_promises(archive: Archive, tree_size: int) -> None:
    """Forgets promises that were kept."""
    archive.run("DELETE FROM promises WHERE size <= ?", (tree_size,))
