"""What became of a document, as the status codes of edXML tell it: only what the log bears out can be told."""

from __future__ import annotations

from typing import Final

from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.vietnam_time import VIETNAM

from .. import words
from ..clauses import clause
from ..errors import problem
from ..home.home import Home
from ..log.view import View
from .exporting import organ_id, party_name, reference_to
from .model import STATUSES, Organ, Status

LABELS: Final = {
    "01": "edxml.status.arrived",
    "02": "edxml.status.refused",
    "03": "edxml.status.received",
    "04": "edxml.status.assigned",
    "05": "edxml.status.working",
    "06": "edxml.status.done",
    "13": "edxml.status.take-back",
    "15": "edxml.status.agreed",
    "16": "edxml.status.not-agreed",
}
BY_SENDER: Final = frozenset(("13",))


def status(home: Home, dispatch: str, code: str | None = None) -> Status:
    """The status message about a dispatch: with `code`, or with the one that tells most of how it stands now.

    Raises ClientError edxml-status for a code that is not so, or is for the other side to tell;
    edxml-nothing-to-tell; not-found.
    """
    view = View(home)
    statement = view.dispatch(dispatch)
    case = view.case(statement.case)
    sent = case.dispatches[dispatch]
    ours = home.config.is_ours(statement.from_)
    true = [one for one in STATUSES if (one in BY_SENDER) == ours and is_so(case, sent, one)]
    if code is not None and code not in true:
        label = words.pair(LABELS[code]) if code in LABELS else clause("edxml.unknown-status")
        raise problem("edxml-status", given=code, label=label, possible=" ".join(true) or "–")
    if not true:
        raise problem("edxml-nothing-to-tell", dispatch=dispatch[:12])
    chosen = code or newest(true)
    return Status(
        about=reference_to(home, dispatch),
        from_=Organ(organ_id(home, home.config.committee), party_name(home, home.config.committee)),
        code=chosen,
        description=words.pair(LABELS[chosen])[0],
        at=view.now.astimezone(VIETNAM).replace(microsecond=0),
    )


def newest(true: list[str]) -> str:
    """Of all codes that are so, the one that tells most: an answer to a recall, a refusal, else the furthest step."""
    return next((code for code in ("15", "16", "02") if code in true), true[-1])


def is_so(case: Case, sent: Sent, code: str) -> bool:
    """Whether the log bears a code out for a dispatch."""
    received = sent.state == "received"
    match code:
        case "01":
            return sent.refused is None
        case "02":
            return sent.state == "declined"
        case "03":
            return received
        case "04":
            return received and _about(case, sent, "assignment")
        case "05":
            return received and sent.opening == "verified" and case.phase in (Phase.RUNNING, Phase.EXCHANGE)
        case "06":
            return received and (_about(case, sent, "reply") or case.phase is Phase.CLOSED)
        case "13":
            return sent.state == "withdrawn" or _about(case, sent, "recall")
        case "15":
            return sent.recalled
        case "16":
            return not sent.recalled and _refused_recall(case, sent)
        case _:
            return False


def _about(case: Case, sent: Sent, kind: str) -> bool:
    return any(one.regarding == sent.id for one in case.standing(kind))


def _refused_recall(case: Case, sent: Sent) -> bool:
    """Whether a recall of it was answered while it was kept."""
    recalls = {one.id for one in case.standing("recall") if one.regarding == sent.id}
    return not sent.destroyed_by and any(one.regarding in recalls for one in case.standing("answer"))
