"""Conferences (R10): proposed, accepted, declined, moved to another time, minutes filed; all sealed, all on the case.

Each function makes letters: one for an answer, one for each addressee of a proposal and of the minutes, to be sent by
rounds.py. conference_state.py says how a conference stands; meetings.py writes and reads its calendar files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from kynhan_protocol.case.case import Case
from kynhan_protocol.vietnam_time import VIETNAM

from ..clauses import clause
from ..dossiers import dossier, texts
from ..dossiers.dossier import Cover, FileLine, Part
from ..dossiers.letter import Letter
from ..errors import problem
from ..home.home import Home
from ..log.view import View
from ..packages import contents
from . import conference_state, invited, meetings, rounds, sides
from .conference_state import Conference, Invited, Version
from .meetings import Answer, Meeting
from .notices import titled


@dataclass(frozen=True)
class Plan:
    """What is proposed: when (an aware time), how long, where, about what."""

    start: datetime
    lasts: timedelta
    place: str
    agenda: str


@dataclass(frozen=True)
class Change:
    """Another time proposed; what is None stays as it was."""

    start: datetime
    lasts: timedelta | None = None
    place: str | None = None
    reason: str | None = None


def of_case(home: Home, case: Case) -> tuple[Conference, ...]:
    """The conferences of a case, with what their packages say where they are open here."""
    said = {}
    for sent in case.dispatches.values():
        if sent.about is None or sent.kind not in ("conference", "answer"):
            continue
        data = contents.of_role(home, sent.id, "calendar")
        invitation = None if data is None else meetings.parse(data)
        if invitation is not None:
            said[sent.id] = invitation
    return conference_state.conferences(case, said)


def listed(home: Home, case: str | None = None) -> list[Conference]:
    """The conferences of a case, or all. Raises ClientError not-found."""
    view = View(home)
    cases = view.cases() if case is None else [view.case(case)]
    return [one for found in cases for one in of_case(home, found)]


def propose(
    home: Home,
    plan: Plan,
    *,
    case: str | None = None,
    to: tuple[str, ...] = (),
    files: tuple[Path, ...] = (),
) -> tuple[Letter, ...]:
    """The letters that propose a conference, one an addressee; we chair. Without `to` the other side is asked.

    Raises ClientError not-found, bad-letter (a time that has passed, empty words), missing-file.
    """
    view = View(home)
    found = None if case is None else view.case(case)
    names = tuple(dict.fromkeys(to)) or (sides.other_side(home, view, found),)
    _require_ahead(home, plan.start)
    checked = meetings.planned("-", 0, home.config.committee, plan.start, plan.lasts, plan.place, plan.agenda)
    facts = (checked.start.isoformat(), checked.end.isoformat(), checked.place, checked.agenda)
    begun = rounds.begin(home, "conference", case, *facts, *rounds.digests(files))
    meeting = replace(checked, about=begun.about)
    return tuple(_proposal(home, view, meeting, name, begun.case, None, None, files) for name in names)


def accept(home: Home, case: str, *, about: str | None = None, words: str | None = None) -> Letter:
    """The answer that accepts the time proposed to us last. Raises ClientError not-found, not-now, bad-letter."""
    return _answer(home, case, about, "accepted", None if words is None else texts.text(words))


def decline(home: Home, case: str, reason: str, *, about: str | None = None) -> Letter:
    """The answer that declines it, with the reason. Raises ClientError as accept does."""
    return _answer(home, case, about, "declined", texts.text(reason, "said.reason"))


def move(home: Home, case: str, change: Change, *, about: str | None = None) -> tuple[Letter, ...]:
    """The letters that propose another time: from the chair to everybody, from anybody else to the chair, who still
    chairs. Raises ClientError not-found; not-now without a conference, or once minutes are filed; bad-letter."""
    view = View(home)
    found = view.case(case)
    conference = _conference(home, found, about)
    _require_going_on(conference)
    _require_ahead(home, change.start)
    last = _known_meeting(conference)
    meeting = meetings.planned(
        conference.about,
        conference.proposed,
        conference.chair,
        change.start,
        last.end - last.start if change.lasts is None else change.lasts,
        change.place or last.place,
        last.agenda,
    )
    reason = None if change.reason is None else texts.text(change.reason, "said.reason")
    return tuple(
        _proposal(
            home,
            view,
            meeting,
            name,
            case,
            invited.newest_with(home, view, found, conference, name),
            reason,
            (),
        )
        for name in invited.others(home, view, found, conference)
    )


def minutes(
    home: Home,
    case: str,
    files: tuple[Path, ...],
    *,
    about: str | None = None,
    title: str | None = None,
    cover: Path | Cover | None = None,
) -> tuple[Letter, ...]:
    """The letters that file the minutes with everybody who was invited; the first file is the minutes themselves.

    Raises ClientError not-found, bad-letter (no file); not-now for a conference that was declined, taken back, or is
    yet to be held.
    """
    view = View(home)
    found = view.case(case)
    conference = _conference(home, found, about)
    current = conference.current
    if current is None or conference.state == "declined":
        raise problem("not-now", why=clause("conference.not-held"))
    if current.meeting is not None and current.meeting.start > home.clock.now():
        raise problem("not-now", why=clause("conference.not-yet", at=_moment(current.meeting.start)))
    if not files:
        raise problem("bad-letter", why=clause("conference.no-minutes"))
    given = dossier.read_cover(cover)
    if not any(line.name == files[0].name for line in given.file):
        given = replace_files(given, FileLine(files[0].name, role="minutes"))
    return tuple(
        Letter(
            kind="minutes",
            to=name,
            files=files,
            title=titled("minutes", title, given),
            cover=given,
            case=case,
            about=conference.about,
            regarding=current.invited[0].dispatch,
        )
        for name in invited.others(home, view, found, conference)
    )


def replace_files(cover: Cover, line: FileLine) -> Cover:
    """The register fields with one more line about a file."""
    return dossier.with_fields(cover, file=(*cover.file, line))


def calendar_file(home: Home, case: str, *, about: str | None = None) -> bytes:
    """The calendar file (.ics) of what was agreed; once another time was declined, the one that takes it out of a
    calendar again. Raises ClientError not-found, not-now before anything was agreed."""
    view = View(home)
    found = view.case(case)
    conference = _conference(home, found, about)
    if conference.state == "declined" and conference.was_agreed:
        return meetings.cancelled(_known_meeting(conference), _names(view, found), home.clock.now())
    if conference.state != "accepted" or conference.current is None:
        raise problem("not-now", why=clause("conference.not-agreed"))
    answers: dict[str, Answer] = {}
    for one in conference.current.invited:
        if one.answer in ("accepted", "declined"):
            answers[one.to] = "accepted" if one.answer == "accepted" else "declined"
    return meetings.agreed(_known_meeting(conference), answers, _names(view, found), home.clock.now())


# --- which conference, and who is in it


def _conference(home: Home, case: Case, about: str | None) -> Conference:
    """The conference named, else the newest of the case. Raises ClientError not-now."""
    found = [one for one in of_case(home, case) if about is None or one.about.startswith(about)]
    if not found:
        raise problem("not-now", why=clause("conference.none"))
    return found[-1]


def _asked_of_us(home: Home, case: Case, about: str | None) -> tuple[Conference, Version, Invited]:
    """The newest proposal that waits for our answer. Raises ClientError not-now, not-signed-for."""
    for conference in reversed(of_case(home, case)):
        if about is not None and not conference.about.startswith(about):
            continue
        current = conference.current
        for one in current.invited if current is not None else ():
            sent = case.dispatches[one.dispatch]
            if one.answer is None and current is not None and home.config.is_for_us(sent.to):
                if sent.state == "sent":
                    raise problem("not-signed-for", dispatch=sent.id[:12])
                return conference, current, one
    raise problem("not-now", why=clause("conference.nothing-asked"))


def _known_meeting(conference: Conference) -> Meeting:
    """The meeting proposed last. Raises ClientError not-now where its package is not open here."""
    current = conference.current
    if current is None or current.meeting is None:
        raise problem("not-now", why=clause("conference.not-open"))
    return current.meeting


# --- letters


def _proposal(
    home: Home,
    view: View,
    meeting: Meeting,
    to: str,
    case: str,
    regarding: str | None,
    words: str | None,
    files: tuple[Path, ...],
) -> Letter:
    names = _names(view, None)
    data = meetings.request(meeting, (to,), names, home.clock.now())
    return Letter(
        kind="conference",
        to=to,
        words=words,
        files=files,
        parts=(Part(name=meetings.NAME, role="calendar", data=data),),
        title=titled("conference", None, Cover()),
        begins=case,
        about=meeting.about,
        regarding=regarding,
    )


def _answer(home: Home, case: str, about: str | None, answer: Answer, words: str | None) -> Letter:
    view = View(home)
    found = view.case(case)
    conference, current, one = _asked_of_us(home, found, about)
    _require_going_on(conference)
    meeting = _known_meeting(conference)
    if answer == "accepted":
        _require_ahead(home, meeting.start)
    data = meetings.reply(meeting, one.to, answer, _names(view, found), home.clock.now())
    return Letter(
        kind="answer",
        to=sides.back_to(view, current.by),
        words=words,
        parts=(Part(name=meetings.NAME, role="calendar", data=data),),
        case=case,
        about=conference.about,
        regarding=one.dispatch,
    )


def _names(view: View, case: Case | None) -> dict[str, str]:
    """The committees' names as offices write them; a member is named by itself."""
    parties = (view.profile if case is None else view.profile_of(case.profile)).parties
    return {party.committee: party.name.vi for party in (parties.requesting, parties.responding)}


def _require_ahead(home: Home, at: datetime) -> None:
    if at <= home.clock.now():
        raise problem("bad-letter", why=clause("meeting.past", at=_moment(at)))


def _require_going_on(conference: Conference) -> None:
    if conference.minutes:
        raise problem("not-now", why=clause("conference.over"))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
