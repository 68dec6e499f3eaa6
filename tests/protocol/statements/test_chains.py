"""Chains: what a committee certified, and who is in force when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.protocol.world import (
    APPROVER,
    CA,
    CA_CLERK,
    CCQ,
    CLERK,
    UNIT,
    World,
    make_profile,
    seed,
    signer,
    witness,
)

from kynhan_protocol.errors import ChainError, NameFormatError
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.chains import Chain
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import Membership


def code_of(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ChainError) as caught:
        call(*args, **kwargs)
    return caught.value.code


def ids(world: World, *names: str) -> tuple[str, ...]:
    found = [world.committees.member(name, len(world.log), world.now) for name in names]
    return tuple(sorted(member.id for member in found if member))


def names(world: World, index: int | None = None) -> set[str]:
    return set(world.committees.in_force(len(world.log) if index is None else index, world.now))


def test_members_are_in_force_from_the_index_behind_their_certification() -> None:
    world = World()
    clerk = world.certify(CLERK, "clerk")
    assert names(world, clerk.index) == set()
    assert names(world, clerk.index + 1) == {CLERK}


def test_the_chain_knows_its_head() -> None:
    world = World()
    assert world.committees.heads() == ()
    first = world.certify(CLERK, "clerk")
    second = world.certify(APPROVER, "approver")
    other = world.certify(CA_CLERK, "clerk")
    assert world.committees.chains[CCQ].head == second.id
    assert second.statement.previous == first.id  # type: ignore[union-attr]
    assert world.committees.heads() == tuple(sorted((second.id, other.id)))


def test_validity_includes_both_ends() -> None:
    world = World()
    clerk = world.certify(CLERK, "clerk").statement
    assert isinstance(clerk, Membership)
    chain = world.committees.chains[CCQ]
    second = timedelta(seconds=1)
    for at, is_in in (
        (clerk.not_before, True),
        (clerk.not_after, True),
        (clerk.not_before - second, False),
        (clerk.not_after + second, False),
    ):
        assert bool(chain.in_force(99, at)) is is_in


def test_a_newer_membership_supersedes_the_one_of_that_name() -> None:
    world = World()
    old = world.certify(CLERK, "clerk")
    new = world.certify(CLERK, "clerk", which="2027", not_before=world.now + timedelta(days=5))
    chain = world.committees.chains[CCQ]
    assert chain.in_force(new.index, world.now)[CLERK].id == old.id
    assert chain.in_force(new.index + 1, world.now) == {}  # the newest counts, though not valid yet
    assert chain.in_force(new.index + 1, world.now + timedelta(days=5))[CLERK].id == new.id


def test_a_revocation_ends_a_membership_from_its_index_on() -> None:
    world = World.founded()
    revoked = world.revoke(CLERK)
    assert CLERK in names(world, revoked.index)
    assert CLERK not in names(world, revoked.index + 1)
    world.certify(CLERK, "clerk", which="new")
    assert CLERK in names(world)


def test_a_revoked_renewal_does_not_bring_the_old_key_back() -> None:
    world = World.founded()
    world.certify(CLERK, "clerk", which="new")
    world.revoke(CLERK, which="new")
    assert CLERK not in names(world)


def test_only_a_certified_key_can_be_revoked() -> None:
    assert code_of(World.founded().revoke, CLERK, which="never certified") == "key-unknown"


def test_a_public_key_is_certified_once() -> None:
    world = World.founded()
    assert code_of(world.certify, CLERK, "clerk") == "key-known"
    sealing = world.committees.member(CLERK, 99, world.now)
    assert sealing
    assert code_of(world.certify, CLERK, "clerk", which="b", sealing=sealing.statement.sealing) == "key-known"
    assert code_of(world.certify, f"{CCQ}/doi-chung", "witness") == "key-known"
    world.revoke(CLERK)
    assert code_of(world.certify, CLERK, "clerk") == "key-known"


def test_a_key_of_the_other_committee_is_not_certified() -> None:
    world = World.founded()
    stolen = world.committees.member(CA_CLERK, 99, world.now)
    assert stolen
    assert code_of(world.certify, f"{CCQ}/moi", "clerk", sealing=stolen.statement.sealing) == "key-known"


def test_who_receives_packages_needs_a_sealing_key() -> None:
    assert code_of(World().certify, CLERK, "clerk", sealing=None) == "no-sealing-key"


def test_statements_that_skip_repeat_or_fork_are_refused() -> None:
    world = World.founded()
    links = world.committees.chains[CCQ].links
    empty = Chain(CCQ, signer(CCQ).vkey)
    assert code_of(empty.append, links[1]) == "not-next"
    assert code_of(empty.append(links[0]).append, links[0]) == "not-next"
    assert code_of(empty.append(links[0]).append, links[2]) == "not-next"
    fork = World()
    fork.certify(CLERK, "clerk", holder="another holder")
    other = fork.certify(APPROVER, "approver")
    assert code_of(empty.append(links[0]).append, other) == "not-next"
    assert code_of(empty.append(links[0]).append, replace(links[1], index=0)) == "not-next"


def test_statements_of_others_are_refused() -> None:
    world = World.founded()
    chain = world.committees.chains[CCQ]
    for logged in (world.committees.chains[CA].links[0], world.request()):
        assert code_of(chain.append, logged) == "other-committee"
    stranger = World()
    stranger.roots["someone.example"] = signer("someone.example")
    stranger.committees = Committees.of([Chain("someone.example", signer("someone.example").vkey)])
    member = stranger.certify("someone.example/a", "clerk")
    assert code_of(world.committees.append, member) == "other-committee"


def test_a_statement_not_signed_by_the_root_is_refused() -> None:
    world = World()
    statement = world.certify(CLERK, "clerk").statement
    forged = signing.sign(statement, signer(CCQ, "false root"), signer(CLERK))
    logged = Logged(0, forged.id, statement, forged.note, world.now)
    assert code_of(Chain(CCQ, signer(CCQ).vkey).append, logged) == "bad-signature"


def test_a_note_that_is_not_the_statement_is_refused() -> None:
    world = World()
    logged = world.certify(CLERK, "clerk")
    empty = Chain(CCQ, signer(CCQ).vkey)
    assert code_of(empty.append, replace(logged, id=seed("x").hex())) == "bad-id"
    assert isinstance(logged.statement, Membership)
    lie = replace(logged.statement, holder="another holder")
    assert code_of(empty.append, replace(logged, statement=lie)) == "bad-id"


def test_after_a_succession_the_new_root_signs() -> None:
    world = World.founded()
    old = world.roots[CCQ]
    succession = world.succeed(CCQ)
    new = world.certify(f"{CCQ}/moi", "clerk")
    chain = world.committees.chains[CCQ]
    assert chain.root_at(succession.index) == old.vkey
    assert chain.root_at(new.index) == signer(CCQ, "next").vkey
    world.roots[CCQ] = old
    assert code_of(world.certify, f"{CCQ}/khac", "clerk") == "bad-signature"


def test_a_succession_without_the_old_root_does_not_continue_the_chain() -> None:
    world = World.founded()
    statement = world.succeed(CCQ).statement
    alone = signing.sign(statement, signer(CCQ, "next"))
    before = World.founded()
    logged = Logged(len(before.log), alone.id, statement, alone.note, before.now)
    assert code_of(before.committees.chains[CCQ].append, logged) == "bad-signature"


def test_a_root_key_bears_the_committees_name_and_signs_notes() -> None:
    assert code_of(Chain, CCQ, signer(CA).vkey) == "bad-root"
    assert code_of(Chain, CCQ, witness(CCQ).vkey) == "bad-root"
    with pytest.raises(NameFormatError):
        Committees.of([Chain(CCQ, signer(CCQ).vkey), Chain(f"{CCQ}.sub", signer(f"{CCQ}.sub").vkey)])


def test_a_package_is_sealed_to_the_addressees_clerks_and_the_senders() -> None:
    world = World.founded()
    here = (len(world.log), world.now)
    sealed = world.committees.expected_sealed
    assert sealed(CLERK, None, CA, *here) == ids(world, CLERK, CA_CLERK)
    assert sealed(CLERK, APPROVER, CA, *here) == ids(world, CLERK, APPROVER, CA_CLERK)
    assert sealed(CLERK, None, UNIT, *here) == ids(world, CLERK, UNIT)
    assert sealed(UNIT, None, CCQ, *here) == ids(world, UNIT, CA_CLERK, CLERK)


def test_nobody_seals_to_or_from_someone_not_in_force() -> None:
    world = World.founded()
    here = (len(world.log), world.now)
    sealed = world.committees.expected_sealed
    assert code_of(sealed, CLERK, None, "someone.example", *here) == "no-addressee"
    assert code_of(sealed, CLERK, None, CA_CLERK, *here) == "no-addressee"  # a clerk is no addressee by name
    assert code_of(sealed, CLERK, None, f"{CA}/doi-chung", *here) == "no-addressee"
    assert code_of(sealed, f"{CCQ}/nobody", None, CA, *here) == "not-in-force"
    assert code_of(sealed, CLERK, f"{CCQ}/nobody", CA, *here) == "not-in-force"
    assert (
        code_of(sealed, CLERK, None, CA, world.log[-1].index, world.now + timedelta(days=4000))
        == "no-addressee"
    )


def test_a_new_clerk_makes_an_old_view_stale() -> None:
    world = World.founded()
    before = world.committees.expected_sealed(CLERK, None, CA, len(world.log), world.now)
    world.certify(f"{CA}/van-thu-2", "clerk")
    assert before != world.committees.expected_sealed(CLERK, None, CA, len(world.log), world.now)


def test_witnesses_are_found_by_committee() -> None:
    world = World.founded()
    found = world.committees.witnesses(len(world.log), world.now)
    assert {name: [one.name for one in members] for name, members in found.items()} == {
        CA: [f"{CA}/doi-chung"],
        CCQ: [f"{CCQ}/doi-chung"],
    }
    world.revoke(f"{CA}/doi-chung", key=witness(f"{CA}/doi-chung"))
    assert world.committees.witnesses(len(world.log), world.now)[CA] == ()


def test_a_profile_is_in_force_once_both_attested_it() -> None:
    world = World.founded()
    first = world.committees.profile_at(len(world.log))
    second = make_profile(regulation="16-QC/TU")
    world.attest(CCQ, second)
    assert world.committees.profile_at(len(world.log)) == first
    attested = world.attest(CA, second)
    assert world.committees.profile_at(attested.index) == first
    assert world.committees.profile_at(attested.index + 1) != first
    for committee in (CA, CCQ):
        world.attest(committee)
    assert world.committees.profile_at(len(world.log)) == first
    assert World().committees.profile_at(99) is None


def test_a_membership_is_found_by_its_id() -> None:
    world = World.founded()
    clerk = world.committees.member(CLERK, 99, world.now)
    assert clerk
    assert world.committees.by_id(clerk.id) == clerk
    assert world.committees.by_id(seed("x").hex()) is None
