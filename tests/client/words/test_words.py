"""Words: both languages everywhere, nothing unused, nothing said outside words/; help that fits the screen."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.client.language import VIETNAMESE, english_in, without_blanks

import kynhan_client
from kynhan_client import words
from kynhan_client.__main__ import PLACES, kynhan
from kynhan_client.cli.base import SETTINGS
from kynhan_client.words import COMMANDS, OPTIONS
from kynhan_protocol.case.table import RULES
from kynhan_protocol.statements import codes

SOURCE = Path(kynhan_client.__file__).parent
COMMAND_LINE = [
    SOURCE / "__main__.py",
    *sorted((SOURCE / "cli").glob("*.py")),
]
# Codes stand before their label, as they are typed: `request (văn bản đề nghị phối hợp)`.
CODES_IN_HELP = re.compile(r"\b[a-z]+(?:-[a-z]+)*(?= \()")
NAMES = re.compile(r"Việt Nam|Không mật|Asia/Ho_Chi_Minh")  # said in English as they are
ALL = [("", "kynhan"), *((name, name) for name in COMMANDS if name)]


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def every_pair() -> Iterator[tuple[str, str, str]]:
    """Where it stands, the Vietnamese, the English."""
    yield from ((key, vi, en) for key, (vi, en) in words.WORDS.items())
    yield from ((f"--{key}", vi, en) for key, (vi, en) in OPTIONS.items())
    for name, command in COMMANDS.items():
        yield (name, *command.short)
        yield (name, *command.long)
    for code, told in words.TROUBLE.items():
        yield (code, told.vi, told.en)
        yield (f"{code} advice", told.advice_vi, told.advice_en)


def test_everything_is_said_in_both_languages() -> None:
    missing = [where for where, vi, en in every_pair() if not vi.strip() or not en.strip()]
    assert missing == []


def test_both_languages_have_the_same_blanks() -> None:
    differing = [where for where, vi, en in every_pair() if blanks(vi) != blanks(en)]
    assert differing == []


def test_vietnamese_is_composed_and_spelled_with_its_marks() -> None:
    for where, vi, en in every_pair():
        assert unicodedata.normalize("NFC", vi) == vi, where
        assert unicodedata.normalize("NFC", en) == en, where
    plain = [key for key, (vi, _) in words.WORDS.items() if len(vi.split()) > 3 and not VIETNAMESE.search(vi)]
    assert plain == []


def test_no_language_is_left_over_in_the_other() -> None:
    found = {}
    for where, vi, en in every_pair():
        named = CODES_IN_HELP.sub(" ", without_blanks(vi)) if where.startswith("--") else without_blanks(vi)
        english = english_in(named)
        vietnamese = VIETNAMESE.findall(NAMES.sub("", en))
        if english or vietnamese:
            found[where] = (english, vietnamese)
    assert found == {}


def strings(path: Path) -> Iterator[ast.Constant]:
    """Every string of a module that is not a docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def test_no_command_has_words_of_its_own() -> None:
    for path in COMMAND_LINE:
        own = [node.value for node in strings(path) if VIETNAMESE.search(node.value) and len(node.value) > 3]
        if path.name == "time.py":  # the one message that click's own error has to carry
            own = [value for value in own if "viết như" not in value]
        assert own == [], path.name


