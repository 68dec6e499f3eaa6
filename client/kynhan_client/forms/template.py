"""A cover.toml to be filled in, for one form and type of document, with what belongs into each line."""

from __future__ import annotations

from ..clauses import clause
from ..errors import problem
from .check import NAMES
from .model import FORMS, DocType, Form

HINTS = {
    "title": "hint.title",
    "number": "hint.number",
    "symbol": "hint.symbol",
    "authority": "hint.authority",
    "secrecy": "hint.secrecy",
    "secret": "hint.secret",
    "copy": "hint.copy",
}


def template(code: str, doctype: str) -> str:
    """The text of a cover.toml; it passes check() once its lines are filled in. Raises ClientError bad-form."""
    form = FORMS.get(code)
    if form is None:
        raise problem("bad-form", given=code, possible=" ".join(FORMS))
    kind = form.doctype(doctype)
    if kind is None:
        raise problem("bad-form", given=doctype, possible=" ".join(one.slug for one in form.types))
    return "\n".join([*_head(form), *_fields(form, kind), *_copies(), ""])


def _head(form: Form) -> list[str]:
    return [f"# {form.rule}", *(f"# {line}" for line in form.heading), ""]


def _fields(form: Form, kind: DocType) -> list[str]:
    example = form.example_symbol(kind)
    lines = {
        "form": f'form = "{form.code}"',
        "title": 'title = ""',
        "issuer": 'issuer = ""',
        "parent": '# parent = ""',
        "doctype": f'doctype = "{kind.name}"',
        "number": "# number = 1",
        "symbol": f'symbol = "{example}"',
        "place": 'place = ""',
        "issued": "# issued = 2026-01-31",
        "authority": f'# authority = "{form.authorities[0]} …"',
        "position": 'position = ""',
        "signer": 'signer = ""',
        "secrecy": 'secrecy = "khong-mat"',
    }
    told = []
    for name, line in lines.items():
        key = HINTS.get(name) or NAMES.get(name)
        if key is not None:
            vi, en = clause(key, printed=form.printed(1, example), possible=", ".join(form.authorities))
            told += [f"# {vi}", f"# {en}"]
        if name == "secrecy":
            told += [f"# {line}" for line in clause(HINTS["secret"])]
        told.append(line)
    return told


def _copies() -> list[str]:
    vi, en = clause(HINTS["copy"])
    lines = ['channel = "electronic"', "quantity = 1", 'purpose = "xu-ly"', 'name = ""']
    return ["", f"# {vi}", f"# {en}", "# [[copy]]", *(f"# {line}" for line in lines)]
