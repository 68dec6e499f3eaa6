"""Citations lead somewhere: `DESIGN §3.3`, `REGULATION "Counting time"`, `R17` and `ADR 4`, wherever they stand.

Each has one spelling. `§` belongs to the document named last before it, so that `RFC 6962 §2.1` is no citation of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DESIGN, REQUIREMENTS, DECISIONS = ROOT / "docs/design.md", ROOT / "docs/requirements.md", ROOT / "docs/adr"
FOLDERS = ("keys", "protocol", "server", "client", "tests", "docs", "bench", "examples", "scripts")
SUFFIXES = {".py", ".md", ".toml", ".sql", ".typ", ""}
ELSEWHERE = {"node_modules", "__pycache__"}

_SECTION = re.compile(r"\b(DESIGN)\b|\b(RFC|FIPS) \d+|§\s?(\d+(?:\.\d+)*)?")
_ROW = re.compile(r"(?<![\w+/=.-])R(\d+[a-z]?)(?![\w+/=])")
_CHAPTER = re.compile(r"\bREGULATION\b(?!_)(?:\s+(?:# )?\"([^\"]+)\")?")
_DECISION = re.compile(r"\bADR[\s-]?(\d+)")
_NOT_YET = re.compile(r" *> \*\*Not yet:\*\* \S.*\(.*(?:issue \d+|no issue yet).*\)\.")


def files() -> list[Path]:
    """Everything of ours that a person reads, but for this file, which is full of wrong citations."""
    found = [path for path in ROOT.iterdir() if path.is_file() and path.suffix in SUFFIXES]
    for folder in FOLDERS:
        found += (path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix in SUFFIXES)
    return sorted(
        path for path in found if not ELSEWHERE & set(path.parts) and path != Path(__file__).resolve()
    )


def sections() -> set[str]:
    return set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)\.? ", DESIGN.read_text("utf-8"), re.MULTILINE))


def chapters() -> set[str]:
    return set(re.findall(r"^## (.+)$", REQUIREMENTS.read_text("utf-8"), re.MULTILINE))


def rows() -> set[str]:
    return set(re.findall(r"^\| R(\d+[a-z]?) \|", REQUIREMENTS.read_text("utf-8"), re.MULTILINE))


def decisions() -> set[str]:
    return {str(int(path.name[:4])) for path in DECISIONS.glob("*.md")}


def lost(text: str, *, inside_design: bool = False) -> Iterator[str]:
    """The citations in `text` that lead nowhere or are spelled otherwise."""
    known, document = sections(), "DESIGN" if inside_design else ""
    for found in _SECTION.finditer(text):
        if found[0].startswith("§"):
            if document == "DESIGN" and found[0] != f"§{found[3]}":
                yield f"{found[0]!r} names no section"
            elif document == "DESIGN" and found[3] not in known:
                yield f"DESIGN §{found[3]}"
            elif not document:
                yield f"{found[0]} of no document"
        else:
            document = found[1] or found[2]
    for number in re.findall(r"\bDESIGN,? +(\d[\d.]*)", text):
        yield f"DESIGN {number} without §"
    for row in _ROW.findall(text):
        if row not in rows():
            yield f"R{row}"
    for name in _CHAPTER.findall(text):
        if " ".join(re.sub(r"\n\s*(?:# )?", " ", name).split()) not in chapters():
            yield f'REGULATION "{name}"'
    for number in _DECISION.findall(text):
        if number not in decisions():
            yield f"ADR {number}"


def test_every_citation_leads_to_a_place() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {citation}"
        for path in files()
        for citation in lost(path.read_text("utf-8"), inside_design=path == DESIGN)
    ]
    assert found == []


def test_citations_are_read_at_all() -> None:
    """The design is cited from all four packages; a test that finds none would hold nothing."""
    for package in ("keys", "protocol", "server", "client"):
        texts = [path.read_text("utf-8") for path in files() if path.is_relative_to(ROOT / package)]
        assert any("DESIGN §" in text for text in texts), package


@pytest.mark.parametrize(
    "text",
    [
        "(DESIGN §3.6)",
        "(DESIGN §2, §9)",
        "DESIGN 3.3",
        "DESIGN, 3.3",
        "RFC 6962 §2.1, and DESIGN §4.1",
        "see §3.3",
        "(R27)",
        "R5b",
        "R17 and R99",
        'REGULATION "Counting days"',
        "REGULATION's table",
        "ADR 99",
        "ADR 0004",
    ],
)
def test_a_wrong_citation_is_found(text: str) -> None:
    assert list(lost(text))


@pytest.mark.parametrize(
    "text",
    [
        "(DESIGN §2, §3.2) and RFC 9421 §2.2.6",
        "DESIGN §1 and §2",
        "R5a, R1–R26",
        'REGULATION "Document\n    form"',
        "ADR 4, an ADR of its own",
        "base64 of R99/aZ and PR27",
        "REGULATION_TERMS",
    ],
)
def test_a_right_one_is_not(text: str) -> None:
    assert list(lost(text)) == []


@pytest.mark.parametrize("page", [DESIGN, REQUIREMENTS], ids=["design", "requirements"])
def test_what_the_code_does_not_do_yet_is_said_in_one_form(page: Path) -> None:
    """So that `git grep "Not yet:"` gives them all, each with the issue that takes it away."""
    for line in page.read_text("utf-8").splitlines():
        if "Not yet:" in line:
            assert _NOT_YET.fullmatch(line), line


@pytest.mark.parametrize("page", [DESIGN, REQUIREMENTS], ids=["design", "requirements"])
def test_neither_page_points_out_of_the_repository(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not re.search(r"\.\./|\b[A-Z]{3,}\.md\b", text)
    named = re.findall(r"`((?:keys|protocol|server|client|tests|docs)/[\w./-]+\.\w+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []
