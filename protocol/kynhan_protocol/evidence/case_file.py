"""`case.json`, the case as its folder tells it, held against the case that the receipts give (DESIGN §3.3).

It may tell of later statements than are here (a reminder that nobody cosigned yet): then what is here is compared, and
the rest is named. What only a home knows (title) or what changes with the day (status, ladder) is never compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from .. import strict_json
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..case import case_json, dates
from ..case.case import Case
from ..statements.committees import Committees
from ..strict_json import StrictJsonError
from .evidence_cases import Cases
from .exhibits import Exhibit
from .verdicts import Aside, Reason, reason

NAME: Final = "case.json"

FACTS: Final = (
    "index",
    "kind",
    "sender",
    "from_",
    "to",
    "about",
    "regarding",
    "term",
    "urgency",
    "due",
    "sent_at",
    "acceptance",
    "receipt",
    "received_by",
    "received_at",
    "handover",
)
"""Of a dispatch, what nothing later changes once it is there."""
DATED: Final = frozenset(
    {"due", "due_history", "need", "objections", "original_due", "unrolled_due", "late_from", "timeliness"}
)
"""What a date that only a larger log gives would change."""
ACTS: Final = frozenset({"dispatches", "due_history"})
"""What differs where somebody did something that is not here."""
LATER: Final = frozenset({"reminders", "last_index"})
"""What differs where the relay did no more than remind."""


def hold(
    data: bytes,
    placed: Iterable[Exhibit],
    profiles: Mapping[str, Profile],
    book: CalendarBook | None,
    committees: Committees,
    size: int,
) -> Reason | Aside | None:
    """What is to be said of the file: that it differs, and in what; or what of it was not compared; None of neither.

    `size` is that of the largest tree that is here.
    """
    told = _read(data)
    found = None if told is None else _folded(told["id"], placed, Cases(profiles, book, committees), size)
    if told is None or found is None or book is None:
        return Aside("not-looked-at", NAME)
    profile = profiles[found.profile]
    given = json.loads(json.dumps(case_json.to_json(found, profile)))
    wrong = set(_facts(told, given))
    beyond = told.keys() - given.keys()
    last = told.get("last_index")
    is_later = isinstance(last, int) and last > found.last_index
    differ = {name for name in given if told.get(name) != given[name]}
    if is_later and differ & ACTS:
        beyond |= (differ | DATED) & told.keys()  # an act that is not here may have changed any of it
    else:
        unsaid = any(_at(one, "due", "id") is None for one in (told, given))
        left = (LATER if is_later else frozenset()) | (DATED if unsaid else frozenset())
        wrong |= differ - left
        beyond |= differ & left
    if wrong:
        return reason("case-differs", NAME, ", ".join(sorted(wrong)))
    return Aside("not-compared", NAME, ", ".join(sorted(beyond))) if beyond else None


def _read(data: bytes) -> dict[str, Any] | None:
    try:
        strict_json.check(data)
    except StrictJsonError:
        return None
    told = json.loads(data)
    return told if isinstance(told, dict) and isinstance(told.get("id"), str) else None


def _folded(id_: str, placed: Iterable[Exhibit], cases: Cases, size: int) -> Case | None:
    for exhibit in sorted(placed, key=lambda one: one.index):
        cases.fold(exhibit)
    found, book = cases.folded.get(id_), cases.book
    if found is None or book is None:
        return None
    return dates.as_of(found, size, cases.profiles[found.profile], book)


def _facts(told: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    """What contradicts a statement that is here."""
    for id_, sent in given["dispatches"].items():
        said = _at(told, "dispatches", id_)
        for name in FACTS:
            if sent[name] is not None and _at(said, name) != sent[name]:
                yield f"dispatches.{id_[:16]}.{name}"
    records = _at(told, "due_history")
    known = [one for one in records if isinstance(one, dict)] if isinstance(records, list) else []
    for record in given["due_history"]:
        if record["id"] is not None and record not in known:
            yield f"due_history.{record['id'][:16]}"


def _at(value: object, *names: str) -> object:
    """What stands under these names, one in the other; None where nothing does."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
