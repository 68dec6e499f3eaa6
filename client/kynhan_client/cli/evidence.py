"""`kynhan receipts`, `verify`: what proves what happened, and judging it offline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kynhan_protocol.evidence.verdicts import Aside, Reason, ReceiptJudgement, Verdict, worst
from kynhan_protocol.package.qr_text import Reference

from .. import words
from ..errors import ClientError
from ..evidence import casefolder, papers
from ..evidence.holding import Evidence
from ..evidence.verifying import Trust, Verification
from ..home import durable
from ..home.home import Home
from ..log import finality, mirror, track
from ..log import receipts as proofs
from ..log.receipts import ReceiptLine
from ..screen.output import Output, moment, relative, short, size
from . import disclosure
from .base import FailedError, Session, command, option
from .homes import open_home
from .online import online

SHOWN = 5  # names of files of one kind


@command("receipts")
@click.argument("case", required=False)
@option("--upgrade", "receipts.upgrade", is_flag=True)
@option("--bundle", "receipts.bundle", metavar="ID")
@option("--out", "receipts.out", type=click.Path(path_type=Path))
def receipts(session: Session, case: str | None, upgrade: bool, bundle: str | None, out: Path | None) -> None:
    if bundle is not None and (case is not None or out is None):
        raise click.UsageError("--bundle ID --out FILE.tar")
    if bundle is None and out is not None and case is None:
        raise click.UsageError("CASE --out FOLDER")
    with open_home(session) as home:
        if bundle is not None and out is not None:
            _bundle(session, home, track.find_statement(home, bundle), out)
            return
        found = None if case is None else track.find_case(home, case)
        upgraded = _upgrade(home, found) if upgrade else 0
        written = [] if found is None or out is None else casefolder.write(home, found, out)
        late = {entry.logged.id: entry.logged.time for entry in finality.overdue(home)}
        _tell(session.output, proofs.listed(home, found), late, upgraded, out, written)


def _upgrade(home: Home, case: str | None) -> int:
    """Makes final what can be, after a look at the log if the relay is there; gives how many became final."""
    before = sum(line.state == "final" for line in proofs.listed(home, case))
    try:
        online(home, lambda relay: mirror.sync(home, relay))
    except ClientError as error:
        if error.code != "relay-down":
            raise
    proofs.upgrade(home, case)
    return sum(line.state == "final" for line in proofs.listed(home, case)) - before


def _bundle(session: Session, home: Home, id_: str, out: Path) -> None:
    data = proofs.bundle(home, id_)
    durable.write(out, data, mode=0o644)
    session.output.json({"id": id_, "file": str(out), "bytes": len(data)})
    session.output.say("receipts.bundle", sign="✓", path=relative(out), size=size(len(data)))


def _tell(
    output: Output,
    lines: list[ReceiptLine],
    late: Mapping[str, datetime],
    upgraded: int,
    folder: Path | None,
    written: list[Path],
) -> None:
    output.json(
        {
            "receipts": [
                {
                    "id": line.id,
                    "type": line.type,
                    "index": line.index,
                    "state": line.state,
                    "overdue": line.id in late,
                }
                for line in lines
            ],
            "upgraded": upgraded,
            "folder": None if folder is None else str(folder),
            "files": [str(path) for path in written],
        }
    )
    if not lines:
        output.say("receipts.empty")
        return
    output.table(
        ["receipts.index", "receipts.type", "receipts.id", "receipts.state"],
        [
            [
                str(line.index),
                output.pick(words.label("type", line.type)),
                short(line.id),
                output.pick(words.label("receipt", line.state)),
            ]
            for line in lines
        ],
    )
    if shown := [late[line.id] for line in lines if line.id in late]:
        output.say("receipts.overdue", sign="!", style="yellow", count=len(shown), since=moment(min(shown)))
    if upgraded:
        output.say("receipts.upgraded", sign="✓", count=upgraded)
    if folder is not None:
        output.say("receipts.folder", sign="✓", count=len(written), folder=relative(folder))


@command("verify")
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True)
@option("--policy", "verify.policy", type=click.Path(path_type=Path))
@option("--roots", "verify.roots", type=click.Path(path_type=Path))
@option("--evidence", "verify.evidence", into="brought", type=click.Path(path_type=Path))
@option(
    "--ed25519-until", "verify.ed25519-until", into="until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE"
)
def verify(
    session: Session,
    paths: tuple[Path, ...],
    policy: Path | None,
    roots: Path | None,
    brought: Path | None,
    until: datetime | None,
) -> None:
    trust = Trust(policy=policy, roots=roots, ed25519_until=None if until is None else until.date())

    def find(reference: Reference) -> Evidence | None:
        return papers.of_path(brought) if brought is not None else _of_home(session, reference)

    verifications = [papers.verify_path(path, trust, find, session.output.language) for path in paths]
    output = session.output
    found = [_as_json(path, verification) for path, verification in zip(paths, verifications, strict=True)]
    overall = worst(one.verdict for one in verifications)
    output.json(found[0] if len(found) == 1 else {"verdict": overall, "paths": found})
    for path, verification in zip(paths, verifications, strict=True):
        _show_verification(output, path, verification)
    if overall is not Verdict.VALID:
        raise FailedError


def _of_home(session: Session, reference: Reference) -> Evidence | None:
    """From the home, if there is one and its passphrase can be had."""
    if not (session.home / "keys.age").is_file():
        return None
    try:
        with open_home(session) as home:
            return papers.of_home(home, reference)
    except ClientError as error:
        if error.code not in ("no-passphrase", "no-relay"):
            raise
        return None


def _as_json(path: Path, verification: Verification) -> dict[str, Any]:
    def reasons(found: tuple[Reason, ...]) -> list[dict[str, str]]:
        return [
            {"code": one.code, "vi": one.vi, "en": one.en, "subject": one.subject, "detail": one.detail}
            for one in found
        ]

    return {
        "path": str(path),
        "verdict": verification.verdict,
        "fingerprint": verification.fingerprint,
        "anchored": verification.anchored,
        "receipts": [
            {
                "file": one.name,
                "verdict": one.verdict,
                "finality": one.finality,
                "index": one.index,
                "id": one.id,
                "type": one.type,
                "time": one.time,
                "reasons": reasons(one.reasons),
            }
            for one in verification.receipts
        ],
        "reasons": reasons(verification.reasons),
        "qr": [
            {
                "origin": one.origin,
                "index": one.index,
                "id": one.id,
                "size": one.size,
                "root": one.root,
                "case": one.case,
            }
            for one in verification.references
        ],
        "aside": [
            {"file": one.subject, "code": one.code, "vi": one.vi, "en": one.en, "detail": one.detail}
            for one in verification.aside
        ],
        "package": disclosure.as_json(verification.package),
        "page": [
            {"label": one.label, "value": one.text, "compared": one.compared} for one in verification.page
        ],
    }


def _show_verification(output: Output, path: Path, verification: Verification) -> None:
    verdict = words.label("verdict", verification.verdict)
    style = {"VALID": "green", "INVALID": "red"}.get(verification.verdict, "yellow")
    output.plain(relative(path))
    output.say("verify.verdict", style=style, verdict=verdict, count=len(verification.receipts))
    if verification.package is not None:
        disclosure.show(output, verification.package)
    _show_codes(output, verification)
    for reason in verification.reasons:
        _show_reason(output, reason, "  ", reason.subject)
    _show_receipts(output, verification)
    if verification.verdict is Verdict.INCOMPLETE:
        output.say("verify.incomplete", sign="→")
    _show_aside(output, verification)
    _show_page(output, verification)
    if verification.fingerprint is not None and not verification.anchored:
        groups = verification.fingerprint.split()
        output.say("verify.fingerprint")
        for start in range(0, len(groups), 6):
            output.plain("  " + " ".join(groups[start : start + 6]))


def _show_receipts(output: Output, verification: Verification) -> None:
    """The receipts that are not valid; what holds of several is said once, below all of them."""
    alike: dict[object, list[ReceiptJudgement]] = {}
    for one in verification.receipts:
        if one.verdict != "VALID":
            said = tuple((reason.code, reason.detail) for reason in one.reasons)
            alike.setdefault((one.verdict, said), []).append(one)
    for found in alike.values():
        for one in found[:SHOWN]:
            output.plain(f"  {one.name}: {output.pick(words.label('verdict', one.verdict))}")
        if len(found) > SHOWN:
            output.plain(f"  {output.text('verify.aside-more', count=len(found) - SHOWN)}")
        for reason in found[0].reasons:
            _show_reason(output, reason, "    ")


def _show_aside(output: Output, verification: Verification) -> None:
    """The files that change nothing, by why."""
    by_code: dict[str, list[Aside]] = {}
    for one in verification.aside:
        by_code.setdefault(one.code, []).append(one)
    for found in by_code.values():
        output.plain(f"  {output.pick((found[0].vi, found[0].en))}")
        for one in found[:SHOWN]:
            output.plain(f"    {one.subject}" + (f": {one.detail}" if one.detail else ""))
        if len(found) > SHOWN:
            output.plain(f"    {output.text('verify.aside-more', count=len(found) - SHOWN)}")


def _show_codes(output: Output, verification: Verification) -> None:
    """What the codes on paper name, and what the evidence says of it, to be read beside the page."""
    for one in verification.references:
        output.say("verify.qr", index=one.index, origin=one.origin, id=short(one.id), size=one.size)
        for judged in verification.receipts:
            if judged.id == one.id and judged.type is not None and judged.time is not None:
                at = moment(datetime.fromisoformat(judged.time))
                kind = words.label("type", judged.type)
                output.say("verify.shown", type=kind, index=judged.index, time=at)


def _show_page(output: Output, verification: Verification) -> None:
    """What the page has to say by the evidence: what was compared, and what is left to the reader's eye."""
    for compared, key in ((True, "verify.page-compared"), (False, "verify.page-by-eye")):
        told = [one for one in verification.page if one.compared == compared and one.is_evident]
        if told:
            output.say(key)
        for one in told:
            output.plain(f"  {one.label}: {one.text}" if one.label else f"  {one.text}")


def _show_reason(output: Output, reason: Reason, margin: str, subject: str = "") -> None:
    """A reason, and below it which file it is about, unless that was said, and what exactly was found."""
    output.plain(f"{margin}{output.pick((reason.vi, reason.en))}")
    if subject or reason.detail:
        output.plain(f"{margin}  {': '.join(filter(None, (subject, reason.detail)))}")
