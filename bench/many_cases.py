"""Fills a relay's data folder with open cases, each of five real signed statements, by the relay's own writing code.

DISPATCH (CCQ's clerk), ACCEPTANCE, RECEIPT (CA's clerk), HANDOVER, DUE: copies of what a relay logged for one real
case, with case, times and hashes of their own, signed anew by the same keys; `kynhan-relay verify-log` finds nothing to
object to. Bodies are blobs that were uploaded, but no files are laid down, and headers are over (NULL), as in a case
opened long ago.

The first ROUNDS * DUE cases were received on ROUNDS days of their own, so that DUE first reminders fall due on each of
as many days; all others were received later.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, create_engine, event
from tests.server.world import BEGIN, ORIGIN, SLUG, ManualClock, World, statements_of

from kynhan_keys import notes
from kynhan_keys.vkeys import Signer
from kynhan_protocol.agreement import calendar, due, terms
from kynhan_protocol.agreement import profile as profiles
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.case import fold, reminding
from kynhan_protocol.statements import grammar
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import (
    Acceptance,
    Dispatch,
    Due,
    Handover,
    HashSize,
    Receipt,
    Statement,
)
from kynhan_server.config import Folder, Settings
from kynhan_server.log.draft import Layer, NewEntry
from kynhan_server.log.logs import Log, moment, open_log
from kynhan_server.log.writing import write_group
from kynhan_server.relay import Relay
from kynhan_server.store import admin, keyfile
from kynhan_server.store import tables as t

PASSPHRASE: Final = b"mot hai ba"
ROUNDS, DUE = 5, 200
LATER: Final = BEGIN + timedelta(days=14)
GROUP: Final = 2_000
"""Cases that are written in one transaction, under one checkpoint."""
CHUNK: Final = 250
"""Cases that a signing process is handed at once."""
BODY: Final = 1 << 20


class Pattern(NamedTuple):
    """What every case is made from. The signing processes are forks and find it in `_pattern`."""

    statements: tuple[Statement, ...]
    signers: tuple[Signer, ...]
    profile: profiles.Profile
    calendar: calendar.Calendar


class Made(NamedTuple):
    """One case: its name, its notes and their text hashes in the order of the log, header and body hash, upload."""

    case: str
    notes: tuple[bytes, ...]
    texts: tuple[str, ...]
    header: str
    body: str
    upload: str


@dataclass(frozen=True)
class Filled:
    """How many cases there are, and when the first reminders of each round fall due."""

    cases: int
    due_at: tuple[datetime, ...]


class _Ground(World):
    """The relay's tests' world, with the keys of a data folder as `kynhan-relay init` makes it."""

    async def open(self) -> None:
        keys = await asyncio.to_thread(keyfile.load, Folder(self.folder).keys, PASSPHRASE)
        self.relay = await Relay.open_with(self.folder, keys, self.clock, self.settings)


_pattern: Pattern | None = None


def fill(folder: Path, cases: int) -> Filled:
    """Makes a data folder with `cases` open cases, at least ROUNDS * DUE."""
    global _pattern
    _pattern = pattern = asyncio.run(_founded(folder))
    days = [BEGIN + timedelta(days=number) for number in (1, 2, 3, 4, 7)]  # all working days
    plan = [(day, DUE) for day in days] + [(LATER, cases - ROUNDS * DUE)]
    with _connection(folder) as connection:
        log = open_log(connection, 1, SLUG, ORIGIN, keyfile.load(Folder(folder).keys, PASSPHRASE), 0)
        with _makers(cases) as make:
            for day, count in plan:
                todo = [(day, min(CHUNK, count - at)) for at in range(0, count, CHUNK)]
                _write(log, connection, day, make(todo))
    return Filled(cases, tuple(_first_reminder(pattern, day)[0] for day in days))


async def _founded(folder: Path) -> Pattern:
    """Two committees on a relay, and one case from the request to the reply, so that nothing of it is waited for."""
    await asyncio.to_thread(admin.init, folder, PASSPHRASE, work_factor=10)
    world = _Ground(folder, ManualClock(BEGIN), Settings())
    await world.found()
    sent, signed = await world.send_and_sign(world.dispatch(term="in-province"))
    (request, _), received = statements_of(sent), statements_of(signed)
    assert isinstance(request, Dispatch)
    reply = world.dispatch(
        "reply", sender=world.ca.clerk, to="ccq.example", case=request.case, regarding=sent.id
    )
    await world.send_and_sign(reply, by=world.ccq.clerk)
    await world.relay.close()
    clerk, relay = world.ccq.clerk.signer, world.log.signers.ed25519
    return Pattern(
        (*statements_of(sent), *received),
        (clerk, relay, world.ca.clerk.signer, relay, relay),
        profiles.parse(world.profile),
        calendar.parse(world.calendar),
    )


# --- making


@contextmanager
def _makers(cases: int) -> Iterator[Callable[[list[tuple[datetime, int]]], Iterable[list[Made]]]]:
    """What makes the cases in order: processes on every core, where there are enough cases to be worth it."""
    if cases <= GROUP:
        yield lambda todo: map(_make, todo)
        return
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        yield lambda todo: pool.imap(_make, todo)


def _make(todo: tuple[datetime, int]) -> list[Made]:
    at, count = todo
    assert _pattern is not None
    term = terms.of_profile(_pattern.profile, "in-province")
    on = due.compute(at, term, _pattern.calendar).due
    return [_case(_pattern, at, on) for _ in range(count)]


def _case(pattern: Pattern, at: datetime, on: date) -> Made:
    case, seed = str(uuid.uuid4()), os.urandom(32)
    header, body, upload = (hashlib.sha256(seed + part).hexdigest() for part in (b"h", b"b", b"u"))
    ids: list[str] = []
    made: list[bytes] = []
    texts: list[str] = []
    for statement, signer in zip(pattern.statements, pattern.signers, strict=True):
        own: dict[str, Any] = {"time": at, "nonce": os.urandom(16)}
        match statement:
            case Dispatch():
                own |= {"case": case, "header": HashSize(header, 1_900), "body": HashSize(body, BODY)}
            case Acceptance():
                own |= {"of": ids[0]}
            case Receipt():
                own |= {"dispatch": ids[0]}
            case Handover():
                own |= {"of": ids[2], "dispatch": ids[0]}
            case Due():
                own |= {"case": case, "dispatch": ids[0], "start": ids[3], "due": on}
        text = grammar.format_text(replace(statement, **own))  # type: ignore[arg-type, type-var]
        note = notes.format(notes.sign(text, signer))
        ids.append(hashlib.sha256(note).hexdigest())
        texts.append(hashlib.sha256(text.encode()).hexdigest())
        made.append(note)
    return Made(case, tuple(made), tuple(texts), header, body, upload[:32])


def _first_reminder(pattern: Pattern, at: datetime) -> tuple[datetime, int]:
    """When the relay would first look at a case received at `at`: by folding one and planning, as it does."""
    made = _case(
        pattern, at, due.compute(at, terms.of_profile(pattern.profile, "in-province"), pattern.calendar).due
    )
    history = [
        Logged(
            index,
            hashlib.sha256(note).hexdigest(),
            grammar.parse_text(notes.split_text(note).decode()),
            note,
            at,
        )
        for index, note in enumerate(made.notes)
    ]
    book = CalendarBook.begin(pattern.calendar.sha, pattern.profile.committees, pattern.calendar)
    folded = fold.fold(history, pattern.profile, book)
    if folded is None or folded.objections or folded.due is None or not folded.clock_runs:
        raise RuntimeError(f"the pattern is no running case: {folded and folded.objections}")
    plan = reminding.plan(folded, at, pattern.profile, pattern.calendar)
    if plan.now or plan.next_at is None:
        raise RuntimeError("a case just received has nothing to be reminded of yet")
    return plan.next_at, int(plan.next_at.timestamp())


# --- writing


def _write(log: Log, connection: Connection, at: datetime, chunks: Iterable[list[Made]]) -> None:
    assert _pattern is not None
    look_at = _first_reminder(_pattern, at)[1]
    waiting: list[Made] = []
    for chunk in chunks:
        waiting += chunk
        if len(waiting) >= GROUP:
            _write_group(log, connection, at, look_at, waiting)
            waiting = []
    if waiting:
        _write_group(log, connection, at, look_at, waiting)


def _write_group(log: Log, connection: Connection, at: datetime, look_at: int, made: list[Made]) -> None:
    assert _pattern is not None
    layer = Layer.bottom(log, connection, int(at.timestamp()))
    for one in made:
        first = layer.size
        for offset, (statement, note, text) in enumerate(
            zip(_pattern.statements, one.notes, one.texts, strict=True)
        ):
            # The statement only tells its type here; what is logged is the note.
            logged = Logged(layer.size, hashlib.sha256(note).hexdigest(), statement, note, moment(layer.time))
            cause = {0: None, 1: first, 2: None}.get(offset, first + 2)
            layer.entries.append(NewEntry(logged, text, one.case, cause))
            layer.size += 1
        layer.rows.dispatches.append(_dispatch_row(one, first, layer.entries[-5].logged.id))
        layer.rows.cases[one.case] = look_at
    connection.execute(t.uploads.insert(), [_upload_row(log, one, layer.time) for one in made])
    log.state = write_group(layer).state
    connection.commit()


def _dispatch_row(one: Made, index: int, dispatch: str) -> dict[str, Any]:
    return {
        "id": dispatch,
        "idx": index,
        "header_hash": one.header,
        "header": None,
        "body_hash": one.body,
        "body_size": BODY,
        "body": None,
        "blob": one.upload,
        "state": "receipted",
    }


def _upload_row(log: Log, one: Made, time: int) -> dict[str, Any]:
    dispatch = hashlib.sha256(one.notes[0]).hexdigest()
    return {
        "log": log.id,
        "id": one.upload,
        "committee": "ccq.example",
        "length": BODY,
        "offset": BODY,
        "sha256": one.body,
        "created": time,
        "dispatch": dispatch,
    }


@contextmanager
def _connection(folder: Path) -> Iterator[Connection]:
    """The database for filling it fast: nothing of it needs to survive a crash."""
    engine = create_engine(f"sqlite:///{Folder(folder).database}")

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _: Any) -> None:
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-1500000"):
            raw.execute(f"PRAGMA {pragma}")

    with engine.connect() as connection:
        yield connection
    engine.dispose()
