"""`kynhan print receipt | case`: evidence on paper, PDF/A-3 with the receipt inside."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from kynhan_protocol.package import qr_text

from .. import words
from ..errors import problem
from ..home import durable
from ..log import track
from ..printing import certificate, receipt
from ..printing.sheet import Printed
from ..screen.output import relative, size
from ..words import Language
from .base import SETTINGS, Session, command, option
from .homes import open_home
from .lazy import LazyGroup

PLACES: Final = {
    "receipt": "kynhan_client.cli.printing:print_receipt",
    "case": "kynhan_client.cli.printing:print_case",
}

print_ = LazyGroup(
    "print",
    places=PLACES,
    within="print",
    help=words.help_text("print"),
    epilog=words.help_examples("print"),
    context_settings=SETTINGS,
)

_out = option("--out", "print.out", type=click.Path(path_type=Path, dir_okay=False), required=True)
_language = option(
    "--lang", "print.lang", into="paper", type=click.Choice(["vi", "en", "both"]), default="vi"
)
_with_title = option("--with-title", "print.with-title", is_flag=True)


@command("print receipt")
@click.argument("id_", metavar="ID")
@_out
@_with_title
@_language
def print_receipt(session: Session, id_: str, out: Path, with_title: bool, paper: Language) -> None:
    _require_new(out)
    with open_home(session) as home:
        statement = track.find_statement(home, id_)
        printed = receipt.receipt(home, statement, language=paper, with_title=with_title)
    _write(session, out, printed, with_title)


@command("print case")
@click.argument("case", metavar="CASE")
@_out
@_with_title
@_language
def print_case(session: Session, case: str, out: Path, with_title: bool, paper: Language) -> None:
    _require_new(out)
    with open_home(session) as home:
        found = track.find_case(home, case)
        printed = certificate.certificate(home, found, language=paper, with_title=with_title)
    _write(session, out, printed, with_title)


def _require_new(out: Path) -> None:
    if out.exists():
        raise problem("paper-exists", out=out)


def _write(session: Session, out: Path, printed: Printed, with_title: bool) -> None:
    """Evidence may be read by anybody, what was inside the seal by nobody but whose file it is."""
    durable.write(out, printed.pdf, mode=0o600 if with_title else 0o644)
    output = session.output
    output.json(
        {
            "file": str(out),
            "bytes": len(printed.pdf),
            "state": printed.state,
            "id": printed.reference.id,
            "index": printed.reference.index,
            "case": printed.reference.case,
            "qr": qr_text.format(printed.reference),
            "attached": list(printed.attached),
        }
    )
    output.say("print.done", sign="✓", path=relative(out), size=size(len(printed.pdf)))
    if printed.state == "pending":
        output.say("print.pending", sign="!", style="yellow")
