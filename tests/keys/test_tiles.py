"""Tiles: the paths and bytes of c2sp.org/tlog-tiles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import FLIPS_OF_ONE_FORMAT
from tlog_scales import tiles as scales

from kynhan_keys import merkle, tiles
from kynhan_keys.errors import TileError
from kynhan_keys.tiles import ENTRIES, Tile

LEAVES = [merkle.leaf_hash(number.to_bytes(2)) for number in range(70_000 % 65_536 + 600)]
NODES = {(level, index): hash_ for level, index, hash_ in merkle.new_nodes(0, LEAVES)}

some_tiles = st.builds(
    Tile,
    st.one_of(st.just("entries"), st.integers(0, 63)),
    st.integers(0, (1 << 63) - 1),
    st.integers(1, 256),
)


def get(level: int, index: int) -> bytes:
    return NODES[level, index]


LOG_SIZE = 300
LOG_ROOT = merkle.root(LOG_SIZE, get)
LOG = {tile.path: tiles.hash_tile(tile, get) for tile in tiles.hash_tiles_for_size(LOG_SIZE)} | {
    tile.path: tiles.encode_entries(
        [number.to_bytes(2) for number in range(tile.index * 256, tile.index * 256 + tile.width)]
    )
    for tile in tiles.entry_tiles_for_size(LOG_SIZE)
}


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),  # the example of the specification
        (Tile(0, 1234, 5), "tile/0/x001/234.p/5"),
        (Tile(63, 999, 255), "tile/63/999.p/255"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile("entries", 0, 1), "tile/entries/000.p/1"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tiles.parse_path(path) == tile
    if tile.level == ENTRIES:
        assert tiles.entries_path(tile.index, tile.width) == path
    else:
        assert tiles.tile_path(int(tile.level), tile.index, tile.width) == path


@settings(deadline=None)
@given(some_tiles)
def test_a_path_reads_back_and_is_what_others_write(tile: Tile) -> None:
    assert tiles.parse_path(tile.path) == tile
    level = -1 if tile.level == ENTRIES else int(tile.level)
    assert "/".join(scales.tile_path(level, tile.index, tile.width % 256)) == tile.path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1234067",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/234",
        "tile/0/x001/x234",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/entry/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000/",
        "/tile/0/000",
        "tile//000",
        "tile/0/000\n",
        "tile/0/../000",
        "tile/0/٠٠٠",  # digits, but not ASCII
        "tile/0/" + "x999/" * 7 + "999",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(TileError):
        tiles.parse_path(path)


@pytest.mark.parametrize(
    "tile", [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257), (0, 1 << 63, 1)]
)
def test_numbers_that_no_tile_has_are_refused(tile: tuple[int, int, int]) -> None:
    with pytest.raises(TileError):
        tiles.tile_path(*tile)


def test_the_tiles_of_a_tree_of_70000() -> None:
    made = tiles.hash_tiles_for_size(70_000)
    assert len(made) == 273 + 1 + 1 + 1 + 1  # as the specification counts them
    assert [tile for tile in made if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert tiles.hash_tiles_for_size(256) == [Tile(0, 0), Tile(1, 0, 1)]
    assert tiles.entry_tiles_for_size(257) == [Tile("entries", 0), Tile("entries", 1, 1)]
    assert tiles.tiles_for_size(0) == []
    assert tiles.tiles_for_size(1) == [Tile(0, 0, 1), Tile("entries", 0, 1)]
    for count in (tiles.hash_tiles_for_size, tiles.entry_tiles_for_size):
        with pytest.raises(TileError):
            count(-1)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 513, 4_000, len(LEAVES)])
def test_a_tree_read_from_its_tiles_is_the_tree(size: int) -> None:
    files = {tile.path: tiles.hash_tile(tile, get) for tile in tiles.hash_tiles_for_size(size)}
    read = tiles.node_getter(size, lambda tile: files[tile.path])
    assert merkle.root(size, read) == merkle.root(size, get)
    for (level, index), hash_ in NODES.items():
        if (index + 1) << level <= size and index % 7 == 0:
            assert read(level, index) == hash_
    for level, index in ((0, size), (1, size // 2), (9, size >> 9), (-1, 0), (0, -1)):
        with pytest.raises(TileError):
            read(level, index)


@settings(max_examples=FLIPS_OF_ONE_FORMAT, deadline=None)
@given(st.data())
def test_a_flipped_bit_in_any_file_of_the_log_is_refused(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(LOG)))
    content = LOG[path]
    at = data.draw(st.integers(0, len(content) - 1))
    flipped = content[:at] + bytes([content[at] ^ 1 << data.draw(st.integers(0, 7))]) + content[at + 1 :]
    with pytest.raises(TileError):
        tiles.verify_tree(LOG_SIZE, LOG_ROOT, lambda tile: flipped if tile.path == path else LOG[tile.path])


def test_a_log_as_it_should_be_is_accepted() -> None:
    tiles.verify_tree(LOG_SIZE, LOG_ROOT, lambda tile: LOG[tile.path])
    tiles.verify_tree(0, merkle.EMPTY_ROOT, lambda tile: b"")
    with pytest.raises(TileError, match="root"):
        tiles.verify_tree(LOG_SIZE, merkle.EMPTY_ROOT, lambda tile: LOG[tile.path])


def test_a_tile_of_another_length_is_refused() -> None:
    data = tiles.hash_tile(Tile(0, 0, 5), get)
    assert tiles.parse_tile(data, 5) == LEAVES[:5]
    for width in (4, 6, 256):
        with pytest.raises(TileError):
            tiles.parse_tile(data, width)
    with pytest.raises(TileError):
        tiles.hash_tile(Tile("entries", 0), get)
    with pytest.raises(TileError):
        merkle.root(5, tiles.node_getter(5, lambda tile: data[:-1]))


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_entries_read_back(entries: list[bytes]) -> None:
    data = tiles.encode_entries(entries)
    assert tiles.decode_entries(data, len(entries)) == entries
    for width in (len(entries) - 1, len(entries) + 1):
        with pytest.raises(TileError):
            tiles.decode_entries(data, width)


@settings(deadline=None)
@given(st.binary(max_size=40), st.integers(1, 10))
def test_whatever_bundle_is_accepted_has_this_spelling(data: bytes, width: int) -> None:
    try:
        entries = tiles.decode_entries(data, width)
    except TileError:
        return
    assert tiles.encode_entries(entries) == data


@pytest.mark.parametrize("data", [b"\0", b"\0\1", b"\0\2a", b"\0\1a\0"])
def test_a_bundle_cut_short_is_refused(data: bytes) -> None:
    with pytest.raises(TileError, match="inside"):
        tiles.decode_entries(data, 1)


def test_a_bundle_has_its_limits() -> None:
    for entries in ([], [b""] * 257, [bytes(65_536)]):
        with pytest.raises(TileError):
            tiles.encode_entries(entries)
    assert tiles.decode_entries(tiles.encode_entries([bytes(65_535)] * 256)) == [bytes(65_535)] * 256
