"""Signed statements: the right lines, in order, and nothing that can be altered unnoticed."""

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import FLIPS
from tests.protocol import strategies as some

from kynhan_keys import notes
from kynhan_keys.vkeys import Signer
from kynhan_protocol.errors import StatementError
from kynhan_protocol.statements import grammar, signing
from kynhan_protocol.statements.statements import (
    Dispatch,
    Due,
    Membership,
    Receipt,
    Revocation,
    Statement,
    Succession,
)


def vkeys_for(statement: Statement) -> list[Any]:
    return [signer.vkey for signer in some.signers_for(statement)]


def check_refused(note: bytes, code: str = "bad-signature") -> None:
    with pytest.raises(StatementError) as caught:
        signing.parse(note)
    assert caught.value.code == code


@pytest.mark.parametrize("kind", some.TYPES)
@given(st.data())
def test_a_signed_statement_reads_back_and_verifies(kind: type, data: st.DataObject) -> None:
    statement = data.draw(some.statements(kind))
    signed = signing.sign(statement, *some.signers_for(statement))
    assert signing.parse(signed.note) == signed
    assert signed.statement == statement
    assert signed.signed_by == signing.signer_names(statement)
    signing.verify(signed, vkeys_for(statement))


@given(some.statements(Receipt))
def test_the_id_is_the_hash_of_the_note_and_the_text_hash_that_of_the_text(statement: Receipt) -> None:
    signed = signing.sign(statement, *some.signers_for(statement))
    assert signed.id == hashlib.sha256(signed.note).hexdigest()
    assert signed.text_hash == hashlib.sha256(grammar.format_text(statement).encode()).hexdigest()
    assert signed.note.startswith(signed.text.encode() + b"\n")


@settings(max_examples=FLIPS, deadline=None)
@given(some.any_statement, st.integers(1, 255), st.data())
def test_any_single_byte_flipped_is_refused(statement: Statement, flip: int, data: st.DataObject) -> None:
    note = bytearray(signing.sign(statement, *some.signers_for(statement)).note)
    note[data.draw(st.integers(0, len(note) - 1))] ^= flip
    with pytest.raises(StatementError) as caught:
        signing.verify(signing.parse(bytes(note)), vkeys_for(statement))
    assert caught.value.code in ("bad-statement", "bad-signature")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_statement_or_a_named_error(data: bytes) -> None:
    with pytest.raises(StatementError):
        signing.parse(data)


def test_a_note_longer_than_64_kib_is_refused() -> None:
    check_refused(b"x" * 65_537, "bad-statement")


@given(some.any_statement)
def test_signature_lines_missing_more_or_of_another_are_refused(statement: Statement) -> None:
    signed = signing.sign(statement, *some.signers_for(statement))
    stranger = notes.sign(signed.text, some.signer("other.example/ai-do")).signatures
    note = notes.format
    check_refused(note(notes.Note(signed.text, stranger)))
    check_refused(note(notes.Note(signed.text, signed.signatures + stranger)))
    check_refused(note(notes.Note(signed.text, stranger + signed.signatures)))
    check_refused(note(notes.Note(signed.text, signed.signatures + signed.signatures)))
    check_refused(signed.text.encode() + b"\n", "bad-statement")


@given(some.any_statement, st.sampled_from((b"\n", b" ", b"\x00", b"x", b"\n\n")))
def test_data_behind_the_last_signature_is_refused(statement: Statement, more: bytes) -> None:
    signed = signing.sign(statement, *some.signers_for(statement))
    with pytest.raises(StatementError):
        signing.parse(signed.note + more)


@given(some.statements(Receipt))
def test_signatures_not_in_canonical_base64_are_refused(statement: Receipt) -> None:
    note = signing.sign(statement, *some.signers_for(statement)).note
    assert note.endswith(b"=\n")  # 68 bytes: the last digit before = has two bits to spare
    spare = bytes([note[-3] + 1])
    for other in (note[:-2] + b"\n", note[:-2] + b"==\n", note[:-3] + spare + b"=\n"):
        check_refused(other, "bad-statement")


