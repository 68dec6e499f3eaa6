"""The rules that the log alone decides, without any case: of whom, when, in view of what, sealed to whom."""

from __future__ import annotations

from typing import Final

from .faults import Article
from .sealed import SEALED
from .signers import APPROVAL, APPROVER, ENTITLED, ORIGIN, SIGNERS
from .views import HEAD, SEEN
from .windows import WINDOW

LOG_RULES: Final[tuple[Article, ...]] = (
    SIGNERS,
    APPROVAL,
    ORIGIN,
    WINDOW,
    SEEN,
    HEAD,
    APPROVER,
    SEALED,
    ENTITLED,
)
"""In the order in which the relay names the first that is broken."""
