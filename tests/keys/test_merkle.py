"""The Merkle tree against RFC 6962, the vectors of its first implementation, and another reader."""

import hashlib
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import FLIPS_OF_ONE_FORMAT
from tlog_scales.tlog import ConsistencyProof, InclusionProof

from kynhan_keys import merkle
from kynhan_keys.errors import ProofError
from kynhan_keys.merkle import EMPTY_ROOT, Frontier, NodeGetter

# github.com/google/certificate-transparency, the vectors that every implementation since has used
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
CONSISTENCY_6_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_2_5 = [
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
]

LEAVES = [merkle.leaf_hash(number.to_bytes(2)) for number in range(600)]
sizes = st.integers(1, len(LEAVES))


def tree(leaves: list[bytes]) -> NodeGetter:
    nodes = {(level, index): hash_ for level, index, hash_ in merkle.new_nodes(0, leaves)}
    return lambda level, index: nodes[level, index]


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word by word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


GET = tree(LEAVES)


def test_the_roots_of_certificate_transparency() -> None:
    get = tree([merkle.leaf_hash(entry) for entry in ENTRIES])
    assert [merkle.root(size, get) for size in range(9)] == ROOTS
    assert ROOTS[0] == EMPTY_ROOT


def test_the_proofs_of_certificate_transparency() -> None:
    get = tree([merkle.leaf_hash(entry) for entry in ENTRIES])
    assert [hash_.hex() for hash_ in merkle.consistency_proof(6, 8, get)] == CONSISTENCY_6_8
    assert [hash_.hex() for hash_ in merkle.consistency_proof(2, 5, get)] == CONSISTENCY_2_5
    assert merkle.inclusion_proof(2, 3, get) == [ROOTS[2]]


@settings(deadline=None)
@given(sizes)
def test_roots_are_those_of_the_definition(size: int) -> None:
    root = merkle.root(size, GET)
    assert root == mth(LEAVES[:size])
    assert root == Frontier().extend(LEAVES[:size]).root() == Frontier.of(size, GET).root()


