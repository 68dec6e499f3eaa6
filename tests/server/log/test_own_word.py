"""What the relay says itself meets the rulebook first: a fault of its own is refused, and nothing of it is logged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.server.log.test_deadlines import at_eight, dues, everything, running_case, steps
from tests.server.log.test_notices import go_to
from tests.server.world import World, world

from kynhan_protocol.case import fold
from kynhan_server.errors import Refused
from kynhan_server.log import reminders


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        yield made


async def test_a_wrong_date_is_not_signed_and_the_receipt_not_taken(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = fold.due_for

    def wrong(*given: Any) -> Any:
        draft = right(*given)
        return draft and replace(draft, due=draft.due + timedelta(days=1))

    sent = await w.send(w.dispatch(term="in-province"))
    before = await everything(w)
    with monkeypatch.context() as broken:
        broken.setattr(fold, "due_for", wrong)
        with pytest.raises(Refused) as refused:
            await w.post(w.receipt(sent.id, w.ca.clerk))
    assert refused.value.code == "internal"
    assert await everything(w) == before
    await w.post(w.receipt(sent.id, w.ca.clerk))
    assert len(await dues(w)) == 1


async def test_a_reminder_to_others_is_not_signed_and_holds_up_nobody(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = await running_case(w)
    w.clock.demo = True
    go_to(w, at_eight(due.due))
    with monkeypatch.context() as broken:
        broken.setattr(reminders, "resolve", lambda *_: (w.ccq.name,))
        assert (await w.relay.deadlines.tick()).reminders == 0
    assert await steps(w) == []
    w.clock.advance(hours=2)
    assert (await w.relay.deadlines.tick()).reminders == 1
