"""What a form of documents asks for: types, heading, how number and symbol are written, who signs for whom.

FORMS["party-2018"].printed(15, "CV/ĐUCCQ")    # Số 15-CV/ĐUCCQ
FORMS["state-2020"].printed(15, "UBND-NC")     # Số: 15/UBND-NC
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from ..dossiers import plaintext

Family = Literal["party", "state"]

_GROUP = r"[A-ZĐÀ-ỸƯƠĂÂÊÔa-zđ0-9]+"  # a group of letters in a symbol: CV, CTr, ĐUCCQ, UBND
_PARTY_SYMBOL = re.compile(rf"(?P<kind>{_GROUP})/(?P<agency>{_GROUP}(?:[-.]{_GROUP})*)")
_STATE_SYMBOL = re.compile(rf"(?P<first>{_GROUP})(?:-(?P<rest>{_GROUP}(?:[-.]{_GROUP})*))?")


@dataclass(frozen=True)
class DocType:
    """A type of document: its name, and the abbreviation that stands in the symbol (none for the State's công văn)."""

    name: str
    abbreviation: str | None

    @property
    def slug(self) -> str:
        """The name for a command line: công văn → cong-van."""
        return "-".join(plaintext.words(plaintext.folded(self.name)))


@dataclass(frozen=True)
class Form:
    """One form. `heading` are the lines at the top; `required` the register fields a document cannot lack;
    `authorities` how an authority line may begin; in force for documents issued from `begins` on, until `ends`."""

    code: str
    family: Family
    rule: str
    heading: tuple[str, ...]
    types: tuple[DocType, ...]
    authorities: tuple[str, ...]
    begins: date
    ends: date | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """Register fields that every document of the form has, as cover.toml spells them."""
        return ("title", "issuer", "doctype", "number", "symbol", "place", "issued", "position", "signer")

    def doctype(self, name: str | None) -> DocType | None:
        """The type of that name or slug, however it is written."""
        if name is None:
            return None
        wanted = "-".join(plaintext.words(plaintext.folded(name)))
        return next((one for one in self.types if one.slug == wanted), None)

    def printed(self, number: int, symbol: str) -> str:
        """Number and symbol as they stand on the document; numbers below ten have a zero before them."""
        return f"Số {number:02d}-{symbol}" if self.family == "party" else f"Số: {number:02d}/{symbol}"

    def example_symbol(self, doctype: DocType) -> str:
        """How a symbol of that type looks."""
        if self.family == "party":
            return f"{doctype.abbreviation}/ĐU…"
        return "UBND-…" if doctype.abbreviation is None else f"{doctype.abbreviation}-UBND"

    def fits(self, symbol: str, doctype: DocType | None) -> bool:
        """Whether a symbol is written as the form wants it, for that type if one is known."""
        pattern = _PARTY_SYMBOL if self.family == "party" else _STATE_SYMBOL
        found = pattern.fullmatch(symbol)
        if found is None:
            return False
        if doctype is None:
            return True
        if self.family == "party":
            return found["kind"] == doctype.abbreviation
        if doctype.abbreviation is None:  # a công văn: agency and drafting unit, no type
            return found["first"] not in {one.abbreviation for one in self.types}
        return found["first"] == doctype.abbreviation and found["rest"] is not None


def _types(text: str) -> tuple[DocType, ...]:
    pairs = (line.rsplit(" ", 1) for line in text.strip().splitlines())
    return tuple(DocType(name.strip(), None if short == "-" else short) for name, short in pairs)


_PARTY_TYPES: Final = """
    Công văn CV
    Tờ trình TTr
    Báo cáo BC
    Thông báo TB
    Kết luận KL
    Quyết định QĐ
    Quy định QĐ
    Quy chế QC
    Nghị quyết NQ
    Chỉ thị CT
    Thông tri TT
    Hướng dẫn HD
    Kế hoạch KH
    Quy hoạch QH
    Chương trình CTr
    Đề án ĐA
    Phương án PA
    Dự án DA
    Biên bản BB
    Thông cáo TC
    Giấy mời GM
    Giấy giới thiệu GGT
    Phiếu chuyển PC
    Phiếu gửi PG
"""
_STATE_TYPES: Final = """
    Công văn -
    Nghị quyết NQ
    Quyết định QĐ
    Chỉ thị CT
    Quy chế QC
    Quy định QyĐ
    Thông cáo TC
    Thông báo TB
    Hướng dẫn HD
    Chương trình CTr
    Kế hoạch KH
    Phương án PA
    Đề án ĐA
    Dự án DA
    Báo cáo BC
    Biên bản BB
    Tờ trình TTr
    Hợp đồng HĐ
    Công điện CĐ
    Bản ghi nhớ BGN
    Bản thỏa thuận BTT
    Giấy ủy quyền GUQ
    Giấy mời GM
    Giấy giới thiệu GGT
    Giấy nghỉ phép GNP
    Phiếu gửi PG
    Phiếu chuyển PC
    Phiếu báo PB
"""
_SUCCESSION: Final = date(2026, 1, 9)  # Quy định 399-QĐ/TW, in force from its signing
_PARTY_AUTHORITIES: Final = ("T/M", "K/T", "T/L", "TUQ", "Q.")

FORMS: Final[dict[str, Form]] = {
    form.code: form
    for form in (
        Form(
            "party-2018",
            "party",
            "Quy định 66-QĐ/TW (06/02/2017), Hướng dẫn 36-HD/VPTW (03/4/2018)",
            ("ĐẢNG CỘNG SẢN VIỆT NAM",),
            _types(_PARTY_TYPES),
            _PARTY_AUTHORITIES,
            date(2017, 2, 6),
            _SUCCESSION,
        ),
        Form(
            "party-2026",
            "party",
            "Quy định 399-QĐ/TW (09/01/2026)",
            ("ĐẢNG CỘNG SẢN VIỆT NAM",),
            _types(_PARTY_TYPES),
            _PARTY_AUTHORITIES,
            _SUCCESSION,
        ),
        Form(
            "state-2020",
            "state",
            "Nghị định 30/2020/NĐ-CP (05/3/2020)",
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
            _types(_STATE_TYPES),
            ("TM.", "KT.", "TL.", "TUQ.", "Q."),
            date(2020, 3, 5),
        ),
    )
}
"""Every form by its code (codes.FORMS)."""


def family_of(form: str | None, printed: str | None = None) -> Family:
    """The family whose numbers a document belongs to: that of its form; without one, by how its number is printed."""
    if form in FORMS:
        return FORMS[form].family
    return "state" if (printed or "").startswith("Số:") else "party"
