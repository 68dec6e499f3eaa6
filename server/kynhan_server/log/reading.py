"""Everything that is read from the relay, for whoever may: absent and not-yours are one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from kynhan_keys import tiles
from kynhan_keys.errors import TileError
from kynhan_keys.vkeys import ED25519, Vkey
from kynhan_protocol.statements import grammar
from kynhan_protocol.statements.statements import Dispatch
from kynhan_protocol.wire import api
from kynhan_server.clock import Clock
from kynhan_server.errors import not_found
from kynhan_server.log import receipts, visibility
from kynhan_server.log.feed import Appended
from kynhan_server.log.logs import CorruptError, Log, Standing
from kynhan_server.log.visibility import Actor
from kynhan_server.log.writing import Nodes
from kynhan_server.store import tables as t
from kynhan_server.store.blobs import Blobs
from kynhan_server.store.store import Store

__all__ = ["Actor", "BodySource", "Reading"]


@dataclass(frozen=True)
class BodySource:
    """Where a body is: in memory, or in a file."""

    size: int
    sha256: str
    inline: bytes | None
    path: Path | None


@dataclass(frozen=True)
class StoredGroup:
    """A posted statement and the relay's answers to it, with what their proofs are made of."""

    indices: list[int]
    ids: list[str]
    notes: list[bytes]
    checkpoint: bytes
    nodes: Nodes

    def node(self, level: int, index: int) -> bytes:
        """A node of the tree."""
        return self.nodes[level, index]