@settings(deadline=None)
@given(st.data())
def test_every_inclusion_proof_verifies_here_and_elsewhere(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    root, path = merkle.root(size, GET), merkle.inclusion_proof(index, size, GET)
    merkle.verify_inclusion(index, size, LEAVES[index], path, root)
    InclusionProof(index, size, path).check(LEAVES[index], root)


@settings(deadline=None)
@given(st.data())
def test_every_consistency_proof_verifies_here_and_elsewhere(data: st.DataObject) -> None:
    new = data.draw(sizes)
    old = data.draw(st.integers(0, new))
    roots, path = (merkle.root(old, GET), merkle.root(new, GET)), merkle.consistency_proof(old, new, GET)
    merkle.verify_consistency(old, new, *roots, path)
    ConsistencyProof(old, new, path).check(*roots)


def test_all_small_trees_exhaustively() -> None:
    roots = [mth(LEAVES[:size]) for size in range(34)]
    for size in range(1, 34):
        for index in range(size):
            path = merkle.inclusion_proof(index, size, GET)
            for at in range(size):  # the proof of one index proves no other
                valid = holds(merkle.verify_inclusion, at, size, LEAVES[index], path, roots[size])
                assert valid == (at == index)
        for old in range(size + 1):
            path = merkle.consistency_proof(old, size, GET)
            assert holds(merkle.verify_consistency, old, size, roots[old], roots[size], path)
            if 0 < old < size:
                assert not holds(merkle.verify_consistency, old, size, roots[old - 1], roots[size], path)


def holds(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except ProofError:
        return False
    return True


@settings(max_examples=FLIPS_OF_ONE_FORMAT, deadline=None)
@given(st.data())
def test_a_flipped_bit_a_lost_or_an_added_hash_is_refused(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, len(LEAVES)))
    old = data.draw(st.integers(1, new - 1))
    old_root, new_root = merkle.root(old, GET), merkle.root(new, GET)
    inclusion = merkle.inclusion_proof(old, new, GET)
    consistency = merkle.consistency_proof(old, new, GET)
    for good, check in (
        (inclusion, lambda path: merkle.verify_inclusion(old, new, LEAVES[old], path, new_root)),
        (consistency, lambda path: merkle.verify_consistency(old, new, old_root, new_root, path)),
    ):
        at = data.draw(st.integers(0, len(good) - 1))
        byte, bit = data.draw(st.integers(0, 31)), data.draw(st.integers(0, 7))
        flipped = bytearray(good[at])
        flipped[byte] ^= 1 << bit
        for bad in (
            [*good[:at], bytes(flipped), *good[at + 1 :]],
            good[:at] + good[at + 1 :],
            [*good[:at], good[at], *good[at:]],
            [*good, EMPTY_ROOT],
            [*good[:at], good[at][:-1], *good[at + 1 :]],
        ):
            with pytest.raises(ProofError):
                check(bad)


@settings(deadline=None)
@given(sizes, st.integers(0, 31), st.integers(0, 7))
def test_another_root_is_refused(size: int, byte: int, bit: int) -> None:
    root = bytearray(merkle.root(size, GET))
    root[byte] ^= 1 << bit
    with pytest.raises(ProofError):
        merkle.verify_inclusion(0, size, LEAVES[0], merkle.inclusion_proof(0, size, GET), bytes(root))
    with pytest.raises(ProofError):
        merkle.verify_consistency(size, size, merkle.root(size, GET), bytes(root), [])


def test_the_edges_of_what_can_be_asked() -> None:
    root = merkle.root(5, GET)
    for check in (
        lambda: merkle.inclusion_proof(5, 5, GET),
        lambda: merkle.inclusion_proof(-1, 5, GET),
        lambda: merkle.inclusion_proof(0, 0, GET),
        lambda: merkle.consistency_proof(6, 5, GET),
        lambda: merkle.root(-1, GET),
        lambda: merkle.root(1 << 63, GET),
        lambda: merkle.verify_inclusion(5, 5, LEAVES[4], [], root),
        lambda: merkle.verify_inclusion(0, 0, LEAVES[4], [], EMPTY_ROOT),
        lambda: merkle.verify_consistency(6, 5, root, root, []),
        lambda: merkle.verify_consistency(5, 5, root, root, [root]),
        lambda: merkle.verify_consistency(0, 5, root, root, []),  # a root for an empty tree
        lambda: merkle.verify_consistency(0, 5, EMPTY_ROOT, root, [root]),
        lambda: merkle.verify_consistency(0, 0, EMPTY_ROOT, root, []),
        lambda: merkle.verify_consistency(3, 5, root, root, []),
        lambda: merkle.new_nodes(5, LEAVES),
    ):
        with pytest.raises(ProofError):
            check()
    merkle.verify_consistency(0, 5, EMPTY_ROOT, root, [])
    merkle.verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])


def test_the_deepest_tree_takes_a_path_of_63() -> None:
    size, index = (1 << 63) - 1, 12345
    hashes = [bytes([level]) * 32 for level in range(63)]
    root = LEAVES[0]
    for level, sibling in enumerate(hashes):
        root = merkle.node_hash(sibling, root) if index >> level & 1 else merkle.node_hash(root, sibling)
    merkle.verify_inclusion(index, size, LEAVES[0], hashes, root)


@settings(deadline=None)
@given(st.data())
def test_nodes_come_into_being_in_the_same_way_however_leaves_are_grouped(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 200))
    cuts = sorted(data.draw(st.sets(st.integers(0, size), max_size=6)) | {0, size})
    nodes: dict[tuple[int, int], bytes] = {}
    for start, end in itertools.pairwise(cuts):
        made = merkle.new_nodes(start, LEAVES[start:end], lambda level, index: nodes[level, index])
        for level, index, hash_ in made:
            assert (level, index) not in nodes
            nodes[level, index] = hash_
    everything = {
        (level, index): mth(LEAVES[index << level : (index + 1) << level])
        for level in range(8)
        for index in range(size >> level)
    }
    assert nodes == everything


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 300), st.integers(0, 300))
def test_a_frontier_survives_being_written_down(size: int, more: int) -> None:
    frontier = Frontier().extend(LEAVES[:size])
    again = Frontier.from_bytes(frontier.to_bytes())
    assert again == frontier
    assert again.extend(LEAVES[size : size + more]).root() == mth(LEAVES[: size + more])
    assert again == frontier  # extending made a new one
    assert again.append(LEAVES[0]).size == size + 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(7),
        bytes(9),
        (3).to_bytes(8) + bytes(32),
        (4).to_bytes(8) + bytes(64),
        bytes(8) + bytes(32),
        bytes([255]) * 8 + bytes(64 * 32),
    ],
)
def test_a_frontier_that_does_not_fit_its_size_is_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        Frontier.from_bytes(data)
