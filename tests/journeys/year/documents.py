"""The calendar documents of the year, as the two committees would draw them up, and their approval."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.journeys.year.days import FIRST_DECISION, SECOND_DECISION, decided

DECIDED_BY = {2023: "8056/VPCP-KGVX", 2024: "2450/VPCP-KGVX", 2025: "8726/VPCP-KGVX", 2026: "12729/VPCP-KGVX"}


def three() -> tuple[bytes, bytes, bytes]:
    """What the profile names, what comes after decision 12729, what comes late in 2026."""
    late = FIRST_DECISION | SECOND_DECISION
    first = {day: kind for day, kind in decided() if day not in late}
    second = first | FIRST_DECISION
    return _document(first, {2026}), _document(second, set()), _document(second | SECOND_DECISION, set())


def _document(days: Mapping[object, str], drafted: set[int]) -> bytes:
    years = [
        {
            "year": year,
            "status": "draft" if year in drafted else "official",
            "decision": None if year in drafted else decision,
        }
        for year, decision in DECIDED_BY.items()
    ]
    listed = [
        {
            "date": str(day),
            "day": kind,
            "why": {"vi": "theo thông báo", "en": "as announced"},
            "decision": "thông báo",
        }
        for day, kind in sorted(days.items(), key=lambda one: str(one[0]))
    ]
    document = {"kynhan": "calendar@v1", "years": years, "days": listed}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
