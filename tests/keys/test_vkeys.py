"""Vkeys: one spelling, no key that identifies nobody."""

import hashlib
import re
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import FLIPS_OF_ONE_FORMAT

from kynhan_keys import b64, vkeys
from kynhan_keys.errors import VkeyError
from kynhan_keys.vkeys import ED25519, ML_DSA_44, Signer, Vkey, is_key_name, is_small_order

# golang.org/x/mod/sumdb/note, the reference implementation of c2sp.org/signed-note
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493


def spell(name: str, type_: int, key: bytes) -> str:
    key_id = hashlib.sha256(name.encode() + b"\n" + bytes([type_]) + key).digest()[:4]
    return f"{name}+{key_id.hex()}+{b64.encode(bytes([type_]) + key)}"


def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2 % P
    return (
        (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P,
    )


def points_of_small_order() -> set[tuple[int, int]]:
    """The 8 points of the torsion subgroup, from the curve's equation alone."""
    y = 2
    while True:  # any point times the large prime order lands among the 8; look for one that generates them
        y += 1
        square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
        x = pow(square, (P + 3) // 8, P)
        if x * x % P != square:
            x = x * pow(2, (P - 1) // 4, P) % P
        if x * x % P != square:
            continue
        result, point = (0, 1), (x, y)
        for bit in bin(ORDER)[2:]:
            result = add(result, result)
            if bit == "1":
                result = add(result, point)
        points, point = [(0, 1)], result
        while point != (0, 1):
            points.append(point)
            point = add(point, result)
        if len(points) == 8:
            return set(points)


def test_the_reference_vkey_is_read_and_spelled_back() -> None:
    vkey = Vkey.parse(PETER)
    assert (vkey.name, vkey.type, vkey.key_id.hex()) == ("PeterNeumann", ED25519, "c74f20a3")
    assert str(vkey) == PETER


def test_both_kinds_of_signer_have_a_vkey_that_reads_back() -> None:
    for signer, size in (
        (Signer.ed25519("ca.example/an", bytes(32)), 32),
        (Signer.ml_dsa_44("w", bytes(32)), 1312),
    ):
        assert len(signer.vkey.key) == size
        assert Vkey.parse(str(signer.vkey)) == signer.vkey
        assert spell(signer.vkey.name, signer.vkey.type, signer.vkey.key) == str(signer.vkey)


def test_a_seed_gives_the_key_of_rfc_8032() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert Signer.ed25519("test", seed).vkey.key.hex() == key


def test_a_signer_shows_no_secret() -> None:
    seed = bytes(range(32))
    for signer in (Signer.ed25519("a.example", seed), Signer.ml_dsa_44("a.example", seed)):
        assert seed.hex() not in repr(signer)
        assert repr(signer).startswith("<Signer a.example 0x0")
        assert not hasattr(signer, "__dict__")


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_seed_of_another_length_is_refused(size: int) -> None:
    for make in (Signer.ed25519, Signer.ml_dsa_44):
        with pytest.raises(VkeyError, match="seed"):
            make("a", bytes(size))


def test_every_part_of_a_vkey_alone_is_refused() -> None:
    for start in range(len(PETER) + 1):
        for end in range(start + 1, len(PETER) + 1):
            if (start, end) != (0, len(PETER)):
                with pytest.raises(VkeyError):
                    Vkey.parse(PETER[start:end])


@settings(max_examples=FLIPS_OF_ONE_FORMAT, deadline=None)
@given(at=st.integers(0, len(PETER) - 1), flip=st.integers(1, 127))
def test_a_flipped_character_is_refused(at: int, flip: int) -> None:
    with pytest.raises(VkeyError):
        Vkey.parse(PETER[:at] + chr(ord(PETER[at]) ^ flip) + PETER[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",  # longer, id adjusted
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # unknown type, id adjusted
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("c74f20a3", "0c74f20a3"),
        PETER + "=",
        PETER + "\n",
        " " + PETER,
        "PeterNeumann+c74f20a3",
        "PeterNeumann++",
        spell("", ED25519, bytes.fromhex("58" + 31 * "66")),
        spell("two words", ED25519, bytes.fromhex("58" + 31 * "66")),
        spell("a\u00a0b", ED25519, bytes.fromhex("58" + 31 * "66")),
        spell("a\u2028b", ED25519, bytes.fromhex("58" + 31 * "66")),
        spell("a\x7fb", ED25519, bytes.fromhex("58" + 31 * "66")),
        spell("x" * 256, ED25519, bytes.fromhex("58" + 31 * "66")),
        spell("cosigner", 0x04, bytes.fromhex("58" + 31 * "66")),
        spell("short", ED25519, bytes(31)),
        spell("short", ML_DSA_44, bytes(1311)),
    ],
)
def test_manglings_are_refused(text: str) -> None:
    with pytest.raises(VkeyError):
        Vkey.parse(text)


def test_the_eight_points_of_small_order_are_refused_in_every_spelling() -> None:
    spellings = set()
    for x, y in points_of_small_order():
        for number in (y, y + P):
            for sign in {x & 1} if x else {0, 1}:
                if number < 2**255:
                    spellings.add((number | sign << 255).to_bytes(32, "little"))
    # 8 canonical ones, 2 with the meaningless sign bit, and y = 0 (both signs) and y = 1 (twice) with p added
    assert len(spellings) == 14
    for key in spellings:
        assert is_small_order(key)
        with pytest.raises(VkeyError, match="small order"):
            Vkey("a", ED25519, key)
    assert not is_small_order(Vkey.parse(PETER).key)


@pytest.mark.parametrize("y", [2, P + 2, P + 3, P + 18, 2**255 - 1])
def test_a_key_off_the_curve_or_not_canonical_is_refused(y: int) -> None:
    with pytest.raises(VkeyError, match="canonical"):
        Vkey("a", ED25519, y.to_bytes(32, "little"))


def test_a_key_outside_the_main_subgroup_is_refused() -> None:
    base = (
        15112221349535400772501151409588531511454012693041857206046113283949847762202,
        4 * pow(5, -1, P) % P,
    )
    for torsion in points_of_small_order() - {(0, 1)}:
        x, y = add(base, torsion)
        with pytest.raises(VkeyError):
            Vkey("a", ED25519, (y | (x & 1) << 255).to_bytes(32, "little"))
    x, y = base
    Vkey("a", ED25519, (y | (x & 1) << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("name", ["a", "ccq.example/van-thu", "đất", "x" * 255, "a-b_c~d"])
def test_names(name: str) -> None:
    assert is_key_name(name)


@pytest.mark.parametrize(
    "name", ["", "a+b", "a b", "a\u3000b", "a\tb", "a\nb", "\ud800", "x" * 256, "a\x00", "a\x85b"]
)
def test_not_names(name: str) -> None:
    assert not is_key_name(name)


@pytest.mark.parametrize("char", [chr(code) for code in range(0x100)])
def test_ascii_names_are_told_at_once_as_the_long_way_tells_them(char: str) -> None:
    for name in (char, char + "a", "a" + char, char * 255, char * 256):
        with patch.object(vkeys, "_PLAIN", re.compile(r"(?!)")):
            slowly = is_key_name(name)
        assert is_key_name(name) is slowly
