"""Keeping our own copy of the log: fetch, verify, keep. The shell around heads.py and following.py.

    result = await mirror.sync(home, relay)     result.new, result.alarms, result.up_to_date
    view = View(home)                           what the copy says now

The order is the order of trust (DESIGN §3.3): the checkpoint's signatures; the tree under it, recomputed from its
entries and compared with every tree the relay ever signed to us; the text of every entry; what the text says.
Only a contradiction that the relay signed freezes the home. Everything else is recorded, told, and ignored.
"""

from __future__ import annotations

from ..errors import ClientError
from ..home.home import Home
from ..relay.relay import Relay
from . import cosigned, documents, heads, objecting, text, tree
from .guarding import Guard
from .mirroring import Mirroring, SyncResult
from .view import View, committees_of, read_size


async def sync(home: Home, relay: Relay) -> SyncResult:
    """Brings the copy up to date. Raises ClientError relay-down, refused, not-certified, member-expired, home-in-use.

    What does not verify is in `alarms`, and on record; it changes nothing else. A contradiction freezes the home.
    """
    async with home.writing():
        try:
            return await _run(Mirroring(home, relay))
        except ClientError as error:
            if error.code == "refused" and error.data.get("relay_code") == "unauthorized":
                View(home).own()  # whether it is that our own key is not in force is known here
            raise


def gossip(home: Home, checkpoint: bytes) -> bool:
    """Takes in a checkpoint that came by another way (inside a package, in an answer).

    It is compared with our copy at once or as soon as that is large enough. False if it bears no good signatures of
    the relay's: then it says nothing. A contradiction freezes the home.
    """
    address = home.relay
    try:
        signed = heads.read(checkpoint, address.origin, address.keys, committees_of(home))
    except ClientError:
        return False
    Guard(home).remember(signed.head)
    return True


async def _run(on: Mirroring) -> SyncResult:
    signed = on.checkpoint(await on.relay.checkpoint())
    if signed is not None and await tree.take(on, signed.head):
        await text.read(on, signed.head)
        await cosigned.keep(on)
        await documents.fetch(on)
        objecting.record(on.home, on.guard, on.result.new, on.result.up_to_date)
    on.result.size = read_size(on.home)
    on.result.alarms = on.guard.raised
    return on.result
