"""Single values: each has one spelling, every other one is refused."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol import strategies as some

from kynhan_protocol.statements import fields
from kynhan_protocol.statements.fields import Codec, FieldError
from kynhan_protocol.statements.statements import HashSize

HEX = "0123456789abcdef" * 4
NONCE = "3q2+7wAAAAAAAAAAAAAAAA=="


@pytest.mark.parametrize(
    ("codec", "spelling"),
    [
        (fields.COUNT, "0"),
        (fields.COUNT, str(2**63 - 1)),
        (fields.NUMBER, "1"),
        (fields.TIME, "2026-11-23T02:12:31Z"),
        (fields.TIME, "0001-01-01T00:00:00Z"),
        (fields.DATE, "2028-02-29"),
        (fields.HASH, HEX),
        (fields.UUID, "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11"),
        (fields.NONCE, NONCE),
        (fields.HASH_SIZE, f"{HEX} 3184"),
        (fields.SEEN, "1204 " + "A" * 43 + "="),
        (fields.STEP, "-10"),
        (fields.STEP, "0"),
        (fields.STEP, "+1"),
        (fields.STEP, "unsigned+1"),
        (fields.SUBJECT, "3.2a"),
        (fields.TOKEN, "15/QĐ-TTg"),
        (fields.TEXT, "Nguyễn Văn A, văn thư"),
        (fields.MEDIA_TYPE, "application/vnd.ms-excel"),
        (fields.RECIPIENT, some.recipient("ccq.example/van-thu")),
        (fields.VKEY, str(some.signer("ccq.example").vkey)),
        (fields.VKEY, str(some.witness_vkey("ccq.example/doi-chung"))),
    ],
)
def test_a_value_is_spelled_as_it_was_read(codec: Codec, spelling: str) -> None:
    assert codec.text_of(codec.decode(spelling)) == spelling


@pytest.mark.parametrize(
    ("codec", "spelling"),
    [
        (fields.COUNT, text)
        for text in ("", "-", "00", "01", "+1", "-1", "1_0", "１", "1.0", str(2**63), "9" * 99)
    ]
    + [(fields.NUMBER, "0")]
    + [
        (fields.TIME, text)
        for text in (
            "2026-11-23T02:12:31",
            "2026-11-23t02:12:31z",
            "2026-11-23 02:12:31Z",
            "2026-11-23T02:12:31.0Z",
            "2026-11-23T02:12:31+00:00",
            "2026-11-23T24:00:00Z",
            "2026-02-29T00:00:00Z",
            "2016-12-31T23:59:60Z",
            "0000-01-01T00:00:00Z",
            "12026-11-23T02:12:31Z",
        )
    ]
    + [(fields.DATE, text) for text in ("2026-2-03", "20260203", "2026-02-30", "2026-W06-2", "0000-01-01")]
    + [(fields.HASH, text) for text in (HEX.upper(), HEX[1:], HEX + "0", HEX[1:] + "g")]
    + [
        (fields.UUID, text)
        for text in ("0198F0C1-7f1e-7a53-9d5e-2b8f6f0c1a11", "0198f0c17f1e7a539d5e2b8f6f0c1a11")
    ]
    + [
        (fields.NONCE, text)
        for text in (NONCE[:-2], NONCE[:-3] + "B==", "AAAA", NONCE.replace("+", "-"), "A" * 44)
    ]
    + [(fields.HASH_SIZE, text) for text in (HEX, f"{HEX}  1", f"{HEX} 1 ", f"{HEX} 01", f"{HEX} 1 2")]
    + [(fields.SEEN, text) for text in ("1", "1 AAAA", "-1 " + "A" * 43 + "=", "1 " + "A" * 42 + "B=")]
    + [(fields.STEP, text) for text in ("1", "+0", "-0", "-01", "unsigned", "unsigned-1", "unsigned+01")]
    + [(fields.SUBJECT, text) for text in ("3,1", "3.", "3.1A", "3.01", "-")]
    + [(fields.MEDIA_TYPE, text) for text in ("pdf", "Application/pdf", "text/html; charset=utf-8")]
    + [(fields.TOKEN, text) for text in ("-", "a b", "a\u00a0b", "x" * 65)]
    + [(fields.TEXT, "-")]
    + [(fields.RECIPIENT, text) for text in ("age1pq1qqqq", some.recipient("ccq.example").upper(), "-")]
    + [(fields.VKEY, text) for text in ("ccq.example", str(some.signer("ccq.example").vkey) + "=")],
)
def test_other_spellings_are_refused(codec: Codec, spelling: str) -> None:
    with pytest.raises(FieldError):
        codec.decode(spelling)


def test_keys_of_small_order_are_refused() -> None:
    with pytest.raises(FieldError, match="small order"):
        fields.VKEY.decode("ccq.example+bdc0ad65+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")


@pytest.mark.parametrize(
    "value",
    ["", " a", "a ", "\u00a0a", "a\u3000", "a\tb", "a\rb", "a\x00", "a\x7f", "a\x85b", "a\u2028b"]  # noqa: RUF005
    + [chr(0xD800), "e\u0302", "x" * 4097, "đ" * 2049],
)
def test_no_value_has_control_characters_spaces_at_the_ends_or_another_form_than_nfc(value: str) -> None:
    with pytest.raises(FieldError):
        fields.check_value(value)


def test_a_value_may_have_4096_bytes() -> None:
    assert fields.check_value("x" * 4096) == "x" * 4096


@pytest.mark.parametrize(
    ("codec", "value"),
    [
        (fields.COUNT, True),
        (fields.COUNT, -1),
        (fields.COUNT, 2**63),
        (fields.COUNT, "1"),
        (fields.DATE, datetime(2026, 1, 1, tzinfo=UTC)),
        (fields.TIME, datetime(2026, 1, 1)),  # noqa: DTZ001
        (fields.TIME, datetime(2026, 1, 1, microsecond=1, tzinfo=UTC)),
        (fields.TIME, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=7)))),
        (fields.TIME, date(2026, 1, 1)),
        (fields.NONCE, b"short"),
        (fields.TEXT, None),
        (fields.TEXT, " a"),
        (fields.HASH_SIZE, HashSize(HEX.upper(), 1)),
        (fields.HASH_SIZE, (HEX, 1)),
    ],
)
def test_values_without_a_spelling_are_refused(codec: Codec, value: Any) -> None:
    with pytest.raises(FieldError):
        codec.text_of(value)


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    hanoi = datetime(2026, 11, 23, 9, 12, 31, tzinfo=timezone(timedelta(hours=7)))
    assert fields.TIME.text_of(hanoi) == "2026-11-23T02:12:31Z"


@given(
    st.text(max_size=80), st.sampled_from([value for value in vars(fields).values() if type(value) is Codec])
)
def test_whatever_is_read_has_that_one_spelling(text: str, codec: Codec) -> None:
    try:
        value = codec.decode(fields.check_value(text))
    except FieldError:
        return
    assert codec.text_of(value) == text


@pytest.mark.parametrize("size", [1, 2, 4_095, 4_096])
@pytest.mark.parametrize("char", [chr(code) for code in range(0x21, 0x7F)])
def test_what_is_told_at_once_the_long_way_tells_too(char: str, size: int) -> None:
    never = re.compile(r"(?!)")
    text = char + " " * max(size - 2, 0) + (char if size > 1 else "")
    assert fields._PLAIN.fullmatch(text)
    with patch.object(fields, "_PLAIN", never):
        assert fields.check_value(text) == text


@given(st.text(st.characters(max_codepoint=0x100), max_size=6))
def test_nothing_else_is_told_at_once(text: str) -> None:
    with patch.object(fields, "_PLAIN", re.compile(r"(?!)")):
        try:
            fields.check_value(text)
        except FieldError:
            refused = True
        else:
            refused = False
    assert not (refused and fields._PLAIN.fullmatch(text))


def test_a_value_is_at_most_4096_bytes() -> None:
    assert fields.check_value("x" * 4_096)
    with pytest.raises(FieldError, match="longer"):
        fields.check_value("x" * 4_097)
