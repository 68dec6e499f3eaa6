"""Checkpoints: what a log signs, in one spelling, twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import FLIPS_OF_ONE_FORMAT
from tlog_scales import signing, tlog

from kynhan_keys import checkpoints, cosignatures, notes
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.errors import CheckpointError, NoteError, SignatureError
from kynhan_keys.merkle import EMPTY_ROOT
from kynhan_keys.notes import Note, Signature
from kynhan_keys.vkeys import Signer

ORIGIN = "relay.example/kynhan"
LOG = (Signer.ed25519(ORIGIN, bytes([1]) * 32), Signer.ml_dsa_44(ORIGIN, bytes([2]) * 32))
VKEYS = [signer.vkey for signer in LOG]
WITNESS = Signer.ml_dsa_44("ca.example/chung-kien", bytes([3]) * 32)
TIME = 1795400000
CHECKPOINT = Checkpoint(ORIGIN, 20852163, bytes(range(32)))
NOTE = checkpoints.sign(CHECKPOINT, *LOG, TIME)
BYTES = notes.format(NOTE)


def test_the_body_is_the_one_of_the_specification() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = checkpoints.parse_body(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root.hex().startswith("0ac5186a9186")
    assert checkpoint.body() == text


@settings(deadline=None)
@given(
    st.integers(1, (1 << 63) - 1), st.binary(min_size=32, max_size=32), st.integers(1, cosignatures.MAX_TIME)
)
def test_what_the_log_signs_reads_back_and_verifies(size: int, root: bytes, time: int) -> None:
    checkpoint = Checkpoint(ORIGIN, size, root)
    data = notes.format(checkpoints.sign(checkpoint, *LOG, time))
    again, note = checkpoints.parse(data)
    assert again == checkpoint
    assert checkpoints.verify(note, VKEYS) == (checkpoint, time)
    assert [line.name for line in note.signatures] == [ORIGIN, ORIGIN]


def test_tlog_scales_verifies_both_lines() -> None:
    theirs = tlog.Checkpoint.from_text(BYTES.decode())
    for vkey in VKEYS:
        theirs.verify(signing.Vkey.from_string(str(vkey)))


@settings(max_examples=FLIPS_OF_ONE_FORMAT, deadline=None)
@given(at=st.integers(0, len(BYTES) - 1), flip=st.integers(1, 255))
def test_a_flipped_byte_is_refused(at: int, flip: int) -> None:
    flipped = BYTES[:at] + bytes([BYTES[at] ^ flip]) + BYTES[at + 1 :]
    with pytest.raises((NoteError, CheckpointError, SignatureError)):
        checkpoints.verify(checkpoints.parse(flipped)[1], VKEYS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n5\n",
        "log\n5\nAAAA\n",
        CHECKPOINT.body() + "extension\n",
        CHECKPOINT.body() + "\n",
        CHECKPOINT.body()[:-1],
        CHECKPOINT.body().replace(ORIGIN, ""),
        CHECKPOINT.body().replace(ORIGIN, "go.sum database tree"),
        CHECKPOINT.body().replace("20852163", "020852163"),
        CHECKPOINT.body().replace("20852163", "+20852163"),
        CHECKPOINT.body().replace("20852163", "-1"),
        CHECKPOINT.body().replace("20852163", "2_0"),
        CHECKPOINT.body().replace("20852163", "٣"),
        CHECKPOINT.body().replace("20852163", ""),
        CHECKPOINT.body().replace("20852163", " 1"),
        CHECKPOINT.body().replace("20852163", str(1 << 63)),
        CHECKPOINT.body().replace("20852163", "9" * 5000),
        CHECKPOINT.body().replace("20852163", "0"),  # an empty tree with a root
        CHECKPOINT.body().replace("=", ""),
        CHECKPOINT.body().replace("8=", "9="),
        CHECKPOINT.body().replace("\n", "\r\n"),
    ],
)
def test_other_bodies_are_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        checkpoints.parse_body(text)


def test_an_empty_tree_has_a_checkpoint() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert checkpoints.parse_body(empty.body()) == empty


def test_only_the_log_signs_and_with_both_keys() -> None:
    for signers in (
        (LOG[0], LOG[0]),
        (LOG[1], LOG[0]),
        (LOG[0], WITNESS),
        (Signer.ed25519("relay.example/khac", bytes(32)), LOG[1]),
    ):
        with pytest.raises(CheckpointError):
            checkpoints.sign(CHECKPOINT, *signers, TIME)
    with pytest.raises(SignatureError):
        checkpoints.sign(CHECKPOINT, *LOG, 0)


def test_the_first_two_lines_are_the_logs_and_no_others() -> None:
    first, second = NOTE.signatures
    witness = cosignatures.sign(WITNESS, ORIGIN, CHECKPOINT.size, CHECKPOINT.root, TIME)
    stranger = notes.sign(NOTE.text, Signer.ed25519(ORIGIN, bytes(32))).signatures[0]
    checkpoints.verify(Note(NOTE.text, (first, second, witness)), VKEYS)
    for lines in (
        (first,),
        (second,),
        (second, first),
        (witness, first, second),
        (first, witness, second),
        (first, second, first),
        (first, second, stranger),
        (first, stranger),
        (stranger, second),
    ):
        with pytest.raises(SignatureError):
            checkpoints.verify(Note(NOTE.text, lines), VKEYS)
    for vkeys in ([], VKEYS[:1], VKEYS[::-1], [VKEYS[0], WITNESS.vkey], [*VKEYS, WITNESS.vkey]):
        with pytest.raises(SignatureError):
            checkpoints.verify(NOTE, vkeys)


def test_cosignatures_come_behind_in_the_order_given_and_once() -> None:
    witness = cosignatures.sign(WITNESS, ORIGIN, CHECKPOINT.size, CHECKPOINT.root, TIME + 1)
    note = checkpoints.add_cosignatures(NOTE, [witness])
    assert note.signatures == (*NOTE.signatures, witness)
    assert notes.format(note) == BYTES + witness.line().encode()
    assert checkpoints.verify(note, VKEYS) == (CHECKPOINT, TIME)
    later = cosignatures.sign(WITNESS, ORIGIN, CHECKPOINT.size, CHECKPOINT.root, TIME + 2)
    for base, lines in ((note, [later]), (NOTE, [witness, later]), (NOTE, [NOTE.signatures[0]])):
        with pytest.raises(CheckpointError, match="once"):
            checkpoints.add_cosignatures(base, lines)
    with pytest.raises(NoteError):
        checkpoints.add_cosignatures(NOTE, [Signature(f"w{number}", bytes(4), b"x") for number in range(99)])
