"""The file of a revealed file key: one spelling, and nothing of the key in a repr or an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kynhan_protocol.errors import EvidenceError
from kynhan_protocol.evidence import file_key
from kynhan_protocol.evidence.file_key import FileKey

DISPATCH = "3f9a61" + "0" * 58
KEY = bytes(range(16))
TEXT = f"kynhan-file-key@v1\ndispatch {DISPATCH}\nkey AAECAwQFBgcICQoLDA0ODw\n".encode()


def test_it_has_three_lines() -> None:
    assert file_key.format(FileKey(DISPATCH, KEY)) == TEXT
    assert file_key.format(FileKey(DISPATCH, None)).endswith(b"\nkey none\n")


@given(st.one_of(st.none(), st.binary(min_size=16, max_size=16)))
def test_parsing_gives_back_what_was_formatted(key: bytes | None) -> None:
    assert file_key.parse(file_key.format(FileKey(DISPATCH, key))) == FileKey(DISPATCH, key)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TEXT[:-1],
        TEXT + b"\n",
        TEXT.replace(b"\n", b"\r\n"),
        TEXT.replace(b"@v1", b"@v2"),
        TEXT.replace(b"3f9a61", b"3F9A61"),
        TEXT.replace(b"DA0ODw", b"DA0ODw=="),
        TEXT.replace(b"DA0ODw", b"DA0ODx"),  # bits that nobody reads
        TEXT.replace(b"DA0ODw", b"DA0O"),  # 15 bytes
        TEXT.replace(b"AAEC", b"AA!C"),
        TEXT.replace(b"key A", b"key  A"),
        TEXT + b"x" * 1000,
    ],
)
def test_anything_else_is_refused_without_a_word_of_it(data: bytes) -> None:
    with pytest.raises(EvidenceError) as error:
        file_key.parse(data)
    assert "AAEC" not in str(error.value)
    assert error.value.__cause__ is None


def test_the_key_is_not_shown() -> None:
    assert "x00" not in repr(FileKey(DISPATCH, KEY))
