"""The help of one command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    """`short`: the line in the list of commands; `long`: a paragraph each; Vietnamese first. Examples as typed."""

    short: tuple[str, str]
    long: tuple[str, str]
    examples: tuple[str, ...]
