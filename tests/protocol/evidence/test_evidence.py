"""Evidence: what a judge would be told, and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.protocol.cases import anchors, close, codes, files_of_journey, journey, of
from tests.protocol.world import (
    CA,
    CALENDAR,
    CCQ,
    ORIGIN,
    World,
    extra_of,
    make_profile,
    signer,
    with_extra,
    witness,
)

from kynhan_keys import checkpoints, cosignatures, notes, policies, proofs
from kynhan_protocol.evidence import bundle, evidence, verdicts
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.statements import fingerprints

SPEC = Path(__file__).parents[3] / "docs/spec/evidence.md"


def test_a_complete_case_is_valid_and_final() -> None:
    report = evidence.verify_case(files_of_journey())
    assert (report.verdict, report.finality, report.all_reasons) == (Verdict.VALID, "final", ())
    assert {receipt.type for receipt in report.receipts} >= {
        "dispatch",
        "receipt",
        "handover",
        "due",
        "opening",
    }
    assert not report.anchored


def test_the_digits_to_compare_are_those_of_the_keys_used() -> None:
    files = files_of_journey()
    own, known = evidence.verify_case(files), anchors()
    assert known.relay
    digits = fingerprints.digits(ORIGIN, known.relay, known.roots, known.first_witnesses)
    assert own.fingerprint == digits
    against = evidence.verify_case({name: data for name, data in files.items() if name != "roots"}, known)
    assert (against.verdict, against.fingerprint, against.anchored) == (Verdict.VALID, digits, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"roots": {CCQ: signer(CCQ, "x").vkey, CA: signer(CA).vkey}}, "bad-chain"),
        ({"relay": (signer(ORIGIN, "x").vkey, witness(ORIGIN).vkey)}, "other-relay"),
        ({"first_witnesses": {CCQ: witness("x").vkey}}, "other-witness"),
    ],
)
def test_evidence_under_other_keys_than_those_compared_is_invalid(changes: dict[str, Any], code: str) -> None:
    report = evidence.verify_case(files_of_journey(), anchors(**changes))
    assert report.verdict == Verdict.INVALID
    assert code in codes(report)


def test_a_receipt_alone_is_incomplete() -> None:
    report = evidence.verify_receipt(files_of_journey()["receipts/0018.receipt"])
    assert report.verdict == Verdict.INCOMPLETE
    assert codes(report) >= {"no-roots", "no-profile", "log-time-missing"}
    assert report.fingerprint is None


def test_nothing_at_all_is_incomplete() -> None:
    assert codes(evidence.verify_case({})) == {"nothing", "no-roots"}


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("profile.json", "no-profile"),
        ("calendar.json", "no-calendar"),
        ("receipts/0019.receipt", "log-time-missing"),
        ("receipts/0017.receipt", "log-time-missing"),
        (f"chains/{CCQ}/01.receipt", "chain-gap"),
        (f"chains/{CCQ}/02.receipt", "chain-gap"),
        (f"chains/{CA}/04.receipt", "no-profile"),
        ("roots", "no-roots"),
    ],
)
def test_what_is_missing_makes_it_incomplete_and_is_named(missing: str, code: str) -> None:
    files = {name: data for name, data in files_of_journey().items() if name != missing}
    report = evidence.verify_case(files)
    assert report.verdict == Verdict.INCOMPLETE
    assert code in codes(report)


def test_a_gap_in_a_chain_is_not_held_against_those_behind_it() -> None:
    for number in (1, 2, 3):
        files = {
            name: data
            for name, data in files_of_journey().items()
            if name != f"chains/{CCQ}/0{number}.receipt"
        }
        report = evidence.verify_case(files, anchors())
        assert report.verdict == Verdict.INCOMPLETE
        assert codes(report) >= {"chain-gap", "chain-open", "witness-unknown"}


def test_a_hidden_last_root_statement_shows_in_the_other_sides_head() -> None:
    world = World.founded()
    world.certify(f"{CCQ}/moi", "clerk")
    sent = world.request()
    world.receipt(sent)
    close(world)
    files = world.case_files()
    del files[f"chains/{CCQ}/05.receipt"]
    assert "chain-open" in of(evidence.verify_case(files), sent.index)


def test_without_a_later_head_of_the_other_side_the_chains_stay_open() -> None:
    world = World.founded()
    sent = world.request()
    world.request(kind="message", term=None)  # the same side
    world.cosign()
    assert of(evidence.verify_case(world.case_files()), sent.index) == {"chain-open"}
    world.certify(f"{CCQ}/moi", "clerk")
    world.certify(f"{CA}/moi", "clerk")  # the next root statements lie beyond it
    world.cosign()
    assert of(evidence.verify_case(world.case_files()), sent.index) == set()


def test_a_receipt_not_yet_cosigned_by_both_is_valid_and_pending() -> None:
    world = World.founded()
    sent = world.request()
    world.receipt(sent)
    close(world)
    world.cosigned[-1] = world.cosign(by=[CA])
    report = evidence.verify_case(
        {name: data for name, data in world.case_files().items() if not re.search("002[0-9]", name)}
    )
    assert report.finality == "pending"
    assert {receipt.finality for receipt in report.receipts if receipt.index == sent.index} == {"pending"}
    assert not any(reason.verdict == Verdict.INVALID for reason in report.all_reasons)


def resigned(receipt: bytes, change: Callable[[notes.Note], notes.Note]) -> bytes:
    """A receipt with its checkpoint's signature lines changed."""
    proof = proofs.parse(receipt)
    _, note = checkpoints.parse(proof.checkpoint)
    return proofs.format(replace(proof, checkpoint=notes.format(change(note))))


