"""The witnesses' way in: checkpoints of ours that come back with a cosignature (DESIGN §3.3).

A note authenticates itself, so anybody may bring one. What counts is a line of a witness whose membership is in force
at the checkpoint's size. A checkpoint that bears a signature of ours and contradicts our tree stops the log: somewhere
the keys, or an older copy of this database, signed another history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from kynhan_keys import checkpoints, cosignatures, notes
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.errors import KeysError, SignatureError
from kynhan_keys.notes import Note, Signature
from kynhan_keys.vkeys import ED25519, Vkey
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.committees import Committees
from kynhan_server.clock import Timekeeper
from kynhan_server.errors import Refused
from kynhan_server.log.feed import Cosigned
from kynhan_server.log.ledger import Ledger
from kynhan_server.log.logs import Log, moment
from kynhan_server.store import tables as t

MAX_LINES: Final = 16
SLACK: Final = 300
"""Seconds by which a witness's clock may differ from ours (DESIGN §3.2)."""

log_ = structlog.get_logger("kynhan.witnesses")


@dataclass(frozen=True)
class Cosignature:
    """A verified cosignature."""

    witness: Certified
    signature: Signature
    time: int


class Witnesses:
    """Takes cosignatures for the logs of one relay."""

    def __init__(self, ledger: Ledger, timekeeper: Timekeeper) -> None:
        self._ledger = ledger
        self._timekeeper = timekeeper

    async def add(self, log: Log, note: bytes) -> None:
        """Keeps the cosignatures on a checkpoint of ours. Raises Refused: bad-checkpoint, bad-signature."""
        checkpoint, parsed = _parse(log, note)
        ours = _signed_by_us(log, checkpoint, parsed)
        lines = list(_verified(log, checkpoint, parsed))
        latest = int(self._timekeeper.clock.now().timestamp()) + SLACK
        complete = await self._ledger.task(
            lambda connection: _keep(connection, log, checkpoint, ours, lines, latest)
        )
        if complete is None:
            raise await self._stop(log, checkpoint)
        for line in lines:
            self._timekeeper.agree(line.time)
        if complete:
            self._ledger.publish(Cosigned(log.slug, checkpoint.size))
        log_.info("cosigned", log=log.slug, size=checkpoint.size, lines=len(lines), complete=complete)

    async def _stop(self, log: Log, checkpoint: Checkpoint) -> Refused:
        reason = f"A checkpoint of {checkpoint.size} entries under this log's key contradicts its tree."
        await self._ledger.stop(log, reason)
        log_.critical("stopped", log=log.slug, size=checkpoint.size)
        return Refused("unavailable", "This checkpoint contradicts the log, which has stopped.")


def _parse(log: Log, data: bytes) -> tuple[Checkpoint, Note]:
    try:
        checkpoint, note = checkpoints.parse(data)
    except KeysError as error:
        raise Refused("bad-checkpoint", f"Not a checkpoint: {error}.") from None
    if checkpoint.origin != log.origin:
        raise Refused("bad-checkpoint", f"This log is {log.origin}.")
    if len(note.signatures) > MAX_LINES:
        raise Refused("bad-checkpoint", f"More than {MAX_LINES} signature lines.")
    return checkpoint, note


def _signed_by_us(log: Log, checkpoint: Checkpoint, note: Note) -> bool:
    """Whether any line is a valid signature of ours."""
    for signature in note.signatures:
        for vkey in log.vkeys:
            if signature.is_under(vkey) and _is_valid(vkey, signature, checkpoint, note):
                return True
    return False


def _is_valid(vkey: Vkey, signature: Signature, checkpoint: Checkpoint, note: Note) -> bool:
    try:
        if vkey.type == ED25519:
            notes.verify(note.text, vkey, signature)
        else:
            cosignatures.verify(vkey, signature, checkpoint.origin, checkpoint.size, checkpoint.root)
    except SignatureError:
        return False
    return True


def _verified(log: Log, checkpoint: Checkpoint, note: Note) -> Iterator[Cosignature]:
    """The lines of witnesses in force. Others are passed over: a note may carry what other logs' witnesses added."""
    for signature in note.signatures:
        witness = _witness(log.state.committees, checkpoint.size, signature)
        if witness is None:
            continue
        key = witness.statement.signing
        try:
            time = cosignatures.verify(key, signature, checkpoint.origin, checkpoint.size, checkpoint.root)
        except SignatureError as error:
            raise Refused("bad-signature", f"{error}.") from None
        if not witness.is_valid_at(moment(time)):
            raise Refused("not-in-force", f"{witness.name} was not in force when it cosigned.")
        yield Cosignature(witness, signature, time)


def _witness(committees: Committees, size: int, signature: Signature) -> Certified | None:
    chain = committees.chain_of(signature.name)
    found = chain.certified(size).get(signature.name) if chain is not None else None
    if found is None or not found.has("witness") or not signature.is_under(found.statement.signing):
        return None
    return found


def _keep(
    connection: Connection,
    log: Log,
    checkpoint: Checkpoint,
    ours: bool,
    lines: list[Cosignature],
    latest: int,
) -> bool | None:
    """Stores the lines; whether all committees have signed now and had not before. None: it contradicts our tree.

    A line dated before we signed the tree, or after `latest`, would make every receipt under it contradict itself.
    """
    c, k = t.checkpoints.c, t.cosignatures.c
    known = connection.execute(
        select(c.root, c.time).where(c.log == log.id, c.size == checkpoint.size)
    ).first()
    if known is None or bytes(known.root) != checkpoint.root:
        if ours and _contradicts(connection, log, checkpoint):
            return None
        raise Refused("bad-checkpoint", "This is no checkpoint of this log.")
    if not lines:
        raise Refused("bad-checkpoint", "No witness of this log signed it.")
    if not all(known.time - SLACK <= line.time <= latest for line in lines):
        raise Refused("outside-window", "The witness's clock and the relay's are more than 5 minutes apart.")
    everybody = len(log.state.committees.chains)
    signed = select(func.count(k.committee.distinct())).where(k.log == log.id, k.size == checkpoint.size)
    before = connection.execute(signed).scalar_one()
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(t.cosignatures)
    connection.execute(
        insert.on_conflict_do_nothing(),
        [
            {
                "log": log.id,
                "size": checkpoint.size,
                "name": line.witness.name,
                "committee": line.witness.committee,
                "line": line.signature.line().encode(),
                "time": line.time,
            }
            for line in lines
        ],
    )
    after = connection.execute(signed).scalar_one()
    return before < everybody <= after


def _contradicts(connection: Connection, log: Log, checkpoint: Checkpoint) -> bool:
    log.refresh(connection)
    return checkpoint.size > log.state.size or log.root_at(connection, checkpoint.size) != checkpoint.root
