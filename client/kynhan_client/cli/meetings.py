"""A meeting on the screen and for scripts."""

from __future__ import annotations

from typing import Any

from kynhan_protocol.vietnam_time import VIETNAM

from ..procedures.meetings import Meeting
from ..screen.output import Output, moment


def show_meeting(output: Output, meeting: Meeting) -> None:
    """When and where, about what, who chairs."""
    output.say("conference.when", start=moment(meeting.start), end=_end(meeting))
    output.say("conference.where", place=meeting.place)
    output.say("conference.agenda", agenda=meeting.agenda)
    output.say("conference.chair", chair=meeting.chair)


def _end(meeting: Meeting) -> str:
    same_day = meeting.start.astimezone(VIETNAM).date() == meeting.end.astimezone(VIETNAM).date()
    return f"{meeting.end.astimezone(VIETNAM):%H:%M}" if same_day else moment(meeting.end)


def meeting_json(meeting: Meeting) -> dict[str, Any]:
    """A meeting for scripts."""
    return {
        "start": meeting.start,
        "end": meeting.end,
        "place": meeting.place,
        "agenda": meeting.agenda,
        "chair": meeting.chair,
        "sequence": meeting.version,
    }