@given(some.statements(Receipt))
def test_a_signature_of_another_length_is_refused(statement: Receipt) -> None:
    signed = signing.sign(statement, *some.signers_for(statement))
    line = signed.signatures[0]
    longer = notes.Signature(line.name, line.key_id, line.signature + b"\0")
    check_refused(notes.format(notes.Note(signed.text, (longer,))))


@given(some.any_statement)
def test_a_signature_over_another_text_does_not_verify(statement: Statement) -> None:
    signers = some.signers_for(statement)
    text = grammar.format_text(statement)
    elsewhere = notes.sign(text.replace("@v1", "@v9"), *signers).signatures
    moved = signing.parse(notes.format(notes.Note(text, elsewhere)))
    with pytest.raises(StatementError) as caught:
        signing.verify(moved, vkeys_for(statement))
    assert caught.value.code == "bad-signature"


@given(some.statements(Receipt))
def test_a_signature_under_another_key_of_that_name_does_not_verify(statement: Receipt) -> None:
    signed = signing.sign(statement, some.signer(statement.by, "other"))
    for vkeys in (vkeys_for(statement), []):
        with pytest.raises(StatementError):
            signing.verify(signed, vkeys)


@given(some.statements(Dispatch).filter(lambda dispatch: dispatch.approver is not None))
def test_a_dispatch_is_signed_by_its_sender_then_its_approver(dispatch: Dispatch) -> None:
    sender, approver = some.signers_for(dispatch)
    assert (sender.vkey.name, approver.vkey.name) == (dispatch.from_, dispatch.approver)
    for signers in ((sender,), (approver,), (approver, sender)):
        with pytest.raises(StatementError) as caught:
            signing.sign(dispatch, *signers)
        assert caught.value.code == "bad-signature"


@given(some.statements(Membership))
def test_a_member_proves_that_it_has_its_key_unless_it_is_a_witness(membership: Membership) -> None:
    root = some.signer(membership.committee)
    signed = signing.sign(membership, *some.signers_for(membership))
    if membership.role == ("witness",):
        assert signed.signed_by == (membership.committee,)
        return
    assert signed.signed_by == (membership.committee, membership.member)
    with pytest.raises(StatementError):
        signing.sign(membership, root)
    other = some.signer(membership.member, "other")
    with pytest.raises(StatementError, match="key certified"):
        signing.sign(membership, root, other)
    with pytest.raises(StatementError, match="key certified"):
        signing.verify(signed, [root.vkey, other.vkey])


@given(some.statements(Succession))
def test_a_succession_may_come_without_the_old_root_and_says_so(succession: Succession) -> None:
    old, new = some.signers_for(succession)
    with_old, without = signing.sign(succession, old, new), signing.sign(succession, new)
    assert (with_old.has_old_root, without.has_old_root) == (True, False)
    signing.verify(with_old, [old.vkey, new.vkey])
    signing.verify(without, [new.vkey])
    for signers in ((old,), (new, old), (new, new), (old, old, new)):
        with pytest.raises(StatementError):
            signing.sign(succession, *signers)


@given(some.statements(Revocation), some.statements(Due))
def test_roots_sign_under_the_committees_name_and_the_relay_under_its_origin(
    revocation: Revocation, due: Due
) -> None:
    assert signing.signer_names(revocation) == (revocation.committee,)
    assert signing.signer_names(due) == (due.relay,)


@given(some.statements(Receipt))
def test_a_cosigning_key_signs_no_statement(statement: Receipt) -> None:
    witness = Signer.ml_dsa_44(statement.by, some.seed("w"))
    with pytest.raises(StatementError) as caught:
        signing.sign(statement, witness)
    assert caught.value.code == "bad-signature"
