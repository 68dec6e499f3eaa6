"""Whole logs of a relay that lets everything in: whatever anybody signs, the relay itself too, is found wrong by the
same rules where it is taken in, where it is read and where it is judged (DESIGN §3.3, ADR 6).

The relay is the real one, on its real writer, but for the refusals: what it should refuse it logs, and what it would
have said is written down. What is not its author's to make at all it refuses as ever.
"""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.journeys.relay_words import in_place, own
from tests.journeys.three_judges import Copy, Documents, moment
from tests.lanes import WHOLE_LOGS
from tests.server.world import Package, Person, World, world

from kynhan_client.log import case_reading
from kynhan_protocol.case.table import RULES
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.rulebook import faults
from kynhan_protocol.rulebook.case_rules import CASE_RULES
from kynhan_protocol.rulebook.log_rules import LOG_RULES, VOID
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import (
    Decline,
    Destruction,
    Due,
    Opening,
    Receipt,
    Reminder,
    Seen,
    Withdrawal,
)
from kynhan_server.errors import Refused
from kynhan_server.log import refusals
from kynhan_server.log.draft import Layer

KINDS = tuple(sorted(RULES))
ACTS = (Receipt, Opening, Decline, Withdrawal, Destruction)
ROLES = ("clerk", "clerk", "approver", "unit", "auditor")
NO_DATE = frozenset({"due-missing", "no-calendar"})
"""Reasons that are no fault of the statement that they are told of."""

number = st.integers(0, 7)
STEPS = st.one_of(
    st.tuples(st.just("send"), st.sampled_from(KINDS), number, number, number),
    st.tuples(st.just("act"), st.sampled_from(ACTS), number, number),
    st.tuples(st.just("spoil"), number),
    st.tuples(st.just("wait"), st.integers(0, 12)),
    st.tuples(st.just("due"), number),
    st.tuples(st.just("remind"), number),
)


