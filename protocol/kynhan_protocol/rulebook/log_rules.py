"""The rules that the log alone decides, without any case: of whom, when, in view of what, sealed to whom."""

from __future__ import annotations

from typing import Final

from .faults import Article
from .place import LogPlace
from .sealed import SEALED
from .signers import APPROVAL, APPROVER, ENTITLED, ORIGIN, SIGNERS
from .views import HEAD, SEEN
from .windows import WINDOW

LOG_RULES: Final[tuple[Article[LogPlace], ...]] = (
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

FORGED: Final = frozenset({"not-in-force", "key-not-in-force", "bad-signature", "other-relay"})
"""What is no member's word in this log."""

VOID: Final = FORGED | {"not-addressee", "no-approver", "dispatch-unknown"}
"""With any of these a statement was not its author's to make: it has no effect, and no rule of a case is asked."""
