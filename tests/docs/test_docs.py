"""The documents are true: links lead somewhere, named files exist, help texts and tables equal what the code says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kynhan_protocol.statements.grammar import RECORDS

ROOT = Path(__file__).resolve().parents[2]
TOP = [ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG")]
DOCUMENTS = [*TOP, *sorted((ROOT / "docs").rglob("*.md"))]
GUIDES = [ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]
SHORT = {name: f"{name}/kynhan_{name}/" for name in ("client", "server", "protocol")}
"""What ARCHITECTURE.md lets stand for the folder of a package."""
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


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", TOP, ids=named)
def test_documents_name_only_targets_of_the_makefile(document: Path) -> None:
    assert set(re.findall(r"(?:`|\$ )make ([a-z-]+)", document.read_text())) <= targets()


def test_the_readme_names_what_a_newcomer_needs() -> None:
    assert {"demo", "test", "check"} <= set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text()))


@pytest.mark.parametrize("guide", GUIDES, ids=named)
def test_guides_name_files_and_symbols_that_exist(guide: Path) -> None:
    """A path from the top, or with the page's short name of a package; `TESTS="…"` and lists of tests too."""
    prose = re.sub(r"^```.*?^```", "", guide.read_text(), flags=re.DOTALL | re.MULTILINE)
    places = [
        place
        for quoted in re.findall(r"`([^`]+)`", prose)
        for place in re.split(r"[\s\"=]+", quoted)
        if re.fullmatch(r"[\w.-]+/[\w./-]*(?::\w+)?", place)
    ]
    assert len(places) >= 30
    for place in places:
        name, _, symbol = place.partition(":")
        top, _, rest = name.partition("/")
        long = SHORT[top] + rest if top in SHORT and guide.name == "ARCHITECTURE.md" else name
        found = [ROOT / one for one in {name, long} if (ROOT / one).exists()]
        assert found, f"{named(guide)} names {place}"
        if symbol:
            assert any(
                re.search(rf"^(?:(?:async )?def |class )?{symbol}\b", one.read_text(), re.M) for one in found
            ), f"{named(guide)} names {place}"


def test_the_hooks_are_the_tools_of_make_check() -> None:
    check = (ROOT / "Makefile").read_text().replace("$(PY) -m ", "").replace("$(PY)", ".venv/bin/python")
    entries = re.findall(r"entry: (.+)", (ROOT / ".pre-commit-config.yaml").read_text())
    plain = [entry.replace(" --force-exclude", "").removeprefix(".venv/bin/python -m ") for entry in entries]
    assert len(plain) == 6
    for entry in plain:
        assert entry.removeprefix(".venv/bin/") in check, entry


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
