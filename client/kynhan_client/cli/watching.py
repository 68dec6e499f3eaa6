"""`kynhan sync`, `watch`: news as it comes, and the committee's witness."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from kynhan_protocol.case.case import Sent

from .. import syncing
from ..calendars import calendars
from ..calendars.calendars import Notice
from ..errors import ClientError
from ..home.archive import Alarm
from ..home.home import Home
from ..log import witness as witnessing
from ..log.witness import Cosigned
from ..packages import own_copy, receive
from ..relay.relay import Relay
from ..reminding import notifying, own, snooze
from ..reminding import watching as following
from ..reminding.notifying import Desktop
from ..reminding.own import Own
from ..reminding.watching import Connection, News, Wrong
from ..screen.output import Output, error_json, moment, short
from ..syncing import Synced
from .base import FailedError, Session, command, named, option
from .calendar_notices import notice_json, show_notice
from .homes import open_home
from .online import online
from .progress import meter
from .reminders import remind, reminder_json, show_reminders

LOOK_EVERY: Final = 60.0
"""Seconds between two looks at what has to be reminded of, of a case or of a calendar."""


@command("sync")
def sync(session: Session) -> None:
    with open_home(session) as home:
        synced = _sync(session, home)
        waiting = len(receive.inbox(home))
        doubted = own_copy.doubted(home)
        notice = calendars.notice(home)
        with own.telling(home, "screen") as found:
            _tell(session.output, synced, waiting, doubted, notice, found)
    if is_bad(synced):
        raise FailedError


def _sync(session: Session, home: Home) -> Synced:
    with meter(session) as show:
        return online(home, lambda relay: syncing.sync(home, relay, progress=show))


def is_bad(synced: Synced) -> bool:
    """Whether something came that has to be looked at: an alarm about the relay, or a dispatch that was given up."""
    return any(alarm.severity != "objection" for alarm in synced.alarms) or any(
        one.state == "failed" for one in synced.delivered
    )


def _tell(
    output: Output,
    synced: Synced,
    waiting: int,
    doubted: list[tuple[str, Sent]],
    notice: Notice,
    found: list[Own],
) -> None:
    output.json(
        {
            "size": synced.size,
            "cosigned_size": synced.cosigned_size,
            "new": [{"index": one.logged.index, "id": one.logged.id, "type": one.type} for one in synced.new],
            "delivered": [
                {
                    "kind": one.kind,
                    "state": one.state,
                    "case": one.case,
                    "dispatch": one.dispatch,
                    "index": one.index,
                    "error": None if one.error is None else error_json(one.error),
                }
                for one in synced.delivered
            ],
            "headers": list(synced.headers),
            "upgraded": synced.upgraded,
            "pending": synced.pending,
            "inbox": waiting,
            "contested": [sent.id for _, sent in doubted],
            "calendar": notice_json(notice),
            "reminders": [reminder_json(one) for one in found],
            "alarms": [_alarm_json(alarm) for alarm in synced.alarms],
        }
    )
    output.say("sync.done", sign="✓", size=synced.size, new=len(synced.new), cosigned=synced.cosigned_size)
    for one in synced.delivered:
        why = "" if one.error is None else (one.error.vi, one.error.en)
        output.say(
            f"sync.{one.state}", dispatch=short(one.dispatch) or "–", why=why, case=short(one.case or "–")
        )
    for dispatch in synced.headers:
        output.say("sync.header", dispatch=short(dispatch))
    if synced.upgraded:
        output.say("sync.upgraded", count=synced.upgraded)
    if synced.pending:
        output.say("sync.pending", count=synced.pending)
    if waiting:
        output.say("sync.inbox", sign="!", count=waiting)
    for case, sent in doubted:
        output.say("sync.contested", sign="!", dispatch=short(sent.id), case=short(case))
    show_notice(output, notice)
    show_reminders(output, found)
    for alarm in synced.alarms:
        show_alarm(output, alarm)


def _alarm_json(alarm: Alarm) -> dict[str, object]:
    return {
        "severity": alarm.severity,
        "code": alarm.code,
        "vi": alarm.vi,
        "en": alarm.en,
        "index": alarm.index,
        "evidence": alarm.evidence,
    }


def show_alarm(output: Output, alarm: Alarm) -> None:
    """Something was wrong: said loudly, with where the evidence lies."""
    output.warn((alarm.vi, alarm.en))
    if alarm.evidence is not None:
        output.note("sync.evidence", path=alarm.evidence)


@command("watch")
@option("--witness", "watch.witness", is_flag=True)
@option("--once", "watch.once", is_flag=True)
@option("--no-notify", "watch.no-notify", is_flag=True)
def watch(session: Session, witness: bool, once: bool, no_notify: bool) -> None:
    session.phase = "watch"
    with open_home(session) as home:
        if witness and once:
            online(home, lambda relay: _witness_once(session.output, home, relay))
        elif witness:
            session.output.note("watch.witness", member=home.config.witness_member)
            online(home, lambda relay: _until_stopped(_witness(session.output, home, relay)))
        else:
            desktop = None if no_notify else notifying.find()
            if desktop is None and not no_notify:
                session.output.note("notify.none")
            if once:
                online(home, lambda relay: _news_once(session.output, home, relay, desktop))
            else:
                session.output.note("watch.begin", url=home.relay.url)
                online(home, lambda relay: _until_stopped(_news(session.output, home, relay, desktop)))


async def _until_stopped(work: Awaitable[None]) -> None:
    """Runs until SIGTERM, which ends it well."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        if asyncio.current_task().cancelling():  # type: ignore[union-attr]  # Ctrl-C: asyncio cancels us instead
            raise
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


