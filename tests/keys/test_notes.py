"""Signed notes: the reference note verifies, every other spelling is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import FLIPS_OF_ONE_FORMAT

from kynhan_keys import b64, notes
from kynhan_keys.errors import KeysError, NoteError, SignatureError
from kynhan_keys.notes import Note, Signature
from kynhan_keys.vkeys import Signer, Vkey

# golang.org/x/mod/sumdb/note, the reference implementation of c2sp.org/signed-note
PETER = Vkey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
PETERS_SEED = b64.decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
NOTE = (TEXT + "\n" + LINE).encode()

CLERK = Signer.ed25519("ccq.example/van-thu", bytes([1]) * 32)
CHIEF = Signer.ed25519("ccq.example/chanh-van-phong", bytes([2]) * 32)

texts = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=1, max_size=5
).map(lambda lines: "\n".join([*lines, "end\n"]))


def test_the_reference_note_verifies() -> None:
    note = notes.parse(NOTE)
    notes.verify_exactly(note, [PETER])
    assert note.text == TEXT
    assert notes.format(note) == NOTE


def test_signing_with_the_reference_key_gives_the_reference_note() -> None:
    assert notes.format(notes.sign(TEXT, Signer.ed25519("PeterNeumann", PETERS_SEED))) == NOTE


def test_the_note_of_the_specification_is_read() -> None:
    spec = (
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
        "— quasimodo.example/salvatore "
        "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
    ).encode()
    note = notes.parse(spec)
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert note.signatures[0].key_id.hex() == "367ba04b"
    assert notes.format(note) == spec


@settings(deadline=None)
@given(texts)
def test_what_was_signed_reads_back_and_verifies(text: str) -> None:
    note = notes.sign(text, CLERK, CHIEF)
    again = notes.parse(notes.format(note))
    assert again == note
    notes.verify_exactly(again, [CLERK.vkey, CHIEF.vkey])
    assert notes.split_text(notes.format(note)) == text.encode()


@settings(max_examples=FLIPS_OF_ONE_FORMAT, deadline=None)
@given(at=st.integers(0, len(NOTE) - 1), flip=st.integers(1, 255))
def test_a_flipped_byte_is_refused(at: int, flip: int) -> None:
    flipped = NOTE[:at] + bytes([NOTE[at] ^ flip]) + NOTE[at + 1 :]
    with pytest.raises((NoteError, SignatureError)):
        notes.verify_exactly(notes.parse(flipped), [PETER])


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=40).map(lambda data: NOTE + data)))
def test_whatever_is_accepted_has_this_spelling(data: bytes) -> None:
    try:
        note = notes.parse(data)
    except NoteError:
        return
    assert notes.format(note) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        TEXT.encode(),
        (TEXT + LINE).encode(),  # no empty line
        (TEXT + "\n").encode(),  # nobody signed
        ("\n" + LINE).encode(),  # no text
        ("\n\n" + LINE).encode(),
        (TEXT + "\n\n" + LINE).encode(),  # one empty line too many
        (TEXT + "\n" + LINE + "\n").encode(),
        (TEXT + "\n" + LINE[:-1]).encode(),
        NOTE.replace("—".encode(), b"-"),
        NOTE.replace("— ".encode(), "—".encode()),
        NOTE.replace("— ".encode(), "—  ".encode()),
        NOTE.replace(b"Neumann x08", b"Neumann  x08"),
        NOTE.replace(b"Neumann x08", b"Neumann\tx08"),
        NOTE.replace(b"AM=\n", b"AM= \n"),
        NOTE.replace(b"AM=\n", b"AM\n"),
        NOTE.replace(b"AM=\n", b"AN=\n"),  # unused bits
        NOTE.replace(b"AM=\n", b"AM=\r\n"),
        NOTE.replace(b"problem,\n", b"problem,\r\n"),
        NOTE.replace(b"problem,", b"problem\x00"),
        NOTE.replace(b"problem,", b"problem\x7f"),
        NOTE.replace(b"problem,", "problem\x85".encode()),
        NOTE.replace(b"problem,", b"problem\xff"),
        NOTE.replace(b"problem,", b"problem\xed\xa0\x80"),  # a surrogate
        NOTE.replace(b"PeterNeumann", b"Peter+Neumann"),
        NOTE.replace(b"PeterNeumann", "Peter\u00a0Neumann".encode()),
        b"text\n\n" + "— a AAAAAA==\n".encode(),  # a key id and no signature
        b"text\n\n" + "— a AAAA\n".encode(),
        b"text\n\n" + "— a \n".encode(),
        b"text\n\n" + "— a\n".encode(),
        "text\u200d\n\n".encode() + 101 * "— a AAAAAAE=\n".encode(),
    ],
)
def test_other_spellings_are_refused(data: bytes) -> None:
    with pytest.raises(NoteError):
        notes.parse(data)


def test_a_note_may_have_a_hundred_lines_and_a_mebibyte() -> None:
    hundred = b"text\n\n" + 100 * "— a AAAAAAE=\n".encode()
    assert len(notes.parse(hundred).signatures) == 100
    with pytest.raises(NoteError, match="bytes"):
        notes.parse(hundred, max_bytes=len(hundred) - 1)
    with pytest.raises(NoteError, match="bytes"):
        notes.parse(bytes((1 << 20) + 1))


def test_the_lines_have_to_be_exactly_those_asked_for() -> None:
    note = notes.sign("kynhan/decline@v1\n", CLERK, CHIEF)
    one = Note(note.text, note.signatures[:1])
    for subject, vkeys in (
        (note, [CLERK.vkey]),
        (note, [CHIEF.vkey, CLERK.vkey]),
        (note, [CLERK.vkey, CLERK.vkey]),
        (note, []),
        (one, [CLERK.vkey, CHIEF.vkey]),
        (one, [Signer.ed25519(CLERK.vkey.name, bytes(32)).vkey]),
        (one, [Signer.ed25519("ccq.example/khac", bytes([1]) * 32).vkey]),
        (one, [Signer.ml_dsa_44(CLERK.vkey.name, bytes(32)).vkey]),
        (Note("another\n", note.signatures), [CLERK.vkey, CHIEF.vkey]),
    ):
        with pytest.raises(SignatureError):
            notes.verify_exactly(subject, vkeys)
    notes.verify_exactly(note, [CLERK.vkey, CHIEF.vkey])


def test_a_signature_with_s_beyond_the_group_order_is_refused() -> None:
    note = notes.parse(NOTE)
    (line,) = note.signatures
    order = 2**252 + 27742317777372353535851937790883648493
    larger = int.from_bytes(line.signature[32:], "little") + order
    again = Signature(line.name, line.key_id, line.signature[:32] + larger.to_bytes(32, "little"))
    with pytest.raises(SignatureError):
        notes.verify(TEXT, PETER, again)


@pytest.mark.parametrize("size", [1, 63, 65])
def test_a_signature_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(SignatureError, match="64 bytes"):
        notes.verify(TEXT, PETER, Signature(PETER.name, PETER.key_id, bytes(size)))


def test_only_ed25519_signs_and_only_texts() -> None:
    with pytest.raises(NoteError, match="Ed25519"):
        notes.sign("text\n", Signer.ml_dsa_44("witness", bytes(32)))
    for text in ("", "text", "text\n\n", "\n", "a\rb\n", "\ud800\n"):
        with pytest.raises(NoteError):
            notes.sign(text, CLERK)
    with pytest.raises(NoteError, match="nobody"):
        notes.sign("text\n")


def test_the_text_of_a_note_is_known_whatever_stands_behind_it() -> None:
    assert notes.split_text(b"a\n\nb\n\nrubbish \xff") == b"a\n\nb\n"
    with pytest.raises(KeysError):
        notes.split_text(b"a\nb\n")
