"""What `kynhan watch` does once a day goes on after whatever went wrong."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from tests.client.parties import parties

from kynhan_client.cli import watching
from kynhan_client.screen.output import JsonOutput
from kynhan_protocol.vietnam_time import VIETNAM

NOVEMBER = datetime(2026, 11, 25, 9, tzinfo=VIETNAM)  # 2027 is a draft in the shipped calendar


async def test_the_calendar_s_reminder_comes_once_it_can(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.05)
    async with parties(tmp_path, begin=NOVEMBER) as two:

        async def told(event: str) -> None:
            said = ""
            async with asyncio.timeout(30):
                while f'"{event}"' not in said:
                    await two.sync(two.ccq)
                    said += capsys.readouterr().out

        two.ca.archive.run("ALTER TABLE config RENAME TO away")
        daily = asyncio.create_task(watching._each_minute(JsonOutput("en"), two.ca, None))
        try:
            await told("error")
            two.ca.archive.run("ALTER TABLE away RENAME TO config")
            await told("calendar-notice")
        finally:
            daily.cancel()
            await asyncio.wait([daily])
