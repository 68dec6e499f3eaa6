"""Evidence that breaks a rule: what was done wrong, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.protocol.cases import close, codes
from tests.protocol.world import (
    CA,
    CA_CLERK,
    CCQ,
    CLERK,
    ORIGIN,
    UNIT,
    World,
    seed,
    signer,
)

from kynhan_protocol import evidence
from kynhan_protocol.statements import Acceptance, Due, Handover, Receipt, Withdrawal
from kynhan_protocol.verdicts import Report, Verdict

Forge = Callable[[World], object]


def forged(change: Forge) -> tuple[Report, World]:
    """The journey with something wrong in it."""
    world = World.founded()
    change(world)
    close(world)
    return evidence.verify_case({**world.case_files(), "checkpoint": world.cosigned[-2]}), world


def sealed_to_too_few(world: World) -> None:
    sealed = world.committees.expected_sealed(CLERK, None, CA, len(world.log), world.now)
    world.request(sealed=sealed[:1])


def sealed_to_the_wrong_ones(world: World) -> None:
    world.request(sealed=world.committees.expected_sealed(CLERK, None, UNIT, len(world.log), world.now))


def dated_too_early(world: World) -> None:
    world.request(time=world.now - timedelta(days=15, seconds=1))


def dated_too_late(world: World) -> None:
    world.request(time=world.now + timedelta(minutes=15, seconds=1))


def receipt_dated_too_early(world: World) -> None:
    world.receipt(world.request(), time=world.now - timedelta(hours=72, seconds=1))


def signed_by_a_revoked_member(world: World) -> None:
    statement = world.dispatch()
    world.revoke(CLERK)
    world.certify(CLERK, "clerk", which="new")
    world.post(statement, signer(CLERK))


def signed_by_nobody_certified(world: World) -> None:
    statement = world.dispatch()
    world.post(replace(statement, from_=f"{CCQ}/nobody"), signer(f"{CCQ}/nobody"))


def receipt_by_the_sender(world: World) -> None:
    world.receipt(world.request(), by=CLERK)


def receipt_by_a_unit_it_was_not_sent_to(world: World) -> None:
    world.receipt(world.request(), by=UNIT)


def receipt_by_a_clerk_it_was_not_sealed_to(world: World) -> None:
    sent = world.request()
    world.certify(f"{CA}/moi", "clerk")
    world.receipt(sent, by=f"{CA}/moi")


def withdrawn_by_the_addressee(world: World) -> None:
    fields = {"dispatch": world.request().id, "by": CA_CLERK, "code": "mistake", **world.member_fields()}
    world.post(Withdrawal(**fields), signer(CA_CLERK))


def of_another_relay(world: World) -> None:
    world.request(relay="other.example")


def under_another_profile(world: World) -> None:
    world.request(profile=seed("x").hex())


def relay_statement(kind: Any, key: str = "", **fields: Any) -> Forge:
    def forge(world: World) -> None:
        sent = world.request()
        signed = world.receipt(sent)
        made = {name: sent.id if value == "sent" else signed.id for name, value in fields.items()}
        statement = kind(relay=ORIGIN, time=world.now, nonce=world.nonce(), **made)
        world.append(statement, signer(ORIGIN, key))
        world.checkpoint()

    return forge


def time_runs_backwards(world: World) -> None:
    world.request()
    world.now -= timedelta(seconds=30)
    world.request()


def logged_before_its_witness_saw_it(world: World) -> None:
    world.cosign()
    world.now -= timedelta(minutes=6)
    world.request()
    world.now += timedelta(minutes=6)


def logged_after_its_witness_saw_it(world: World) -> None:
    world.now += timedelta(minutes=10)
    world.request()
    world.now -= timedelta(minutes=10)


def due_too_early(world: World) -> None:
    world.receipt(world.request())
    stated = world.log[-1].statement
    assert isinstance(stated, Due)
    world.append(
        replace(stated, due=date(2026, 5, 6), nonce=world.nonce(), replaces=world.log[-1].id), signer(ORIGIN)
    )
    world.checkpoint()


def due_of_something_else(world: World) -> None:
    world.receipt(world.request())
    stated = world.log[-1].statement
    assert isinstance(stated, Due)
    other = world.request(case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12")
    world.append(replace(stated, dispatch=other.id, nonce=world.nonce()), signer(ORIGIN))
    world.checkpoint()


def an_entry_twice(world: World) -> None:
    statement = world.dispatch()
    world.post(statement, signer(CLERK))
    world.post(statement, signer(CLERK))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (sealed_to_too_few, "sealed-differs"),
        (sealed_to_the_wrong_ones, "sealed-differs"),
        (dated_too_early, "outside-window"),
        (dated_too_late, "outside-window"),
        (receipt_dated_too_early, "outside-window"),
        (signed_by_a_revoked_member, "not-in-force"),
        (signed_by_nobody_certified, "not-in-force"),
        (receipt_by_the_sender, "not-addressee"),
        (receipt_by_a_unit_it_was_not_sent_to, "not-addressee"),
        (receipt_by_a_clerk_it_was_not_sealed_to, "not-addressee"),
        (withdrawn_by_the_addressee, "not-addressee"),
        (of_another_relay, "other-relay"),
        (under_another_profile, "other-profile"),
        (relay_statement(Acceptance, of="sent"), "named-twice"),
        (relay_statement(Acceptance, of="signed"), "named-twice"),
        (relay_statement(Handover, of="signed", dispatch="signed"), "named-twice"),
        (relay_statement(Acceptance, "another key", of="sent"), "bad-signature"),
        (time_runs_backwards, "time-decreases"),
        (logged_before_its_witness_saw_it, "time-contradicts"),
        (logged_after_its_witness_saw_it, "time-contradicts"),
        (due_too_early, "due-differs"),
        (due_of_something_else, "due-differs"),
        (an_entry_twice, "logged-twice"),
    ],
)
def test_what_breaks_a_rule_is_invalid_and_is_named(change: Forge, code: str) -> None:
    report, _ = forged(change)
    assert report.verdict == Verdict.INVALID
    assert code in codes(report)


def test_a_handover_of_another_dispatch_does_not_name_the_receipt() -> None:
    world = World.founded()
    sent, other = world.request(), world.request(case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12")
    fields = {"dispatch": sent.id, "by": CA_CLERK, **world.member_fields()}
    signed = world.append(Receipt(**fields), signer(CA_CLERK))
    handover = Handover(relay=ORIGIN, of=signed.id, dispatch=other.id, time=world.now, nonce=world.nonce())
    world.append(handover, signer(ORIGIN))
    world.checkpoint()
    close(world)
    assert "wrong-naming" in codes(evidence.verify_case(world.case_files()))


def test_every_reason_is_given_not_just_the_first() -> None:
    def much(world: World) -> None:
        sealed_to_too_few(world)
        dated_too_early(world)
        receipt_by_the_sender(world)

    assert codes(forged(much)[0]) >= {"sealed-differs", "outside-window", "not-addressee"}
