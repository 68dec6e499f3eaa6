"""Three judges, one answer: the relay refuses, the reader objects and evidence blames by the same rules.

Each row is a statement that keeps or breaks one rule of the rulebook. All three are asked, and give the same set of
codes (DESIGN §3.3, ADR 6).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.journeys.three_judges import ask, moment
from tests.server.world import Package, World, world

from kynhan_keys.merkle import EMPTY_ROOT
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import Receipt, Seen

Posted = Package | SignedStatement
Make = Callable[[World], Awaitable[Posted]]


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def dispatch(**fields: object) -> Make:
    async def make(w: World) -> Posted:
        return w.dispatch(**fields)  # type: ignore[arg-type]

    return make


def dated(**by: float) -> Make:
    async def make(w: World) -> Posted:
        w.clock.advance(days=20)
        return w.dispatch(time=moment(w) + timedelta(**by))

    return make


def receipt_dated(**by: float) -> Make:
    async def make(w: World) -> Posted:
        w.clock.advance(days=20)
        sent = await w.send(w.dispatch())
        return w.act(Receipt, w.ca.clerk, dispatch=sent.id, time=moment(w) + timedelta(**by))

    return make


def having_seen(change: Callable[[Seen], Seen]) -> Make:
    async def make(w: World) -> Posted:
        return w.dispatch(seen=change(Seen(w.log.state.size, w.log.state.root)))

    return make


def naming(change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Make:
    async def make(w: World) -> Posted:
        return w.dispatch(head=change(w.log.state.committees.heads()))

    return make


async def naming_older_heads(w: World) -> Posted:
    heads = w.log.state.committees.heads()
    await w.certify(w.ccq, "witness2", ("witness",))
    return w.dispatch(head=heads)


async def naming_two_of_one(w: World) -> Posted:
    chain = w.log.state.committees.chains[w.ccq.name]
    return w.dispatch(head=tuple(sorted(link.id for link in chain.links[-2:])))


KEPT: dict[str, Make] = {
    "a message": dispatch(kind="message"),
    "dated 15 days ago": dated(days=-15),
    "dated in a quarter of an hour": dated(minutes=15),
    "a receipt dated 72 hours ago": receipt_dated(hours=-72),
    "having seen nothing": having_seen(lambda _: Seen(0, EMPTY_ROOT)),
    "naming older heads": naming_older_heads,
}
BROKEN: dict[str, tuple[Make, set[str]]] = {
    "dated too early": (dated(days=-15, seconds=-1), {"outside-window"}),
    "dated too late": (dated(minutes=15, seconds=1), {"outside-window"}),
    "a receipt dated too early": (receipt_dated(hours=-72, seconds=-1), {"outside-window"}),
    "seen beyond its place": (having_seen(lambda now: Seen(now.size + 1, now.root)), {"seen-beyond"}),
    "seen beside the tree": (having_seen(lambda now: Seen(now.size, os.urandom(32))), {"seen-wrong"}),
    "seen nothing, with a root": (having_seen(lambda now: Seen(0, now.root)), {"seen-wrong"}),
    "a head of nothing": (naming(lambda heads: tuple(sorted((heads[0], "ab" * 32)))), {"head-unknown"}),
    "a head of one side only": (naming(lambda heads: heads[:1]), {"head-not-of-each"}),
    "two heads of one side": (naming_two_of_one, {"head-not-of-each"}),
}


@pytest.mark.parametrize("name", KEPT)
async def test_a_rule_that_is_kept_is_kept_for_all(w: World, name: str) -> None:
    said = await ask(w, await KEPT[name](w))
    assert (said.relay, said.reader, said.judge, said.verdict) == (set(), set(), set(), "VALID")


@pytest.mark.parametrize("name", BROKEN)
async def test_a_rule_that_is_broken_is_broken_for_all(w: World, name: str) -> None:
    make, codes = BROKEN[name]
    said = await ask(w, await make(w))
    assert (said.relay, said.reader, said.judge, said.verdict) == (codes, codes, codes, "INVALID")
