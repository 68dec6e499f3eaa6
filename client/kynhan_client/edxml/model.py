"""What an edXML file says, as plain data; the names are ours, docs/spec/edxml.md has the elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

NAMESPACE: Final = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
XLINK: Final = "http://www.w3.org/1999/xlink"
ACTOR: Final = "http://schemas.xmlsoap.org/soap/actor/next"

TYPES: Final = (
    *("Nghị quyết", "Quyết định", "Chỉ thị", "Quy chế", "Quy định", "Thông cáo", "Thông báo", "Hướng dẫn"),
    *("Chương trình", "Kế hoạch", "Phương án", "Đề án", "Dự án", "Báo cáo", "Biên bản", "Tờ trình"),
    *("Hợp đồng", "Công văn", "Công điện", "Bản ghi nhớ", "Bản cam kết", "Bản thỏa thuận"),
    *("Giấy chứng nhận", "Giấy ủy quyền", "Giấy mời", "Giấy giới thiệu", "Giấy nghỉ phép"),
    *("Giấy đi đường", "Giấy biên nhận hồ sơ", "Phiếu gửi", "Phiếu chuyển", "Thư công"),
)
"""Types of document by their number, from 1; 0 stands for any other."""

PRIORITIES: Final = (None, "khan", "thuong-khan", "hoa-toc")
"""Our urgencies by the number of `Priority`, from 0."""

STATUSES: Final = ("01", "02", "03", "04", "05", "06", "13", "15", "16")


@dataclass(frozen=True)
class Organ:
    """An office: the code it is known by (mã định danh), and its name."""

    id: str
    name: str


@dataclass(frozen=True)
class Attachment:
    """A file."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Reference:
    """Another document, as its register has it: `code` is number and symbol."""

    organ: str
    code: str
    issued: date | None
    document: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document with its files. Texts may be empty; `pages` and `copies` are counts, `priority` 0 to 3; `sent_at` is
    in Việt Nam's time, to the second; `appendixes` are names of enclosures."""

    from_: Organ
    to: tuple[Organ, ...]
    number: str
    symbol: str
    place: str
    issued: date | None
    doctype: str
    title: str
    authority: str
    position: str
    signer: str
    due: date | None
    places: tuple[str, ...]
    priority: int
    circulation: str
    copies: int
    pages: int
    appendixes: tuple[str, ...]
    answers: tuple[Reference, ...]
    id: str
    sent_at: datetime
    attachments: tuple[Attachment, ...]

    @property
    def type_number(self) -> int:
        """The number of its type; 0 for one without."""
        return TYPES.index(self.doctype) + 1 if self.doctype in TYPES else 0


@dataclass(frozen=True, kw_only=True)
class Status:
    """What became of a document: `code` is one of STATUSES, `at` in Việt Nam's time, to the second."""

    about: Reference
    from_: Organ
    code: str
    description: str
    at: datetime


def document_id(organ: str, issued: date | None, code: str) -> str:
    """How a document is named everywhere: office, date, number and symbol, joined by commas."""
    return f"{organ},{issued:%Y/%m/%d},{code}" if issued else f"{organ},,{code}"


def code_of(number: str, symbol: str) -> str:
    """Number and symbol as one: 15/UBND-NC, and 15-CV/ĐUCCQ in the Party's forms."""
    return ("-" if "/" in symbol else "/").join(part for part in (number, symbol) if part)
