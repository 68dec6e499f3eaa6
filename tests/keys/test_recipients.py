"""Recipients, identities, passphrases and key files: what opens, what is refused, and what is never shown."""

import hashlib
import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kynhan_keys import age, b64, bech32, header, identities, mlkem768x25519, scrypt, x25519
from kynhan_keys.armor import armor
from kynhan_keys.errors import EncodingError, HeaderError, KeysError, NoMatchError, PayloadError
from kynhan_keys.header import Stanza
from kynhan_keys.identities import KeyFile, format_key_file, parse_key_file

FILE_KEY = bytes(range(16))
SEEDS = st.binary(min_size=32, max_size=32)
LOW_ORDER = [
    bytes(32),
    b"\x01" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
]
OURS = mlkem768x25519.Identity(b"i" * 32)
CLASSIC = x25519.Identity(b"i" * 32)
PASSPHRASE = scrypt.Recipient("mật khẩu".encode(), b"s" * 16, 4)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.binary(min_size=16, max_size=16))
def test_what_is_wrapped_is_unwrapped(seed: bytes, file_key: bytes) -> None:
    for identity in (mlkem768x25519.Identity(seed), x25519.Identity(seed)):
        stanza = identity.recipient().wrap(file_key)
        assert identity.unwrap([stanza]) == file_key
        assert OURS.unwrap([stanza]) is None
        assert CLASSIC.unwrap([stanza]) is None
    passphrase = scrypt.Recipient(seed, file_key, 2)
    assert scrypt.Identity(seed).unwrap([passphrase.wrap(file_key)]) == file_key
    assert scrypt.Identity(seed + b"x").unwrap([passphrase.wrap(file_key)]) is None


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_keys_have_one_spelling(seed: bytes) -> None:
    for identity in (mlkem768x25519.Identity(seed), x25519.Identity(seed)):
        recipient = identity.recipient()
        assert identities.parse_identity(identity.encode()) == identity
        assert identities.parse_recipient(str(recipient)) == recipient
        for wrong in (identity.encode().lower(), str(recipient).upper(), str(recipient)[:-1], ""):
            with pytest.raises(EncodingError):
                identities.parse_identity(wrong)
            with pytest.raises(EncodingError):
                identities.parse_recipient(wrong)


def test_a_post_quantum_key_is_an_ml_kem_key_and_an_x25519_key() -> None:
    public = OURS.recipient().public
    expanded = hashlib.shake_256(OURS.seed).digest(96)
    assert len(public) == 1216
    assert public[1184:] == x25519.Identity(expanded[64:]).recipient().public
    assert mlkem768x25519.Recipient.from_bytes(public) == OURS.recipient()


@pytest.mark.parametrize("point", LOW_ORDER)
def test_low_order_points_are_refused(point: bytes) -> None:
    public = OURS.recipient().public
    with pytest.raises(EncodingError):
        x25519.Recipient(point)
    with pytest.raises(EncodingError):
        mlkem768x25519.Recipient(public[:1184] + point)
    stanza = OURS.recipient().wrap(FILE_KEY)
    enc = b64.decode_raw(stanza.args[0])[:1088] + point
    with pytest.raises(HeaderError):
        OURS.unwrap([replace(stanza, args=(b64.encode_raw(enc),))])
    with pytest.raises(HeaderError):
        CLASSIC.unwrap([replace(CLASSIC.recipient().wrap(FILE_KEY), args=(b64.encode_raw(point),))])


@pytest.mark.parametrize("public", [b"", bytes(1215), b"\xff" * 1184 + bytes([9]) + bytes(31)])
def test_what_is_no_post_quantum_key_is_refused(public: bytes) -> None:
    with pytest.raises(EncodingError):
        mlkem768x25519.Recipient.from_bytes(public)
    with pytest.raises(EncodingError):
        mlkem768x25519.Recipient.parse(bech32.encode("age1pq", public))


