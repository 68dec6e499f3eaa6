"""The documents are true: links lead somewhere, named files exist, help texts and tables equal what the code says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kynhan_protocol.statements.grammar import RECORDS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BIN = Path(sys.executable).parent


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text()):
        if not re.match(r"[a-z]+:", target):
            assert (document.parent / target).exists(), f"{named(document)} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_no_document_names_a_path_of_one_machine(document: Path) -> None:
    assert not re.search(r"(?<![\w.])/(?:root|work|home|opt|tmp)/", document.read_text())


def test_the_readme_shows_the_help_that_the_program_prints() -> None:
    shown = re.search(r"```console\n\$ kynhan --help\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert shown, "README.md has no `$ kynhan --help` block"
    printed = subprocess.run([BIN / "kynhan", "--help"], capture_output=True, text=True, check=True).stdout
    assert shown[1].strip() == printed.strip()


def test_the_readme_names_only_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named_targets = set(re.findall(r"(?:`|\$ )make ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert {"demo", "test", "check"} <= named_targets <= targets


def test_threats_say_what_every_field_of_a_logged_statement_tells_the_relay() -> None:
    text = (ROOT / "docs/threats.md").read_text()
    table = text.split("## What the relay learns, field by field")[1].split("## ")[0]
    told = {name for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) for name in row.split(", ")}
    logged = {field.name for record in RECORDS for field in record.fields}
    assert logged <= told, f"docs/threats.md does not speak of {sorted(logged - told)}"
    assert told - logged <= {"field"}, (
        f"docs/threats.md speaks of {sorted(told - logged)}, which no statement has"
    )


def test_the_changelog_has_a_section_for_what_is_not_released() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_flow_names_files_and_functions_that_exist() -> None:
    text = (ROOT / "docs/flow.md").read_text()
    places = re.findall(r"`((?:keys|protocol|server|client)/[\w/]+\.py)(?::(\w+))?`", text)
    assert len(places) >= 15
    for name, symbol in places:
        source = ROOT / name
        assert source.is_file(), f"docs/flow.md names {name}"
        if symbol:
            assert re.search(rf"(def|class) {symbol}\b", source.read_text()), f"{name} has no {symbol}"
