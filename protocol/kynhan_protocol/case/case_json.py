"""A case as JSON: whole, for storing and reading back; and as a document for people and other programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..vietnam_time import midnight_after
from .case import Case
from .contests import contested
from .kinds import PHASE_LABELS
from .notice_text import step_as_told
from .status import status, timeliness
from .table import RULES
from .waiting import waiting


def dump(case: Case) -> bytes:
    """The whole case, for `load`. The same case always gives the same bytes."""
    return msgspec.json.encode(case)


def load(data: bytes) -> Case:
    """The case that `dump` wrote. Raises msgspec.DecodeError for other bytes: it is our own store that is read."""
    return msgspec.json.decode(data, type=Case)


def to_json(
    case: Case, profile: Profile, now: datetime | None = None, calendar: Calendar | None = None
) -> dict[str, Any]:
    """The case as a JSON object: what `load` needs, with labels, `unit`, `waiting_for`, `late_from`, `timeliness`.

    What was sent while the clock stood has `stood_since`, what was said to be faulty `admissible` if its sender can
    admit that; `admitted_by`, `admits` and `voided_by` are there where they say something. `contested` is the request
    or reply whose fault is contested; a reminder has `told` where it is told as something else than its step, as
    `contested+N` or `declined+N`; `aside` what the case goes back to if an admission is taken back. A date has
    `checked` only where it is false: it is the relay's, for want of the calendar. Where the profile shows it,
    `unrolled_due` is the last day counted, if that is a day off (R18). With `now` and `calendar` also `status`. Times
    are RFC 3339, dates YYYY-MM-DD.
    """
    document: dict[str, Any] = msgspec.to_builtins(case)
    for record in (document["due"], *document["due_history"]):
        if record is not None and record["checked"]:
            del record["checked"]
    for one in (document["stopped"], *document["dispatches"].values()):
        if one is not None and one["stood_since"] is None:
            del one["stood_since"]
    for sent in document["dispatches"].values():
        for name in ("admits", "admitted_by", "voided_by"):
            if sent[name] is None:
                del sent[name]
        if not sent["admissible"]:
            del sent["admissible"]
    for shown, one in zip(document["reminders"], case.reminders, strict=True):
        told = step_as_told(one.step, case.dispatches.get(one.due), one.at)
        if told != one.step:
            shown["told"] = told
    if document["aside"] is None:
        del document["aside"]
    if (disputed := contested(case)) is not None:
        document["contested"] = disputed.id
    label = PHASE_LABELS[case.phase]
    document["phase_label"] = {"vi": label.vi, "en": label.en}
    document["unit"] = case.unit
    for sent in document["dispatches"].values():
        kind = RULES[sent["kind"]].label
        sent["label"] = {"vi": kind.vi, "en": kind.en}
        sent["content"] = RULES[sent["kind"]].content.value
    document["waiting_for"] = [msgspec.to_builtins(one) for one in waiting(case, profile)]
    if case.due is not None:
        document["original_due"] = case.due.original.isoformat()
        if profile.settings.show_unrolled_date and case.due.unrolled is not None:
            document["unrolled_due"] = case.due.unrolled.isoformat()
        document["late_from"] = midnight_after(case.due.due).isoformat()
    document["timeliness"] = msgspec.to_builtins(timeliness(case))
    if now is not None and calendar is not None:
        document["status"] = msgspec.to_builtins(status(case, now, calendar, profile))
    return document