def with_unknown_witness(note: notes.Note) -> notes.Note:
    head = checkpoints.parse_body(note.text)
    line = cosignatures.sign(witness("someone.example/w"), ORIGIN, head.size, head.root, 1_772_413_200)
    return checkpoints.add_cosignatures(note, [line])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (with_unknown_witness, "unknown-signature"),
        (lambda note: replace(note, signatures=(*note.signatures, note.signatures[-1])), "unknown-signature"),
        (lambda note: replace(note, signatures=note.signatures[1:]), "checkpoint-signature"),
        (lambda note: replace(note, signatures=note.signatures[:1]), "checkpoint-signature"),
        (lambda note: replace(note, signatures=tuple(reversed(note.signatures))), "checkpoint-signature"),
    ],
)
def test_lines_that_do_not_belong_on_a_checkpoint_are_refused(
    change: Callable[[notes.Note], notes.Note], code: str
) -> None:
    files = dict(files_of_journey())
    files["receipts/0016.receipt"] = resigned(files["receipts/0016.receipt"], change)
    report = evidence.verify_case(files)
    assert report.verdict == Verdict.INVALID
    assert of(report, 16) == {code}


def test_two_histories_signed_by_the_relay_are_a_fork() -> None:
    world, other = World.founded(), World.founded()
    sent, lie = world.request(), other.request(case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12")
    assert sent.index == lie.index
    close(world)
    files = world.case_files()
    files["receipts/lie.receipt"] = other.receipt_file(lie.index, other.checkpoints[-1])
    report = evidence.verify_case(files)
    assert report.verdict == Verdict.INVALID
    assert "fork" in codes(report)


def test_two_trees_of_one_size_are_a_fork() -> None:
    world, other = World.founded(), World.founded()
    sent = world.request()
    lie = other.request(case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12")
    files = {**world.case_files(), "checkpoint": other.checkpoints[-1]}
    files["receipts/0016.receipt"] = world.receipt_file(sent.index, world.checkpoints[-1])
    assert other.by_id(lie.id).index == sent.index
    assert "fork" in codes(evidence.verify_case(files))


def test_a_new_profile_brings_the_relays_new_keys() -> None:
    world = World.founded()
    old = world.request()
    world.cosign()
    old_file = world.receipt_file(old.index)
    new = make_profile(relay="new")
    world.attest(CCQ, new)
    world.attest(CA, new)
    world.cosign()
    files = {**world.case_files(), "profile-2.json": new, f"receipts/{old.index:04d}.receipt": old_file}
    assert not any(reason.verdict == Verdict.INVALID for reason in evidence.verify_case(files).all_reasons)
    world.now += timedelta(minutes=5)
    world.checkpoint()  # the old keys, long after
    world.cosign()
    late = {**world.case_files(), "profile-2.json": new}
    assert "checkpoint-signature" in codes(evidence.verify_case(late))
    world.checkpoint(which="new")
    world.cosign()
    assert "checkpoint-signature" not in of(
        evidence.verify_case({**world.case_files(), "profile-2.json": new}), 0
    )


def bundle_of(world: World, *indexes: int) -> dict[str, bytes]:
    head, _ = checkpoints.parse(world.cosigned[-1])
    return bundle.contents(
        bundle.Parts(
            receipts=tuple(world.receipt_file(index) for index in indexes),
            chains=tuple(world.chain_files().values()),
            roots={name: signer(name).vkey for name in (CCQ, CA)},
            profiles=(world.profile,),
            heads=(world.receipt_file(23), world.receipt_file(25)),
            calendars=(CALENDAR,),
            checkpoint_before=world.cosigned[0],
            policy=bundle.policy(witness(ORIGIN).vkey, world.committees, head.size, world.now),
            policy_ed25519=bundle.policy_ed25519(signer(ORIGIN).vkey),
        )
    )


def test_a_bundle_is_valid_by_itself() -> None:
    world = journey()
    files = bundle_of(world, 16, 17, 18, 19)  # the DISPATCH, the RECEIPT, what the relay said of them
    assert list(files) == sorted(files)
    report = evidence.verify_case(files)
    assert (report.verdict, report.finality) == (Verdict.VALID, "final")
    assert codes(
        evidence.verify_case({name: data for name, data in files.items() if "heads" not in name})
    ) == {"chain-open"}


def test_a_head_that_is_forged_is_no_support() -> None:
    files = bundle_of(journey(), 18, 19)
    name = "heads/00000023.receipt"
    files[name] = with_extra(files[name], extra_of(files["heads/00000025.receipt"]))
    report = evidence.verify_case(files)
    assert report.verdict == Verdict.INVALID
    assert "chain-open" in of(report, 18)


def test_a_policy_that_the_chains_do_not_give_is_refused() -> None:
    world = journey()
    files = bundle_of(world, 18, 19)
    files["policy"] = files["policy-ed25519"]
    assert "policy-differs" in codes(evidence.verify_case(files))


def test_the_derived_policies_accept_the_checkpoint() -> None:
    world = journey()
    files = bundle_of(world, 18)
    policy = policies.parse(files["policy"], canonical=True)
    assert [vkey.type for vkey in policy.logs] == [6]
    verdict = policies.check(policy, world.cosigned[-1])
    assert set(verdict.witnesses) == {f"{CA}.doi-chung", f"{CCQ}.doi-chung"}
    classic = policies.parse(files["policy-ed25519"], canonical=True)
    assert policies.check(classic, world.checkpoints[-1]).log_time is None
    with pytest.raises(ValueError, match="needed"):
        policies.check(policy, world.checkpoints[-1])


def test_every_reason_has_words_in_both_languages() -> None:
    for code in verdicts.CODES:
        reason = verdicts.reason(code, "a.receipt")
        assert reason.en.endswith(".")
        assert reason.vi.endswith(".")
        assert f"`{code}`" in SPEC.read_text()


def test_the_example_in_the_specification_is_a_receipt() -> None:
    (example,) = re.findall(r"```text receipt\n(.*?)```", SPEC.read_text(), re.DOTALL)
    proof = proofs.parse(example.encode())
    assert (proof.extra, proof.index) == (b"kynhan/receipt@v1\n", 18)


def test_garbage_is_refused_without_a_traceback() -> None:
    for data in (b"", b"\xff" * 100, b"c2sp.org/tlog-proof@v1\n\n\n", b"\n\n"):
        files = {**files_of_journey(), "receipts/x.receipt": data, "roots": data, "checkpoint": data}
        assert evidence.verify_case(files).verdict == Verdict.INVALID
        for name in ("profile.json", "calendar.json", "policy"):
            assert evidence.verify_case({**files_of_journey(), name: data}).verdict != Verdict.VALID
