"""`verify-log`: recompute everything the data folder claims, from the statements' bytes up, and list what differs.

Read-only, beside a running relay too. For each log: ids and entries are hashes of the notes; indices are complete; the
stored tree is the recomputed one; every checkpoint is signed by the relay's keys over the recomputed root, and
consistent with the one before by proof; every cosignature is a certified witness's; every statement is signed as it
must be (roots' chains, members in force, the relay); headers and inline bodies hash to what their dispatch says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, select
from sqlalchemy.exc import SQLAlchemyError

from kynhan_keys import checkpoints, cosignatures, merkle, notes
from kynhan_keys.errors import KeysError
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.agreement import profile
from kynhan_protocol.errors import ProtocolError
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.chains import Chain
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import (
    Acceptance,
    Dispatch,
    Handover,
    Membership,
    ProfileAttestation,
    RelayStatement,
    RootStatement,
)
from kynhan_server import words
from kynhan_server.config import Folder
from kynhan_server.errors import OperatorError
from kynhan_server.store import tables
from kynhan_server.store.keyfile import RelayKeys
from kynhan_server.store.store import look_only
from kynhan_server.words import Pair


class AuditError(OperatorError):
    """The log cannot be looked at, or no key of the relay is known; str() is one sentence."""


@dataclass
class LogAudit:
    """What was looked at in one log, and every discrepancy found."""

    log: str
    origin: str
    size: int = 0
    checkpoints: int = 0
    cosignatures: int = 0
    root: str = ""
    discrepancies: list[Pair] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The audit for programs."""
        verdict = "ok" if not self.discrepancies else "differs"
        return {"verdict": verdict, **asdict(self), "discrepancies": [en for _, en in self.discrepancies]}

    def lines(self) -> list[Pair]:
        """The audit for people."""
        found = len(self.discrepancies)
        verdict = words.pair("audit.differs", count=found) if found else words.pair("audit.agrees")
        counted = {
            "size": self.size,
            "checkpoints": self.checkpoints,
            "cosignatures": self.cosignatures,
        }
        return [
            words.pair("audit.report", log=self.log, origin=self.origin, verdict=verdict, **counted),
            words.pair("audit.root", root=self.root),
            *((f"  ! {vi}", f"  ! {en}") for vi, en in self.discrepancies),
        ]

    def differs(self, key: str, **blanks: object) -> None:
        """One more discrepancy, in the words of words/audit.py."""
        self.discrepancies.append(words.pair(f"audit.{key}", **blanks))


def audit(folder: Path, slug: str | None, relay_keys: RelayKeys | None) -> list[LogAudit]:
    """One audit for each log of the folder, or for `slug` alone.

    `relay_keys` None: believe the keys in the profiles that the committees attested. Raises AuditError.
    """
    file = Folder(folder).database
    if not file.is_file():
        raise AuditError("not-a-relay", folder=folder)
    engine = look_only(file)
    try:
        with engine.connect() as connection:
            logs = connection.execute(select(tables.logs).order_by(tables.logs.c.slug)).all()
            chosen = [log for log in logs if slug in (None, log.slug)]
            if not chosen:
                raise AuditError("audit.no-log", slug=repr(slug)) if slug else AuditError("audit.none")
            return [_Audit(connection, log, relay_keys).run() for log in chosen]
    except SQLAlchemyError as error:
        raise AuditError("database", why=error.__class__.__name__) from error
    finally:
        engine.dispose()


