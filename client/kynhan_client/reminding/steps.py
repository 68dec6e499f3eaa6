"""The rungs of the reminder ladder in words."""

from __future__ import annotations

from kynhan_protocol.case import notice_text

from .. import words
from ..words import Pair


def step_label(step: str) -> Pair:
    """A rung of the ladder in words: `-10`, `0`, `+3`, `unsigned+1`, `contested+1`, `declined+1`."""
    for what in (notice_text.UNSIGNED, notice_text.CONTESTED, notice_text.DECLINED):
        if step.startswith(f"{what}+"):
            return words.pair(f"step.{what}", n=step.removeprefix(f"{what}+"))
    days = int(step)
    if days == 0:
        return words.pair("step.on-day")
    return words.pair("step.before" if days < 0 else "step.after", n=abs(days))
