"""What every printed page of evidence shares: heading, rows, the evidence, the code, the attachments.

A sheet is JSON data for templates/evidence.typ; its words come from words/printing.py, in the language of the paper.
Whatever comes from outside is data there, never markup, and is spelled out where it cannot be seen (glyphs.py).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import segno

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.package import qr_text
from kynhan_protocol.package.qr_text import Reference
from kynhan_protocol.statements import codes, signing

from .. import words
from ..home.home import Home
from ..home.tars import tar_of
from ..log.logbook import Entry
from ..words import Language, Pair
from . import dates, glyphs, typeset
from .basis import Basis, State, proofs

RECEIPT: Final = "bien-nhan.receipt"
BUNDLE: Final = "chung-cu.tar"
QR: Final = "qr.svg"
MARKINGS: Final = codes.SECRECIES
ERROR_CORRECTION: Final = "q"  # a quarter of the code may be lost


@dataclass(frozen=True)
class Printed:
    """A PDF, what its code says, whether its receipt is final, and the names of what is attached."""

    pdf: bytes
    reference: Reference
    state: State
    attached: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """The words of one sheet: in Vietnamese, English or both."""

    language: Language

    def say(self, key: str, **blanks: object) -> str:
        """A sentence of words/."""
        return words.text(key, self.language, **blanks)

    def pick(self, pair: Pair) -> str:
        """Wording at hand."""
        return words.choose(pair, self.language)

    def label(self, prefix: str, code: str) -> Pair:
        """The label of a code, without the sign that screens put before it."""
        vi, en = words.label(prefix, code)
        return vi.lstrip("✓✗? "), en

    def row(self, key: str, value: str, code: str = "") -> dict[str, str]:
        """A line of a section: what it is, its value, and a hash or the like below it."""
        return {"label": self.say(key), "value": value, "code": code}

    def moment(self, at: datetime) -> str:
        """A moment in full."""
        return self.pick(dates.long_moment(at))

    def date(self, day: date) -> str:
        """A day in full."""
        return self.pick(dates.long_date(day))

    def party(self, basis: Basis, name: str) -> str:
        """A committee, or a member with its committee's name before it."""
        party = basis.profile.party(basis.profile.party_of(name))
        return self.say("paper.party", name=(party.name.vi, party.name.en), member=name)

    def kind(self, label: Any) -> str:
        """A label of the protocol (Words), with a capital letter."""
        return self.pick((_capital(label.vi), _capital(label.en)))


def section(heading: str, rows: Sequence[Mapping[str, str]], **more: Any) -> dict[str, Any]:
    """A part of the page: rows, then `note` (a sentence) and `table` (columns, widths, cells)."""
    return {"heading": heading, "rows": list(rows), "note": "", "table": None, **more}


def table(paper: Paper, columns: Sequence[tuple[str, str]], cells: Sequence[Sequence[str]]) -> dict[str, Any]:
    """A table: (key of the title, width: `auto` or a share such as `2`), then the cells by row."""
    return {
        "titles": [paper.say(key) for key, _ in columns],
        "widths": [width for _, width in columns],
        "cells": [list(row) for row in cells],
    }


def evidence(paper: Paper, basis: Basis, main: Entry) -> dict[str, Any]:
    """The section that says where in which log the statement stands, and under which keys."""
    logged, head = main.logged, basis.head
    who = ", ".join(dict.fromkeys(signing.signer_names(logged.statement)))
    kind = paper.label("type", main.type)
    relay = basis.profile.relay
    roots = [
        paper.say("paper.key-root", name=name, ids=_key_id(vkey))
        for name, vkey in sorted(basis.roots.items())
    ]
    ids = ", ".join(map(_key_id, relay.vkeys))
    return section(
        paper.say("paper.evidence"),
        [
            paper.row("paper.statement", paper.say("paper.statement-by", type=kind, who=who)),
            paper.row("paper.id", "", logged.id),
            paper.row("paper.log", paper.say("paper.place", index=logged.index, origin=relay.origin)),
            paper.row("paper.logged-at", paper.moment(logged.time)),
            paper.row(
                "paper.checkpoint",
                paper.say("paper.checkpoint-is", size=dates.number(head.size)),
                head.root.hex(),
            ),
            paper.row("paper.state", paper.say(f"paper.state-{basis.state}")),
            paper.row("paper.keys", "; ".join([paper.say("paper.key-relay", ids=ids), *roots])),
            paper.row("paper.digits", "", basis.digits),
        ],
    )


def print_(
    home: Home,
    paper: Paper,
    template: str,
    basis: Basis,
    main: Entry,
    shown: Sequence[Entry],
    sheet: Mapping[str, Any],
    *,
    case: str | None = None,
) -> Printed:
    """The PDF of `sheet` (title, foot, sections), which rests on `main` and the statements `shown`.

    Raises ClientError as basis.proofs() does.
    """
    receipt, bundle = proofs(home, basis, main, shown)
    files = {RECEIPT: receipt}
    if bundle:
        files[BUNDLE] = tar_of(bundle)
    reference = basis.reference(main, case)
    made = typeset_(paper, template, basis, reference, sheet, files)
    return Printed(made, reference, basis.state, tuple(files))


def typeset_(
    paper: Paper,
    template: str,
    basis: Basis,
    reference: Reference,
    sheet: Mapping[str, Any],
    files: Mapping[str, bytes],
) -> bytes:
    """The PDF of `sheet` with `files` (RECEIPT, BUNDLE) attached: the same bytes for the same input."""
    data = {**data_of(paper, basis, reference, sheet), "attachments": _attachments(paper, files)}
    return typeset.pdf(template, glyphs.all_printable(data), {QR: qr(reference), **files}, at=basis.at)


def data_of(paper: Paper, basis: Basis, reference: Reference, sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the page shows, as the template reads it."""
    parties = basis.profile.parties
    return {
        "language": "en" if paper.language == "en" else "vi",
        "regulation": _regulation(paper, basis),
        "parties": [
            paper.pick((party.name.vi.upper(), party.name.en.upper()))
            for party in (parties.requesting, parties.responding)
        ],
        "subtitle": paper.say(
            "paper.as-of", size=dates.number(basis.head.size), at=dates.long_moment(basis.at)
        ),
        "check": {
            "heading": paper.say("paper.check"),
            "lines": [paper.say(f"paper.check-{name}") for name in ("file", "paper", "keys")],
        },
        "qr": {"file": QR, "alt": paper.say("paper.qr", index=reference.index)},
        "keywords": [reference.id],
        **sheet,
    }


def qr(reference: Reference) -> bytes:
    """The code as an SVG picture, with the quiet zone that readers need."""
    made = segno.make(qr_text.format(reference), error=ERROR_CORRECTION, micro=False)
    picture = io.BytesIO()
    made.save(picture, kind="svg", border=4, xmldecl=False)
    return picture.getvalue()


def _attachments(paper: Paper, files: Mapping[str, bytes]) -> list[dict[str, str]]:
    told = {
        RECEIPT: ("data", "text/plain", "paper.attached-receipt"),
        BUNDLE: ("supplement", "application/x-tar", "paper.attached-bundle"),
    }
    return [
        {"name": name, "relationship": relationship, "mime": mime, "description": paper.say(key)}
        for name, (relationship, mime, key) in told.items()
        if name in files
    ]


def _regulation(paper: Paper, basis: Basis) -> str:
    regulation = basis.profile.regulation
    return paper.say("paper.regulation", number=regulation.number, date=dates.long_date(regulation.date))


def _key_id(vkey: Vkey) -> str:
    return vkey.key_id.hex()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
