"""tlog-policy files, and checkpoints held against them."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kynhan_keys import checkpoints, cosignatures, notes, policies
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.errors import CheckpointError, NoteError, PolicyError
from kynhan_keys.notes import Note, Signature
from kynhan_keys.policies import Group, Policy, PolicyReasonsError
from kynhan_keys.vkeys import Signer

ORIGIN = "relay.example/kynhan"
ED25519 = Signer.ed25519(ORIGIN, bytes([1]) * 32)
ML_DSA = Signer.ml_dsa_44(ORIGIN, bytes([2]) * 32)
CCQ = Signer.ml_dsa_44("ccq.example/chung-kien", bytes([3]) * 32)
CA = Signer.ml_dsa_44("ca.example/chung-kien", bytes([4]) * 32)
OTHER = Signer.ml_dsa_44("khac.example/chung-kien", bytes([5]) * 32)
CHECKPOINT = Checkpoint(ORIGIN, 5, bytes(range(32)))
SIGNED = checkpoints.sign(CHECKPOINT, ED25519, ML_DSA, 1795400000)

KEYS = f"log {ML_DSA.vkey}\nwitness ccq {CCQ.vkey}\nwitness ca {CA.vkey}\n"
BOTH = (KEYS + "group both all ccq ca\nquorum both\n").encode()
CLASSIC = f"log {ED25519.vkey}\nquorum none\n".encode()


def cosign(signer: Signer, time: int = 1795400060, size: int = 5) -> Signature:
    return cosignatures.sign(signer, ORIGIN, size, CHECKPOINT.root, time)


def bear(*lines: Signature, base: Note = SIGNED) -> bytes:
    return notes.format(Note(base.text, (*base.signatures, *lines)))


def reasons(call: Callable[[], object]) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        call()
    assert isinstance(caught.value, PolicyReasonsError)
    return caught.value.reasons


def test_the_policies_of_the_demo_are_read_and_spelled_back() -> None:
    both, classic = policies.parse(BOTH, canonical=True), policies.parse(CLASSIC, canonical=True)
    assert both == Policy(
        (ML_DSA.vkey,), {"ccq": CCQ.vkey, "ca": CA.vkey}, {"both": Group(2, ("ccq", "ca"))}, "both"
    )
    assert classic == Policy((ED25519.vkey,))
    assert policies.format(both) == BOTH
    assert policies.format(classic) == CLASSIC


def test_a_checkpoint_that_both_witnesses_cosigned_is_final() -> None:
    verdict = policies.check(policies.parse(BOTH), bear(cosign(CCQ), cosign(CA, 1795400090)))
    assert verdict.checkpoint == CHECKPOINT
    assert verdict.logs == (ML_DSA.vkey,)
    assert verdict.log_time == 1795400000
    assert verdict.witnesses == {"ccq": 1795400060, "ca": 1795400090}


def test_classic_tools_need_the_logs_signature_alone() -> None:
    verdict = policies.check(policies.parse(CLASSIC), bear())
    assert (verdict.logs, verdict.log_time, verdict.witnesses) == ((ED25519.vkey,), None, {})


def test_every_reason_is_given() -> None:
    both = policies.parse(BOTH)
    assert reasons(lambda: policies.check(both, bear(cosign(CCQ)))) == [
        "group both: 1 of 2 needed",
        "witness ca has not cosigned",
    ]
    unsigned = Note(SIGNED.text, (cosign(OTHER),))
    found = reasons(lambda: policies.check(both, notes.format(unsigned), strict=True))
    assert len(found) == 5
    assert "does not know" in found[0]
    assert "no log of the policy signed" in found[1]
    assert found[2:] == [
        "group both: 0 of 2 needed",
        "witness ccq has not cosigned",
        "witness ca has not cosigned",
    ]


def test_unknown_lines_are_ignored_or_with_strict_refused() -> None:
    both = policies.parse(BOTH + f"log {ED25519.vkey}\n".encode())
    data = bear(cosign(CCQ), cosign(CA), cosign(OTHER))
    assert set(policies.check(both, data).witnesses) == {"ccq", "ca"}
    assert policies.check(both, data).logs == (ED25519.vkey, ML_DSA.vkey)
    (reason,) = reasons(lambda: policies.check(both, data, strict=True))
    assert reason.startswith("khac.example/chung-kien+")
    policies.check(both, bear(cosign(CCQ), cosign(CA)), strict=True)


def test_a_known_key_that_does_not_verify_refuses_the_checkpoint() -> None:
    both = policies.parse(BOTH)
    wrong = cosign(CA, size=6)
    assert any(
        "does not verify" in reason
        for reason in reasons(lambda: policies.check(both, bear(cosign(CCQ), wrong)))
    )
    # even where the quorum is met without it
    one = policies.parse((KEYS + "quorum ccq\n").encode())
    assert reasons(lambda: policies.check(one, bear(cosign(CCQ), wrong))) == [
        f"ca.example/chung-kien+{CA.vkey.key_id.hex()}: the cosignature does not verify"
    ]
    forged = Signature(ED25519.vkey.name, ED25519.vkey.key_id, bytes(64))
    data = notes.format(Note(SIGNED.text, (forged, SIGNED.signatures[1])))
    assert len(reasons(lambda: policies.check(policies.parse(CLASSIC), data))) == 2


def test_a_key_that_signed_twice_is_refused_with_strict() -> None:
    both = policies.parse(BOTH + f"log {ED25519.vkey}\n".encode())
    data = bear(cosign(CCQ), cosign(CA, 1), cosign(CA, 2))
    policies.check(both, data)
    assert any("twice" in reason for reason in reasons(lambda: policies.check(both, data, strict=True)))


def test_a_log_vouches_only_for_its_own_origin() -> None:
    stranger = Signer.ed25519("khac.example/log", bytes(32))
    policy = Policy((stranger.vkey,))
    data = notes.format(notes.sign(SIGNED.text, stranger))
    found = reasons(lambda: policies.check(policy, data))
    assert found[0] == f"khac.example/log is not the log {ORIGIN}"
    assert len(found) == 2


def test_a_policy_without_a_log_accepts_nothing() -> None:
    assert "no log" in reasons(lambda: policies.check(policies.parse(b"quorum none\n"), bear()))[0]


def test_what_is_no_checkpoint_is_said_to_be_none() -> None:
    with pytest.raises(NoteError):
        policies.check(policies.parse(BOTH), b"rubbish")
    with pytest.raises(CheckpointError):
        policies.check(policies.parse(BOTH), notes.format(notes.sign("text\n", ED25519)))


@settings(deadline=None)
@given(st.sets(st.sampled_from(["a", "b", "c", "d"])), st.integers(1, 2), st.integers(1, 3))
def test_thresholds_count_members_once_and_groups_as_one(present: set[str], inner: int, outer: int) -> None:
    signers = {name: Signer.ml_dsa_44(name, name.encode() * 32) for name in "abcd"}
    lines = [f"witness {name} {signer.vkey}" for name, signer in signers.items()]
    lines += [f"group ab {inner} a b", f"group all {outer} ab c d", "quorum all", ""]
    policy = policies.parse(f"log {ED25519.vkey}\n".encode() + "\n".join(lines).encode())
    data = bear(*(cosign(signers[name]) for name in sorted(present)))
    met = (len(present & {"a", "b"}) >= inner) + len(present & {"c", "d"}) >= outer
    if met:
        assert set(policies.check(policy, data).witnesses) == present
    else:
        assert reasons(lambda: policies.check(policy, data))


def test_whitespace_comments_urls_and_order_are_as_the_specification_has_them() -> None:
    text = (
        f"# Ủy ban\n\n \t\n\twitness  ccq\t{CCQ.vkey} https://ccq.example/ \n  # more\n"
        f"witness ca {CA.vkey}\ngroup both 2 ccq ca\nquorum both\nlog {ML_DSA.vkey} https://relay.example/\n"
    ).encode()
    assert policies.parse(text) == policies.parse(BOTH)
    with pytest.raises(PolicyError, match="canonical"):
        policies.parse(text, canonical=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none",  # no newline
        KEYS,  # no quorum
        KEYS + "quorum none\nquorum none\n",
        KEYS + "quorum both\n",
        KEYS + "quorum both\ngroup both all ccq ca\n",
        KEYS + "group both all ccq cb\nquorum both\n",
        KEYS + "group both all ccq both\nquorum both\n",
        KEYS + "group both all\nquorum both\n",
        KEYS + "group both 0 ccq ca\nquorum both\n",
        KEYS + "group both 3 ccq ca\nquorum both\n",
        KEYS + "group both 02 ccq ca\nquorum both\n",
        KEYS + "group both most ccq ca\nquorum both\n",
        KEYS + "group both any ccq ccq\nquorum both\n",
        KEYS + "group both any ccq none\nquorum both\n",
        KEYS + "group one any ccq\ngroup two any ccq\nquorum two\n",
        KEYS + "group ccq any ca\nquorum ccq\n",
        KEYS + "group none any ca\nquorum none\n",
        KEYS + f"witness none {OTHER.vkey}\nquorum none\n",
        KEYS + f"witness ca {OTHER.vkey}\nquorum none\n",
        KEYS + f"witness other {CA.vkey}\nquorum none\n",
        KEYS + f"witness other {Signer.ml_dsa_44('renamed', bytes([4]) * 32).vkey}\nquorum none\n",
        KEYS + f"witness other {ED25519.vkey}\nquorum none\n",
        KEYS + f"log {ML_DSA.vkey}\nquorum none\n",
        KEYS + f"log {ED25519.vkey} https://relay.example/ more\nquorum none\n",
        KEYS + "log\nquorum none\n",
        KEYS + "log relay.example+00000000+AAAA\nquorum none\n",
        KEYS + "quorum none none\n",
        KEYS + "quorum none\r\n",
        KEYS + "Quorum none\n",
        KEYS + "quorum none\x00\n",
        KEYS + "quorum none # a comment\n",
    ],
)
def test_a_policy_with_something_doubled_missing_or_undefined_is_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        policies.parse(text.encode())


def test_a_policy_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(PolicyError, match="UTF-8"):
        policies.parse(b"# \xff\nquorum none\n")
    with pytest.raises(PolicyError, match="bytes"):
        policies.parse(b"#" * (1 << 20) + b"\nquorum none\n")


def test_a_group_is_spelled_all_any_or_by_its_number() -> None:
    more = KEYS + f"witness khac {OTHER.vkey}\n"
    for threshold in ("all", "any", "2"):
        text = (more + f"group some {threshold} ccq ca khac\nquorum some\n").encode()
        assert policies.format(policies.parse(text)) == text


@pytest.mark.parametrize("depth", [1, 10, 3000])
def test_a_policy_nested_however_deep_gives_each_reason_once(depth: int) -> None:
    groups = ["group g0 all ccq", *(f"group g{at} all g{at - 1}" for at in range(1, depth))]
    nested = policies.parse((KEYS + "\n".join(groups) + f"\nquorum g{depth - 1}\n").encode())
    assert reasons(lambda: policies.check(nested, bear())) == [
        *(f"group g{at}: 0 of 1 needed" for at in reversed(range(depth))),
        "witness ccq has not cosigned",
    ]
    assert policies.check(nested, bear(cosign(CCQ))).witnesses == {"ccq": 1795400060}


def test_no_more_signatures_are_verified_than_a_note_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []
    verify = notes.verify
    monkeypatch.setattr(notes, "verify", lambda *given: (verified.append(given), verify(*given)))
    logs = [Signer.ed25519(ORIGIN, at.to_bytes(32)).vkey for at in range(1, 2000)]
    policies.check(Policy((*logs, ED25519.vkey)), bear())
    assert len(verified) == 1