class Reading:
    """Reads of one relay. Everything raises Refused not-found for what is not there or not the actor's."""

    def __init__(self, store: Store, blobs: Blobs, clock: Clock, candidate_age: float) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._candidate_age = candidate_age
        self._candidates: dict[int, tuple[int, float]] = {}
        self._standing: dict[int, Standing] = {}

    async def member_key(self, log: Log, name: str) -> tuple[Vkey, Actor] | None:
        """The signing key that requests of the member are to be verified with; None if it is not in force."""
        standing = self._standing.setdefault(log.id, Standing())
        at = self._clock.now().replace(microsecond=0)
        member = standing.members(log.state.committees, at).get(name)
        if member is None or member.statement.signing.type != ED25519:
            return None
        roles = member.statement.role
        return member.statement.signing, Actor(log.slug, name, member.id, member.committee, roles)

    # --- the log, for everybody ------------------------------------------------------------------------------------

    async def checkpoint(self, log: Log) -> bytes:
        """The latest checkpoint, with all cosignatures known."""
        async with self._store.read() as connection:
            return await _checkpoint(connection, log, await _last_size(connection, log))

    async def cosigned(self, log: Log) -> bytes | None:
        """The latest checkpoint that witnesses of all committees cosigned; None before there is one."""
        async with self._store.read() as connection:
            size = await cosigned_size(connection, log)
            return None if size is None else await _checkpoint(connection, log, size)

    async def cosigned_size(self, log: Log) -> int:
        """The size of that checkpoint; 0 before there is one."""
        async with self._store.read() as connection:
            return await cosigned_size(connection, log) or 0

    async def candidate(self, log: Log) -> bytes:
        """The checkpoint to cosign now, under the log's own two signatures.

        It stays the same until witnesses of all committees have signed it, or it is `candidate_age` old and there is
        a newer one: two witnesses that ask at different moments sign the same tree.
        """
        async with self._store.read() as connection:
            last = await _last_size(connection, log)
            size, since = self._candidates.get(log.id, (last, self._clock.monotonic()))
            if size != last and (
                self._clock.monotonic() - since >= self._candidate_age
                or size == await cosigned_size(connection, log)
                or size > last
            ):
                size, since = last, self._clock.monotonic()
            self._candidates[log.id] = size, since
            return await _bare_checkpoint(connection, log, size)

    async def tile(self, log: Log, path: str) -> bytes:
        """A tile of hashes or an entry bundle, `tile/…` (c2sp.org/tlog-tiles)."""
        try:
            tile = tiles.parse_path(path)
        except TileError:
            raise not_found() from None
        first, end = tile.index * tiles.WIDTH, tile.index * tiles.WIDTH + tile.width
        level = 0 if isinstance(tile.level, str) else tile.level * tiles.HEIGHT
        if level > 63 or end > log.size >> level:
            raise not_found()
        async with self._store.read() as connection:
            if isinstance(tile.level, str):
                s = t.statements.c
                query = select(s.id).where(s.log == log.id, s.idx >= first, s.idx < end).order_by(s.idx)
                ids = (await connection.execute(query)).scalars()
                return tiles.encode_entries([bytes.fromhex(one) for one in ids])
            n = t.nodes.c
            of_tile = select(n.hash).where(n.log == log.id, n.level == level, n.idx >= first, n.idx < end)
            return b"".join((await connection.execute(of_tile.order_by(n.idx))).scalars())

    # --- statements and documents ----------------------------------------------------------------------------------

    async def statements(
        self, log: Log, actor: Actor, start: int, limit: int, case: str | None = None
    ) -> api.Statements:
        """At most `limit` statements from index `start` on, of those that the actor may see; of one case if asked."""
        s = t.statements.c
        query = select(s.idx, s.id, s.note).where(s.log == log.id, s.idx >= start, visibility.seen_by(actor))
        if case is not None:
            query = query.where(s.case == case)
        async with self._store.read() as connection:
            rows = (await connection.execute(query.order_by(s.idx).limit(limit))).all()
            return api.Statements(size=await _last_size(connection, log), statements=_logged(rows))

    async def happened(self, log: Log, actor: Actor, start: int, limit: int) -> tuple[list[Appended], int]:
        """What events tell of the same statements, and the size of the tree they were read at."""
        s = t.statements.c
        query = select(s.idx, s.id, s.type, s.case).where(
            s.log == log.id, s.idx >= start, visibility.seen_by(actor)
        )
        async with self._store.read() as connection:
            rows = (await connection.execute(query.order_by(s.idx).limit(limit))).all()
            size = await _last_size(connection, log)
        return [Appended(log.slug, row.idx, row.id, row.type, row.case) for row in rows], size

    async def chain(self, log: Log, actor: Actor, committee: str) -> api.ChainOf:
        """The root statements of one committee."""
        if committee not in log.state.committees.chains:
            raise not_found()
        s = t.statements.c
        query = select(s.idx, s.id, s.note).where(s.log == log.id, s.committee == committee).order_by(s.idx)
        async with self._store.read() as connection:
            rows = (await connection.execute(query)).all()
            size = await _last_size(connection, log)
        return api.ChainOf(committee=committee, size=size, statements=_logged(rows))

    async def receipt(self, log: Log, actor: Actor, statement: str, cosigned: bool) -> bytes:
        """The statement's tlog-proof: under its group's checkpoint, or under the latest cosigned one."""
        s = t.statements.c
        query = select(s.idx, s.note, s.size).where(
            s.log == log.id, s.id == statement, visibility.seen_by(actor)
        )
        async with self._store.read() as connection:
            row = (await connection.execute(query)).first()
            if row is None:
                raise not_found()
            size = row.size
            checkpoint = await _bare_checkpoint(connection, log, size)
            if cosigned:
                size = await cosigned_size(connection, log) or 0
                if size <= row.idx:
                    raise not_found()
                checkpoint = await _checkpoint(connection, log, size)
            nodes = await _nodes(connection, log, receipts.nodes_needed(row.idx, size))
        return receipts.receipt(row.idx, row.note, checkpoint, lambda level, index: nodes[level, index])

    async def document(self, log: Log, actor: Actor, sha: str) -> bytes:
        """The bytes of a profile or calendar that some statement names."""
        d = t.documents.c
        async with self._store.read() as connection:
            found = await connection.execute(select(d.bytes).where(d.log == log.id, d.sha256 == sha))
            data = found.scalar_one_or_none()
        if data is None:
            raise not_found()
        return bytes(data)

    async def calendar(self, log: Log, actor: Actor) -> bytes:
        """The bytes of the calendar in force."""
        book = log.state.calendars
        if book is None:
            raise not_found()
        return await self.document(log, actor, book.latest.document)

    # --- packages --------------------------------------------------------------------------------------------------

    async def header(self, log: Log, actor: Actor, dispatch: str) -> bytes:
        """The header of a dispatch, behind the gate of visibility.may_have_header."""
        row, statement = await self._dispatch(log, actor, dispatch, t.dispatches.c.header)
        if row.header is None or not visibility.may_have_header(actor, statement, row.state, row.opening):
            raise not_found()
        return bytes(row.header)

    async def body(self, log: Log, actor: Actor, dispatch: str) -> BodySource:
        """The body of a dispatch."""
        d = t.dispatches.c
        row, statement = await self._dispatch(log, actor, dispatch, d.body, d.blob)
        if not visibility.may_have_body(actor, statement, row.opening):
            raise not_found()
        path = None if row.blob is None else self._blobs.path(row.blob)
        return BodySource(statement.body.size, statement.body.hash, row.body, path)

    async def _dispatch(self, log: Log, actor: Actor, dispatch: str, *columns: Any) -> tuple[Any, Dispatch]:
        """The row of a dispatch with these columns, and the dispatch as signed."""
        d, s = t.dispatches.c, t.statements.c
        joined = t.dispatches.join(t.statements, (d.log == s.log) & (d.id == s.id))
        query = select(d.state, d.opening, s.note, *columns).select_from(joined)
        query = query.where(d.log == log.id, d.id == dispatch)
        async with self._store.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            raise not_found()
        statement = grammar.parse_text(row.note[: row.note.rindex(b"\n\n") + 1].decode())
        assert isinstance(statement, Dispatch)  # the table says so
        return row, statement

    # --- answers again ---------------------------------------------------------------------------------------------

    async def index_of_text(self, log: Log, text_hash: str) -> int | None:
        """Where the statement of that text stands, if it was logged."""
        s = t.statements.c
        async with self._store.read() as connection:
            found = await connection.execute(
                select(s.idx).where(s.log == log.id, s.text_hash == text_hash, s.cause.is_(None))
            )
            return found.scalar_one_or_none()

    async def group_of(self, log: Log, index: int) -> StoredGroup:
        """The statement at `index` with the relay's answers to it."""
        s = t.statements.c
        query = select(s.idx, s.id, s.note, s.size).where(s.log == log.id)
        async with self._store.read() as connection:
            own = (await connection.execute(query.where(s.idx == index))).one()
            answers = (await connection.execute(query.where(s.cause == index).order_by(s.idx))).all()
            rows = [own, *answers]
            needed = {node for row in rows for node in receipts.nodes_needed(row.idx, own.size)}
            return StoredGroup(
                [row.idx for row in rows],
                [row.id for row in rows],
                [row.note for row in rows],
                await _bare_checkpoint(connection, log, own.size),
                await _nodes(connection, log, sorted(needed)),
            )


