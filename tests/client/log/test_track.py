"""Cases and deadlines as the screen tells them."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.client.agreement import CA
from tests.client.parties import Parties, parties

from kynhan_client.errors import ClientError
from kynhan_client.log import track
from kynhan_client.log.track import group_of
from kynhan_client.packages import opening, receive
from kynhan_client.packages.send import send
from kynhan_client.procedures import replies
from kynhan_client.procedures.standing import Papers

DAY = 86_400


async def signed_request(two: Parties) -> tuple[str, str]:
    sent = await two.request()
    await receive.sign(two.ca, two.to[CA], sent.dispatch)
    await two.sync()
    return sent.case, sent.dispatch


async def test_a_case_is_listed_with_who_has_to_do_what(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        (mine,) = track.cases(two.ccq)
        assert (mine.case, mine.kind, mine.phase) == (sent.case, "request", "unsigned")
        assert mine.title == two.letter().title
        assert mine.waiting_for == (CA,)
        (theirs,) = track.cases(two.ca)
        assert theirs.title is None  # sealed until it is opened
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "out")
        (theirs,) = track.cases(two.ca)
        assert theirs.title == mine.title
        assert (theirs.phase, theirs.status, theirs.nature) == ("running", "within", "limit")


async def test_the_case_as_json_has_ladder_reminders_and_the_count_day_by_day(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case, _ = await signed_request(two)
        detail = track.case_detail(two.ca, case, why=True)
        assert detail["phase"] == "running"
        assert [rung["step"] for rung in detail["ladder"]][:9] == [
            "-10",
            "-5",
            "-2",
            "-1",
            "0",
            "+1",
            "+3",
            "+5",
            "+10",
        ]
        assert all(datetime.fromisoformat(rung["at"]).tzinfo is not None for rung in detail["ladder"])
        assert not detail["reminders"]
        why = detail["explanation"]
        assert why["due"] == detail["due"]["due"]
        counted = [day["counted"] for day in why["days"] if day["counted"] is not None]
        assert counted == list(range(1, 46))
        assert why["days"][-1]["date"] == why["due"]
        assert why["days"][0]["counted"] is None
        assert "explanation" not in track.case_detail(two.ca, case)


async def test_a_reminder_that_was_logged_is_shown(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case, _ = await signed_request(two)
        first = track.case_detail(two.ca, case)["ladder"][0]
        at = datetime.fromisoformat(first["at"])
        two.move_clock(int((at - two.ca.clock.now()).total_seconds()) + 60)
        assert two.running is not None
        for _ in range(100):
            await two.sync(two.ca)
            reminders = track.case_detail(two.ca, case)["reminders"]
            if reminders:
                break

            await asyncio.sleep(0.05)
        assert [reminder["step"] for reminder in reminders] == ["-10"]


async def test_deadlines_are_grouped_and_end_with_the_reply(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case, _ = await signed_request(two)
        (line,) = track.deadlines(two.ccq)
        assert (line.case, line.group, line.who, line.original) == (case, "later", CA, line.due)
        assert line.working_days_left > 40
        midnight = datetime.combine(line.due, datetime.min.time(), two.ca.clock.now().tzinfo)
        two.move_clock(int((midnight - two.ca.clock.now()).total_seconds()))
        (line,) = track.deadlines(two.ccq)
        assert (line.group, line.working_days_left, line.status) == ("today", 0, "due-today")
        two.move_clock(4 * DAY)  # in test_over_tet no day of these is worked
        (line,) = track.deadlines(two.ccq)
        assert (line.group, line.status) == ("overdue", "overdue")
        assert line.working_days_left < 0
        letter = replies.reply(two.ca, case, Papers(files=(two.file("x.pdf"),), title="Trả lời"))
        await send(two.ca, two.to[CA], letter)
        await two.sync(two.ccq)
        assert track.deadlines(two.ccq) == []
        assert track.cases(two.ccq)[0].status == "late"


def test_a_week_ends_with_sunday() -> None:
    wednesday = date(2026, 3, 4)
    groups = {day: group_of(wednesday + timedelta(days=day), wednesday) for day in (-1, 0, 1, 4, 5)}
    assert groups == {-1: "overdue", 0: "today", 1: "this-week", 4: "this-week", 5: "later"}


async def test_a_beginning_names_a_case_or_a_dispatch(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        assert track.find_case(two.ca, sent.case[:9].upper()) == sent.case
        assert track.find_dispatch(two.ca, sent.dispatch[:8]) == sent.dispatch
        assert track.find_statement(two.ca, sent.dispatch) == sent.dispatch
        for prefix, code in (
            (sent.dispatch[:5], "not-found"),
            ("ffffffffff", "not-found"),
            ("%%%%%%", "not-found"),
        ):
            with pytest.raises(ClientError) as error:
                track.find_dispatch(two.ca, prefix)
            assert error.value.code == code
        for find in (track.find_dispatch, track.find_statement):
            with pytest.raises(ClientError) as error:
                find(two.ca, sent.case[:12])
            assert error.value.code == "case-given"
            for said in (error.value.advice_en, error.value.advice_vi):
                assert f"`kynhan case {sent.case[:12]}`" in said
        with pytest.raises(ClientError) as error:
            track.find_case(two.ca, sent.dispatch[:8])
        assert error.value.code == "dispatch-given"
        assert sent.case in error.value.advice_vi
        assert sent.case in error.value.advice_en
        two.ca.archive.run("UPDATE statements SET id = 'aaaaaaaa' || substr(id, 9) WHERE idx < 2")
        with pytest.raises(ClientError) as error:
            track.find_statement(two.ca, "aaaaaaa")
        assert error.value.code == "ambiguous"
