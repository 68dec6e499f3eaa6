"""What happens to a dispatch once it is logged: signed for, opened, declined, withdrawn, destroyed.

The RECEIPT and the HANDOVER that releases the header are written in one transaction; reading.py serves a header only
where that row says `receipted`.
"""

from __future__ import annotations

from typing import Final

from kynhan_protocol.case.act_rules import Act
from kynhan_protocol.statements.statements import (
    Decline,
    Destruction,
    Dispatch,
    Opening,
    Receipt,
    Withdrawal,
)
from kynhan_server.log import moving, refusals
from kynhan_server.log.draft import Layer
from kynhan_server.log.following import answer_with_acceptance, answer_with_handover
from kynhan_server.log.intake import Prepared

DAY: Final = 86_400


def log_act(place: Layer, prepared: Prepared) -> None:
    """Takes an act on a dispatch into the log, and what the relay says to it. Raises Refused."""
    act = prepared.signed.statement
    assert isinstance(act, Act)
    refusals.check(place, prepared.signed, prepared.verified)
    dispatch = place.dispatch(act.dispatch).statement
    assert isinstance(dispatch, Dispatch)
    moving.settle(place, dispatch.case)
    refusals.check_case(place, prepared.signed)
    logged = place.append(prepared.signed, case=dispatch.case)
    change = _change(place, act, dispatch)
    place.rows.changes.setdefault(act.dispatch, {}).update(change)
    if isinstance(act, Receipt):
        answer_with_handover(place, logged, dispatch.case)
    else:
        answer_with_acceptance(place, logged, dispatch.case)


def _change(place: Layer, act: Act, dispatch: Dispatch) -> dict[str, object]:
    """What the act changes in the row of the dispatch."""
    match act:
        case Receipt():
            return {"state": "receipted"}
        case Decline():
            return {"state": "declined", "header": None}  # nobody will ever sign for it
        case Withdrawal():
            return {"state": "withdrawn", "header": None}
        case Opening(result="verified"):
            days = place.profile(dispatch.profile).header_retention_days
            return {"opening": "verified", "header_until": place.time + days * DAY}
        case Opening():
            return {"opening": act.result}
        case Destruction():
            return {}
