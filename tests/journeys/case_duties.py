"""Whoever is waited for in a case can do what is waited for: who has to sign, answer, agree, reply, complete or resend.

A list that people work from names nothing that the table would refuse, and leaves nobody out whose time runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.journeys.case_world import CaseWorld
from tests.server.world import Person

from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.case import allowed
from kynhan_protocol.case.case import Case
from kynhan_protocol.case.table import RULES
from kynhan_protocol.case.waiting import Waiting, waiting
from kynhan_protocol.errors import CaseRuleError
from kynhan_protocol.statements.statements import Opening, Receipt, Seen


def check(world: CaseWorld, case: Case) -> None:
    """Asserts it of everything that somebody has to do in `case`."""
    waits = waiting(case, world.profile)
    for one in waits:
        assert can_be_done(world, case, one), (one, case.phase)
    if case.clock_runs:
        assert any(one.what == "reply" for one in waits), case.phase


def can_be_done(world: CaseWorld, case: Case, one: Waiting) -> bool:
    """Whether one of those waited for may do it now, or once the package that asks for it is signed for."""
    people = [person for person in world.people if person.name == one.who or _acts_for(person, one.who)]
    if one.what in ("sign", "open", "header"):
        return any(_may_act(world, case, one, person) for person in people)
    about = case.dispatches[one.dispatch]
    if one.what in ("answer", "agree") and about.state == "sent":
        return True
    if one.what == "agree" and about.due is not None and not _in_force(world).is_working_day(about.due):
        return True  # a calendar took the day that was proposed: another one is proposed, and that settles it
    return any(
        world.foretold(case.id, person, **fields) is None
        for person in people
        for fields in _letters(world, case, one)
    )


def _in_force(world: CaseWorld) -> Calendar:
    return world.readers[0].calendars.in_force(world.world.log.size).without_end()


def _acts_for(person: Person, committee: str) -> bool:
    return person.committee == committee and not {"clerk", "approver"}.isdisjoint(person.roles)


def _may_act(world: CaseWorld, case: Case, one: Waiting, person: Person) -> bool:
    common: dict[str, Any] = {
        "dispatch": one.dispatch,
        "by": person.name,
        "relay": "",
        "seen": Seen(0, bytes(32)),
        "head": (),
        "time": world.world.clock.at,
        "nonce": bytes(16),
    }
    act = (
        Receipt(**common)
        if one.what == "sign"
        else Opening(**common, manifest="ab" * 32, result="verified", code=None)
    )
    try:
        allowed.check_act(case, act, _in_force(world), world.profile)
    except CaseRuleError:
        return False
    return True


def _letters(world: CaseWorld, case: Case, one: Waiting) -> Iterator[dict[str, Any]]:
    """The letters that would do it."""
    about = case.dispatches[one.dispatch]
    asker = about.from_.partition("/")[0]
    requesting, responding = world.profile.committees
    blank: dict[str, Any] = {"term": None, "due": None, "about": None, "regarding": about.id}
    match one.what:
        case "answer":
            for kind in RULES[about.kind].settled_by:
                yield from ({**blank, "kind": kind, "to": to} for to in (asker, about.from_))
        case "agree":
            yield {**blank, "kind": "correction", "to": asker, "term": about.term, "due": about.due}
        case "reply":
            yield from ({**blank, "kind": "reply", "to": to} for to in (requesting, responding))
        case "supplement":
            yield {**blank, "kind": "supplement", "to": responding}
        case "resend":
            again = {**blank, "kind": about.kind, "to": about.to, "term": about.term, "due": about.due}
            yield again  # admits the fault
            yield {**blank, "kind": "supplement", "to": about.to}  # admits none
            kind = "request" if about.kind == "notice" else about.kind
            term = about.term if kind == "request" else None
            yield {**blank, "kind": kind, "to": about.to, "term": term, "regarding": about.regarding}
            yield {**blank, "kind": about.kind, "to": about.to, "term": term, "regarding": None}
