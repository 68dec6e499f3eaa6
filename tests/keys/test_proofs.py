"""tlog-proof files: what a receipt is made of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import FLIPS_OF_ONE_FORMAT

from kynhan_keys import b64, checkpoints, merkle, notes, policies, proofs
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.errors import CheckpointError, KeysError, NoteError, ProofError
from kynhan_keys.policies import Policy
from kynhan_keys.proofs import Proof
from kynhan_keys.vkeys import Signer

ORIGIN = "relay.example/kynhan"
LOG = (Signer.ed25519(ORIGIN, bytes([1]) * 32), Signer.ml_dsa_44(ORIGIN, bytes([2]) * 32))
ENTRIES = [number.to_bytes(32) for number in range(100)]
NODES = {
    (level, at): h for level, at, h in merkle.new_nodes(0, [merkle.leaf_hash(entry) for entry in ENTRIES])
}
EXTRA = b"kynhan/receipt@v1\n..."


def get(level: int, index: int) -> bytes:
    return NODES[level, index]


def make(index: int, size: int, extra: bytes | None = EXTRA) -> Proof:
    checkpoint = Checkpoint(ORIGIN, size, merkle.root(size, get))
    signed = notes.format(checkpoints.sign(checkpoint, *LOG, 1795400000))
    return Proof(extra, index, tuple(merkle.inclusion_proof(index, size, get)), signed)


PROOF = make(73, 100)
BYTES = proofs.format(PROOF)


def test_a_proof_is_laid_out_as_specified() -> None:
    lines = BYTES.decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", f"extra {b64.encode(EXTRA)}", "index 73"]
    assert [b64.decode(line) for line in lines[3:10]] == list(PROOF.path)
    assert lines[10:13] == ["", ORIGIN, "100"]
    assert BYTES.endswith(b"\n\n" + PROOF.checkpoint)


@settings(deadline=None)
@given(st.data())
def test_a_proof_reads_back_and_verifies(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 100))
    index = data.draw(st.integers(0, size - 1))
    proof = make(index, size, data.draw(st.one_of(st.none(), st.binary(min_size=1))))
    assert proofs.parse(proofs.format(proof)) == proof
    assert proofs.verify_inclusion(proof, ENTRIES[index]) == Checkpoint(ORIGIN, size, merkle.root(size, get))
    with pytest.raises(ProofError):
        proofs.verify_inclusion(proof, ENTRIES[index] + b"\0")


@settings(max_examples=FLIPS_OF_ONE_FORMAT, deadline=None)
@given(at=st.integers(0, len(BYTES) - 1), flip=st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_in_the_extra_data(at: int, flip: int) -> None:
    """The entry is made of the extra data one level up, and so covers it: here it only has to differ."""
    flipped = BYTES[:at] + bytes([BYTES[at] ^ flip]) + BYTES[at + 1 :]
    policy = Policy(tuple(signer.vkey for signer in LOG))
    try:
        proof = proofs.parse(flipped)
        proofs.verify_inclusion(proof, ENTRIES[73])
        policies.check(policy, proof.checkpoint, strict=True)
    except KeysError:
        return
    assert proof.extra != EXTRA
    assert proofs.format(proof) == flipped


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("c2sp.org/tlog-proof@v1\n", "\nc2sp.org/tlog-proof@v1\n"),
        ("c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\r\n"),
        ("extra ", "extra  "),
        ("extra ", "Extra "),
        (f"extra {b64.encode(EXTRA)}", "extra "),
        (f"extra {b64.encode(EXTRA)}", "extra"),
        (f"extra {b64.encode(EXTRA)}", "extra AA"),
        (f"extra {b64.encode(EXTRA)}", "extra AB=="),
        (f"extra {b64.encode(EXTRA)}\n", 2 * "extra AA==\n"),
        ("index 73", "index 073"),
        ("index 73", "index +73"),
        ("index 73", "index  73"),
        ("index 73", "index 73 "),
        ("index 73", "index -1"),
        ("index 73", "index 7_3"),
        ("index 73", f"index {(1 << 63) - 1}"),
        ("index 73", "index " + "9" * 5000),
        ("index 73\n", "index 73\nindex 73\n"),
        ("index 73\n", "index 73\n\n"),
        ("index 73\n", ""),
        ("index 73\n", "index 73\nAAAA\n"),
        ("index 73\n", "index 73\n" + 64 * (b64.encode(bytes(32)) + "\n")),
        ("index 73\n", "index 73\n\u00e9\n"),
    ],
)
def test_other_spellings_are_refused(old: str, new: str) -> None:
    assert old in BYTES.decode()
    with pytest.raises((ProofError, NoteError, CheckpointError)):
        proofs.parse(BYTES.decode().replace(old, new, 1).encode())


def test_the_checkpoint_is_held_to_its_own_rules() -> None:
    for bad, error in (
        (PROOF.checkpoint.replace(b"\n100\n", b"\n0100\n"), CheckpointError),
        (PROOF.checkpoint.replace(b"\n\n", b"\nextension\n\n"), CheckpointError),
        (PROOF.checkpoint + b"\n", NoteError),
        (b"", NoteError),
    ):
        with pytest.raises(error):
            proofs.parse(BYTES.replace(PROOF.checkpoint, bad))
    with pytest.raises(ProofError, match="empty line"):
        proofs.parse(b"c2sp.org/tlog-proof@v1\nindex 0\n")


def test_a_proof_of_another_place_proves_nothing() -> None:
    for index, path in ((72, PROOF.path), (73, PROOF.path[:-1]), (73, PROOF.path[::-1]), (100, PROOF.path)):
        with pytest.raises(ProofError):
            proofs.verify_inclusion(Proof(EXTRA, index, path, PROOF.checkpoint), ENTRIES[73])


def test_a_proof_that_has_no_spelling_cannot_be_made() -> None:
    for extra, index, path in ((b"", 0, ()), (None, -1, ()), (None, 1 << 63, ()), (None, 0, (b"short",))):
        with pytest.raises(ProofError):
            Proof(extra, index, path, PROOF.checkpoint)
    with pytest.raises(ProofError):
        Proof(None, 0, (bytes(32),) * 64, PROOF.checkpoint)
    with pytest.raises(ProofError, match="bytes"):
        proofs.parse(BYTES, max_bytes=len(BYTES) - 1)
