"""A group becomes durable: all its rows, the tree's new nodes and one checkpoint, in the transaction given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from kynhan_keys import merkle
from kynhan_keys.merkle import Frontier
from kynhan_server.log.draft import Layer
from kynhan_server.log.logs import CorruptError, LogState, entry, write_checkpoint
from kynhan_server.store import tables as t

Nodes = dict[tuple[int, int], bytes]

SLICE: Final = 5_000
"""Rows that are handed to the database at once."""


@dataclass(frozen=True)
class Written:
    """A group on its way to disk: the state it leads to, its notes by index, and the nodes its proofs need."""

    state: LogState
    first: int
    notes: list[bytes]
    causes: dict[int, list[int]]
    nodes: Nodes


def write_group(group: Layer) -> Written:
    """Writes what `group` holds. Raises CorruptError rather than sign a tree that does not extend the last one."""
    log, connection = group.log, group.connection
    before = log.state.frontier
    if not group.entries:  # a look at a case that found nothing to do
        _write_rows(group)
        return Written(log.state, before.size, [], {}, {})
    _check_last(connection, log.id, log.state)
    edge: Nodes = dict(zip(_edge(before.size), before.hashes, strict=True))
    notes = [one.logged.note for one in group.entries]
    leaves = [merkle.leaf_hash(entry(note)) for note in notes]
    made = merkle.new_nodes(before.size, leaves, lambda level, index: edge[level, index])
    nodes = edge | {(level, index): hash_ for level, index, hash_ in made}
    frontier = Frontier.of(before.size + len(leaves), lambda level, index: nodes[level, index])
    _insert_sliced(
        connection,
        t.nodes,
        ({"log": log.id, "level": level, "idx": index, "hash": hash_} for level, index, hash_ in made),
    )
    _write_statements(group, frontier.size)
    _write_rows(group)
    note, root = write_checkpoint(connection, log.id, log.signers, frontier, group.time)
    causes: dict[int, list[int]] = {}
    for one in group.entries:
        if one.cause is not None:
            causes.setdefault(one.cause, []).append(one.logged.index)
    state = LogState(frontier, note, root, group.committees, group.calendars, log.state.stopped)
    return Written(state, before.size, notes, causes, nodes)


def _edge(size: int) -> list[tuple[int, int]]:
    levels = [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]
    return [(level, (size >> level) - 1) for level in levels]


def _check_last(connection: Connection, log: int, state: LogState) -> None:
    """The last checkpoint signed is the one about to be extended: nothing smaller or forked is ever signed."""
    c = t.checkpoints.c
    query = select(c.size, c.root).where(c.log == log).order_by(c.size.desc()).limit(1)
    size, root = connection.execute(query).one()
    if (size, bytes(root)) != (state.size, state.root):
        raise CorruptError(f"log {log}: a checkpoint of {size} was signed, the tree at hand has {state.size}")


def _write_statements(group: Layer, size: int) -> None:
    _insert_sliced(
        group.connection,
        t.statements,
        (
            {
                "log": group.log.id,
                "idx": one.logged.index,
                "id": one.logged.id,
                "text_hash": one.text_hash,
                "note": one.logged.note,
                "type": one.type,
                "case": one.case,
                "committee": one.committee,
                "cause": one.cause,
                "time": int(one.logged.time.timestamp()),
                "size": size,
            }
            for one in group.entries
        ),
    )


def _write_rows(group: Layer) -> None:
    connection, rows, log = group.connection, group.rows, group.log.id
    _insert(connection, t.dispatches, [{"log": log, **row} for row in rows.dispatches])
    d = t.dispatches.c
    for dispatch, change in rows.changes.items():
        if change:
            connection.execute(t.dispatches.update().where(d.log == log, d.id == dispatch), change)
    if rows.uploads:
        u = t.uploads.c
        connection.execute(
            t.uploads.update()
            .where(u.log == log, u.id == bindparam("upload"))
            .values(dispatch=bindparam("became")),
            [{"upload": upload, "became": dispatch} for upload, dispatch in rows.uploads.items()],
        )
    _insert(
        connection,
        t.reminders,
        [
            {"log": log, "case": case, "step": step, "due": due, "idx": index}
            for (case, step, due), index in rows.reminders.items()
        ],
    )
    _insert_new(connection, t.notices, rows.notices)
    _insert_new(
        connection,
        t.concerned,
        [{"log": log, "case": case, "member": name} for case, name in sorted(rows.concerned)],
    )
    _insert_new(
        connection,
        t.documents,
        [{"log": log, "sha256": sha, "bytes": data} for sha, data in rows.documents.items()],
    )
    if rows.moves:
        connection.execute(t.moves.delete().where(t.moves.c.log == log))
        if rows.moves[-1] is not None:
            approval, after = rows.moves[-1]
            connection.execute(t.moves.insert(), {"log": log, "approval": approval, "after": after})
    _upsert_cases(
        connection, [{"log": log, "case": case, "next_remind_at": at} for case, at in rows.cases.items()]
    )


def _insert_sliced(connection: Connection, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    """Inserts rows that may be very many (a calendar that moves every date), and never holds them all."""
    while some := list(islice(rows, SLICE)):
        connection.execute(table.insert(), some)


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _insert_new(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    """Inserts those that are not there yet."""
    if rows:
        connection.execute(_dialect(connection).insert(table).on_conflict_do_nothing(), rows)


def _upsert_cases(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        insert = _dialect(connection).insert(t.cases)
        update = {"next_remind_at": insert.excluded.next_remind_at}
        connection.execute(insert.on_conflict_do_update(index_elements=["log", "case"], set_=update), rows)


def _dialect(connection: Connection) -> Any:
    return postgresql if connection.dialect.name == "postgresql" else sqlite
