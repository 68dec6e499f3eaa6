"""What the proofs say must agree; what only supports is no receipt; what is attested has to be here (DESIGN §3.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.protocol.cases import anchors, close, closed, codes, files_of_journey, journey, of
from tests.protocol.elsewhere import chains_of_another_log, files_of_elsewhere
from tests.protocol.world import (
    CA,
    CA_CLERK,
    CCQ,
    ORIGIN,
    World,
    make_profile,
    seed,
    signer,
    with_extra,
    witness,
)

from kynhan_keys import checkpoints, merkle, proofs
from kynhan_keys.vkeys import Signer
from kynhan_protocol.evidence import bundle, evidence
from kynhan_protocol.evidence.verdicts import Judgement, Verdict
from kynhan_protocol.statements.statements import Receipt, Seen

OTHER = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12"
THIRD = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a13"


def judge(files: dict[str, bytes]) -> Judgement:
    return evidence.verify_case(files)


def test_two_trees_whose_paths_disagree_are_a_fork() -> None:
    """No two roots of one size, no two statements at one index: only the paths say it."""
    world, other = World.founded(), World.founded()
    sent, lie = world.request(), other.request(case=OTHER)
    assert sent.index == lie.index
    close(world)
    for case in (OTHER, OTHER):
        other.request(kind="message", term=None, case=case)
    lied = other.request(case=THIRD)
    close(other)
    files = closed(world.case_files())
    assert judge(files).verdict == Verdict.VALID
    for number, index in enumerate((lied.index, lied.index + 1)):
        files[f"receipts/other-{number}.receipt"] = other.receipt_file(index)
    for index in (lied.index + 2, lied.index + 4):
        files[f"heads/other-{index}.receipt"] = other.receipt_file(index)
    report = judge(files)
    assert report.verdict == Verdict.INVALID
    assert codes(report) == {"fork"}
    assert of(report, lied.index) == of(report, sent.index) == {"fork"}


def test_two_halves_that_do_not_give_their_whole_are_a_fork() -> None:
    """Both leaves of a pair are here under one tree; another path names the pair itself, with another hash."""
    world, other = World.founded(), World.founded()
    world.request()
    other.request(case=OTHER)
    close(world)
    close(other)
    told = other.receipt_file(18, other.cosigned[-1])
    _, (_, _, beside), *_ = merkle.ranges_of_path(18, 22, seed("x"), proofs.parse(told).path)
    assert (16, 18) in {
        (start, end) for start, end, _ in merkle.ranges_of_path(18, 22, beside, proofs.parse(told).path)
    }
    files = {
        **world.chain_files(),
        "profile.json": world.profile,
        "calendar.json": files_of_journey()["calendar.json"],
        "roots": files_of_journey()["roots"],
    }
    short = world.checkpoints[-3]  # 18 leaves: the path of 16 names 17, and neither names the pair
    files = {name: data for name, data in files.items() if not name.startswith("chains/")} | {
        f"chains/{name}": world.receipt_file(index, short)
        for name, index in (
            (f"{link.statement.committee}/{link.statement.number:02d}.receipt", link.index)  # type: ignore[attr-defined]
            for chain in world.committees.chains.values()
            for link in chain.links
        )
    }
    files["receipts/0016.receipt"] = world.receipt_file(16, short)
    files["receipts/0018.receipt"] = told
    assert "fork" in codes(judge(files))


def test_a_fork_is_said_of_both_files() -> None:
    world, other = World.founded(), World.founded()
    sent = world.request()
    lie = other.request(case=OTHER)
    close(world)
    files = {**closed(world.case_files()), "receipts/lie.receipt": other.receipt_file(lie.index)}
    report = judge(files)
    assert "fork" in of(report, sent.index)
    blamed = {one.name for one in report.receipts if "fork" in {reason.code for reason in one.reasons}}
    assert blamed > {"receipts/lie.receipt"}


def test_a_seen_that_the_paths_contradict_is_seen_wrong() -> None:
    """No signed root of that size is here, nor every entry; a path names the range."""
    world = World.founded()
    sent = world.request(seen=Seen(16, seed("another tree")))
    world.receipt(sent)
    close(world)
    report = judge(closed(world.case_files()))
    assert "seen-wrong" in of(report, sent.index)
    assert report.verdict == Verdict.INVALID


@pytest.mark.parametrize(("size", "code"), [(0, "seen-wrong"), (200, "seen-beyond")])
def test_a_seen_of_nothing_with_a_root_or_beyond_its_place_is_a_fault(size: int, code: str) -> None:
    world = World.founded()
    sent = world.request(seen=Seen(size, seed("a root")))
    close(world)
    assert code in of(judge(closed(world.case_files())), sent.index)


def test_a_head_that_is_no_root_statement_is_a_fault_in_a_log_complete_up_to_there() -> None:
    world = World.founded()
    sent = world.request(head=(seed("nothing").hex(),))
    close(world)
    files = closed(world.case_files())
    assert "head-unknown" in of(judge(files), sent.index)


def test_a_head_not_at_hand_is_incomplete() -> None:
    world = World.founded()
    early = world.dispatch(kind="message", term=None)
    sent = world.request()
    world.certify(f"{CA}/moi", "clerk")
    world.post(early, signer(early.from_))
    close(world)
    files = closed(world.case_files())
    del files[f"chains/{CA}/05.receipt"]
    report = judge(files)
    assert report.verdict == Verdict.INCOMPLETE
    assert "chain-open" in of(report, sent.index)


def test_a_revoked_clerks_receipt_in_heads_is_not_counted() -> None:
    """Signed before the revocation and logged after it, which is left out: it closes the chain for what its author had
    seen, and proves nothing of itself.
    """
    world = World.founded()
    sent = world.request()
    fields = {"dispatch": sent.id, "by": CA_CLERK, **world.member_fields(), "seen": world.newest()}
    signed = Receipt(**fields)
    world.revoke(CA_CLERK)
    logged = world.post(signed, signer(CA_CLERK))
    world.cosign()
    files = world.case_files()
    del files[f"chains/{CA}/05.receipt"]
    kept = {name: data for name, data in files.items() if not name.startswith("receipts/00")}
    for index in (sent.index, sent.index + 1):
        kept[f"receipts/{index:04d}.receipt"] = files[f"receipts/{index:04d}.receipt"]
    kept["heads/1.receipt"] = files[f"receipts/{logged.index:04d}.receipt"]
    report = judge(kept)
    assert report.verdict == Verdict.VALID  # of the dispatch and its acceptance
    assert {one.type for one in report.receipts} == {
        "dispatch",
        "acceptance",
        "membership",
        "profileattestation",
    }
    assert not any(one.name.startswith("heads/") for one in report.receipts)
    said = {**kept, "receipts/0021.receipt": world.receipt_file(logged.index + 1)}
    assert "named-missing" in of(judge(said), logged.index + 1)  # its HANDOVER: of a receipt that is not here


def test_a_root_statement_in_heads_meets_the_rules_of_a_chain() -> None:
    """A key of the relay is certified to nobody, wherever the file lies that says so."""
    world = World.founded()
    name = f"{CCQ}/gia"
    relays = Signer.ed25519(name, seed(f"{ORIGIN} "))
    made = world.certify(name, "clerk", key=relays)
    world.request()
    close(world)
    files = closed(world.case_files())
    (certified,) = (one for one in files if files[one] == world.receipt_file(made.index))
    assert codes(judge(files)) == {"key-of-relay"}
    files["heads/3.receipt"] = files.pop(certified)
    report = judge(files)
    assert (report.verdict, codes(report)) == (Verdict.INVALID, {"key-of-relay"})


def test_what_rests_on_a_receipt_in_heads_is_not_proved() -> None:
    files = dict(files_of_journey())
    files["heads/3.receipt"] = files.pop("receipts/0018.receipt")
    report = judge(files)
    assert report.verdict == Verdict.INCOMPLETE
    assert codes(report) >= {"named-missing", "due-inputs-missing"}


def test_a_retired_relay_key_stays_retired_where_the_newer_profile_is_left_out() -> None:
    world = World.founded()
    new = make_profile(relay="new")
    for committee in (CCQ, CA):
        world.attest(committee, new)
    world.now += timedelta(minutes=5)
    late = world.certify(f"{CCQ}/moi", "clerk")  # under the old keys, long after
    for committee in (CA, CCQ):
        world.certify(f"{committee}/hai", "clerk")
    world.cosign()
    files = {
        **world.chain_files(),
        "receipts/late.receipt": world.receipt_file(late.index + 1),
        **{name: files_of_journey()[name] for name in ("profile.json", "calendar.json", "roots")},
    }
    report = judge(files)
    assert report.verdict == Verdict.INCOMPLETE
    assert "no-profile" in {reason.code for reason in report.reasons}
    assert "no-profile" in of(report, late.index + 1)
    assert judge({**files, "profile-2.json": new}).verdict == Verdict.INVALID


def test_a_calendar_in_force_has_to_be_here_even_where_no_date_is_counted() -> None:
    world = World.founded()
    world.request(kind="message", term=None)
    close(world)
    files = closed(world.case_files())
    assert judge(files).verdict == Verdict.VALID
    del files["calendar.json"]
    report = judge(files)
    assert (report.verdict, {one.code for one in report.reasons}) == (Verdict.INCOMPLETE, {"no-calendar"})


def one_sided(world: World) -> dict[str, bytes]:
    """Everything of one committee, under its own root alone."""
    world.certify(f"{CCQ}/moi", "clerk")
    world.certify(f"{CCQ}/hai", "clerk")
    world.cosign(by=[CCQ])
    accepted = next(one.index for one in world.log if one.statement.__class__.__name__ == "Acceptance")
    return {
        **{name: data for name, data in world.chain_files().items() if CCQ in name},
        f"receipts/{accepted:04d}.receipt": world.receipt_file(accepted),
        **{name: files_of_journey()[name] for name in ("profile.json", "calendar.json")},
        "roots": f"{signer(CCQ).vkey}\n".encode(),
    }


def test_the_root_of_one_committee_alone_is_not_enough() -> None:
    files = one_sided(World.founded())
    report = judge(files)
    assert report.verdict == Verdict.INCOMPLETE
    assert ("no-roots", CA) in {(one.code, one.detail) for one in report.reasons}
    alone = evidence.verify_case(files, anchors(roots={CCQ: signer(CCQ).vkey}, first_witnesses={}))
    assert alone.verdict == Verdict.INCOMPLETE


def test_roots_beside_that_are_not_those_compared_are_invalid() -> None:
    other = files_of_journey()["roots"].replace(
        str(signer(CA).vkey).encode(), str(signer(CA, "x").vkey).encode()
    )
    report = evidence.verify_case({**files_of_journey(), "roots": other}, anchors())
    assert ("other-roots", CA) in {(one.code, one.detail) for one in report.reasons}


@pytest.mark.parametrize("name", ["policy", "policy-ed25519", "policy-2"])
def test_a_policy_that_is_not_the_derived_one_is_named(name: str) -> None:
    wrong = bundle.policy_ed25519(signer(ORIGIN, "another").vkey)
    report = judge({**files_of_journey(), name: wrong})
    assert report.verdict == Verdict.INVALID
    assert [(one.code, one.subject) for one in report.reasons] == [("policy-differs", name)]


def test_the_derived_policies_are_held_to_be_right() -> None:
    world = journey()
    classic = bundle.policy_ed25519(signer(ORIGIN).vkey)
    witnessed = bundle.policy(witness(ORIGIN).vkey, world.committees, len(world.log), world.now)
    files = {**files_of_journey(), "policy": witnessed, "policy-ed25519": classic}
    assert judge(files).verdict == Verdict.VALID


def test_files_that_nothing_vouches_for_are_named() -> None:
    files = {
        **files_of_journey(),
        "notes.txt": b"bought ten of them",
        "profile-9.json": make_profile(regulation="99-QC/TU"),
        "members/x.note": b"who is this",
        "members/y.note": journey().log[0].note,
    }
    report = evidence.verify_case(files, others=["thumbs.db"])
    assert report.verdict == Verdict.VALID
    named = [(one.code, one.subject) for one in report.aside]
    assert named == [
        ("not-looked-at", name) for name in ("members/x.note", "notes.txt", "profile-9.json", "thumbs.db")
    ]
    assert all(one.vi.endswith(".") and one.en.endswith(".") for one in report.aside)


def test_what_belongs_to_another_world_is_named_and_changes_nothing() -> None:
    assert judge(files_of_elsewhere()).verdict == Verdict.VALID
    ours = judge(files_of_journey())
    others = {name: data for name, data in files_of_elsewhere().items() if name.endswith(".receipt")}
    for name, data in others.items():
        for folder in ("receipts/a-", "heads/a-", "chains/a/"):
            report = judge({**files_of_journey(), f"{folder}{name.replace('/', '-')}": data})
            assert (report.verdict, report.receipts) == (Verdict.VALID, ours.receipts)
            assert [one.code for one in report.aside] == ["other-world"]


def test_our_own_root_statements_in_another_log_are_named_and_change_nothing() -> None:
    ours = judge(files_of_journey())
    for name, data in chains_of_another_log().items():
        report = judge({f"a/{name}": data, **files_of_journey()})
        assert (report.verdict, report.receipts) == (Verdict.VALID, ours.receipts)
        assert [one.code for one in report.aside] == ["other-world"]


def test_what_bears_another_logs_name_and_is_of_ours_is_invalid() -> None:
    """By the keys that signed its checkpoint, or by the log that the statement names."""
    files = files_of_journey()
    for name in (f"chains/{CCQ}/01.receipt", "receipts/0016.receipt"):
        renamed = files[name].replace(b"\n\nrelay.example", b"\n\nrelay.exampla")
        assert renamed != files[name]
        report = judge({**files, "receipts/x.receipt": renamed})
        assert report.verdict == Verdict.INVALID
        assert "other-log" in codes(report)
    proof = proofs.parse(files["receipts/0016.receipt"])
    moved = proof.checkpoint.replace(b"relay.example/", b"other.example/")
    report = judge({**files, "receipts/x.receipt": proofs.format(replace(proof, checkpoint=moved))})
    assert "other-log" in codes(report)


def test_another_worlds_files_alone_prove_nothing_under_our_roots() -> None:
    files = {
        **{name: data for name, data in files_of_journey().items() if name.startswith("chains/")},
        **{name: data for name, data in files_of_elsewhere().items() if name.startswith("receipts/")},
        **{name: files_of_journey()[name] for name in ("profile.json", "calendar.json", "roots")},
    }
    assert judge(files).verdict != Verdict.VALID


def test_the_checkpoint_that_contains_the_second_attestation_is_the_last_under_the_old_keys() -> None:
    """Within 60 seconds of that attestation's own acceptance, however long ago the chains began."""
    world = World.founded()
    new = make_profile(relay="new")
    world.now += timedelta(hours=1)
    world.attest(CCQ, new)
    second = world.attest(CA, new)
    world.cosign()
    files = {**world.chain_files(), "profile-2.json": new}
    files |= {name: files_of_journey()[name] for name in ("profile.json", "calendar.json", "roots")}
    assert judge(files).verdict == Verdict.VALID
    world.now += timedelta(seconds=61)
    world.checkpoint()
    world.cosign()
    files["receipts/late.receipt"] = world.receipt_file(second.index + 1)
    assert "checkpoint-signature" in codes(judge(files))


def test_a_receipt_with_no_statement_or_none_that_can_be_read_is_invalid() -> None:
    name, files = "receipts/0016.receipt", files_of_journey()
    empty = proofs.format(replace(proofs.parse(files[name]), extra=None))
    report = judge({**files, "receipts/x.receipt": empty})
    assert report.verdict == Verdict.INVALID
    assert codes(report) == {"no-statement"}
    report = judge({**files, "receipts/x.receipt": with_extra(files[name], b"kynhan/what@v1\n\n")})
    assert codes(report) == {"bad-statement", "not-logged"}


def test_new_keys_sign_no_tree_from_before_the_second_attestation() -> None:
    world = World.founded()
    new = make_profile(relay="new")
    first = world.attest(CCQ, new)
    early = world.checkpoint(which="new")
    second = world.attest(CA, new)
    assert checkpoints.parse(early)[0].size == second.index
    world.cosign()
    files = {**world.chain_files(), "profile-2.json": new}
    files |= {name: files_of_journey()[name] for name in ("profile.json", "calendar.json", "roots")}
    files["receipts/early.receipt"] = world.receipt_file(first.index + 1, early)
    assert "checkpoint-signature" in codes(judge(files))
