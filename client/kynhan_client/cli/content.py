"""What an opened package says, on the screen and for scripts: its words, its invitation. Loaded when one is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ..packages.opening import Opened
from ..procedures import reading
from ..procedures.meetings import Invitation
from ..procedures.reading import Spoken
from ..screen.output import Output
from .meetings import meeting_json, show_meeting
from .spoken import show_text

ROLES: Final = {"message": "open.message", "note": "open.note", "minutes": "open.minutes"}
ANSWERS: Final = {"accepted": "open.accepted", "declined": "open.declined"}


@dataclass(frozen=True)
class Content:
    """The short texts of a package, and the meeting that it proposes or answers."""

    spoken: tuple[Spoken, ...]
    invitation: Invitation | None

    @property
    def for_scripts(self) -> dict[str, Any]:
        """As `kynhan open --json` has it."""
        asked = self.invitation
        return {
            "words": [{"role": one.role, "file": one.name, "text": one.text} for one in self.spoken],
            "meeting": None
            if asked is None
            else {"method": asked.method, **meeting_json(asked.meeting), "answers": asked.answers},
        }

    def show(self, output: Output) -> None:
        """The words themselves, so that nobody has to look into files for them."""
        asked = self.invitation
        if asked is not None:
            answer = next(iter(asked.answers.values()), "")
            output.say(ANSWERS.get(answer, "open.meeting"), style="bold")
            show_meeting(output, asked.meeting)
        for one in self.spoken:
            output.say(ROLES[one.role], style="bold")
            show_text(output, one.text)


def of(opened: Opened) -> Content:
    """What an opened package says."""
    return Content(reading.spoken(opened), reading.invitation(opened))
