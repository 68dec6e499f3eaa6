"""Taking a case back from its unit while the relay is away: said, and told to scripts, like everything that waits."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.client.agreement import PASSPHRASE
from tests.client.answering import running
from tests.client.calling import Kynhan
from tests.client.parties import parties
from tests.journeys.relay_process import ProcessParties

from kynhan_client.procedures import assignments
from kynhan_client.procedures.standing import Papers


async def test_what_waits_ends_with_status_1_and_an_error_for_scripts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        await two.add_member(two.ca, "pc03", "unit")
        case = await running(two)
        assigning = assignments.assignment(two.ca, case, "pc03", Papers())
        sent = await assignments.assign(two.ca, two.relay(two.ca), assigning)
        await two.sync()
        await two.stop_relay()
        two.ca.close()
        secret = tmp_path / "secret"
        secret.touch(mode=0o600)
        secret.write_bytes(PASSPHRASE)
        clock = ("--demo-clock", str(tmp_path / "offset"))
        ca = Kynhan(capsys, *clock, "--lang", "en").at(two.ca.path, secret)
        ran = await asyncio.to_thread(ca, "unassign", case, "--yes", "--json")
        assert ran.status == 1
        assert ran.json["error"]["code"] == "relay-down"
        (taken,) = ran.json["taken_back"]
        assert (taken["dispatch"], taken["state"]) == (sent.dispatch, "queued")
