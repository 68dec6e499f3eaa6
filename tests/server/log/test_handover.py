"""The fairness of it: the header comes after the RECEIPT of that very dispatch, to those it is sealed to."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.server.world import Person, World, statements_of, world

from kynhan_keys import age, stream
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Acceptance, Dispatch, Handover
from kynhan_server.errors import Refused
from kynhan_server.log.visibility import Actor


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        yield made


async def header(w: World, person: Person, dispatch: str) -> bytes:
    return await w.relay.reading.header(w.log, await w.actor(person), dispatch)


async def is_refused(waiting: object, code: str = "not-found") -> None:
    with pytest.raises(Refused) as refused:
        await waiting  # type: ignore[misc]
    assert refused.value.code == code


def everybody(w: World) -> list[Person]:
    return [person for party in (w.ccq, w.ca) for name, person in party.people.items() if name != "witness"]


async def test_nobody_gets_the_header_before_the_receipt(w: World) -> None:
    package = w.dispatch()
    sent = await w.send(package)
    for person in everybody(w):
        await is_refused(header(w, person, sent.id))
    await w.post(w.receipt(sent.id, w.ca.clerk))
    assert await header(w, w.ca.clerk, sent.id) == package.header
    assert await header(w, w.ccq.clerk, sent.id) == package.header
    for person in everybody(w):
        if "clerk" not in person.roles:
            await is_refused(header(w, person, sent.id))


async def test_header_and_body_are_the_age_file(w: World) -> None:
    sent = await w.send(w.dispatch())
    actor = await w.actor(w.ca.clerk)
    body = (await w.relay.reading.body(w.log, actor, sent.id)).inline
    assert body is not None
    await w.post(w.receipt(sent.id, w.ca.clerk))
    key = age.open_header(await header(w, w.ca.clerk, sent.id), [w.ca.clerk.sealing])  # type: ignore[list-item]
    assert b"".join(stream.open_payload(key, iter([body]))) == b"marker-of-content"


async def test_the_receipt_of_another_dispatch_opens_nothing(w: World) -> None:
    first, second = await w.send(w.dispatch()), await w.send(w.dispatch())
    await w.post(w.receipt(first.id, w.ca.clerk))
    await is_refused(header(w, w.ca.clerk, second.id))


async def test_naming_a_header_in_a_dispatch_of_ones_own_opens_nothing(w: World) -> None:
    package = w.dispatch()
    sent = await w.send(package)
    own = w.dispatch("message", sender=w.ca.clerk, to=w.ccq.name, header=package.header)
    await is_refused(w.post(own.signed, header=own.header, body=own.body), "header-used")
    await is_refused(header(w, w.ca.clerk, sent.id))


async def test_absent_and_not_yours_are_the_same(w: World) -> None:
    sent = await w.send(w.dispatch())
    refusals = []
    for dispatch in (sent.id, "ab" * 32):
        with pytest.raises(Refused) as refused:
            await header(w, w.ca.unit, dispatch)
        refusals.append((refused.value.code, refused.value.detail, refused.value.status))
    assert refusals[0] == refusals[1]


async def test_only_addressees_sealed_to_sign(w: World) -> None:
    sent = await w.send(w.dispatch())
    late = await w.certify(w.ca, "clerk2", ("clerk",))
    for person in (w.ccq.clerk, w.ca.unit, w.ca.approver, late):
        await is_refused(w.post(w.receipt(sent.id, person)))
    await is_refused(w.post(w.receipt("ab" * 32, w.ca.clerk)))
    await w.post(w.receipt(sent.id, w.ca.clerk))


async def test_a_dispatch_to_a_unit_is_the_units_to_sign(w: World) -> None:
    sent = await w.send(w.dispatch(to=w.ca.unit.name))
    await is_refused(w.post(w.receipt(sent.id, w.ca.clerk)))
    await w.post(w.receipt(sent.id, w.ca.unit))
    await header(w, w.ca.unit, sent.id)
    await is_refused(header(w, w.ca.clerk, sent.id))


async def test_the_first_of_receipt_decline_withdrawal_wins(w: World) -> None:
    def acts(dispatch: str) -> list[object]:
        return [
            w.receipt(dispatch, w.ca.clerk),
            w.decline(dispatch, w.ca.clerk),
            w.withdrawal(dispatch, w.ccq.clerk),
        ]

    for first in range(3):
        sent = await w.send(w.dispatch())
        await w.post(acts(sent.id)[first])  # type: ignore[arg-type]
        for act in acts(sent.id):
            await is_refused(w.post(act), "not-now")  # type: ignore[arg-type]
        if first:
            await is_refused(header(w, w.ca.clerk, sent.id))


async def test_declined_and_withdrawn_headers_are_gone_from_the_database(w: World) -> None:
    sent = await w.send(w.dispatch())
    await w.post(w.decline(sent.id, w.ca.clerk))
    database = sqlite3.connect(w.folder / "relay.db")
    assert database.execute("SELECT header FROM dispatches WHERE id = ?", [sent.id]).fetchone() == (None,)
    database.close()


async def test_a_withdrawal_is_for_the_senders_committee(w: World) -> None:
    sent = await w.send(w.dispatch())
    await is_refused(w.post(w.withdrawal(sent.id, w.ca.clerk)))
    await w.post(w.withdrawal(sent.id, w.ccq.clerk))


async def test_an_opening_follows_a_receipt_and_only_undelivered_is_replaced(w: World) -> None:
    sent = await w.send(w.dispatch())
    await is_refused(w.post(w.opening(sent.id, w.ca.clerk)), "not-now")
    await w.post(w.receipt(sent.id, w.ca.clerk))
    await w.post(w.opening(sent.id, w.ca.clerk, "undelivered"))
    answer = await w.post(w.opening(sent.id, w.ca.clerk))
    assert isinstance(statements_of(answer)[1], Acceptance)
    await is_refused(w.post(w.opening(sent.id, w.ca.clerk, "faulty", "manifest")), "not-now")


async def test_after_undelivered_any_member_of_either_committee_gets_the_header(w: World) -> None:
    package = w.dispatch()
    sent, _ = await w.send_and_sign(package)
    await w.post(w.opening(sent.id, w.ca.clerk, "undelivered"))
    for person in everybody(w):
        assert await header(w, person, sent.id) == package.header
    stranger = Actor("ccq-ca", "other.example/x", "ab" * 32, "other.example", ("clerk",))
    await is_refused(w.relay.reading.header(w.log, stranger, sent.id))


async def test_undelivered_counts_within_one_working_day_only(w: World) -> None:
    """Whoever signed and had the header cannot open it to both committees weeks later."""
    sent, _ = await w.send_and_sign(w.dispatch())
    w.clock.advance(days=1)
    undelivered = w.opening(sent.id, w.ca.clerk, "undelivered")  # dated in time, though it arrives late
    w.clock.advance(days=1)
    await is_refused(w.post(w.opening(sent.id, w.ca.clerk, "undelivered")), "not-now")
    await is_refused(header(w, w.ccq.auditor, sent.id))
    await w.post(undelivered)


async def test_a_unit_does_not_sign_for_its_own_copy_to_its_committee(w: World) -> None:
    """`sealed` has the sender's key too; where both are of one committee, only its clerks act as the addressee."""
    request, _ = await w.send_and_sign(w.dispatch(term="in-province", to=w.ca.unit.name), w.ca.unit)
    case = await w.relay.reading.statements(w.log, await w.actor(w.ca.clerk), request.index, 1)
    sent = signing.parse(case.statements[0].note.encode()).statement
    assert isinstance(sent, Dispatch)
    answer = {"sender": w.ca.unit, "case": sent.case, "regarding": request.id}
    await w.send(w.dispatch("reply", to=w.ccq.name, **answer))  # type: ignore[arg-type]
    copy = await w.send(w.dispatch("reply", to=w.ca.name, **answer))  # type: ignore[arg-type]
    await is_refused(w.post(w.receipt(copy.id, w.ca.unit)))
    await is_refused(header(w, w.ca.unit, copy.id))
    await w.post(w.receipt(copy.id, w.ca.clerk))


