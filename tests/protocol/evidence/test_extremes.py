"""Whatever a relay or member signs, evidence is judged without a traceback, in work that grows with its size alone."""

from __future__ import annotations

import functools
import hashlib
import itertools
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from tests.protocol.cases import close, closed, codes, files_of_journey
from tests.protocol.elsewhere import files_of_elsewhere
from tests.protocol.world import CA, CA_CLERK, CCQ, CLERK, ORIGIN, World, make_profile, signer

from kynhan_keys import checkpoints, proofs
from kynhan_protocol.evidence import evidence, evidence_rules, exhibits
from kynhan_protocol.evidence.trees import Trees
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.statements.statements import (
    Acceptance,
    Due,
    Handover,
    Opening,
    Receipt,
    Reminder,
    Statement,
)

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
MOMENTS = (
    FIRST,
    exhibits.FIRST - timedelta(seconds=1),
    exhibits.FIRST,
    datetime(2010, 1, 1, tzinfo=UTC),
    datetime(2027, 12, 30, tzinfo=UTC),
    datetime(5000, 1, 1, tzinfo=UTC),
    exhibits.LAST,
    exhibits.LAST + timedelta(seconds=1),
    LAST - timedelta(hours=8),
    LAST,
)


class Strange(World):
    """A log in which whoever signs may date as they like."""

    @classmethod
    def at_any_time(cls) -> Strange:
        """All that founded() has, in force at any time."""
        world = cls()
        always = {"not_before": FIRST, "not_after": LAST}
        for name, role in ((CLERK, "clerk"), (CA_CLERK, "clerk")):
            world.certify(name, role, **always)
        for committee in (CCQ, CA):
            world.certify(f"{committee}/doi-chung", "witness", **always)
        for committee in (CCQ, CA):
            world.attest(committee)
        world.cosign()
        return world

    def say(self, statement: Statement, by: str, at: datetime, *accepted: datetime) -> str:
        """Logs a statement dated `at`; and its acceptance dated as given."""
        logged = self.append(replace(statement, time=at), signer(by))
        for time in accepted:
            self.append(Acceptance(relay=ORIGIN, of=logged.id, time=time, nonce=self.nonce()), signer(ORIGIN))
        return logged.id


def strange(relay: datetime, member: datetime) -> dict[str, bytes]:
    """A case in which the relay dates all it says `relay`, and members theirs `member`."""
    world = Strange.at_any_time()
    made: dict[str, Any] = {"relay": ORIGIN, "time": relay}
    sent = world.say(world.dispatch(), CLERK, member, relay)
    fields = {"dispatch": sent, "by": CA_CLERK, **world.member_fields()}
    signed = world.say(Receipt(**fields), CA_CLERK, member)
    handed = world.say(Handover(of=signed, dispatch=sent, nonce=world.nonce(), **made), ORIGIN, relay)
    other = World.founded()
    other.receipt(other.request())
    due = other.log[-1].statement
    assert isinstance(due, Due)
    first = replace(due, dispatch=sent, start=handed, due=relay.date())
    dated = world.say(first, ORIGIN, relay)
    world.say(
        Reminder(case=due.case, step="-1", due=dated, to=(CA_CLERK,), nonce=world.nonce(), **made),
        ORIGIN,
        relay,
    )
    opened = Opening(manifest=None, result="undelivered", code=None, **{**fields, "nonce": world.nonce()})  # type: ignore[arg-type]
    world.say(opened, CA_CLERK, member, relay)
    back: dict[str, Any] = {"term": None, "from_": CA_CLERK, "to": CCQ, "regarding": sent}
    later = world.say(world.dispatch(kind="extension", due=date.max, **back), CA_CLERK, member, relay)
    moved = {"because": "extension", "basis": later, "replaces": dated, "due": date.max}
    world.say(replace(first, nonce=world.nonce(), **moved), ORIGIN, relay)  # type: ignore[arg-type]
    returned = world.say(world.dispatch(kind="return", **back), CA_CLERK, member, relay)
    world.say(world.dispatch(kind="supplement", term=None, regarding=returned), CLERK, member, relay)
    world.checkpoint()
    close(world)
    return world.case_files()


@pytest.mark.parametrize(("relay", "member"), list(itertools.product(MOMENTS, (FIRST, LAST))))
def test_no_time_that_is_signed_makes_a_traceback(relay: datetime, member: datetime) -> None:
    report = evidence.verify_case(strange(relay, member))
    assert report.verdict == Verdict.INVALID
    assert ("bad-statement" in codes(report)) == (not exhibits.FIRST <= relay <= exhibits.LAST)


