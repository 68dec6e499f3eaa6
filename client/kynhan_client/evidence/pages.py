"""Holding the words of a printed page against the evidence: the page is made anew from the evidence, and what the two
say is compared, value by value; so is how they look, for what is drawn over the words.

What comes from inside the seal (register fields, where they were asked for) is in no evidence: the page alone says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kynhan_protocol.errors import ProtocolError
from kynhan_protocol.evidence.verdicts import Reason, Verdict
from kynhan_protocol.package.qr_text import Reference

from .. import words
from ..printing import certificate, glyphs, receipt, sheet
from ..printing.basis import Basis
from ..printing.receipt import TITLES, Rows
from ..printing.sheet import BUNDLE, RECEIPT, Paper
from ..scanning import scan
from ..scanning.found import Found
from ..words import Language
from . import grounds, values
from .grounds import Ground
from .holding import reason
from .values import Value
from .verifying import Verification


@dataclass(frozen=True)
class Held:
    """What the page says by the evidence, in its order, and why it is not VALID. No `values`: it cannot be made."""

    values: tuple[Value, ...]
    reasons: tuple[Reason, ...]


def hold_page(
    found: Found,
    reference: Reference,
    files: Mapping[str, bytes],
    verification: Verification,
    language: Language,
) -> Held:
    """What was read from a PDF or picture that bears `reference`, against the evidence `files`, of which `verification`
    is the verdict. `language`: of the values, where the page has no words.

    What differs is INVALID where the evidence is attached to the page, and so the page is ours as it was made; a page
    that was read from a scan may be misread: INCOMPLETE.
    """
    ground = grounds.of_files(files, verification, reference)
    said = " ".join(" ".join(found.texts).split())
    try:
        if ground is None or (said and not ground.is_exact):
            raise ValueError("not enough evidence")
        if not said:
            page = _Page.of(ground, reference, Paper(language), ())
            by_eye = tuple(one for one in _lines(page.data) if ground.is_exact or one.label)
            return Held(by_eye, (reason("paper-reason.not-compared", Verdict.INCOMPLETE),))
        paper = Paper(_language(said, reference))
        titles = _titles(said, paper, reference)
        page = _Page.of(ground, reference, paper, titles)
        made = scan.pages(page.typeset(found.attachments))
    except (ProtocolError, ValueError, KeyError, StopIteration, AssertionError):
        return Held((), (reason("paper-reason.not-made", Verdict.INCOMPLETE),))
    reasons = _compare(page, made, found)
    if titles:
        labels = ", ".join(row["label"] for row in titles)
        reasons.append(reason("paper-reason.not-evident", Verdict.INCOMPLETE, labels=labels))
    told = {(row["label"], row["value"]) for row in titles}
    shown = (
        replace(one, compared=(one.label, one.text) not in told, is_evident=(one.label, one.text) not in told)
        for one in _lines(page.data)
    )
    return Held(tuple(shown), tuple(reasons))


@dataclass(frozen=True)
class _Page:
    """The page that the evidence makes."""

    paper: Paper
    basis: Basis
    reference: Reference
    sheet: Mapping[str, Any]
    titles: Rows

    @classmethod
    def of(cls, ground: Ground, reference: Reference, paper: Paper, titles: Rows) -> _Page:
        basis, main = ground.basis, ground.main
        if reference.case is None:
            made = receipt.content(paper, basis, main, titles)
        else:
            made = certificate.content(paper, basis, titles)
        return cls(paper, basis, basis.reference(main, reference.case), made, titles)

    @property
    def data(self) -> dict[str, Any]:
        shown: dict[str, Any] = glyphs.all_printable(
            sheet.data_of(self.paper, self.basis, self.reference, self.sheet)
        )
        return shown

    def typeset(self, attached: Sequence[tuple[str, bytes]]) -> bytes:
        template = receipt.TEMPLATE if self.reference.case is None else certificate.TEMPLATE
        files = {name: data for name, data in attached if name in (RECEIPT, BUNDLE)}
        return sheet.typeset_(self.paper, template, self.basis, self.reference, self.sheet, files)


def _compare(page: _Page, made: Found, found: Found) -> list[Reason]:
    attached = any(name == RECEIPT for name, _ in found.attachments)
    verdict = Verdict.INVALID if attached else Verdict.INCOMPLETE
    differing = values.differences(made.texts, found.texts, _cells(page.data))
    reasons = [
        reason(
            "paper-reason.other-value" if one.label else "paper-reason.other-words",
            verdict,
            label=one.label,
            ours=one.ours,
            theirs=glyphs.printable(one.theirs),
        )
        for one in differing
    ]
    if not differing and made.looks != found.looks:
        reasons.append(reason("paper-reason.other-look", Verdict.INCOMPLETE))
    return reasons


# --- what the page itself says of how it was made


def _language(said: str, reference: Reference) -> Language:
    """The language that a page was printed in, by its title."""
    key = "paper.receipt" if reference.case is None else "paper.certificate"
    languages: tuple[Language, ...] = ("both", "vi", "en")
    return next((one for one in languages if words.text(key, one) in said), "vi")


def _titles(said: str, paper: Paper, reference: Reference) -> Rows:
    """The register fields that the page shows, as it shows them; none if it shows none."""
    labels = [paper.say(key) for key in TITLES]
    begin, *maybe, end = (re.escape(label) for label in labels)
    markings = (paper.pick(paper.label("paper-secrecy", code)) for code in sheet.MARKINGS)
    fields = "".join(rf"(?: {label}: (?P<f{at}>.*?))?" for at, label in enumerate(maybe, 1))
    last = "|".join(map(re.escape, sorted(markings, key=len, reverse=True)))
    found = re.search(rf" {begin}: (?P<f0>.*?){fields} {end}: (?P<f{len(labels) - 1}>{last}) ", said)
    if found is None:
        return ()
    given = [(label, found[f"f{at}"]) for at, label in enumerate(labels)]
    return [{"label": label, "value": value, "code": ""} for label, value in given if value]


# --- what a sheet shows


def _lines(data: Mapping[str, Any]) -> tuple[Value, ...]:
    """The values of a page as they are told to people: a line for each row, and for each row of a table."""
    told = [Value(data["title"], data["regulation"]), Value("", data["subtitle"])]
    for part in data["sections"]:
        told += [Value(row["label"], f"{row['value']} {row['code']}".strip()) for row in part["rows"]]
        if part["table"] is not None:
            told += [Value(part["heading"], " · ".join(cells)) for cells in part["table"]["cells"]]
        if part["note"]:
            told.append(Value(part["heading"], part["note"]))
    return tuple(told)


def _cells(data: Mapping[str, Any]) -> list[Value]:
    """Every value by itself, in the order of the page."""
    title = data["title"]
    told = [Value(title, text) for text in (*data["parties"], title, data["regulation"], data["subtitle"])]
    for part in data["sections"]:
        for row in part["rows"]:
            told += [Value(row["label"], text) for text in (row["value"], row["code"]) if text]
        if part["table"] is not None:
            titles = part["table"]["titles"]
            told += [Value("", text) for text in titles]
            for number, cells in enumerate(part["table"]["cells"], 1):
                told += [
                    Value(f"{part['heading']}, {number}, {column}", text)
                    for column, text in zip(titles, cells, strict=True)
                ]
        if part["note"]:
            told.append(Value(part["heading"], part["note"]))
    return told
