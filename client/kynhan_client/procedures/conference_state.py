"""How a conference stands (R10): computed from the dispatches of its case and what their opened files say.

A conference is all dispatches of one `about`: proposals (kind `conference`), answers to them, minutes. Each time that
is proposed is a version; the one proposed last counts. Who proposed first chairs, whoever proposes another time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.names import Name

from .meetings import Answer, Invitation, Meeting

State = Literal["proposed", "moved", "accepted", "declined", "withdrawn"]


@dataclass(frozen=True)
class Invited:
    """One addressee of a version. `answer` is None before there is one, `unread` while its package is not open here."""

    to: str
    dispatch: str
    answer: Answer | Literal["unread"] | None
    answered_by: str | None = None


@dataclass(frozen=True)
class Version:
    """A time proposed by `by` (a committee or unit); `meeting` is None while no package of it is open here."""

    number: int
    by: str
    invited: tuple[Invited, ...]
    meeting: Meeting | None


@dataclass(frozen=True)
class Conference:
    """`proposer` is the member who proposed it first, `chair` its committee. `minutes` are the dispatches that filed
    them. `versions` are those that stand, oldest first; `proposed` counts all."""

    about: str
    case: str
    proposer: str
    state: State
    versions: tuple[Version, ...]
    minutes: tuple[str, ...]
    proposed: int

    @property
    def chair(self) -> str:
        """The committee that chairs: a calendar names no person."""
        return Name.of(self.proposer).committee

    @property
    def current(self) -> Version | None:
        """The version that counts."""
        return self.versions[-1] if self.versions else None

    @property
    def was_agreed(self) -> bool:
        """Whether a time before the current one was accepted, and so may stand in calendars."""
        return any(one.answer == "accepted" for version in self.versions[:-1] for one in version.invited)


def conferences(case: Case, contents: Mapping[str, Invitation]) -> tuple[Conference, ...]:
    """The conferences of a case in the order they were proposed. `contents`: by dispatch, where it is open here."""
    abouts: dict[str, list[Sent]] = {}
    for sent in case.dispatches.values():
        if sent.about is not None and sent.kind == "conference" and sent.refused is None:
            abouts.setdefault(sent.about, []).append(sent)
    return tuple(_conference(case, about, sent, contents) for about, sent in abouts.items())


def _conference(
    case: Case, about: str, proposals: list[Sent], contents: Mapping[str, Invitation]
) -> Conference:
    chair = Name.of(proposals[0].from_).committee
    answers = {sent.regarding: sent for sent in case.standing("answer") if sent.regarding is not None}
    groups = _versions(proposals)
    versions = tuple(
        Version(
            number,
            group[0].from_,
            tuple(_invited(sent, answers.get(sent.id), contents) for sent in standing),
            _meeting(about, chair, number, group, contents),
        )
        for number, group in enumerate(groups)
        if (standing := [sent for sent in group if sent.stands])
    )
    minutes = tuple(
        sent.id
        for sent in case.standing("minutes")
        if sent.about == about or sent.regarding in {proposal.id for proposal in proposals}
    )
    return Conference(about, case.id, proposals[0].from_, _state(versions), versions, minutes, len(groups))


def _versions(proposals: Iterable[Sent]) -> list[list[Sent]]:
    """Proposals by version: one more addressee of the same time, or a new one (by another side, to the same again)."""
    groups: list[list[Sent]] = []
    for sent in proposals:
        last = groups[-1] if groups else []
        same_side = bool(last) and Name.of(last[0].from_).committee == Name.of(sent.from_).committee
        if same_side and sent.to not in {one.to for one in last}:
            last.append(sent)
        else:
            groups.append([sent])
    return groups


def _invited(sent: Sent, answer: Sent | None, contents: Mapping[str, Invitation]) -> Invited:
    if answer is None:
        return Invited(sent.to, sent.id, None)
    said = contents.get(answer.id)
    if said is None or said.method != "REPLY" or said.meeting.about != sent.about:
        return Invited(sent.to, sent.id, "unread", answer.id)
    return Invited(sent.to, sent.id, next(iter(said.answers.values())), answer.id)


def _meeting(
    about: str, chair: str, number: int, group: list[Sent], contents: Mapping[str, Invitation]
) -> Meeting | None:
    """What the version's first open package says, if that fits what the statements say of it. The log decides which
    version it is: two sides that propose another time at once both write the same number."""
    for sent in group:
        said = contents.get(sent.id)
        if said is not None and said.method == "REQUEST":
            meeting = said.meeting
            if (meeting.about, meeting.chair) == (about, chair) and meeting.version <= number:
                return replace(meeting, version=number)
    return None


def _state(versions: tuple[Version, ...]) -> State:
    if not versions:
        return "withdrawn"
    current = versions[-1]
    answers = {one.answer for one in current.invited}
    if None in answers or "unread" in answers:
        return "moved" if current.number else "proposed"
    return "accepted" if "accepted" in answers else "declined"
