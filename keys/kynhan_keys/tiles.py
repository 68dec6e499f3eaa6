"""Tiles: the log as a finite set of files. Their paths, and the bytes in them.

    tile/0/x001/x234/067        256 leaf hashes
    tile/1/000.p/17             17 hashes, each of a full tile of level 0
    tile/entries/x001/234.p/5   5 entries, each after its length as uint16

Specification: https://c2sp.org/tlog-tiles (Merkle Tree, Partial Tiles, Log entries).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from kynhan_keys.errors import TileError
from kynhan_keys.merkle import HASH_BYTES, MAX_SIZE, Frontier, NodeGetter, leaf_hash, node_hash

WIDTH: Final = 256  # hashes or entries in a full tile
HEIGHT: Final = 8  # levels of the Merkle tree in a tile
MAX_LEVEL: Final = 63
MAX_ENTRY_BYTES: Final = 0xFFFF

ENTRIES: Final = "entries"

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True)
class Tile:
    """One tile: its level (or `entries`), its index in the level, its width (less than 256: partial)."""

    level: int | Literal["entries"]
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if self.level != ENTRIES and not 0 <= int(self.level) <= MAX_LEVEL:
            raise TileError(f"no tile has level {self.level}")
        if not 0 <= self.index <= MAX_SIZE:
            raise TileError(f"no tile has index {self.index}")
        if not 1 <= self.width <= WIDTH:
            raise TileError(f"a tile is 1 to {WIDTH} wide, not {self.width}")

    @property
    def path(self) -> str:
        """The path below the log's prefix, without a leading slash."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        *above, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/" + "".join(f"x{part}/" for part in above) + last + partial


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """The path of a tile of hashes. Raises TileError for numbers that no tile has."""
    return Tile(level, index, width).path


def entries_path(index: int, width: int = WIDTH) -> str:
    """The path of an entry bundle. Raises TileError for numbers that no bundle has."""
    return Tile(ENTRIES, index, width).path


def parse_path(text: str) -> Tile:
    """The tile whose `path` is `text`, in its one spelling. Raises TileError."""
    match = _PATH.fullmatch(text) if len(text) <= 100 else None
    if not match:
        raise TileError("not a path of a tile")
    level = match["level"]
    tile = Tile(
        ENTRIES if level == ENTRIES else int(level),
        int(re.sub("[x/]", "", match["index"])),
        int(match["width"] or WIDTH),
    )
    if tile.path != text:  # superfluous x000/, or a width of 256 spelled out
        raise TileError("not the canonical path of a tile")
    return tile


def hash_tiles_for_size(size: int) -> list[Tile]:
    """All tiles of hashes, full and partial, of a tree of `size` leaves: level by level, from the left."""
    if not 0 <= size <= MAX_SIZE:
        raise TileError(f"no tree has {size} leaves")
    tiles: list[Tile] = []
    level = 0
    while size:
        tiles += _row(level, size)
        level, size = level + 1, size >> HEIGHT
    return tiles


def entry_tiles_for_size(size: int) -> list[Tile]:
    """All entry bundles, full and partial, of a log of `size` entries."""
    if not 0 <= size <= MAX_SIZE:
        raise TileError(f"no log has {size} entries")
    return _row(ENTRIES, size)


def tiles_for_size(size: int) -> list[Tile]:
    """All files of the log at `size` but the checkpoint: its tiles of hashes, then its entry bundles."""
    return hash_tiles_for_size(size) + entry_tiles_for_size(size)


def hash_tile(tile: Tile, get: NodeGetter) -> bytes:
    """The bytes of a tile of hashes (not of entries: TileError), `width` times 32, from the tree's nodes."""
    level = tile.level
    if level == ENTRIES:
        raise TileError("an entry bundle is not made of nodes")
    first = tile.index * WIDTH
    return b"".join(get(int(level) * HEIGHT, index) for index in range(first, first + tile.width))


def parse_tile(data: bytes, width: int = WIDTH) -> list[bytes]:
    """The `width` hashes of a tile. Raises TileError."""
    if len(data) != width * HASH_BYTES:
        raise TileError(f"a tile {width} wide has {width * HASH_BYTES} bytes, not {len(data)}")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """An entry bundle of 1 to 256 entries of at most 65,535 bytes. Raises TileError."""
    if not 1 <= len(entries) <= WIDTH:
        raise TileError(f"a bundle has 1 to {WIDTH} entries, not {len(entries)}")
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise TileError(f"entry of more than {MAX_ENTRY_BYTES} bytes")
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def decode_entries(data: bytes, width: int = WIDTH) -> list[bytes]:
    """The `width` entries of a bundle. Raises TileError."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start])
        if at > len(data) or start > len(data):
            raise TileError("the bundle ends inside an entry")
        entries.append(data[start:at])
    if len(entries) != width:
        raise TileError(f"a bundle {width} wide has {width} entries, not {len(entries)}")
    return entries


def node_getter(size: int, fetch: Callable[[Tile], bytes]) -> NodeGetter:
    """Reads the nodes of a tree of `size` from its tiles of hashes; `fetch` gives a tile's bytes.

    Each tile is fetched once and kept. What comes out is only as good as the tiles: check merkle.root() of it
    against a checkpoint. Raises TileError for a tile of the wrong length and for nodes outside the tree.
    """
    kept: dict[Tile, list[bytes]] = {}

    def get(level: int, index: int) -> bytes:
        row, height = divmod(level, HEIGHT)
        first, count = index << height, 1 << height  # the node spans `count` hashes of that row
        at, offset = divmod(first, WIDTH)
        if level < 0 or index < 0 or (index + 1) << level > size:
            raise TileError(f"node {level}/{index} is not in a tree of {size}")
        tile = Tile(row, at, min(WIDTH, (size >> (row * HEIGHT)) - at * WIDTH))
        if tile not in kept:
            kept[tile] = parse_tile(fetch(tile), tile.width)
        return _fold(kept[tile][offset : offset + count])

    return get


def verify_tree(size: int, root: bytes, fetch: Callable[[Tile], bytes]) -> None:
    """Recomputes the whole log of `size` entries, from its entry bundles up, and holds every tile against it.

    `root` is that of a checkpoint. Raises TileError. Keeps 32 bytes an entry in memory.
    """
    row: list[bytes] = []
    for bundle in entry_tiles_for_size(size):
        row += (leaf_hash(entry) for entry in decode_entries(fetch(bundle), bundle.width))
    if Frontier().extend(row).root() != root:
        raise TileError("the entries do not have the checkpoint's root")
    level = 0
    while row:
        for tile in _row(level, len(row)):
            first = tile.index * WIDTH
            if fetch(tile) != b"".join(row[first : first + tile.width]):
                raise TileError(f"{tile.path} is not the tile over these entries")
        full = len(row) // WIDTH
        row = [_fold(row[index * WIDTH : (index + 1) * WIDTH]) for index in range(full)]
        level += 1


def _row(level: int | Literal["entries"], count: int) -> list[Tile]:
    full, partial = divmod(count, WIDTH)
    return [Tile(level, index) for index in range(full)] + ([Tile(level, full, partial)] if partial else [])


def _fold(hashes: list[bytes]) -> bytes:
    """The hash of the complete subtree over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]
