"""A case from founding to opening, and how its evidence is looked at: shared by the tests of evidence."""

from __future__ import annotations

import functools
from typing import Any

from tests.protocol.world import CA, CA_CLERK, CCQ, ORIGIN, World, signer, witness

from kynhan_protocol.evidence.evidence import Anchors
from kynhan_protocol.evidence.verdicts import Judgement


def close(world: World) -> None:
    """A later statement of each side, who saw all of it, attests the heads, and both witnesses cosign."""
    seen = world.newest()
    world.request(kind="message", term=None, seen=seen)
    world.request(kind="message", term=None, from_=CA_CLERK, to=CCQ, seen=seen)
    world.cosign()


def journey() -> World:
    world = World.founded()
    sent = world.request()
    world.receipt(sent)
    world.opening(sent)
    close(world)
    return world


@functools.cache
def files_of_journey() -> dict[str, bytes]:
    return closed(journey().case_files())


def closed(files: dict[str, bytes]) -> dict[str, bytes]:
    """With the two messages of close() where they only close the chains, and without what the relay said of
    them.
    """
    files = dict(files)
    last = sorted(name for name in files if name.startswith("receipts/"))[-4:]
    dispatch, _, answer, _ = (files.pop(name) for name in last)
    return {**files, "heads/1.receipt": dispatch, "heads/2.receipt": answer}


def anchors(**changes: Any) -> Anchors:
    fields: dict[str, Any] = {
        "roots": {name: signer(name).vkey for name in (CCQ, CA)},
        "relay": (signer(ORIGIN).vkey, witness(ORIGIN).vkey),
        "first_witnesses": {name: witness(f"{name}/doi-chung").vkey for name in (CCQ, CA)},
    }
    return Anchors(**{**fields, **changes})


def codes(report: Judgement) -> set[str]:
    return {reason.code for reason in report.all_reasons}


def of(report: Judgement, index: int) -> set[str]:
    return {
        reason.code for receipt in report.receipts if receipt.index == index for reason in receipt.reasons
    }
