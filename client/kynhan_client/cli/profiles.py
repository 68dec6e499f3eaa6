"""`kynhan profile draft | show | sign`: the document under which two committees work together."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import click
import msgspec

from kynhan_protocol.agreement import calendar, default_profile
from kynhan_protocol.agreement import profile as profiles
from kynhan_protocol.agreement.default_profile import PartyNames, RegulationNames
from kynhan_protocol.agreement.profile import Profile, document_hash
from kynhan_protocol.agreement.profile_text import render
from kynhan_protocol.errors import ProfileError
from kynhan_protocol.statements.statements import ProfileAttestation

from .. import words
from ..clauses import clause
from ..errors import ClientError, problem
from ..home import durable
from ..home.home import Home
from ..log import mirror
from ..log.view import View
from ..relay.relay import Relay
from ..screen.output import relative
from ..trust import profile_signing
from .base import SETTINGS, Session, command, option
from .files import read_file
from .homes import open_home
from .lazy import LazyGroup
from .online import at_once, online

PLACES: Final = {
    "draft": "kynhan_client.cli.profiles:draft",
    "show": "kynhan_client.cli.profiles:show",
    "sign": "kynhan_client.cli.profiles:sign",
}

profile = LazyGroup(
    "profile",
    places=PLACES,
    within="profile",
    help=words.help_text("profile"),
    epilog=words.help_examples("profile"),
    context_settings=SETTINGS,
)


@command("profile draft")
@option("--requesting", "profile.requesting", required=True)
@option("--responding", "profile.responding", required=True)
@option("--number", "profile.number", default="…", show_default=True)
@option("--date", "profile.date", into="issued", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@option("--out", "profile.out", type=click.Path(path_type=Path), required=True)
def draft(
    session: Session, requesting: str, responding: str, number: str, issued: datetime | None, out: Path
) -> None:
    with open_home(session) as home:
        relay = home.relay
        names = default_profile.REQUESTING_NAMES, default_profile.RESPONDING_NAMES
        try:
            document = default_profile.default_profile(
                relay=relay.keys,
                requesting=PartyNames(requesting, requesting.partition(".")[0].upper(), *names[0]),
                responding=PartyNames(responding, responding.partition(".")[0].upper(), *names[1]),
                regulation=RegulationNames(number, (issued or home.clock.now()).date()),
                calendar=calendar.shipped().sha,
            )
        except ProfileError as error:
            raise problem("bad-name", name=f"{requesting}, {responding}", why=error) from error
    if out.exists():
        raise problem("file-exists", path=out)
    durable.write(out, document, mode=0o644)
    session.output.json({"file": str(out), "sha256": document_hash(document)})
    session.output.say("profile.written", sign="✓", path=relative(out))
    session.output.say("profile.next", path=relative(out))


@command("profile show")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def show(session: Session, file: Path | None) -> None:
    with open_home(session) as home:
        document = read_file(file) if file is not None else _current(home)
        _show(session, home, document, file)


@command("profile sign")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@option("--yes", "yes", is_flag=True)
def sign(session: Session, file: Path | None, yes: bool) -> None:
    given = read_file(file) if file is not None else None
    with open_home(session) as home:
        online(home, lambda relay: mirror.sync(home, relay))
        document = given if given is not None else _proposed(home)
        profile_signing.read(home, document)
        if not session.as_json and not yes:
            _show(session, home, document, file)
            _show_changes(session, home, document)
        session.confirm("profile.ask", yes, committee=home.config.committee)

        async def attest(relay: Relay) -> tuple[str, int]:
            accepted = await profile_signing.attest(home, relay, document)
            await mirror.sync(home, relay)
            return accepted.id, accepted.own.index

        id_, index = at_once(home, attest)
        in_force = _in_force(home) == document_hash(document)
    session.output.json(
        {"sha256": document_hash(document), "statement": id_, "index": index, "in_force": in_force}
    )
    session.output.say("profile.signed-in-force" if in_force else "profile.signed", sign="✓")


def _show(session: Session, home: Home, document: bytes, file: Path | None) -> None:
    output = session.output
    found = _parse(document, file)
    in_force = _in_force(home) == document_hash(document)
    attested = _attesters(home, document_hash(document))
    output.json(
        {
            "sha256": document_hash(document),
            "in_force": in_force,
            "attested_by": attested,
            "profile": msgspec.json.decode(document),
        }
    )
    if output.as_json:
        return
    for language in ("vi", "en") if output.language == "both" else (output.language,):
        for line in render(found, language):
            output.plain(line)
        output.plain()
    output.say("profile.document", sha256=document_hash(document))
    if in_force:
        output.say("profile.in-force", sign="✓")
    elif attested:
        output.say("profile.proposed", sign="!", committees=", ".join(attested))


def _show_changes(session: Session, home: Home, document: bytes) -> None:
    """What the document changes, value by value; nothing before there is one in force."""
    if _in_force(home) in (None, document_hash(document)):
        return
    session.output.say("profile.changes", sign="!", style="yellow")
    for one in profile_signing.differences(home, document):
        session.output.plain(f"  {one.where}: {one.before} → {one.after}")


def _parse(document: bytes, file: Path | None) -> Profile:
    try:
        return profiles.parse(document)
    except ProfileError as error:
        raise problem("bad-file", path=file or "profile", why=error) from error


def _in_force(home: Home) -> str | None:
    """The profile in force (SHA-256), None before there is one."""
    if home.config.relay is None:
        return None
    try:
        return View(home).profile_id
    except ClientError as error:
        if error.code == "no-profile":
            return None
        raise


def _attesters(home: Home, sha256: str) -> list[str]:
    """The committees whose newest attestation is of this document."""
    if home.config.relay is None:
        return []
    return sorted(committee for committee, document in _newest(home).items() if document == sha256)


def _newest(home: Home) -> dict[str, str]:
    """The document (SHA-256) that each committee attested last."""
    chains = View(home).committees.chains.values()
    return {
        link.statement.committee: link.statement.document
        for chain in chains
        for link in chain.links
        if isinstance(link.statement, ProfileAttestation)
    }


def _current(home: Home) -> bytes:
    """The document in force; before there is one, that which waits for a second attestation."""
    sha256 = _in_force(home)
    return _proposed(home) if sha256 is None else _document(home, sha256)


def _proposed(home: Home) -> bytes:
    """The document that the other committee attested and we did not. Raises ClientError not-found."""
    own = home.config.committee
    newest = _newest(home)
    for committee, sha256 in newest.items():
        if committee != own and newest.get(own) != sha256:
            return _document(home, sha256)
    raise problem("no-proposal")


def _document(home: Home, sha256: str) -> bytes:
    found = home.archive.document(sha256)
    if found is None:
        raise problem("keys-missing", what=clause("thing.profile", id=sha256[:16]))
    return found
