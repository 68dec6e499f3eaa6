"""Whatever either side does while packages are said to be faulty and dossiers are returned (DESIGN §3.5): no sequence
leaves a case without a way out, and no act of one side alone moves a date to its own gain.

CCQ, who asks, gains by an earlier date, or by a later or missing answer; CA by a later or missing date, or by an
earlier answer. What an act of CA may do by design: an extension, one return in time, an answer given now.
"""

from __future__ import annotations

import contextlib
import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.protocol.story import CA, CALENDAR, CCQ, Story, vn

from kynhan_protocol.case import contests, dates
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.case.status import status
from kynhan_protocol.errors import CaseRuleError

NEVER, NONE = datetime.max.replace(tzinfo=UTC), date.max


@dataclass(frozen=True)
class Stand:
    """What either side could want to move: the date in force, and when the answer came."""

    due: date
    paused: bool
    answered: datetime
    phase: Phase


def stand(case: Case) -> Stand:
    return Stand(
        case.due.due if case.due else NONE,
        case.paused is not None,
        case.stopped.at if case.stopped else NEVER,
        case.phase,
    )


class EitherSide(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.story = Story(now=vn(2026, 3, 2))
        self.request = self.story.sent_and_signed("request", term="in-province")
        self.before_admission: dict[str, Stand] = {}

    def now(self) -> Case:
        """The case as of this moment, with what time alone did to it."""
        story = self.story
        return dates.as_of(story.case, len(story.log), story.profile, story.calendars, story.now)

    def pick(self, chosen: int, *, by: str | None = None) -> Sent | None:
        """One of the dispatches, of those that `by` sent."""
        found = [one for one in self.story.case.dispatches.values() if by is None or one.from_.startswith(by)]
        return found[chosen % len(found)] if found else None

    def side_of(self, act: str, sent: Sent) -> str:
        """Who does it: the sender takes back, the addressee all else."""
        return CCQ if sent.from_.startswith(CCQ) is (act == "withdraw") else CA

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        self.story.pass_to(self.story.now + timedelta(hours=hours))

    @rule(chosen=st.integers(0, 30), kind=st.sampled_from(["supplement", "message", "question"]))
    def ccq_sends(self, chosen: int, kind: str) -> None:
        regarded = self.pick(chosen)
        self.send(CCQ, kind, regarding=regarded.id if regarded and kind == "supplement" else None)

    @rule(
        chosen=st.integers(0, 30), kind=st.sampled_from(["reply", "return", "extension", "reply", "return"])
    )
    def ca_sends(self, chosen: int, kind: str) -> None:
        regarded = self.pick(chosen)
        due = CALENDAR.add_working_days(self.story.now.date(), 60) if kind == "extension" else None
        self.send(CA, kind, regarding=regarded.id if regarded else None, due=due)

    def disputed(self) -> list[Sent]:
        return [one for one in self.story.case.dispatches.values() if one.is_contested]

    def unopened(self) -> list[Sent]:
        return [
            one
            for one in self.story.case.dispatches.values()
            if one.opening is None and one.state in ("sent", "received")
        ]

    def admissions(self) -> list[Sent]:
        return [one for one in self.story.case.dispatches.values() if one.admits and one.state == "sent"]

    @precondition(lambda self: self.unopened())
    @rule(chosen=st.integers(0, 30))
    def somebody_calls_it_faulty(self, chosen: int) -> None:
        found = self.unopened()
        sent = found[chosen % len(found)]
        if sent.state == "sent":
            self.act("sign", sent)
        self.act("faulty", sent)

    @precondition(lambda self: self.disputed())
    @rule(chosen=st.integers(0, 30))
    def somebody_sends_again(self, chosen: int) -> None:
        found = self.disputed()
        first = found[chosen % len(found)]
        by = CCQ if first.from_.startswith(CCQ) else CA
        self.send(by, first.kind, regarding=first.id, due=first.due, term=first.term)

    @precondition(lambda self: self.admissions())
    @rule(chosen=st.integers(0, 30), act=st.sampled_from(["withdraw", "decline"]))
    def what_was_sent_again_is_not_to_be(self, chosen: int, act: str) -> None:
        found = self.admissions()
        self.act(act, found[chosen % len(found)])

    @rule(chosen=st.integers(0, 30), by=st.sampled_from([CCQ, CA]))
    def somebody_corrects(self, chosen: int, by: str) -> None:
        regarded = self.pick(chosen)
        self.send(by, "correction", regarding=regarded.id if regarded else None)

    @rule()
    def ccq_requests_anew(self) -> None:
        self.send(CCQ, "request", term="in-province")

    @rule(
        chosen=st.integers(0, 30),
        act=st.sampled_from(["sign", "sign", "open", "decline", "withdraw", "faulty"]),
    )
    def somebody_acts(self, chosen: int, act: str) -> None:
        sent = self.pick(chosen)
        if sent is not None:
            self.act(act, sent)

    def act(self, act: str, sent: Sent) -> None:
        story = self.story
        do = {
            "sign": story.sign,
            "open": story.open,
            "decline": story.decline,
            "withdraw": story.withdraw,
            "faulty": lambda one: story.open(one, "faulty", "payload"),
        }[act]
        before = stand(self.now())
        with contextlib.suppress(CaseRuleError):
            do(sent.id)
            self.judge(self.side_of(act, sent), act, sent, before)

    def send(self, by: str, kind: str, **fields: object) -> None:
        before = stand(self.now())
        who = {"from_": f"{by}/van-thu", "to": CA if by == CCQ else CCQ}
        with contextlib.suppress(CaseRuleError):
            sent = self.story.send(kind, **who, **fields)
            found = self.story.case.dispatches[sent]
            if found.admits is not None:
                self.before_admission[sent] = before
            self.judge(by, kind, found, before)

    def judge(self, by: str, act: str, sent: Sent, before: Stand) -> None:
        """What `by` did alone gave it nothing."""
        after = stand(self.now())
        if act in ("withdraw", "decline") and sent.admits is not None:
            return self.is_undone(sent, before, after)
        both = act == "correction" and self.story.case.first_correction(sent) is not None
        answers = act == "sign"  # to what the other side sent
        if both or answers:
            return None
        if by == CCQ:
            assert after.due >= before.due or act == "request"
            assert after.answered <= before.answered
        else:
            assert after.due <= before.due or act == "extension"
            assert after.paused <= before.paused or act in ("return", "withdraw", "open")
            if act == "reply":
                assert after.answered >= min(before.answered, self.story.now)
            elif act != "withdraw":
                assert after.answered >= before.answered
        return None

    def is_undone(self, sent: Sent, before: Stand, after: Stand) -> None:
        """An admission taken back or declined leaves what stood before it; time alone may have ended a pause since."""
        was = self.before_admission[sent.id]
        later_reply = any(
            one.kind == "reply" and one.stands and one.index > sent.index
            for one in self.story.case.dispatches.values()
        )
        if sent.kind == "request":
            assert after.due >= was.due
            assert not after.paused or was.paused
        else:
            assert after.due == before.due
        if sent.kind == "reply" and not later_reply:
            assert after.answered == was.answered
        elif sent.kind not in ("reply", "request"):
            assert after.answered == before.answered

    @invariant()
    def everybody_reads_the_same(self) -> None:
        case = self.story.case
        assert case.objections == ()
        assert case.need is None
        assert self.story.folded_again() == case

    @invariant()
    def there_is_a_way_out(self) -> None:
        story = copy.copy(self.story)
        story.log = list(self.story.log)
        case = self.now()
        disputed = contests.contested(case)
        if disputed is not None:
            assert status(case, story.now, CALENDAR, story.profile).code == "contested"
            cleared = copy.copy(story)
            cleared.log = list(story.log)
            while (disputed := contests.contested(cleared.case)) is not None:  # the request, the reply
                cleared.open(disputed.id)
        if case.paused is not None:
            self.ends_without_ca(story, case.paused.dispatch)
        if case.phase in (Phase.RUNNING, Phase.RETURNED):
            answered = copy.copy(story)
            answered.log = list(story.log)
            answered.send("reply", regarding=case.main)
            assert answered.case.phase is Phase.ANSWERED
        if case.phase is Phase.UNSIGNED and case.main is not None:
            story.withdraw(case.main)
        story.send("closing")
        assert story.case.phase is Phase.CLOSED

    def ends_without_ca(self, story: Story, returned: str) -> None:
        """A dossier returned in time does not wait for ever: CCQ completes it, and CA need not even sign."""
        waited = copy.copy(story)
        waited.log = list(story.log)
        waited.send("supplement", regarding=returned)
        waited.pass_to(waited.now + timedelta(days=30))
        waited.tick()
        assert waited.case.paused is None

    @precondition(lambda self: self.story.case.phase is Phase.RUNNING)
    @rule()
    def ca_agrees_to_what_is_void(self) -> None:
        disputed = contests.contested(self.story.case)
        if disputed is not None:
            self.story.void(disputed.id)


EitherSide.TestCase.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
TestEitherSide = EitherSide.TestCase
