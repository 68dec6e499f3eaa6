"""Everything that click can say of a command line is said in Vietnamese too; click's own source is the list."""

from __future__ import annotations

import ast
import inspect
import re
import string
from collections.abc import Iterator

import click
import pytest
from click import core, exceptions, parser, types

from kynhan_protocol.usage_words import CATALOG, Sentence, gettext, teach, vietnamese

teach(core, exceptions, parser, types)

# What click translates elsewhere: help, prompts, the frame of an error, names of types, mistakes of a programmer.
NOT_SAID_OF_USAGE = re.compile(
    r"^Error: |^Try |^Usage|^(Options|Commands)$|Deprecated|DEPRECATED|deprecated|^default: |^env var: |^required$"
    r"|^Aborted!$|^\(dynamic\)$|^Show (this|the version)|^Could not (open|determine)|^unknown error$|^\.\.\.$|^\s*$"
    r"|^Missing \{param_type\}$|^%\(prog\)s|^Missing parameter:|^Choice\(|^Positional arguments$"
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


def blanks(template: str) -> set[str | None]:
    """What a template has filled in."""
    return {blank for _, blank, _, _ in string.Formatter().parse(template)}


SAID = sorted({template for template in templates() if not NOT_SAID_OF_USAGE.search(template)})


def test_the_list_is_whole() -> None:
    assert len(SAID) > 25


@pytest.mark.parametrize("template", SAID)
def test_every_sentence_of_click_has_its_vietnamese(template: str) -> None:
    said = CATALOG[template]
    assert re.search(r"[à-ỹÀ-ỸđĐ]", said), said
    assert blanks(said) <= blanks(template), said


def test_the_catalog_has_nothing_that_click_does_not_say() -> None:
    assert set(CATALOG) <= set(templates())


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
    assert vietnamese(error.value.format_message) == said
    assert not re.search(r"[à-ỹÀ-ỸđĐ]", error.value.format_message())


def test_a_name_that_is_also_a_kind_stays_a_name() -> None:
    with pytest.raises(click.UsageError) as error:
        command.main(["x", "--term", "a", "--", "File"], standalone_mode=False)
    assert vietnamese(error.value.format_message) == "Thừa tham số (File)"
    assert (
        vietnamese(lambda: gettext("No such command {name!r}.").format(name="File"))
        == "Không có lệnh 'File'."
    )


def test_what_is_not_clicks_is_left_alone() -> None:
    ours = click.BadParameter("CASE --out FOLDER")
    assert vietnamese(ours.format_message) == "Giá trị không dùng được: CASE --out FOLDER"
    assert vietnamese(click.UsageError("CASE --out FOLDER").format_message) == "CASE --out FOLDER"


def test_a_sentence_of_ours_set_into_clicks_is_told_in_the_same_language() -> None:
    error = click.BadParameter(Sentence("write it so", "viết như thế"), param_hint="--at")
    assert error.format_message() == "Invalid value for --at: write it so"
    assert vietnamese(error.format_message) == "Giá trị của --at không dùng được: viết như thế"
