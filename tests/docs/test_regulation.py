"""docs/regulation.md is true: every row of the regulation, each with commands, tests and statements that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest

from kynhan_client.__main__ import kynhan
from kynhan_protocol.statements.codes import KINDS
from kynhan_protocol.statements.grammar import RECORDS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/regulation.md"
ROWS = [*(f"R{number}" for number in range(1, 6)), "R5a", *(f"R{number}" for number in range(6, 27))]
STATEMENTS = {record.first_line.removeprefix("kynhan/").partition("@")[0] for record in RECORDS}


def table() -> dict[str, list[str]]:
    """Row id: its cells (what it asks, commands, tests, statements)."""
    rows = re.findall(r"^\| (R\w+) \|(.*)\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {name: [cell.strip() for cell in cells.split(" | ")] for name, cells in rows}


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def is_command(words: list[str]) -> bool:
    """Whether these words name a command; what follows it (arguments, options) does not count."""
    found: click.Command | None = kynhan
    for word in words:
        if not isinstance(found, click.Group):
            break
        found = found.get_command(click.Context(found), word)
        if found is None:
            return False
    return found is not kynhan


def defined_in(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def test_every_row_of_the_regulation_is_there_in_order() -> None:
    assert list(table()) == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_a_row_names_commands_tests_and_statements_that_exist(row: str) -> None:
    asks, commands, proofs, statements = table()[row]
    assert asks
    named = [one for one in quoted(commands) if one.startswith("kynhan ")]
    assert named, f"{row} names no command"
    for command in named:
        assert is_command(command.split()[1:]), f"{row}: there is no `{command}`"
    tests = quoted(proofs)
    assert tests, f"{row} names no test"
    for test in tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file(), f"{row}: there is no {path}"
        assert name in defined_in(ROOT / path), f"{row}: {path} has no {name}"
    for word in quoted(statements):
        assert word in STATEMENTS or word in KINDS, f"{row}: {word} is no statement and no kind of dispatch"
    assert quoted(statements), f"{row} names no statement"
