"""Addresses, URLs, office hours and what a reminder says: pure rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol.story import CALENDAR

from kynhan_protocol.agreement import channels, office_hours
from kynhan_protocol.agreement.calendar_watch import missing_year
from kynhan_protocol.agreement.profile import Hours
from kynhan_protocol.case import notice_text
from kynhan_protocol.case.notice_text import Notice
from kynhan_protocol.errors import ChannelError
from kynhan_protocol.vietnam_time import VIETNAM

HOURS = Hours()
CASE = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11"


def vn(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "address", ["van-thu@tinh.example", "a@b.vn", "vt+nhac.han@mail.tinh.gov.vn", "a" * 64 + "@tinh.example"]
)
def test_plain_addresses_are_kept_as_they_are(address: str) -> None:
    assert channels.check_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "van-thu",
        "@tinh.example",
        "van-thu@",
        "van-thu@localhost",
        "Văn thư <van-thu@tinh.example>",
        "van-thu@tinh.example\r\nBcc: x@y.example",
        "van-thu@tinh.example\n",
        "van thu@tinh.example",
        '"van thu"@tinh.example',
        "văn-thư@tinh.example",
        "van-thu@tỉnh.example",
        "van-thu@tinh.example\u202e",
        "a..b@tinh.example",
        "a@-x.example",
        "a" * 65 + "@tinh.example",
        "a@" + "b" * 10_000 + ".example",
        "a@b.example,c@d.example",
        "van-thu@[127.0.0.1]",
        "=?us-ascii?q?a=0d=0aBcc=3a?=@tinh.example",
        "=?utf-8?b?YSwgYg==?=@tinh.example",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ChannelError) as refused:
        channels.check_address(address)
    assert refused.value.code == "bad-channel"


@given(st.text(max_size=60))
def test_whatever_is_accepted_is_one_line_of_ascii(text: str) -> None:
    try:
        kept = channels.check_address(text + "@tinh.example")
    except ChannelError:
        return
    assert kept.isascii()
    assert not set(kept) & set('\r\n\0 ,;:<>()[]"\\')


def test_a_url_has_one_spelling() -> None:
    url = channels.check_url("https://Hooks.Example:443/kynhan?a=1")
    assert (url.text, url.host, url.port) == ("https://hooks.example/kynhan?a=1", "hooks.example", 443)
    assert channels.check_url("https://hooks.example").target == "/"
    assert channels.check_url("http://127.0.0.1:8480/x").text == "http://127.0.0.1:8480/x"
    assert channels.check_url("http://[::1]:8480/x").is_loopback


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example",
        "http://hooks.example/",
        "ftp://hooks.example/",
        "HTTPS://hooks.example/",
        "https://user:secret@hooks.example/",
        "https://hooks.example/#x",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX: y",
        "https://hooks.example\\@evil.example/",
        "https://hooks.example/%2e%2e/",
        "https://hooks.example:0/",
        "https://hooks.example:70000/",
        "https://[::zz]/",
        "https://móc.example/",
        "https://hooks.example/" + "a" * 10_000,
        "file:///etc/passwd",
    ],
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ChannelError):
        channels.check_url(url)


def test_codes_may_be_typed_carelessly() -> None:
    code = channels.make_code(bytes(range(8)))
    assert channels.CODE.fullmatch(code)
    assert channels.check_code(f" {code.lower()} ") == code
    assert channels.check_code(code.replace("-", "")) == code
    for odd in ("", "12345678", "ABCD-EFG", "A" * 10_000):
        with pytest.raises(ChannelError) as refused:
            channels.check_code(odd)
        assert refused.value.code == "bad-code"


# --- office hours


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ((2026, 3, 4, 9), (2026, 3, 4, 9)),
        ((2026, 3, 4, 7), (2026, 3, 4, 7, 30)),
        ((2026, 3, 4, 17), (2026, 3, 5, 7, 30)),
        ((2026, 3, 6, 18), (2026, 3, 9, 7, 30)),
        ((2026, 1, 10, 9), (2026, 1, 10, 9)),  # a Saturday worked instead of 2 January
        ((2026, 1, 2, 9), (2026, 1, 5, 7, 30)),
        ((2026, 2, 13, 17), (2026, 2, 23, 7, 30)),  # Tết
    ],
)
def test_hours_follow_the_calendar_in_force(now: tuple[int, ...], opens: tuple[int, ...]) -> None:
    assert office_hours.next_open(vn(*now), HOURS, CALENDAR) == vn(*opens)


@given(st.integers(0, 3 * 365 * 24 * 60))
def test_what_is_put_off_is_put_off_into_office_hours(minutes: int) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for moment in (
        office_hours.next_open(now, HOURS, CALENDAR),
        office_hours.digest_moment(now, "08:00", HOURS, CALENDAR),
        office_hours.digest_moment(now, "23:00", HOURS, CALENDAR),
        office_hours.next_digest_day(now, "08:00", HOURS, CALENDAR),
    ):
        assert now <= moment <= now + timedelta(days=14)
        assert office_hours.is_open(moment, HOURS, CALENDAR)


def test_a_digest_gathers_for_ten_minutes_and_goes_the_same_day() -> None:
    def at(*now: int) -> datetime:
        return office_hours.digest_moment(vn(*now), "08:00", HOURS, CALENDAR)

    assert at(2026, 3, 4, 8) == vn(2026, 3, 4, 8, 10)
    assert at(2026, 3, 4, 3) == vn(2026, 3, 4, 8, 10)
    assert at(2026, 3, 4, 11) == vn(2026, 3, 4, 11, 10)
    assert at(2026, 3, 4, 16, 55) == vn(2026, 3, 5, 8, 10)
    assert at(2026, 3, 7, 9) == vn(2026, 3, 9, 8, 10)
    assert office_hours.next_digest_day(vn(2026, 3, 4, 9), "08:00", HOURS, CALENDAR) == vn(2026, 3, 5, 8, 10)


@pytest.mark.parametrize(
    ("at", "clock"), [("08:00", (8, 10)), ("06:00", (7, 40)), ("17:00", (16, 59)), ("23:00", (16, 59))]
)
def test_a_digest_has_its_hour_within_the_hours_of_each_day(at: str, clock: tuple[int, int]) -> None:
    today = office_hours.digest_of_today(vn(2026, 3, 4, 9), at, HOURS)
    assert today == vn(2026, 3, 4, *clock)
    assert office_hours.next_digest_day(vn(2026, 3, 3, 9), at, HOURS, CALENDAR) == today


# --- words


@pytest.mark.parametrize(
    ("step", "target", "vi", "en"),
    [
        ("-5", False, "còn 5 ngày làm việc đến hạn trả lời", "5 working days left to the due date"),
        ("-1", True, "còn 1 ngày làm việc đến mốc phấn đấu", "1 working day left to the target"),
        ("0", False, "đến hạn hôm nay", "due today"),
        ("+3", False, "quá hạn 3 ngày làm việc", "overdue by 3 working days"),
        ("+3", True, "quá mốc phấn đấu 3 ngày làm việc", "target passed 3 working days ago"),
        ("unsigned+0", False, "bì khẩn chưa có người ký nhận", "nobody has signed for an urgent package"),
        (
            "unsigned+1",
            False,
            "bì chưa có người ký nhận sau 1 ngày làm việc",
            "nobody has signed for a package after 1 working day",
        ),
    ],
)
def test_steps_in_words(step: str, target: bool, vi: str, en: str) -> None:
    words = notice_text.step_words(step, target)
    assert (words.vi, words.en) == (vi, en)


def test_all_of_a_reminder() -> None:
    told = notice_text.told(Notice(CASE, "+1", date(2026, 5, 11), provisional=True, escalated=True))
    assert told.vi.splitlines() == [
        "Việc 0198f0c1-7f1: quá hạn 1 ngày làm việc",
        "Hạn trả lời: 11/05/2026 (dự kiến)",
        "Gửi người duyệt phát hành: việc đã đến hạn mà chưa có văn bản trả lời.",
        "Xem: kynhan case 0198f0c1-7f1",
    ]
    assert told.en.splitlines()[1] == "Due date: 11/05/2026 (provisional)"


def test_next_years_calendar_is_missed_from_october_on() -> None:
    assert missing_year(CALENDAR, date(2026, 9, 30)) is None
    assert missing_year(CALENDAR, date(2026, 10, 1)) == 2027
    assert missing_year(CALENDAR, date(2025, 12, 31)) is None
