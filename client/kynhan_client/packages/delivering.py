"""Delivering one thing from the outbox: upload, draft, post, and believe only what verifies.

What was drafted from a view that has moved on (other recipients, another profile, a date too old) is drafted anew:
the file key is wrapped for those in force now, the body stays as it is. A note that was posted is posted again byte for
byte until the relay refuses it, so that an answer lost on the way never makes a second dispatch.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import HashSize

from ..clauses import clause
from ..dossiers import sealing
from ..dossiers.dossier import Progress
from ..errors import ClientError, problem
from ..home import cupboard, durable
from ..home.cupboard import Package, Waiting
from ..home.home import Home
from ..log import answers, mirror
from ..log.answers import Accepted
from ..registers import register
from ..relay import transfers
from ..relay.relay import Answer, Relay
from . import acts, drafting, erasing
from .acts import ActDraft
from .drafting import Outline

ATTEMPTS: Final = 4  # drafts of one statement in one delivery

# The relay's reasons for which a draft is made anew, and those for which an upload is.
DRAFT_ANEW: Final = frozenset(
    ("stale", "seen-unknown", "profile-not-in-force", "header-used", "outside-window")
)
UPLOAD_ANEW: Final = frozenset(("not-found", "body-mismatch", "upload-offset", "conflict"))


async def deliver_act(home: Home, relay: Relay, row: Waiting) -> Accepted:
    """Signs and posts, anew where the view has moved on. Raises ClientError."""
    for attempt in range(ATTEMPTS):
        if attempt or row.note is None:
            row = await _draft_act(home, relay, row, sync=attempt > 0)
        signed = signing.parse(row.note or b"")
        count(home, row)
        try:
            answer = await relay.post_statement(signed.note)
        except ClientError as error:
            if error.data.get("relay_code") in DRAFT_ANEW and attempt + 1 < ATTEMPTS:
                continue
            raise await _in_our_words(home, relay, error, row) from error
        return _finish_act(home, row, answers.check(home, signed, answer))
    raise problem("stale")


def _finish_act(home: Home, row: Waiting, accepted: Accepted) -> Accepted:
    with home.archive.transaction():
        change(home, row, state="sent", step="done", last_error=None)
        home.archive.note_event(row.kind, home.clock.posix(), dispatch=row.dispatch, id=accepted.id)
    return accepted


async def _draft_act(home: Home, relay: Relay, row: Waiting, *, sync: bool) -> Waiting:
    if sync:
        await mirror.sync(home, relay)
    async with home.writing():
        act = msgspec.convert(row.draft, ActDraft)
        ready = drafting.require_ready(home)
        acts.check(ready, home, act)
        if (
            act.kind == "destruction"
        ):  # gone before anybody signs that it is; a crash in between comes here again
            erasing.erase(home, act.dispatch)
        return change(home, row, note=acts.sign_act(home, ready.view, act).note)


async def deliver_dispatch(home: Home, relay: Relay, row: Waiting, progress: Progress | None) -> Accepted:
    """Upload and post, drafting anew where the view has moved on. Raises ClientError."""
    uploads = 0
    for attempt in range(ATTEMPTS):
        if attempt or row.note is None:
            row = await _draft(home, relay, row, sync=attempt > 0)
        try:
            if row.step == "upload":
                row = await _upload(home, relay, row, progress)
            answer = await _post(home, relay, row)
        except ClientError as error:
            code = error.data.get("relay_code")
            if code in UPLOAD_ANEW and row.upload and not uploads:
                uploads += 1
                row = change(home, row, step="upload", upload=None, upload_offset=0)
                answer = await _post(home, relay, await _upload(home, relay, row, progress))
            elif code in DRAFT_ANEW and attempt + 1 < ATTEMPTS:
                continue
            else:
                raise await _in_our_words(home, relay, error, row) from error
        return _finish(home, row, answers.check(home, signing.parse(row.note or b""), answer))
    raise problem("stale")


async def finish_logged(home: Home, relay: Relay, row: Waiting) -> Accepted:
    """Ends a row whose statement is in the log already: posts it once more for its proofs, and drafts nothing anew.
    Raises ClientError."""
    signed = signing.parse(row.note or b"")
    if row.kind == "dispatch":
        return _finish(home, row, answers.check(home, signed, await _post(home, relay, row)))
    count(home, row)
    return _finish_act(home, row, answers.check(home, signed, await relay.post_statement(signed.note)))


async def _in_our_words(home: Home, relay: Relay, error: ClientError, row: Waiting) -> ClientError:
    """A refusal by the case's rules as the same rules put it here, in both languages, once the relay's news are read:
    the case moved on before what waited was delivered. Any other error as it is."""
    if error.data.get("relay_code") != "not-now":
        return error
    try:
        await mirror.sync(home, relay)
        ready = drafting.require_ready(home)
        if row.kind == "dispatch":
            drafting.check_outline(home, ready, msgspec.convert(row.draft, Outline))
        else:
            acts.check(ready, home, msgspec.convert(row.draft, ActDraft))
    except ClientError as ours:
        return ours if ours.code == "not-now" else error
    return error


async def _upload(home: Home, relay: Relay, row: Waiting, progress: Progress | None) -> Waiting:
    """Brings the body to the relay, from wherever that stopped."""
    path, size = body_path(home, row), row.body_size or 0
    if row.upload is not None:
        try:
            await transfers.upload_offset(relay, row.upload)
        except ClientError as error:
            if error.code != "not-found":
                raise
            row = change(home, row, upload=None)
    if row.upload is None:
        row = change(home, row, upload=await transfers.create_upload(relay, size))
    assert row.upload is not None
    await transfers.upload(
        relay,
        row.upload,
        path,
        progress=None if progress is None else lambda done: progress("upload", done, size),
    )
    return change(home, row, step="post", upload_offset=size)


async def _post(home: Home, relay: Relay, row: Waiting) -> Answer:
    count(home, row)
    inline = None if row.upload else await asyncio.to_thread(body_path(home, row).read_bytes)
    return await relay.post_statement(row.note or b"", header=row.header, body=inline, upload=row.upload)


async def _draft(home: Home, relay: Relay, row: Waiting, *, sync: bool) -> Waiting:
    """Wraps the file key for those in force now and signs a new DISPATCH; the body stays as it is."""
    if sync:
        await mirror.sync(home, relay)
    async with home.writing():
        outline = msgspec.convert(row.draft, Outline)
        ready = drafting.require_ready(home)
        case = drafting.find_case(ready.view, outline.case)
        outline = msgspec.structs.replace(outline, profile=case.profile if case else ready.view.profile_id)
        drafting.check_outline(home, ready, outline)
        sealed = drafting.sealed_to(home, ready.view, outline)
        header = sealing.make_header(row.file_key or b"", ready.view.committees, sealed)
        signed = drafting.sign_dispatch(
            home,
            ready.view,
            outline,
            sealed,
            HashSize(sha256(header).hexdigest(), len(header)),
            HashSize(row.body_sha256 or "", row.body_size or 0),
        )
        draft = msgspec.json.encode(outline).decode()
        return change(home, row, note=signed.note, header=header, dispatch=signed.id, draft=draft)


def _finish(home: Home, row: Waiting, accepted: Accepted) -> Accepted:
    """The package of an accepted dispatch takes its place in the archive; may be repeated after a crash."""
    dispatch, archive, now = accepted.id, home.archive, home.clock.posix()
    final = home.sealed_path(dispatch, "body")
    if not final.exists():
        body_path(home, row).replace(final)
        durable.sync_folder(final.parent)
    durable.write(home.sealed_path(dispatch, "header"), row.header or b"")
    outline = msgspec.convert(row.draft, Outline)
    with archive.transaction():
        cupboard.put_package(
            archive,
            Package(
                dispatch, "out", "accepted", outline.case, outline.kind, body_here=True, header=row.header
            ),
        )
        register.keep_manifest(home, dispatch, row.manifest or b"")
        # the file key has served: from here on only the members' keys open the package
        change(
            home,
            row,
            state="sent",
            step="done",
            dispatch=dispatch,
            file_key=None,
            body_path=None,
            last_error=None,
        )
        archive.note_event("dispatch", now, dispatch=dispatch, case=outline.case, dispatch_kind=outline.kind)
    return accepted


def change(home: Home, row: Waiting, **changes: str | int | bytes | None) -> Waiting:
    """Changes columns of a row; gives the row as it is now."""
    cupboard.change_waiting(home.archive, row.id, time=home.clock.posix(), **changes)
    return cupboard.waiting_by_id(home.archive, row.id)


def count(home: Home, row: Waiting) -> None:
    """One more attempt, on record before it is made."""
    change(home, row, attempts=cupboard.waiting_by_id(home.archive, row.id).attempts + 1)


def body_path(home: Home, row: Waiting) -> Path:
    """Where the body of a row lies; after a crash in _finish() under its dispatch already."""
    path = home.path / "sealed" / (row.body_path or "")
    placed = home.sealed_path(row.dispatch, "body") if row.dispatch else path
    if not path.is_file() and not placed.is_file():
        raise problem("home-damaged", what=clause("home.missing", name=f"sealed/{row.body_path}"))
    return path if path.is_file() else placed
