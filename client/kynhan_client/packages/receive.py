"""What came for us: look, fetch, sign for, decline. Opening is opening.py's.

The body may be fetched before anything is signed, and is checked against the hash that the sender signed; it opens
nothing. Signing (*ký nhận*) is answered with the proofs, and only then the relay gives the header out.

`show(phase, done, total)` is told of bytes; phase is `fetch`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.statements import codes
from kynhan_protocol.statements.statements import Dispatch, Due, Receipt

from ..clauses import clause
from ..dossiers import unpacking
from ..dossiers.dossier import Progress
from ..errors import ClientError, problem
from ..home import cupboard, durable
from ..home.cupboard import Package
from ..home.home import Home
from ..log import mirror
from ..log.view import View
from ..relay import transfers
from ..relay.relay import Relay
from . import acts, drafting, erasing, outbox
from .acts import ActDraft
from .outbox import Delivered

FETCHED: Final = "fetched"
SIGNED: Final = "signed"
DECLINED: Final = "declined"
URGENCY_ORDER: Final = ("hoa-toc", "thuong-khan", "khan", None)


@dataclass(frozen=True)
class Item:
    """A dispatch to us that nobody has signed for yet. `size` is the body's, in bytes; `since` its log time."""

    dispatch: str
    index: int
    case: str
    from_: str
    kind: str
    term: str | None
    urgency: str | None
    size: int
    since: datetime
    fetched: bool


@dataclass(frozen=True)
class Signed:
    """What signing gave: ids of RECEIPT and HANDOVER, its log time; `due` where a time limit began to run.

    `header_here`: the package can be opened now; False if the header did not come (it is fetched at the next sync).
    """

    dispatch: str
    case: str
    receipt: str
    handover: str | None
    signed_at: datetime
    due: date | None
    provisional: bool
    header_here: bool


@dataclass(frozen=True)
class Declined:
    """The DECLINE as logged."""

    dispatch: str
    decline: str
    index: int


def inbox(home: Home) -> list[Item]:
    """The dispatches that wait for our signature, urgent ones first, then the oldest."""
    view = View(home)
    items = [
        _item(home, view, case, sent)
        for case in view.cases()
        for sent in case.unsigned()
        if home.config.is_for_us(sent.to)
    ]
    return sorted(items, key=lambda item: (URGENCY_ORDER.index(item.urgency), item.index))


async def fetch(home: Home, relay: Relay, dispatch: str, *, progress: Progress | None = None) -> int:
    """Brings the body of a dispatch here, whole and checked against what its sender signed; gives its bytes.

    Can be interrupted and repeated: it goes on where it stopped. Raises ClientError not-found, disk-full, relay-down,
    relay-answer-invalid, destroyed.
    """
    statement = View(home).dispatch(dispatch)
    erasing.require_kept(home, dispatch)
    size, path = statement.body.size, home.sealed_path(dispatch, "body")
    if not path.is_file():
        await transfers.download(
            relay,
            dispatch,
            path,
            size=size,
            sha256=statement.body.hash,
            progress=None if progress is None else lambda done: progress("fetch", done, size),
        )
    known = cupboard.package(home.archive, dispatch)
    if known is None or not known.body_here:
        mine = home.config.is_ours(statement.from_)
        fresh = Package(dispatch, "out" if mine else "in", FETCHED, statement.case, statement.kind)
        cupboard.put_package(home.archive, replace(known or fresh, body_here=True))
    return size


async def sign(home: Home, relay: Relay, dispatch: str, *, progress: Progress | None = None) -> Signed:
    """Signs for a dispatch: fetches the body first if it is not here, then posts the RECEIPT and takes the header.

    Repeating it gives the same. Raises ClientError as fetch does, and frozen, not-compared, not-now (signed for by
    somebody else, declined, withdrawn), wrong-role, member-expired, relay-answer-invalid (evidence kept); with
    relay-down the receipt waits in the outbox for the next sync.
    """
    home.require_not_frozen()
    await mirror.sync(home, relay)
    statement = View(home).dispatch(dispatch)
    if (signed := _signed_before(home, statement, dispatch)) is not None:
        if not signed.header_here and cupboard.package(home.archive, dispatch) is not None:
            return replace(signed, header_here=await take_header(home, relay, dispatch))
        return signed
    act = ActDraft("receipt", dispatch)
    acts.check(drafting.require_ready(home), home, act)
    await fetch(home, relay, dispatch, progress=progress)
    header_here, accepted = False, None
    try:
        accepted = (await _deliver(home, relay, act, statement.case)).accepted
        _mark(home, dispatch, SIGNED)
        await mirror.sync(home, relay)
        header_here = await take_header(home, relay, dispatch)
    except ClientError as error:
        if error.code == "not-now" and (signed := _signed_before(home, statement, dispatch)) is not None:
            return signed  # another clerk of ours was faster
        if error.code != "relay-down" or accepted is None:
            raise  # otherwise it is signed for all the same, and the next sync brings the header
    if accepted is None:  # another command of ours brought it over
        found = _signed_before(home, statement, dispatch)
        if found is None:
            raise problem("not-found", what=clause("thing.receipt-of", id=dispatch[:16]))
        return found
    due = accepted.due.statement if accepted.due else None
    return Signed(
        dispatch,
        statement.case,
        accepted.id,
        accepted.handover.id if accepted.handover else None,
        accepted.time,
        due.due if isinstance(due, Due) else None,
        due.provisional if isinstance(due, Due) else False,
        header_here,
    )


