"""What text may hold: the same answer from every Python, and what a sender's client may leave out."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kynhan_protocol.errors import PackageError
from kynhan_protocol.package import filenames
from kynhan_protocol.statements import fields, text, unicode14
from kynhan_protocol.statements.fields import FieldError

KINDS = {
    "Cc": "control",
    "Zl": "separator",
    "Zp": "separator",
    "Cf": "format",
    "Co": "private",
    "Cs": "surrogate",
    "Cn": "unassigned",
}
TABLES = {
    "control": unicode14.CONTROL,
    "separator": unicode14.SEPARATOR,
    "format": unicode14.FORMAT,
    "private": unicode14.PRIVATE,
    "surrogate": unicode14.SURROGATE,
    "unassigned": unicode14.UNASSIGNED,
}
LATER = ["\u0cf3", "\u1add", "\U0001fae8", "\U00010ec2", "\u2fff", "\U0002ebf0", "\U0001e4d0"]
"""Assigned by Unicode 15 and 15.1, which Python 3.12 and 3.13 know and 3.11 does not."""


def points(ranges: str) -> set[int]:
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def test_the_ranges_are_those_of_unicode_14() -> None:
    known = {kind: points(ranges) for kind, ranges in TABLES.items()}
    assert sum(map(len, known.values())) == len(set().union(*known.values()))
    for code in range(0x110000):
        told = KINDS.get(unicodedata.category(chr(code)))
        ours = next((kind for kind, found in known.items() if code in found), None)
        # what this Python knows beyond Unicode 14 is unassigned to us; nothing else may differ
        assert ours == told or (unicodedata.unidata_version != "14.0.0" and ours == "unassigned"), hex(code)
    assert points(unicode14.SPACE) == {code for code in range(0x110000) if chr(code).isspace()}


def test_the_ranges_do_not_change() -> None:
    told = hashlib.sha256("|".join([*TABLES.values(), unicode14.SPACE]).encode()).hexdigest()
    assert told == "cb97a7e659fdb1a99d5cd870d2e90cd4da83a1a2b0003d5286e3a868f53f4ceb"


@pytest.mark.parametrize("char", LATER)
def test_what_later_versions_assign_is_refused_in_values_and_names(char: str) -> None:
    assert text.fault(f"a{char}b") == "unassigned"
    with pytest.raises(FieldError, match="unassigned"):
        fields.check_value(f"Văn thư {char}")
    with pytest.raises(PackageError) as caught:
        filenames.safe_name(f"hồ sơ{char}.pdf")
    assert caught.value.code == "name-characters"


def test_whether_a_value_is_in_form_nfc_is_never_asked_of_what_is_unassigned() -> None:
    later = "\u1ace\u0300"  # combining marks whose order depends on a class that Unicode 14 may not know
    for char in LATER:
        assert text.fault(char + later) == "unassigned"


@pytest.mark.parametrize(
    ("char", "kind"),
    [
        ("\u00ad", "format"),
        ("\u200b", "format"),
        ("\u200d", "format"),
        ("\u202e", "format"),
        ("\ufeff", "format"),
        ("\U000e0041", "format"),
        ("\ue000", "private"),
        ("\U0010fffd", "private"),
        ("\ud800", "surrogate"),
        ("\u2028", "separator"),
        ("\x85", "control"),
        ("\ufdd0", "unassigned"),
        ("\uffff", "unassigned"),
    ],
)
def test_each_kind_is_refused_everywhere_by_its_name(char: str, kind: str) -> None:
    assert text.fault(f"đ{char}") == text.kind_of(char) == kind
    assert text.spelled_out(f"đ{char}!") == f"đ⟦U+{ord(char):04X}⟧!"
    with pytest.raises(FieldError):
        fields.check_value(f"đ{char}b")
    with pytest.raises(PackageError):
        filenames.safe_name(f"đ{char}b")


ANY = st.text(st.characters(exclude_categories=()), max_size=40)


@given(ANY)
def test_cleaning_leaves_nothing_of_what_it_takes_out_and_all_of_the_rest(given_: str) -> None:
    kept = text.without_format(given_)
    assert text.without_format(kept) == kept
    assert text.fault(kept) not in ("format", "not-nfc") or given_.isascii()
    seen = "".join(char for char in given_ if text.kind_of(char) != "format")
    assert kept == unicodedata.normalize("NFC", seen)


@given(ANY)
def test_values_names_and_text_agree(given_: str) -> None:
    wrong = text.fault(given_)
    try:
        fields.check_value(f"x{given_}x")
    except FieldError:
        assert text.fault(f"x{given_}x") is not None
    else:
        assert wrong in (None, "not-nfc") and text.fault(f"x{given_}x") is None
    if wrong not in (None, "not-nfc"):
        with pytest.raises(PackageError):
            filenames.safe_name(f"x{given_}x")


def test_a_name_of_an_old_code_page_is_read_and_one_with_what_cannot_be_seen_is_cleaned() -> None:
    old = "Công văn đề nghị.pdf"
    decomposed = (
        unicodedata.normalize("NFD", old)
        .replace("o\u0302", "ô")
        .replace("e\u0302", "ê")
        .replace("a\u0306", "ă")
    )
    name = decomposed.encode("cp1258").decode("utf-8", "surrogateescape")
    assert "\udcf4" in name
    assert filenames.cleaned(name) == old
    assert filenames.cleaned("hồ\u00ad sơ\u200b\u202efdp.pdf") == "hồ sơfdp.pdf"
    assert filenames.cleaned(unicodedata.normalize("NFD", old)) == old
    for hopeless in ("\ud800.pdf", "a\ue000.pdf", "a\udcd2\ud800.pdf"):
        with pytest.raises(PackageError):
            filenames.safe_name(filenames.cleaned(hopeless))


@pytest.mark.parametrize(
    ("holder", "other", "same", "alike"),
    [
        ("Nguyễn Văn A", "NGUYỄN VĂN A", True, True),
        ("Nguyễn Văn A", "Nguyễn  Văn\u00a0A", True, True),
        ("Nguyễn Văn A", "Nguyen Van A", False, True),
        ("Đỗ Thị B", "Do Thi B", False, True),
        ("Nguyễn Văn A", "Nguyễn Văn B", False, False),
        ("Strasse", "Straße", True, True),
    ],
)
def test_two_holders_are_two_persons_only_if_case_and_white_space_leave_a_difference(
    holder: str, other: str, same: bool, alike: bool
) -> None:
    assert text.same_person(holder, other) is same
    assert text.alike(holder, other) is alike
