"""Evidence that breaks a rule: what was done wrong, and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.protocol.cases import close, codes, files_of_journey, of
from tests.protocol.world import (
    APPROVER,
    CA,
    CA_CLERK,
    CALENDAR,
    CCQ,
    CLERK,
    ORIGIN,
    UNIT,
    World,
    make_profile,
    seed,
    signer,
)

from kynhan_protocol.agreement import calendar, due
from kynhan_protocol.agreement.terms import REGULATION_TERMS
from kynhan_protocol.evidence import evidence
from kynhan_protocol.evidence.verdicts import Judgement, Verdict
from kynhan_protocol.statements.statements import (
    Acceptance,
    CalendarApproval,
    Due,
    Handover,
    Receipt,
    Reminder,
    Withdrawal,
)

CASE = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11"
Forge = Callable[[World], object]


def forged(change: Forge) -> tuple[Judgement, World]:
    """The journey with something wrong in it."""
    world = World.founded()
    change(world)
    close(world)
    return evidence.verify_case({**world.case_files(), "checkpoint": world.cosigned[-2]}), world


def sealed_to_too_few(world: World) -> None:
    sealed = world.committees.expected_sealed(CLERK, None, CA, len(world.log), world.now)
    world.request(sealed=sealed[:1])


def sealed_to_the_wrong_ones(world: World) -> None:
    world.request(sealed=world.committees.expected_sealed(CLERK, None, UNIT, len(world.log), world.now))


def dated_too_early(world: World) -> None:
    world.request(time=world.now - timedelta(days=15, seconds=1))


def dated_too_late(world: World) -> None:
    world.request(time=world.now + timedelta(minutes=15, seconds=1))


def receipt_dated_too_early(world: World) -> None:
    world.receipt(world.request(), time=world.now - timedelta(hours=72, seconds=1))


def signed_by_a_revoked_member(world: World) -> None:
    statement = world.dispatch()
    world.revoke(CLERK)
    world.certify(CLERK, "clerk", which="new")
    world.post(statement, signer(CLERK))


def signed_by_nobody_certified(world: World) -> None:
    statement = world.dispatch()
    world.post(replace(statement, from_=f"{CCQ}/nobody"), signer(f"{CCQ}/nobody"))


def receipt_by_the_sender(world: World) -> None:
    world.receipt(world.request(), by=CLERK)


def receipt_by_a_unit_it_was_not_sent_to(world: World) -> None:
    world.receipt(world.request(), by=UNIT)


def receipt_by_a_clerk_it_was_not_sealed_to(world: World) -> None:
    sent = world.request()
    world.certify(f"{CA}/moi", "clerk")
    world.receipt(sent, by=f"{CA}/moi")


def withdrawn_by_the_addressee(world: World) -> None:
    fields = {"dispatch": world.request().id, "by": CA_CLERK, "code": "mistake", **world.member_fields()}
    world.post(Withdrawal(**fields), signer(CA_CLERK))


def of_another_relay(world: World) -> None:
    world.request(relay="other.example")


def under_another_profile(world: World) -> None:
    world.request(profile=seed("x").hex())


def relay_statement(kind: Any, key: str = "", **fields: Any) -> Forge:
    def forge(world: World) -> None:
        sent = world.request()
        signed = world.receipt(sent)
        made = {name: sent.id if value == "sent" else signed.id for name, value in fields.items()}
        statement = kind(relay=ORIGIN, time=world.now, nonce=world.nonce(), **made)
        world.append(statement, signer(ORIGIN, key))
        world.checkpoint()

    return forge


def time_runs_backwards(world: World) -> None:
    world.request()
    world.now -= timedelta(seconds=30)
    world.request()


def logged_before_its_witness_saw_it(world: World) -> None:
    world.cosign()
    world.now -= timedelta(minutes=6)
    world.request()
    world.now += timedelta(minutes=6)


def logged_after_its_witness_saw_it(world: World) -> None:
    world.now += timedelta(minutes=10)
    world.request()
    world.now -= timedelta(minutes=10)


def due_too_early(world: World) -> None:
    world.receipt(world.request())
    stated = world.log[-1].statement
    assert isinstance(stated, Due)
    world.append(
        replace(stated, due=date(2026, 5, 6), nonce=world.nonce(), replaces=world.log[-1].id), signer(ORIGIN)
    )
    world.checkpoint()


def due_of_something_else(world: World) -> None:
    world.receipt(world.request())
    stated = world.log[-1].statement
    assert isinstance(stated, Due)
    other = world.request(case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12")
    world.append(replace(stated, dispatch=other.id, nonce=world.nonce()), signer(ORIGIN))
    world.checkpoint()


def last_due(world: World) -> Due:
    stated = world.log[-1].statement
    assert isinstance(stated, Due)
    return stated


def due_that_replaces_nothing_in_force(world: World) -> None:
    world.receipt(world.request())
    world.append(replace(last_due(world), nonce=world.nonce()), signer(ORIGIN))
    world.checkpoint()


def due_by_an_extension_of_another_case(world: World) -> None:
    other = world.request(case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12")
    world.receipt(other)
    elsewhere = world.request(
        case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12",
        kind="extension",
        from_=CA_CLERK,
        to=CCQ,
        term=None,
        regarding=other.id,
        due=date(2026, 12, 1),
    )
    world.receipt(world.request())
    later = replace(last_due(world), because="extension", basis=elsewhere.id, due=date(2026, 12, 1))
    world.append(replace(later, nonce=world.nonce(), replaces=world.log[-1].id), signer(ORIGIN))
    world.checkpoint()


def second_receipt(world: World) -> None:
    """Each clerk signs for the same package: the first one counts."""
    world.certify(f"{CA}/hai", "clerk")
    sent = world.request()
    world.receipt(sent)
    world.receipt(sent, by=f"{CA}/hai")


def receipt_after_withdrawal(world: World) -> None:
    sent = world.request()
    fields = {"dispatch": sent.id, "by": CLERK, "code": "mistake", **world.member_fields()}
    world.post(Withdrawal(**fields), signer(CLERK))
    world.receipt(sent)


def opened_by_a_clerk_it_was_not_sealed_to(world: World) -> None:
    sent = world.request()
    world.receipt(sent)
    world.certify(f"{CA}/moi", "clerk")
    world.opening(sent, by=f"{CA}/moi")


def approved_by_no_approver(world: World) -> None:
    world.certify(f"{CCQ}/hai", "clerk")
    world.request(approver=f"{CCQ}/hai")


def approved_by_the_same_person(world: World) -> None:
    world.certify(f"{CCQ}/pho", "approver", holder=f"holder of {CLERK}")
    world.request(approver=f"{CCQ}/pho")


def profile_changed_within_a_case(world: World) -> None:
    world.request()
    world.profile = make_profile(regulation="16-QC/TU")
    for committee in (CCQ, CA):
        world.attest(committee)
    world.request(kind="message", term=None)


def an_entry_twice(world: World) -> None:
    statement = world.dispatch()
    world.post(statement, signer(CLERK))
    world.post(statement, signer(CLERK))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (sealed_to_too_few, "sealed-differs"),
        (sealed_to_the_wrong_ones, "sealed-differs"),
        (dated_too_early, "outside-window"),
        (dated_too_late, "outside-window"),
        (receipt_dated_too_early, "outside-window"),
        (signed_by_a_revoked_member, "not-in-force"),
        (signed_by_nobody_certified, "not-in-force"),
        (receipt_by_the_sender, "not-addressee"),
        (receipt_by_a_unit_it_was_not_sent_to, "not-addressee"),
        (receipt_by_a_clerk_it_was_not_sealed_to, "not-addressee"),
        (withdrawn_by_the_addressee, "not-addressee"),
        (of_another_relay, "other-relay"),
        (under_another_profile, "other-profile"),
        (relay_statement(Acceptance, of="sent"), "named-twice"),
        (relay_statement(Acceptance, of="signed"), "named-twice"),
        (relay_statement(Handover, of="signed", dispatch="signed"), "named-twice"),
        (relay_statement(Acceptance, "another key", of="sent"), "bad-signature"),
        (time_runs_backwards, "time-decreases"),
        (logged_before_its_witness_saw_it, "time-contradicts"),
        (logged_after_its_witness_saw_it, "time-contradicts"),
        (due_too_early, "due-differs"),
        (due_of_something_else, "due-differs"),
        (due_that_replaces_nothing_in_force, "due-differs"),
        (due_by_an_extension_of_another_case, "due-differs"),
        (second_receipt, "settled-before"),
        (receipt_after_withdrawal, "settled-before"),
        (opened_by_a_clerk_it_was_not_sealed_to, "not-addressee"),
        (approved_by_no_approver, "not-approved"),
        (approved_by_the_same_person, "not-approved"),
        (profile_changed_within_a_case, "other-profile"),
        (an_entry_twice, "logged-twice"),
    ],
)
def test_what_breaks_a_rule_is_invalid_and_is_named(change: Forge, code: str) -> None:
    report, _ = forged(change)
    assert report.verdict == Verdict.INVALID
    assert code in codes(report)


def test_a_handover_of_another_dispatch_does_not_name_the_receipt() -> None:
    world = World.founded()
    sent, other = world.request(), world.request(case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12")
    fields = {"dispatch": sent.id, "by": CA_CLERK, **world.member_fields()}
    signed = world.append(Receipt(**fields), signer(CA_CLERK))
    handover = Handover(relay=ORIGIN, of=signed.id, dispatch=other.id, time=world.now, nonce=world.nonce())
    world.append(handover, signer(ORIGIN))
    world.checkpoint()
    close(world)
    assert "wrong-naming" in codes(evidence.verify_case(world.case_files()))


def test_a_receipt_without_its_dispatch_is_incomplete() -> None:
    """Whether who signed was one of those it was sealed to cannot be said without the dispatch."""
    world = World.founded()
    sent = world.request()
    signed = world.receipt(sent, by=UNIT)
    close(world)
    files = world.case_files()
    for index in (sent.index, sent.index + 1):
        del files[f"receipts/{index:04d}.receipt"]
    assert "dispatch-missing" in of(evidence.verify_case(files), signed.index)


def test_a_dispatch_before_its_profile_was_in_force_is_invalid() -> None:
    world = World()
    for name, role in ((CLERK, "clerk"), (CA_CLERK, "clerk")):
        world.certify(name, role)
    sent = world.request()
    for committee in (CCQ, CA):
        world.certify(f"{committee}/doi-chung", "witness")
        world.attest(committee)
    close(world)
    assert "other-profile" in of(evidence.verify_case(world.case_files()), sent.index)


def test_a_due_date_under_another_term_than_the_requests_is_not_valid() -> None:
    """Counted rightly, but for `in-province`, where the request says `in-country`; no correction says so."""
    world = World.founded()
    sent = world.request()
    fields = {"dispatch": sent.id, "by": CA_CLERK, **world.member_fields()}
    signed = world.append(Receipt(**fields), signer(CA_CLERK))
    made = {"relay": ORIGIN, "time": world.now}
    handover = Handover(of=signed.id, dispatch=sent.id, nonce=world.nonce(), **made)
    start = world.append(handover, signer(ORIGIN))
    days = calendar.parse(CALENDAR)
    other = World.founded()
    other.receipt(other.request(term="in-province"))
    counted = last_due(other)
    assert counted.calendar == days.sha
    swapped = replace(counted, dispatch=sent.id, start=start.id, nonce=world.nonce(), **made)
    stated = world.append(swapped, signer(ORIGIN))
    world.checkpoint()
    close(world)
    report = evidence.verify_case(world.case_files())
    assert of(report, stated.index) == {"due-inputs-missing"}
    assert report.verdict != Verdict.VALID


def test_a_due_date_by_a_calendar_that_nobody_approved_is_not_valid() -> None:
    """The relay cannot bring a calendar of its own: only what the profile names, or both committees approved."""
    days = json.loads(CALENDAR)
    days["days"].append(
        {"date": "2026-03-03", "day": "off", "why": {"vi": "x", "en": "x"}, "decision": "0/0"}
    )
    days["days"].sort(key=lambda day: day["date"])
    forged_calendar = json.dumps(days, ensure_ascii=False).encode()
    made = calendar.parse(forged_calendar)
    world = World.founded()
    world.receipt(world.request())
    stated = last_due(world)
    later = made.add_working_days(stated.due, 1)
    changes: dict[str, Any] = {"calendar": made.sha, "due": later, "replaces": world.log[-1].id}
    for because, basis in (("calendar", world.log[-3].id), ("calendar", seed("x").hex())):
        world.append(
            replace(stated, because=because, basis=basis, nonce=world.nonce(), **changes), signer(ORIGIN)
        )
        world.checkpoint()
    close(world)
    report = evidence.verify_case({**world.case_files(), "calendar-2.json": forged_calendar})
    dues = [receipt for receipt in report.receipts if receipt.type == "due"]
    assert dues[0].verdict == Verdict.VALID
    assert all(receipt.verdict != Verdict.VALID for receipt in dues[1:])


def test_a_due_date_by_a_calendar_that_both_committees_approved_is_valid() -> None:
    days = json.loads(CALENDAR)
    off = {"date": "2026-03-03", "day": "off", "why": {"vi": "nghỉ", "en": "off"}, "decision": "1/QĐ"}
    days["days"] = sorted([*days["days"], off], key=lambda day: str(day["date"]))
    document = json.dumps(days, ensure_ascii=False).encode()
    made = calendar.parse(document)
    world = World.founded()
    world.certify(f"{CA}/lanh-dao", "approver")
    world.receipt(world.request())
    stated, before = last_due(world), world.log[-1].id
    for by in (APPROVER, f"{CA}/lanh-dao"):
        fields = {"document": made.sha, "decision": None, "replaces": stated.calendar}
        approval = CalendarApproval(by=by, **fields, **world.member_fields())
        logged = world.append(approval, signer(by))
        accepted = Acceptance(relay=ORIGIN, of=logged.id, time=world.now, nonce=world.nonce())
        world.append(accepted, signer(ORIGIN))
    later = made.add_working_days(stated.due, 1)
    changes = {
        "calendar": made.sha,
        "due": later,
        "because": "calendar",
        "basis": logged.id,
        "replaces": before,
        "time": world.now,
    }
    moved = world.append(replace(stated, nonce=world.nonce(), **changes), signer(ORIGIN))  # type: ignore[arg-type]
    world.checkpoint()
    close(world)
    files = {**world.case_files(), "calendar-2.json": document}
    assert of(evidence.verify_case(files), moved.index) == set()
    del files[f"receipts/{logged.index:04d}.receipt"]
    assert of(evidence.verify_case(files), moved.index) == {"due-inputs-missing"}


def test_a_date_that_both_sides_agreed_on_is_moved_by_no_calendar() -> None:
    days = json.loads(CALENDAR)
    off = {"date": "2026-03-03", "day": "off", "why": {"vi": "nghỉ", "en": "off"}, "decision": "1/QĐ"}
    days["days"] = sorted([*days["days"], off], key=lambda day: str(day["date"]))
    document = json.dumps(days, ensure_ascii=False).encode()
    made = calendar.parse(document)
    world = World.founded()
    world.certify(f"{CA}/lanh-dao", "approver")
    request = world.request(term=None)
    world.receipt(request)
    start = world.log[-1]
    other = World.founded()
    other.receipt(other.request())
    counted = last_due(other)
    fields: dict[str, Any] = {"kind": "correction", "term": "in-country", "due": date(2026, 3, 18)}
    proposed = world.request(**fields, regarding=request.id)
    second = world.request(**fields, regarding=proposed.id, from_=CA_CLERK, to=CCQ)
    common: dict[str, Any] = {"dispatch": request.id, "start": start.id, "time": world.now}
    stated = replace(counted, **common, because="correction", basis=second.id, due=fields["due"])
    agreed = world.append(replace(stated, nonce=world.nonce()), signer(ORIGIN))
    for by in (APPROVER, f"{CA}/lanh-dao"):
        said = {"document": made.sha, "decision": None, "replaces": counted.calendar}
        logged = world.post(CalendarApproval(by=by, **said, **world.member_fields()), signer(by))
    later = due.compute(start.time, REGULATION_TERMS["in-country"], made).due
    changes = {**common, "calendar": made.sha, "due": later, "replaces": agreed.id, "time": world.now}
    stated = replace(counted, **changes, because="calendar", basis=logged.id, nonce=world.nonce())
    moved = world.append(stated, signer(ORIGIN))
    world.checkpoint()
    close(world)
    report = evidence.verify_case({**world.case_files(), "calendar-2.json": document})
    assert (of(report, agreed.index), of(report, moved.index)) == (set(), {"due-differs"})


def test_a_handover_of_a_receipt_that_never_was_is_not_valid() -> None:
    world = World.founded()
    sent = world.request()
    made = {"relay": ORIGIN, "time": world.now}
    false = world.append(
        Handover(of="ab" * 32, dispatch=sent.id, nonce=world.nonce(), **made),  # type: ignore[arg-type]
        signer(ORIGIN),
    )
    reminder = Reminder(case=CASE, step="-10", due="cd" * 32, to=(CA_CLERK,), nonce=world.nonce(), **made)  # type: ignore[arg-type]
    nothing = world.append(reminder, signer(ORIGIN))
    world.checkpoint()
    close(world)
    report = evidence.verify_case(world.case_files())
    assert (of(report, false.index), of(report, nothing.index)) == (
        {"wrong-naming", "case-rule"},
        {"reminder-differs"},
    )


def test_what_only_closes_chains_is_no_evidence_of_its_own() -> None:
    files = {name.replace("receipts/", "heads/"): data for name, data in files_of_journey().items()}
    report = evidence.verify_case(files)
    assert (report.verdict, report.finality) == (Verdict.INCOMPLETE, "final")
    assert codes(report) == {"nothing"}


def test_a_head_from_before_a_hidden_revocation_closes_no_chain() -> None:
    """The relay held back a statement of the other side until the revocation was logged, then hides the revocation."""
    world = World.founded()
    early = world.dispatch(kind="message", term=None)
    sent = world.request()
    world.revoke(CA_CLERK)
    fields = {"dispatch": sent.id, "by": CA_CLERK, **world.member_fields()}
    signed = world.post(Receipt(**fields), signer(CA_CLERK))
    world.post(early, signer(CLERK))
    world.cosign()
    files = world.case_files()
    del files[f"chains/{CA}/05.receipt"]
    report = evidence.verify_case(files)
    assert "chain-open" in of(report, signed.index)
    assert report.verdict != Verdict.VALID


def test_every_reason_is_given_not_just_the_first() -> None:
    def much(world: World) -> None:
        sealed_to_too_few(world)
        dated_too_early(world)
        receipt_by_the_sender(world)

    assert codes(forged(much)[0]) >= {"sealed-differs", "outside-window", "not-addressee"}