def _logged(rows: Sequence[Any]) -> tuple[api.LoggedNote, ...]:
    return tuple(api.LoggedNote(index=row.idx, id=row.id, note=row.note.decode()) for row in rows)


async def _last_size(connection: AsyncConnection, log: Log) -> int:
    c = t.checkpoints.c
    return int((await connection.execute(select(func.max(c.size)).where(c.log == log.id))).scalar_one())


async def _bare_checkpoint(connection: AsyncConnection, log: Log, size: int) -> bytes:
    """As the log signed it, without cosignatures: the one that receipts of its group stand under."""
    c = t.checkpoints.c
    found = await connection.execute(select(c.note).where(c.log == log.id, c.size == size))
    return bytes(found.scalar_one())


async def _checkpoint(connection: AsyncConnection, log: Log, size: int) -> bytes:
    """The checkpoint of that size with all cosignatures known, by name."""
    c = t.cosignatures.c
    lines = await connection.execute(select(c.line).where(c.log == log.id, c.size == size).order_by(c.name))
    return await _bare_checkpoint(connection, log, size) + b"".join(lines.scalars())


async def cosigned_size(connection: AsyncConnection, log: Log) -> int | None:
    """The size of the latest checkpoint that witnesses of all committees cosigned."""
    c = t.cosignatures.c
    everybody = len(log.state.committees.chains)
    query = select(c.size).where(c.log == log.id).group_by(c.size)
    query = query.having(func.count(c.committee.distinct()) == everybody).order_by(c.size.desc()).limit(1)
    return (await connection.execute(query)).scalar_one_or_none()


async def _nodes(connection: AsyncConnection, log: Log, wanted: Sequence[tuple[int, int]]) -> Nodes:
    if not wanted:
        return {}
    n = t.nodes.c
    query = select(n.level, n.idx, n.hash).where(n.log == log.id, tuple_(n.level, n.idx).in_(wanted))
    found = {(row.level, row.idx): bytes(row.hash) for row in await connection.execute(query)}
    if len(found) != len(set(wanted)):
        raise CorruptError(f"log {log.slug}: nodes of the tree are missing")
    return found
