"""The manifest inside a sealed package (DESIGN §3.2, REGULATION "Document form")."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol import strategies as some

from kynhan_keys import notes
from kynhan_protocol.errors import ManifestError
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.manifest import Manifest
from kynhan_protocol.statements.records import Times
from kynhan_protocol.statements.statements import Dispatch

DESIGN = (
    "relay case about- kind subject- term- urgency- from approver- to regarding- due- form- issuer- parent- "
    "doctype- number- symbol- printed- place- issued- title authority- position- signer- pages- secrecy "
    "secret-until- circulation- enclosures- reply-to- wish-date- drafting- copy* file* time nonce"
)
MARK = {Times.ONE: "", Times.MAYBE: "-", Times.SOME: "+", Times.ANY: "*"}
REPEATED = (
    "relay",
    "case",
    "about",
    "kind",
    "term",
    "urgency",
    "from_",
    "approver",
    "to",
    "regarding",
    "due",
)


def signed(manifest: Manifest) -> manifests.SignedManifest:
    return manifests.sign(manifest, some.signer(manifest.from_))


def check_refused(manifest: Manifest, **changes: Any) -> None:
    with pytest.raises(ManifestError):
        manifests.format_text(dataclasses.replace(manifest, **changes))


def test_the_fields_are_those_of_the_design() -> None:
    fields = manifests.RECORD.fields
    assert " ".join(field.name + MARK[field.times] for field in fields) == DESIGN
    assert [field.attribute for field in fields] == [field.name for field in dataclasses.fields(Manifest)]


@given(some.manifests)
def test_a_signed_manifest_reads_back_and_verifies(manifest: Manifest) -> None:
    note = signed(manifest)
    assert manifests.parse(note.note) == note
    assert note.manifest == manifest
    manifests.verify(note, [some.signer(manifest.from_).vkey])


@given(some.manifests, st.integers(1, 255), st.data())
def test_any_single_byte_flipped_is_refused(manifest: Manifest, flip: int, data: st.DataObject) -> None:
    note = bytearray(signed(manifest).note)
    note[data.draw(st.integers(0, len(note) - 1))] ^= flip
    with pytest.raises(ManifestError):
        manifests.verify(manifests.parse(bytes(note)), [some.signer(manifest.from_).vkey])


@given(some.manifests)
def test_only_the_sender_signs_and_only_once(manifest: Manifest) -> None:
    with pytest.raises(ManifestError) as caught:
        manifests.sign(manifest, some.signer("other.example/ai-do"))
    assert caught.value.code == "bad-signature"
    note = signed(manifest)
    with pytest.raises(ManifestError):
        manifests.parse(notes.format(notes.Note(note.text, note.signatures * 2)))
    with pytest.raises(ManifestError) as caught:
        manifests.verify(note, [some.signer(manifest.from_, "other").vkey])
    assert caught.value.code == "bad-signature"


@given(some.manifests, some.copies, some.files)
def test_copies_and_files_keep_their_order(manifest: Manifest, copy: Any, file: Any) -> None:
    other = dataclasses.replace(file, name=file.name + "2")
    for files in ((file, other), (other, file)):
        listed = dataclasses.replace(manifest, copy=(copy, copy), file=files)
        assert manifests.parse_text(manifests.format_text(listed)).file == files


@given(some.manifests, some.files)
def test_only_the_name_of_a_file_may_hold_spaces(manifest: Manifest, file: Any) -> None:
    named = dataclasses.replace(file, name="Danh sách kèm theo (1).pdf")
    text = manifests.format_text(dataclasses.replace(manifest, file=(named,)))
    assert manifests.parse_text(text).file == (named,)
    for name in ("", " a", "a ", "-", "a\nb", "e\u0302"):
        check_refused(manifest, file=(dataclasses.replace(file, name=name),))
    for changes in ({"media_type": "a b"}, {"role": "secret"}, {"hash": "0"}, {"size": -1}, {"pages": -1}):
        check_refused(manifest, file=(dataclasses.replace(file, **changes),))
    with pytest.raises(ManifestError, match="line"):
        manifests.parse_text(text.replace("\nfile ", "\nfile  "))


@given(some.manifests)
def test_unknown_words_are_refused(manifest: Manifest) -> None:
    check_refused(manifest, secrecy="secret")
    check_refused(manifest, secrecy=None)
    check_refused(manifest, form="party-1999")
    check_refused(manifest, title="-")
    check_refused(manifest, title=None)
    check_refused(manifest, subject="about a person")


@given(st.text(max_size=200) | some.any_statement.map(str))
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(ManifestError):
        manifests.parse_text(text)
    with pytest.raises(ManifestError):
        manifests.parse(text.encode("utf-8", "replace"))


def matching(manifest: Manifest, dispatch: Dispatch) -> Manifest:
    return dataclasses.replace(manifest, **{name: getattr(dispatch, name) for name in REPEATED})


@given(some.manifests, some.statements(Dispatch))
def test_a_manifest_repeats_its_dispatch(manifest: Manifest, dispatch: Dispatch) -> None:
    same = matching(manifest, dispatch)
    assert manifests.differences(same, dispatch) == []
    assert "from" in manifests.differences(dataclasses.replace(same, from_="x.example/y"), dispatch)
    other = "reply" if dispatch.kind != "reply" else "notice"
    assert manifests.differences(dataclasses.replace(same, kind=other), dispatch) == ["kind"]
