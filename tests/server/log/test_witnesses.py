"""Checkpoints for witnesses, what they bring back, and tiles for everybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.server.world import KEYS, ORIGIN, World, world

from kynhan_keys import checkpoints, cosignatures, merkle, notes, proofs, tiles
from kynhan_keys.checkpoints import Checkpoint
from kynhan_server.errors import Refused
from kynhan_server.log.feed import Cosigned
from kynhan_server.relay import admit


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        yield made


async def refused(waiting: object) -> str:
    with pytest.raises(Refused) as found:
        await waiting  # type: ignore[misc]
    return found.value.code


def size_of(note: bytes) -> int:
    return checkpoints.parse(note)[0].size


async def test_a_checkpoint_is_cosigned_when_witnesses_of_all_committees_signed(w: World) -> None:
    candidate = await w.relay.reading.candidate(w.log)
    assert await w.relay.reading.cosigned(w.log) is None
    with w.relay.ledger.subscribe() as feed:
        await w.relay.witnesses.add(w.log, w.cosign(candidate, w.ccq.witness))
        assert await w.relay.reading.cosigned(w.log) is None
        await w.relay.witnesses.add(w.log, w.cosign(candidate, w.ca.witness))
        await w.relay.witnesses.add(w.log, w.cosign(candidate, w.ca.witness))
        assert await asyncio.wait_for(anext(feed), 1) == Cosigned("ccq-ca", w.log.size)
        assert feed._queue.empty()
    cosigned = await w.relay.reading.cosigned(w.log)
    assert cosigned is not None
    checkpoint, note = checkpoints.parse(cosigned)
    checkpoints.verify(note, w.log.vkeys)
    for line, witness in zip(note.signatures[2:], (w.ca.witness, w.ccq.witness), strict=True):
        cosignatures.verify(witness.signer.vkey, line, ORIGIN, checkpoint.size, checkpoint.root)
    assert await w.relay.reading.checkpoint(w.log) == cosigned


async def test_a_cosignature_dated_before_the_tree_or_ahead_of_us_is_not_kept(w: World) -> None:
    """Kept, it would make every final receipt contradict its own log time, and stand in the way of a good one."""
    candidate = await w.relay.reading.candidate(w.log)
    signed = w.clock.at
    w.clock.advance(minutes=10)
    for at in (signed - timedelta(seconds=301), w.clock.at + timedelta(seconds=301)):
        line = w.cosign(candidate, w.ca.witness, at)
        assert await refused(w.relay.witnesses.add(w.log, line)) == "outside-window"
    await w.witness_all()
    assert await w.relay.reading.cosigned(w.log) is not None


async def test_a_receipt_is_upgraded_to_the_cosigned_checkpoint(w: World) -> None:
    answer = await w.send(w.dispatch())
    actor = await w.actor(w.ccq.clerk)
    assert await w.relay.reading.receipt(w.log, actor, answer.id, False) == answer.receipts[0]
    assert await refused(w.relay.reading.receipt(w.log, actor, answer.id, True)) == "not-found"
    await w.send(w.dispatch("message"))
    await w.witness_all()
    final = await w.relay.reading.receipt(w.log, actor, answer.id, True)
    proof = proofs.parse(final)
    assert proof.extra is not None
    assert proofs.verify_inclusion(proof, bytes.fromhex(answer.id)).size == w.log.size
    assert len(checkpoints.parse(proof.checkpoint)[1].signatures) == 4
    assert await w.relay.reading.receipt(w.log, actor, answer.id, False) == answer.receipts[0]


async def test_the_candidate_stays_until_all_signed_it_or_it_is_old(w: World) -> None:
    first = await w.relay.reading.candidate(w.log)
    await w.send(w.dispatch("message"))
    assert await w.relay.reading.candidate(w.log) == first
    await w.relay.witnesses.add(w.log, w.cosign(first, w.ccq.witness))
    assert await w.relay.reading.candidate(w.log) == first
    await w.relay.witnesses.add(w.log, w.cosign(first, w.ca.witness))
    second = await w.relay.reading.candidate(w.log)
    assert size_of(second) == w.log.size
    await w.send(w.dispatch("message"))
    assert await w.relay.reading.candidate(w.log) == second
    w.clock.advance(seconds=5)
    assert size_of(await w.relay.reading.candidate(w.log)) == w.log.size


async def test_only_witnesses_in_force_count(w: World) -> None:
    note = await w.relay.reading.candidate(w.log)
    assert await refused(w.relay.witnesses.add(w.log, note)) == "bad-checkpoint"
    impostor = w.ccq.witness
    old = impostor.signer
    impostor.signer = type(old).ml_dsa_44(impostor.name, bytes(32))
    assert await refused(w.relay.witnesses.add(w.log, w.cosign(note, impostor))) == "bad-checkpoint"
    impostor.signer = old
    forged = w.cosign(note, impostor)
    parsed = notes.parse(forged)
    bad = notes.Signature(old.vkey.name, old.vkey.key_id, bytes(2420 + 8))
    damaged = notes.format(notes.Note(parsed.text, (*parsed.signatures[:2], bad)))
    assert await refused(w.relay.witnesses.add(w.log, damaged)) == "bad-signature"
    await w.revoke(w.ccq, old.vkey)
    late = await w.relay.reading.checkpoint(w.log)
    assert await refused(w.relay.witnesses.add(w.log, w.cosign(late, impostor))) == "bad-checkpoint"
    await w.relay.witnesses.add(w.log, forged)


async def test_what_is_no_checkpoint_of_ours_is_refused_and_stops_nothing(w: World) -> None:
    assert await refused(w.relay.witnesses.add(w.log, b"hello")) == "bad-checkpoint"
    for checkpoint in (
        Checkpoint(ORIGIN, w.log.size + 9, bytes(32)),
        Checkpoint("other.example/x", 1, bytes(32)),
    ):
        now = int(w.clock.at.timestamp())
        line = cosignatures.sign(
            w.ca.witness.signer, checkpoint.origin, checkpoint.size, checkpoint.root, now
        )
        note = notes.format(notes.Note(checkpoint.body(), (line,)))
        assert await refused(w.relay.witnesses.add(w.log, note)) == "bad-checkpoint"
    await w.send(w.dispatch("message"))


@pytest.mark.parametrize("size", [3, 24, 1000])
async def test_a_contradiction_under_our_own_key_stops_the_log_for_good(w: World, size: int) -> None:
    package = w.dispatch()
    first = await w.send(package)
    signers = KEYS.under(ORIGIN)
    other = checkpoints.sign(
        Checkpoint(ORIGIN, size, b"\1" * 32), signers.ed25519, signers.ml_dsa_44, 1_800_000_000
    )
    assert await refused(w.relay.witnesses.add(w.log, notes.format(other))) == "unavailable"
    assert await refused(w.send(w.dispatch("message"))) == "unavailable"
    assert w.log.stopped is not None
    await w.reopen()
    assert await refused(w.send(w.dispatch("message"))) == "unavailable"
    assert await w.send(package) == first


async def test_the_tiles_make_up_the_checkpoints_tree(w: World) -> None:
    await asyncio.gather(*(w.send(w.dispatch("message")) for _ in range(130)))
    size = w.log.size
    assert size > 256
    checkpoint, _ = checkpoints.parse(await w.relay.reading.checkpoint(w.log))
    entries: list[bytes] = []
    for tile in tiles.entry_tiles_for_size(size):
        entries += tiles.decode_entries(await w.relay.reading.tile(w.log, tile.path), tile.width)
    frontier = merkle.Frontier().extend(map(merkle.leaf_hash, entries))
    assert (frontier.size, frontier.root()) == (checkpoint.size, checkpoint.root)
    leaves: list[bytes] = []
    for tile in tiles.hash_tiles_for_size(size):
        data = tiles.parse_tile(await w.relay.reading.tile(w.log, tile.path), tile.width)
        leaves += data if tile.level == 0 else []
    assert leaves == [merkle.leaf_hash(entry) for entry in entries]
    for path in (
        "tile/0/001",
        "tile/1/000",
        "tile/0/002.p/1",
        "tile/entries/009",
        "tile/63/000.p/1",
        "tile/x",
    ):
        assert await refused(w.relay.reading.tile(w.log, path)) == "not-found"


async def test_an_empty_log_has_a_checkpoint_too(w: World) -> None:
    proof = proofs.parse((await w.send(w.dispatch())).receipts[0])
    assert proof.index == 24
    await w.relay.close()
    admit(w.folder, "second", "relay.example/second", {"ccq.example": w.ccq.root.vkey})
    await w.open()
    assert size_of(await w.relay.reading.checkpoint(w.relay.log("second"))) == 0
    assert size_of(await w.relay.reading.checkpoint(w.log)) == w.log.size
