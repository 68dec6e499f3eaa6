"""`kynhan init`, `invite`, `trust`: keys, who is certified, and comparing keys in person."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click

from kynhan_protocol.names import Name
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.codes import ROLES
from kynhan_protocol.vietnam_time import local_date, midnight_after

from .. import words
from ..errors import ClientError, problem
from ..home import durable
from ..home.config import parse_address
from ..home.home import Home
from ..log import mirror
from ..log.view import View
from ..relay.relay import Relay
from ..screen.output import Output, day, relative
from ..trust import members
from ..trust import trust as trusting
from .base import Session, command, option
from .files import read_file
from .homes import open_home
from .online import online

INVITATION: Final = b'"invitation@v1"'
SECOND: Final = timedelta(seconds=1)


@command("init")
@option("--committee", "init.committee")
@option("--holder", "init.holder", required=True)
@option("--clerk", "init.clerk", default="van-thu", show_default=True)
@option("--witness/--no-witness", "init.witness", default=True, show_default=True)
@option("--join", "init.join", is_flag=True)
@option("--member", "init.member")
@option("--role", "init.role", into="roles", type=click.Choice(ROLES), multiple=True)
@option("--out", "init.out", type=click.Path(path_type=Path))
def init(
    session: Session,
    committee: str | None,
    holder: str,
    clerk: str,
    witness: bool,
    join: bool,
    member: str | None,
    roles: tuple[str, ...],
    out: Path | None,
) -> None:
    name = _member_name(join, committee, member, clerk)
    passphrase = session.passphrase.read_new(
        session.output.text("ask.new-passphrase", path=session.home), session.output.text("ask.again")
    )
    made = Home.create(
        session.home,
        passphrase,
        member=name,
        holder=holder,
        roles=roles or ("clerk",),
        with_root=not join,
        with_witness=witness and not join,
        clock=session.clock,
    )
    with made as home:
        request = None
        if join:
            request = out or Path(f"{Name.of(name).local or ''}.request.json")
            durable.write(request, members.request(home), mode=0o644)
        _tell_made(session, home, request)


def _member_name(join: bool, committee: str | None, member: str | None, clerk: str) -> str:
    """The member whose home is made; --join and --committee exclude each other."""
    if join and member and not committee:
        return member
    if not join and committee and not member:
        return str(Name(committee, clerk))
    raise click.UsageError("--committee NAME | --join --member NAME")


def _tell_made(session: Session, home: Home, request: Path | None) -> None:
    output, config = session.output, home.config
    known = [
        {
            "member": config.member,
            "roles": list(config.roles),
            "signing": str(home.keyring.signer.vkey),
            "sealing": home.keyring.recipient,
        }
    ]
    if home.keyring.witness is not None:
        vkey = home.keyring.witness.vkey
        known.append({"member": vkey.name, "roles": ["witness"], "signing": str(vkey), "sealing": ""})
    output.json(
        {
            "home": str(home.path),
            "committee": config.committee,
            "member": config.member,
            "root": config.root or None,
            "members": known,
            "request": None if request is None else str(request),
        }
    )
    output.say("init.made", sign="✓", path=relative(home.path), member=config.member)
    if config.root:
        output.say("init.root", committee=config.committee)
        output.plain(f"  {config.root}")
        output.say("init.root-next")
    if request is not None:
        output.say("init.request", path=relative(request))
    output.say("init.passphrase", sign="!")


@command("invite")
@click.argument("request", type=click.Path(path_type=Path))
@option("--role", "invite.role", into="roles", type=click.Choice(ROLES), multiple=True)
@option("--holder", "invite.holder")
@option("--not-after", "invite.not-after", into="last_day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@option("--out", "invite.out", type=click.Path(path_type=Path))
@option("--yes", "yes", is_flag=True)
def invite(
    session: Session,
    request: Path,
    roles: tuple[str, ...],
    holder: str | None,
    last_day: datetime | None,
    out: Path | None,
    yes: bool,
) -> None:
    asked = members.parse_request(read_file(request), str(request))
    until = None if last_day is None else midnight_after(last_day.date())
    with open_home(session) as home:
        online(home, lambda relay: mirror.sync(home, relay))
        for other in members.spelled_alike(home, asked.member, holder or asked.holder):
            _ask_if_two(session, holder or asked.holder, other, yes)
        made = members.invite(home, asked, holder=holder, roles=roles or None, not_after=until)
    target = out or request.with_name(f"{Name.of(asked.member).local}.invitation.json")
    durable.write(target, made, mode=0o644)
    session.output.json({"member": asked.member, "invitation": str(target)})
    session.output.say("invite.made", sign="✓", member=asked.member, path=relative(target))


def _ask_if_two(session: Session, holder: str, other: Certified, yes: bool) -> None:
    """Asks whether a holder is another person than `other`; `yes` answers.

    Raises ClientError not-confirmed, or holders-alike where there is nobody to ask.
    """
    spelled = {"holder": holder, "other": other.statement.holder, "member": other.name}
    if not yes and (session.as_json or not sys.stdin.isatty()):
        raise problem("holders-alike", **spelled)
    session.output.warn(words.pair("invite.alike", **spelled))
    session.confirm("invite.ask-alike", yes)


@command("trust")
@option("--relay", "trust.relay", into="relay_file", type=click.Path(path_type=Path))
@option("--digits", "trust.digits", into="typed")
def trust(session: Session, relay_file: Path | None, typed: str | None) -> None:
    with open_home(session) as home:
        if relay_file is not None:
            _connect(session, home, relay_file)
            return
        _read_log(session, home)
        if typed is not None:
            trusting.compare(home, typed)
        _show_trust(session, home)


def _read_log(session: Session, home: Home) -> None:
    """Looks for news; without the relay, what is here already is shown, and that it may be old is said."""
    try:
        online(home, lambda relay: mirror.sync(home, relay))
    except ClientError as error:
        if error.code != "relay-down":
            raise
        session.output.warn((error.vi, error.en))


def _connect(session: Session, home: Home, file: Path) -> None:
    """Keeps the relay's address and posts what our committee, or a new member, has to say there first."""
    data = read_file(file)
    joining = members.accept(home, data, str(file)) if INVITATION in data else None
    if joining is None:
        home.connect(parse_address(data, name=str(file)))

    async def work(relay: Relay) -> int:
        posted = 0
        if joining is not None:
            await members.post(home, relay, joining)
            posted = 1
        elif home.keyring.root is not None:
            posted = len(await members.found(home, relay))
        await mirror.sync(home, relay)
        return posted

    posted = online(home, work)
    address = home.relay
    session.output.json(
        {"relay": {"url": address.url, "log": address.log, "origin": address.origin}, "posted": posted}
    )
    session.output.say("trust.connected", sign="✓", origin=address.origin, url=address.url)
    if joining is not None:
        session.output.say("trust.joined", sign="✓", member=home.config.member)
    elif posted:
        session.output.say("trust.posted", sign="✓", count=posted, committee=home.config.committee)


