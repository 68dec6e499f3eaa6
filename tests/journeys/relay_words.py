"""What the relay is about to say itself, before all three judges: it asks the rules of its own statements too."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.journeys.three_judges import Copy, Verdicts, moment
from tests.server.world import ORIGIN, World

from kynhan_protocol.statements import signing
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import RelayStatement
from kynhan_server.errors import Refused
from kynhan_server.log import refusals
from kynhan_server.log.draft import Layer
from kynhan_server.log.items import Addition

Make = Callable[[Layer, Logged | None], RelayStatement | SignedStatement]
"""A statement, given the place that it is for and what was put right before it."""


@dataclass(frozen=True)
class Word:
    """What the relay says; `behind` are statements put there first, all of `case`."""

    say: Make
    behind: Sequence[Make] = ()
    case: str | None = None


def own(world: World) -> dict[str, object]:
    """What every statement of the relay ends with."""
    return {"relay": ORIGIN, "time": moment(world), "nonce": os.urandom(16)}


def _signed(place: Layer, made: RelayStatement | SignedStatement) -> SignedStatement:
    return made if isinstance(made, SignedStatement) else place.sign(made)


async def in_place(world: World, run: Callable[[Layer], None]) -> None:
    """Runs `run` at the relay's next place, where nobody else writes."""
    future = asyncio.get_running_loop().create_future()
    await world.relay.ledger._enqueue(Addition(future, world.log, run))


async def ask_of(world: World, word: Word) -> Verdicts:
    """All three about what the relay might say; nothing of it stays."""
    told: list[SignedStatement] = []
    codes: list[frozenset[str]] = []

    def run(place: Layer) -> None:
        last: Logged | None = None
        for make in word.behind:
            told.append(_signed(place, make(place, last)))
            last = place.append(told[-1], case=word.case)
            if word.case is not None and getattr(last.statement, "case", word.case) == word.case:
                place.fold(word.case, last)
        told.append(_signed(place, word.say(place, last)))
        codes.append(refusals.faults_of_own(place, told[-1]))
        raise Refused("not-now", "It was only asked.")

    copy = await Copy.of(world)
    try:
        await in_place(world, run)
    except Refused as refused:
        assert refused.code == "not-now", refused
    for one in told:
        index = copy.add(signing.parse(one.note))
    return copy.verdicts(index, codes[0])
