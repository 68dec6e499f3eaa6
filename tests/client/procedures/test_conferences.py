"""Conferences (R10): proposed, accepted, declined, moved, minutes filed; the calendar file in and out of the seal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from tests.client.agreement import CA, CCQ
from tests.client.exchanging import BIDI, CONTROL, begun, post, post_round, refused, take, words_of
from tests.client.parties import Parties, parties

from kynhan_client.home import cupboard
from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.procedures import conference_state, conferences, exchanges, meetings, reading
from kynhan_client.procedures.conference_state import Conference
from kynhan_client.procedures.conferences import Change, Plan
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.package import manifest as manifests

HOURS = timedelta(hours=2)
UNIT = "ca.example/pc03"


def plan(two: Parties, days: int = 3, **changes: Any) -> Plan:
    fields: dict[str, Any] = {
        "start": two.ccq.clock.now() + timedelta(days=days),
        "lasts": HOURS,
        "place": "Phòng họp số 2",
        "agenda": "Thống nhất kết quả; xem danh sách kèm theo",
    }
    return Plan(**{**fields, **changes})


def only(home: Home, case: str) -> Conference:
    (found,) = conferences.listed(home, case)
    return found


def calendar_in(two: Parties, home: Home, dispatch: str) -> Any:
    """The calendar file of an opened package, read by vobject."""
    folder = two.folder / f"{home.config.member.replace('/', '-')}-{dispatch[:12]}"
    return vobject.readOne((folder / meetings.NAME).read_text("utf-8"))


async def test_proposed_moved_accepted_and_minuted(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case = (await begun(two)).case
        proposed = plan(two)
        (line,) = await post_round(two, two.ccq, conferences.propose(two.ccq, proposed, case=case))
        assert (only(two.ccq, case).state, only(two.ca, case).state) == ("proposed", "proposed")
        current = only(two.ca, case).current
        assert current is not None and current.meeting is None  # CA has not opened it yet
        opened = await take(two, two.ca, line.dispatch)
        first = calendar_in(two, two.ca, line.dispatch)
        assert first.method.value == "REQUEST"
        assert first.vevent.sequence.value == "0"
        assert first.vevent.organizer.value == "urn:kynhan:ccq.example"
        assert first.vevent.dtstart.value.replace(tzinfo=None) == proposed.start.replace(
            microsecond=0, tzinfo=None
        ) + timedelta(hours=7)
        assert first.vevent.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Asia/Ho_Chi_Minh"]
        assert b"mailto" not in (opened.folder / meetings.NAME).read_bytes().lower()
        said = reading.invitation(opened)
        assert said is not None and said.meeting.place == "Phòng họp số 2"

        # CA proposes another time; CCQ still chairs, UID stays, SEQUENCE rises
        other = two.ca.clock.now() + timedelta(days=4)
        letters = conferences.move(two.ca, case, Change(other, reason="Trùng lịch công tác"))
        (moved,) = await post_round(two, two.ca, letters)
        opened = await take(two, two.ccq, moved.dispatch)
        assert words_of(opened) == ["Trùng lịch công tác\n"]
        second = calendar_in(two, two.ccq, moved.dispatch)
        assert second.vevent.uid.value == first.vevent.uid.value
        assert second.vevent.sequence.value == "1"
        assert second.vevent.organizer.value == "urn:kynhan:ccq.example"
        assert (only(two.ccq, case).state, only(two.ccq, case).chair) == ("moved", CCQ)

        # CCQ accepts the time proposed last
        accepted = await post(two, two.ccq, conferences.accept(two.ccq, case))
        assert only(two.ccq, case).state == "accepted"
        assert only(two.ca, case).state == "moved"  # CA has not opened the answer
        await take(two, two.ca, accepted.dispatch)
        reply = calendar_in(two, two.ca, accepted.dispatch)
        assert reply.method.value == "REPLY"
        assert reply.vevent.attendee.params["PARTSTAT"] == ["ACCEPTED"]
        assert reply.vevent.attendee.value == "urn:kynhan:ccq.example"
        assert only(two.ca, case).state == "accepted"

        # both write the same calendar file of what is agreed
        for home in (two.ccq, two.ca):
            agreed = vobject.readOne(conferences.calendar_file(home, case).decode())
            assert agreed.vevent.status.value == "CONFIRMED"
            assert agreed.vevent.uid.value == first.vevent.uid.value
            assert agreed.vevent.dtstart.value == second.vevent.dtstart.value
            assert agreed.vevent.dtend.value - agreed.vevent.dtstart.value == HOURS

        # minutes, once it was held; nobody waits for anybody any more
        files = (two.file("Biên bản.pdf"), two.file("Danh sách dự họp.pdf"))
        async with refused(two, "not-now", "only held at"):
            conferences.minutes(two.ccq, case, files)
        two.move_clock(5 * 24 * 3600)
        (minutes,) = await post_round(two, two.ccq, conferences.minutes(two.ccq, case, files))
        opened = await take(two, two.ca, minutes.dispatch)
        assert opened.manifest is not None
        assert [entry.role for entry in opened.manifest.file] == ["minutes", "enclosure"]
        for home in (two.ccq, two.ca):
            assert only(home, case).minutes == (minutes.dispatch,)
        async with refused(two, "not-now", "minutes are filed already"):
            conferences.move(two.ca, case, Change(two.ca.clock.now() + HOURS))


async def test_declined_with_the_reason(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        (line,) = await post_round(two, two.ca, conferences.propose(two.ca, plan(two)))
        case = only(two.ca, only(two.ca, View(two.ca).cases()[-1].id).case).case
        await take(two, two.ccq, line.dispatch)
        declined = await post(two, two.ccq, conferences.decline(two.ccq, case, "Chưa cần thiết"))
        opened = await take(two, two.ca, declined.dispatch)
        assert words_of(opened) == ["Chưa cần thiết\n"]
        assert only(two.ca, case).state == "declined"
        assert only(two.ca, case).chair == CA
        async with refused(two, "not-now", "not agreed yet"):
            conferences.calendar_file(two.ca, case)
        # the chair tries another time
        (again,) = await post_round(
            two, two.ca, conferences.move(two.ca, case, Change(two.ca.clock.now() + timedelta(days=9)))
        )
        await take(two, two.ccq, again.dispatch)
        assert only(two.ccq, case).state == "moved"


async def test_several_are_invited_and_each_answers(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        letters = conferences.propose(two.ccq, plan(two), to=(CA, UNIT))
        lines = await post_round(two, two.ccq, letters)
        assert [line.to for line in lines] == [CA, UNIT]
        await two.sync(unit)
        case = View(two.ccq).cases()[-1].id
        for home, line in zip((two.ca, unit), lines, strict=True):
            await take(two, home, line.dispatch)
        yes = await post(two, two.ca, conferences.accept(two.ca, case))
        await take(two, two.ccq, yes.dispatch)
        assert only(two.ccq, case).state == "proposed"  # the unit has not answered
        no = await post(two, unit, conferences.decline(unit, case, "Trực ban"))
        await take(two, two.ccq, no.dispatch)
        current = only(two.ccq, case).current
        assert current is not None
        assert {one.to: one.answer for one in current.invited} == {CA: "accepted", UNIT: "declined"}
        assert only(two.ccq, case).state == "accepted"
        # the chair moves it for everybody
        later = Change(two.ccq.clock.now() + timedelta(days=8))
        moved = await post_round(two, two.ccq, conferences.move(two.ccq, case, later))
        assert [line.to for line in moved] == [CA, UNIT]
        assert only(two.ccq, case).state == "moved"


async def test_repeating_a_proposal_sends_nothing_twice(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case, wanted = (await begun(two)).case, plan(two)
        (first,) = await post_round(two, two.ccq, conferences.propose(two.ccq, wanted, case=case))
        (again,) = await post_round(two, two.ccq, conferences.propose(two.ccq, wanted, case=case))
        assert (again.state, again.dispatch) == ("before", first.dispatch)
        (other,) = await post_round(two, two.ccq, conferences.propose(two.ccq, plan(two, 9), case=case))
        assert other.state == "sent"
        assert len(conferences.listed(two.ccq, case)) == 2


async def test_bad_proposals_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case = (await begun(two)).case
        for changes, sentence in (
            ({"start": two.ccq.clock.now() - HOURS}, "has passed"),
            ({"lasts": timedelta(0)}, "lasts from a minute"),
            ({"lasts": timedelta(days=8)}, "lasts from a minute"),
            ({"place": ""}, "the place is empty"),
            ({"place": "x" * 1_001}, "longer than 1000"),
            ({"place": "Phòng\n2"}, "the place holds control"),
            ({"agenda": " "}, "the agenda is empty"),
            ({"agenda": CONTROL}, "control characters"),
            ({"agenda": BIDI}, "direction"),
        ):
            async with refused(two, "bad-letter", sentence):
                conferences.propose(two.ccq, plan(two, **changes), case=case)
        async with refused(two, "unknown-recipient", "nobody"):
            letters = conferences.propose(two.ccq, plan(two), case=case, to=(CA, "ca.example/nobody"))
            await post_round(two, two.ccq, letters)
        assert conferences.listed(two.ccq, case) == []


async def test_wrong_states_and_parties_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case = (await begun(two)).case
        async with refused(two, "not-now", "no conference was proposed"):
            conferences.move(two.ca, case, Change(two.ca.clock.now() + HOURS))
        async with refused(two, "not-now", "no conference proposal waits"):
            conferences.accept(two.ca, case)
        (line,) = await post_round(two, two.ccq, conferences.propose(two.ccq, plan(two), case=case))
        async with refused(two, "not-now", "no conference proposal waits"):
            conferences.accept(two.ccq, case)  # one's own
        async with refused(two, "not-signed-for", "cannot be opened yet"):
            conferences.accept(two.ca, case)
        async with refused(two, "not-now", "not open here"):
            conferences.move(two.ca, case, Change(two.ca.clock.now() + HOURS))
        await take(two, two.ca, line.dispatch)
        async with refused(two, "bad-letter", "the reason is empty"):
            conferences.decline(two.ca, case, "  ")
        async with refused(two, "bad-letter", "has passed"):
            conferences.move(two.ca, case, Change(two.ca.clock.now() - HOURS))
        async with refused(two, "not-now", "conference accept"):
            exchanges.answer(two.ca, case, "Đồng ý", regarding=line.dispatch)
        two.move_clock(4 * 24 * 3600)
        async with refused(two, "bad-letter", "has passed"):
            conferences.accept(two.ca, case)
        async with refused(two, "bad-letter", "no file of minutes"):
            conferences.minutes(two.ca, case, ())


async def test_a_sealed_file_is_read_again_only_where_it_was_opened(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case = (await begun(two)).case
        (line,) = await post_round(two, two.ccq, conferences.propose(two.ccq, plan(two), case=case))
        await take(two, two.ca, line.dispatch)
        note = cupboard.manifest(two.ca.archive, line.dispatch)
        assert note is not None
        assert [one.role for one in manifests.parse(note).manifest.file] == ["calendar"]
        current = only(two.ca, case).current
        assert current is not None and current.meeting is not None
        two.ca.archive.run("DELETE FROM manifests WHERE dispatch = ?", (line.dispatch,))
        current = only(two.ca, case).current
        assert current is not None and current.meeting is None


# --- the calendar file by itself


def meeting(**changes: Any) -> meetings.Meeting:
    start = datetime(2026, 12, 1, 2, tzinfo=UTC)
    made = meetings.planned("0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11", 2, CCQ, start, HOURS, "Phòng 2", "Việc A")
    return made if not changes else meetings.Meeting(**{**made.__dict__, **changes})


STAMP = datetime(2026, 11, 25, 2, tzinfo=UTC)


def test_what_is_written_is_read_back() -> None:
    agenda = "Một; hai, ba\nbốn: \\n « năm »"
    sent = meeting(agenda=agenda)
    read = meetings.parse(meetings.request(sent, (CA, UNIT), {CCQ: "Đảng ủy; Các, cơ quan"}, STAMP))
    assert read is not None
    assert (read.method, read.meeting, read.answers) == ("REQUEST", sent, {})
    read = meetings.parse(meetings.reply(sent, CA, "declined", {}, STAMP))
    assert read is not None
    assert (read.method, read.meeting, read.answers) == ("REPLY", sent, {CA: "declined"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"METHOD:REQUEST", b"METHOD:PUBLISH"),
        (b"METHOD:REQUEST", b"METHOD:REPLY"),
        (b"urn:kynhan:ccq.example", b"mailto:a@ccq.example"),
        (b"TZID=Asia/Ho_Chi_Minh:20261201T090000", b"TZID=Europe/Paris:20261201T090000"),
        (b"DTEND;", b"X-END;"),
        (b"20261201T110000", b"20261201T080000"),
        (b"SEQUENCE:2", b"SEQUENCE:-2"),
        (b"SEQUENCE:2", b"SEQUENCE:x"),
        (b"LOCATION:", b"X-LOCATION:"),
        ("LOCATION:Phòng".encode(), "LOCATION:\u202ePhòng".encode()),
        (b"END:VEVENT", b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT"),
        (b"BEGIN:VCALENDAR", b"BEGIN:NOTHING"),
        (b"UID:", b"DTSTART:"),
    ],
)
def test_what_we_would_not_write_is_not_believed(before: bytes, after: bytes) -> None:
    data = meetings.request(meeting(), (CA,), {}, STAMP)
    assert before in data
    assert meetings.parse(data) is not None
    assert meetings.parse(data.replace(before, after, 1)) is None


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"BEGIN:VCALENDAR", bytes(200_000)])
def test_garbage_is_no_calendar(data: bytes) -> None:
    assert meetings.parse(data) is None


# --- how a conference stands, from statements alone

ABOUT = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11"


def sent(number: int, kind: str, from_: str, to: str, **changes: Any) -> Sent:
    party = "requesting" if from_.startswith(CCQ) else "responding"
    fields: dict[str, Any] = {
        "id": f"{number:064x}",
        "index": number,
        "kind": kind,
        "sender": party,
        "from_": from_,
        "to": to,
        "about": ABOUT,
        "regarding": None,
        "term": None,
        "urgency": None,
        "due": None,
        "sent_at": STAMP,
        "part": "other",
        "state": "received",
    }
    return Sent(**{**fields, **changes})


def stands(*dispatches: Sent, said: dict[str, meetings.Invitation] | None = None) -> Conference:
    case = Case(id="c", profile="p", dispatches={one.id: one for one in dispatches})
    (found,) = conference_state.conferences(case, said or {})
    return found


PROPOSED = sent(1, "conference", f"{CCQ}/van-thu", CA)


def test_a_calendar_that_does_not_fit_its_statement_is_not_taken_for_its_time() -> None:
    said = meetings.Invitation("REQUEST", meeting(version=0), {})
    found = stands(PROPOSED, said={PROPOSED.id: said})
    assert found.current is not None and found.current.meeting == said.meeting
    for changes in ({"about": "x"}, {"version": 3}, {"chair": CA}):
        odd = meetings.Invitation("REQUEST", meeting(**{"version": 0, **changes}), {})
        found = stands(PROPOSED, said={PROPOSED.id: odd})
        assert found.current is not None and found.current.meeting is None


def test_an_answer_counts_once_it_is_read_and_only_for_the_time_it_regards() -> None:
    answer = sent(2, "answer", f"{CA}/van-thu", CCQ, regarding=PROPOSED.id)
    yes = meetings.Invitation("REPLY", meeting(version=0), {CA: "accepted"})
    assert stands(PROPOSED, answer).state == "proposed"
    assert stands(PROPOSED, answer, said={answer.id: yes}).state == "accepted"
    moved = sent(3, "conference", f"{CA}/van-thu", CCQ, regarding=PROPOSED.id)
    found = stands(PROPOSED, answer, moved, said={answer.id: yes})
    assert (found.state, found.chair, len(found.versions)) == ("moved", CCQ, 2)


def test_what_is_taken_back_leaves_the_time_before() -> None:
    moved = sent(2, "conference", f"{CA}/van-thu", CCQ, regarding=PROPOSED.id, state="withdrawn")
    found = stands(PROPOSED, moved)
    assert (found.state, len(found.versions), found.proposed) == ("proposed", 1, 2)
    assert stands(replace(PROPOSED, state="withdrawn")).state == "withdrawn"
    assert stands(replace(PROPOSED, recalled=True)).state == "withdrawn"
