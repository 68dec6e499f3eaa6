"""The calendar file of a conference (RFC 5545, iTIP methods of RFC 5546), as it travels sealed and as it is exported.

A proposal is METHOD:REQUEST, its answer METHOD:REPLY, what was agreed METHOD:PUBLISH with STATUS:CONFIRMED, what was
agreed and then came to nothing METHOD:CANCEL with STATUS:CANCELLED. UID is the
conference's `about` and stays; SEQUENCE rises with each time proposed. Offices are named, never persons, by
`urn:kynhan:NAME`: no mail leaves from a calendar by itself. Times are those of Việt Nam.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText

from kynhan_protocol.names import is_party
from kynhan_protocol.vietnam_time import VIETNAM

from ..clauses import clause
from ..dossiers import texts
from ..errors import ClientError, problem

NAME: Final = "hoi-nghi.ics"
TZID: Final = "Asia/Ho_Chi_Minh"
PRODID: Final = "-//Kynhan//kynhan 1//VI"
URN: Final = "urn:kynhan:"
SUMMARY: Final = "Hội nghị phối hợp"
LONGEST: Final = timedelta(days=7)
MAX_BYTES: Final = 1 << 17

Answer = Literal["accepted", "declined"]


@dataclass(frozen=True)
class Meeting:
    """When, how long, where and about what; `chair` is the committee that proposed it first, `version` the SEQUENCE."""

    about: str
    version: int
    chair: str
    start: datetime
    end: datetime
    place: str
    agenda: str


@dataclass(frozen=True)
class Invitation:
    """What one calendar file says: a proposal (`answers` empty of decisions), or one side's answer to it."""

    method: str
    meeting: Meeting
    answers: Mapping[str, Answer]


def planned(
    about: str, version: int, chair: str, start: datetime, lasts: timedelta, place: str, agenda: str
) -> Meeting:
    """A meeting whose words and times are such as can be proposed. Raises ClientError bad-letter."""
    if not timedelta(0) < lasts <= LONGEST:
        raise problem("bad-letter", why=clause("meeting.lasts"))
    start = start.astimezone(VIETNAM).replace(microsecond=0)
    return Meeting(
        about,
        version,
        chair,
        start,
        start + lasts,
        texts.line(place, "said.place"),
        texts.text(agenda, "said.agenda"),
    )


def request(meeting: Meeting, invited: tuple[str, ...], names: Mapping[str, str], stamp: datetime) -> bytes:
    """The proposal, as sealed for those invited. `names` are the offices' names where they are known."""
    return _file("REQUEST", meeting, dict.fromkeys(invited, "NEEDS-ACTION"), names, stamp)


def reply(meeting: Meeting, who: str, answer: Answer, names: Mapping[str, str], stamp: datetime) -> bytes:
    """The answer of `who` to a proposal."""
    return _file("REPLY", meeting, {who: answer.upper()}, names, stamp)


def agreed(
    meeting: Meeting, answers: Mapping[str, Answer], names: Mapping[str, str], stamp: datetime
) -> bytes:
    """The calendar file of what was agreed, for the clerk's own calendar."""
    answered = {who: answer.upper() for who, answer in answers.items()}
    return _file("PUBLISH", meeting, answered, names, stamp, status="CONFIRMED")


def cancelled(meeting: Meeting, names: Mapping[str, str], stamp: datetime) -> bytes:
    """The calendar file that takes a conference out of the clerk's own calendar."""
    return _file("CANCEL", meeting, {}, names, stamp, status="CANCELLED")


def _file(
    method: str,
    meeting: Meeting,
    attendees: Mapping[str, str],
    names: Mapping[str, str],
    stamp: datetime,
    *,
    status: str | None = None,
) -> bytes:
    event = Event()
    event.add("UID", meeting.about)
    event.add("SEQUENCE", meeting.version)
    event.add("DTSTAMP", stamp.replace(microsecond=0))
    for name, at in (("DTSTART", meeting.start), ("DTEND", meeting.end)):
        event.add(name, at.astimezone(VIETNAM).replace(tzinfo=None), parameters={"TZID": TZID})
    event.add("SUMMARY", SUMMARY)
    event.add("LOCATION", meeting.place)
    event.add("DESCRIPTION", meeting.agenda)
    event.add("CLASS", "CONFIDENTIAL")
    if status is not None:
        event.add("STATUS", status)
    event["ORGANIZER"] = _office(meeting.chair, names)
    for who, answer in attendees.items():
        event.add("ATTENDEE", _office(who, names, PARTSTAT=answer, ROLE="REQ-PARTICIPANT", CUTYPE="GROUP"))
    calendar = Calendar()
    for name, value in (("PRODID", PRODID), ("VERSION", "2.0"), ("METHOD", method)):
        calendar.add(name, value)
    calendar.add_component(_zone())
    calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _office(name: str, names: Mapping[str, str], **parameters: str) -> vCalAddress:
    address = vCalAddress(f"{URN}{name}")
    address.params["CN"] = vText(names.get(name, name))
    for key, value in parameters.items():
        address.params[key] = vText(value)
    return address


def _zone() -> Timezone:
    """UTC+7 all year (vietnam_time.py), written out so that no reader needs a database of time zones."""
    standard = TimezoneStandard()
    standard.add("DTSTART", datetime(1970, 1, 1))  # noqa: DTZ001 - local by definition
    for name in ("TZOFFSETFROM", "TZOFFSETTO"):
        standard.add(name, timedelta(hours=7))
    standard.add("TZNAME", "+07")
    zone = Timezone()
    zone.add("TZID", TZID)
    zone.add_component(standard)
    return zone


def parse(data: bytes) -> Invitation | None:
    """What a calendar file of ours says; None for anything that request() and reply() would not write."""
    if len(data) > MAX_BYTES:
        return None
    try:
        calendar = Calendar.from_ical(data)
        if calendar.name != "VCALENDAR":
            return None
        (event,) = calendar.walk("VEVENT")
        return _read(str(calendar["METHOD"]), event)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, ClientError):
        return None


def _read(method: str, event: Any) -> Invitation:
    if method not in ("REQUEST", "REPLY"):
        raise ValueError("neither a proposal nor an answer")
    start, end = (_moment(event[name]) for name in ("DTSTART", "DTEND"))
    version = int(event["SEQUENCE"])
    if version < 0:
        raise ValueError("a SEQUENCE below 0")
    meeting = planned(
        str(event["UID"]),
        version,
        _name(event["ORGANIZER"]),
        start,
        end - start,
        str(event["LOCATION"]),
        str(event["DESCRIPTION"]),
    )
    listed = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    found = {_name(one): str(one.params["PARTSTAT"]).lower() for one in listed}
    answers: dict[str, Answer] = {}
    for who, status in found.items():
        if status in ("accepted", "declined"):
            answers[who] = "accepted" if status == "accepted" else "declined"
    if (method == "REPLY") != (len(answers) == len(found) == 1):
        raise ValueError("an answer names who answers; a proposal has no answers yet")
    return Invitation(method, meeting, answers)


def _moment(value: Any) -> datetime:
    if str(value.params.get("TZID")) != TZID or not isinstance(value.dt, datetime):
        raise ValueError("not a time of Việt Nam")
    return value.dt.replace(tzinfo=VIETNAM)


def _name(address: Any) -> str:
    name = str(address)
    if not name.startswith(URN) or not is_party(name.removeprefix(URN)):
        raise ValueError("not an office of ours")
    return name.removeprefix(URN)
