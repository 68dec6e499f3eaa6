"""Random legal and illegal acts by random members, through the relay's own core: nobody ever disagrees about a case.

After every step the relay's fold and those of both committees' clients are the same bytes, what the table forbids was
refused with the rule's name and the sentence that the client had foretold, whoever is waited for can do it, each date
is that of the calendar in force, and somebody can still do something about every case that is not closed.
"""

from __future__ import annotations

import functools
import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.journeys import case_duties
from tests.journeys.case_world import FLIPPED, CaseWorld, flipped
from tests.lanes import MACHINE_RUNS, MACHINE_STEPS, size

from kynhan_protocol.case import case_json, dues
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.case.kinds import Phase, Presence
from kynhan_protocol.case.phases import VOID, WORKING
from kynhan_protocol.case.status import status
from kynhan_protocol.case.table import RULES
from kynhan_protocol.statements.codes import CODES, KINDS, TERMS
from kynhan_protocol.statements.statements import Decline, Destruction, Opening, Receipt, Withdrawal

CASES = tuple(f"0198f0c1-7f1e-7a53-9d5e-00000000000{number}" for number in range(2))
TOPIC = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a22"
RULES_FLIPPED = st.one_of(st.just(set(FLIPPED)), st.sets(st.sampled_from(sorted(FLIPPED))))