def _show_trust(session: Session, home: Home) -> None:
    output = session.output
    in_force = View(home).in_force()
    digits = _digits_if_known(home)
    compared = trusting.is_compared(home) if digits else False
    output.json(
        {
            "digits": digits,
            "compared": compared,
            "members": [
                {
                    "member": name,
                    "holder": one.statement.holder,
                    "roles": list(one.statement.role),
                    "not_after": one.statement.not_after,
                }
                for name, one in sorted(in_force.items())
            ],
        }
    )
    if digits is None:
        output.say("trust.missing", sign="!", committees=", ".join(sorted(home.relay.roots)))
    else:
        _show_digits(output, digits, compared)
    output.table(
        ["trust.member", "trust.holder", "trust.roles", "trust.until"],
        [
            [
                name,
                one.statement.holder,
                "\n".join(output.cell(words.label("role", role)) for role in one.statement.role),
                day(local_date(one.statement.not_after - SECOND)),
            ]
            for name, one in sorted(in_force.items())
        ],
    )


def _show_digits(output: Output, digits: str, compared: bool) -> None:
    groups = digits.split()
    output.say("trust.digits", style="bold")
    for start in range(0, len(groups), 6):
        output.plain("  " + " ".join(groups[start : start + 6]), style="bold")
    if compared:
        output.say("trust.compared", sign="✓")
    else:
        output.say("trust.not-compared", sign="!")
        output.say("trust.how")
    output.plain()


def _digits_if_known(home: Home) -> str | None:
    """The 60 digits, None while a key that they cover is not known."""
    try:
        return trusting.digits(home)
    except ClientError as error:
        if error.code == "keys-missing":
            return None
        raise
