"""From an edXML file to a folder that can be sent: its files, and a cover.toml with its register fields."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..dossiers import toml_text
from ..dossiers.dossier import is_number
from ..errors import problem
from ..forms.model import FORMS
from ..home import durable
from .model import PRIORITIES, Document

COVER: Final = "cover.toml"


@dataclass(frozen=True)
class Imported:
    """What was written. `files` are paths in the order of the file; `urgency` belongs on the outside."""

    folder: Path
    cover: Path
    files: tuple[Path, ...]
    title: str
    urgency: str | None


def write_folder(doc: Document, folder: Path) -> Imported:
    """Writes the files and the cover.toml into `folder`, made if missing. Raises ClientError file-exists, before
    anything is written, if one of them is there already."""
    files = tuple(folder / attachment.name for attachment in doc.attachments)
    cover = folder / COVER
    for path in (cover, *files):
        if path.exists() or path.is_symlink():
            raise problem("file-exists", path=path)
    if any(path == cover for path in files):
        raise problem("file-exists", path=cover)
    folder.mkdir(parents=True, exist_ok=True)
    for attachment, path in zip(doc.attachments, files, strict=True):
        if path.parent != folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        durable.write(path, attachment.data)
    durable.write(cover, cover_toml(doc).encode())
    return Imported(folder, cover, files, doc.title, PRIORITIES[doc.priority])


def cover_toml(doc: Document) -> str:
    """The register fields of a document as a cover.toml; what the file does not say is left out."""
    number = int(doc.number) if doc.number.isascii() and doc.number.isdigit() and len(doc.number) < 10 else 0
    number = number if is_number(number) else 0
    form = form_of(doc)
    printed = None
    if number and doc.symbol:
        printed = FORMS[form].printed(number, doc.symbol)
    elif doc.number:
        printed = " ".join(part for part in ("Số", doc.number, doc.symbol) if part)
    fields: dict[str, object] = {
        "title": doc.title,
        "form": form,
        "issuer": doc.from_.name,
        "doctype": doc.doctype,
        "number": number,
        "symbol": doc.symbol,
        "printed": printed,
        "place": doc.place,
        "issued": doc.issued,
        "authority": doc.authority,
        "position": doc.position,
        "signer": doc.signer,
        "pages": doc.pages,
        "circulation": doc.circulation,
        "reply-to": next((one.code for one in doc.answers if one.code), None),
        "wish-date": doc.due,
        "cover": doc.attachments[0].name if doc.attachments else None,
    }
    lines = [f"{name} = {toml_text.value(value)}" for name, value in fields.items() if value]  # type: ignore[arg-type]
    for place in doc.places:
        lines += ["", "[[copy]]", 'channel = "electronic"', f"name = {toml_text.value(place)}"]
    return "\n".join([*lines, ""])


def form_of(doc: Document) -> str:
    """The form a document seems to be in: the Party's symbols have a stroke inside (CV/ĐUCCQ)."""
    if "/" not in doc.symbol:
        return "state-2020"
    succession = FORMS["party-2026"].begins
    return "party-2026" if doc.issued is not None and doc.issued >= succession else "party-2018"
