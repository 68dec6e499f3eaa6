"""What a script sees of every command is as it was: help, options, JSON answers, exit statuses."""

from __future__ import annotations

import json
from itertools import chain, groupby
from pathlib import Path

import pytest
from tests.frozen import command_tree, story
from tests.frozen.command_line import run
from tests.frozen.command_tree import Node
from tests.frozen.comparison import MEANT, only, same
from tests.frozen.normal_form import NormalForm, parse
from tests.frozen.stage import Stage, stage

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


# --- answers and exit statuses

LEAVES = [node for node in NODES if node.is_leaf]
SILENT = {"kynhan-relay init": "prints a sentence", "kynhan-relay confirm-clock": "prints a sentence"}
"""Commands without --json: what they print is frozen as text."""
ENDLESS = {"kynhan-relay serve": "runs until it is stopped: only what it refuses is in the story"}
"""Commands that cannot end well in the story, and why."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The whole story, played once."""
    with stage(tmp_path_factory.mktemp("frozen")) as one:
        try:
            story.play(one)
        except Exception as error:  # the answer that led astray is the news, not the step that stumbled
            raise AssertionError("\n".join([MEANT, *one.surprises, f"and then {error!r}"])) from error
        return one


def test_every_command_of_the_story_ends_with_the_status_told(told: Stage) -> None:
    assert told.surprises == [], "\n".join([MEANT, *told.surprises])


@pytest.mark.parametrize("chapter", story.CHAPTERS)
def test_answers_are_as_they_were(told: Stage, chapter: str) -> None:
    answers = told.answers[chapter]
    same(f"commands/answers/{chapter}.json", json.dumps(answers, ensure_ascii=False, indent=1) + "\n")


def test_no_chapter_is_left_over(told: Stage) -> None:
    assert tuple(told.answers) == story.CHAPTERS
    only("commands/answers", {f"{chapter}.json" for chapter in story.CHAPTERS} | {"alone.json"})


def test_every_command_is_in_the_story_with_its_json(told: Stage) -> None:
    frozen = {
        node.name
        for node in LEAVES
        for said in chain.from_iterable(told.answers.values())
        if _is_of(node, said["command"]) and said["status"] == 0
        if node.name in SILENT or {"json", "events"} & said.keys()
    }
    missing = [node.name for node in LEAVES if node.name not in frozen | ENDLESS.keys()]
    assert missing == [], "commands without a frozen answer: add them to a chapter of the story"
    assert frozen & ENDLESS.keys() == set()


def _is_of(node: Node, typed: str) -> bool:
    return typed == node.name or typed.startswith(f"{node.name} ")


def test_what_every_command_says_to_nothing_is_as_it_was(tmp_path: Path) -> None:
    """Without a word and without a home: what is missing, and the exit status."""
    normal = NormalForm({str(tmp_path): "<folder>"})
    found = {}
    for node in LEAVES:
        program, *words = node.words
        home = ("--home", str(tmp_path / "home"), "--lang", "en", "--json") if program == "kynhan" else ()
        ran = run(program, *home, *words)
        found[node.name] = {"status": ran.status} | (
            {"json": normal.of(parse(ran.stdout))}
            if ran.stdout
            else {"stderr": normal.text(ran.stderr).splitlines()}
        )
    same("commands/answers/alone.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")
