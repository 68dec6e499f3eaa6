"""`kynhan report make | send | verify | budget`: periodic reports and their proofs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from kynhan_protocol.reports.reports import Report

from .. import words
from ..errors import ClientError
from ..home.home import Home
from ..log import mirror
from ..reporting import checking, making, naming, reading, writing
from ..reporting.checking import Checked, Trust
from ..reporting.making import Made, Wanted
from ..screen.output import Output, moment, relative
from .base import SETTINGS, FailedError, Session, command, option
from .homes import open_home
from .lazy import LazyGroup
from .letters import deliver
from .online import online

PLACES: Final = {
    "make": "kynhan_client.cli.reports:make",
    "send": "kynhan_client.cli.reports:send",
    "verify": "kynhan_client.cli.reports:verify",
    "budget": "kynhan_client.cli.reports:budget",
}
WIDTH: Final = 80  # columns
NAMED: Final = 5  # files that were not checked are named up to so many
DAY: Final = click.DateTime(["%Y-%m-%d"])

report = LazyGroup(
    "report",
    places=PLACES,
    within="report",
    help=words.help_text("report"),
    epilog=words.help_examples("report"),
    context_settings=SETTINGS,
)


@command("report make")
@option("--month", "report.month")
@option("--quarter", "report.quarter")
@option("--half", "report.half")
@option("--year", "report.year")
@option("--from", "report.from", into="begins", type=DAY, metavar="DATE")
@option("--to", "report.to-date", into="ends", type=DAY, metavar="DATE")
@option(
    "--at", "report.at", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z"]), metavar="TIME"
)
@option("--out", "report.out", type=click.Path(path_type=Path, file_okay=False))
@option("--format", "report.format", into="formats", default="pdf,xlsx,json", show_default=True)
@option("--titles", "report.titles", is_flag=True)
def make(
    session: Session,
    month: str | None,
    quarter: str | None,
    half: str | None,
    year: str | None,
    begins: datetime | None,
    ends: datetime | None,
    at: datetime | None,
    out: Path | None,
    formats: str,
    titles: bool,
) -> None:
    chosen = formats.split(",")
    if unknown := [one for one in chosen if one not in writing.FORMATS]:
        raise click.UsageError(f"--format {unknown[0]}: {','.join(writing.FORMATS)}")
    names = {"month": month, "quarter": quarter, "half-year": half, "year": year}
    wanted = _wanted({kind: name for kind, name in names.items() if name is not None}, begins, ends)
    moment_of = None if at is None else at.replace(tzinfo=at.tzinfo or UTC)
    with open_home(session) as home:
        _look(home)
        made = making.make(home, wanted, moment_of)
        folder = out or Path("bao-cao") / _name(made.report)
        paths = writing.write(writing.files(home, made, chosen, with_titles=titles), folder)
    _tell_made(session, made, paths)


@command("report send")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="REPORT")
@option("--to", "report.to", required=True)
@option("--title", "report.title")
@option("--about", "report.about")
@option("--yes", "yes", is_flag=True)
def send(session: Session, folder: Path, to: str, title: str | None, about: str | None, yes: bool) -> None:
    ready = writing.letter(folder, to, title=title, about=about)
    period = reading.read(folder).report.period.label
    session.confirm("report.ask-send", yes, period=(period.vi, period.en), to=to)
    deliver(session, lambda home: ready)


@command("report verify")
@click.argument("file", type=click.Path(path_type=Path))
@option("--evidence", "report.evidence", type=click.Path(path_type=Path))
@option("--roots", "verify.roots", type=click.Path(path_type=Path))
@option("--policy", "verify.policy", type=click.Path(path_type=Path))
@option("--own", "report.own", is_flag=True)
def verify(
    session: Session, file: Path, evidence: Path | None, roots: Path | None, policy: Path | None, own: bool
) -> None:
    handed = reading.read(file, evidence)
    with _maybe_home(session, own) as home:
        checked = checking.check(handed, Trust(roots=roots, policy=policy), home)
    _tell_checked(session, file, checked)
    if checked.verdict != "VALID":
        raise FailedError


@command("report budget")
@option("--year", "report.year", required=True)
@option("--unit-cost", "report.unit-cost", into="costs", multiple=True, metavar="TERM=NUMBER")
def budget(session: Session, year: str, costs: tuple[str, ...]) -> None:
    each = dict(_cost(text) for text in costs)
    with open_home(session) as home:
        _look(home)
        made = making.make(home, Wanted(name=year, kind="year"))
        if unknown := each.keys() - {term.code for term in made.source.profile.terms} - {"none"}:
            raise click.UsageError(f"--unit-cost {min(unknown)}=…")
        rows = writing.budget(made, each)
    known = [row.cost for row in rows if row.cost is not None]
    output = session.output
    output.json({"year": year, "terms": msgspec.to_builtins(rows), "sum": sum(known) if known else None})
    lines = [[row.label, str(row.received), _money(row.each), _money(row.cost)] for row in rows]
    if known:
        lines.append([output.text("report.budget.sum"), "", "", _money(sum(known))])
    headings = ["report.budget.term", "report.budget.count", "report.budget.each", "report.budget.cost"]
    output.table(headings, lines)


def _look(home: Home) -> None:
    """Reads the log if the relay can be reached; what is already here serves otherwise."""
    try:
        online(home, lambda relay: mirror.sync(home, relay))
    except ClientError as error:
        if error.code != "relay-down":
            raise


def _wanted(given: dict[str, str], begins: datetime | None, ends: datetime | None) -> Wanted:
    if len(given) == 1 and begins is None and ends is None:
        ((kind, name),) = given.items()
        return Wanted(name=name, kind=kind)
    if given or begins is None or ends is None:
        raise click.UsageError("--month | --quarter | --half | --year | --from DATE --to DATE")
    return Wanted(begins=begins.date(), ends=ends.date())


def _name(made: Report) -> str:
    """The folder of a report: its period's name, or both dates."""
    period = made.period
    return period.name or f"{period.begins}--{period.ends}"


