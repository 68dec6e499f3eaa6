"""The sentences in which the case table refuses: who cannot send what, and why, in both languages."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ..errors import CaseRuleError
from ..vietnam_time import format_date_vi, local_date
from .case import Case
from .kinds import PHASE_LABELS, Phase, Rule

Why = tuple[str, str]  # a clause in Vietnamese, and in English

_NO_CASE: Final = ("chưa có việc phối hợp này", "there is no such case yet")


def refuse(rule: Rule, column: str, short: str, why: Why) -> CaseRuleError:
    """The error for a dispatch of `rule`'s kind by the party `short`; `column` of the table is broken."""
    return CaseRuleError(
        f"{short} cannot send this ({rule.label.en}): {why[1]}.",
        rule=f"{rule.kind}.{column}",
        sentence_vi=f"{short} không gửi được {rule.label.vi}: {why[0]}.",
    )


def because_of_phase(case: Case | None) -> Why:
    """What there is to say about the case's phase as the reason of a refusal, with the date where it has one."""
    if case is None:
        return _NO_CASE
    match case.phase:
        case Phase.NEW:
            return _NO_CASE
        case Phase.EXCHANGE:
            return "chưa có văn bản đề nghị phối hợp", "nothing has been requested yet"
        case Phase.UNSIGNED:
            return "chưa có ai ký nhận", "nobody has signed for it yet"
        case Phase.RUNNING:
            return "văn bản đề nghị đang được xử lý", "the request is being dealt with"
        case Phase.RETURNED:
            returned = [sent.sent_at for sent in case.standing("return")]
            return _dated(
                "hồ sơ đã được trả lại để bổ sung", "the dossier was returned for completion", returned
            )
        case Phase.ANSWERED:
            replied = [] if case.stopped is None else [case.stopped.at]
            return _dated("đã có văn bản trả lời", "the reply was given", replied)
        case Phase.CLOSED:
            closed = [sent.sent_at for sent in case.standing("closing")]
            return _dated("việc đã kết thúc", "the case was closed", closed)
        case _:
            label = PHASE_LABELS[case.phase]
            return f"việc đang ở tình trạng: {label.vi}", f"the case stands at: {label.en}"


def _dated(vi: str, en: str, times: list[datetime]) -> Why:
    if not times:
        return vi, en
    day = local_date(times[-1])
    return f"{vi} ngày {format_date_vi(day)}", f"{en} on {day}"
