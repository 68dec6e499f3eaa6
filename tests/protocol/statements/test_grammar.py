"""Texts of statements: one spelling each, driven by one table (DESIGN §3.2)."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol import strategies as some

from kynhan_protocol.errors import StatementError
from kynhan_protocol.statements import grammar
from kynhan_protocol.statements.records import Times
from kynhan_protocol.statements.statements import (
    MEMBER_TYPES,
    RELAY_TYPES,
    ROOT_TYPES,
    Dispatch,
    Membership,
    Opening,
    ProfileAttestation,
    Reminder,
    Revocation,
    Statement,
    Succession,
)

ALL_TYPES = (*ROOT_TYPES, *MEMBER_TYPES, *RELAY_TYPES)

# DESIGN §3.2, letter by letter: own fields; + one or more; - may be absent
DESIGN = {
    "membership": "committee member holder role+ signing sealing- not-before not-after ROOT",
    "revocation": "committee member key code ROOT",
    "profile": "committee document ROOT",
    "succession": "committee root code ROOT",
    "dispatch": (
        "case about- kind term- urgency- from approver- to sealed+ header body regarding- due- profile MEMBER"
    ),
    "receipt": "dispatch by MEMBER",
    "opening": "dispatch by manifest- result code- MEMBER",
    "decline": "dispatch by code MEMBER",
    "withdrawal": "dispatch by code MEMBER",
    "destruction": "dispatch by code MEMBER",
    "calendar": "by document decision- replaces- MEMBER",
    "acceptance": "of RELAY",
    "handover": "of dispatch RELAY",
    "due": "case dispatch start- term profile calendar due provisional because basis- replaces- RELAY",
    "reminder": "case step due to+ RELAY",
}
TRAILING = {
    "ROOT": "number previous- time nonce",
    "MEMBER": "relay seen head+ time nonce",
    "RELAY": "relay time nonce",
}
MARK = {Times.ONE: "", Times.MAYBE: "-", Times.SOME: "+", Times.ANY: "*"}


def test_the_table_is_that_of_the_design() -> None:
    table = {
        record.first_line: " ".join(field.name + MARK[field.times] for field in record.fields)
        for record in grammar.RECORDS
    }
    expected = {}
    for name, row in DESIGN.items():
        *own, group = row.split(" ")
        expected[f"kynhan/{name}@v1"] = " ".join([*own, TRAILING[group]])
    assert table == expected


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_every_attribute_has_its_field(kind: type) -> None:
    attributes = {attribute.name for attribute in dataclasses.fields(kind)}
    assert attributes == {field.attribute for field in grammar.RECORD_OF[kind].fields}


@pytest.mark.parametrize("kind", ALL_TYPES)
@given(st.data())
def test_what_was_formatted_parses_to_the_same_statement(kind: type, data: st.DataObject) -> None:
    statement = data.draw(some.statements(kind))
    text = grammar.format_text(statement)
    assert grammar.parse_text(text) == statement
    assert text.splitlines()[0] == grammar.RECORD_OF[kind].first_line


def lines_of(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def double_a_space(line: str) -> str:
    return line.replace(" ", "  ", 1)


def capitals(line: str) -> str:
    name, _, value = line.partition(" ")
    return f"{name} {value.upper()}"


LINE_DAMAGE: tuple[Callable[[str], str], ...] = (
    double_a_space,
    lambda line: line + " ",
    lambda line: " " + line,
    lambda line: line + "\r",
    lambda line: line + "\t",
    lambda line: line.replace(" ", "\t", 1),
    lambda line: line.replace(" ", "\u00a0", 1),
    lambda line: line.partition(" ")[0],
    lambda line: line.partition(" ")[0] + " ",
    lambda line: line.capitalize(),
    lambda line: line.replace(" ", ": ", 1),
    lambda line: line + "\x00",
    lambda line: line + "e\u0302",
    lambda line: line + "\n",
)


@given(some.any_statement, st.data())
def test_a_line_spelled_otherwise_is_refused_and_named(statement: Statement, data: st.DataObject) -> None:
    lines = lines_of(grammar.format_text(statement))
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = data.draw(st.sampled_from(LINE_DAMAGE))(lines[at])
    if (text := joined(lines)) == grammar.format_text(statement):  # the first line has no space to double
        return
    with pytest.raises(StatementError) as caught:
        grammar.parse_text(text)
    assert caught.value.code == "bad-statement"
    assert caught.value.line in (at + 1, at + 2)
    assert f"line {caught.value.line}: " in str(caught.value)


@given(some.any_statement, st.data())
def test_a_line_missing_twice_or_out_of_place_is_refused(statement: Statement, data: st.DataObject) -> None:
    text = grammar.format_text(statement)
    lines = lines_of(text)
    at, to = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    rest = lines[:at] + lines[at + 1 :]
    doubled = joined([*lines[:at], lines[at], *lines[at:]])
    moved = joined([*rest[:to], lines[at], *rest[to:]])
    for other in {doubled, moved} - {text}:
        with pytest.raises(StatementError):
            grammar.parse_text(other)
    if lines[at].split(" ")[0] in ("head", "sealed", "role", "to"):
        return  # one of several may go: that is another statement
    with pytest.raises(StatementError):
        grammar.parse_text(joined(rest))


@given(some.any_statement)
def test_upper_case_values_are_refused(statement: Statement) -> None:
    for at, line in enumerate(lines := lines_of(grammar.format_text(statement))):
        name = line.partition(" ")[0]
        text = joined([*lines[:at], capitals(line), *lines[at + 1 :]])
        if name in ("holder", "decision", "seen", "nonce") or capitals(line) == line:
            continue  # words, and base64, in any case
        with pytest.raises(StatementError):
            grammar.parse_text(text)


@given(some.any_statement, st.sampled_from(("\n", "x", "more 1\n", "\n\n", " ", "nonce -\n", "\ufeff")))
def test_data_behind_or_before_the_text_is_refused(statement: Statement, more: str) -> None:
    text = grammar.format_text(statement)
    for other in (text + more, more + text):
        with pytest.raises(StatementError):
            grammar.parse_text(other)


@given(some.any_statement)
def test_a_text_in_crlf_or_without_its_last_newline_is_refused(statement: Statement) -> None:
    text = grammar.format_text(statement)
    for other in (text.replace("\n", "\r\n"), text.removesuffix("\n")):
        with pytest.raises(StatementError):
            grammar.parse_text(other)


@pytest.mark.parametrize(
    "first",
    ["", "kynhan/dispatch", "kynhan/dispatch@v2", "kynhan/manifest@v1", "kynhan/letter@v1", "relay.example"],
)
def test_unknown_types_and_versions_are_refused(first: str) -> None:
    with pytest.raises(StatementError, match="line 1"):
        grammar.parse_text(first + "\n")


@given(st.text(max_size=300))
def test_any_text_gives_a_statement_or_a_named_error(text: str) -> None:
    with pytest.raises(StatementError):
        grammar.parse_text(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "letter"),
        ("kind", "-"),
        ("term", "abroad"),
        ("urgency", "urgent"),
        ("to", "-"),
        ("header", "-"),
        ("sealed", "-"),
        ("head", "-"),
        ("profile", "-"),
    ],
)
@given(statement=some.statements(Dispatch))
def test_unknown_words_and_absent_values_are_refused(field: str, value: str, statement: Dispatch) -> None:
    lines = lines_of(grammar.format_text(statement))
    at = next(at for at, line in enumerate(lines) if line.startswith(field + " "))
    lines[at] = f"{field} {value}"
    with pytest.raises(StatementError, match=f"line {at + 1}: {field} "):
        grammar.parse_text(joined(lines))


def check_refused(statement: Any, **changes: Any) -> None:
    with pytest.raises(StatementError):
        grammar.format_text(dataclasses.replace(statement, **changes))


@given(some.statements(Dispatch), some.sets(some.hashes))
def test_lists_are_sorted_tuples_without_repetition(statement: Dispatch, ids: tuple[str, ...]) -> None:
    check_refused(statement, sealed=())
    check_refused(statement, sealed=list(ids))
    check_refused(statement, sealed=(*ids, ids[0]))
    check_refused(statement, head=(*ids[::-1], "0" * 64))


@given(some.statements(Dispatch))
def test_the_approver_is_somebody_else_of_the_same_committee(statement: Dispatch) -> None:
    check_refused(statement, approver=statement.from_)
    check_refused(statement, approver="other.example/duyet")


@given(some.statements(ProfileAttestation))
def test_a_chain_begins_with_number_one_and_no_previous(statement: ProfileAttestation) -> None:
    check_refused(statement, number=0)
    check_refused(statement, number=1, previous="0" * 64)
    check_refused(statement, number=2, previous=None)


@given(some.statements(Membership))
def test_a_membership_certifies_the_members_own_keys(statement: Membership) -> None:
    check_refused(statement, member="other.example/van-thu")
    check_refused(statement, signing=some.signer(f"{statement.committee}/ai-do").vkey)
    later = datetime(2026, 1, 1, tzinfo=UTC)
    check_refused(statement, not_before=later, not_after=later - timedelta(seconds=1))
    check_refused(statement, role=("root",))


@given(some.statements(Membership))
def test_only_a_witness_has_a_cosigning_key_and_it_is_nothing_else(statement: Membership) -> None:
    clerk = dataclasses.replace(statement, role=("clerk",), signing=some.signer(statement.member).vkey)
    witness = dataclasses.replace(
        clerk, role=("witness",), signing=some.witness_vkey(statement.member), sealing=None
    )
    grammar.format_text(witness)
    check_refused(clerk, signing=witness.signing)
    check_refused(witness, signing=clerk.signing)
    check_refused(witness, role=("clerk", "witness"))
    check_refused(witness, sealing=some.recipient(statement.member))


@given(some.statements(Succession))
def test_a_new_root_bears_the_committees_name_and_signs_notes(statement: Succession) -> None:
    check_refused(statement, root=some.signer("other.example").vkey)
    check_refused(statement, root=some.witness_vkey(statement.committee))


@given(some.statements(Revocation))
def test_only_a_key_of_the_named_member_is_revoked(statement: Revocation) -> None:
    check_refused(statement, member="other.example/van-thu")
    check_refused(statement, key=some.signer(statement.committee).vkey)
    check_refused(statement, key=some.signer("other.example/van-thu").vkey)


@given(some.statements(Opening))
def test_an_opening_has_a_code_when_faulty_and_a_manifest_when_verified(statement: Opening) -> None:
    check_refused(statement, result="verified", manifest=None, code=None)
    check_refused(statement, result="verified", manifest="0" * 64, code="header")
    check_refused(statement, result="faulty", code=None)
    check_refused(statement, result="faulty", code="other")
    check_refused(statement, result="undelivered", manifest="0" * 64, code=None)


@given(some.statements(Reminder), st.sampled_from(("1", "+0", "unsigned", "-x")))
def test_a_reminders_step_is_signed(statement: Reminder, step: str) -> None:
    check_refused(statement, step=step)


def test_something_else_is_not_formatted() -> None:
    with pytest.raises(StatementError):
        grammar.format_text("kynhan/receipt@v1")  # type: ignore[arg-type]
