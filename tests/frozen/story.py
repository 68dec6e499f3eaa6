"""The story that the frozen answers tell, from the first key to the operator's last look."""

from __future__ import annotations

from tests.frozen.chapters import agreement, evidence, exchange, recall, request
from tests.frozen.stage import Stage

CHAPTERS = (
    "01-keys",
    "02-profile",
    "03-members",
    "04-request",
    "05-receipt",
    "06-lists",
    "07-exchanges",
    "08-units",
    "09-conferences",
    "10-opinions",
    "11-terms",
    "12-reply",
    "13-taking-back",
    "14-relay-away",
    "15-dates",
    "16-channels",
    "17-forms",
    "18-evidence",
    "19-reports",
    "20-operator",
)
"""In the order of the story; each has a file of answers."""


def play(one: Stage) -> None:
    """All of it: every command at least once, with what it refuses."""
    agreement.play(one)
    asked = request.play(one)
    reply = exchange.play(one, asked)
    recall.play(one, asked)
    evidence.play(one, asked, reply)
