"""What a script sees of every command is as it was: help, options, JSON answers, exit statuses."""

from __future__ import annotations

import json
from itertools import groupby

import pytest
from tests.frozen import command_tree
from tests.frozen.command_line import run
from tests.frozen.command_tree import Node
from tests.frozen.comparison import only, same

NODES = list(command_tree.every())
PROGRAMS = tuple(command_tree.PROGRAMS)
GROUPS = {node.words for node in NODES if not node.is_leaf and node.name not in PROGRAMS}


def page(node: Node) -> str:
    """Which file has a command's help: its group's, else its program's."""
    own = node.words[:2]
    return "-".join(own) if own in GROUPS else node.words[0]


HELP = {name: list(nodes) for name, nodes in groupby(sorted(NODES, key=page), key=page)}


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help is as wide as the terminal, up to 80 columns; the environment chooses no language."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("KYNHAN_LANG", "KYNHAN_HOME", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def help_of(node: Node, *options: str) -> str:
    program, *rest = node.words
    ran = run(program, *options, *rest, "--help")
    assert (ran.status, ran.stderr) == (0, ""), ran.stderr
    return ran.stdout


# --- help


@pytest.mark.parametrize("name", HELP)
def test_help_is_as_it_was(name: str) -> None:
    pages = [f"$ {node.name} --help\n{help_of(node)}" for node in HELP[name]]
    same(f"commands/help/{name}.txt", "\n\n".join(pages))


def test_no_page_of_help_is_left_over() -> None:
    only("commands/help", {f"{name}.txt" for name in HELP})


@pytest.mark.parametrize("language", ["vi", "en", "both"])
def test_help_is_the_same_in_every_language(language: str) -> None:
    """It always has both; the language asked for is that of answers."""
    assert [node.name for node in NODES if help_of(node, "--lang", language) != help_of(node)] == []


# --- options


@pytest.mark.parametrize("program", PROGRAMS)
def test_options_are_as_they_were(program: str) -> None:
    found = {node.name: node.options() for node in NODES if node.words[0] == program}
    lines = []
    for name, options in found.items():
        each = ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in options)
        lines.append(f"  {json.dumps(name)}: [\n{each}\n  ]" if options else f"  {json.dumps(name)}: []")
    same(f"commands/options/{program}.json", "{\n" + ",\n".join(lines) + "\n}\n")
