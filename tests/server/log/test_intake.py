"""What the relay refuses, and with which code: every rule that decides whether a statement may take its place."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.server.world import BEGIN, ORIGIN, Party, World, make_profile, statements_of, with_day_off, world

from kynhan_keys import age, header, notes
from kynhan_keys.merkle import EMPTY_ROOT
from kynhan_keys.mlkem768x25519 import Identity
from kynhan_keys.vkeys import Signer, Vkey
from kynhan_protocol.statements import grammar, signing
from kynhan_protocol.statements.statements import (
    Acceptance,
    CalendarApproval,
    Due,
    HashSize,
    Membership,
    ProfileAttestation,
    Receipt,
    Seen,
    Withdrawal,
)
from kynhan_server.errors import Refused
from kynhan_server.log.ledger import Answer


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        yield made


async def refused(waiting: Any) -> str:
    with pytest.raises(Refused) as found:
        await waiting
    assert found.value.detail.endswith(".")
    return found.value.code


# --- what a statement has seen ---------------------------------------------------------------------------------------


async def test_another_relay_is_unknown(w: World) -> None:
    assert await refused(w.send(w.dispatch(relay="relay.example/other"))) == "unknown-relay"


async def test_seen_beyond_or_beside_the_tree_is_refused(w: World) -> None:
    state = w.log.state
    for seen in (
        Seen(state.size + 1, state.root),
        Seen(state.size, bytes(32)),
        Seen(3, state.root),
        Seen(0, bytes(32)),
    ):
        assert await refused(w.send(w.dispatch(seen=seen))) == "seen-unknown"


async def test_any_earlier_tree_may_have_been_seen(w: World) -> None:
    old = Seen(w.log.state.size, w.log.state.root)
    await w.send(w.dispatch("message"))
    await w.send(w.dispatch("message", seen=old))
    await w.send(w.dispatch("message", seen=Seen(0, EMPTY_ROOT)))


async def test_head_names_one_root_statement_of_each_committee(w: World) -> None:
    mine, theirs = w.log.state.committees.heads()
    for head in (
        (mine,),
        (theirs,),
        tuple(sorted((mine, "ab" * 32))),
        tuple(sorted((mine, theirs, "ab" * 32))),
    ):
        assert await refused(w.send(w.dispatch(head=head))) == "stale"
    chains = w.log.state.committees.chains
    both_mine = tuple(sorted(link.id for link in chains["ccq.example"].links[:2]))
    assert await refused(w.send(w.dispatch(head=both_mine))) == "stale"


async def test_an_older_head_is_known_too(w: World) -> None:
    heads = w.log.state.committees.heads()
    await w.certify(w.ccq, "witness2", ("witness",))
    await w.send(w.dispatch(head=heads))


async def test_dates_outside_the_window_are_refused(w: World) -> None:
    w.clock.advance(days=20)
    now = w.clock.at
    for time in (now - timedelta(days=15, seconds=1), now + timedelta(minutes=15, seconds=1)):
        assert await refused(w.send(w.dispatch(time=time))) == "outside-window"
    await w.send(w.dispatch(time=now - timedelta(days=15)))
    await w.send(w.dispatch(time=now + timedelta(minutes=15)))


async def test_a_receipt_is_not_dated_more_than_72_hours_ago(w: World) -> None:
    w.clock.advance(days=5)
    sent = await w.send(w.dispatch())
    late = w.act(Receipt, w.ca.clerk, dispatch=sent.id, time=w.clock.at - timedelta(hours=72, seconds=1))
    assert await refused(w.post(late)) == "outside-window"
    await w.post(w.act(Receipt, w.ca.clerk, dispatch=sent.id, time=w.clock.at - timedelta(hours=72)))


# --- who signs, to whom it is sealed ---------------------------------------------------------------------------------


async def test_a_signature_of_another_key_is_refused(w: World) -> None:
    package = w.dispatch()
    stranger = Signer.ed25519(w.ccq.clerk.name, os.urandom(32))
    forged = signing.sign(package.statement, stranger)
    assert await refused(w.post(forged, header=package.header, body=package.body)) == "bad-signature"


async def test_the_header_of_what_nobody_signed_is_not_looked_into(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed, verified = [], []
    parse, verify = header.parse, notes.verify
    monkeypatch.setattr(header, "parse", lambda data: (parsed.append(data), parse(data))[1])
    monkeypatch.setattr(notes, "verify", lambda *given: (verified.append(given), verify(*given))[1])
    largest = header.VERSION_LINE + b"-> x\n\n" * 149_000 + b"--- " + b"A" * 43 + b"\n"
    package = w.dispatch(header=largest)
    forged = signing.sign(package.statement, Signer.ed25519(w.ccq.clerk.name, os.urandom(32)))
    verified.clear()
    assert await refused(w.post(forged, header=largest, body=package.body)) == "bad-signature"
    assert (parsed, len(verified)) == ([], 1)  # before the transaction; in it the key is told to be another
    verified.clear()
    flipped = (
        package.signed.note[:-5]
        + (b"B" if package.signed.note[-5:-4] != b"B" else b"C")
        + package.signed.note[-4:]
    )
    assert await refused(w.post(flipped, header=largest, body=package.body)) == "bad-signature"
    assert (parsed, len(verified)) == ([], 2)  # before the transaction and in it: one line each
    assert await refused(w.send(package)) == "header-mismatch"
    assert len(parsed) == 1


async def test_a_revoked_member_signs_nothing(w: World) -> None:
    package = w.dispatch(sender=w.ccq.approver, kind="message")
    await w.revoke(w.ccq, w.ccq.approver.signer.vkey)
    assert await refused(w.send(package)) == "not-in-force"


async def test_sealed_to_an_outdated_list_is_stale_and_goes_with_a_new_header(w: World) -> None:
    package = w.dispatch()
    await w.certify(w.ca, "clerk2", ("clerk",))
    assert await refused(w.send(package)) == "stale"
    await w.send(w.dispatch(body=package.body))


async def test_nobody_to_sign_for_it_is_not_in_force(w: World) -> None:
    package = w.dispatch()
    await w.revoke(w.ca, w.ca.clerk.signer.vkey)
    assert await refused(w.send(package)) == "not-in-force"


async def test_an_approver_is_another_person_with_that_role(w: World) -> None:
    approved = w.dispatch(approver=w.ccq.approver)
    answer = await w.send(approved)
    assert len(signing.parse(approved.signed.note).signatures) == 2
    assert isinstance(answer, Answer)
    assert await refused(w.send(w.dispatch(approver=w.ccq.unit))) == "forbidden"


async def test_a_kind_that_needs_approval_goes_only_with_it(w: World) -> None:
    profile = w.profile.replace(b'"kinds": []', b'"kinds": ["request"]')
    assert profile != w.profile
    for party in (w.ccq, w.ca):
        await w.attest(party, profile)
    w.profile = profile
    assert await refused(w.send(w.dispatch())) == "not-now"
    await w.send(w.dispatch(approver=w.ccq.approver))


# --- header and body -------------------------------------------------------------------------------------------------


async def test_a_header_of_another_dispatch_is_refused(w: World) -> None:
    first = w.dispatch()
    await w.send(first)
    assert await refused(w.send(w.dispatch(header=first.header))) == "header-used"


async def test_the_same_header_twice_in_one_group_is_refused_once(w: World) -> None:
    first = w.dispatch("message")
    second = w.dispatch("message", header=first.header)
    results = await asyncio.gather(w.send(first), w.send(second), return_exceptions=True)
    assert [type(one) for one in results] == [Answer, Refused]


@pytest.mark.parametrize("which", ["not-age", "x25519", "too-few", "too-many", "longer"])
async def test_a_header_is_one_post_quantum_stanza_for_each_key(w: World, which: str) -> None:
    state = w.log.state
    sealed = state.committees.expected_sealed(w.ccq.clerk.name, None, w.ca.name, state.size, w.clock.at)
    good = age.make_header(os.urandom(16), w.recipients(sealed))
    stanzas = header.parse(good).stanzas
    made = {
        "not-age": b"age-encryption.org/v2\n",
        "x25519": header.seal(bytes(16), [header.Stanza("X25519", ("a",), bytes(32)), *stanzas[1:]]),
        "too-few": header.seal(bytes(16), stanzas[:1]),
        "too-many": header.seal(bytes(16), [*stanzas, *stanzas[:1]]),
        "longer": good + b"x",
    }[which]
    assert await refused(w.send(w.dispatch(header=made))) == "header-mismatch"


async def test_header_and_body_are_exactly_those_named(w: World) -> None:
    package = w.dispatch()
    other = w.dispatch()
    assert await refused(w.post(package.signed, header=other.header, body=package.body)) == "header-mismatch"
    assert await refused(w.post(package.signed, header=package.header, body=other.body)) == "body-mismatch"
    assert (
        await refused(w.post(package.signed, header=package.header, body=package.body + b"x"))
        == "body-mismatch"
    )
    assert await refused(w.post(package.signed, header=package.header)) == "body-mismatch"
    assert await refused(w.post(package.signed, body=package.body)) == "header-mismatch"
    assert await refused(w.send(w.dispatch(body=bytes(31)))) == "body-mismatch"
    assert await refused(w.send(w.dispatch(body=bytes(64 * 1024 + 1)))) == "too-large"
    await w.send(package)


async def test_the_body_of_another_dispatch_is_refused_whoever_sends_it(w: World) -> None:
    first = w.dispatch()
    sent = await w.send(first)
    assert await refused(w.send(w.dispatch(body=first.body))) == "body-used"
    theirs = w.dispatch("message", sender=w.ca.clerk, to=w.ccq.name, body=first.body)
    assert await refused(w.send(theirs)) == "body-used"
    await w.post(w.receipt(sent.id, w.ca.clerk))
    assert await refused(w.send(w.dispatch(body=first.body))) == "body-used"
    await w.send(w.dispatch())


async def test_the_same_body_twice_in_one_group_is_refused_once(w: World) -> None:
    first = w.dispatch("message")
    second = w.dispatch("message", body=first.body)
    results = await asyncio.gather(w.send(first), w.send(second), return_exceptions=True)
    assert [type(one) for one in results] == [Answer, Refused]
    assert isinstance(results[1], Refused)
    assert results[1].code == "body-used"


async def test_a_body_withdrawn_unsigned_is_sent_again_by_the_same_committee_only(w: World) -> None:
    first = w.dispatch("message")
    sent = await w.send(first)
    theirs = w.dispatch("message", sender=w.ca.clerk, to=w.ccq.name, body=first.body)
    withdrawal = w.act(Withdrawal, w.ccq.clerk, dispatch=sent.id, code="mistake")
    again = w.dispatch("message", body=first.body)
    # in one group: what was withdrawn just before counts
    results = await asyncio.gather(w.post(withdrawal), w.send(theirs), w.send(again), return_exceptions=True)
    assert [type(one) for one in results] == [Answer, Refused, Answer]
    assert isinstance(results[1], Refused)
    assert results[1].code == "body-used"
    assert await refused(w.send(w.dispatch("message", body=first.body))) == "body-used"


async def test_a_body_declined_is_not_sent_again(w: World) -> None:
    first = w.dispatch("message")
    sent = await w.send(first)
    await w.post(w.decline(sent.id, w.ca.clerk))
    assert await refused(w.send(w.dispatch("message", body=first.body))) == "body-used"


async def test_a_wrong_size_with_the_right_hash_is_refused(w: World) -> None:
    package = w.dispatch()
    wrong = HashSize(package.statement.body.hash, package.statement.body.size + 1)
    again = signing.sign(
        type(package.statement)(**{**_fields(package.statement), "body": wrong}), w.ccq.clerk.signer
    )
    assert await refused(w.post(again, header=package.header, body=package.body)) == "body-mismatch"


async def test_packages_come_with_dispatches_only(w: World) -> None:
    sent = await w.send(w.dispatch())
    assert await refused(w.post(w.receipt(sent.id, w.ca.clerk), body=bytes(40))) == "bad-request"
    assert await refused(w.post(w.receipt(sent.id, w.ca.clerk), documents=(b"x",))) == "bad-request"


async def test_what_is_no_statement_is_refused(w: World) -> None:
    assert await refused(w.post(b"")) == "bad-statement"
    assert await refused(w.post(b"hello\n\n")) == "bad-statement"
    assert await refused(w.post(b"kynhan/dispatch@v1\n\n\xff")) == "bad-statement"
    assert await refused(w.post(os.urandom(200_000))) == "bad-statement"


async def test_nobody_else_makes_the_relays_statements(w: World) -> None:
    statement = Acceptance(relay=ORIGIN, time=w.clock.at, nonce=bytes(16), of="ab" * 32)
    forged = signing.sign(statement, Signer.ed25519(ORIGIN, os.urandom(32)))
    assert await refused(w.post(forged)) == "bad-statement"


# --- the case ---------------------------------------------------------------------------------------------------------


async def test_the_case_table_decides(w: World) -> None:
    assert (
        await refused(w.send(w.dispatch("reply", sender=w.ca.clerk, to=w.ccq.name, regarding="ab" * 32)))
        == "not-now"
    )
    case = str(uuid.uuid4())
    sent, _ = await w.send_and_sign(w.dispatch(case=case, term="in-country"))
    reply = w.dispatch("reply", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id)
    await w.send(reply)
    assert await refused(w.send(w.dispatch("request", case=case))) == "not-now"


async def test_a_date_before_all_calendars_is_refused_and_no_error_of_ours(w: World) -> None:
    case = str(uuid.uuid4())
    sent, _ = await w.send_and_sign(w.dispatch(case=case, term=None))
    fields = {"case": case, "regarding": sent.id, "term": "in-country"}
    for day in (date(1999, 1, 4), date(2023, 1, 3)):
        assert await refused(w.send(w.dispatch("correction", **fields, due=day))) == "not-now"


async def test_an_unknown_profile_is_refused(w: World) -> None:
    assert await refused(w.send(w.dispatch(profile="ab" * 32))) == "profile-not-in-force"


async def test_an_open_case_keeps_the_profile_it_began_under(w: World) -> None:
    case = str(uuid.uuid4())
    await w.send(w.dispatch("message", case=case))
    old, new = w.profile_hash, w.profile.replace(b'"return-within": 5', b'"return-within": 6')
    for party in (w.ccq, w.ca):
        await w.attest(party, new)
    new_hash = hashlib.sha256(new).hexdigest()
    assert await refused(w.send(w.dispatch("message", case=case, profile=new_hash))) == "profile-not-in-force"
    await w.send(w.dispatch("message", case=case, profile=old))
    assert await refused(w.send(w.dispatch("message", profile=old))) == "profile-not-in-force"
    await w.send(w.dispatch("message", profile=new_hash))


async def test_one_attestation_puts_nothing_in_force(w: World) -> None:
    new = w.profile.replace(b'"return-within": 5', b'"return-within": 6')
    await w.attest(w.ccq, new)
    assert (
        await refused(w.send(w.dispatch(profile=hashlib.sha256(new).hexdigest()))) == "profile-not-in-force"
    )


async def test_an_extension_moves_the_date_and_is_answered_with_the_due(w: World) -> None:
    case = str(uuid.uuid4())
    sent, signed_for = await w.send_and_sign(w.dispatch(case=case, term="in-country"))
    before = statements_of(signed_for)[-1]
    assert isinstance(before, Due)
    later = before.due + timedelta(days=14)
    answer = await w.send(
        w.dispatch("extension", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id, due=later)
    )
    due = statements_of(answer)[-1]
    assert isinstance(due, Due)
    assert (due.because, due.due, due.basis) == ("extension", later, answer.id)


# --- chains, profiles, calendars --------------------------------------------------------------------------------------


async def test_a_chain_is_continued_only_at_its_end(w: World) -> None:
    w.ccq.number -= 1
    assert await refused(w.certify(w.ccq, "late", ("unit",))) == "stale"


async def test_a_key_is_certified_once(w: World) -> None:
    clerk = w.ccq.clerk
    assert clerk.sealing is not None
    statement = Membership(
        committee="ccq.example",
        member="ccq.example/again",
        holder="again",
        role=("unit",),
        signing=Signer.ed25519("ccq.example/again", os.urandom(32)).vkey,
        sealing=str(clerk.sealing.recipient()),
        not_before=BEGIN,
        not_after=BEGIN + timedelta(days=9),
        **w.chained(w.ccq),
    )
    again = Signer.ed25519("ccq.example/again", bytes(32))
    statement = type(statement)(**{**_fields(statement), "signing": again.vkey})
    assert await refused(w.post(signing.sign(statement, w.ccq.root, again))) == "duplicate-member"


@pytest.mark.parametrize("which", [0, 1])
async def test_a_key_of_the_relay_is_certified_to_nobody(w: World, which: int) -> None:
    key = w.log.vkeys[which]
    name = "ccq.example/again"
    statement = Membership(
        committee="ccq.example",
        member=name,
        holder="again",
        role=("witness",) if which else ("unit",),
        signing=Vkey(name, key.type, key.key),
        sealing=None if which else str(Identity(os.urandom(32)).recipient()),
        not_before=BEGIN,
        not_after=BEGIN + timedelta(days=9),
        **w.chained(w.ccq),
    )
    note = notes.sign(grammar.format_text(statement), w.ccq.root)
    lines = () if which else (notes.Signature(name, statement.signing.key_id, bytes(64)),)
    signed = signing.parse(notes.format(notes.Note(note.text, (*note.signatures, *lines))))
    assert await refused(w._post_root(w.ccq, signed)) == "duplicate-member"


async def test_only_admitted_roots_begin_a_chain(w: World) -> None:
    stranger = Party("other.example", Signer.ed25519("other.example", os.urandom(32)))
    assert await refused(w.certify(stranger, "clerk", ("clerk",))) == "not-in-force"
    impostor = Party(
        "ccq.example", Signer.ed25519("ccq.example", os.urandom(32)), number=w.ccq.number, head=w.ccq.head
    )
    assert await refused(w.certify(impostor, "clerk3", ("clerk",))) == "bad-signature"


async def test_a_profile_comes_with_its_document_and_is_this_logs(w: World) -> None:
    new = w.profile.replace(b'"return-within": 5', b'"return-within": 7')

    async def attest(document: bytes, *sent: bytes) -> Answer:
        statement = ProfileAttestation(
            committee=w.ccq.name, document=hashlib.sha256(document).hexdigest(), **w.chained(w.ccq)
        )
        return await w.post(signing.sign(statement, w.ccq.root), documents=sent)

    assert await refused(attest(new)) == "document-mismatch"
    assert await refused(attest(new, w.profile)) == "document-mismatch"
    assert await refused(attest(b"{}", b"{}")) == "document-mismatch"
    raised = w.profile.replace(b'"ceiling": "khong-mat"', b'"ceiling": "mat"')  # and no isolated LAN
    assert await refused(attest(raised, raised)) == "document-mismatch"
    others = make_profile(
        (Signer.ed25519(ORIGIN, bytes(32)).vkey, Signer.ml_dsa_44(ORIGIN, bytes(32)).vkey),
        hashlib.sha256(w.calendar).hexdigest(),
    )
    assert await refused(attest(others, others)) == "document-mismatch"
    unknown_calendar = make_profile(w.log.vkeys, "ab" * 32)
    assert await refused(attest(unknown_calendar, unknown_calendar)) == "document-mismatch"
    await attest(new, new)


async def test_a_calendar_is_in_force_when_both_committees_signed_it_and_moves_open_dates(w: World) -> None:
    _, signed_for = await w.send_and_sign(w.dispatch(term="in-province"))
    before = statements_of(signed_for)[-1]
    assert isinstance(before, Due)
    new = with_day_off(w.calendar, "2026-04-01")
    assert await refused(w.post(w.approval(new, w.ca.clerk, w.calendar), documents=(new,))) == "forbidden"
    assert await refused(w.post(w.approval(new, w.ca.approver, new), documents=(new,))) == "stale"
    assert await refused(w.post(w.approval(new, w.ca.approver, w.calendar))) == "document-mismatch"
    first = await w.post(w.approval(new, w.ca.approver, w.calendar), documents=(new,))
    assert [type(one) for one in statements_of(first)] == [CalendarApproval, Acceptance]
    assert await refused(w.post(w.approval(new, w.ca.approver, w.calendar))) == "not-now"
    second = await w.post(w.approval(new, w.ccq.approver, w.calendar))
    assert [type(one) for one in statements_of(second)] == [CalendarApproval, Acceptance]
    actor = await w.actor(w.ca.clerk)
    (moved,) = (await w.relay.reading.statements(w.log, actor, second.index + 2, 10)).statements
    due = signing.parse(moved.note.encode()).statement
    assert isinstance(due, Due)
    assert (due.because, due.basis) == ("calendar", second.id)
    assert due.due == before.due + timedelta(days=1)
    assert await w.relay.reading.calendar(w.log, actor) == new
    await w.reopen()
    assert await w.relay.reading.calendar(w.log, actor) == new
    await w.send(w.dispatch(term="in-province"))


async def test_a_calendar_counts_for_a_case_whose_clock_runs_again_only_afterwards(w: World) -> None:
    case = str(uuid.uuid4())
    sent, signed_for = await w.send_and_sign(w.dispatch(case=case, term="in-province"))
    before = statements_of(signed_for)[-1]
    assert isinstance(before, Due)
    reply = await w.send(w.dispatch("reply", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id))
    new = with_day_off(w.calendar, "2026-04-01")
    await w.post(w.approval(new, w.ca.approver, w.calendar), documents=(new,))
    second = await w.post(w.approval(new, w.ccq.approver, w.calendar))
    withdrawn = await w.post(w.withdrawal(reply.id, w.ca.clerk))
    assert [type(one) for one in statements_of(withdrawn)] == [Withdrawal, Acceptance, Due]
    due = statements_of(withdrawn)[-1]
    assert isinstance(due, Due)
    assert (due.because, due.basis, due.due) == ("calendar", second.id, before.due + timedelta(days=1))
    again = await w.send(w.dispatch("reply", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id))
    assert [type(one) for one in statements_of(await w.post(w.withdrawal(again.id, w.ca.clerk)))] == [
        Withdrawal,
        Acceptance,
    ]


async def test_a_calendar_without_years_that_are_needed_is_refused(w: World) -> None:
    """Under such a one no date could be counted, nobody sign, and no reminder go out."""
    document = json.loads(w.calendar)
    document["years"] = [year for year in document["years"] if year["year"] > 2026]
    document["days"] = [day for day in document["days"] if day["date"] > "2027"]
    late = json.dumps(document, ensure_ascii=False).encode()
    approval = w.approval(late, w.ca.approver, w.calendar)
    assert await refused(w.post(approval, documents=(late,))) == "document-mismatch"
    early = json.loads(w.calendar)
    early["years"] = [year for year in early["years"] if year["year"] <= 2026]
    early["days"] = [day for day in early["days"] if day["date"] < "2027"]
    shorter = json.dumps(early, ensure_ascii=False).encode()
    approval = w.approval(shorter, w.ca.approver, w.calendar)
    assert await refused(w.post(approval, documents=(shorter,))) == "document-mismatch"
    profile = make_profile(w.log.vkeys, hashlib.sha256(late).hexdigest())
    w.calendar = late
    assert await refused(w.attest(w.ca, profile)) == "document-mismatch"


def _fields(statement: Any) -> dict[str, Any]:
    return {one.name: getattr(statement, one.name) for one in fields(statement)}
