"""The profile that a new agreement begins with: this regulation's subjects, terms and ladder, and our
defaults.

It is written to be read: both committees look at these bytes before they attest them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from kynhan_keys.vkeys import Vkey

from . import profile

Labels = tuple[str, str]  # Vietnamese, English


@dataclass(frozen=True)
class PartyNames:
    """A committee's name in statements, its short name, its full name in Vietnamese and in English."""

    committee: str
    short: str
    vi: str
    en: str


@dataclass(frozen=True)
class RegulationNames:
    """Number, date and issuer of the regulation carried out, and its title in both languages."""

    number: str
    date: date
    issuer: str = "Ban Thường vụ Tỉnh ủy"
    vi: str = "Quy chế phối hợp giữa Đảng ủy Các cơ quan tỉnh và Đảng ủy Công an tỉnh"
    en: str = (
        "Coordination regulation of the committees of the provincial agencies and of the provincial police"
    )


REQUESTING_NAMES: Labels = ("Đảng ủy Các cơ quan tỉnh", "Committee of the provincial agencies")
RESPONDING_NAMES: Labels = ("Đảng ủy Công an tỉnh", "Committee of the provincial police")

_SUBJECTS: tuple[tuple[str, str, str, str], ...] = (
    (
        "3.1",
        "Thẩm tra, xác minh khi có vấn đề cần làm rõ",
        "Verification where a question needs looking into",
        "mandatory",
    ),
    (
        "3.2a",
        "Thẩm định phục vụ quy trình nhân sự: lần đầu",
        "Appraisal for personnel procedures: first time",
        "mandatory",
    ),
    (
        "3.2b",
        "Thẩm định phục vụ quy trình nhân sự: kết luận lại",
        "Appraisal for personnel procedures: concluded again",
        "mandatory",
    ),
    (
        "3.3",
        "Tình tiết mới có thể làm thay đổi kết luận trước đó",
        "New facts that may change an earlier conclusion",
        "optional",
    ),
    ("3.4", "Thẩm định phục vụ kết nạp", "Appraisal for admission", "mandatory"),
    (
        "3.5",
        "Thông tin phục vụ quản lý tổ chức, đảng viên; kiểm tra, giám sát",
        "Information for managing organisations and members, and for inspection",
        "none",
    ),
    ("3.6", "Thông tin theo khoản 6 Điều 3", "Information under Article 3(6)", "none"),
)
_TERMS: tuple[tuple[str, int, str, str, str, str], ...] = (
    (
        "in-province",
        35,
        "working",
        "limit",
        "35 ngày làm việc (thân nhân chỉ ở trong tỉnh)",
        "35 working days (relatives only inside the province)",
    ),
    (
        "in-country",
        45,
        "working",
        "limit",
        "45 ngày làm việc (thân nhân ở trong nước, ngoài tỉnh)",
        "45 working days (relatives in the country, outside the province)",
    ),
    (
        "foreign",
        90,
        "calendar",
        "target",
        "phấn đấu không quá 90 ngày (có yếu tố nước ngoài)",
        "strive for at most 90 days (foreign element)",
    ),
)
_AGREEMENT: Labels = (
    "Hai bên thống nhất: biên nhận ký trên hệ thống này có giá trị như việc ký nhận văn bản giấy; thời điểm nhận là"
    " thời điểm ghi trong nhật ký đối chứng.",
    "Both sides agree that a receipt signed in this system counts as signing for the paper; the time of receipt is the"
    " one in the transparency log.",
)


def default_profile(
    *,
    relay: tuple[Vkey, Vkey],
    requesting: PartyNames,
    responding: PartyNames,
    regulation: RegulationNames,
    calendar: str,
) -> bytes:
    """The document, indented, in UTF-8; its keys in the order of docs/spec/profile.md.

    `relay` are the relay's Ed25519 and ML-DSA-44 keys, both named by its origin; `calendar` is the SHA-256 of
    the first calendar in hex. Raises ProfileError for what no profile can say.
    """
    document: dict[str, Any] = {
        "kynhan": profile.VERSION,
        "regulation": {
            "number": regulation.number,
            "date": regulation.date.isoformat(),
            "issuer": regulation.issuer,
            "title": _words(regulation.vi, regulation.en),
        },
        "relay": {"origin": relay[0].name, "ed25519": str(relay[0]), "ml-dsa-44": str(relay[1])},
        "parties": {"requesting": _party(requesting), "responding": _party(responding)},
        "subjects": [
            {"code": code, "label": _words(vi, en), "term": term} for code, vi, en, term in _SUBJECTS
        ],
        "terms": [
            {"code": code, "days": days, "unit": unit, "nature": nature, "label": _words(vi, en)}
            for code, days, unit, nature, vi, en in _TERMS
        ],
        "calendar": calendar,
        "reminders": {
            "at": "08:00",
            "before": [10, 5, 2, 1],
            "on-day": True,
            "after": [1, 3, 5],
            "then-every": 5,
            "unsigned": {"after-working-days": 1, "urgent-hours": 0, "then-every": 1},
        },
        "secrecy": {"ceiling": "khong-mat"},
        "approval": {"kinds": []},
        "roll-foreign": True,
        "return-within": 5,
        "header-retention-days": 30,
        "agreement": _words(*_AGREEMENT),
        "settings": {
            "question-stops-clock": False,
            "opinion-wish-date": True,
            "interim-stops-clock": False,
            "copy-to-clerk": False,
            "return-for-completion": True,
            "return-restarts-clock": True,
            "closing-content": False,
            "unit-replies-directly": True,
            "copy-reply-to-committee": True,
            "correction-by-both": True,
            "show-unrolled-date": True,
            "extension-names-date": True,
            "open-cases-keep-profile": True,
            "receipt-on-day-off": "not-counted",
            "retention-years": 0,
            "number-series": {"party": "term-of-office", "state": "calendar-year"},
        },
        "hours": {"begin": "07:30", "end": "17:00"},
        "standing": {"soon": 5, "long-overdue": 20},
        "reports": {"begins-on": 1, "small-cell": 3},
        "completion": {"pauses": 1, "received-after": 1},
    }
    data = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    profile.parse(data)
    return data


def _words(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def _party(party: PartyNames) -> dict[str, Any]:
    return {"committee": party.committee, "short": party.short, "name": _words(party.vi, party.en)}
