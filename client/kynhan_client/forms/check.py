"""Whether a cover.toml is what its form asks for, and what is wrong, a sentence each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from kynhan_protocol.statements import codes

from ..clauses import Pair, clause
from ..dossiers.dossier import Cover, with_fields
from .model import FORMS, DocType, Form

NAMES: Final = {
    "title": "field.title",
    "issuer": "field.issuer",
    "doctype": "field.doctype",
    "number": "field.number",
    "symbol": "field.symbol",
    "place": "field.place",
    "issued": "field.issued",
    "position": "field.position",
    "signer": "field.signer",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of a cover.toml; a `note` is worth a look and no fault."""

    field: str
    severity: Literal["fault", "note"]
    told: Pair


def check(cover: Cover, *, numbered: bool = True) -> list[Fault]:
    """Everything that is wrong with a cover, in the order of its fields; empty if nothing is. `numbered` False: the
    number comes later."""
    if cover.form is None or cover.form not in FORMS:
        given = cover.form or "–"
        return [_fault("form", "form.unknown", form=given, possible=" ".join(FORMS))]
    form = FORMS[cover.form]
    doctype = form.doctype(cover.doctype)
    return [
        *_missing(form, cover, numbered),
        *_type(form, cover, doctype),
        *_number(form, cover, doctype),
        *_dates(form, cover),
        *_signing(form, cover),
        *_secrecy(cover),
        *([] if cover.copy else [_fault("copy", "form.no-copies", note=True)]),
    ]


def complete(cover: Cover) -> Cover:
    """The same cover, with the printed number composed where form, number and symbol are there and it is not."""
    form = FORMS.get(cover.form or "")
    try:
        number = cover.document_number
    except ValueError:
        return cover
    if form is None or cover.printed is not None or number is None or not cover.symbol:
        return cover
    return with_fields(cover, printed=form.printed(number, cover.symbol))


def _missing(form: Form, cover: Cover, numbered: bool) -> list[Fault]:
    wanted = [name for name in form.required if numbered or name != "number"]
    return [
        _fault(name, "form.missing", label=clause(NAMES[name]), name=name)
        for name in wanted
        if getattr(cover, name) in (None, "")
    ]


def _type(form: Form, cover: Cover, doctype: DocType | None) -> list[Fault]:
    if not cover.doctype or doctype is not None:
        return []
    possible = ", ".join(one.name for one in form.types)
    return [_fault("doctype", "form.no-such-type", given=cover.doctype, possible=possible)]


def _number(form: Form, cover: Cover, doctype: DocType | None) -> list[Fault]:
    found: list[Fault] = []
    if cover.symbol and not form.fits(cover.symbol, doctype):
        example = form.example_symbol(doctype or form.types[0])
        found.append(_fault("symbol", "form.bad-symbol", given=cover.symbol, example=example))
    if cover.printed is not None and cover.symbol and cover.number is not None:
        composed = form.printed(int(cover.number), cover.symbol)
        if cover.printed != composed:
            found.append(_fault("printed", "form.bad-printed", given=cover.printed, composed=composed))
    return found


def _dates(form: Form, cover: Cover) -> list[Fault]:
    found: list[Fault] = []
    issued = cover.issued
    if issued is not None and issued < form.begins:
        found.append(_fault("issued", "form.too-early", rule=form.rule, date=_day(form.begins)))
    if issued is not None and form.ends is not None and issued >= form.ends:
        found.append(_fault("form", "form.succeeded", note=True, date=_day(form.ends)))
    if issued is not None and cover.wish_date is not None and cover.wish_date < issued:
        found.append(_fault("wish-date", "form.wish-before-issue"))
    return found


def _signing(form: Form, cover: Cover) -> list[Fault]:
    if not cover.authority or cover.authority.startswith(form.authorities):
        return []
    possible = ", ".join(form.authorities)
    return [_fault("authority", "form.bad-authority", given=cover.authority, possible=possible)]


def _secrecy(cover: Cover) -> list[Fault]:
    if cover.secrecy is not None and cover.secrecy not in codes.SECRECIES:
        possible = ", ".join(codes.SECRECIES)
        return [_fault("secrecy", "form.bad-secrecy", given=cover.secrecy, possible=possible)]
    if cover.secret_until is not None and cover.secrecy in (None, codes.SECRECIES[0]):
        return [_fault("secret-until", "form.not-secret")]
    return []


def _fault(field: str, key: str, *, note: bool = False, **blanks: object) -> Fault:
    return Fault(field, "note" if note else "fault", clause(key, **blanks))


def _day(on: date) -> str:
    return f"{on:%d/%m/%Y}"
