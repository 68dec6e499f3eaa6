"""Opening a package that was signed for: what was in it is what was signed, file by file; and saying so, once.

`show(phase, done, total)` is told of bytes; phase is `open` (and `fetch`, where the body is not here).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kynhan_protocol.case.case import Sent
from kynhan_protocol.package.filenames import display_name
from kynhan_protocol.package.manifest import Manifest
from kynhan_protocol.statements.statements import Dispatch

from ..clauses import clause
from ..dossiers import sealing, unpacking
from ..dossiers.dossier import PIECE, Progress
from ..dossiers.unpacking import Fault, Unpacked
from ..errors import ClientError, problem
from ..home import cupboard, durable
from ..home.cupboard import Package
from ..home.home import Home
from ..log import mirror
from ..log.view import View
from ..registers import register
from ..relay.relay import Relay
from . import acts, drafting, erasing, handed, opening_judge, outbox, own_copy, receive
from .acts import ActDraft
from .handed import Enclosure

OPENED = "opened"
FAULTY = "faulty"


@dataclass(frozen=True)
class Opened:
    """What an opening gave. `result` is verified or faulty (with `code`); `faults` (vi, en) says what was wrong.

    `files` are names relative to `folder`, in the manifest's order; `shown` are the same made safe to print. `own`: our
    committee's copy of what it sent, for which no OPENING is posted. `posted`: the OPENING is in the log (False: it
    waits in the outbox, or none is due). `handed` are packages that were handed on inside it (handed.py).
    """

    dispatch: str
    case: str
    folder: Path
    result: str
    code: str | None
    faults: tuple[tuple[str, str], ...]
    manifest: Manifest | None
    files: tuple[str, ...]
    shown: tuple[str, ...]
    own: bool
    posted: bool
    handed: tuple[Enclosure, ...] = ()


async def open_package(
    home: Home,
    relay: Relay | None,
    dispatch: str,
    folder: Path,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> Opened:
    """Opens a package into `folder` (made if missing), and posts what was found, once. Works offline (relay None).

    Raises ClientError not-signed-for (the header is kept back until then), not-found (not ours), header-missing,
    body-missing, destroyed, file-exists (without `force`), disk-full. A faulty package is no error: see Opened; it
    leaves no file.
    """
    view = View(home)
    statement = view.dispatch(dispatch)
    sent = view.case(statement.case).dispatches[dispatch]
    own = home.config.is_ours(statement.from_) and not home.config.is_for_us(statement.to)
    package = await _parts(home, relay, statement, sent, own, progress)
    # on record before anything lies there: a program that is killed leaves what it has unpacked
    noted = replace(package, opened_to=_with_folder(package, folder))
    cupboard.put_package(home.archive, noted)
    try:
        unpacked = await _unpack(home, view, statement, noted, folder, force, progress)
    except BaseException:  # nothing was left in the folder
        known = cupboard.package(home.archive, dispatch) or noted
        cupboard.put_package(home.archive, replace(known, opened_to=package.opened_to))
        raise
    _record(home, package if unpacked.faults else noted, unpacked, own)
    if unpacked.checkpoint is not None and not unpacked.faults:
        mirror.gossip(home, unpacked.checkpoint)
    posted = False if own else await _post(home, relay, statement, sent, unpacked)
    fault = next(iter(unpacked.faults), None)
    handed_on: tuple[Enclosure, ...] = ()
    if unpacked.manifest is not None and not unpacked.faults:
        outer, case = unpacked.manifest.manifest, View(home).case(statement.case)
        handed_on = await handed.unpack(home, view, case, outer, folder, force=force, progress=progress)
    return Opened(
        dispatch,
        statement.case,
        folder,
        "faulty" if fault else "verified",
        fault.code if fault else None,
        tuple((one.vi, one.en) for one in unpacked.faults),
        unpacked.manifest.manifest if unpacked.manifest else None,
        unpacked.files,
        tuple(display_name(name) for name in unpacked.files),
        own,
        posted,
        handed_on,
    )


async def report_undelivered(home: Home, relay: Relay, dispatch: str) -> str:
    """Posts OPENING `undelivered` for a dispatch that we signed for and whose header does not come; gives its id.

    Raises ClientError not-now (with the header kept, if it came after all), wrong-role.
    """
    home.require_not_frozen()
    await mirror.sync(home, relay)
    statement = View(home).dispatch(dispatch)
    act = ActDraft("opening", dispatch, result="undelivered")
    acts.check(drafting.require_ready(home), home, act)
    if await receive.take_header(home, relay, dispatch):
        raise drafting.refusal("the header is here: open the package", "khóa mở bì đã về: hãy mở bì")
    async with home.writing():
        row = outbox.put_act(home, act, case=statement.case)
    result = await outbox.deliver(home, relay, row)
    if result.error is not None:
        raise result.error
    await mirror.sync(home, relay)
    return result.accepted.id if result.accepted else ""


def export_age(home: Home, dispatch: str, path: Path, *, force: bool = False) -> int:
    """Writes header and body joined, which is a plain age file; gives its bytes.

    Raises ClientError not-found, not-signed-for, header-missing, body-missing, file-exists, disk-full.
    """
    view = View(home)
    statement = view.dispatch(dispatch)
    erasing.require_kept(home, dispatch)
    package = cupboard.package(home.archive, dispatch)
    body = home.sealed_path(dispatch, "body")
    if package is None or package.header is None:
        sent = view.case(statement.case).dispatches[dispatch]
        raise problem("not-signed-for" if sent.state == "sent" else "header-missing", dispatch=dispatch[:12])
    if not body.is_file():
        raise problem("body-missing", dispatch=dispatch[:12])
    if path.exists() and not force:
        raise problem("file-exists", path=path)
    header = package.header

    def pieces() -> Iterator[bytes]:
        yield header
        with body.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    durable.write(path, pieces())
    return len(header) + body.stat().st_size


async def _parts(
    home: Home, relay: Relay | None, statement: Dispatch, sent: Sent, own: bool, progress: Progress | None
) -> Package:
    """Header and body here, in the package. Raises ClientError for what is missing, and why."""
    erasing.require_kept(home, sent.id)
    package = cupboard.package(home.archive, sent.id)
    if package is None or package.header is None:
        if not own and sent.state == "sent":
            raise problem("not-signed-for", dispatch=sent.id[:12])
        if not own and not home.config.is_for_us(statement.to):
            raise problem("not-found", what=clause("thing.dispatch", id=sent.id[:16]))
    if not home.sealed_path(sent.id, "body").is_file():
        if relay is None:
            raise problem("body-missing", dispatch=sent.id[:12])
        await receive.fetch(home, relay, sent.id, progress=progress)
    here = package is not None and package.header is not None
    if not here and (relay is None or not await receive.take_header(home, relay, sent.id)):
        raise problem("header-missing", dispatch=sent.id[:12])
    found = cupboard.package(home.archive, sent.id)
    assert found is not None and found.header is not None
    return found


async def _unpack(
    home: Home,
    view: View,
    statement: Dispatch,
    package: Package,
    folder: Path,
    force: bool,
    progress: Progress | None,
) -> Unpacked:
    body = home.sealed_path(package.dispatch, "body")
    header = package.header or b""
    if not unpacking.is_signed_header(statement, header):
        cupboard.put_package(home.archive, replace(package, header=None))
        raise problem("header-missing", dispatch=package.dispatch[:12])
    file_key = unpacking.open_key(header, home.keyring.identities)
    if isinstance(file_key, Fault):
        if file_key.code == "no-stanza" and not own_copy.is_sealed_to_us(home, view, statement):
            raise problem("not-found", what=clause("thing.key-to", id=package.dispatch[:16]))
        return Unpacked(None, None, (), (file_key,))
    key = file_key
    judging = opening_judge.judge(view, statement, package.dispatch)
    unpacked = await sealing.in_thread(
        lambda stopped: unpacking.unpack(
            key,
            body,
            folder,
            judge=judging,
            force=force,
            progress=progress,
            stopped=stopped,
        )
    )
    if unpacked.faults and unpacking.is_damaged(body, statement.body.size, statement.body.hash):
        # our own disk's fault, not the sender's: nothing is said about the package
        body.replace(body.with_name(f"{body.name}.damaged"))
        cupboard.put_package(home.archive, replace(package, body_here=False))
        raise problem("body-missing", dispatch=package.dispatch[:12])
    return unpacked


def _with_folder(package: Package, folder: Path) -> str:
    before = [] if package.opened_to is None else package.opened_to.splitlines()
    return "\n".join(dict.fromkeys((*before, str(folder.absolute()))))


def _record(home: Home, package: Package, unpacked: Unpacked, own: bool) -> None:
    now = home.clock.posix()
    fault = next(iter(unpacked.faults), None)
    state = package.state if own else FAULTY if fault else OPENED
    with home.archive.transaction():
        cupboard.put_package(
            home.archive,
            replace(
                package,
                state=state,
                opened_at=now,
                fault=fault.code if fault else None,
            ),
        )
        if unpacked.manifest is not None and not unpacked.faults:
            register.keep_manifest(home, package.dispatch, unpacked.manifest.note)
        home.archive.note_event("opened", now, dispatch=package.dispatch, fault=fault.code if fault else None)


async def _post(home: Home, relay: Relay | None, statement: Dispatch, sent: Sent, unpacked: Unpacked) -> bool:
    """Posts the OPENING unless one is on record, which only `verified` replaces, while a fault is contested; True if it
    is in the log. What cannot be posted now waits.
    """
    fault = next(iter(unpacked.faults), None)
    takes_back = sent.opening == "faulty" and fault is None and sent.is_contested
    if sent.opening in ("verified", "faulty") and not takes_back:
        return True
    manifest = unpacked.manifest.id if unpacked.manifest is not None else None
    act = ActDraft(
        "opening",
        sent.id,
        result="faulty" if fault else "verified",
        manifest=manifest,
        code=fault.code if fault else None,
    )
    async with home.writing():
        row = outbox.put_act(home, act, case=statement.case)
    if relay is None:
        return False
    result = await outbox.deliver(home, relay, row)
    if result.state == "sent":
        with contextlib.suppress(ClientError):
            await mirror.sync(home, relay)
        return True
    if result.error is not None and result.error.code not in ("relay-down", "not-now"):
        raise result.error
    return acts.on_record(home, "opening", sent.id) is not None  # another clerk of ours was faster
