"""Taking back and destroying (R5a): *lấy lại* before it is signed for, *thu hồi* afterwards, destruction signed for.

A recall is agreed to by destroying the copy and signing that it is destroyed; it is refused by an answer with the
reason. What destroying means, and in which order it happens, is in erasing.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.statements import codes

from ..clauses import clause
from ..dossiers import texts
from ..dossiers.letter import Letter
from ..errors import ClientError, problem
from ..home import cupboard
from ..home.home import Home
from ..log.view import View
from ..packages import acts, drafting, erasing, outbox
from ..packages import send as sends
from ..packages.acts import ActDraft
from ..relay.relay import Relay
from . import sides

Told = Literal["withdrawal", "destruction"]


@dataclass(frozen=True)
class Acted:
    """What became of an act. `queued`: it waits in the outbox, `reason` says why. `statement` and `index` are those in
    the log; None while it waits, and where our committee had signed it before. `unpacked` are the folders
    that the package was opened into here, which nobody but the user can delete."""

    dispatch: str
    state: Literal["sent", "queued", "before"]
    statement: str | None = None
    index: int | None = None
    reason: ClientError | None = None
    unpacked: tuple[str, ...] = ()


async def withdraw(home: Home, relay: Relay, dispatch: str, code: str) -> Acted:
    """Takes back (*lấy lại*) what we sent and nobody has signed for; codes are codes.CODES["withdrawal"].

    Raises ClientError bad-code, not-found, wrong-role, not-now (signed for meanwhile), frozen, not-compared …
    """
    return await _act(home, relay, ActDraft("withdrawal", dispatch, code=_code("withdrawal", code)))


def recall(home: Home, dispatch: str, reason: str) -> Letter:
    """The letter that asks its recipient to give back (*thu hồi*) what was signed for. Raises ClientError not-found,
    bad-letter; the case table refuses what nobody signed for, or what is not ours."""
    statement = View(home).dispatch(dispatch)
    return Letter(
        kind="recall",
        to=statement.to,
        words=texts.text(reason, "said.reason"),
        title=drafting.label_of("recall"),
        case=statement.case,
        regarding=dispatch,
    )


def put_to_us(home: Home) -> list[Sent]:
    """The recalls that wait for our answer, oldest first."""
    return [
        sent
        for case in View(home).cases()
        for sent in case.standing("recall")
        if home.config.is_for_us(sent.to) and is_open(case, sent)
    ]


def is_open(case: Case, recall: Sent) -> bool:
    """Whether a recall has neither been agreed to nor refused."""
    target = case.dispatches.get(recall.regarding or "")
    refused = any(answer.regarding == recall.id for answer in case.standing("answer"))
    return not refused and target is not None and not target.recalled and target.to not in target.destroyed_by


def find(home: Home, dispatch: str | None) -> Sent:
    """The recall meant: by its own id or that of what it recalls; without one, the only one put to us.

    Raises ClientError not-found, not-now where there is none or more than one.
    """
    waiting = put_to_us(home)
    if dispatch is None:
        if len(waiting) != 1:
            raise problem("not-now", why=clause("recall.which" if waiting else "recall.none"))
        return waiting[0]
    found = [sent for sent in waiting if dispatch in (sent.id, sent.regarding)]
    if not found:
        View(home).dispatch(dispatch)
        raise problem("not-now", why=clause("recall.none"))
    return found[-1]


async def agree(home: Home, relay: Relay, recall: str) -> Acted:
    """Agrees to a recall: destroys our copy of what it recalls, and signs that it is destroyed.

    Raises ClientError not-found; not-signed-for before the recall itself is signed for; not-now once it is settled.
    """
    await sends.read_log(home, relay)
    view = View(home)
    sent = view.case(view.dispatch(recall).case).dispatches[recall]
    _require_signed_for(sent)
    if sent.regarding is None or not is_open(view.case(view.dispatch(recall).case), sent):
        raise problem("not-now", why=clause("recall.none"))
    return await _destroy(home, relay, sent.regarding, "recalled")


def refuse(home: Home, recall: str, reason: str) -> Letter:
    """The answer that refuses a recall, with the reason. Raises ClientError not-found, not-signed-for, bad-letter."""
    view = View(home)
    statement = view.dispatch(recall)
    sent = view.case(statement.case).dispatches[recall]
    _require_signed_for(sent)
    return Letter(
        kind="answer",
        to=sides.back_to(view, statement.from_),
        words=texts.text(reason, "said.reason"),
        case=statement.case,
        regarding=recall,
    )


async def destroy(home: Home, relay: Relay, dispatch: str, code: str) -> Acted:
    """Destroys our copy of a package and signs that it is destroyed; codes are codes.CODES["destruction"].

    What another clerk of ours signed for before is only erased here (`before`). Raises ClientError bad-code, not-found,
    wrong-role, not-now (nobody signed for it) …
    """
    _code("destruction", code)
    await sends.read_log(home, relay)
    return await _destroy(home, relay, dispatch, code)


async def _destroy(home: Home, relay: Relay, dispatch: str, code: str) -> Acted:
    if not erasing.destroyed_by_us(home, dispatch):
        try:
            return await _act(home, relay, ActDraft("destruction", dispatch, code=code))
        except ClientError as error:
            if error.code != "not-now" or not erasing.destroyed_by_us(home, dispatch):
                raise  # otherwise another command or clerk of ours was faster
    unpacked = _unpacked(home, dispatch)
    async with home.writing():
        erasing.erase(home, dispatch)
    return Acted(dispatch, "before", unpacked=unpacked)


async def _act(home: Home, relay: Relay, act: ActDraft) -> Acted:
    home.require_not_frozen()
    await sends.read_log(home, relay)
    statement = View(home).dispatch(act.dispatch)
    acts.check(drafting.require_ready(home), home, act)
    unpacked = _unpacked(home, act.dispatch) if act.kind == "destruction" else ()
    async with home.writing():
        row = outbox.put_act(home, act, case=statement.case)
    result = await outbox.deliver(home, relay, row)
    if result.state == "queued":
        return Acted(act.dispatch, "queued", reason=result.error, unpacked=unpacked)
    if result.error is not None:
        raise result.error
    await sends.read_log(home, relay)
    if result.accepted is not None:
        return Acted(act.dispatch, "sent", result.accepted.id, result.index, unpacked=unpacked)
    logged = acts.on_record(home, act.kind, act.dispatch)  # another command of ours brought it over
    if logged is None:
        return Acted(act.dispatch, "sent", unpacked=unpacked)
    return Acted(act.dispatch, "sent", logged.logged.id, logged.logged.index, unpacked=unpacked)


def _unpacked(home: Home, dispatch: str) -> tuple[str, ...]:
    known = cupboard.package(home.archive, dispatch)
    return () if known is None or known.opened_to is None else tuple(known.opened_to.splitlines())


def _require_signed_for(recall: Sent) -> None:
    if recall.state == "sent":
        raise problem("not-signed-for", dispatch=recall.id[:12])


def _code(act: Told, code: str) -> str:
    possible = codes.CODES[act]
    if code not in possible:
        raise problem("bad-code", given=code, possible=" ".join(possible))
    return code
