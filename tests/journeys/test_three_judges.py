"""Three judges, one answer: the relay refuses, the reader objects and evidence blames by the same rules.

Each row is a statement that keeps or breaks one rule of the rulebook. All three are asked, and give the same set of
codes (DESIGN §3.3, ADR 6).
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.journeys.three_judges import Copy, ask, moment
from tests.server.world import Package, World, with_day_off, world

from kynhan_keys import age, notes
from kynhan_keys.merkle import EMPTY_ROOT
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import Receipt, Seen
from kynhan_server.errors import Refused

Posted = Package | SignedStatement
Make = Callable[[World], Awaitable[Posted]]


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def header_for(w: World, sealed: tuple[str, ...]) -> bytes:
    return age.make_header(os.urandom(16), w.recipients(sealed))


def dispatch(**fields: object) -> Make:
    async def make(w: World) -> Posted:
        return w.dispatch(**fields)  # type: ignore[arg-type]

    return make


def dated(**by: float) -> Make:
    async def make(w: World) -> Posted:
        w.clock.advance(days=20)
        return w.dispatch(time=moment(w) + timedelta(**by))

    return make


def receipt_dated(**by: float) -> Make:
    async def make(w: World) -> Posted:
        w.clock.advance(days=20)
        sent = await w.send(w.dispatch())
        return w.act(Receipt, w.ca.clerk, dispatch=sent.id, time=moment(w) + timedelta(**by))

    return make


def having_seen(change: Callable[[Seen], Seen]) -> Make:
    async def make(w: World) -> Posted:
        return w.dispatch(seen=change(Seen(w.log.state.size, w.log.state.root)))

    return make


def naming(change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Make:
    async def make(w: World) -> Posted:
        return w.dispatch(head=change(w.log.state.committees.heads()))

    return make


async def naming_older_heads(w: World) -> Posted:
    heads = w.log.state.committees.heads()
    await w.certify(w.ccq, "witness2", ("witness",))
    return w.dispatch(head=heads)


async def naming_two_of_one(w: World) -> Posted:
    chain = w.log.state.committees.chains[w.ccq.name]
    return w.dispatch(head=tuple(sorted(link.id for link in chain.links[-2:])))


async def of_a_revoked_approver(w: World) -> Posted:
    package = w.dispatch("message", sender=w.ccq.approver)
    await w.revoke(w.ccq, w.ccq.approver.signer.vkey)
    return package


async def of_an_old_key(w: World) -> Posted:
    old = w.ccq.clerk
    await w.certify(w.ccq, "clerk", ("clerk",))
    made = w.dispatch("message")
    return replace(made, signed=signing.sign(made.statement, old.signer))


async def with_a_spoilt_signature(w: World) -> Posted:
    """Right name, right key id, wrong bytes."""
    made = w.dispatch("message")
    note = notes.parse(made.signed.note)
    line = note.signatures[0]
    spoilt = replace(line, signature=bytes(64))
    return replace(made, signed=signing.parse(notes.format(notes.Note(note.text, (spoilt,)))))


async def approved_by_a_unit(w: World) -> Posted:
    return w.dispatch("message", approver=w.ccq.unit)


async def sealed_to_an_older_list(w: World) -> Posted:
    sealed = w.dispatch("message").statement.sealed
    await w.certify(w.ca, "clerk2", ("clerk",))
    return w.dispatch("message", sealed=sealed, header=header_for(w, sealed))


async def to_where_nobody_signs(w: World) -> Posted:
    made = w.dispatch(to=w.ca.unit.name, term="in-country")
    await w.revoke(w.ca, w.ca.unit.signer.vkey)
    return made


def act(make: Callable[[World, str], SignedStatement]) -> Make:
    async def posted(w: World) -> Posted:
        sent = await w.send(w.dispatch("message"))
        return make(w, sent.id)

    return posted


async def signed_for_by_a_clerk_since(w: World) -> Posted:
    sent = await w.send(w.dispatch("message"))
    await w.certify(w.ca, "clerk2", ("clerk",))
    return w.receipt(sent.id, w.ca.clerk2)


async def calendar_signed_by_a_clerk(w: World) -> Posted:
    return w.approval(with_day_off(w.calendar, "2026-07-01"), w.ccq.clerk, w.calendar)


# --- what the case allows


async def requested(w: World) -> tuple[str, str]:
    """A case with a request that CA signed for: its number, the request."""
    case = str(uuid.uuid4())
    sent, _ = await w.send_and_sign(w.dispatch(case=case, term="in-country"))
    return case, sent.id


def in_case(kind: str, sender: str, *, regards: bool = True, to: str | None = None, **fields: object) -> Make:
    """A dispatch of `kind` by `sender`, such as `ca.clerk`, in a case whose request was signed for."""

    async def make(w: World) -> Posted:
        case, request = await requested(w)
        party = getattr(w, sender.partition(".")[0])
        other = w.ccq if party is w.ca else w.ca
        more = {"regarding": request} if regards else {}
        person = getattr(party, sender.partition(".")[2])
        return w.dispatch(kind, sender=person, to=to or other.name, case=case, **more, **fields)  # type: ignore[arg-type]

    return make


async def by_an_auditor(w: World) -> Posted:
    return w.dispatch(sender=w.ccq.auditor, term="in-country")


async def without_a_request(w: World) -> Posted:
    return w.dispatch("reply", sender=w.ca.clerk, to=w.ccq.name, regarding="ab" * 32)


async def wanting_an_approver(w: World) -> None:
    w.earlier_profiles.append(w.profile)
    w.profile = w.profile.replace(b'"kinds": []', b'"kinds": ["request"]')
    for party in (w.ccq, w.ca):
        await w.attest(party, w.profile)


async def approved_by_nobody(w: World) -> Posted:
    await wanting_an_approver(w)
    return w.dispatch(term="in-country")


async def approved(w: World) -> Posted:
    await wanting_an_approver(w)
    return w.dispatch(term="in-country", approver=w.ccq.approver)


async def under_a_profile_replaced(w: World) -> Posted:
    old = w.profile_hash
    await wanting_an_approver(w)
    w.clock.advance(days=20)
    return w.dispatch("message", profile=old)


async def under_the_profile_of_its_case(w: World) -> Posted:
    case, old = str(uuid.uuid4()), w.profile_hash
    await w.send(w.dispatch("message", case=case))
    await wanting_an_approver(w)
    w.clock.advance(days=20)
    return w.dispatch("message", case=case, profile=old)


async def under_another_than_its_case(w: World) -> Posted:
    case = str(uuid.uuid4())
    await w.send(w.dispatch("message", case=case))
    await wanting_an_approver(w)
    return w.dispatch("message", case=case)


async def opened_after_a_decline(w: World) -> Posted:
    sent = await w.send(w.dispatch(term="in-country"))
    await w.post(w.decline(sent.id, w.ca.clerk))
    return w.opening(sent.id, w.ca.clerk)


async def signed_for_after_a_withdrawal(w: World) -> Posted:
    sent = await w.send(w.dispatch(term="in-country"))
    await w.post(w.withdrawal(sent.id, w.ccq.clerk))
    return w.receipt(sent.id, w.ca.clerk)


async def withdrawn_after_a_receipt(w: World) -> Posted:
    _, request = await requested(w)
    return w.withdrawal(request, w.ccq.clerk)


async def opened(w: World) -> Posted:
    _, request = await requested(w)
    return w.opening(request, w.ca.clerk)


async def faulty_after_verified(w: World) -> Posted:
    _, request = await requested(w)
    await w.post(w.opening(request, w.ca.clerk))
    return w.opening(request, w.ca.clerk, "faulty", "manifest")


async def destroyed_without_a_recall(w: World) -> Posted:
    _, request = await requested(w)
    return w.destruction(request, w.ca.clerk, "recalled")


async def before_a_time_limit(w: World) -> Posted:
    """Extended to a day before the one in force."""
    return await in_case("extension", "ca.clerk", due=date(2026, 3, 3))(w)


KEPT: dict[str, Make] = {
    "a message": dispatch(kind="message"),
    "dated 15 days ago": dated(days=-15),
    "dated in a quarter of an hour": dated(minutes=15),
    "a receipt dated 72 hours ago": receipt_dated(hours=-72),
    "having seen nothing": having_seen(lambda _: Seen(0, EMPTY_ROOT)),
    "naming older heads": naming_older_heads,
    "a reply": in_case("reply", "ca.clerk"),
    "a question of the answering side": in_case("question", "ca.clerk"),
    "a request with its approver": approved,
    "under the profile of its case": under_the_profile_of_its_case,
    "opened": opened,
}
BROKEN: dict[str, tuple[Make, set[str]]] = {
    "dated too early": (dated(days=-15, seconds=-1), {"outside-window"}),
    "dated too late": (dated(minutes=15, seconds=1), {"outside-window"}),
    "a receipt dated too early": (receipt_dated(hours=-72, seconds=-1), {"outside-window"}),
    "seen beyond its place": (having_seen(lambda now: Seen(now.size + 1, now.root)), {"seen-beyond"}),
    "seen beside the tree": (having_seen(lambda now: Seen(now.size, os.urandom(32))), {"seen-wrong"}),
    "seen nothing, with a root": (having_seen(lambda now: Seen(0, now.root)), {"seen-wrong"}),
    "a head of nothing": (naming(lambda heads: tuple(sorted((heads[0], "ab" * 32)))), {"head-unknown"}),
    "a head of one side only": (naming(lambda heads: heads[:1]), {"head-not-of-each"}),
    "two heads of one side": (naming_two_of_one, {"head-not-of-each"}),
    "of a member revoked": (of_a_revoked_approver, {"not-in-force"}),
    "of a key replaced": (of_an_old_key, {"key-not-in-force"}),
    "with a spoilt signature": (with_a_spoilt_signature, {"bad-signature"}),
    "for another relay": (dispatch(kind="message", relay="relay.example/other"), {"other-relay"}),
    "approved by a unit": (approved_by_a_unit, {"not-approved"}),
    "sealed to an older list": (sealed_to_an_older_list, {"sealed-differs"}),
    "to where nobody signs": (to_where_nobody_signs, {"no-addressee"}),
    "signed for by its sender": (act(lambda w, sent: w.receipt(sent, w.ccq.clerk)), {"not-addressee"}),
    "signed for by a unit": (act(lambda w, sent: w.receipt(sent, w.ca.unit)), {"not-addressee"}),
    "signed for by a clerk since": (signed_for_by_a_clerk_since, {"not-addressee"}),
    "withdrawn by its addressee": (act(lambda w, sent: w.withdrawal(sent, w.ca.clerk)), {"not-addressee"}),
    "a decline of nothing": (act(lambda w, _: w.decline("ab" * 32, w.ca.clerk)), {"dispatch-unknown"}),
    "a calendar signed by a clerk": (calendar_signed_by_a_clerk, {"no-approver"}),
    "a reply by the asker": (in_case("reply", "ccq.clerk"), {"reply.sender"}),
    "a closing by the answerer": (in_case("closing", "ca.clerk", regards=False), {"closing.sender"}),
    "a request by an auditor": (by_an_auditor, {"request.sender"}),
    "a request by the answering unit": (
        in_case("request", "ca.unit", regards=False, term="in-country"),
        {"request.sender", "request.request"},
    ),
    "a reply without a request": (without_a_request, {"reply.phase", "reply.regarding"}),
    "approved by nobody": (approved_by_nobody, {"request.approver"}),
    "under a profile replaced": (under_a_profile_replaced, {"other-profile"}),
    "under another profile than its case": (under_another_than_its_case, {"other-profile"}),
    "opened without a receipt": (act(lambda w, sent: w.opening(sent, w.ca.clerk)), {"opening.unsigned"}),
    "opened after a decline": (opened_after_a_decline, {"opening.state"}),
    "signed for after a withdrawal": (signed_for_after_a_withdrawal, {"receipt.state"}),
    "withdrawn after a receipt": (withdrawn_after_a_receipt, {"withdrawal.state"}),
    "faulty after verified": (faulty_after_verified, {"opening.state"}),
    "destroyed without a recall": (destroyed_without_a_recall, {"destruction.recall"}),
    "extended to an earlier day": (before_a_time_limit, {"extension.extension"}),
    "late, and not the sender's to send": (
        in_case("reply", "ccq.clerk", time=datetime(2026, 1, 1, tzinfo=UTC)),
        {"outside-window", "reply.sender"},
    ),
    "two rules at once": (
        dispatch(kind="message", seen=Seen(0, bytes(32)), head=("ab" * 32,)),
        {"seen-wrong", "head-unknown"},
    ),
}


@pytest.mark.parametrize("name", KEPT)
async def test_a_rule_that_is_kept_is_kept_for_all(w: World, name: str) -> None:
    said = await ask(w, await KEPT[name](w))
    assert (said.relay, said.reader, said.judge, said.verdict) == (set(), set(), set(), "VALID")


@pytest.mark.parametrize("name", BROKEN)
async def test_a_rule_that_is_broken_is_broken_for_all(w: World, name: str) -> None:
    make, codes = BROKEN[name]
    said = await ask(w, await make(w))
    assert (said.relay, said.reader, said.judge, said.verdict) == (codes, codes, codes, "INVALID")


@pytest.mark.parametrize("days", [0, 14])
async def test_a_statement_named_from_elsewhere_than_the_next_index_has_no_log_time(
    w: World, days: int
) -> None:
    """The relay logs a dispatch, something else, and only then (so many days later) its ACCEPTANCE."""
    copy = await Copy.of(w)
    late = w.dispatch("message").signed
    index = copy.add(late)
    copy.put(w.dispatch("message").signed)
    w.clock.advance(days=days)
    named = copy.accept(late)
    copy.close()
    findings, entries = copy.read()
    assert ("contradiction", "unnamed", index) in [(one.severity, one.code, one.index) for one in findings]
    assert "wrong-naming" in [one.fault for one in findings if one.index == named]
    assert index not in [one.logged.index for one in entries]
    judged = copy.judge()[named]
    assert (judged.verdict, [one.code for one in judged.reasons]) == (Verdict.INVALID, ["wrong-naming"])


@pytest.mark.parametrize(
    ("kind", "sender", "fields"),
    [
        ("reply", "auditor", {}),
        ("reply", "unit", {}),
        ("extension", "auditor", {"due": date(2026, 8, 3)}),
        ("extension", "clerk", {"due": date(2026, 8, 2)}),  # a Sunday
    ],
)
async def test_what_a_role_or_the_calendar_forbids_moves_nothing(
    w: World, kind: str, sender: str, fields: dict[str, date]
) -> None:
    case, request = await requested(w)
    made = w.dispatch(kind, sender=w.ca.people[sender], to=w.ccq.name, case=case, regarding=request, **fields)
    copy = await Copy.of(w)
    before = copy.folded(case)
    assert before is not None
    copy.put(made.signed)
    after = copy.folded(case)
    assert after is not None
    assert after.dispatches[made.signed.id].refused is not None
    assert (after.phase, after.stopped, after.due, after.need) == (before.phase, None, before.due, None)


async def test_of_several_faults_the_first_of_the_rules_is_the_answer(w: World) -> None:
    sent = w.dispatch("message")
    await w.send(sent)
    made = w.dispatch(
        "reply",
        regarding="ab" * 32,
        seen=Seen(0, bytes(32)),
        head=("ab" * 32,),
        time=moment(w) + timedelta(hours=1),
        body=sent.body,
    )
    with pytest.raises(Refused) as refused:
        await w.send(made)
    assert refused.value.code == "outside-window"
    assert refused.value.faults == (
        *("outside-window", "seen-wrong", "head-unknown"),
        *("reply.sender", "reply.phase", "reply.regarding", "body-used"),
    )


async def test_everything_an_honest_relay_logs_is_named_at_the_next_index(w: World) -> None:
    await requested(w)
    copy = await Copy.of(w)
    copy.close()
    findings, entries = copy.read()
    assert findings == []
    assert len(entries) == len(copy.log)
