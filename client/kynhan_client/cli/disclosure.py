"""`kynhan evidence`: revealing the file key of one package to a judge; and what `kynhan verify` says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from .. import words
from ..evidence import disclosure
from ..evidence.package_finding import PackageFinding
from ..log import track
from ..screen.output import Output, relative, short, size
from .base import Session, command, option
from .homes import open_home

ANSWERS: Final = ("header", "body", "key", "payload", "content")


@command("evidence")
@click.argument("dispatch")
@option("--out", "evidence.out", type=click.Path(path_type=Path), required=True, metavar="FOLDER")
@option("--yes", "yes", is_flag=True)
def evidence(session: Session, dispatch: str, out: Path, yes: bool) -> None:
    output = session.output
    disclosure.require_new(out)
    if not yes:
        session.require_someone_to_ask()
    with open_home(session) as home:
        found = track.find_dispatch(home, dispatch)
        made = disclosure.prepare(home, found)
        show(output, made.finding)
        output.warn(words.pair("evidence.warning", dispatch=short(found)))
        session.confirm("evidence.ask", yes)
        paths = disclosure.write(made, out)
        home.archive.note_event("revealed", home.clock.posix(), dispatch=found)
    output.json(
        {
            "dispatch": found,
            "folder": str(out),
            "files": [str(path) for path in paths],
            "package": as_json(made.finding),
        }
    )
    total = sum(path.stat().st_size for path in paths)
    output.say("evidence.done", sign="✓", count=len(paths), folder=relative(out), size=size(total))


def as_json(finding: PackageFinding | None) -> dict[str, Any] | None:
    """What a revealed package shows, for scripts; null without one."""
    if finding is None:
        return None
    return {
        "dispatch": finding.dispatch,
        "result": finding.result,
        "fault": finding.fault,
        **{name: getattr(finding, name) for name in ANSWERS},
        "faults": [{"code": one.code, "vi": one.vi, "en": one.en} for one in finding.faults],
    }


def show(output: Output, finding: PackageFinding) -> None:
    """The same for people: each answer, then what they come to."""
    for name in ANSWERS:
        answer = getattr(finding, name)
        if answer is not None:
            told = output.text(f"package-answer.{'yes' if answer else 'no'}")
            output.plain(f"  {output.text(f'package-answer.{name}')}: {told}")
    known = finding.result in ("fault", "whole", "other-key")
    style = "red" if finding.result == "fault" else "green" if finding.result == "whole" else "yellow"
    fault = words.label("package-class", finding.fault or "")
    output.say(f"package-result.{finding.result if known else 'unjudged'}", style=style, fault=fault)
    for one in finding.faults:
        output.plain(f"  {output.pick((one.vi, one.en))}")
