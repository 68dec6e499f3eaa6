"""A report's files in a folder, sending that folder, and what a year's counts cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..dossiers import dossier
from ..dossiers.dossier import Part
from ..dossiers.letter import Letter
from ..errors import problem
from ..home import durable
from ..home.home import Home
from ..home.tars import tar_of
from ..log import track
from . import naming, pages, proof, reading, sheets
from .making import Made
from .reading import JSON

FORMATS: Final = ("pdf", "xlsx", "json")
PDF: Final = "bao-cao.pdf"
XLSX: Final = "bao-cao.xlsx"


@dataclass(frozen=True)
class Cost:
    """A row of a budget estimate (R20): how many cases were received, and what one and all of them cost, in đồng."""

    key: str
    label: str
    received: int
    each: int | None
    cost: int | None


def files(
    home: Home, made: Made, formats: Sequence[str] = FORMATS, *, with_titles: bool = False
) -> dict[str, bytes]:
    """The files of a report by name, the evidence with them. Raises ClientError home-damaged."""
    found = {proof.FILE: tar_of(proof.files(home, made))}
    if "json" in formats:
        found[JSON] = made.data
    if "pdf" in formats:
        found[PDF] = pages.pdf(made.report, made.data, made.source.profile)
    if "xlsx" in formats:
        counted = sheets.Counted(made.report, made.source.profile, made.facts, made.scope)
        titles = {fact.case.id: track.title_of(home, fact.case) or "" for fact in made.facts}
        found[XLSX] = sheets.xlsx(counted, titles if with_titles else None)
    return found


def write(content: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Writes the files into `folder`, made if missing. Raises ClientError file-exists for any that is there."""
    paths = [folder / name for name in sorted(content)]
    for path in paths:
        if path.exists():
            raise problem("file-exists", path=path)
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        durable.write(path, content[path.name], mode=0o600)
    return paths


def letter(folder: Path, to: str, *, title: str | None = None, about: str | None = None) -> Letter:
    """The letter that carries the report in `folder` with everything that proves it.

    Raises ClientError bad-report, missing-file.
    """
    handed = reading.read(folder)
    if handed.evidence is None:
        raise problem("missing-file", path=folder / proof.FILE)
    names = [name for name in (PDF, XLSX, JSON, proof.FILE) if (folder / name).is_file()]
    roles = ["cover", *["enclosure"] * (len(names) - 1)]
    return Letter(
        kind="report",
        to=to,
        parts=tuple(
            Part(name=name, role=role, path=folder / name) for name, role in zip(names, roles, strict=True)
        ),
        cover=dossier.Cover(enclosures=len(names) - 1),
        title=title or naming.vi("report.heading", period=handed.report.period.label.vi),
        about=about,
    )


def budget(made: Made, costs: Mapping[str, int]) -> list[Cost]:
    """Cases received by term, with their cost where that of one is given. Small groups are not merged: a sum would
    silently leave them out, and a clerk, for whom this is, has the list of cases."""
    labels = naming.labels(made.source.profile)
    received = Counter(fact.term for fact in made.facts if fact.entered == "received")
    found = []
    for term in sorted({fact.term for fact in made.facts if fact.entered is not None}):
        each = costs.get(term)
        cost = None if each is None else each * received[term]
        found.append(Cost(term, labels.get(term, term), received[term], each, cost))
    return found