def _cost(text: str) -> tuple[str, int]:
    term, _, number = text.partition("=")
    if not (term and number.isascii() and number.isdigit() and len(number) <= 15):
        raise click.UsageError("--unit-cost TERM=NUMBER")
    return term, int(number)


def _money(amount: int | None) -> str:
    return "–" if amount is None else naming.number(amount)


@contextmanager
def _maybe_home(session: Session, wanted: bool) -> Iterator[Home | None]:
    if not wanted:
        yield None
        return
    with open_home(session) as home:
        yield home


def _tell_made(session: Session, made: Made, paths: list[Path]) -> None:
    output, total = session.output, made.report.figures.total
    output.json(
        {
            "files": [str(path) for path in paths],
            "final": made.final,
            "reaches": made.reaches.isoformat(),
            "report": msgspec.to_builtins(made.report),
        }
    )
    for path in paths:
        output.say("report.made", sign="✓", path=relative(path))
    output.say(
        "report.counts",
        carried=total.carried_over,
        received=total.received,
        answered=total.answered,
        open=total.open,
    )
    if total.reopened or total.fallen_out or total.contested:  # else the line above would not add up
        output.say(
            "report.counts-aside",
            reopened=total.reopened,
            fallen_out=total.fallen_out,
            contested=total.contested,
        )
    limits = total.limits
    dated = limits.answered - limits.undated
    output.say(
        "report.rate",
        due=naming.share(limits.in_time, dated),
        original=naming.share(limits.in_time_original, dated),
        past=limits.open_past,
    )
    if not made.final:
        output.say("report.not-final", sign="!", style="yellow")
    if not made.is_covered:
        output.say("report.not-covered", sign="!", style="yellow", at=moment(made.reaches))
    unknown = total.cases - len(made.report.subjects)
    if unknown:
        output.say("report.unknown-subjects", sign="!", style="yellow", count=unknown)


def _tell_checked(session: Session, file: Path, checked: Checked) -> None:
    output = session.output
    output.json(_checked_json(file, checked))
    verdict = words.label("verdict", checked.verdict)
    style = {"VALID": "green", "INVALID": "red"}.get(checked.verdict, "yellow")
    period = checked.report.period.label
    output.plain(relative(file))
    output.say("report.verdict", style=style, verdict=verdict, period=(period.vi, period.en))
    for reason in checked.reasons:
        for sentence in output.cell((reason.vi, reason.en)).splitlines():
            _lines(output, sentence, "  ")
        if about := ": ".join(part for part in (reason.subject, reason.detail) if part):
            _lines(output, about, "    ")
    if checked.reaches is not None:
        finality = words.label("receipt", "final" if checked.final else "pending")
        output.say("report.reaches", at=moment(checked.reaches), finality=finality)
    if checked.fingerprint is not None and not checked.anchored:
        groups = checked.fingerprint.split()
        output.say("verify.fingerprint")
        for start in range(0, len(groups), 6):
            output.plain("  " + " ".join(groups[start : start + 6]))
    for name in checked.pages:
        output.say("report.pages", name=name)
    for name in checked.books:
        output.say("report.books", name=name)
    if checked.lines:
        output.say("report.lines")
    for line in checked.lines:
        _lines(output, f"{line.label}: {line.text}" if line.label else line.text, "  ")
    if checked.unread:
        more = "…" if len(checked.unread) > NAMED else ""
        output.say("report.unread", sign="!", names=", ".join(checked.unread[:NAMED]) + more)
    declared = checked.report.subjects or checked.report.difficulties
    if checked.subjects == "declared" and declared:
        output.say("report.declared", sign="!")


def _lines(output: Output, text: str, margin: str) -> None:
    """A text on as many lines as it takes."""
    for line in textwrap.wrap(text, WIDTH, initial_indent=margin, subsequent_indent=margin):
        output.plain(line)


def _checked_json(file: Path, checked: Checked) -> dict[str, Any]:
    return {
        "path": str(file),
        "verdict": checked.verdict,
        "final": checked.final,
        "anchored": checked.anchored,
        "fingerprint": checked.fingerprint,
        "reaches": None if checked.reaches is None else checked.reaches.isoformat(),
        "subjects": checked.subjects,
        "pages": list(checked.pages),
        "books": list(checked.books),
        "shown": [{"label": one.label, "value": one.text} for one in checked.lines],
        "unread": list(checked.unread),
        "period": msgspec.to_builtins(checked.report.period),
        "reasons": [
            {
                "code": one.code,
                "en": one.en,
                "vi": one.vi,
                "verdict": one.verdict,
                "subject": one.subject,
                "detail": one.detail,
            }
            for one in checked.reasons
        ],
    }
