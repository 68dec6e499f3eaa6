"""The golden list: for which rules evidence may be wanting, and of what.

A rule that is not here is decided from the statement, its place and the chains alone, so that whoever judges can decide
it. `verify` says INCOMPLETE only for what is listed (DESIGN §3.3, ADR 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NEEDS: Final[Mapping[str, frozenset[str]]] = {
    "signers": frozenset({"chains"}),
    "origin": frozenset({"profile"}),
    "window": frozenset({"log-time"}),
    "seen": frozenset({"tree"}),
    "head": frozenset({"chains"}),
    "approval": frozenset({"chains", "log-time"}),
    "approver": frozenset({"chains", "log-time"}),
    "sealed": frozenset({"chains", "log-time"}),
    "entitled": frozenset({"chains", "log-time", "dispatch"}),
    "profile": frozenset({"case", "profile", "log-time"}),
    "table": frozenset({"case", "profile", "calendar", "log-time", "chains"}),
    "act": frozenset({"case", "profile", "calendar", "dispatch", "log-time"}),
    "handover": frozenset({"case", "profile", "dispatch"}),
    "header": frozenset(),
    "body": frozenset({"case", "profile"}),
    "chain": frozenset({"chains"}),
    "relay-keys": frozenset({"profile"}),
    "relay-key": frozenset({"profile"}),
    "relay-time": frozenset(),
    "naming": frozenset({"named"}),
    "behind": frozenset({"named"}),
    "due": frozenset({"case", "grounds", "profile", "calendar", "log-time"}),
    "reminder": frozenset({"case", "profile", "calendar", "chains", "log-time"}),
}
"""By rule, the evidence that it may lack.

`chains`: root statements. `profile`: that which names the relay. `log-time`: the relay's statement that names this one.
`tree`: a signed checkpoint of the size seen, or all entries before it; without it nothing is said, for a folder need
not hold it. `dispatch`: the one that an act is about. `case`: what else stands in the case before it, where that
could make right what is not right by what is there. `calendar`: the one in force. `named`: what stands right before.
`grounds`: what a DUE names or rests on, or what questions may have taken of the time.
"""
