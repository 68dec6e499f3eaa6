"""What the relay says right behind a statement: ACCEPTANCE or HANDOVER, a DUE where the rules ask for one.

The cases are folded here, statement by statement, by the code that the clients run too.
"""

from __future__ import annotations

import os

from kynhan_protocol.case import fold
from kynhan_protocol.case.dues import DueDraft
from kynhan_protocol.errors import ProtocolError
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import Acceptance, Due, Handover, Receipt, RelayStatement
from kynhan_server.errors import not_now
from kynhan_server.log import refusals
from kynhan_server.log.draft import Layer


def nonce() -> bytes:
    """16 random bytes for a statement of the relay. Only for the writer's thread."""
    # One system call for many: each gives the interpreter lock away, and getting it back takes longer than the call.
    if not _nonces:
        drawn = os.urandom(16 * 64)
        _nonces.extend(drawn[at : at + 16] for at in range(0, len(drawn), 16))
    return _nonces.pop()


_nonces: list[bytes] = []


def say(place: Layer, statement: RelayStatement, *, case: str | None, cause: int | None) -> Logged:
    """Signs what the relay says and logs it, `cause` as for log_due. Raises BrokenRuleError where a rule forbids it."""
    signed = place.sign(statement)
    refusals.check_own(place, signed)
    return place.append_relay(signed, case=case, cause=cause)


def answer_with_acceptance(place: Layer, logged: Logged, case: str | None) -> None:
    """Logs the ACCEPTANCE of `logged`, which belongs to `case`, and the DUE that may follow from it."""
    statement = Acceptance(relay=place.log.origin, time=place.at, nonce=nonce(), of=logged.id)
    if case is not None:
        place.fold(case, logged)
    accepted = say(place, statement, case=case, cause=logged.index)
    if case is not None:
        _follow(place, case, logged, accepted)


def answer_with_handover(place: Layer, logged: Logged, case: str) -> None:
    """Logs the HANDOVER of the receipt `logged`, and the DUE where its clock starts."""
    receipt = logged.statement
    assert isinstance(receipt, Receipt)
    statement = Handover(
        relay=place.log.origin, time=place.at, nonce=nonce(), of=logged.id, dispatch=receipt.dispatch
    )
    place.fold(case, logged)
    _follow(place, case, logged, say(place, statement, case=case, cause=logged.index))


def log_due(place: Layer, draft: DueDraft, cause: int | None) -> None:
    """Signs a due date and logs it; `cause` is the index of the posted statement that it answers, if it does."""
    statement = Due(
        relay=place.log.origin,
        time=place.at,
        nonce=nonce(),
        case=draft.case,
        dispatch=draft.dispatch,
        start=draft.start,
        term=draft.term,
        profile=draft.profile,
        calendar=draft.calendar,
        due=draft.due,
        provisional=draft.provisional,
        because=draft.because,
        basis=draft.basis,
        replaces=draft.replaces,
    )
    place.fold(draft.case, say(place, statement, case=draft.case, cause=cause))


def _follow(place: Layer, case: str, posted: Logged, answer: Logged) -> None:
    """Folds the answer to a posted statement, and logs the DUE that follows from it."""
    folded = place.fold(case, answer)
    try:
        draft = fold.due_for(folded, answer, place.profile(folded.profile), place.book)
    except ProtocolError as error:  # the calendar does not reach back so far, or the profile lacks the term
        raise not_now(error) from None
    if draft is not None:
        log_due(place, draft, posted.index)
