"""The ledger through its public door: one entry a text, one answer for ever, all of it on disk before it is given."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from tests.server.world import World, statements_of, world

from kynhan_keys import checkpoints, notes, proofs
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Acceptance, Dispatch, Due, Handover, Receipt, Seen
from kynhan_server.errors import Refused
from kynhan_server.log import writer
from kynhan_server.log.draft import Layer
from kynhan_server.log.feed import Appended, CheckpointMade
from kynhan_server.log.ledger import Answer
from kynhan_server.log.logs import CorruptError
from kynhan_server.store import tables as t


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        yield made


async def test_a_dispatch_is_answered_with_its_proof_and_that_of_the_acceptance(w: World) -> None:
    package = w.dispatch(term="in-country")
    answer = await w.send(package)
    dispatch, acceptance = statements_of(answer)
    assert dispatch == package.statement
    assert isinstance(acceptance, Acceptance)
    assert acceptance.of == answer.id == package.signed.id
    for receipt in answer.receipts:
        checkpoint, note = checkpoints.parse(proofs.parse(receipt).checkpoint)
        checkpoints.verify(note, w.log.vkeys)
        assert checkpoint.size == w.log.size


async def test_a_receipt_is_answered_with_handover_and_due(w: World) -> None:
    _, signed_for = await w.send_and_sign(w.dispatch(term="in-province"))
    receipt, handover, due = statements_of(signed_for)
    assert isinstance(receipt, Receipt)
    assert isinstance(handover, Handover)
    assert isinstance(due, Due)
    assert (handover.of, due.start) == (signed_for.id, hash_of(signed_for.receipts[1]))
    assert (due.because, due.term, due.due.isoformat()) == ("receipt", "in-province", "2026-04-20")


async def test_the_same_statement_posted_twice_gives_the_same_bytes_and_one_entry(w: World) -> None:
    package = w.dispatch()
    first = await w.send(package)
    size = w.log.size
    assert await w.send(package) == first
    await w.reopen()
    assert await w.send(package) == first
    assert w.log.size == size


async def test_32_callers_at_once_get_the_same_bytes_and_one_entry(w: World) -> None:
    package = w.dispatch()
    before = w.log.size
    answers = await asyncio.gather(*(w.send(package) for _ in range(32)))
    assert set(answers) == {answers[0]}
    assert w.log.size == before + 2
    receipts = await asyncio.gather(
        *(w.post(w.receipt(answers[0].id, w.ca.clerk)) for _ in range(32)), return_exceptions=True
    )
    assert sum(isinstance(one, Answer) for one in receipts) == 1
    assert {one.code for one in receipts if isinstance(one, Refused)} == {"not-now"}


@pytest.mark.parametrize("damage", ["another-signature", "no-signature", "bad-base64", "another-key"])
async def test_a_variant_of_a_logged_text_gets_the_first_ones_answer(w: World, damage: str) -> None:
    package = w.dispatch()
    first = await w.send(package)
    size = w.log.size
    text, note = notes.split_text(package.signed.note), package.signed.note
    variant = {
        "another-signature": note[:-8] + b"AAAA" + note[-4:],
        "no-signature": text + b"\n",
        "bad-base64": text + note.removeprefix(text).replace(b"=\n", b"\n"),
        "another-key": notes.format(notes.sign(text.decode(), w.ca.clerk.signer)),
    }[damage]
    assert variant != note
    assert await w.post(variant, header=package.header, body=package.body) == first
    assert await w.post(variant) == first
    assert w.log.size == size


async def test_a_variant_of_a_text_never_logged_is_refused(w: World) -> None:
    package = w.dispatch()
    forged = notes.format(notes.sign(package.signed.text, w.ca.clerk.signer))
    with pytest.raises(Refused) as refused:
        await w.post(forged, header=package.header, body=package.body)
    assert refused.value.code == "bad-signature"
    assert (await w.send(package)).id == package.signed.id


async def test_what_is_refused_does_not_spoil_its_group(w: World) -> None:
    good = [w.dispatch("message") for _ in range(10)]
    bad = [w.dispatch("message", seen=Seen(1, bytes(32))) for _ in range(5)]
    results = await asyncio.gather(*(w.send(one) for one in [*good, *bad]), return_exceptions=True)
    assert all(isinstance(one, Answer) for one in results[:10])
    assert all(isinstance(one, Refused) for one in results[10:])
    for answer in results[:10]:
        assert isinstance(answer, Answer)
        statements_of(answer)


async def test_concurrent_posts_share_checkpoints(w: World) -> None:
    with w.relay.ledger.subscribe() as feed:
        packages = [w.dispatch("message") for _ in range(40)]
        answers = await asyncio.gather(*(w.send(one) for one in packages))
        seen = []
        while len([one for one in seen if isinstance(one, Appended)]) < 80 or not isinstance(
            seen[-1], CheckpointMade
        ):
            seen.append(await anext(feed))
    assert len({proofs.parse(answer.receipts[0]).checkpoint for answer in answers}) < 40
    appended = [one.index for one in seen if isinstance(one, Appended)]
    assert appended == list(range(w.log.size - 80, w.log.size))


async def test_every_stored_checkpoint_extends_the_one_before(w: World) -> None:
    for _ in range(3):
        await w.send(w.dispatch("message"))
    with w.relay._store.transaction() as connection:  # the file itself is what is asked here
        sizes = list(
            connection.execute(select(t.checkpoints.c.size).order_by(t.checkpoints.c.size)).scalars()
        )
        assert sizes[-1] == w.log.size
        roots = {row.size: row.root for row in connection.execute(select(t.checkpoints))}
        for size in sizes[1:]:
            assert w.log.root_at(connection, size) == roots[size]


async def test_a_relay_whose_tree_is_not_its_last_checkpoints_signs_nothing(w: World) -> None:
    await w.send(w.dispatch("message"))
    with w.relay._store.transaction() as connection:
        forked = update(t.checkpoints).where(t.checkpoints.c.size == w.log.size).values(root=bytes(32))
        connection.execute(forked)
    with pytest.raises(Refused) as refused:
        await w.send(w.dispatch("message"))
    assert refused.value.code == "internal"


async def test_a_group_that_the_database_refuses_is_written_one_by_one(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[int] = []
    real = writer.write_group

    def failing(group: Layer) -> object:
        if len(group.entries) > 2:
            failed.append(len(group.entries))
            raise CorruptError("as if")
        return real(group)

    monkeypatch.setattr(writer, "write_group", failing)
    answers = await asyncio.gather(*(w.send(w.dispatch("message")) for _ in range(8)))
    assert len({answer.index for answer in answers}) == 8
    assert failed


async def test_nothing_of_the_content_is_in_the_log_lines(
    w: World, capsys: pytest.CaptureFixture[str]
) -> None:
    package = w.dispatch()
    await w.send(package)
    printed = capsys.readouterr()
    assert package.statement.nonce.hex() not in printed.out + printed.err
    assert package.signed.id not in printed.out


CHILD = """
import asyncio, json, os, signal, sys
from datetime import datetime
from pathlib import Path
from kynhan_server.log import writer
from tests.server.world import World, ManualClock, Settings
from kynhan_server.log.ledger import Submission

