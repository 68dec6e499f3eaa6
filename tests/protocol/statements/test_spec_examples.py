"""docs/spec is kept true: its examples parse, verify, and are those that make_examples.py signs."""

import itertools

from tests.protocol import make_examples
from tests.protocol.strategies import signer

from kynhan_protocol.package import manifest
from kynhan_protocol.statements import codes, grammar, signing
from kynhan_protocol.statements.statements import Dispatch, Succession

STATEMENTS = (make_examples.SPEC / "statements.md").read_text("utf-8")
MANIFEST = (make_examples.SPEC / "manifest.md").read_text("utf-8")


def test_every_type_of_statement_has_an_example_that_parses_and_verifies() -> None:
    shown = [signing.parse(block.encode()) for block in make_examples.blocks(STATEMENTS, "statement")]
    assert {type(signed.statement) for signed in shown} == set(grammar.RECORD_OF)
    for signed in shown:
        keys = [signer(name).vkey for name in signed.signed_by]
        if isinstance(signed.statement, Succession):
            keys[-1] = signed.statement.root
        signing.verify(signed, keys)


def test_the_examples_of_statements_are_those_of_the_generator() -> None:
    statements, _ = make_examples.story()
    assert make_examples.blocks(STATEMENTS, "statement") == [signed.note.decode() for signed in statements]


def test_the_example_of_the_manifest_is_that_of_the_example_dispatch() -> None:
    (block,) = make_examples.blocks(MANIFEST, "manifest")
    signed = manifest.parse(block.encode())
    manifest.verify(signed, [signer(signed.manifest.from_).vkey])
    statements, note = make_examples.story()
    assert signed == note
    (dispatch,) = (one.statement for one in statements if isinstance(one.statement, Dispatch))
    assert manifest.differences(signed.manifest, dispatch) == []


def test_the_page_lists_every_field_of_every_type() -> None:
    for record in grammar.RECORDS:
        assert f"`{record.first_line}`" in STATEMENTS
        for field in record.fields:
            assert f"`{field.name}`" in STATEMENTS, (record.first_line, field.name)
    for field in manifest.RECORD.fields:
        assert f"`{field.name}`" in MANIFEST, field.name


def test_the_page_lists_every_word() -> None:
    outside = (codes.KINDS, codes.TERMS, codes.URGENCIES, codes.ROLES, codes.RESULTS, codes.DUE_REASONS)
    inside = (codes.FORMS, codes.SECRECIES, codes.CHANNELS, codes.FILE_ROLES)
    assert [word for word in itertools.chain(*outside) if f"`{word}`" not in STATEMENTS] == []
    assert [word for word in itertools.chain(*inside) if f"`{word}`" not in MANIFEST] == []
    for name, reasons in codes.CODES.items():
        assert f"| {name} | {' '.join(f'`{reason}`' for reason in reasons)} |" in STATEMENTS
