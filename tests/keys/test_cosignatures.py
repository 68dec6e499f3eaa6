"""Cosignatures: ours verify elsewhere, others' verify here, and nothing that was changed does."""

import importlib.util
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import FLIPS_OF_ONE_FORMAT
from tlog_scales import signing, tlog

from kynhan_keys import b64, cosignatures
from kynhan_keys.errors import SignatureError
from kynhan_keys.notes import Signature
from kynhan_keys.vkeys import Signer, Vkey

TESTS = Path(__file__).parents[1]
SEED = bytes([7]) * 32
WITNESS = Signer.ml_dsa_44("ca.example/chung-kien", SEED)
ORIGIN, SIZE, ROOT, TIME = "relay.example/kynhan", 20852163, bytes(range(32)), 1795400000
LINE = cosignatures.sign(WITNESS, ORIGIN, SIZE, ROOT, TIME)

sizes = st.integers(0, (1 << 63) - 1)
roots = st.binary(min_size=32, max_size=32)
times = st.integers(1, cosignatures.MAX_TIME)


def test_the_signed_message_is_laid_out_as_specified() -> None:
    assert cosignatures.message("w1", "log", 5, ROOT, 258) == (
        b"subtree/v1\n\0"
        + b"\x02w1"
        + bytes([0, 0, 0, 0, 0, 0, 1, 2])
        + b"\x03log"
        + bytes(8)
        + bytes([0, 0, 0, 0, 0, 0, 0, 5])
        + ROOT
    )


@settings(deadline=None)
@given(sizes, roots, times)
def test_a_cosignature_verifies_and_gives_its_time(size: int, root: bytes, time: int) -> None:
    line = cosignatures.sign(WITNESS, ORIGIN, size, root, time)
    assert (line.name, line.key_id) == (WITNESS.vkey.name, WITNESS.vkey.key_id)
    assert cosignatures.verify(WITNESS.vkey, line, ORIGIN, size, root) == time


@settings(deadline=None)
@given(sizes, roots)
def test_ours_verifies_with_tlog_scales_and_theirs_with_us(size: int, root: bytes) -> None:
    checkpoint = tlog.Checkpoint(ORIGIN, size, root, [])
    ours = cosignatures.sign(WITNESS, ORIGIN, size, root, TIME)
    theirs_of_ours = signing.NoteSignature.from_line(ours.line().rstrip("\n"))
    signing.Vkey.from_string(str(WITNESS.vkey)).get_verifier().verify_note(theirs_of_ours, checkpoint)

    signer = signing.MLDSA44CosignatureSigner(WITNESS.vkey.name, SEED)
    assert Vkey.parse(signer.vkey.serialize()) == WITNESS.vkey
    theirs = signer.sign(checkpoint)
    line = Signature(theirs.name, theirs.key_id.to_bytes(4), theirs.payload)
    assert cosignatures.verify(WITNESS.vkey, line, ORIGIN, size, root) > TIME - 10**9