STANZAS = [OURS.recipient().wrap(FILE_KEY), CLASSIC.recipient().wrap(FILE_KEY), PASSPHRASE.wrap(FILE_KEY)]


@pytest.mark.parametrize("stanza", STANZAS, ids=lambda stanza: stanza.type)
def test_a_malformed_stanza_is_a_header_error_whoever_asks(stanza: Stanza) -> None:
    first, *others = stanza.args
    malformed = [
        replace(stanza, args=()),
        replace(stanza, args=(*stanza.args, "more")),
        replace(stanza, args=(first + "=", *others)),
        replace(stanza, args=(first[:-1], *others)),
        replace(stanza, args=(first + "AAAA", *others)),
        replace(stanza, args=("!" + first[1:], *others)),
        replace(stanza, body=stanza.body[:-1]),
        replace(stanza, body=stanza.body + b"x"),
    ]
    for each in malformed:
        for keys in ([], [OURS, CLASSIC, scrypt.Identity(PASSPHRASE.passphrase)]):
            with pytest.raises(HeaderError):
                age.open_header(header.seal(FILE_KEY, [each]), keys)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(STANZAS), st.data())
def test_a_flip_in_a_well_formed_stanza_does_not_match(stanza: Stanza, draw: st.DataObject) -> None:
    argument = bytearray(b64.decode_raw(stanza.args[0]))
    place = draw.draw(st.integers(0, len(argument) + len(stanza.body) - 1))
    body = bytearray(stanza.body)
    # The top bit of an X25519 key is ignored (RFC 7748), but both kinds bind the bytes as they came.
    target, place = (argument, place) if place < len(argument) else (body, place - len(argument))
    target[place] ^= draw.draw(st.integers(1, 255))
    flipped = Stanza(stanza.type, (b64.encode_raw(bytes(argument)), *stanza.args[1:]), bytes(body))
    for identity in (OURS, CLASSIC, scrypt.Identity(PASSPHRASE.passphrase)):
        assert identity.unwrap([flipped]) is None


@pytest.mark.parametrize("factor", ["0", "01", "23", "99", "100", "+4", "-4", " 4", "4 ", "0x4", "٤", ""])
def test_work_factors_that_are_not_1_to_22_are_header_errors(factor: str) -> None:
    stanza = replace(STANZAS[2], args=(STANZAS[2].args[0], factor))
    with pytest.raises(HeaderError):
        scrypt.read_arguments(stanza)


def test_a_passphrase_stands_alone() -> None:
    with pytest.raises(HeaderError):
        age.open_header(header.seal(FILE_KEY, STANZAS[1:]), [CLASSIC])
    with pytest.raises(KeysError, match="mixed"):
        age.make_header(FILE_KEY, [PASSPHRASE, CLASSIC.recipient()])
    for salt, factor in ((b"short", 15), (b"s" * 16, 0), (b"s" * 16, 23)):
        with pytest.raises(KeysError):
            scrypt.Recipient(b"", salt, factor)


def test_a_file_under_a_passphrase() -> None:
    sealed = age.seal_bytes_with_passphrase(
        b"secret", b"words", file_key=FILE_KEY, nonce=b"n" * 16, salt=b"s" * 16
    )
    assert sealed.split(b"\n")[1].endswith(b" 15")
    assert age.open_bytes_with_passphrase(sealed, b"words") == b"secret"
    assert age.open_bytes_with_passphrase(b"".join(armor([sealed])), b"words") == b"secret"
    with pytest.raises(NoMatchError):
        age.open_bytes_with_passphrase(sealed, b"word")
    with pytest.raises(PayloadError):
        age.open_bytes_with_passphrase(sealed[:-1], b"words")
    with pytest.raises(HeaderError):
        age.open_bytes_with_passphrase(b"", b"words")


KEYS = KeyFile("ccq.example/van-thu", (b"1" * 32, b"2" * 32), b"3" * 32, b"4" * 32, b"5" * 32, b"6" * 32)
OPTIONAL = st.none() | SEEDS
KEY_FILES = st.builds(
    KeyFile, st.just("ca.example/ba-lan"), st.lists(SEEDS, max_size=3).map(tuple), *[OPTIONAL] * 4
)


