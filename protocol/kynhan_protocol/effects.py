"""Small steps of the fold: every one takes a case and gives the next one."""

from __future__ import annotations

from dataclasses import replace

from .case import Case, Move, Objection, Sent, Stop
from .errors import CaseRuleError, ProtocolError
from .kinds import ClockEffect, Event, Phase
from .logged import Logged
from .profile import Profile
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
    if sent.refused is not None or sent.part == "copy":
        return case
    if sent.kind in ("request", "notice") and case.main != sent.id:
        return case
    if event in rule.undone_by:
        moves = tuple(one for one in case.moves if one.dispatch != sent.id)
        case = replace(case, moves=moves)
        return replace(case, phase=_replay(case))
    if event not in rule.moves:
        return case
    phase = rule.moves[event].get(case.phase, case.phase)
    return replace(case, moves=(*case.moves, Move(event, sent.id)), phase=phase)


def _replay(case: Case) -> Phase:
    phase = Phase.NEW
    for one in case.moves:
        phase = RULES[case.dispatches[one.dispatch].kind].moves[one.event].get(phase, phase)
    return phase


def void_clock(case: Case) -> Case:
    """The case without a start: its DUE stays in the history and is no longer in force."""
    return replace(case, clock=None, due=None, need=None)


def settle_stop(case: Case, profile: Profile) -> Case:
    """The case with the clock stopped by the first reply that still counts as one, or by none.

    A reply counts from its ACCEPTANCE, though its addressee declines it; not if it was withdrawn or recalled, or its
    opening was faulty (REGULATION "Counting time").
    """
    for sent in case.dispatches.values():
        if _stops(sent, profile):
            if case.stopped is not None and case.stopped.dispatch == sent.id:
                return case
            return replace(case, stopped=Stop(sent.id, sent.sent_at, sent.acceptance))
    return case if case.stopped is None else replace(case, stopped=None)


def _stops(sent: Sent, profile: Profile) -> bool:
    kind_stops = RULES[sent.kind].clock is ClockEffect.STOPS or (
        sent.kind == "interim" and profile.settings.interim_stops_clock
    )
    taken_back = sent.state == "withdrawn" or sent.recalled or sent.opening == "faulty"
    return kind_stops and sent.refused is None and sent.part != "copy" and not taken_back