async def test_the_header_is_served_again_until_its_time_is_over(w: World) -> None:
    package = w.dispatch()
    sent, _ = await w.send_and_sign(package)
    await w.post(w.opening(sent.id, w.ca.clerk))
    w.clock.advance(days=29, hours=23)
    await w.relay.deadlines.tick()
    assert await header(w, w.ca.clerk, sent.id) == package.header
    w.clock.advance(hours=2)
    assert (await w.relay.deadlines.tick()).headers_deleted == 1
    await is_refused(header(w, w.ca.clerk, sent.id))
    files = [file.read_bytes() for file in w.folder.iterdir() if file.is_file()]
    stanza = package.header.splitlines()[1]
    assert not any(stanza in data for data in files)
    assert (await w.relay.deadlines.tick()).headers_deleted == 0


async def test_an_assignments_receipt_starts_no_clock(w: World) -> None:
    request = w.dispatch(term="in-country")
    sent, _ = await w.send_and_sign(request)
    assigned = w.dispatch(
        "assignment",
        sender=w.ca.clerk,
        to=w.ca.unit.name,
        case=request.statement.case,
        regarding=sent.id,
    )
    answer, signed_for = await w.send_and_sign(assigned, w.ca.unit)
    assert isinstance(statements_of(signed_for)[-1], Handover)
    await header(w, w.ca.unit, answer.id)


async def test_destruction_is_logged_once_for_each_committee(w: World) -> None:
    sent, _ = await w.send_and_sign(w.dispatch())
    await w.post(w.destruction(sent.id, w.ca.clerk))
    await is_refused(w.post(w.destruction(sent.id, w.ca.clerk)), "not-now")
    await w.post(w.destruction(sent.id, w.ccq.clerk))


async def test_bodies_go_to_those_sealed_to_and_to_clerks(w: World) -> None:
    sent = await w.send(w.dispatch(to=w.ca.unit.name))

    async def body(person: Person) -> bytes | None:
        return (await w.relay.reading.body(w.log, await w.actor(person), sent.id)).inline

    for person in (w.ca.unit, w.ca.clerk, w.ccq.clerk):
        assert await body(person) is not None
    for person in (w.ca.approver, w.ca.auditor, w.ccq.unit):
        await is_refused(body(person))


async def test_clerks_see_every_statement_others_what_concerns_them(w: World) -> None:
    roots = w.log.size
    mine = w.dispatch(to=w.ca.unit.name, term="in-country")
    sent, _ = await w.send_and_sign(mine, w.ca.unit)
    await w.send(w.dispatch("message"))

    async def seen(person: Person) -> list[int]:
        page = await w.relay.reading.statements(w.log, await w.actor(person), 0, 1000)
        assert page.size == w.log.size
        return [one.index for one in page.statements]

    assert await seen(w.ccq.clerk) == await seen(w.ca.clerk) == list(range(w.log.size))
    assert await seen(w.ca.unit) == list(range(roots + 5))
    assert await seen(w.ccq.unit) == await seen(w.ca.auditor) == list(range(roots))
    await w.relay.reading.receipt(w.log, await w.actor(w.ca.unit), sent.id, False)
    await is_refused(w.relay.reading.receipt(w.log, await w.actor(w.ccq.unit), sent.id, False))