@given(KEY_FILES)
def test_a_key_file_has_one_spelling(keys: KeyFile) -> None:
    text = format_key_file(keys)
    assert parse_key_file(text) == keys
    assert [identity.seed for identity in identities.parse_identities(text)] == list(keys.sealing)


def test_stock_age_sees_comments_and_its_own_identities_in_a_key_file() -> None:
    lines = format_key_file(KEYS).split("\n")
    assert lines[0] == "# kynhan key file of ccq.example/van-thu"
    assert all(line.startswith("AGE-SECRET-KEY-PQ-1") for line in lines[1:3])
    assert [line.split("-1")[0] for line in lines[3:-1]] == [
        "# KYNHAN-SIGNING-KEY",
        "# KYNHAN-WITNESS-KEY",
        "# KYNHAN-ROOT-KEY",
        "# KYNHAN-ARCHIVE-KEY",
    ]


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_key_file_never_loses_a_secret_silently(draw: st.DataObject) -> None:
    text = format_key_file(KEYS)
    start = text.index("\n")
    place = draw.draw(st.integers(start, len(text) - 1))
    other = draw.draw(st.characters(codec="ascii").filter(lambda each: each != text[place]))
    with pytest.raises(EncodingError):
        parse_key_file(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# kynhan key file of \n",
        "# kynhan key file of a",
        "# kynhan key file of a \n",
        "# kynhan key file of A\n",
        "# kynhan key file of " + OURS.encode() + "\n",
        "# kynhan key file of a\r\n",
        "# kynhan key file of a\n\n",
        "# kynhan key file of a\n# a remark\n",
        "# kynhan key file of a\n" + CLASSIC.encode() + "\n",
        "# kynhan key file of a\n# " + bech32.encode("KYNHAN-OTHER-KEY-", bytes(32)) + "\n",
        "# kynhan key file of a\n# " + bech32.encode("KYNHAN-ROOT-KEY-", bytes(31)) + "\n",
        "# kynhan key file of a\n" + bech32.encode("KYNHAN-ROOT-KEY-", bytes(32)) + "\n",
        "# kynhan key file of a\n# " + OURS.encode() + "\n",
        format_key_file(KEYS) + format_key_file(KEYS).split("\n")[-2] + "\n",
    ],
)
def test_a_key_file_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(EncodingError):
        parse_key_file(text)


def test_an_identity_file_may_have_comments_and_empty_lines_and_nothing_else() -> None:
    text = identities.format_identities([OURS, CLASSIC])
    assert f"# public key: {OURS.recipient()}\n" in text
    assert identities.parse_identities("\n# a remark\r\n\n" + text.replace("\n", "\r\n")) == [OURS, CLASSIC]
    assert identities.parse_identities("") == []
    for wrong in (" " + text.split("\n")[1], "AGE-PLUGIN-YUBIKEY-1Q", "words", text.split("\n")[1] + " "):
        with pytest.raises(EncodingError, match="line 2"):
            identities.parse_identities("# remark\n" + wrong + "\n")


def test_secrets_are_not_shown() -> None:
    seed = os.urandom(32)
    shown = [
        repr(mlkem768x25519.Identity(seed)),
        repr(x25519.Identity(seed)),
        repr(scrypt.Identity(seed)),
        repr(scrypt.Recipient(seed, b"s" * 16)),
        repr(KeyFile("a", (seed,), seed, seed, seed, seed)),
        str(mlkem768x25519.Identity(seed)),
    ]
    for text in shown:
        assert repr(seed)[2:-1] not in text
        assert "AGE-SECRET" not in text


def test_errors_do_not_carry_secrets() -> None:
    damaged = OURS.encode()[:-1] + "Q"
    with pytest.raises(EncodingError) as caught:
        identities.parse_identities(damaged)
    assert damaged[20:40] not in str(caught.value)