class _Audit:
    """The audit of one log, in the order of the docstring above."""

    def __init__(self, connection: Connection, log: Any, relay_keys: RelayKeys | None) -> None:
        self._connection = connection
        self._log = log.id
        self._origin: str = log.origin
        self._found = LogAudit(log.slug, log.origin)
        self._given: tuple[Vkey, Vkey] | None = None
        if relay_keys is not None:
            signers = relay_keys.under(log.origin)
            self._given = signers.ed25519.vkey, signers.ml_dsa_44.vkey
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._signed: list[signing.SignedStatement | None] = []
        self._chains: dict[str, Chain] = {}

    def run(self) -> LogAudit:
        self._statements()
        self._tree()
        keys = (self._given,) if self._given else self._profile_keys()
        if not keys:
            raise AuditError("audit.no-keys", log=self._found.log)
        self._checkpoints(keys)
        self._signatures([ed25519 for ed25519, _ in keys])
        self._cosignatures()
        self._dispatches()
        return self._found

    def _rows(self, table: Any, *order: Any) -> Iterator[Any]:
        binary = [column.name for column in table.c if isinstance(column.type, LargeBinary)]
        for row in self._connection.execute(select(table).where(table.c.log == self._log).order_by(*order)):
            if any(isinstance(getattr(row, name), str) for name in binary):
                self._found.differs("text-row", table=table.name)
            else:
                yield row

    def _get(self, level: int, index: int) -> bytes:
        return self._nodes[level, index]

    def _statements(self) -> None:
        entries: list[bytes] = []
        for row in self._rows(tables.statements, tables.statements.c.idx):
            if row.idx != len(entries):
                self._found.differs("missing", index=len(entries), found=row.idx)
            entry = hashlib.sha256(row.note).digest()
            if row.id != entry.hex():
                self._found.differs("id", index=row.idx)
            entries.append(entry)
            try:
                self._signed.append(signing.parse(row.note))
            except ProtocolError as error:
                self._signed.append(None)
                self._found.differs("no-statement", index=row.idx, why=error)
        self._found.size = len(entries)
        leaves = [merkle.leaf_hash(entry) for entry in entries]
        self._nodes = {(level, index): node for level, index, node in merkle.new_nodes(0, leaves, self._get)}

    def _tree(self) -> None:
        stored = {(row.level, row.idx): row.hash for row in self._rows(tables.nodes, tables.nodes.c.level)}
        for place in sorted(stored.keys() | self._nodes.keys()):
            if stored.get(place) != self._nodes.get(place):
                level, index = place
                self._found.differs("node", level=level, index=index)
        self._found.root = merkle.root(self._found.size, self._get).hex()

    def _profile_keys(self) -> tuple[tuple[Vkey, Vkey], ...]:
        attested = {
            signed.statement.document
            for signed in self._signed
            if signed is not None and isinstance(signed.statement, ProfileAttestation)
        }
        found: dict[tuple[str, str], tuple[Vkey, Vkey]] = {}
        for row in self._rows(tables.documents, tables.documents.c.sha256):
            if row.sha256 not in attested:
                continue
            if hashlib.sha256(row.bytes).hexdigest() != row.sha256:
                self._found.differs("document", sha256=row.sha256)
                continue
            try:
                relay = profile.parse(row.bytes).relay
                if relay.origin == self._origin:
                    found[relay.ed25519, relay.ml_dsa_44] = relay.vkeys
            except (ProtocolError, KeysError) as error:
                self._found.differs("profile", sha256=row.sha256, why=error)
        return tuple(found.values())

    def _checkpoints(self, keys: tuple[tuple[Vkey, Vkey], ...]) -> None:
        before: checkpoints.Checkpoint | None = None
        for row in self._rows(tables.checkpoints, tables.checkpoints.c.size):
            self._found.checkpoints += 1
            checkpoint = self._checkpoint(row, keys)
            if checkpoint is None:
                continue
            if before is not None:
                self._consistent(before, checkpoint)
            before = checkpoint
        if self._found.size and (before is None or before.size != self._found.size):
            self._found.differs("uncovered", size=self._found.size)

    def _checkpoint(self, row: Any, keys: tuple[tuple[Vkey, Vkey], ...]) -> checkpoints.Checkpoint | None:
        try:
            checkpoint, note = checkpoints.parse(row.note)
        except KeysError as error:
            self._found.differs("checkpoint", size=row.size, why=error)
            return None
        problems = []
        for pair in keys:
            try:
                checkpoints.verify(note, pair)
                break
            except KeysError as error:
                problems.append(str(error))
        else:
            self._found.differs("unsigned", size=row.size, why="; ".join(problems))
        if (checkpoint.origin, checkpoint.size) != (self._origin, row.size):
            self._found.differs("other-log", size=row.size)
            return None
        if row.size > self._found.size:
            self._found.differs("too-large", size=row.size, count=self._found.size)
            return None
        if checkpoint.root != merkle.root(row.size, self._get):
            self._found.differs("other-root", size=row.size)
            return None
        return checkpoint

    def _consistent(self, old: checkpoints.Checkpoint, new: checkpoints.Checkpoint) -> None:
        try:
            proof = merkle.consistency_proof(old.size, new.size, self._get)
            merkle.verify_consistency(old.size, new.size, old.root, new.root, proof)
        except KeysError as error:
            self._found.differs("contradict", old=old.size, new=new.size, why=error)

    def _signatures(self, relay: list[Vkey]) -> None:
        times = self._times()
        self._chains = {
            row.committee: Chain(row.committee, Vkey.parse(row.root))
            for row in self._rows(tables.committees, tables.committees.c.committee)
        }
        for index, signed in enumerate(self._signed):
            if signed is None:
                continue
            try:
                self._signature(index, signed, times.get(signed.id), relay)
            except (ProtocolError, KeysError) as error:
                self._found.differs("signature", index=index, why=error)

    def _signature(
        self, index: int, signed: signing.SignedStatement, at: datetime | None, relay: list[Vkey]
    ) -> None:
        statement = signed.statement
        if isinstance(statement, RelayStatement):
            key = next((vkey for vkey in relay if signed.signatures[0].is_under(vkey)), relay[0])
            signing.verify(signed, (key,))
            return
        if at is None:
            self._found.differs("unnamed", index=index)
            return
        if isinstance(statement, RootStatement):
            chain = self._chains.get(statement.committee)
            if chain is None:
                self._found.differs("stranger", index=index)
                return
            logged = Logged(index=index, id=signed.id, statement=statement, note=signed.note, time=at)
            self._chains[statement.committee] = chain.append(logged)
            return
        names = signing.signer_names(statement)
        members = {
            name: certified.statement.signing
            for chain in self._chains.values()
            for name, certified in chain.in_force(index, at).items()
        }
        missing = [name for name in names if name not in members]
        if missing:
            self._found.differs("not-in-force", index=index, names=", ".join(missing))
            return
        signing.verify(signed, [members[name] for name in names])

    def _times(self) -> dict[str, datetime]:
        return {
            signed.statement.of: signed.statement.time
            for signed in self._signed
            if signed is not None and isinstance(signed.statement, Acceptance | Handover)
        }

    def _cosignatures(self) -> None:
        witnesses = [
            link.statement.signing
            for chain in self._chains.values()
            for link in chain.links
            if isinstance(link.statement, Membership) and "witness" in link.statement.role
        ]
        order = tables.cosignatures.c.size, tables.cosignatures.c.name
        for row in self._rows(tables.cosignatures, *order):
            self._found.cosignatures += 1
            if row.size > self._found.size:
                self._found.differs("beyond", size=row.size)
                continue
            root = merkle.root(row.size, self._get)
            body = checkpoints.Checkpoint(self._origin, row.size, root).body()
            try:
                (signature,) = notes.parse(body.encode() + b"\n" + row.line).signatures
                key = next((vkey for vkey in witnesses if signature.is_under(vkey)), None)
                if key is None:
                    self._found.differs("nobodys", name=row.name, size=row.size)
                else:
                    cosignatures.verify(key, signature, self._origin, row.size, root)
            except (KeysError, ValueError) as error:
                self._found.differs("cosignature", name=row.name, size=row.size, why=error)

    def _dispatches(self) -> None:
        stated = {
            signed.id: signed.statement
            for signed in self._signed
            if signed is not None and isinstance(signed.statement, Dispatch)
        }
        for row in self._rows(tables.dispatches, tables.dispatches.c.idx):
            dispatch = stated.pop(row.id, None)
            if dispatch is None:
                self._found.differs("never-logged", id=row.id)
                continue
            for part, found, said in (
                ("header", row.header, dispatch.header),
                ("body", row.body, dispatch.body),
            ):
                if found is not None and hashlib.sha256(found).hexdigest() != said.hash:
                    self._found.differs("part", part=part, index=row.idx)
        for missing in stated:
            self._found.differs("not-stored", id=missing)
