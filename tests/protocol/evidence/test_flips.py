"""One flipped byte, anywhere, is refused for the right reason.

Flips by lane (lanes.py), spread over all that travels: receipts, statements,
checkpoints, tiles, headers and bodies.
"""

from __future__ import annotations

import functools
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import FLIPS
from tests.protocol.cases import close, closed
from tests.protocol.world import CA, CCQ, ORIGIN, World, flipped, seed, signer, witness

from kynhan_keys import age, checkpoints, cosignatures, header, merkle, mlkem768x25519, stream, tiles
from kynhan_keys.errors import (
    AgeError,
    CheckpointError,
    HeaderError,
    MacError,
    NoMatchError,
    NoteError,
    PayloadError,
    SignatureError,
)
from kynhan_keys.tiles import Tile
from kynhan_protocol.errors import StatementError
from kynhan_protocol.evidence import evidence
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.statements import signing

MASKS = st.integers(1, 255)
SIZE = 300  # leaves, so that there are tiles of two levels
# what may be said of a receipt of which one byte is not what it was
READING = {"unreadable", "bad-statement", "not-logged"}
CHECKPOINT = {*READING, "other-log", "checkpoint-signature", "unknown-signature", "cosignature"}


def flips(share: int) -> settings:
    """So many of a thousand flips are this test's."""
    return settings(max_examples=FLIPS * share // 1_000, deadline=None)


@functools.cache
def world() -> World:
    made = World.founded()
    made.receipt(made.request())
    close(made)
    return made


@functools.cache
def case_files() -> dict[str, bytes]:
    return closed(world().case_files())


@functools.cache
def tree() -> tuple[dict[Tile, bytes], bytes]:
    """All tiles of a log of SIZE leaves, and its root."""
    nodes: dict[tuple[int, int], bytes] = {}

    def get(level: int, index: int) -> bytes:
        return nodes[level, index]

    entries = [seed(f"entry {index}") for index in range(SIZE)]
    for level, index, hash_ in merkle.new_nodes(0, [merkle.leaf_hash(entry) for entry in entries]):
        nodes[level, index] = hash_
    found = {tile: tiles.hash_tile(tile, get) for tile in tiles.hash_tiles_for_size(SIZE)}
    for tile in tiles.entry_tiles_for_size(SIZE):
        found[tile] = tiles.encode_entries(entries[tile.index * 256 : tile.index * 256 + tile.width])
    return found, merkle.root(SIZE, get)


@functools.cache
def sealed() -> tuple[bytes, bytes, mlkem768x25519.Identity]:
    """Header, body (two chunks), and who opens them."""
    identity = mlkem768x25519.Identity(seed("identity"))
    file_key = seed("file key")[:16]
    head = age.make_header(file_key, [identity.recipient()])
    body = b"".join(stream.seal_payload(file_key, seed("nonce")[:16], [bytes(70_000)]))
    return head, body, identity


def pick(draw: st.DataObject, data: bytes) -> bytes:
    return flipped(data, draw.draw(st.integers(0, len(data) - 1)), draw.draw(MASKS))


def test_the_case_is_valid_before_anything_is_flipped() -> None:
    assert evidence.verify_case(case_files()).verdict == Verdict.VALID


@flips(100)
@given(st.data())
def test_a_flipped_receipt_is_invalid(data: st.DataObject) -> None:
    files = case_files()
    name = data.draw(st.sampled_from([name for name in files if name.endswith(".receipt")]))
    report = evidence.verify_case({**files, name: pick(data, files[name])})
    assert report.verdict == Verdict.INVALID
    said = [reason for reason in report.all_reasons if reason.subject == name]
    assert {reason.code for reason in said if reason.verdict == Verdict.INVALID} & CHECKPOINT


@flips(300)
@given(st.data())
def test_a_flipped_statement_is_refused_by_its_grammar_or_signature(data: st.DataObject) -> None:
    logged = data.draw(st.sampled_from(world().log))
    note = pick(data, logged.note)
    try:
        signed = signing.parse(note)
    except StatementError as error:
        assert error.code in ("bad-statement", "bad-signature")
        return
    keys = [signer(name).vkey for name in signing.signer_names(logged.statement)]
    signing.verify(signing.parse(logged.note), keys)
    with pytest.raises(StatementError) as caught:
        signing.verify(signed, keys)
    assert caught.value.code == "bad-signature"


@flips(200)
@given(st.data())
def test_a_flipped_checkpoint_is_refused_by_its_spelling_or_a_signature(data: st.DataObject) -> None:
    keys = (signer(ORIGIN).vkey, witness(ORIGIN).vkey)
    with pytest.raises((NoteError, CheckpointError, SignatureError)):
        head, note = checkpoints.parse(pick(data, world().cosigned[-1]))
        checkpoints.verify(note, keys)
        for line, committee in zip(note.signatures[2:], (CA, CCQ), strict=True):
            vkey = witness(f"{committee}/doi-chung").vkey
            cosignatures.verify(vkey, line, head.origin, head.size, head.root)


@flips(150)
@given(st.data())
def test_a_flipped_tile_does_not_lead_to_the_root(data: st.DataObject) -> None:
    found, root = tree()
    changed = data.draw(st.sampled_from(list(found)))
    files = {**found, changed: pick(data, found[changed])}
    assert not leads_to(files, root)
    assert leads_to(found, root)


def leads_to(files: dict[Tile, bytes], root: bytes) -> bool:
    """Whether every tile follows from the entries, and the whole from the root."""
    try:
        entries = [
            entry
            for tile in tiles.entry_tiles_for_size(SIZE)
            for entry in tiles.decode_entries(files[tile], tile.width)
        ]
        leaves = [merkle.leaf_hash(entry) for entry in entries]
        nodes = {(level, index): hash_ for level, index, hash_ in merkle.new_nodes(0, leaves)}
        expected = {
            tile: tiles.hash_tile(tile, lambda level, index: nodes[level, index])
            for tile in tiles.hash_tiles_for_size(SIZE)
        }
    except (ValueError, KeyError):
        return False
    return (
        all(files[tile] == data for tile, data in expected.items())
        and merkle.root(SIZE, lambda level, index: nodes[level, index]) == root
    )


@flips(150)
@given(st.data())
def test_a_flipped_header_opens_nothing(data: st.DataObject) -> None:
    head, _, identity = sealed()
    with pytest.raises((HeaderError, MacError, NoMatchError)):
        found = header.split(pick(data, head))
        if found is None:
            raise HeaderError("no header")
        age.open_header(found[0], [identity])
        assert not found[1]


@flips(150)
@given(st.data())
def test_a_flipped_body_ends_in_a_payload_error(data: st.DataObject) -> None:
    _, body, _ = sealed()
    with pytest.raises(PayloadError) as caught:
        for _ in stream.open_payload(seed("file key")[:16], [pick(data, body)]):
            pass
    assert isinstance(caught.value, AgeError)


def test_the_hashes_that_were_signed_notice_first() -> None:
    head, body, _ = sealed()
    for part in (head, body):
        assert hashlib.sha256(flipped(part, 0, 1)).digest() != hashlib.sha256(part).digest()
