"""`kynhan status`: how this home stands, in one look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .. import words
from ..calendars import calendars
from ..errors import ClientError
from ..home import cupboard
from ..home.home import Home
from ..log import finality, logbook, track
from ..log.view import View
from ..screen.output import moment, short
from ..trust import trust as trusting
from .base import Session, command
from .calendar_notices import notice_json, show_notice
from .cases import show_as_of
from .homes import open_home


@dataclass(frozen=True)
class Standing:
    """What of the log is here; None or 0 before there is any."""

    size: int
    cosigned: int
    compared: bool
    profile: str | None
    as_of: dict[str, Any] | None = None
    overdue: int = 0
    overdue_since: datetime | None = None


@command("status")
def status(session: Session) -> None:
    with open_home(session) as home:
        standing = _standing(home)
        _tell_json(session, home, standing)
        _tell(session, home, standing)


def _standing(home: Home) -> Standing:
    if home.config.relay is None:
        return Standing(0, 0, False, None)
    final = logbook.latest_final(home.archive)
    view = View(home)
    try:
        profile = view.profile_id
    except ClientError:
        profile = None
    try:
        compared = trusting.is_compared(home)
    except ClientError:
        compared = False
    late = finality.overdue(home)
    return Standing(
        view.size,
        final.size if final else 0,
        compared,
        profile,
        track.as_of(view),
        len(late),
        late[0].logged.time if late else None,
    )


def _tell_json(session: Session, home: Home, standing: Standing) -> None:
    config, frozen = home.config, home.frozen
    session.output.json(
        {
            "home": str(home.path),
            "committee": config.committee,
            "member": config.member,
            "holder": config.holder,
            "roles": list(config.roles),
            "relay": None if config.relay is None else {"url": config.relay.url, "log": config.relay.log},
            "size": standing.size,
            "cosigned_size": standing.cosigned,
            "as_of": standing.as_of,
            "compared": standing.compared,
            "profile": standing.profile,
            "waiting": len(cupboard.waiting(home.archive)),
            "alarms": [
                {"severity": alarm.severity, "code": alarm.code, "en": alarm.en, "vi": alarm.vi}
                for alarm in home.archive.alarms()
            ],
            "finality_overdue": standing.overdue,
            "calendar": notice_json(calendars.notice(home)),
            "frozen": None if frozen is None else {"why": frozen[0][1], "evidence": frozen[1]},
            "demo_clock": None
            if session.demo_clock is None
            else {"file": str(session.demo_clock), "seconds": home.clock.offset()},
        }
    )


def _tell(session: Session, home: Home, standing: Standing) -> None:
    output, config = session.output, home.config
    none = output.text("status.none")
    waiting = len(cupboard.waiting(home.archive))
    relay = none if config.relay is None else f"{config.relay.url} ({config.relay.origin})"
    roles = ", ".join(output.pick(words.label("role", role)) for role in config.roles)
    lines = [
        ("status.home", str(home.path)),
        ("status.member", f"{config.member} ({config.holder})"),
        ("status.roles", roles),
        ("status.relay", relay),
        ("status.log", output.text("status.entries", size=standing.size, cosigned=standing.cosigned)),
        ("status.trust", output.text("trust.compared" if standing.compared else "trust.not-compared")),
        ("status.profile", short(standing.profile) if standing.profile else none),
        ("status.outbox", output.text("status.see-outbox", count=waiting) if waiting else "0"),
        ("status.alarms", str(len(home.archive.alarms()))),
    ]
    if session.demo_clock is not None:
        moved = output.text(
            "status.clock-moved",
            file=session.demo_clock,
            seconds=home.clock.offset(),
            now=moment(home.clock.now()),
        )
        lines.append(("status.clock", moved))
    for key, value in lines:
        output.plain(f"{output.text(key)}: {value}")
    for alarm in home.archive.alarms():
        output.plain(f"! {moment_of(alarm.time)} {output.pick((alarm.vi, alarm.en))}", style="yellow")
    if standing.overdue_since is not None:
        since = moment(standing.overdue_since)
        output.say("receipts.overdue", sign="!", style="yellow", count=standing.overdue, since=since)
    show_notice(output, calendars.notice(home))
    show_as_of(output, standing.as_of)
    if (frozen := home.frozen) is not None:
        output.say("status.frozen", sign="✗", style="red", why=frozen[0])


def moment_of(posix: int) -> str:
    """A time in POSIX seconds, as an office writes it."""
    return moment(datetime.fromtimestamp(posix, UTC))
