"""The rungs of the reminder ladder in words."""

from __future__ import annotations

from .. import words
from ..words import Pair


def step_label(step: str) -> Pair:
    """A rung of the ladder in words: `-10`, `0`, `+3`, `unsigned+1`."""
    if step.startswith("unsigned+"):
        return words.pair("step.unsigned", n=step.removeprefix("unsigned+"))
    days = int(step)
    if days == 0:
        return words.pair("step.on-day")
    return words.pair("step.before" if days < 0 else "step.after", n=abs(days))