async def decline(home: Home, relay: Relay, dispatch: str, code: str) -> Declined:
    """Declines a dispatch, with a code of codes.CODES["decline"]. Raises ClientError bad-code, and as sign does."""
    possible = codes.CODES["decline"]
    if code not in possible:
        raise problem("bad-code", given=code, possible=" ".join(possible))
    home.require_not_frozen()
    await mirror.sync(home, relay)
    statement = View(home).dispatch(dispatch)
    act = ActDraft("decline", dispatch, code=code)
    acts.check(drafting.require_ready(home), home, act)
    accepted = (await _deliver(home, relay, act, statement.case)).accepted
    _mark(home, dispatch, DECLINED)
    await mirror.sync(home, relay)
    if accepted is not None:
        return Declined(dispatch, accepted.id, accepted.own.index)
    logged = acts.on_record(home, "decline", dispatch)  # another command of ours brought it over
    if logged is None:
        raise problem("not-found", what=clause("thing.decline-of", id=dispatch[:16]))
    return Declined(dispatch, logged.logged.id, logged.logged.index)


async def take_header(home: Home, relay: Relay, dispatch: str) -> bool:
    """Fetches the header of a dispatch that was signed for, checks it against what the sender signed, and keeps it.

    False if the relay does not give it, or gives another one (which is recorded). Raises ClientError relay-down.
    """
    known = cupboard.package(home.archive, dispatch)
    if known is not None and known.header is not None:
        return True
    statement = View(home).dispatch(dispatch)
    if erasing.is_erased(home, dispatch):
        return False
    try:
        header = await relay.header(dispatch)
    except ClientError as error:
        if error.code in ("not-found", "refused"):
            return False
        raise
    if not unpacking.is_signed_header(statement, header):
        evidence = home.keep_evidence("header", {"dispatch": dispatch.encode(), "header": header})
        wrong = problem("relay-answer-invalid", why=clause("answer.other-header"), kept=f" ({evidence.name})")
        where = str(evidence.relative_to(home.path))
        now = home.clock.posix()
        home.archive.raise_alarm(
            "alarm", "header-differs", wrong.en, wrong.vi, time=now, evidence=where, once=dispatch
        )
        return False
    durable.write(home.sealed_path(dispatch, "header"), header)
    fresh = Package(dispatch, "in", SIGNED, statement.case, statement.kind)
    cupboard.put_package(home.archive, replace(known or fresh, header=header))
    return True


async def take_headers(home: Home, relay: Relay) -> tuple[str, ...]:
    """Fetches the headers of all packages here that were signed for and whose header had not come; gives their ids."""
    view, taken = View(home), []
    for package in cupboard.packages(home.archive, "in"):
        if package.header is not None or not package.body_here:
            continue
        sent = view.case(package.case).dispatches.get(package.dispatch)
        if sent is not None and sent.state == "received" and await take_header(home, relay, package.dispatch):
            taken.append(package.dispatch)
    return tuple(taken)


async def _deliver(home: Home, relay: Relay, act: ActDraft, case: str) -> Delivered:
    async with home.writing():
        row = outbox.put_act(home, act, case=case)
    result = await outbox.deliver(home, relay, row)
    if result.error is not None:
        result.error.data["kept"] = result.state == "queued"
        raise result.error
    return result


def _signed_before(home: Home, statement: Dispatch, dispatch: str) -> Signed | None:
    """What our own committee's earlier receipt gave, as our copy of the log tells it."""
    view = View(home)
    case = view.case(statement.case)
    sent = case.dispatches.get(dispatch)
    if sent is None or sent.state != "received" or sent.receipt is None or not home.config.is_for_us(sent.to):
        return None
    entry = view.statement(sent.receipt)
    if entry is None or not isinstance(entry.logged.statement, Receipt):
        return None
    due = _due_of(case, sent)
    package = cupboard.package(home.archive, dispatch)
    here = package is not None and package.header is not None
    return Signed(
        dispatch,
        case.id,
        sent.receipt,
        sent.handover,
        entry.logged.time,
        due[0] if due else None,
        due[1] if due else False,
        here,
    )


def _due_of(case: Case, sent: Sent) -> tuple[date, bool] | None:
    """The date that the handover of a dispatch set going, and whether it is provisional."""
    dates = [one for one in case.due_history if one.objection is None]
    if case.due is not None and case.due.id is None:  # the relay has not said so yet, or says something else
        dates.append(case.due)
    record = next((one for one in dates if one.start == sent.handover and one.dispatch == sent.id), None)
    return None if record is None else (record.due, record.provisional)


def _item(home: Home, view: View, case: Case, sent: Sent) -> Item:
    return Item(
        sent.id,
        sent.index,
        case.id,
        sent.from_,
        sent.kind,
        sent.term,
        sent.urgency,
        view.dispatch(sent.id).body.size,
        sent.sent_at,
        home.sealed_path(sent.id, "body").is_file(),
    )


def _mark(home: Home, dispatch: str, state: str) -> None:
    known = cupboard.package(home.archive, dispatch)
    if known is not None:
        cupboard.put_package(home.archive, replace(known, state=state))