async def _witness(output: Output, home: Home, relay: Relay) -> None:
    await witnessing.run(home, relay, on_event=_teller(output))


async def _witness_once(output: Output, home: Home, relay: Relay) -> None:
    async with witnessing.started(home) as witness:
        if (cosigned := await witness.step(relay) or await witness.confirm_time(relay)) is not None:
            _teller(output)(cosigned)


def _teller(output: Output) -> Callable[[Cosigned | ClientError], None]:
    def tell(event: Cosigned | ClientError) -> None:
        if isinstance(event, ClientError):
            output.event({"event": "error", "error": error_json(event)})
            output.warn((event.vi, event.en))
        else:
            output.event({"event": "cosigned", "size": event.size, "time": event.time})
            output.say("watch.cosigned", sign="✓", size=event.size)

    return tell


async def _news(output: Output, home: Home, relay: Relay, desktop: Desktop | None) -> None:
    daily = asyncio.create_task(_each_minute(output, home, desktop))
    try:
        async for event in following.watch(home, relay):
            _tell_event(output, home, event)
            if _may_remind(event):
                await remind(output, home, desktop)
            calendars.once_a_day(home, partial(_tell_notice, output))
    finally:
        daily.cancel()
        await asyncio.gather(daily, return_exceptions=True)


async def _each_minute(output: Output, home: Home, desktop: Desktop | None) -> None:
    """What a case has to be reminded of, and once a day a calendar, however quiet the log and the relay are."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            calendars.once_a_day(home, partial(_tell_notice, output))
            await remind(output, home, desktop)
        except Exception as error:  # told, and tried again: nobody would notice that it has stopped
            told = named(error)
            output.event({"event": "error", "error": error_json(told)})
            output.warn(told.pair)


async def _news_once(output: Output, home: Home, relay: Relay, desktop: Desktop | None) -> None:
    try:
        async for event in following.once(home, relay):
            _tell_event(output, home, event)
    finally:  # also where the relay does not answer
        await remind(output, home, desktop)
    calendars.once_a_day(home, partial(_tell_notice, output))


def _tell_notice(output: Output, notice: Notice) -> None:
    output.event({"event": "calendar-notice", **notice_json(notice)})
    show_notice(output, notice)


def _may_remind(event: News | Wrong | Connection) -> bool:
    """The relay reminded, so it may be time; or we have just begun."""
    return (isinstance(event, News) and event.what == "reminder") or (
        isinstance(event, Connection) and event.up
    )


def _tell_event(output: Output, home: Home, event: News | Wrong | Connection) -> None:
    match event:
        case News(what="reminder"):
            pass  # our own is told, whether the relay says so or not
        case News():
            _tell_news(output, home, event)
        case Wrong(alarm=alarm):
            output.event({"event": "alarm", **_alarm_json(alarm)})
            show_alarm(output, alarm)
        case Connection(up=up, error=error):
            output.event({"event": "connection", "up": up, "error": error_json(error) if error else None})
            output.note("watch.connected" if up else "watch.lost")


def _tell_news(output: Output, home: Home, news: News) -> None:
    logged = news.entry.logged
    put_off = news.case in snooze.active(home) and news.what in following.QUIET
    output.event(
        {
            "event": news.what,
            "index": logged.index,
            "id": logged.id,
            "case": news.case,
            "dispatch": news.dispatch,
            "time": logged.time,
            "snoozed": put_off,
        }
    )
    if not put_off:
        about = f" {short(news.dispatch)}" if news.dispatch else ""
        output.plain(f"{moment(logged.time)}  {output.text(f'news.{news.what}')}{about}")
