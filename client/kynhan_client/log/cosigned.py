"""The third part of a sync: who of the witnesses cosigned what, and whether the relay's times fit."""

from __future__ import annotations

from . import logbook
from .concerning import SLACK
from .following import Finding
from .mirroring import Mirroring


async def keep(on: Mirroring) -> None:
    """Keeps the checkpoints that witnesses cosigned: what we may call seen, what makes receipts final."""
    shown = [await on.relay.checkpoint(), await on.relay.candidate(), await on.relay.cosigned()]
    for data in shown:
        signed = None if data is None else on.checkpoint(data)
        if signed is None:
            continue
        head = signed.head
        if head.size > logbook.size(on.archive):
            logbook.promise(on.archive, head.size, head.root, head.note)
            continue
        if not on.guard.remember(head):
            return
        own = signed.cosigned.get(on.home.config.committee)
        everybody = all(committee in signed.cosigned for committee in on.committees.chains)
        with on.archive.transaction():
            logbook.keep_checkpoint(
                on.archive, head, own=own is not None, all_cosigned=everybody and head.size > 0
            )
            if own is not None:
                _check_times(on, head.size, own)


def _check_times(on: Mirroring, size: int, cosigned: int) -> None:
    """Log times lie between the cosignatures around them, give or take five minutes (DESIGN §3.3)."""
    before = on.archive.get("cosigned") or {"size": 0, "time": 0}
    if size <= before["size"]:
        return
    rows = on.archive.rows(
        "SELECT idx FROM statements WHERE idx >= ? AND idx < ? AND (log_time > ? OR log_time < ?) LIMIT 1",
        (before["size"], size, cosigned + SLACK, before["time"] - SLACK),
    )
    for (index,) in rows:
        on.guard.record(
            Finding(
                "objection",
                "time-outside-cosignatures",
                f"The relay's time of statement {index} does not fit the witness's cosignatures around it.",
                f"Thời điểm của mục {index} không khớp các lần ký đối chứng trước và sau.",
                index,
            ),
            {},
        )
    on.archive.put("cosigned", {"size": size, "time": cosigned})
