"""One dispatch of a case, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

State = Literal["sent", "received", "declined", "withdrawn"]
Part = Literal["main", "copy", "other"]
PartyName = Literal["requesting", "responding"]

KEEPS_TIME: Final = frozenset({"return", "extension", "supplement"})
"""What was sent again of these kinds keeps the time of the first, which goes on counting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One dispatch and what became of it. Times are log times.

    `part`: the request or notice that carries the case is `main`; a request or reply repeated for one more addressee is
    a `copy`, which moves nothing, and so is what was sent again and keeps the time of the first. `late`: an extension
    given after the date it extends, a return that stops no clock. `refused` names the rule of the table that a logged
    dispatch breaks: it then has no effect. `stood_since`: the clock stood since then when it was sent. `ended_by` is
    the DECLINE or WITHDRAWAL. `destroyed_by` are committees, and the member addressed.

    `admissible`: it was said to be faulty in time for its sender to admit that, which `admitted_by`, sent again, does;
    `admits` is the other way round. `voided_by`: the correction by which both sides said that it counts no more.
    """

    id: str
    index: int
    kind: str
    sender: PartyName
    from_: str
    to: str
    about: str | None
    regarding: str | None
    term: str | None
    urgency: str | None
    due: date | None
    sent_at: datetime
    part: Part
    late: bool = False
    refused: str | None = None
    state: State = "sent"
    acceptance: str | None = None
    receipt: str | None = None
    received_by: str | None = None
    received_at: datetime | None = None
    handover: str | None = None
    opening: Literal["verified", "faulty", "undelivered"] | None = None
    opening_code: str | None = None
    opened_by: str | None = None
    opened_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_code: str | None = None
    recalled: bool = False
    destroyed_by: tuple[str, ...] = ()
    stood_since: datetime | None = None
    admissible: bool = False
    admits: str | None = None
    admitted_by: str | None = None
    voided_by: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it still counts: allowed by the table, not taken back, declined, recalled or void for a fault."""
        return (
            self.refused is None
            and self.state in ("sent", "received")
            and not self.is_void
            and not self.recalled
        )

    @property
    def is_void(self) -> bool:
        """Whether it counts no more for its fault: its sender admitted it by sending it again, or both said so."""
        return self.voided_by is not None or (self.admitted_by is not None and self.kind not in KEEPS_TIME)

    @property
    def is_contested(self) -> bool:
        """Whether its opening was `faulty`, and nobody has admitted or taken that back (DESIGN §3.5)."""
        settled = self.admitted_by is not None or self.voided_by is not None or self.recalled
        return self.opening == "faulty" and self.refused is None and not settled