class Lax:
    """A world whose relay lets in what it should refuse; `told` is what it would have said, by statement."""

    def __init__(self, w: World) -> None:
        self.w = w
        self.told: dict[str, set[str]] = {}
        self.cases = [str(uuid.uuid4()) for _ in range(2)]
        self.sent: list[Package] = []

    # --- instead of refusing

    def check(self, place: Layer, signed: SignedStatement, verified: Any) -> None:
        found = faults.find(signed, refusals.RelayPlace(place, verified), LOG_RULES)
        if found.codes & VOID:
            raise refusals.refusal(found.faults)
        self.told[signed.id] = set(found.codes)

    def check_case(self, place: Layer, signed: SignedStatement) -> None:
        found = faults.find(signed, refusals.RelayPlace(place, None), CASE_RULES)
        self.told[signed.id] |= found.codes

    def check_own(self, place: Layer, signed: SignedStatement) -> None:
        self.told[signed.id] = set(refusals.faults_of_own(place, signed))

    # --- what happens

    async def run(self, steps: Sequence[tuple[Any, ...]]) -> None:
        with (
            mock.patch.object(refusals, "check", self.check),
            mock.patch.object(refusals, "check_case", self.check_case),
            mock.patch.object(refusals, "check_own", self.check_own),
        ):
            await self.send("request", 0, 0, 0)
            for what, *rest in steps:
                with suppress(Refused):
                    await getattr(self, what)(*rest)

    def person(self, which: int) -> Person:
        party = self.w.ccq if which % 2 == 0 else self.w.ca
        return party.people[ROLES[which // 2 % len(ROLES)]]

    async def send(self, kind: str, sender: int, regards: int, other: int) -> None:
        by = self.person(sender)
        theirs = self.w.ca if by.committee == self.w.ccq.name else self.w.ccq
        rule = RULES[kind]
        fields: dict[str, Any] = {"case": self.cases[other % 2], "kind": kind, "sender": by}
        fields["to"] = theirs.unit.name if other == 7 else theirs.name
        if rule.term.name != "FORBIDDEN":
            fields["term"] = "in-province"
        if rule.due.name == "REQUIRED" or other == 6:
            fields["due"] = date(2026, 5, 4) + timedelta(days=regards)
        if rule.about.name == "REQUIRED":
            fields["about"] = self.cases[0]
        if self.sent and rule.regarding.name != "FORBIDDEN":
            fields["regarding"] = self.sent[regards % len(self.sent)].signed.id
        await self.post(self.w.dispatch(**fields))

    async def post(self, package: Package) -> None:
        await self.w.send(package)
        self.sent.append(package)

    async def act(self, type_: type, which: int, by: int) -> None:
        sent = self.sent[which % len(self.sent)]
        fields: dict[str, Any] = {} if type_ is Receipt else {"code": "mistake"}
        if type_ is Opening:
            fields = {"result": "verified", "code": None, "manifest": "ab" * 32}
        if type_ is Decline:
            fields = {"code": "duplicate"}
        if type_ is Destruction:
            fields = {"code": ("ordered", "recalled", "retention")[by % 3]}
        statement = sent.statement
        theirs = self.w.ca if statement.to.startswith(self.w.ca.name) else self.w.ccq
        person = theirs.unit if statement.to == theirs.unit.name else theirs.clerk
        if type_ is Withdrawal:
            person = self.w.ccq.clerk if theirs is self.w.ca else self.w.ca.clerk
        await self.w.post(self.w.act(type_, person, dispatch=sent.signed.id, **fields))

    async def spoil(self, how: int) -> None:
        first = self.sent[0]
        changes: list[dict[str, Any]] = [
            {"seen": Seen(self.w.log.state.size, bytes(32))},
            {"seen": Seen(self.w.log.state.size + 9, bytes(32))},
            {"head": self.w.log.state.committees.heads()[:1]},
            {"head": ("ab" * 32,)},
            {"time": moment(self.w) - timedelta(days=16)},
            {},
            {"body": first.body},
            {"profile": "ab" * 32, "case": self.cases[0]},
        ]
        await self.post(self.w.dispatch(**{"kind": "message", **changes[how]}))

    async def wait(self, days: int) -> None:
        self.w.clock.advance(days=days)
        await self.w.relay.deadlines.tick()

    # --- what the relay makes up

    async def say(self, made: Callable[[Layer], Due | Reminder]) -> None:
        def run(place: Layer) -> None:
            signed = place.sign(made(place))
            self.check_own(place, signed)
            case = signed.statement.case  # type: ignore[union-attr]
            if place.case(case) is None:
                place.append_relay(signed, case=None, cause=None)
            else:
                place.fold(case, place.append_relay(signed, case=case, cause=None))

        await in_place(self.w, run)

    async def due(self, how: int) -> None:
        def made(place: Layer) -> Due:
            case = place.case(self.cases[0])
            if case is None or case.due is None or case.due.id is None:
                raise Refused("not-now", "There is none to change.")
            names = ("dispatch", "start", "term", "calendar", "due", "provisional", "because", "basis")
            fields = {name: getattr(case.due, name) for name in names}
            changes: list[dict[str, Any]] = [
                {"due": case.due.due + timedelta(days=30)},
                {"due": case.due.due - timedelta(days=9)},
                {"because": "calendar", "basis": "ab" * 32},
                {"because": "extension", "basis": self.sent[-1].signed.id},
                {"because": "return", "basis": self.sent[-1].signed.id},
                {"because": "correction", "basis": self.sent[0].signed.id},
                {"start": "ab" * 32},
                {"calendar": "ab" * 32},
            ]
            more = {"case": case.id, "profile": case.profile, "replaces": case.due.id}
            return Due(**{**own(self.w), **fields, **more, **changes[how]})

        await self.say(made)

    async def remind(self, how: int) -> None:
        def made(_: Layer) -> Reminder:
            step = ("+999", "-1", "unsigned+1", "0")[how % 4]
            about = self.sent[how % len(self.sent)].signed.id
            to = (self.w.ca.clerk.name,) if how % 2 else (self.w.ca.name,)
            return Reminder(**own(self.w), case=self.cases[how // 4], step=step, due=about, to=to)  # type: ignore[arg-type]

        await self.say(made)


async def _judged_alike(steps: Sequence[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with world(Path(folder)) as w:
            lax = Lax(w)
            await lax.run(steps)
            copy = await Copy.of(w)
    told = [lax.told.get(one.id, set()) for one in copy.log]
    copy.close()
    findings, entries = copy.read()
    read: list[set[str]] = [set() for _ in told]
    for one in findings:
        if one.index is not None and one.fault is not None and one.index < len(told):
            read[one.index].add(one.fault)
    documents = Documents(copy, entries)
    for case in {one.case for one in entries if one.case is not None}:
        of_case = [one for one in entries if one.case == case]
        _, broken = case_reading.judged(of_case, documents, range(len(told)))
        for logged, fault in broken:
            read[logged.index].add(fault.code)
    judged = copy.judge()
    for index, codes in enumerate(told):
        what = index, copy.log[index].statement
        assert read[index] == codes, what
        assert set(judged[index].faults) == codes, what
        reasons = {one.code for one in judged[index].reasons} - NO_DATE
        assert bool(reasons) == bool(codes), what
        assert (judged[index].verdict == Verdict.INVALID) == bool(codes), what


@settings(
    max_examples=WHOLE_LOGS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(STEPS, min_size=6, max_size=24))
@example([("act", Receipt, 0, 0), ("due", 0), ("due", 2), ("remind", 0), ("spoil", 6), ("wait", 3)])
@example([("act", Withdrawal, 0, 0), ("act", Receipt, 0, 0), ("act", Opening, 0, 0), ("wait", 9)])
@example([("spoil", how) for how in range(8)])
@example([("act", Receipt, 0, 0), *(("due", how) for how in range(8)), ("wait", 12), ("wait", 12)])
def test_three_judges_give_one_answer_about_every_statement_of_a_log(steps: list[tuple[Any, ...]]) -> None:
    asyncio.run(_judged_alike(steps))
