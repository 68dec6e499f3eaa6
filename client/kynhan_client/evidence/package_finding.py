"""What a package whose file key was revealed shows (opened_package.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..dossiers.unpacking import Fault

Result = Literal[
    "fault",
    "whole",
    "other-key",
    "other-header",
    "other-body",
    "no-key",
    "bad-key",
    "incomplete",
    "not-shown",
]


@dataclass(frozen=True)
class PackageFinding:
    """`fault` (with the `faults` found; the first one's code is its class), `whole`, or why nothing is shown.

    The five answers are None for what was not looked at: is the header as signed, the body as signed, does the key fit
    the header, does the payload decrypt to its end, is what is inside as signed. `dispatch`: the id that is named.
    """

    dispatch: str | None
    result: Result
    faults: tuple[Fault, ...] = ()
    header: bool | None = None
    body: bool | None = None
    key: bool | None = None
    payload: bool | None = None
    content: bool | None = None

    @property
    def fault(self) -> str | None:
        """The class of the fault that is proved, a code of OPENING; None without one."""
        return self.faults[0].code if self.faults else None
