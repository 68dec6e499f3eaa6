"""`kynhan edxml export | import | status | organ`: documents for, and from, offices that exchange edXML."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from .. import words
from ..edxml import exporting, importing, statuses, write
from ..edxml.model import STATUSES, Status
from ..edxml.read import MAX_BYTES, read
from ..errors import problem
from ..home import durable
from ..log import track
from ..screen.output import moment, relative, size
from .base import SETTINGS, Session, command, option
from .homes import open_home
from .lazy import LazyGroup

PLACES: Final = {
    "export": "kynhan_client.cli.edxml:export",
    "import": "kynhan_client.cli.edxml:import_",
    "status": "kynhan_client.cli.edxml:status",
    "organ": "kynhan_client.cli.edxml:organ",
}

edxml = LazyGroup(
    "edxml",
    places=PLACES,
    within="edxml",
    help=words.help_text("edxml"),
    epilog=words.help_examples("edxml"),
    context_settings=SETTINGS,
)

OUT = option("--out", "edxml.out", type=click.Path(path_type=Path), required=True)


@command("edxml export")
@click.argument("dispatch")
@OUT
@option("--yes", "yes", is_flag=True)
def export(session: Session, dispatch: str, out: Path, yes: bool) -> None:
    output = session.output
    _must_be_new(out)
    with open_home(session) as home:
        found = track.find_dispatch(home, dispatch)
        output.note("edxml.leaves-seal", path=relative(out))
        session.confirm("edxml.ask", yes)
        document = exporting.export(home, found, out.absolute().parent)
        data = write.document(document)
        durable.write(out, data)
        home.archive.note_event("edxml-exported", home.clock.posix(), dispatch=found)
    output.json(
        {"dispatch": found, "file": str(out), "bytes": len(data), "document": document.id, "sealed": False}
    )
    output.say("edxml.exported", sign="✓", path=relative(out), size=size(len(data)))


@command("edxml import")
@click.argument("file", type=click.Path(path_type=Path))
@OUT
def import_(session: Session, file: Path, out: Path) -> None:
    output = session.output
    told = read(_bytes_of(file), str(file))
    if isinstance(told, Status):
        output.json(
            {
                "status": told.code,
                "about": told.about.document,
                "from": told.from_.id,
                "description": told.description,
                "at": told.at,
            }
        )
        label = words.pair(statuses.LABELS[told.code])
        output.say(
            "edxml.told", code=told.code, label=label, document=told.about.document, at=moment(told.at)
        )
        return
    made = importing.write_folder(told, out)
    output.json(
        {
            "folder": str(made.folder),
            "cover": str(made.cover),
            "files": [str(path) for path in made.files],
            "title": made.title,
            "urgency": made.urgency,
            "from": told.from_.id,
            "document": told.id,
        }
    )
    output.say("edxml.imported", sign="✓", folder=relative(made.folder), n=len(made.files))
    output.say("edxml.next", cover=relative(made.cover))


@command("edxml status")
@click.argument("dispatch")
@option("--code", "edxml.code", type=click.Choice(STATUSES))
@OUT
def status(session: Session, dispatch: str, code: str | None, out: Path) -> None:
    _must_be_new(out)
    with open_home(session) as home:
        found = track.find_dispatch(home, dispatch)
        told = statuses.status(home, found, code)
        durable.write(out, write.status(told))
    session.output.json(
        {
            "dispatch": found,
            "file": str(out),
            "code": told.code,
            "document": told.about.document,
            "at": told.at,
        }
    )
    label = words.pair(statuses.LABELS[told.code])
    session.output.say("edxml.status-written", sign="✓", code=told.code, label=label, path=relative(out))


@command("edxml organ")
@click.argument("committee")
@click.argument("identity", required=False)
def organ(session: Session, committee: str, identity: str | None) -> None:
    with open_home(session) as home:
        if identity is not None:
            exporting.set_organ_id(home, committee, identity)
        known = exporting.organ_id(home, committee)
    session.output.json({"committee": committee, "organ": known})
    session.output.say("edxml.organ", committee=committee, organ=known)


def _must_be_new(out: Path) -> None:
    if out.exists():
        raise problem("file-exists", path=out)
    if not out.absolute().parent.is_dir():
        raise problem("missing-file", path=out.absolute().parent)


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as source:
            return source.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise problem("missing-file", path=file) from None
    except OSError as error:
        raise problem("unreadable-file", path=file, why=error) from error
