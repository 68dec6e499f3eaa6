"""One case as a relay would log it, without keys or bytes: what tests of the table, the fold and reminders tell.

    story = Story()
    request = story.send("request", term="in-country")   DISPATCH, ACCEPTANCE
    story.sign(request)                                   RECEIPT, HANDOVER, DUE
    story.pass_to(vn(2026, 4, 1))
    story.send("reply", regarding=request)
    story.case                                            as folded after every statement

Illegal acts raise CaseRuleError and are not logged, as at the relay.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone

from kynhan_keys.vkeys import Signer
from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.default_profile import (
    REQUESTING_NAMES,
    RESPONDING_NAMES,
    PartyNames,
    RegulationNames,
    default_profile,
)
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case.allowed import Act, Circumstances, check, check_act
from kynhan_protocol.case.case import Case, DueRecord
from kynhan_protocol.case.dues import DueDraft
from kynhan_protocol.case.fold import apply, due_for, due_for_calendar, due_for_time, fold
from kynhan_protocol.case.reminding import ReminderDraft
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import (
    Acceptance,
    CalendarApproval,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    HashSize,
    Opening,
    Receipt,
    Reminder,
    Seen,
    Statement,
    Withdrawal,
)
from kynhan_protocol.vietnam_time import local_date

CCQ, CA = "ccq.example", "cand.example"
CLERK, CA_CLERK = f"{CCQ}/van-thu", f"{CA}/van-thu"
UNIT, OTHER_UNIT = f"{CA}/pa03", f"{CA}/pc02"
APPROVER, CA_APPROVER = f"{CCQ}/lanh-dao", f"{CA}/lanh-dao"
RELAY = "relay.example/kynhan"
CASE = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11"
TOPIC = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a22"
VIETNAM = timezone(timedelta(hours=7))
CALENDAR = calendar.shipped()
OF_RESPONDING = {"reply", "interim", "extension", "return", "assignment", "answer"}


def vn(year: int, month: int, day: int, hour: int = 9) -> datetime:
    """A time in Việt Nam."""
    return datetime(year, month, day, hour, tzinfo=VIETNAM).astimezone(UTC)


def text_hash(text: str) -> str:
    """64 hex digits that belong to `text`."""
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def agreement() -> Profile:
    """The default profile of the two committees, with the shipped calendar."""
    relay = Signer.ed25519(RELAY, bytes(32)).vkey, Signer.ml_dsa_44(RELAY, bytes(32)).vkey
    return profile.parse(
        default_profile(
            relay=relay,
            requesting=PartyNames(CCQ, "CCQ", *REQUESTING_NAMES),
            responding=PartyNames(CA, "CA", *RESPONDING_NAMES),
            regulation=RegulationNames("09-QC/TU", date(2025, 6, 30)),
            calendar=CALENDAR.sha,
        )
    )


PROFILE_HASH = text_hash("profile")


@dataclass
class Story:
    """The log of one case. `now` is the clock of relay and members.

    `says` gives the fields of a DUE in which the relay differs from what it should sign; None: it signs none.
    """

    now: datetime = field(default_factory=lambda: vn(2026, 3, 2))
    profile: Profile = field(default_factory=agreement)
    log: list[Logged] = field(default_factory=list)
    case_or_none: Case | None = None
    calendars: CalendarBook = field(
        default_factory=lambda: CalendarBook.begin(CALENDAR.sha, (CCQ, CA), CALENDAR)
    )

    says: Callable[[DueDraft], dict[str, object] | None] = lambda _: {}

    @property
    def case(self) -> Case:
        assert self.case_or_none is not None
        return self.case_or_none

    @property
    def due(self) -> DueRecord:
        assert self.case.due is not None
        return self.case.due

    def pass_to(self, moment: datetime) -> None:
        assert moment >= self.now
        self.now = moment

    def dispatch(self, kind: str, **fields: object) -> Dispatch:
        """A dispatch of `kind` with the sender, addressee and regarded dispatch that it usually has."""
        from_ = CA_CLERK if kind in OF_RESPONDING else CLERK
        usual = Dispatch(
            case=CASE,
            about=TOPIC if kind == "opinion" else None,
            kind=kind,
            term=None,
            urgency=None,
            from_=from_,
            approver=None,
            to=CCQ if from_ == CA_CLERK else CA,
            sealed=(),
            header=HashSize("0" * 64, 1),
            body=HashSize("0" * 64, 1),
            regarding=None,
            due=None,
            profile=PROFILE_HASH,
            relay=RELAY,
            seen=Seen(0, bytes(32)),
            head=(),
            time=self.now,
            nonce=bytes(16),
        )
        return replace(usual, **fields)  # type: ignore[arg-type]

    def send(self, kind: str, circumstances: Circumstances | None = None, **fields: object) -> str:
        """The id of a dispatch sent and accepted. Raises CaseRuleError."""
        self.tick()
        dispatch = self.dispatch(kind, **fields)
        if circumstances is None:
            circumstances = Circumstances(
                (), (), self.calendars.in_force(len(self.log)), local_date(self.now)
            )
        check(self.case_or_none, dispatch, self.profile.party_of(dispatch.from_), self.profile, circumstances)
        sent = self.log_it(dispatch)
        self.log_it(Acceptance(of=sent.id, relay=RELAY, time=self.now, nonce=bytes(16)))
        return sent.id

    def sign(self, dispatch: str, by: str | None = None) -> None:
        """RECEIPT, HANDOVER and what follows."""
        receipt = self.act(Receipt, dispatch, by)
        self.log_it(Handover(of=receipt.id, dispatch=dispatch, relay=RELAY, time=self.now, nonce=bytes(16)))

    def sent_and_signed(self, kind: str, **fields: object) -> str:
        sent = self.send(kind, **fields)
        self.sign(sent)
        return sent

    def open(self, dispatch: str, result: str = "verified", code: str | None = None) -> None:
        self.accepted(Opening, dispatch, None, manifest=None, result=result, code=code)

    def decline(self, dispatch: str) -> None:
        self.accepted(Decline, dispatch, None, code="not-competent")

    def withdraw(self, dispatch: str) -> None:
        sender = self.case.dispatches[dispatch].from_
        self.accepted(Withdrawal, dispatch, sender, code="mistake")

    def void(self, dispatch: str) -> None:
        """Both sides sign a correction that says that a contested dispatch counts no more."""
        first = self.send("correction", regarding=dispatch)
        self.send("correction", from_=CA_CLERK, to=CCQ, regarding=first)

    def destroy(self, dispatch: str, by: str | None = None, code: str = "recalled") -> None:
        self.accepted(Destruction, dispatch, by, code=code)

    def accepted(self, kind: type, dispatch: str, by: str | None, **fields: object) -> None:
        act = self.act(kind, dispatch, by, **fields)
        self.log_it(Acceptance(of=act.id, relay=RELAY, time=self.now, nonce=bytes(16)))

    def act(self, kind: type, dispatch: str, by: str | None, **fields: object) -> Logged:
        """An act of the addressee (or of `by`) on a dispatch. Raises CaseRuleError."""
        self.tick()
        sent = self.case.dispatches.get(dispatch)
        to = sent.to if sent is not None else CA
        statement: Act = kind(
            dispatch=dispatch,
            by=by or (to if "/" in to else f"{to}/van-thu"),
            relay=RELAY,
            seen=Seen(0, bytes(32)),
            head=(),
            time=self.now,
            nonce=bytes(16),
            **fields,
        )
        check_act(self.case, statement, self.calendars.in_force(len(self.log)), self.profile)
        return self.log_it(statement)

    def tick(self) -> None:
        """What the relay does by itself: the DUE of a pause that ended."""
        if self.case_or_none is not None:
            self._log_due(due_for_time(self.case, self.now, self.profile, self.calendars, len(self.log)))

    def remind(self, draft: ReminderDraft) -> None:
        self.log_it(
            Reminder(
                case=CASE,
                step=draft.step,
                due=draft.due,
                to=(CA_CLERK,),
                relay=RELAY,
                time=self.now,
                nonce=bytes(16),
            )
        )

    def approve_calendar(self, new: Calendar) -> None:
        """An approver of each committee signs `new`; the case's date moves if it has to."""
        self.calendars = self.calendars.with_documents(new)
        self.tick()
        replaces = self.calendars.latest.document
        for by in (APPROVER, CA_APPROVER):
            approval = CalendarApproval(
                by=by,
                document=new.sha,
                decision=None,
                replaces=replaces,
                relay=RELAY,
                seen=Seen(0, bytes(32)),
                head=(),
                time=self.now,
                nonce=bytes(16),
            )
            logged = self.log_it(approval)
        self._log_due(due_for_calendar(self.case, logged, self.profile, self.calendars))

    def log_due(self, draft: DueDraft, **changes: object) -> Logged:
        statement = Due(
            case=draft.case,
            dispatch=draft.dispatch,
            start=draft.start,
            term=draft.term,
            profile=draft.profile,
            calendar=draft.calendar,
            due=draft.due,
            provisional=draft.provisional,
            because=draft.because,
            basis=draft.basis,
            replaces=draft.replaces,
            relay=RELAY,
            time=self.now,
            nonce=bytes(16),
        )
        return self.log_it(replace(statement, **changes))  # type: ignore[arg-type]

    def log_it(self, statement: Statement) -> Logged:
        """Log and fold `statement`, and the DUE that has to follow it, without asking whether it is allowed."""
        index = len(self.log)
        logged = Logged(index, text_hash(f"{index} {statement}"), statement, b"", self.now)
        self.log.append(logged)
        self.calendars = self.calendars.apply(logged)
        self.case_or_none = apply(self.case_or_none, logged, self.profile, self.calendars)
        if not isinstance(statement, Due):
            self._log_due(due_for(self.case, logged, self.profile, self.calendars))
        return logged

    def _log_due(self, draft: DueDraft | None) -> None:
        changes = None if draft is None else self.says(draft)
        if draft is not None and changes is not None:
            self.log_due(draft, **changes)

    def folded_again(self) -> Case | None:
        """The case as a client folds it from the whole log."""
        return fold(self.log, self.profile, self.calendars)
