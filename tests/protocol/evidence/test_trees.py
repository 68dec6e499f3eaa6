"""What follows from the ranges that proofs name: every root that they give, and every contradiction between them."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import PROPERTY_EXAMPLES
from tests.protocol.world import seed

from kynhan_keys import merkle
from kynhan_protocol.evidence.trees import Trees
from kynhan_protocol.rulebook.place import LackingError

MOST = 40
Ranges = list[tuple[int, int, bytes]]


@functools.cache
def leaves() -> list[bytes]:
    return [merkle.leaf_hash(seed(f"entry {index}")) for index in range(MOST)]


def node(level: int, index: int) -> bytes:
    return hash_of(index << level, index + 1 << level)


@functools.cache
def hash_of(start: int, end: int) -> bytes:
    """MTH(D[start:end]) of RFC 6962 §2.1, from the leaves."""
    if end - start == 1:
        return leaves()[start]
    middle = merkle.middle_of(start, end)
    return merkle.node_hash(hash_of(start, middle), hash_of(middle, end))


def follows(known: set[tuple[int, int]], start: int, end: int) -> bool:
    """Whether the hash of a range is known, or follows from its halves."""
    if (start, end) in known or end - start == 1:
        return (start, end) in known
    middle = merkle.middle_of(start, end)
    return follows(known, start, middle) and follows(known, middle, end)


def path(index: int, size: int) -> Ranges:
    return merkle.ranges_of_path(index, size, leaves()[index], merkle.inclusion_proof(index, size, node))


PATHS = st.lists(
    st.integers(1, MOST).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))),
    min_size=1,
    max_size=8,
)


@settings(max_examples=PROPERTY_EXAMPLES, deadline=None)
@given(PATHS)
def test_every_root_that_follows_is_found_and_no_other(chosen: list[tuple[int, int]]) -> None:
    trees = Trees()
    known: set[tuple[int, int]] = set()
    for number, (index, size) in enumerate(chosen):
        found = path(index, size)
        assert found[-1] == (0, size, hash_of(0, size))
        known |= {(start, end) for start, end, _ in found}
        trees.take(str(number), found)
    trees.close()
    assert not list(trees.between())
    assert trees.root_at(0) == merkle.EMPTY_ROOT
    for size in range(1, MOST + 1):
        if follows(known, 0, size):
            assert trees.root_at(size) == hash_of(0, size)
        else:
            with pytest.raises(LackingError):
                trees.root_at(size)


@settings(max_examples=PROPERTY_EXAMPLES, deadline=None)
@given(PATHS, st.data())
def test_a_range_of_another_hash_is_found_wherever_it_follows(
    chosen: list[tuple[int, int]], data: st.DataObject
) -> None:
    known = {one[:2]: one[2] for index, size in chosen for one in path(index, size)}
    size = data.draw(st.integers(1, MOST))
    start, end, _ = data.draw(st.sampled_from(path(data.draw(st.integers(0, size - 1)), size)))
    trees = Trees()
    trees.take("true", [(*place, hash_) for place, hash_ in known.items()])
    trees.take("false", [(start, end, seed("another"))])
    trees.close()
    found = list(trees.between())
    if follows(set(known), start, end):
        assert found
        assert {found[0].one, found[0].other} == {"true", "false"}
    if not any(
        follows({*known, (start, end)}, *place) for place in known if place[0] <= start and end <= place[1]
    ):
        assert not found


def test_each_two_files_are_named_once() -> None:
    trees = Trees()
    trees.take("a", path(3, 8))
    trees.take("b", [(start, end, seed("b")) for start, end, _ in path(3, 8)])
    trees.take("c", [(start, end, seed("c")) for start, end, _ in path(3, 8)])
    trees.close()
    pairs = [frozenset((one.one, one.other)) for one in trees.between()]
    assert len(pairs) == len(set(pairs))
    assert {frozenset("ab"), frozenset("ac")} <= set(pairs)


def test_a_tree_of_the_greatest_size_is_no_more_work_than_its_depth() -> None:
    trees = Trees()
    size = merkle.MAX_SIZE
    way = [seed(str(level)) for level in range(63)]
    trees.take("a", merkle.ranges_of_path(size - 1, size, seed("leaf"), way[: size.bit_count() - 1]))
    trees.close()
    assert trees.root_at(size)
    with pytest.raises(LackingError):
        trees.root_at(size - 2)


@pytest.mark.parametrize("size", [2, 3, 5, 6, 7, 8, 11])
def test_a_root_is_held_against_the_leaves_of_its_tree(size: int) -> None:
    for root, wrong in ((hash_of(0, size), 0), (seed("another"), 1)):
        trees = Trees()
        trees.take("root", [(0, size, root)])
        trees.take("leaves", [(index, index + 1, leaves()[index]) for index in range(size)])
        trees.close()
        assert len(list(trees.between())) == wrong
