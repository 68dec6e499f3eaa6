"""Bech32 and base64: one spelling each. The valid and invalid strings are those of BIP 173."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kynhan_keys import b64, bech32
from kynhan_keys.errors import EncodingError

HRP = "KYNHAN-SIGNING-KEY-"


@pytest.mark.parametrize(
    "text",
    [
        "A12UEL5L",
        "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        "?1ezyfcl",
    ],
)
def test_valid_strings_of_the_specification(text: str) -> None:
    hrp, data = bech32.decode(text)
    assert bech32.encode(hrp, data) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "\x201nwldj5",
        "\x7f1axkwrx",
        "\x801eym55h",
        "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "x1b4n0q5v",
        "li1dgmt3",
        "de1lg7wt\xff",
        "A1G7SGD8",
        "10a06t8",
        "1qzzfhee",
        "a12UEL5L",
        "İ12uel5l",
        "split1cheo2y9e2w",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(EncodingError):
        bech32.decode(text)


def spelled(values: list[int]) -> str:
    """Five-bit values with the right checksum, whatever their padding."""
    remainder = bech32._polymod([*bech32._expand("a"), *values, *[0] * 6]) ^ 1
    checksum = [remainder >> 5 * (5 - place) & 31 for place in range(6)]
    return "a1" + "".join(bech32._ALPHABET[value] for value in values + checksum)


def test_padding_is_fewer_than_five_bits_and_zero() -> None:
    assert bech32.decode(spelled([31, 28])) == ("a", b"\xff")
    for values in ([31, 29], [31, 30], [31], [0], [31, 28, 0], [0, 0, 0]):
        with pytest.raises(EncodingError, match="padding"):
            bech32.decode(spelled(values))


@pytest.mark.parametrize("hrp", ["", "Mixed", "a b", "đ"])
def test_a_human_readable_part_in_two_cases_or_outside_ascii_is_refused(hrp: str) -> None:
    with pytest.raises(EncodingError):
        bech32.encode(hrp, b"")


@given(st.binary(max_size=1300))
def test_round_trip_of_any_length_in_both_cases(data: bytes) -> None:
    for hrp in (HRP, HRP.lower()):
        assert bech32.decode(bech32.encode(hrp, data)) == (hrp, data)


@given(st.binary(min_size=1, max_size=64), st.data())
def test_a_changed_character_is_refused(data: bytes, draw: st.DataObject) -> None:
    text = bech32.encode(HRP, data)
    place = draw.draw(st.integers(0, len(text) - 1))
    other = draw.draw(st.characters(codec="ascii").filter(lambda each: each != text[place]))
    with pytest.raises(EncodingError):
        bech32.decode(text[:place] + other + text[place + 1 :])


@given(st.binary(max_size=100))
def test_base64_round_trip(data: bytes) -> None:
    assert b64.decode(b64.encode(data)) == data
    assert b64.decode_raw(b64.encode_raw(data)) == data
    assert b64.encode_raw(data) == b64.encode(data).rstrip("=")


@pytest.mark.parametrize(
    "text", ["Zh==", "Zg", "Zg=", "Zg===", "Zg==\n", " Zg==", "Z", "Zm9=", "Zm_-", "Zg==Zg==", "đ"]
)
def test_base64_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(EncodingError):
        b64.decode(text)


@pytest.mark.parametrize("text", ["Zg==", "Zh", "Z", "Zm9v=", "Zm9v\n", "="])
def test_raw_base64_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(EncodingError):
        b64.decode_raw(text)


@given(st.text(alphabet="AZagz09+/=\n", max_size=12))
def test_what_base64_accepts_is_what_it_would_write(text: str) -> None:
    try:
        data = b64.decode(text)
    except EncodingError:
        return
    assert b64.encode(data) == text