async def main(folder, note, header, body):
    world = World(Path(folder), ManualClock(datetime.fromisoformat(sys.argv[2])), Settings())
    await world.open()
    def die(self, layer, group, outcome):  # runs when the commit has returned and nobody has been answered
        os.kill(os.getpid(), signal.SIGKILL)
    writer.Writer._publish = die
    await world.relay.ledger.post(world.log, Submission(note, header, body))

given = json.loads(sys.stdin.read())
asyncio.run(main(sys.argv[1], *(bytes.fromhex(given[name]) for name in ("note", "header", "body"))))
"""


def run_child(w: World, given: str) -> subprocess.CompletedProcess[str]:
    top = Path(__file__).parents[3]
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(w.folder), w.clock.at.isoformat()],
        input=given,
        text=True,
        capture_output=True,
        cwd=top,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(top), os.environ.get("PYTHONPATH", "")])},
    )


async def test_killed_between_commit_and_answer_the_repost_gets_the_committed_answer(w: World) -> None:
    package = w.dispatch()
    size = w.log.size
    await w.relay.close()
    given = {"note": package.signed.note.hex(), "header": package.header.hex(), "body": package.body.hex()}
    child = run_child(w, json.dumps(given))
    assert child.returncode == -signal.SIGKILL, child.stderr
    await w.open()
    assert w.log.size == size + 2
    answer = await w.send(package)
    assert answer.index == size
    assert await w.send(package) == answer
    dispatch, acceptance = statements_of(answer)
    assert isinstance(dispatch, Dispatch)
    assert isinstance(acceptance, Acceptance)
    assert w.log.size == size + 2


async def test_a_stopping_relay_refuses_what_is_new(w: World) -> None:
    package = w.dispatch()
    await w.relay.ledger.close()
    with pytest.raises(Refused) as refused:
        await w.send(package)
    assert refused.value.code == "unavailable"


def hash_of(receipt: bytes) -> str:
    extra = proofs.parse(receipt).extra
    assert extra is not None
    signing.parse(extra)
    return hashlib.sha256(extra).hexdigest()


async def test_a_pause_that_fails_does_not_end_the_writer(w: World) -> None:
    def fail() -> None:
        raise OperationalError("PRAGMA", {}, Exception("locked"))

    with pytest.raises(Refused, match="unavailable"):
        await w.relay.ledger.between_groups(fail)
    await asyncio.wait_for(w.send(w.dispatch()), 10)
