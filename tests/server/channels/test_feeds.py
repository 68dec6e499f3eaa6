"""The calendar feed as the case goes on: an entry moves under its own name, and goes when the case is answered."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import vobject
from tests.server.world import Person, World, statements_of, world

from kynhan_protocol.statements.statements import Due
from kynhan_server.channels import feeds


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        yield made


async def feed(w: World, person: Person, language: str = "vi") -> list[Any]:
    member = w.relay.member(w.log, person.name)
    assert member is not None
    data = await w.relay.feeds.render(w.log, member, language)  # type: ignore[arg-type]
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    return list(vobject.readOne(data.decode()).contents.get("vevent", ()))


async def test_an_extension_moves_the_entry_and_a_reply_takes_it_away(w: World) -> None:
    request = w.dispatch(term="in-province")
    sent, signed_for = await w.send_and_sign(request)
    due, case = cast(Due, statements_of(signed_for)[-1]), request.statement.case
    (first,) = await feed(w, w.ccq.clerk)
    assert (first.uid.value, first.dtstart.value, first.status.value) == (case, due.due, "CONFIRMED")
    assert first.summary.value == f"Hạn trả lời: việc {case[:12]}"
    alarms = [alarm.trigger.value for alarm in first.contents["valarm"]]
    # due on Monday 20 April: the Thursday before is two working days away
    assert alarms == [datetime(2026, 4, 16, 1, tzinfo=UTC), datetime(2026, 4, 20, 1, tzinfo=UTC)]

    later = due.due + timedelta(days=28)
    extension = w.dispatch(
        "extension", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id, due=later
    )
    await w.send_and_sign(extension, w.ccq.clerk)
    (moved,) = await feed(w, w.ccq.clerk)
    assert (moved.uid.value, moved.dtstart.value) == (case, later)
    assert int(moved.sequence.value) > int(first.sequence.value)

    reply = w.dispatch("reply", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id)
    await w.send_and_sign(reply, w.ccq.clerk)
    assert await feed(w, w.ccq.clerk) == []


async def test_a_target_is_no_limit_and_a_provisional_date_is_tentative(w: World) -> None:
    w.clock.demo = True
    w.clock.advance(days=250)  # November: 90 days lead into a year that is only drafted
    await w.send_and_sign(w.dispatch(term="foreign"))
    (event,) = await feed(w, w.ca.clerk, "both")
    assert event.status.value == "TENTATIVE"
    assert event.summary.value.startswith("Mốc phấn đấu (dự kiến): việc ")
    assert " / Target (provisional): case " in event.summary.value


async def test_an_approver_sees_only_what_concerns_it(w: World) -> None:
    _, signed_for = await w.send_and_sign(w.dispatch(term="in-province"))
    due = cast(Due, statements_of(signed_for)[-1])
    assert await feed(w, w.ca.approver) == []
    w.clock.demo = True
    w.clock.advance(
        seconds=(datetime.fromisoformat(f"{due.due}T02:00:00+00:00") - w.clock.at).total_seconds()
    )
    await w.relay.deadlines.tick()
    (event,) = await feed(w, w.ca.approver)
    assert event.uid.value == due.case


async def test_an_entry_is_folded_again_only_when_its_case_changed(w: World, monkeypatch: Any) -> None:
    folded: list[str] = []
    original = w.relay.feeds._fold

    async def counted(connection: Any, log: Any, case: str) -> Any:
        folded.append(case)
        return await original(connection, log, case)

    monkeypatch.setattr(w.relay.feeds, "_fold", counted)
    first, second = w.dispatch(term="in-province"), w.dispatch(term="in-country")
    await w.send_and_sign(first)
    await w.send_and_sign(second)
    for _ in range(3):
        assert len(await feed(w, w.ccq.clerk)) == 2
    assert len(folded) == 2
    await w.send(w.dispatch("message", case=first.statement.case))
    assert len(await feed(w, w.ccq.clerk)) == 2
    assert folded[2:] == [first.statement.case]


async def test_an_entry_is_written_once_and_never_on_the_event_loop(w: World, monkeypatch: Any) -> None:
    """Hundreds of entries take longer to write than others may be kept waiting."""
    written: list[tuple[str, bool]] = []
    original = feeds._event

    def noted(one: feeds.Running, *rest: Any) -> Any:
        written.append((one.case, threading.current_thread() is threading.main_thread()))
        return original(one, *rest)

    monkeypatch.setattr(feeds, "_event", noted)
    first, second = w.dispatch(term="in-province"), w.dispatch(term="in-country")
    sent, _ = await w.send_and_sign(first)
    await w.send_and_sign(second)
    member = w.relay.member(w.log, w.ccq.clerk.name)
    assert member is not None
    fetched = [await w.relay.feeds.render(w.log, member, "vi") for _ in range(3)]
    assert fetched[1:] == fetched[:-1]
    assert sorted(written) == sorted((one.statement.case, False) for one in (first, second))
    await feed(w, w.ccq.clerk, "en")
    assert len(written) == 4
    case = first.statement.case
    reply = w.dispatch("reply", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id)
    await w.send_and_sign(reply, w.ccq.clerk)
    assert [one.uid.value for one in await feed(w, w.ccq.clerk)] == [second.statement.case]
    assert len(written) == 4