def test_ours_verifies_with_noble_post_quantum(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("kynhan_tests_nodejs", TESTS / "nodejs.py")
    assert spec and spec.loader
    nodejs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(nodejs)

    lines = []
    for size in (0, 1, SIZE, (1 << 63) - 1):
        line = cosignatures.sign(WITNESS, ORIGIN, size, ROOT, TIME)
        lines.append(
            {
                "key": WITNESS.vkey.key.hex(),
                "message": cosignatures.message(WITNESS.vkey.name, ORIGIN, size, ROOT, TIME).hex(),
                "signature": line.signature[8:].hex(),
            }
        )
    flipped = dict(lines[0], signature="00" + lines[0]["signature"][2:])
    flipped["signature"] = f"{int(lines[0]['signature'][:2], 16) ^ 1:02x}" + lines[0]["signature"][2:]
    for name, content, failed in (("good", lines, []), ("bad", [*lines, flipped], [4])):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(content))
        command = [*nodejs.node(), str(nodejs.interop_dir() / "mldsa.mjs"), str(path)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        assert json.loads(run.stdout) == {"checked": len(content), "failed": failed}, run.stderr
        assert run.returncode == (1 if failed else 0)


@settings(max_examples=FLIPS_OF_ONE_FORMAT, deadline=None)
@given(at=st.integers(0, cosignatures.SIGNATURE_BYTES - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused(at: int, bit: int) -> None:
    flipped = bytearray(LINE.signature)
    flipped[at] ^= 1 << bit
    with pytest.raises(SignatureError):
        cosignatures.verify(
            WITNESS.vkey, Signature(LINE.name, LINE.key_id, bytes(flipped)), ORIGIN, SIZE, ROOT
        )


def test_a_cosignature_holds_for_one_tree_of_one_log_and_one_cosigner() -> None:
    other = Signer.ml_dsa_44(WITNESS.vkey.name, bytes(32)).vkey
    renamed = Signer.ml_dsa_44("ca.example/khac", SEED).vkey
    relabelled = Signature(renamed.name, renamed.key_id, LINE.signature)
    for vkey, line, origin, size, root in (
        (WITNESS.vkey, LINE, "relay.example/khac", SIZE, ROOT),
        (WITNESS.vkey, LINE, ORIGIN, SIZE + 1, ROOT),
        (WITNESS.vkey, LINE, ORIGIN, SIZE, bytes(32)),
        (other, LINE, ORIGIN, SIZE, ROOT),
        (renamed, LINE, ORIGIN, SIZE, ROOT),
        (renamed, relabelled, ORIGIN, SIZE, ROOT),
        (Signer.ed25519(WITNESS.vkey.name, SEED).vkey, LINE, ORIGIN, SIZE, ROOT),
    ):
        with pytest.raises(SignatureError):
            cosignatures.verify(vkey, line, origin, size, root)


@pytest.mark.parametrize("payload", [LINE.signature[:-1], LINE.signature + b"\0", LINE.signature[8:], b"\0"])
def test_a_cosignature_of_another_length_is_refused(payload: bytes) -> None:
    with pytest.raises(SignatureError, match="2428 bytes"):
        cosignatures.verify(WITNESS.vkey, Signature(LINE.name, LINE.key_id, payload), ORIGIN, SIZE, ROOT)


@pytest.mark.parametrize(
    "time", [0, -1, cosignatures.MAX_TIME + 1, 253_402_300_799, 253_402_300_800, 1 << 62, 1 << 63]
)
def test_a_cosignature_of_a_time_that_no_calendar_has_is_neither_made_nor_taken(time: int) -> None:
    with pytest.raises(SignatureError, match="dated"):
        cosignatures.sign(WITNESS, ORIGIN, SIZE, ROOT, time)
    stamp = (time % (1 << 64)).to_bytes(8)
    with pytest.raises(SignatureError):
        cosignatures.verify(
            WITNESS.vkey, Signature(LINE.name, LINE.key_id, stamp + LINE.signature[8:]), ORIGIN, SIZE, ROOT
        )


@pytest.mark.parametrize("time", [0, 253_402_300_800, 1 << 62])
def test_nor_is_one_taken_whose_signature_would_be_valid(time: int) -> None:
    signed = cosignatures.message(WITNESS.vkey.name, ORIGIN, SIZE, ROOT, TIME).replace(
        TIME.to_bytes(8), time.to_bytes(8)
    )
    line = Signature(LINE.name, LINE.key_id, time.to_bytes(8) + WITNESS.sign_bytes(signed))
    with pytest.raises(SignatureError, match="dated from 1 to the end of the year 9998"):
        cosignatures.verify(WITNESS.vkey, line, ORIGIN, SIZE, ROOT)


def test_every_time_of_a_cosignature_has_a_day_and_a_day_after() -> None:
    last = datetime.fromtimestamp(cosignatures.MAX_TIME, UTC)
    assert last + timedelta(days=1) > last


def test_only_ml_dsa_44_cosigns_and_only_trees() -> None:
    with pytest.raises(SignatureError, match="ML-DSA-44"):
        cosignatures.sign(Signer.ed25519("a", SEED), ORIGIN, SIZE, ROOT, TIME)
    for origin, size, root in (
        ("", SIZE, ROOT),
        ("x" * 256, SIZE, ROOT),
        (ORIGIN, -1, ROOT),
        (ORIGIN, 1, b""),
    ):
        with pytest.raises(SignatureError):
            cosignatures.sign(WITNESS, origin, size, root, TIME)


def test_the_line_reads_as_the_specification_shows_it() -> None:
    line = Signature("witness.example.com/w1", bytes.fromhex("8d66cf3f"), bytes(8)).line()
    assert line == f"— witness.example.com/w1 {b64.encode(bytes.fromhex('8d66cf3f') + bytes(8))}\n"
