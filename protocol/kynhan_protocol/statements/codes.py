"""Every word that a statement or manifest may use where the grammar asks for one of a fixed set.

A logged statement has no free text: its reasons are codes of CODES, the words travel sealed.
"""

from __future__ import annotations

from typing import Final

KINDS: Final = (
    "request",
    "supplement",
    "message",
    "question",
    "answer",
    "reply",
    "interim",
    "extension",
    "return",
    "assignment",
    "notice",
    "conference",
    "minutes",
    "opinion",
    "closing",
    "recall",
    "correction",
    "note",
    "difficulty",
    "draft",
    "report",
)
TERMS: Final = ("in-province", "in-country", "foreign")
URGENCIES: Final = ("khan", "thuong-khan", "hoa-toc")
ROLES: Final = ("approver", "auditor", "clerk", "unit", "witness")
RESULTS: Final = ("verified", "faulty", "undelivered")
# `answer` only where the profile lets questions stop the clock (ADR 4)
DUE_REASONS: Final = ("receipt", "extension", "return", "calendar", "correction", "answer")

CODES: Final[dict[str, tuple[str, ...]]] = {
    # the holder left or changed office; the device was lost; the key leaked; a new key took over
    "revocation": ("left", "reassigned", "lost", "compromised", "replaced"),
    # planned change; the old root was lost (then it cannot sign); it leaked
    "succession": ("planned", "lost", "compromised"),
    # what was wrong with the opened package; `no-stanza`: the header has no stanza for the addressee;
    # `approval`: the second person that the secrecy asks for is missing
    "opening": ("header", "payload", "manifest", "no-stanza", "approval"),
    "decline": ("wrong-addressee", "duplicate", "damaged", "not-competent", "secrecy", "other"),
    # `no-key`: no addressee key in `sealed` is in force any more
    "withdrawal": ("mistake", "wrong-addressee", "incomplete", "not-needed", "no-key", "other"),
    "destruction": ("retention", "ordered", "recalled", "other"),
}

FORMS: Final = ("party-2018", "party-2026", "state-2020")
SECRECIES: Final = ("khong-mat", "mat", "toi-mat", "tuyet-mat")  # rising
CHANNELS: Final = ("paper", "electronic")
FILE_ROLES: Final = (
    "cover",
    "enclosure",
    "attachment",
    "list",
    "message",
    "note",
    "minutes",
    "calendar",
    "received",
    "receipt",
)
