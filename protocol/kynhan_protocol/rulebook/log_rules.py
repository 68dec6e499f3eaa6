"""The rules that the log alone decides, without any case: of whom, when, in view of what, sealed to whom."""

from __future__ import annotations

from typing import Final

from .chain import BROKEN, CHAIN, RELAY_KEYS
from .faults import Article
from .naming import BEHIND, NAMING
from .place import LogPlace
from .relay import KEY, TIME
from .sealed import SEALED
from .signers import APPROVAL, APPROVER, ENTITLED, ORIGIN, SIGNERS
from .views import HEAD, SEEN
from .windows import WINDOW

LOG_RULES: Final[tuple[Article[LogPlace], ...]] = (
    RELAY_KEYS,
    CHAIN,
    SIGNERS,
    APPROVAL,
    ORIGIN,
    WINDOW,
    SEEN,
    HEAD,
    APPROVER,
    SEALED,
    ENTITLED,
    KEY,
    TIME,
    NAMING,
    BEHIND,
)
"""In the order in which the relay names the first that is broken."""

FORGED: Final = frozenset({"not-in-force", "key-not-in-force", "bad-signature", "other-relay"}) | BROKEN
"""What is no word of a member, a root or the relay in this log."""

VOID: Final = FORGED | {"not-addressee", "no-approver", "dispatch-unknown"}
"""With any of these a statement was not its author's to make: it has no effect, and no rule of a case is asked."""
