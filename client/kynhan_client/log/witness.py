"""The witness: cosigns the relay's checkpoints, and only ever one history.

A witness key has exactly one state: the last tree it cosigned, kept as a frontier (merkle.Frontier) in witness.db. A
step fetches the candidate, recomputes its tree from that frontier and the entries between, saves the new state, and
only then lets the cosignature out. Whoever loses the state makes a new key (DESIGN §3.3).

A relay that doubts its clock signs nothing until a witness's time agrees: then the tree cosigned last is cosigned once
more, with the time of now.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import apsw

from kynhan_keys import checkpoints, cosignatures, merkle, notes
from kynhan_keys.errors import KeysError, TileError
from kynhan_keys.merkle import Frontier
from kynhan_keys.vkeys import Signer
from kynhan_protocol.statements.statements import Membership

from ..clauses import Pair, clause
from ..errors import ClientError, problem
from ..home import locking
from ..home.archive import open_encrypted
from ..home.home import Home
from ..relay.relay import Relay
from .entries import fetch
from .following import Finding
from .view import committees_of

MARK: Final = "witness-cosigned"  # configuration: the key id that has cosigned from this home
EVERY: Final = 1.0  # seconds between two looks
LONGEST_PAUSE: Final = 15.0  # between two attempts to reach a relay that is down
LOOK_AT_CLOCK: Final = 10.0  # seconds between two looks at whether the relay doubts its clock


@dataclass(frozen=True)
class Cosigned:
    """A checkpoint that we cosigned, and when (POSIX seconds)."""

    size: int
    root: bytes
    time: int


OnEvent = Callable[[Cosigned | ClientError], None]


class Witness:
    """One witness, its state open; see started()."""

    def __init__(self, home: Home, signer: Signer, state: apsw.Connection) -> None:
        self._home = home
        self._signer = signer
        self._state = state
        self._handed_in = -1  # size of the tree whose cosignature the relay took from us since we started

    def frontier(self) -> Frontier:
        """The last tree that was cosigned, or is about to be."""
        row = next(iter(self._state.execute("SELECT frontier FROM state")), None)
        return Frontier() if row is None else Frontier.from_bytes(bytes(row[0]))

    async def step(self, relay: Relay) -> Cosigned | None:
        """Cosigns the relay's candidate if it is new to us; None if there is nothing to do.

        Raises ClientError relay-down; relay-answer-invalid for a candidate that does not verify, that is smaller than
        what we cosigned, or whose entries do not lead to its root; frozen, once the relay signed two histories.
        """
        self._home.require_not_frozen()
        data = await relay.candidate()
        note, checkpoint = self._read(data)
        before = self.frontier()
        ours = any(line.is_under(self._signer.vkey) for line in note.signatures)
        if (
            checkpoint.size in (0, self._handed_in)
            or (ours and checkpoint.size <= before.size)
            or self._too_early(checkpoint.size)
        ):
            return None
        if before.size == 0 and (ours or await self._has_cosigned(relay)):
            raise problem("witness-state-lost")
        if checkpoint.size < before.size:
            raise self._wrong(clause("answer.smaller", size=checkpoint.size, before=before.size))
        after = await self._extend(relay, before, checkpoint, data)
        time = self._home.clock.posix()
        # what leaves this machine is what was saved, and it is saved first
        self._save(before, after, data)
        return await self._cosign(relay, note, checkpoint, time)

    async def confirm_time(self, relay: Relay) -> Cosigned | None:
        """Cosigns the tree that was cosigned last once more, if the relay doubts its clock: it then sees our time.

        The state stays as it is. None if there is no doubt, or nothing was cosigned yet. Raises ClientError relay-down;
        clock-doubt or outside-window when the relay's clock and ours are too far apart; frozen.
        """
        self._home.require_not_frozen()
        before, row = self.frontier(), next(iter(self._state.execute("SELECT checkpoint FROM state")), None)
        if row is None or await relay.clock_state() != "doubt":
            return None
        note, checkpoint = self._read(bytes(row[0]))
        if (checkpoint.size, checkpoint.root) != (before.size, before.root()):
            raise problem("home-damaged", what=clause("home.witness"))
        confirmed = await self._cosign(relay, note, checkpoint, self._home.clock.posix())
        if await relay.clock_state() == "doubt":
            raise problem("clock-doubt")
        return confirmed

    async def _cosign(
        self, relay: Relay, note: notes.Note, checkpoint: checkpoints.Checkpoint, time: int
    ) -> Cosigned:
        """Signs what the saved state allows, and hands it in."""
        line = cosignatures.sign(self._signer, checkpoint.origin, checkpoint.size, checkpoint.root, time)
        await relay.post_cosignature(notes.format(notes.Note(note.text, (*note.signatures[:2], line))))
        self._handed_in = checkpoint.size
        return Cosigned(checkpoint.size, checkpoint.root, time)

    async def _has_cosigned(self, relay: Relay) -> bool:
        """Whether the log has a cosignature of our key, though we remember none."""
        data = await relay.cosigned()
        if data is None:
            return False
        note, _ = self._read(data)
        return any(line.is_under(self._signer.vkey) for line in note.signatures)

    def _too_early(self, size: int) -> bool:
        """Whether, as far as the home has read the log, our key was certified behind this tree: nobody asks us."""
        chain = committees_of(self._home).chains[self._home.config.committee]
        return any(
            isinstance(link.statement, Membership)
            and link.statement.signing == self._signer.vkey
            and link.index >= size
            for link in chain.links
        )

    def _read(self, data: bytes) -> tuple[notes.Note, checkpoints.Checkpoint]:
        address = self._home.relay
        try:
            note = notes.parse(data)
            checkpoint, _ = checkpoints.verify(note, address.keys)
        except KeysError as error:
            raise self._wrong(clause("answer.checkpoint", why=error)) from error
        if checkpoint.origin != address.origin:
            raise self._wrong(clause("answer.other-origin", origin=checkpoint.origin))
        return note, checkpoint

    async def _extend(
        self, relay: Relay, before: Frontier, checkpoint: checkpoints.Checkpoint, data: bytes
    ) -> Frontier:
        """The frontier of the checkpoint's tree, recomputed from ours and the entries between."""
        try:
            added = await fetch(relay, before.size, checkpoint.size)
        except TileError as error:
            raise self._wrong(clause("answer.tiles", why=error)) from error
        after = before.extend(merkle.leaf_hash(entry) for entry in added)
        if after.root() == checkpoint.root:
            return after
        if before.size == checkpoint.size or await self._is_whole(relay, checkpoint):
            raise self._fork(data)
        raise self._wrong(clause("answer.other-root", size=checkpoint.size))

    async def _is_whole(self, relay: Relay, checkpoint: checkpoints.Checkpoint) -> bool:
        """Whether the log as served has the checkpoint's root: then it is a history, and not the one we cosigned."""
        try:
            entries = await fetch(relay, 0, checkpoint.size)
        except TileError:
            return False
        return Frontier().extend(merkle.leaf_hash(entry) for entry in entries).root() == checkpoint.root

    def _save(self, before: Frontier, after: Frontier, checkpoint: bytes) -> None:
        """Check and save in one transaction: nobody saved anything since `before` was read."""
        self._home.archive.put(MARK, self._signer.vkey.key_id.hex())
        self._state.execute("BEGIN IMMEDIATE")
        try:
            if self.frontier() != before:
                raise problem("witness-running")
            self._state.execute(
                "INSERT OR REPLACE INTO state (one, key_id, frontier, checkpoint) VALUES (1, ?, ?, ?)",
                (self._signer.vkey.key_id, after.to_bytes(), checkpoint),
            )
        except BaseException:
            self._state.execute("ROLLBACK")
            raise
        self._state.execute("COMMIT")

    def _fork(self, shown: bytes) -> ClientError:
        row = next(iter(self._state.execute("SELECT checkpoint FROM state")), None)
        before = {"cosigned.checkpoint": bytes(row[0])} if row else {}
        evidence = self._home.keep_evidence("two-histories", {**before, "shown.checkpoint": shown})
        finding = Finding(
            "contradiction",
            "two-histories",
            "The relay signed a history that contradicts the one our witness cosigned.",
            "Máy trung chuyển đã ký một nhật ký mâu thuẫn với nhật ký mà bên đối chứng đã ký.",
        )
        self._home.archive.raise_alarm(
            finding.severity,
            finding.code,
            finding.en,
            finding.vi,
            time=self._home.clock.posix(),
            evidence=str(evidence.relative_to(self._home.path)),
            once=evidence.name,
        )
        self._home.freeze((finding.vi, finding.en), evidence)
        return problem(
            "frozen", why=(finding.vi, finding.en), evidence=str(evidence.relative_to(self._home.path))
        )

    def _wrong(self, why: Pair) -> ClientError:
        error = problem("relay-answer-invalid", why=why, kept="")
        self._home.archive.raise_alarm(
            "alarm", error.code, error.en, error.vi, time=self._home.clock.posix(), once=f"witness {why[1]}"
        )
        return error


