"""A noun has one class and a name is split in one place (DESIGN §4), read from the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for package in (
        "keys/kynhan_keys",
        "protocol/kynhan_protocol",
        "server/kynhan_server",
        "client/kynhan_client",
    )
    for path in (ROOT / package).rglob("*.py")
)

# Where a slash is looked for in a text, and no name is split by it.
SLASHES = {
    "protocol/kynhan_protocol/names.py": "Name itself",
    "protocol/kynhan_protocol/package/filenames.py": "the path of a file in a package",
    "client/kynhan_client/registers/registers.py": "a document's symbol, such as 15/UBND-NC",
    "client/kynhan_client/edxml/model.py": "a document's symbol, such as 15/UBND-NC",
    "client/kynhan_client/edxml/importing.py": "a document's symbol, such as 15/UBND-NC",
    "client/kynhan_client/relay/transfers.py": "the address of an upload",
}


# Nouns that still mean several things, none of them put right yet. The list may only grow shorter.
# Those put right stand in scripts/rooms, which holds that they stay so.
# fmt: off
SEVERAL = (
    "Answer", "Asked", "Change", "Channels", "Checked", "Clock", "Content", "Cosigned", "Document", "Event", "Fault",
    "Feed", "Group", "Header", "Health", "Helped", "Invitation", "Item", "Made", "Notice", "Package", "Pause", "Plan",
    "Posted", "Receipt", "Reference", "Relay", "Request", "Sender", "Settings", "Source", "Standing", "Status", "Trust",
    "Verdict", "Waiting",
)
# fmt: on
# age has these two by its own specification: one of each for every type of key.
OF_EACH_KEY_TYPE = ("Identity", "Recipient")


def _classes() -> dict[str, list[str]]:
    """Where each class of a module's top level stands, by its name."""
    found: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    return found


def test_a_noun_has_one_class() -> None:
    several = {
        noun: places for noun, places in _classes().items() if len(places) > 1 and not noun.startswith("_")
    }
    known = {*SEVERAL, *OF_EACH_KEY_TYPE}
    assert not {noun: several[noun] for noun in several.keys() - known}, "another class has that name already"
    assert not known - several.keys(), "one class has that name now: take it off the list"


def test_a_noun_that_was_put_right_is_not_excused_again(rooms: Any) -> None:
    assert not {*SEVERAL} & {*rooms.EXACTLY_ONE, *rooms.AT_MOST_ONE}


def test_the_design_says_how_many_nouns_have_several_classes() -> None:
    assert f"{len(SEVERAL)} nouns have two to four classes" in (ROOT / "docs/design.md").read_text("utf-8")


def _is_slash(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "/"


def _slashes(tree: ast.AST) -> Iterator[int]:
    """The lines that split a text at a slash, or look for one in it."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=attr), args=[sep, *_]) if _is_slash(sep):
                if attr in (
                    "partition",
                    "rpartition",
                    "split",
                    "rsplit",
                    "find",
                    "rfind",
                    "index",
                    "rindex",
                    "count",
                ):
                    yield node.lineno
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]) if _is_slash(left):
                yield node.lineno


def test_a_name_is_split_in_one_place() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in SOURCES
        if (lines := list(_slashes(ast.parse(path.read_text("utf-8")))))
    }
    assert not {path: lines for path, lines in found.items() if path not in SLASHES}, "use names.Name"
    assert sorted(found) == sorted(SLASHES), "a place that is excused and needs no excuse any more"


def test_nobody_defines_the_committee_of_a_name_again() -> None:
    again = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name in ("committee_of", "_committee", "_committee_of")
    ]
    assert not again, "use names.Name"
