"""The bytes that users and independent readers hold: made again they are the same; drawn once, they stay readable.

bytes/ has them; make_bytes.py says what each is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from tests.frozen import make_bytes
from tests.frozen.command_line import run
from tests.frozen.comparison import same, same_bytes
from tests.frozen.life import FROZEN
from tests.frozen.make_bytes import BYTES, FILE_KEY
from tests.frozen.make_folders import unpack
from tests.protocol import strategies
from tests.protocol.strategies import signers_for
from tests.protocol.world import ORIGIN, signer, witness

from kynhan_client.clock import Clock
from kynhan_keys import age, checkpoints, header, identities, notes, policies, proofs, stream
from kynhan_protocol.package import manifest, package, qr_text
from kynhan_protocol.statements import grammar, signing

MEANT: Final = (
    "this breaks what is already in users' hands: if meant, readers of both spellings are needed; "
    "run `python -m tests.frozen` and write a line in CHANGELOG.md"
)
FIXED: Final = make_bytes.fixed()
STATEMENTS: Final = sorted(name for name in FIXED if name.startswith("statements/"))
MANIFESTS: Final = sorted(name for name in FIXED if name.startswith("manifest"))


def frozen(name: str) -> bytes:
    return (BYTES / name).read_bytes()


# --- made again


@pytest.mark.parametrize("name", FIXED)
def test_what_has_one_spelling_is_spelled_so(name: str) -> None:
    same_bytes(f"bytes/{name}", FIXED[name], meant=MEANT)


def test_every_type_and_every_field_is_among_them() -> None:
    seen = {signing.parse(frozen(name)).statement.__class__ for name in STATEMENTS}
    assert seen == {record.kind for record in grammar.RECORDS}, MEANT


# --- read again


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_read_and_written_as_it_was(name: str) -> None:
    read = signing.parse(frozen(name))
    signing.verify(read, [one.vkey for one in signers_for(read.statement)])
    assert grammar.format_text(read.statement) == read.text, MEANT
    assert signing.sign(read.statement, *signers_for(read.statement)).note == read.note, MEANT


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_is_read_and_written_as_it_was(name: str) -> None:
    read = manifest.parse(frozen(name))
    assert manifest.format_text(read.manifest) == read.text, MEANT


def test_a_package_opens_to_what_was_sealed() -> None:
    sealed = frozen("package.header") + frozen("package.body")
    opened = b"".join(age.open_([sealed], [make_bytes.identity()]))
    assert opened == frozen("package.tar"), MEANT
    read = package.read([opened])
    content = {entry.name: b"".join(pieces) for entry, pieces in read.files()}
    assert content == make_bytes.FILES, MEANT
    assert read.manifest_bytes == frozen("manifest-full.note"), MEANT


def test_an_age_header_is_written_as_it_was() -> None:
    data = frozen("package.header")
    assert age.open_header(data, [make_bytes.identity()]) == FILE_KEY, MEANT
    assert header.seal(FILE_KEY, header.parse(data).stanzas) == data, MEANT
    assert b"".join(stream.seal_payload(FILE_KEY, make_bytes.NONCE, [frozen("package.tar")])) == frozen(
        "package.body"
    )


def test_a_key_file_opens() -> None:
    opened = age.open_bytes_with_passphrase(frozen("keys.age"), make_bytes.PASSPHRASE)
    assert opened == frozen("keys.txt"), MEANT
    assert identities.format_key_file(identities.parse_key_file(opened.decode())).encode() == opened, MEANT


@pytest.mark.parametrize("name", ["receipt.qr", "case.qr"])
def test_the_code_on_paper_is_read(name: str) -> None:
    text = frozen(name).decode()
    assert qr_text.format(qr_text.parse(text)) == text, MEANT


def test_a_note_of_any_text_is_read() -> None:
    data = frozen("signed.note")
    note = notes.parse(data)
    notes.verify_exactly(
        note, [strategies.signer(one).vkey for one in (make_bytes.CLERK, make_bytes.APPROVER)]
    )
    assert notes.format(note) == data, MEANT


def test_a_checkpoint_and_its_cosignatures_verify() -> None:
    data = frozen("checkpoint")
    head, note = checkpoints.parse(data)
    assert notes.format(note) == data, MEANT
    checkpoints.verify(note, (signer(ORIGIN).vkey, witness(ORIGIN).vkey))
    found = policies.check(policies.parse(frozen("policy"), canonical=True), data)
    assert (found.checkpoint, len(found.witnesses)) == (head, 2), MEANT


def test_a_receipt_proves_its_statement() -> None:
    data = frozen("request.receipt")
    proof = proofs.parse(data)
    assert proofs.format(proof) == data, MEANT
    assert proof.extra is not None
    entry = bytes.fromhex(signing.parse(proof.extra).id)
    assert proofs.verify_inclusion(proof, entry) == checkpoints.parse(frozen("checkpoint"))[0], MEANT


# --- evidence out of a home


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence that was given out when it was frozen."""
    folder = tmp_path_factory.mktemp("given")
    unpack(make_bytes.EVIDENCE, folder)
    return folder


def test_a_home_gives_out_the_same_evidence(
    given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Clock, "posix", lambda _: int(FROZEN.timestamp()))
    make_bytes.evidence(tmp_path / "home", tmp_path / "again")
    now, then = contents(tmp_path / "again"), contents(given)
    assert now.keys() == then.keys(), MEANT
    assert [name for name in then if now[name] != then[name]] == [], MEANT


def test_evidence_that_was_given_out_is_judged_as_it_was(given: Path) -> None:
    told = {name: answered("verify", str(given / name)) for name in ("case", "bundle.tar")} | {
        "report": answered("report", "verify", str(given / "report"))
    }
    same("bytes/evidence.json", json.dumps(told, ensure_ascii=False, indent=1) + "\n", meant=MEANT)


def test_nothing_that_was_frozen_is_left_out() -> None:
    here = {str(path.relative_to(BYTES)) for path in BYTES.rglob("*") if path.is_file()}
    assert here == {*FIXED, *make_bytes.DRAWN}, MEANT


def answered(*words: str) -> Any:
    ran = run("kynhan", *words, "--json")
    folder = str(Path(words[-1]).parent)
    return {"status": ran.status, "answer": json.loads(ran.stdout.replace(folder, "<folder>"))}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
