"""Copies that are owed (R13, R17): one that cannot be made any more holds up no other."""

from __future__ import annotations

from pathlib import Path

from tests.client.agreement import CA, CCQ
from tests.client.parties import parties

from kynhan_client import syncing
from kynhan_client.log.view import View
from kynhan_client.packages import receive, send
from kynhan_client.procedures import recalls

UNIT = f"{CA}/pc03"


async def test_a_copy_whose_original_was_destroyed_holds_up_no_other(tmp_path: Path) -> None:
    wanted = {'"copy-to-clerk": false': '"copy-to-clerk": true'}
    async with parties(tmp_path, changes=wanted) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        first = await send.send(two.ccq, two.to[CCQ], two.letter(to=UNIT))
        second = await send.send(two.ccq, two.to[CCQ], two.letter(to=UNIT))
        await two.sync(unit)
        await receive.sign(unit, two.relay(unit), first.dispatch)
        await recalls.destroy(two.ccq, two.to[CCQ], first.dispatch, "ordered")
        await syncing.sync(two.ccq, two.to[CCQ])
        await two.sync(two.ca)
        copies = [
            [one.to for one in View(two.ca).case(case).dispatches.values() if one.part == "copy"]
            for case in (first.case, second.case)
        ]
        assert copies == [[], [CA]]
        refused = [event.data for event in two.ccq.archive.events() if event.kind == "copy-refused"]
        assert refused == [{"dispatch": first.dispatch, "code": "destroyed"}]
