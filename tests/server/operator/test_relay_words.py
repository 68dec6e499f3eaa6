"""`kynhan-relay` speaks Vietnamese and English: help, answers, errors; nothing is missing, left over or unused."""

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
from tests.server.processes import Data, made, run

import kynhan_server
from kynhan_server import words
from kynhan_server.operator.cli import relay

SOURCE = Path(kynhan_server.__file__).parent
COMMANDS = ["init", "admit", "serve", "status", "verify-log", "report", "confirm-clock"]
OPERATOR = [
    "operator/cli.py",
    "operator/telling.py",
    "operator/passphrases.py",
    "operator/status.py",
    "operator/log_audit.py",
    "store/keyfile.py",
    "upkeep/standby.py",
    "store/admin.py",
]
# Names and values that are the same in both languages.
SAME = re.compile(r"init|admit|loopback|HOST:PORT|proxy|byte|SIGTERM|stderr|ready|DEMO CLOCK|\bs\b|\d+")


def every_pair() -> Iterator[tuple[str, str, str]]:
    for name, table in (
        ("", words.WORDS),
        ("help ", words.HELP),
        ("short ", words.SHORT),
        ("--", words.OPTIONS),
    ):
        yield from ((f"{name}{key}", vi, en) for key, (vi, en) in table.items())


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_everything_is_said_in_both_languages() -> None:
    for where, vi, en in every_pair():
        assert vi.strip() and en.strip(), where
        assert blanks(vi) == blanks(en), where
        assert unicodedata.normalize("NFC", vi) == vi, where
        assert english_in(SAME.sub(" ", without_blanks(vi))) == [], where
        assert not VIETNAMESE.search(en), where
        plain = SAME.sub(" ", without_blanks(vi))
        assert VIETNAMESE.search(vi) or len(plain.split()) < 3, where


def strings(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_no_sentence_is_unused_and_none_is_said_elsewhere() -> None:
    said = set().union(*(strings(path) for path in SOURCE.rglob("*.py") if "words" not in path.parts))
    audit = {f"audit.{key}" for key in strings(SOURCE / "operator/log_audit.py")}
    labels = (
        "help.",
        "status.ok",
        "status.unwell",
        "status.none-yet",
        "status.failed",
        "status.behind",
        "status.doubt",
    )
    assert [
        key for key in words.WORDS if key not in said | audit and not key.startswith((*labels, "help."))
    ] == []
    assert [key for key in words.OPTIONS if key not in said] == []
    for name in OPERATOR:
        assert not [text for text in strings(SOURCE / name) if VIETNAMESE.search(text)], name


def test_every_command_has_its_help() -> None:
    assert list(relay.commands) == COMMANDS == list(words.SHORT)
    assert set(words.HELP) == {*COMMANDS, ""} == set(words.EXAMPLES)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_both_languages_on_80_columns(command: str) -> None:
    shown = run(*filter(None, [command]), "--help").stdout
    for paragraph in words.HELP[command]:
        assert "".join(paragraph.split()) in "".join(shown.split())
    for heading in ("Cách dùng / usage:", "Tùy chọn / options:", "Ví dụ / examples:"):
        assert heading in shown
    assert not re.search(r"Show this message|\[required\]|^Options:|^Usage:", shown, re.MULTILINE)
    assert [line for line in shown.splitlines() if len(line) > 80] == []


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return made(tmp_path)


def test_an_answer_comes_in_the_language_asked_for(data: Data) -> None:
    confirm = ("confirm-clock", "--data", str(data.folder))
    vi, en = "Đã xác nhận: bây giờ là 2", "Confirmed: it is 2"
    assert run(*confirm, language="vi").stdout.startswith(vi)
    assert run(*confirm, language="en").stdout.startswith(en)
    first, second = run(*confirm, language="both").stdout.splitlines()
    assert first.startswith(vi) and second.startswith(en)
    assert run("--lang", "vi", *confirm, language="en").stdout.startswith(vi)


def test_an_error_comes_in_the_language_asked_for(tmp_path: Path) -> None:
    command = ("serve", "--data", str(tmp_path / "no"))
    vi = f"Lỗi: {tmp_path}/no không phải thư mục dữ liệu của máy trung chuyển: chạy init trước.\n"
    en = f"Error: {tmp_path}/no is not the data folder of a relay: run init first.\n"
    assert run(*command, status=1, language="vi").stderr == vi
    assert run(*command, status=1, language="en").stderr == en
    assert run(*command, status=1, language="both").stderr == vi + en


@pytest.mark.parametrize(
    ("arguments", "vi"),
    [
        (("statu",), "Không có lệnh 'statu'. Ý bạn là 'status'?"),
        (("serve",), "Thiếu tùy chọn '--data'."),
        (("status",), "Phải có --data hoặc --url."),
        (
            ("serve", "--data", "x", "--tick", "0"),
            "Giá trị của '--tick' không dùng được: 0.0 nằm ngoài khoảng",
        ),
        (("serve", "--data", "x", "--listen", "8480"), "--listen viết theo dạng HOST:PORT"),
    ],
)
def test_what_is_not_understood_is_told_in_both_languages(arguments: tuple[str, ...], vi: str) -> None:
    told = run(*arguments, status=2, language="vi").stderr.splitlines()
    assert told[0].startswith(f"Lỗi: {vi}")
    assert told[1].startswith("Error: ") and not VIETNAMESE.search(told[1])
    assert told[-1].startswith("Xem / see: kynhan-relay") and told[-1].endswith("--help")


def test_status_and_audit_are_whole_in_each_language(data: Data) -> None:
    for command in (("status", "--data", str(data.folder)),):
        vi = run(*command, language="vi").stdout
        assert "không chạy" in vi and english_in(vi.replace(str(data.folder), "")) == []
    assert "Chưa có nhật ký nào" in run("verify-log", *data.options, status=1, language="vi").stderr


def test_a_bare_group_shows_its_help() -> None:
    assert "Lệnh / commands:" in run(status=2).stderr


def test_no_click_exception_speaks_english_alone() -> None:
    """Every place where the relay's command line refuses by click's own exceptions has words of ours."""
    for name in OPERATOR:
        tree = ast.parse((SOURCE / name).read_text("utf-8"))
        raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc is not None]
        for node in raised:
            called = ast.unparse(node.exc)  # type: ignore[arg-type]
            assert not called.startswith(("click.UsageError", "click.ClickException")), (name, called)
    assert issubclass(click.UsageError, click.ClickException)
