"""The age header: one spelling, an end that is found in any pieces, a MAC over every byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kynhan_keys import age, header
from kynhan_keys.errors import HeaderError, KeysError, MacError, NoMatchError
from kynhan_keys.header import Header, HeaderReader, Stanza
from kynhan_keys.mlkem768x25519 import Identity
from kynhan_keys.x25519 import Identity as ClassicIdentity

FILE_KEY = bytes(range(16))
OURS = Identity(b"i" * 32)
HEADER = age.make_header(FILE_KEY, [OURS.recipient(), Identity(b"j" * 32).recipient()])

WORDS = st.text(alphabet=[chr(code) for code in range(33, 127)], min_size=1, max_size=20)
STANZAS = st.builds(Stanza, WORDS, st.lists(WORDS, max_size=3).map(tuple), st.binary(max_size=150))
HEADERS = st.builds(
    Header, st.lists(STANZAS, min_size=1, max_size=4).map(tuple), st.binary(min_size=32, max_size=32)
)


@given(HEADERS)
def test_parsing_gives_back_what_was_formatted(parsed: Header) -> None:
    assert header.parse(header.format(parsed)) == parsed


@given(HEADERS, st.binary(max_size=40), st.lists(st.integers(0, 400), max_size=5))
def test_the_end_of_the_header_is_found_in_any_pieces(parsed: Header, after: bytes, cuts: list[int]) -> None:
    head = header.format(parsed)
    data = head + after
    assert header.split(data) == (head, after)
    assert header.split(head[:-1]) is None
    reader, start = HeaderReader(), 0
    for cut in [*sorted(cuts), len(data)]:
        found = reader.feed(data[start:cut])
        start = max(start, cut)
        if found:
            assert found[0] == head
            assert head + found[1] == data[:start]
            return
    raise AssertionError("the end was not found")


@settings(max_examples=300)
@given(st.integers(0, len(HEADER) - 1), st.integers(1, 255))
def test_any_flipped_byte_of_a_header_is_refused(place: int, mask: int) -> None:
    flipped = bytearray(HEADER)
    flipped[place] ^= mask
    with pytest.raises((HeaderError, MacError, NoMatchError)):
        age.open_header(bytes(flipped), [OURS])


def test_a_flip_outside_our_own_stanza_is_caught_by_the_mac() -> None:
    parsed = header.parse(HEADER)
    other = parsed.stanzas[1]
    changed = Stanza(other.type, other.args, bytes([other.body[0] ^ 1]) + other.body[1:])
    with pytest.raises(MacError):
        age.open_header(header.format(Header((parsed.stanzas[0], changed), parsed.mac)), [OURS])
    with pytest.raises(MacError):
        age.open_header(header.format(Header(parsed.stanzas[::-1], parsed.mac)), [OURS])


def test_a_header_gives_its_file_key_to_each_recipient_and_to_nobody_else() -> None:
    assert age.open_header(HEADER, [OURS]) == FILE_KEY
    assert age.open_header(HEADER, [Identity(b"x" * 32), Identity(b"j" * 32)]) == FILE_KEY
    with pytest.raises(NoMatchError):
        age.open_header(HEADER, [Identity(b"x" * 32), ClassicIdentity(b"i" * 32)])
    with pytest.raises(NoMatchError):
        age.open_header(HEADER, [])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(data, id=name)
        for name, data in {
            "nothing": b"",
            "an empty line": b"\n",
            "another version": b"age-encryption.org/v2\n" + HEADER[22:],
            "a line after the end": HEADER + b"\n",
            "no line end": HEADER[:-1],
            "two headers": HEADER * 2,
            "Windows line ends": HEADER.replace(b"\n", b"\r\n"),
            "no stanza": header.VERSION_LINE + HEADER[HEADER.index(b"---") :],
            "a stanza without type": header.VERSION_LINE + b"-> \n\n" + HEADER[HEADER.index(b"---") :],
            "a stanza without body": header.VERSION_LINE + b"-> x\n",
            "no MAC": header.VERSION_LINE + b"-> x\n\n",
            "a type that is not ASCII": (
                header.VERSION_LINE + b"-> \xc4\x91\n\n" + HEADER[HEADER.index(b"---") :]
            ),
        }.items()
    ],
)
def test_anything_but_one_header_is_refused(data: bytes) -> None:
    with pytest.raises(HeaderError):
        header.parse(data)


def test_a_header_without_end_is_refused_after_one_mebibyte() -> None:
    reader = HeaderReader()
    assert reader.feed(header.VERSION_LINE) is None
    with pytest.raises(HeaderError):
        for _ in range(header.MAX_SIZE // 64 + 1):
            assert reader.feed(b"A" * 63 + b"\n") is None


def test_what_is_no_header_is_refused_at_its_first_wrong_byte() -> None:
    with pytest.raises(HeaderError):
        HeaderReader().feed(b"age-x")
    with pytest.raises(HeaderError):
        HeaderReader().feed(header.VERSION_LINE + b"-> x\n\n---" + b"A" * 60)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_parse_otherwise_than_as_they_would_be_written(data: bytes) -> None:
    for text in (data, header.VERSION_LINE + data):
        try:
            parsed = header.parse(text)
        except HeaderError:
            continue
        assert header.format(parsed) == text


def test_words_that_would_break_the_line_can_not_be_written() -> None:
    with pytest.raises(HeaderError):
        header.seal(FILE_KEY, [Stanza("x", ("a b",), b"")])


def test_post_quantum_recipients_are_not_mixed_with_others() -> None:
    with pytest.raises(KeysError, match="mixed"):
        age.make_header(FILE_KEY, [OURS.recipient(), ClassicIdentity(b"i" * 32).recipient()])
    with pytest.raises(KeysError, match="at least one"):
        age.make_header(FILE_KEY, [])
    with pytest.raises(KeysError, match="16 bytes"):
        age.make_header(b"short", [OURS.recipient()])


# --- hostile sizes --------------------------------------------------------------------------------------------------

END = HEADER[HEADER.index(b"---") :]


@pytest.mark.parametrize("count", [1, 10, 100, 1000])
def test_reading_a_header_looks_at_each_of_its_bytes_once(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []
    line = header._line

    def counted(data: bytes, place: int) -> tuple[str, int]:
        text, end = line(data, place)
        looked_at.append(end - place)
        return text, end

    monkeypatch.setattr(header, "_line", counted)
    data = header.VERSION_LINE + b"-> x y\n" + b"A" * 64 + b"\n\n"
    data += b"-> x\n\n" * (count - 1) + END
    assert len(header.parse(data).stanzas) == count
    assert sum(looked_at) == len(data) - len(header.VERSION_LINE)


@pytest.mark.parametrize(
    ("stanzas", "named"),
    [
        (b"-> x\n\n" * (header.MAX_STANZAS + 1), "more than 1024 stanzas"),
        (b"-> x\n\n" * 149_000, "more than 1024 stanzas"),
        (b"-> " + b"x " * header.MAX_WORDS + b"x\n\n", "more than 16 words"),
        (b"-> " + b"x" * header.MAX_LINE + b"\n\n", "line of more than 4096 bytes"),
        (b"-> x\n" + (b"A" * 64 + b"\n") * header.MAX_BODY_LINES + b"\n", "body of more than 64 lines"),
        (b"-> x\n" + (b"A" * 64 + b"\n") * 16_000 + b"\n", "body of more than 64 lines"),
    ],
    ids=["stanzas", "a mebibyte of stanzas", "words", "a line", "a body", "a mebibyte of body"],
)
def test_a_header_beyond_the_bounds_is_refused_by_name(stanzas: bytes, named: str) -> None:
    data = header.VERSION_LINE + stanzas + END
    assert len(data) <= header.MAX_SIZE
    with pytest.raises(HeaderError, match=named):
        header.parse(data)


def test_a_header_at_the_bounds_is_read() -> None:
    widest = b"-> " + b" ".join([b"x"] * header.MAX_WORDS) + b"\n"
    longest = (
        b"-> "
        + b"x" * (header.MAX_LINE - 3)
        + b"\n"
        + (b"A" * 64 + b"\n") * (header.MAX_BODY_LINES - 1)
        + b"\n"
    )
    data = header.VERSION_LINE + widest + b"\n" + longest + b"-> x\n\n" * (header.MAX_STANZAS - 2) + END
    assert header.format(header.parse(data)) == data


def test_the_key_of_a_header_is_found_even_where_its_mac_is_wrong_and_checked_apart() -> None:
    parsed = header.parse(HEADER)
    spoilt = header.format(Header(parsed.stanzas, bytes(32)))
    assert age.find_key(HEADER, [OURS]) == age.find_key(spoilt, [OURS]) == FILE_KEY
    age.check_key(HEADER, FILE_KEY)
    for data, key in ((spoilt, FILE_KEY), (HEADER, bytes(16))):
        with pytest.raises(MacError):
            age.check_key(data, key)
    with pytest.raises(MacError):
        age.open_header(spoilt, [OURS])
    with pytest.raises(NoMatchError):
        age.find_key(HEADER, ())
    for data in (b"", HEADER + b"\n", HEADER.replace(b"mlkem768x25519", b"mlkem768x25519 x", 1)):
        with pytest.raises(HeaderError):
            age.find_key(data, ())
        with pytest.raises(HeaderError):
            age.check_key(data, FILE_KEY)