def beginnings(path: Path) -> Iterator[str]:
    """How keys begin that are put together: `f"step.{name}"`, `label("kind", code)`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            if re.fullmatch(r"[a-z-]+\.[a-z-]*", str(node.values[0].value)):
                yield str(node.values[0].value)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called == "label":
                yield f"{node.args[0].value}."


def test_no_sentence_is_unused() -> None:
    sources = [path for path in SOURCE.rglob("*.py") if "words" not in path.parts]
    said = {node.value for path in sources for node in strings(path)}
    begun = tuple({found for path in sources for found in beginnings(path)})
    # heading() puts help. before its key
    unused = [key for key in words.WORDS if key not in said and not key.startswith((*begun, "help."))]
    assert unused == []


def test_codes_have_labels() -> None:
    expected = [
        *(f"role.{role}" for role in codes.ROLES),
        *(f"urgency.{urgency}" for urgency in codes.URGENCIES),
        *(f"opening.{result}" for result in codes.RESULTS),
        *(f"{act}.{code}" for act in ("decline", "withdrawal", "destruction") for code in codes.CODES[act]),
        *(f"paper-secrecy.{secrecy}" for secrecy in codes.SECRECIES),
        *(f"paper-because.{because}" for because in codes.DUE_REASONS),
        *(f"because.{because}" for because in codes.DUE_REASONS),
    ]
    assert [key for key in expected if key not in words.WORDS] == []


def test_codes_are_named_and_explained_in_the_help() -> None:
    vi, _ = OPTIONS["send.kind"]
    assert [kind for kind in codes.KINDS if f"{kind} ({RULES[kind].label.vi})" not in vi] == []
    for option, prefix, known in (
        ("decline.code", "decline", codes.CODES["decline"]),
        ("withdraw.code", "withdrawal", codes.CODES["withdrawal"]),
        ("destroy.code", "destruction", set(codes.CODES["destruction"]) - {"recalled"}),
        ("send.urgency", "urgency", codes.URGENCIES),
    ):
        vi, _ = OPTIONS[option]
        assert [code for code in known if f"{code} ({words.label(prefix, code)[0]})" not in vi] == []
    for option, plain in (
        ("send.term", codes.TERMS),
        ("due.term", codes.TERMS),
        ("send.secrecy", codes.SECRECIES),
    ):
        assert [code for code in plain if f"{code} (" not in OPTIONS[option][0]] == []


def test_the_sentence_beside_the_signature() -> None:
    vi, en = words.pair("sign.meaning")
    assert vi == "Ký nhận nghĩa là đã nhận đủ bì; không có nghĩa là đồng ý với nội dung."
    assert en


def test_the_sentence_beside_the_title() -> None:
    assert words.pair("send.title-note")[0] == "Trích yếu không nêu họ tên; ghi 'theo danh sách kèm theo'."
    assert "theo danh sách kèm theo" in OPTIONS["send.title"][0]


# --- help


def loaded(name: str) -> click.Command:
    """The command of a full name, `profile sign`."""
    found: click.Command = kynhan
    context = click.Context(kynhan)
    for word in name.split():
        assert isinstance(found, click.Group)
        inner = found.get_command(context, word)
        assert inner is not None, name
        found = inner
    return found


def every_command(group: click.Group, within: str = "") -> Iterator[str]:
    """The full names of all commands, those of groups inside groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield f"{within}{name}"
        if isinstance(found, click.Group):
            yield from every_command(found, f"{within}{name} ")


def help_of(name: str) -> str:
    found = loaded(name)
    path = f"kynhan {name}".strip()
    return found.get_help(click.Context(found, info_name=path, terminal_width=80, **SETTINGS))


@pytest.mark.parametrize(("name", "title"), ALL, ids=[title for _, title in ALL])
def test_help_is_in_both_languages_with_examples_on_80_columns(name: str, title: str) -> None:
    shown = help_of(name)
    vi, en = COMMANDS[name].long
    for paragraph in (vi, en):
        assert "".join(paragraph.split()) in "".join(shown.split())
    assert "Ví dụ / examples:" in shown
    assert f"kynhan {name}".strip() in shown
    assert [line for line in shown.splitlines() if len(line) > 80] == []


def test_every_command_has_help_and_every_help_a_command() -> None:
    named = {*every_command(kynhan), ""}
    assert named == set(COMMANDS)
    assert set(PLACES) < named
    for name in named - {""}:
        assert loaded(name).name == name.rpartition(" ")[2]


def test_listing_the_commands_imports_none_of_them() -> None:
    shown = help_of("")
    for name in PLACES:
        assert f"\n  {name} " in shown
