"""The text of the QR code: one spelling, only alphanumeric characters, everything else refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from kynhan_protocol.names import is_origin
from kynhan_protocol.package import qr_text
from kynhan_protocol.package.qr_text import QrTextError, Reference

ONE = Reference("relay.example/kynhan", 27, "3f" * 32, 31, "0b" * 32)
CASE = replace(ONE, case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11")
TEXT = f"KYNHAN1:R:RELAY.EXAMPLE/KYNHAN:27:{'3F' * 32}:31:{'0B' * 32}"

hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
origins = st.from_regex(r"[a-z]{1,9}\.[a-z]{2}(/[a-z0-9]([a-z0-9._-]{0,9}[a-z0-9])?)?", fullmatch=True)


def test_a_reference_as_it_is_printed() -> None:
    assert qr_text.format(ONE) == TEXT
    assert qr_text.format(CASE) == TEXT.replace(":R:", ":C:") + ":0198F0C1-7F1E-7A53-9D5E-2B8F6F0C1A11"
    assert qr_text.parse(TEXT) == ONE
    assert qr_text.parse(qr_text.format(CASE)) == CASE


@given(
    origins.filter(is_origin),
    st.integers(0, 1 << 40),
    st.integers(1, 1 << 40),
    hashes,
    hashes,
    st.none() | st.uuids().map(str),
)
def test_what_is_formatted_is_parsed_back(
    origin: str, index: int, more: int, id_: str, root: str, case: str | None
) -> None:
    reference = Reference(origin, index, id_, index + more, root, case)
    text = qr_text.format(reference)
    assert qr_text.parse(text) == reference
    assert re.fullmatch(r"[0-9A-Z $%*+\-./:]+", text)


def test_the_code_stays_small_enough_to_be_read_from_paper() -> None:
    made = segno.make(TEXT, error="q", micro=False)
    assert (made.mode, made.error) == ("alphanumeric", "Q")
    assert made.version <= 10


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.lower(),
        TEXT + ":",
        TEXT + "\n",
        " " + TEXT,
        TEXT.replace("KYNHAN1", "KYNHAN2"),
        TEXT.replace(":R:", ":X:"),
        TEXT.replace(":R:", ":C:"),
        TEXT.replace(":27:", ":027:"),
        TEXT.replace(":27:", ":31:"),
        TEXT.replace(":27:", ":-1:"),
        TEXT.replace(":27:", ":٢٧:"),
        TEXT.replace("3F3F", "3f3f", 1),
        TEXT[:-1],
        TEXT.replace("RELAY.EXAMPLE/KYNHAN", "KYNHAN/X"),
        TEXT.replace("RELAY.EXAMPLE", "RELAY_EXAMPLE"),
        TEXT.replace("RELAY.EXAMPLE", "RELAY EXAMPLE"),
        qr_text.format(CASE).replace("0198F0C1-", "0198F0C1"),
        qr_text.format(CASE).replace(":C:", ":R:"),
        f"KYNHAN1:R:{'A' * 600}:1:2:3:4",
        "KYNHAN1:",
        "",
        "https://example.com/",
    ],
)
def test_another_spelling_is_refused(changed: str) -> None:
    with pytest.raises(QrTextError):
        qr_text.parse(changed)


def test_another_code_is_told_from_a_misspelled_one() -> None:
    with pytest.raises(QrTextError) as error:
        qr_text.parse("https://example.com/")
    assert error.value.code == "other-qr"
    assert not qr_text.is_ours("https://example.com/")
    with pytest.raises(QrTextError) as error:
        qr_text.parse(TEXT[:-1])
    assert error.value.code == "bad-qr"
    assert qr_text.is_ours(TEXT[:-1])


def test_values_that_cannot_be_printed_are_refused() -> None:
    for wrong in (replace(ONE, index=31), replace(ONE, origin="RELAY"), replace(ONE, id="3F" * 32)):
        with pytest.raises(QrTextError):
            qr_text.format(wrong)