class CaseMachine(CaseWorld, RuleBasedStateMachine):
    """Two cases, nine people, one relay."""

    @initialize(rules=RULES_FLIPPED, term=st.sampled_from((*TERMS, None)), to_unit=st.booleans())
    def found(self, rules: set[str], term: str | None, to_unit: bool) -> None:
        """Both committees' profile, some of its rules set the other way, and a request that was signed for."""
        self.begin(functools.partial(flipped, rules=rules) if rules else None)
        w = self.world
        to = w.ca.unit if to_unit else w.ca.clerk
        self.sync()
        address = to.name if to_unit else w.ca.name
        self.post_dispatch(CASES[0], w.ccq.clerk, kind="request", to=address, term=term)
        self.sync()
        self.post_act(to, Receipt, self.dispatches()[0].id)
        self.sync()

    def teardown(self) -> None:
        self.end()

    # --- what somebody does

    @rule(data=st.data(), name=st.sampled_from(CASES))
    def sends_what_fits(self, data: st.DataObject, name: str) -> None:
        self.send_fitting(data, name)

    @rule(data=st.data(), name=st.sampled_from(CASES))
    def talks(self, data: st.DataObject, name: str) -> None:
        kinds = ("question", "answer", "conference", "minutes", "opinion", "recall", "interim", "correction")
        self.send_fitting(data, name, kinds)

    @rule(data=st.data())
    def goes_on_with_the_request(self, data: st.DataObject) -> None:
        kinds = ("supplement", "reply", "return", "extension", "assignment", "correction", "question")
        self.send_fitting(data, CASES[0], kinds)

    @rule(data=st.data(), name=st.sampled_from(CASES))
    def sends_anything(self, data: st.DataObject, name: str) -> None:
        case = self.case(name)
        known = list(case.dispatches) if case is not None else []
        elsewhere = [id_ for other in self.readers[0].cases.values() for id_ in other.dispatches]
        sender = data.draw(st.sampled_from((*self.people, self.stranger)))
        fields = {
            "kind": data.draw(st.sampled_from(KINDS)),
            "to": data.draw(st.sampled_from((*self.addressees, "cand.example/khong-co", "khac.example"))),
            "term": data.draw(st.sampled_from((None, *TERMS))),
            "due": data.draw(st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))),
            "about": data.draw(st.sampled_from((None, TOPIC))),
            "regarding": data.draw(st.sampled_from((None, *known, *elsewhere, "0" * 64))),
        }
        self.post_dispatch(name, sender, **fields)

    @rule(data=st.data())
    def signs_for_what_waits(self, data: st.DataObject) -> None:
        self.act_on(data, [one for one in self.dispatches() if one.state == "sent"], Receipt)

    @rule(data=st.data())
    def opens_what_was_signed_for(self, data: st.DataObject) -> None:
        waits = [one for one in self.dispatches() if one.state == "received" and one.opening is None]
        self.act_on(data, waits, Opening)

    @rule(data=st.data(), kind=st.sampled_from((Decline, Withdrawal, Destruction, None)))
    def takes_back_or_destroys(self, data: st.DataObject, kind: type | None) -> None:
        if kind is not None:
            state = "received" if kind is Destruction else "sent"
            self.act_on(data, [one for one in self.dispatches() if one.state == state], kind)
            return
        recalled = {one.regarding for one in self.dispatches() if one.kind == "recall" and one.stands}
        wanted = [one for one in self.dispatches() if one.id in recalled and not one.destroyed_by]
        self.act_on(data, wanted, Destruction, code="recalled")

    @rule(data=st.data())
    def does_anything(self, data: st.DataObject) -> None:
        sent = data.draw(st.sampled_from(self.dispatches()))
        kind = data.draw(st.sampled_from((Receipt, Opening, Decline, Withdrawal, Destruction)))
        by = data.draw(st.sampled_from((*self.people, self.stranger)))
        self.post_act(by, kind, sent.id, **self.some_fields(data, kind))

    @rule(data=st.data(), what=st.sampled_from(("time",) * 4 + ("calendar",) * 2 + ("restart",)))
    def the_world_goes_on(self, data: st.DataObject, what: str) -> None:
        if what == "time":
            hours = data.draw(st.one_of(st.integers(1, 30), st.integers(24, 24 * 20)))
            self.world.clock.advance(hours=hours)
            self.run(self.world.relay.deadlines.tick())
        elif what == "calendar":
            day = data.draw(st.dates(date(2026, 3, 3), date(2026, 7, 31)))
            self.approve_calendar(day, data.draw(st.sampled_from(("off", "work"))), data.draw(st.booleans()))
        else:
            self.run(self.world.reopen())
            self.compared = -1

    # --- how

    def send_fitting(self, data: st.DataObject, name: str, kinds: tuple[str, ...] = KINDS) -> None:
        """Sends what the table's columns allow now, where there is something; often more than columns forbid it."""
        case = self.case(name)
        phase = case.phase if case is not None else Phase.NEW
        known = list(case.dispatches.values()) if case is not None else []
        fitting = [
            kind
            for kind in kinds
            if phase in RULES[kind].phases
            and kind != "draft"
            and (RULES[kind].regarding is not Presence.REQUIRED or regardable(known, kind))
        ]
        if not fitting:
            return
        row = RULES[data.draw(st.sampled_from(fitting))]
        regarded = regardable(known, row.kind)
        choices: list[Sent | None] = list(regarded[-6:])
        if row.regarding is not Presence.REQUIRED or not choices:
            choices.append(None)
        about = data.draw(st.sampled_from(choices))
        fields: dict[str, Any] = {
            "kind": row.kind,
            "regarding": None if about is None else about.id,
            "about": TOPIC if row.about is Presence.REQUIRED else None,
            "term": data.draw(st.sampled_from((None, *TERMS))) if row.term is Presence.OPTIONAL else None,
            "due": self.some_due(data, case, row.due),
        }
        if row.kind == "correction" and about is not None and about.kind == "correction":
            fields |= {"term": about.term, "due": about.due}
        pairs = [
            (sender, to)
            for sender, to in itertools.product(self.people, self.addressees)
            if self.foretold(name, sender, to=to, **fields) is None
        ]
        sender, to = data.draw(st.sampled_from(pairs or [(self.people[0], self.addressees[1])]))
        self.post_dispatch(name, sender, to=to, **fields)

    def some_due(self, data: st.DataObject, case: Case | None, presence: Presence) -> date | None:
        if presence is Presence.FORBIDDEN:
            return None
        after = case.due.due if case is not None and case.due is not None else self.today
        days = data.draw(st.integers(-2, 20))
        found = after + timedelta(days=days)
        return found if presence is Presence.REQUIRED or data.draw(st.booleans()) else None

    def act_on(self, data: st.DataObject, dispatches: list[Sent], kind: type, **fields: Any) -> None:
        """Somebody whose act it is does it to one of them, if there is one."""
        if not dispatches:
            return
        sent = data.draw(st.sampled_from(dispatches))
        side = sent.from_ if kind is Withdrawal else sent.to
        able = [one for one in self.people if side == one.name or side.partition("/")[0] == one.committee]
        clerks = [one for one in able if side == one.name or "clerk" in one.roles]
        by = data.draw(st.sampled_from(clerks if "/" not in side else able))
        self.post_act(by, kind, sent.id, **{**self.some_fields(data, kind), **fields})

    def some_fields(self, data: st.DataObject, kind: type) -> dict[str, Any]:
        if kind is Receipt:
            return {}
        if kind is not Opening:
            return {"code": data.draw(st.sampled_from(CODES[kind.__name__.lower()]))}
        result = data.draw(st.sampled_from(("verified", "verified", "faulty", "undelivered")))
        code = data.draw(st.sampled_from(CODES["opening"])) if result == "faulty" else None
        return {"result": result, "code": code, "manifest": "ab" * 32 if result == "verified" else None}

    # --- what has to hold

    @invariant()
    def everybody_sees_the_same(self) -> None:
        self.sync()
        first, second = self.readers
        if self.compared == self.world.log.size:
            return
        self.compared = self.world.log.size
        assert first.cases.keys() == second.cases.keys()
        for name, case in first.cases.items():
            theirs = second.cases[name]
            assert case_json.dump(case) == case_json.dump(theirs)
            assert case_json.load(case_json.dump(case)) == case
            assert case_json.dump(self.on_relay(name)) == case_json.dump(case)

    @invariant()
    def nothing_is_objected_to_and_nothing_is_owed(self) -> None:
        for case in self.readers[0].cases.values():
            assert case.objections == ()
            assert case.need is None
            self.check_dates(case)
            in_force = self.readers[0].calendars.in_force(self.world.log.size)
            assert status(case, self.world.clock.at, in_force, self.profile).vi

    @invariant()
    def whoever_is_waited_for_can_do_it(self) -> None:
        if self.looked == (self.world.log.size, self.today):
            return
        self.looked = (self.world.log.size, self.today)
        for case in self.readers[0].cases.values():
            case_duties.check(self, case)

    @invariant()
    def every_date_is_that_of_the_calendar_in_force(self) -> None:
        book = self.readers[0].calendars
        for case in self.readers[0].cases.values():
            assert dues.for_calendar(case, "0" * 64, self.profile, book, self.world.log.size) is None

    @invariant()
    def somebody_can_do_something(self) -> None:
        for name, case in self.readers[0].cases.items():
            if case.phase is Phase.CLOSED:
                continue
            assert waits_to_be_signed(case) or self.can_be_closed(name), case.phase

    def check_dates(self, case: Case) -> None:
        """No date is shortened while a clock runs; no reply stops a clock that another request started."""
        for before, after in itertools.pairwise(case.due_history):
            assert after.replaces is None or (after.replaces == before.id and after.due >= before.due)
            assert after.original <= after.due
            assert after.replaces is None or after.original >= before.original
        request = case.request
        if case.stopped is not None and request is not None:
            stop = case.dispatches[case.stopped.dispatch]
            assert stop.index > request.index
            assert stop.state != "withdrawn"
            assert not stop.recalled
        assert (case.due is None) or (case.clock is not None)
        assert case.paused is None or (case.clock is not None and case.stopped is None)
        if case.phase in VOID and case.stopped is None:
            assert (case.clock, case.due) == (None, None)
        if case.phase in WORKING:
            assert request is not None
            assert case.clock is not None
            assert (case.due is None) == (case.term is None)

    def can_be_closed(self, name: str) -> bool:
        w = self.world
        return self.foretold(name, w.ccq.clerk, kind="closing", to=w.ca.name, regarding=None) is None


def regardable(known: list[Sent], kind: str) -> list[Sent]:
    """What a dispatch of that kind can regard: what was signed for and stands, if there is any."""
    kinds = RULES[kind].regarding_kinds
    fitting = [one for one in known if not kinds or one.kind in kinds]
    signed = [one for one in fitting if one.state == "received" and one.stands]
    return signed or fitting


def waits_to_be_signed(case: Case) -> bool:
    """Whether somebody can sign for or decline, and somebody withdraw, the package that carries the case."""
    main = case.main_dispatch
    return case.phase is Phase.UNSIGNED and main is not None and main.state == "sent"


TestCases = CaseMachine.TestCase
TestCases.settings = settings(
    max_examples=MACHINE_RUNS,
    stateful_step_count=MACHINE_STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestCases.pytestmark = [pytest.mark.timeout(size(600, 3_600))]