@asynccontextmanager
async def started(home: Home) -> AsyncIterator[Witness]:
    """The witness of a home, the only one while it lasts.

    Raises ClientError no-witness-key, witness-running, witness-state-lost.
    """
    signer = home.keyring.witness
    if signer is None:
        raise problem("no-witness-key")
    with locking.opened(home.path / "witness.lock") as descriptor:
        if not locking.taken(descriptor):
            raise problem("witness-running")
        state = _open_state(home, signer)
        try:
            yield Witness(home, signer, state)
        finally:
            state.close()


async def run(
    home: Home,
    relay: Relay,
    *,
    every: float = EVERY,
    look_at_clock: float = LOOK_AT_CLOCK,
    on_event: OnEvent | None = None,
) -> None:
    """Witnesses until cancelled, through outages of the relay and doubts about its clock.

    Each cosignature is told, and an error when it begins. Raises ClientError as started(),
    and frozen, home-damaged or witness-state-lost when it must not go on.
    """
    loop = asyncio.get_running_loop()
    tell = on_event or (lambda event: None)
    async with started(home) as witness:
        pause, next_look, wrong = every, loop.time(), ""
        while True:
            try:
                if (cosigned := await witness.step(relay)) is not None:
                    tell(cosigned)
                if loop.time() >= next_look:
                    next_look = loop.time() + look_at_clock
                    if (confirmed := await witness.confirm_time(relay)) is not None:
                        tell(confirmed)
                    wrong = ""
                pause = every
            except ClientError as error:
                if error.code in ("frozen", "home-damaged", "witness-state-lost", "witness-running"):
                    raise
                if error.en != wrong:
                    wrong = error.en
                    tell(error)
                pause = min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)


def _open_state(home: Home, signer: Signer) -> apsw.Connection:
    path = home.path / "witness.db"
    key_id = signer.vkey.key_id
    state = open_encrypted(path, home.keyring.archive_key)
    state.execute(
        "CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), key_id BLOB NOT NULL,"
        " frontier BLOB NOT NULL, checkpoint BLOB NOT NULL) STRICT"
    )
    row = next(iter(state.execute("SELECT key_id FROM state")), None)
    if row is None and home.archive.get(MARK) == key_id.hex():
        state.close()
        raise problem("witness-state-lost")
    if row is not None and bytes(row[0]) != key_id:  # a new key begins anew: it has cosigned nothing
        state.execute("DELETE FROM state")
    return state