def lines_of(action: Callable[[], object]) -> int:
    """How many lines of Python are run, each round of a loop counted."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


def doubled(count: int) -> dict[str, bytes]:
    """The same receipt under many names."""
    files = files_of_journey()
    return {
        **files,
        **{f"receipts/x{number}.receipt": files["receipts/0018.receipt"] for number in range(count)},
    }


def supported(count: int) -> dict[str, bytes]:
    files = files_of_journey()
    return {**files, **{f"heads/x{number}.receipt": files["heads/1.receipt"] for number in range(count)}}


def from_elsewhere(count: int) -> dict[str, bytes]:
    """As many receipts of logs that nobody knows, each of another name."""
    proof = proofs.parse(files_of_elsewhere()["receipts/0014.receipt"])
    _, note = checkpoints.parse(proof.checkpoint)
    made = {}
    for number in range(count):
        text = note.text.replace("other.example", f"other{number}.example")
        checkpoint = proof.checkpoint.replace(note.text.encode(), text.encode())
        made[f"receipts/x{number}.receipt"] = proofs.format(replace(proof, checkpoint=checkpoint))
    return {**files_of_journey(), **made}


def beside(count: int) -> dict[str, bytes]:
    """Documents and policies that nothing vouches for."""
    files = files_of_journey()
    return {
        **files,
        **{f"policy{number}": b"quorum none\n" for number in range(count)},
        **{f"profile-{number}.json": b"{}" for number in range(count)},
        **{f"x{number}": b"" for number in range(count)},
    }


def told(count: int) -> dict[str, bytes]:
    """A case of so many statements, each with its proof."""
    world = World.founded()
    world.receipt(world.request())
    for _ in range(count):
        world.request(kind="message", term=None)
    close(world)
    return closed(world.case_files())


def beside_each_other(count: int) -> dict[str, bytes]:
    """So many cases, each with its date."""
    world = World.founded()
    for number in range(count):
        world.receipt(world.request(case=f"0198f0c1-7f1e-7a53-9d5e-2b8f6f0c{number:04d}"))
    close(world)
    return closed(world.case_files())


def chained(count: int) -> dict[str, bytes]:
    """So many root statements more of one committee."""
    world = World.founded()
    for number in range(count):
        world.certify(f"{CCQ}/van-thu-{number}", "clerk")
    close(world)
    return closed(world.case_files())


def dated(count: int) -> dict[str, bytes]:
    """So many cases, each with its date."""
    world = World.founded()
    for number in range(count):
        world.receipt(world.request(case=f"0198f0c1-7f1e-7a53-9d5e-{number:012d}"))
    close(world)
    return closed(world.case_files())


def under_new_keys(count: int) -> dict[str, bytes]:
    """The same as told(), after both attested a profile that names other keys of the relay."""
    world = World.founded()
    new = make_profile(regulation="16-QC/TU")
    for committee in (CCQ, CA):
        world.attest(committee, new)
    world.now += timedelta(minutes=2)  # when the old keys are believed no more
    for _ in range(count):
        world.request(kind="message", term=None, profile=hashlib.sha256(new).hexdigest())
    close(world)
    return {**closed(world.case_files()), "profile-2.json": new}


@pytest.mark.parametrize(
    "made",
    [doubled, supported, from_elsewhere, beside, told, beside_each_other, chained, dated, under_new_keys],
    ids=lambda made: made.__name__,
)
def test_work_grows_with_the_files_alone(made: Callable[[int], dict[str, bytes]]) -> None:
    files = [made(count) for count in (20, 40, 60)]
    small, middle, large = (lines_of(functools.partial(evidence.verify_case, one)) for one in files)
    assert large - middle < 1.1 * (middle - small)


def cosigned(count: int) -> evidence_rules.Context:
    """A table with a cosignature of each of so many trees, the larger the later."""
    return evidence_rules.Context(
        exhibits=(),
        committees=World.founded().committees,
        profiles={},
        calendars={},
        cosigned=[(size, exhibits.FIRST + timedelta(minutes=size)) for size in range(count)],
        trees=Trees(),
        keys_at=lambda *_: (),
    )


def test_the_cosignatures_around_an_entry_are_those_of_the_trees_next_to_it() -> None:
    context = cosigned(3)
    moments = [at for _, at in context.cosigned]
    assert [context.between(index) for index in (-1, 0, 1, 2, 9)] == [
        (exhibits.FIRST, moments[0]),
        (moments[0], moments[1]),
        (moments[1], moments[2]),
        (moments[2], exhibits.LAST),
        (moments[2], exhibits.LAST),
    ]


def test_no_entry_goes_through_all_cosignatures() -> None:
    shown = exhibits.Exhibit("x")
    shown.proof = proofs.parse(files_of_journey()["receipts/0018.receipt"])
    shown.time = exhibits.FIRST
    few, many = (
        lines_of(functools.partial(evidence_rules._check_cosigned, context, shown))
        for context in (cosigned(10), cosigned(1000))
        if context.between(0)
    )
    assert few == many
