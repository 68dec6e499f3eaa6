"""Small steps of the fold: every one takes a case and gives the next one."""

from __future__ import annotations

from dataclasses import replace

from ..agreement.profile import Profile
from ..errors import CaseRuleError, ProtocolError
from ..statements.logged import Logged
from .case import Case, Move, Objection, Sent, Stop
from .kinds import ClockEffect, Event, Phase
from .table import RULES


def add(case: Case, sent: Sent) -> Case:
    """The case with `sent` as it now is."""
    return replace(case, dispatches={**case.dispatches, sent.id: sent})


def object_to(case: Case, logged: Logged, error: ProtocolError) -> Case:
    """The case with `error` held against the logged statement."""
    rule = error.rule if isinstance(error, CaseRuleError) else error.code
    vi = error.sentence_vi if isinstance(error, CaseRuleError) else str(error)
    objection = Objection(logged.index, logged.id, rule, vi, str(error))
    return replace(case, objections=(*case.objections, objection))


def move(case: Case, sent: Sent, event: Event) -> Case:
    """The case after `event` happened to `sent`: its phase as the table says, or as before what is undone."""
    rule = RULES[sent.kind]
    if sent.refused is not None or sent.part == "copy" or _comes_too_early(case, sent, event):
        return case
    if sent.kind in ("request", "notice") and case.main != sent.id:
        return case
    if event in rule.undone_by:
        return replay(case)
    if event not in rule.moves:
        return case
    phase = rule.moves[event].get(case.phase, case.phase)
    return replace(case, moves=(*case.moves, Move(event, sent.id)), phase=phase)


def _comes_too_early(case: Case, sent: Sent, event: Event) -> bool:
    """Whether a supplement was under way already when the dossier was returned: it is not what completes it."""
    if sent.kind != "supplement" or event is not Event.RECEIVED or case.phase is not Phase.RETURNED:
        return False
    return any(
        returned.index > sent.index and returned.part != "copy" for returned in case.standing("return")
    )


def replay(case: Case) -> Case:
    """The case in the phase to which all its moves that still count have led."""
    phase = Phase.NEW
    for one in case.moves:
        sent = case.dispatches[one.dispatch]
        if not _is_undone(case, sent, one.event):
            phase = RULES[sent.kind].moves[one.event].get(phase, phase)
    return replace(case, phase=phase)


def _is_undone(case: Case, sent: Sent, event: Event) -> bool:
    """Whether what happened to `sent` leads nowhere any more. What was sent again stands in the place of the first."""
    if event is Event.FAULTY and not sent.is_void:
        return True
    if sent.admits is not None and sent.state in ("declined", "withdrawn"):
        return True
    again = case.dispatches.get(sent.admitted_by or "")
    happened = {
        Event.WITHDRAWN: sent.state == "withdrawn",
        Event.DECLINED: sent.state == "declined",
        Event.FAULTY: sent.voided_by is not None or (again is not None and _is_undone(case, again, event)),
        Event.RECALLED: sent.recalled,
    }
    return any(happened[one] for one in RULES[sent.kind].undone_by)


def void_clock(case: Case) -> Case:
    """The case without a start: its DUE stays in the history and is no longer in force."""
    return replace(case, clock=None, due=None, need=None)


def settle_start(case: Case) -> Case:
    """The case without a clock where what started it no longer counts; what was answered keeps its history."""
    void = case.phase in (Phase.FAULTY, Phase.WITHDRAWN, Phase.DECLINED)
    return void_clock(case) if void and case.clock is not None and case.stopped is None else case


def settle_stop(case: Case, profile: Profile) -> Case:
    """The case with the clock stopped by the first reply that still counts as one, or by none.

    A reply counts from its ACCEPTANCE, though its addressee declines it; not if it was withdrawn or recalled, or is
    void for a fault (REGULATION "Counting time"). What answered an earlier request of the case answers no later one.
    """
    request = case.request
    for sent in case.dispatches.values():
        if (request is None or sent.index > request.index) and _stops(sent, profile):
            if case.stopped is not None and case.stopped.dispatch == sent.id:
                return case
            return replace(case, stopped=Stop(sent.id, sent.sent_at, sent.acceptance, sent.stood_since))
    return case if case.stopped is None else replace(case, stopped=None)


def can_stop(kind: str, profile: Profile) -> bool:
    """Whether a dispatch of that kind stops the clock: a reply; interim information where the profile says so (R12)."""
    return RULES[kind].clock is ClockEffect.STOPS or (
        kind == "interim" and profile.settings.interim_stops_clock
    )


def _stops(sent: Sent, profile: Profile) -> bool:
    kind_stops = can_stop(sent.kind, profile)
    taken_back = sent.state == "withdrawn" or sent.recalled or sent.is_void
    return kind_stops and sent.refused is None and sent.part != "copy" and not taken_back
