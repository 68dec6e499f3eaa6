"""Everything that click can say of a command line is said in Vietnamese too; click's own source is the list."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import click
import pytest
from click import core, exceptions, parser, types

from kynhan_protocol.usage_words import vietnamese

# What click translates elsewhere: help, prompts, the frame of an error, names of types, mistakes of a programmer.
NOT_SAID_OF_USAGE = re.compile(
    r"^Error: |^Try |^Usage|^(Options|Commands)$|Deprecated|DEPRECATED|deprecated|^default: |^env var: |^required$"
    r"|^Aborted!$|^\(dynamic\)$|^Show (this|the version)|^Could not (open|determine)|^unknown error$|^\.\.\.$|^\s*$"
    r"|^Missing \{param_type\}$|^%\(prog\)s|^Missing parameter:|^\(?Did you mean|^Choice\(|^Positional arguments$"
    r"|^(file|directory|path)$|declaration|^No options defined|cannot use the same flag"
    r"|^Invalid start character|defined twice$"
)


def templates() -> Iterator[str]:
    """The English sentences in click's source that it would have translated."""
    for module in (core, exceptions, parser, types):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                for argument in node.args[:2]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


def filled(template: str) -> str:
    """A sentence as it comes out: names in quotes, numbers where numbers stand."""
    if template.startswith("Choose from"):
        return " Choose from:\n\ta"
    template = template.replace("{name} {filename!r}", "File {filename!r}")
    numbers = ("nargs", "len", "len_type", "len_value")
    blanks = re.sub(r"\{(\w+)(?:!r)?\}", lambda found: "2" if found[1] in numbers else "'x'", template)
    return blanks if blanks.endswith((".", ")", "'")) or ":" in blanks else f"{blanks} 'x'."


SAID = sorted({template for template in templates() if not NOT_SAID_OF_USAGE.search(template)})


def test_the_list_is_whole() -> None:
    assert len(SAID) > 25


@pytest.mark.parametrize("template", SAID)
def test_every_sentence_of_click_has_its_vietnamese(template: str) -> None:
    sentence = filled(template)
    said = vietnamese(sentence)
    assert said is not None, sentence
    assert re.search(r"[à-ỹÀ-ỸđĐ]", said), said


@click.command()
@click.argument("name")
@click.option("--term", type=click.Choice(["a", "b"]), required=True)
@click.option("--count", type=click.IntRange(1, 5))
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--file", type=click.Path(exists=True))
@click.option("--flag", is_flag=True)
def command(**_: object) -> None:
    """A command with everything."""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x"], "Thiếu tùy chọn '--term'. Chọn một trong:\n\ta,\n\tb"),
        (["--term", "a"], "Thiếu tham số 'NAME'."),
        (["x", "--coumt", "a"], "Không có tùy chọn '--coumt'. Ý bạn là '--count'?"),
        (["x", "--f"], "Không có tùy chọn '--f'. (Ý bạn là một trong: '--file', '--flag'?)"),
        (["x", "--zzz"], "Không có tùy chọn '--zzz'."),
        (["x", "--term"], "Tùy chọn '--term' cần một giá trị."),
        (["x", "--term", "c"], "Giá trị của '--term' không dùng được: 'c' không phải là một trong 'a', 'b'."),
        (
            ["x", "--term", "a", "--count", "9"],
            "Giá trị của '--count' không dùng được: 9 nằm ngoài khoảng 1<=x<=5.",
        ),
        (
            ["x", "--term", "a", "--count", "z"],
            "Giá trị của '--count' không dùng được: 'z' không phải là số nguyên.",
        ),
        (
            ["x", "--term", "a", "--at", "z"],
            "Giá trị của '--at' không dùng được: 'z' không đúng dạng '%Y-%m-%d'.",
        ),
        (
            ["x", "--term", "a", "--file", "/no"],
            "Giá trị của '--file' không dùng được: Đường dẫn '/no' không có.",
        ),
        (["x", "--term", "a", "--flag=1"], "Tùy chọn '--flag' không nhận giá trị."),
        (["x", "y", "--term", "a"], "Thừa tham số (y)"),
    ],
)
def test_what_click_really_says_is_translated_whole(arguments: list[str], said: str) -> None:
    with pytest.raises(click.UsageError) as error:
        command.main(arguments, standalone_mode=False)
    assert vietnamese(error.value.format_message()) == said


def test_what_is_not_clicks_is_left_alone() -> None:
    assert vietnamese("CASE --out FOLDER") is None
