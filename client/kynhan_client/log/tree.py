"""The first part of a sync: bringing our tree to a checkpoint of the relay's, or finding out why it cannot be."""

from __future__ import annotations

from kynhan_keys import merkle
from kynhan_keys.errors import TileError

from ..clauses import clause
from . import logbook
from .entries import fetch
from .logbook import Head
from .mirroring import Mirroring


async def take(on: Mirroring, head: Head) -> bool:
    """Brings our tree to the checkpoint's size, if that is what the checkpoint is of."""
    size = logbook.size(on.archive)
    if head.size <= size:
        if not on.guard.remember(head):
            return False
        if head.size < size:
            on.guard.alarm(
                "older-checkpoint",
                f"The relay showed an older log ({head.size} entries) than before ({size}).",
                f"Máy trung chuyển đưa nhật ký cũ hơn ({head.size} mục) so với trước ({size} mục).",
                once=f"{head.size}/{size}",
            )
        return True
    try:
        ids = await fetch(on.relay, size, head.size)
    except TileError as error:
        on.garbled(clause("answer.tiles", why=error))
        return False
    frontier = merkle.Frontier.of(size, logbook.node_getter(on.archive))
    leaves = [merkle.leaf_hash(entry) for entry in ids]
    if frontier.extend(leaves).root() != head.root:
        await _explain(on, head)
        return False
    with on.archive.transaction():
        logbook.append_leaves(on.archive, [entry.hex() for entry in ids])
        for promised, root, note in logbook.due_promises(on.archive, head.size):
            if logbook.root_at(on.archive, promised) != root:
                on.guard.fork(
                    {"promised.checkpoint": note, "shown.checkpoint": head.note},
                    f"{promised}/{head.size}",
                )
        logbook.keep_promises(on.archive, head.size)
        logbook.keep_checkpoint(on.archive, head, own=False, all_cosigned=False)
    return on.home.frozen is None


async def _explain(on: Mirroring, head: Head) -> None:
    """The entries served do not continue our tree to the checkpoint: who is wrong?

    If the whole log as served has the checkpoint's root, then the relay signed a history other than the one it
    signed to us before, and the entries prove it. If not, it only served rubbish.
    """
    ours = logbook.latest(on.archive)
    try:
        entries = await fetch(on.relay, 0, head.size)
    except TileError as error:
        on.garbled(clause("answer.tiles", why=error))
        return
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    whole = merkle.Frontier().extend(leaves).root()
    if ours is None or whole != head.root or ours.size > head.size:
        on.garbled(clause("answer.other-root", size=head.size))
        return
    on.guard.fork(
        {"before.checkpoint": ours.note, "now.checkpoint": head.note, "now.entries": b"".join(entries)},
        f"{ours.size}/{head.size}",
    )
