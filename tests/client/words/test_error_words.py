"""Errors are whole in each language: no English in the Vietnamese sentence, no blank left open, no clause unused."""

from __future__ import annotations

import ast
import errno
import re
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.client.language import VIETNAMESE, english_in

import kynhan_client
from kynhan_client import clauses, errors
from kynhan_client.clauses import because, clause, relay_says
from kynhan_client.errors import problem
from kynhan_client.words import CLAUSES, TROUBLE
from kynhan_keys.errors import HeaderError
from kynhan_protocol.errors import CaseRuleError, ChainError, PackageError, ProfileError, StatementError
from kynhan_protocol.wire import api

SOURCE = Path(kynhan_client.__file__).parent
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "words" not in path.parts)
OWN_WORDS = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}

# Names and numbers, the same in every language.
PLAIN = {
    "path": "to-trinh.pdf",
    "name": "ccq.example/van-thu",
    "member": "ccq.example/van-thu",
    "committee": "ccq.example",
    "url": "https://relay.example",
    "dispatch": "3f9a61c2d4e5",
    "evidence": "evidence/20260302T020000Z-two-histories.tar.age",
    "relay_code": "clock-doubt",
    "given": "x1",
    "possible": "not-whole wrong-recipient",
    "prefix": "3f9a61",
    "secrecy": "mat",
    "ceiling": "khong-mat",
    "role": "clerk",
    "least": 8,
    "group": 3,
    "kept": " (x.tar.age)",
}


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def filled(code: str, why: clauses.Pair) -> errors.ClientError:
    words = TROUBLE[code]
    wanted = blanks(words.en + words.vi + words.advice_en + words.advice_vi)
    return problem(code, **{name: PLAIN.get(name, why) for name in wanted})


def every_clause() -> Iterator[tuple[str, clauses.Pair]]:
    for key, (vi, en) in CLAUSES.items():
        yield key, clause(key, **dict.fromkeys(blanks(vi + en), "x1"))
    yield from ((code, pair) for code, pair in clauses.BY_CODE.items())
    yield from ((errno.errorcode[number], pair) for number, pair in clauses.BY_ERRNO.items())
    yield from ((name, (vi, "x")) for name, vi in clauses.BY_CLASS.items())
    yield from ((code, relay_says(code, "The detail of it.")) for code in api.PROBLEMS)


@pytest.mark.parametrize("code", sorted(TROUBLE))
def test_every_error_is_whole_in_both_languages(code: str) -> None:
    error = filled(code, clause("member.revoked"))
    for sentence in (error.vi, error.en, error.advice_vi, error.advice_en):
        assert "?" not in sentence
        assert not re.search(r"[{}]|\('|None", sentence)
    assert VIETNAMESE.search(error.vi)
    assert english_in(error.vi) == []
    assert english_in(error.advice_vi) == []
    assert not VIETNAMESE.search(error.en)


def test_every_clause_is_vietnamese_here_and_english_there() -> None:
    for key, (vi, en) in every_clause():
        assert VIETNAMESE.search(vi) or key == "home.keys", key
        assert english_in(vi) == [], key
        assert unicodedata.normalize("NFC", vi) == vi, key
        assert not VIETNAMESE.search(en), key
        assert not en.endswith("."), key


def test_clauses_have_the_same_blanks_in_both_languages() -> None:
    assert [key for key, (vi, en) in CLAUSES.items() if blanks(vi) != blanks(en)] == []


def test_every_code_of_the_relay_has_a_vietnamese_title() -> None:
    assert set(clauses.RELAY) == set(api.PROBLEMS)


def strings(tree: ast.AST) -> set[str]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_no_clause_and_no_error_is_unused() -> None:
    said = set().union(
        *(strings(tree) for path, tree in OWN_WORDS.items() if path.name not in ("clauses.py", "errors.py"))
    )
    said |= {
        node.args[0].value
        for node in ast.walk(OWN_WORDS[SOURCE / "clauses.py"])
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "clause"
        if isinstance(node.args[0], ast.Constant)
    }
    assert [key for key in (*CLAUSES, *TROUBLE) if key not in said] == []


def calls_of_problem() -> Iterator[tuple[str, ast.keyword]]:
    for path, tree in OWN_WORDS.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "problem":
                yield from ((f"{path.name}:{node.lineno}", keyword) for keyword in node.keywords)


def test_no_blank_is_filled_with_words_of_one_language() -> None:
    found = []
    for where, keyword in calls_of_problem():
        value = keyword.value
        words = isinstance(value, ast.JoinedStr) or (
            isinstance(value, ast.Constant) and isinstance(value.value, str) and " " in value.value
        )
        told = isinstance(value, ast.Call) and getattr(value.func, "id", "") == "str"
        if keyword.arg in ("why", "what") and (words or told):
            found.append(where)
    assert found == []


# --- exceptions in words


def test_what_the_system_refuses_is_said_in_both_languages() -> None:
    error = problem("system", path="x", why=PermissionError(errno.EACCES, "Permission denied", "x"))
    assert error.pair == ("không dùng được x: không có quyền truy cập", "x cannot be used: permission denied")
    odd = problem("system", path="x", why=OSError(errno.ENOTTY, "Inappropriate ioctl for device"))
    assert "(chi tiết kỹ thuật: Inappropriate ioctl for device)" in odd.vi


@pytest.mark.parametrize(
    "error",
    [
        StatementError("Not a statement: title is empty."),
        ChainError("Nobody in force can sign.", code="x"),
        HeaderError("stanza too long"),
        ValueError("odd"),
        tomllib.TOMLDecodeError("Invalid value (at line 1)"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_technical_detail_stays_behind_a_vietnamese_clause(error: Exception) -> None:
    vi, en = because(error)
    assert en == str(error).rstrip(".")
    assert vi.endswith(f" (chi tiết kỹ thuật: {en})")
    assert VIETNAMESE.search(vi)
    assert english_in(vi) == []


def test_what_a_code_says_needs_no_detail() -> None:
    assert "chi tiết" not in because(PackageError("The file name CON is reserved.", code="name-reserved"))[0]
    assert "chi tiết" not in because(ProfileError("The profile has no subject 9.", code="no-subject"))[0]


def test_a_rule_of_the_case_table_speaks_for_itself() -> None:
    rule = CaseRuleError("There is no request.", rule="reply", sentence_vi="Chưa có văn bản đề nghị.")
    assert problem("not-now", why=rule).pair == (
        "chưa thể làm việc này: Chưa có văn bản đề nghị",
        "this cannot be done now: There is no request",
    )


def test_the_relay_is_told_in_both_languages() -> None:
    assert relay_says("clock-doubt", "The clock jumped.") == (
        "đồng hồ của máy trung chuyển đang chờ bên đối chứng xác nhận (chi tiết kỹ thuật: The clock jumped)",
        "The clock jumped",
    )
    assert relay_says("clock-doubt", api.PROBLEMS["clock-doubt"][1])[0] == clauses.RELAY["clock-doubt"]
    assert relay_says("new-code", "")[1] == "new-code"


def test_what_an_error_is_about_stays_readable_for_scripts() -> None:
    error = problem("bad-file", path="x", why=clause("file.twice", name="y"))
    assert error.data == {"path": "x", "why": "it holds y twice"}
