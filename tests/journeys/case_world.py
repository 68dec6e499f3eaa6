"""Two committees, their people and clients, and the relay's core: what the case machine acts upon.

Whatever somebody does goes through the relay's public door. It has to be taken or refused exactly as the client of
somebody who read everything foretells, by the same rule and in the same words.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from tests.journeys.readers import Reader
from tests.server.world import ManualClock, Package, Person, Settings, World

from kynhan_keys.vkeys import Signer
from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.case import allowed
from kynhan_protocol.case.act_rules import may_act
from kynhan_protocol.case.allowed import Circumstances
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.errors import CaseRuleError, ChainError
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.statements import Dispatch
from kynhan_protocol.vietnam_time import local_date
from kynhan_server.errors import Refused
from kynhan_server.log.draft import Layer

T = TypeVar("T")


FLIPPED = {
    "question-stops-clock": True,
    "interim-stops-clock": True,
    "unit-replies-directly": False,
    "correction-by-both": False,
    "extension-names-date": False,
    "return-restarts-clock": False,
    "retention-years": 1,
}
"""Every rule that changes what the table or the clock does, set the other way."""


def flipped(document: bytes, rules: set[str]) -> bytes:
    """The default profile with these rules set the other way."""
    made = json.loads(document)
    made["settings"] |= {name: FLIPPED[name] for name in rules}
    return json.dumps(made, ensure_ascii=False, indent=2).encode()


class CaseWorld:
    """An agreement with cases in it, seen by the relay and by a clerk of each committee."""

    def begin(self, amend: Callable[[bytes], bytes] | None) -> None:
        """Founds the agreement; `amend` changes the default profile."""
        self.runner = asyncio.Runner()
        self.compared = -1  # the size of the log when everybody was last compared
        self.looked: tuple[int, date] | None = (
            None  # that, and the day, when it was last seen who can do what
        )
        self.in_force: dict[str, Certified] | None = None
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        clock = ManualClock(demo=True)
        self.world = World(self.folder / "relay", clock, Settings(), *([amend] if amend else []))
        self.run(self.world.found())
        self.run(self.world.certify(self.world.ca, "pc02", ("unit",)))
        self.profile = profile.parse(self.world.profile)
        first = calendar.parse(self.world.calendar)
        self.current = self.world.calendar
        self.readers = tuple(
            Reader.of(self.world, clerk, self.profile, first, again=again)
            for clerk, again in ((self.world.ccq.clerk, False), (self.world.ca.clerk, True))
        )
        w = self.world
        self.people = (
            *(w.ccq.clerk, w.ccq.approver, w.ccq.auditor, w.ccq.unit),
            *(w.ca.clerk, w.ca.approver, w.ca.unit, w.ca.pc02),
        )
        self.stranger = replace(w.ca.clerk, name="cand.example/la-mat", signer=stranger_key())
        self.addressees = (
            *(w.ccq.name, w.ca.name, w.ca.unit.name, w.ca.pc02.name, w.ccq.auditor.name),
            *(w.ccq.approver.name, w.ca.approver.name, w.ccq.unit.name),
        )

    def end(self) -> None:
        if hasattr(self, "world"):
            self.run(self.world.relay.close())
            self.runner.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, what: Awaitable[T]) -> T:
        async def waits() -> T:
            return await what

        return self.runner.run(waits())

    def approve_calendar(self, day: date, what: str, both: bool) -> None:
        """An approver of one committee, or of both, signs a calendar with one more day off or worked."""
        document = json.loads(self.current)
        why = {"vi": "hoán đổi", "en": "swapped"}
        document["days"] = [one for one in document["days"] if one["date"] != day.isoformat()]
        document["days"].append({"date": day.isoformat(), "day": what, "why": why, "decision": "1/QĐ"})
        document["days"].sort(key=lambda one: one["date"])
        new = json.dumps(document, ensure_ascii=False).encode()
        try:
            made = calendar.parse(new)
        except ValueError:
            return  # a week-end that is off, a weekday that is worked
        for reader in self.readers:
            reader.calendars = reader.calendars.with_documents(made)
        for by in (self.world.ccq.approver, self.world.ca.approver)[: 2 if both else 1]:
            signed = self.world.approval(new, by, self.current)
            try:
                self.run(self.world.post(signed, documents=(new,)))
            except Refused as refused:
                assert refused.code == "not-now"  # signed already, or in force already
                return
        if both:
            self.current = new

    def post_dispatch(self, name: str, sender: Person, **fields: Any) -> None:
        """Posts it; the relay takes it or refuses it exactly as the sender's client says."""
        foretold = self.foretold(name, sender, **fields)
        package = self.package(name, sender, **fields)
        size = self.world.log.size
        try:
            self.run(self.world.send(package))
        except Refused as refused:
            assert self.world.log.size == size
            if isinstance(foretold, CaseRuleError):
                assert (refused.code, refused.detail) == ("not-now", str(foretold))
                assert refused.rule == foretold.rule
                assert foretold.rule.startswith(f"{fields['kind']}.")
                assert foretold.sentence_vi not in ("", str(foretold))
            else:
                assert foretold is not None, refused
                assert refused.code in ("not-in-force", "forbidden"), refused
        else:
            assert foretold is None

    def foretold(self, name: str, sender: Person, **fields: Any) -> Exception | None:
        """Why the relay will refuse it, as the client of somebody who read everything knows."""
        w, reader = self.world, self.readers[0]
        members = self.members()
        if sender.name not in members:
            return ChainError("a stranger", code="not-in-force")
        if fields["to"] == "khac.example" or ("/" in fields["to"] and fields["to"] not in members):
            return ChainError("nobody there", code="no-addressee")
        addressee = members.get(fields["to"])
        circumstances = Circumstances(
            members[sender.name].statement.role,
            addressee.statement.role if addressee is not None else (),
            reader.calendars.in_force(w.log.size),
            self.today,
        )
        draft = replace(self.blank, case=name, from_=sender.name, profile=w.profile_hash, **fields)
        party = self.profile.party_of(sender.name)
        try:
            allowed.check(self.case(name), draft, party, self.profile, circumstances)
        except CaseRuleError as error:
            return error
        return None

    def members(self) -> dict[str, Certified]:
        """Who is in force: nobody joins or leaves while the cases run."""
        if self.in_force is None:
            self.in_force = self.readers[0].committees.in_force(self.world.log.size, self.world.clock.at)
        return self.in_force

    @property
    def blank(self) -> Dispatch:
        """A dispatch to fill in; made once."""
        if not hasattr(self, "_blank"):
            self._blank = self.world.dispatch("message").statement
        return self._blank

    def package(self, name: str, sender: Person, **fields: Any) -> Package:
        known = sender.name != self.stranger.name
        try:
            if known:
                return self.world.dispatch(sender=sender, case=name, **fields)
        except ChainError:
            pass
        honest = self.world.dispatch("message", case=name)
        forged = replace(honest.statement, from_=sender.name, **fields)
        return replace(honest, signed=signing.sign(forged, sender.signer))

    def post_act(self, by: Person, kind: type, dispatch_id: str, **fields: Any) -> None:
        """Posts an act; the relay takes it or refuses it as the client says."""
        signed = self.world.act(kind, by, dispatch=dispatch_id, **fields)
        reader = self.readers[0]
        case = next(case for case in reader.cases.values() if dispatch_id in case.dispatches)
        in_force = reader.calendars.in_force(self.world.log.size)
        foretold: CaseRuleError | None = None
        try:
            allowed.check_act(case, signed.statement, in_force, self.profile)  # type: ignore[arg-type]
        except CaseRuleError as error:
            foretold = error
        member = self.members().get(by.name)
        dispatch = reader.entries[dispatch_id].logged.statement
        may = member is not None and may_act(signed.statement, dispatch, member)  # type: ignore[arg-type]
        try:
            self.run(self.world.post(signed))
        except Refused as refused:
            if refused.code == "not-now":
                assert foretold is not None, refused
                assert (refused.detail, refused.rule) == (str(foretold), foretold.rule)
                assert foretold.sentence_vi not in ("", str(foretold))
            else:
                assert refused.code in ("not-found", "not-in-force"), refused
                assert not may
        else:
            assert foretold is None
            assert may

    def sync(self) -> None:
        for reader in self.readers:
            if reader.size < self.world.log.size:
                self.run(reader.read(self.world))

    def case(self, name: str) -> Case | None:
        return self.readers[0].cases.get(name)

    def dispatches(self) -> list[Sent]:
        return [sent for case in self.readers[0].cases.values() for sent in case.dispatches.values()]

    @property
    def today(self) -> date:
        return local_date(self.world.clock.at)

    def on_relay(self, name: str) -> Case:
        found = self.run(
            self.world.relay.ledger.task(lambda connection: relay_case(self.world, connection, name))
        )
        assert found is not None
        return found


def relay_case(world: World, connection: Any, name: str) -> Case | None:
    """The case as the relay has it at hand, or reads it back from its database."""
    return Layer.bottom(world.log, connection, int(world.clock.at.timestamp())).case(name)


def stranger_key() -> Signer:
    return Signer.ed25519("cand.example/la-mat", bytes(31) + b"\x01")
