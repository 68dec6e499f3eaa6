"""Putting a case off, and reminders on the desktop: personal, each once, and no date moves."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.client.agreement import CA
from tests.client.parties import Parties, parties
from tests.moments import MORNING

from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log import track
from kynhan_client.packages import receive
from kynhan_client.reminding import notifying, snooze
from kynhan_client.reminding.notifying import Desktop
from kynhan_protocol.vietnam_time import VIETNAM


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Parties]:
    async with parties(tmp_path) as made:
        yield made


def notifier(folder: Path, status: int | str = 0) -> tuple[Desktop, Path]:
    """A real program that stands where notify-send would, and the file it writes its arguments to; `status` may be an
    expression of that program."""
    log, program = folder / "shown.jsonl", folder / "bin" / "notify-send"
    program.parent.mkdir(exist_ok=True)
    program.write_text(
        "#!/usr/bin/env python3\nimport json, sys, time\n"
        f"open({str(log)!r}, 'a').write(json.dumps(sys.argv[1:]) + chr(10))\nsys.exit({status})\n"
    )
    program.chmod(0o755)
    return Desktop(str(program)), log


def shown(log: Path) -> list[list[str]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def set_clock(two: Parties, day: date, hour: int = 9) -> None:
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=VIETNAM)
    two.set_clock(moment)


async def running(two: Parties, count: int = 1) -> list[tuple[str, date]]:
    """Cases signed for by CA, with their due dates."""
    for _ in range(count):
        sent = await two.request()
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
    await two.sync()
    return [(line.case, line.due) for line in track.cases(two.ca) if line.due is not None]


async def reminded(two: Parties, day: date) -> None:
    """The relay ticks on that day, and CA reads of it."""
    before = len(two.ca.archive.rows("SELECT 1 FROM statements WHERE type = 'reminder'"))
    set_clock(two, day)
    async with asyncio.timeout(30):
        while len(two.ca.archive.rows("SELECT 1 FROM statements WHERE type = 'reminder'")) == before:
            await asyncio.sleep(0.1)
            await two.sync(two.ca)


async def test_a_snooze_hides_nothing_but_reminders_and_ends_by_itself(two: Parties) -> None:
    ((case, due),) = await running(two)
    before = track.case_detail(two.ca, case)["due"]
    today = snooze.today(two.ca)
    assert snooze.put(two.ca, case, today + timedelta(days=3)).until == today + timedelta(days=3)
    assert snooze.active(two.ca) == {case: today + timedelta(days=3)}
    assert snooze.active(two.ccq) == {}
    assert track.case_detail(two.ca, case)["due"] == before
    set_clock(two, today + timedelta(days=2), hour=23)
    assert case in snooze.active(two.ca)
    set_clock(two, today + timedelta(days=3), hour=1)
    assert snooze.active(two.ca) == {}
    assert due > today


async def test_a_snooze_can_be_moved_and_ended(two: Parties) -> None:
    ((case, _),) = await running(two)
    today = snooze.today(two.ca)
    for days in (2, 5):
        snooze.put(two.ca, case, today + timedelta(days=days))
    assert snooze.active(two.ca) == {case: today + timedelta(days=5)}
    assert snooze.end(two.ca, case)
    assert not snooze.end(two.ca, case)


async def test_the_due_date_does_not_pass_in_silence_unasked(two: Parties) -> None:
    ((case, due),) = await running(two)
    assert snooze.past_due(two.ca, case, due) is None
    passing = snooze.past_due(two.ca, case, due + timedelta(days=1))
    assert passing is not None
    assert passing.due == due


@pytest.mark.parametrize(
    ("days", "code"), [(0, "snooze-past"), (-5, "snooze-past"), (367, "snooze-too-long")]
)
async def test_days_that_cannot_be_meant(two: Parties, days: int, code: str) -> None:
    ((case, _),) = await running(two)
    with pytest.raises(ClientError) as refused:
        snooze.put(two.ca, case, snooze.today(two.ca) + timedelta(days=days))
    assert refused.value.code == code
    assert snooze.active(two.ca) == {}


# --- the desktop


async def test_a_reminder_is_shown_once_without_content(two: Parties, tmp_path: Path) -> None:
    desktop, log = notifier(tmp_path)
    ((case, due),) = await running(two)
    assert await notifying.show_new(two.ca, desktop, "vi") == 0
    await reminded(two, due)
    assert await notifying.show_new(two.ca, desktop, "vi") == 1
    assert await notifying.show_new(two.ca, desktop, "vi") == 0
    ((app, title, text),) = shown(log)
    assert app == "--app-name=Kynhan"
    assert title == f"Việc {case[:12]}: đến hạn hôm nay"
    lines = text.splitlines()
    assert lines[0].startswith(f"Hạn trả lời: {due:%d/%m/%Y}")
    assert lines[1:] == [f"kynhan case {case[:12]}"]
    assert two.letter().title not in title + text


@pytest.mark.parametrize("begun", [MORNING, datetime(2026, 12, 1, 10, tzinfo=VIETNAM)], ids=["march", "tet"])
async def test_of_what_was_missed_only_the_newest_of_each_case_is_shown(
    two: Parties, tmp_path: Path, begun: datetime
) -> None:
    """A week after the date, or, where it is the eve of Tết, as soon as there is a working day."""
    desktop, log = notifier(tmp_path)
    two.set_clock(begun)
    await two.sync()
    ((case, due),) = await running(two)
    await reminded(two, due)
    await reminded(two, due + timedelta(days=7 if begun == MORNING else 8))
    assert await notifying.show_new(two.ca, desktop, "en") == 1
    ((_, title, _),) = shown(log)
    assert title.startswith(f"Case {case[:12]}: overdue by")


async def test_a_snoozed_case_is_silent_and_what_was_answered_too(two: Parties, tmp_path: Path) -> None:
    desktop, log = notifier(tmp_path)
    ((case, due),) = await running(two)
    await reminded(two, due)
    snooze.put(two.ca, case, snooze.today(two.ca) + timedelta(days=2))
    assert await notifying.show_new(two.ca, desktop, "vi") == 0
    assert shown(log) == []


async def test_a_notifier_that_fails_is_asked_again(two: Parties, tmp_path: Path) -> None:
    broken, log = notifier(tmp_path, status=1)
    ((_, due),) = await running(two)
    await reminded(two, due)
    assert await notifying.show_new(two.ca, broken, "vi") == 0
    working, log = notifier(tmp_path)
    assert await notifying.show_new(two.ca, working, "vi") == 1
    assert len(shown(log)) == 2
    assert await notifying.show_new(two.ca, Desktop(str(tmp_path / "none")), "vi") == 0


async def test_only_what_the_notifier_did_not_take_is_shown_again(two: Parties, tmp_path: Path) -> None:
    second = f"int(len(open({str(tmp_path / 'shown.jsonl')!r}).readlines()) == 2)"
    desktop, log = notifier(tmp_path, second)
    found = await running(two, count=2)
    await reminded(two, found[0][1])
    async with asyncio.timeout(30):
        while len(unseen(two.ca)) < 2:
            await asyncio.sleep(0.1)
            await two.sync(two.ca)
    assert await notifying.show_new(two.ca, desktop, "vi") == 1
    assert await notifying.show_new(two.ca, desktop, "vi") == 1
    assert await notifying.show_new(two.ca, desktop, "vi") == 0
    _, refused, again = shown(log)
    assert refused == again


async def test_a_reminder_is_not_lost_when_watching_stops_before_it_shows(
    two: Parties, tmp_path: Path
) -> None:
    hanging, log = notifier(tmp_path, "time.sleep(60)")
    ((_, due),) = await running(two)
    await reminded(two, due)
    watching = asyncio.create_task(notifying.show_new(two.ca, hanging, "vi"))
    async with asyncio.timeout(30):
        while not shown(log):
            await asyncio.sleep(0.05)
            await two.sync(two.ca)
    watching.cancel()
    await asyncio.wait([watching])
    desktop, log = notifier(tmp_path)
    assert await notifying.show_new(two.ca, desktop, "vi") == 1
    assert len(shown(log)) == 2


async def test_many_cases_are_told_in_one_line(two: Parties, tmp_path: Path) -> None:
    desktop, log = notifier(tmp_path)
    found = await running(two, count=6)
    for home in (two.ca,):
        await reminded(two, found[0][1])
        async with asyncio.timeout(30):
            while len(unseen(home)) < 6:
                await asyncio.sleep(0.1)
                await two.sync(home)
    assert await notifying.show_new(two.ca, desktop, "vi") == 6
    assert [line[1] for line in shown(log)] == ["Ký nhận: 6 việc có nhắc hạn"]


def unseen(home: Home) -> list[object]:
    return list(home.archive.rows("SELECT id FROM statements WHERE type = 'reminder'"))


def test_where_there_is_no_notifier(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert notifying.find() is None
    notifier(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin") + os.pathsep + os.defpath)
    assert notifying.find() == Desktop(str(tmp_path / "bin" / "notify-send"))
