"""`kynhan form check | new`: whether a cover.toml is what its form of documents asks for; an empty one to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from kynhan_protocol.statements.codes import FORMS

from .. import words
from ..dossiers import dossier
from ..forms.check import check as check_cover
from ..forms.check import complete
from ..forms.template import template
from ..screen.output import relative
from .base import SETTINGS, FailedError, Session, command, option
from .lazy import LazyGroup

PLACES: Final = {
    "check": "kynhan_client.cli.forms:check",
    "new": "kynhan_client.cli.forms:new",
}

form = LazyGroup(
    "form",
    places=PLACES,
    within="form",
    help=words.help_text("form"),
    epilog=words.help_examples("form"),
    context_settings=SETTINGS,
)


@command("form check")
@click.argument("file", type=click.Path(path_type=Path))
@option("--unnumbered", "form.unnumbered", is_flag=True)
def check(session: Session, file: Path, unnumbered: bool) -> None:
    output = session.output
    cover = dossier.read_cover(file)
    faults = check_cover(cover, numbered=not unnumbered)
    wrong = [fault for fault in faults if fault.severity == "fault"]
    output.json(
        {
            "file": str(file),
            "form": cover.form,
            "printed": complete(cover).printed,
            "faults": [
                {"field": one.field, "severity": one.severity, "vi": one.told[0], "en": one.told[1]}
                for one in faults
            ],
        }
    )
    for one in faults:
        red = one.severity == "fault"
        output.say("form.fault", sign="✗" if red else "!", style="red" if red else "yellow", told=one.told)
    if wrong:
        output.say("form.wrong", path=relative(file), n=len(wrong))
        raise FailedError
    output.say("form.right", sign="✓", path=relative(file))
    if (printed := complete(cover).printed) is not None:
        output.say("form.printed", sign=" ", printed=printed)


@command("form new")
@option("--form", "form.form", into="form_code", type=click.Choice(FORMS), required=True)
@option("--doctype", "form.doctype", default="cong-van", show_default=True)
def new(session: Session, form_code: str, doctype: str) -> None:
    text = template(form_code, doctype)
    session.output.json({"form": form_code, "cover": text})
    for line in text.removesuffix("\n").split("\n"):
        session.output.plain(line)
