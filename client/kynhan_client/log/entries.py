"""The log's entries (ids of statements, 32 bytes each) as the relay serves them in bundles of 256. Unverified."""

from __future__ import annotations

from kynhan_keys import merkle, tiles
from kynhan_keys.errors import TileError

from ..errors import ClientError
from ..relay.relay import Relay


async def fetch(relay: Relay, start: int, end: int) -> list[bytes]:
    """The entries from index `start` up to, not including, `end`.

    Raises TileError for bundles that are none, ClientError relay-down, not-found.
    """
    found: list[bytes] = []
    if start >= end:
        return found
    for bundle in range(start // tiles.WIDTH, (end - 1) // tiles.WIDTH + 1):
        first = bundle * tiles.WIDTH
        width = min(tiles.WIDTH, end - first)
        entries = await _bundle(relay, bundle, width)
        found += entries[max(start - first, 0) : width]
    if any(len(entry) != merkle.HASH_BYTES for entry in found):
        raise TileError("an entry is not a hash")
    return found


async def _bundle(relay: Relay, bundle: int, width: int) -> list[bytes]:
    """A bundle of at least `width` entries: a partial one may have been replaced by the full one meanwhile."""
    try:
        return tiles.decode_entries(await relay.tile(tiles.entries_path(bundle, width)), width)
    except ClientError as error:
        if error.code != "not-found" or width == tiles.WIDTH:
            raise
    return tiles.decode_entries(await relay.tile(tiles.entries_path(bundle)))
