"""Giving a case to a unit (R16): once, again to another one, and taking it back.

An assignment is a dispatch of its own to the unit. It carries what the committee received, byte for byte, with the
receipts of it, under a fresh file key: streamed from the sealed original into the new seal, never in clear on the disk.
It never restarts the clock.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from kynhan_protocol.case.case import Sent
from kynhan_protocol.names import Name

from .. import words
from ..clauses import clause
from ..dossiers import sealing
from ..dossiers.dossier import Part, Progress, Stream
from ..dossiers.letter import Letter
from ..errors import ClientError, problem
from ..home.home import Home
from ..log import mirror, receipts
from ..log.view import View
from ..packages import acts, carried, drafting, kept, opening_judge, outbox, send
from ..packages.acts import ActDraft
from ..packages.handed import KINDS, ROLE
from ..packages.kept import Checked, Kept
from ..relay.relay import Relay
from .requests import subject_of
from .standing import CaseStanding, Papers, allowed, of_case

TAR: Final = "received.tar"


@dataclass(frozen=True)
class Assigning:
    """An assignment before it is sent: what is handed on, oldest first; `before` is the unit that has it now."""

    letter: Letter
    unit: str
    before: str | None
    handed: tuple[Sent, ...]


@dataclass(frozen=True)
class TakenBack:
    """What became of one assignment: `withdrawn` before anybody signed for it, else `recalled`; `dispatch` is it.
    `queued`: that waits in the outbox, `reason` says why."""

    dispatch: str
    unit: str
    how: Literal["withdrawn", "recalled"]
    state: Literal["sent", "queued"]
    reason: ClientError | None = None


def assignment(home: Home, case: str, unit: str, papers: Papers) -> Assigning:
    """What giving the case to `unit` (`ca.example/pc03`, or `pc03` of our own committee) would send.

    The unit gets everything of the dossier that our committee signed for and it has not been given yet. Raises
    ClientError not-now (nothing received, nothing new for it), unknown-recipient, bad-letter, not-found.
    """
    standing = of_case(home, case)
    to = unit if Name.of(unit).is_member or "." in unit else str(Name(standing.own, unit))
    received = _received(standing)
    handed = received if standing.case.unit != to else _not_yet(standing, to, received)
    if not received:
        raise drafting.refusal(
            "our committee signed for no dossier in it", "đảng ủy chưa ký nhận hồ sơ nào của việc này"
        )
    if not handed:
        raise drafting.refusal(
            f"{to} has it, and there is nothing new to hand on",
            f"{to} đang giữ việc này, không có gì mới để giao",
        )
    letter = papers.letter(
        "assignment",
        to,
        title=_title(home, handed[0].id),
        case=case,
        regarding=handed[-1].id if standing.case.unit == to else handed[0].id,
        subject=subject_of(home, handed[0].id),
    )
    return Assigning(allowed(home, letter), to, standing.case.unit, handed)


async def with_received(
    home: Home, relay: Relay, assigning: Assigning, *, progress: Progress | None = None
) -> Letter:
    """The letter of an assignment with what is handed on, every byte of it checked against its sender's manifest.

    Raises ClientError header-missing, body-missing, package-unusable; relay-down where something has to be fetched.
    """
    parts: list[Part] = []
    view = View(home)
    for number, sent in enumerate(assigning.handed, 1):
        one = await kept.bring(home, relay, sent.id, progress=progress)
        checked = await _checked(view, one, progress)
        name = TAR if number == 1 else f"received-{number}.tar"
        parts.append(Part(name=name, role=ROLE, stream=Stream(checked.size, checked.hash, one.plaintext)))
    parts += _receipts(home, view, assigning)
    return replace(assigning.letter, parts=tuple(parts))


async def _checked(view: View, one: Kept, progress: Progress | None) -> Checked:
    judge = opening_judge.judge(view, view.dispatch(one.dispatch), one.dispatch)
    return await sealing.in_thread(lambda stopped: kept.check(one, judge, progress=progress, stopped=stopped))


async def assign(
    home: Home, relay: Relay, assigning: Assigning, *, progress: Progress | None = None
) -> send.LetterOutcome:
    """Hands the case on. Raises ClientError as with_received and send.send do."""
    letter = await with_received(home, relay, assigning, progress=progress)
    return await send.send(home, relay, letter, progress=progress)


def assigned(home: Home, case: str) -> tuple[Sent, ...]:
    """The assignments that stand, oldest first. Raises ClientError not-now where there is none, not-found."""
    found = tuple(of_case(home, case).case.standing("assignment"))
    if not found:
        raise drafting.refusal("it is assigned to no unit", "việc này chưa giao cơ quan chức năng nào")
    return found


async def unassign(
    home: Home, relay: Relay, case: str, papers: Papers, *, progress: Progress | None = None
) -> list[TakenBack]:
    """Takes the case back from its unit: every assignment that stands is withdrawn if nobody signed for it, else
    recalled, to which nobody has to agree within the committee.

    Raises ClientError not-now, wrong-role, and as send.send does.
    """
    done: list[TakenBack] = []
    for sent in assigned(home, case):
        if sent.state == "sent":
            act = ActDraft("withdrawal", sent.id, code="not-needed")
            acts.check(drafting.require_ready(home), home, act)
            async with home.writing():
                row = outbox.put_act(home, act, case=case)
            result = await outbox.deliver(home, relay, row)
            if result.state == "failed" and result.error is not None:
                raise result.error
            state: Literal["sent", "queued"] = "sent" if result.state == "sent" else "queued"
            done.append(TakenBack(sent.id, sent.to, "withdrawn", state, result.error))
            with contextlib.suppress(ClientError):  # what became of it is known; the next sync reads it too
                await mirror.sync(home, relay)
        else:
            letter = allowed(home, recall_of(sent, case, papers))
            gone = await send.send(home, relay, letter, progress=progress)
            done.append(TakenBack(sent.id, sent.to, "recalled", gone.state, gone.reason))
    return done


def recall_of(sent: Sent, case: str, papers: Papers) -> Letter:
    """The letter that takes an assignment back after it was signed for."""
    said = words.pair("unassign.words")[0]
    return papers.letter(
        "recall", sent.to, title=said, case=case, regarding=sent.id, words=papers.words or said
    )


def _received(standing: CaseStanding) -> tuple[Sent, ...]:
    """The packages of the dossier that our committee signed for and that stand, oldest first."""
    if not standing.is_clerk:
        raise problem("wrong-role", member=standing.home.config.member, role="clerk")
    return tuple(
        sent
        for sent in standing.case.dispatches.values()
        if sent.kind in KINDS and sent.to == standing.own and sent.stands and sent.receipt is not None
    )


def _not_yet(standing: CaseStanding, unit: str, received: Iterable[Sent]) -> tuple[Sent, ...]:
    """What was signed for after the newest assignment to the unit: that one carried everything before it."""
    given = max(
        (sent.index for sent in standing.case.standing("assignment") if sent.to == unit),
        default=-1,
    )
    if given < 0:  # it was addressed directly, and has the request already
        given = standing.request.index
        received = (sent for sent in received if sent.kind != "request")
    return tuple(sent for sent in received if _index(standing.view, sent.receipt) > given)


def _index(view: View, statement: str | None) -> int:
    entry = None if statement is None else view.statement(statement)
    return -1 if entry is None else entry.logged.index


def _receipts(home: Home, view: View, assigning: Assigning) -> Sequence[Part]:
    """The proofs that go with it: RECEIPT and HANDOVER of each package, and every DUE of the case."""
    case = view.case(assigning.letter.case or "")
    wanted = [id_ for sent in assigning.handed for id_ in (sent.receipt, sent.handover)]
    wanted += [record.id for record in case.due_history]
    final, latest = view.final_checkpoint, view.checkpoint
    parts: dict[str, Part] = {}
    for entry in (view.statement(id_) for id_ in wanted if id_ is not None):
        if entry is None:
            continue
        head = final if final is not None and entry.logged.index < final.size else latest
        if head is None or entry.logged.index >= head.size:
            raise problem("not-final", why=clause("final.not-yet", id=entry.logged.id[:16]))
        name = carried.proof_name(entry.logged.index, entry.type)
        parts[name] = Part(name=name, role="receipt", data=receipts.issue(home, entry, head))
    return list(parts.values())


def _title(home: Home, dispatch: str) -> str:
    """What the assignment is called: as the request it hands on, where that was opened here."""
    row = home.archive.row("SELECT title FROM manifests WHERE dispatch = ?", (dispatch,))
    return row[0] if row is not None and row[0] else drafting.label_of("assignment")
