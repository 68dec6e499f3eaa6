"""Reading edXML from anywhere: no DTD, no entities, nothing from outside the file; bounded in size, depth and number.

Elements of the standard that this program has no use for are passed over; those it uses stand once where one is meant,
dates are dates, base64 is base64, and file names are names that can stand in a package.
"""

from __future__ import annotations

import base64
import binascii
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NoReturn
from xml.etree import ElementTree as ET

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from kynhan_protocol.errors import PackageError
from kynhan_protocol.package import filenames
from kynhan_protocol.statements.text import fault
from kynhan_protocol.vietnam_time import VIETNAM

from ..clauses import Pair, clause
from ..errors import problem
from .model import NAMESPACE, STATUSES, Attachment, Document, Organ, Reference, Status

MAX_BYTES: Final = 256 * 1024 * 1024
MAX_DEPTH: Final = 24
MAX_ELEMENTS: Final = 20_000
MAX_TEXT: Final = 4_000  # characters of one field
MAX_COUNT: Final = 100_000
DATES: Final = ("%Y/%m/%d", "%d/%m/%Y", "%Y-%m-%d")


def read(data: bytes, name: str = "edXML") -> Document | Status:
    """What a file says; `name` is what an error calls it. Raises ClientError bad-edxml."""
    try:
        root = _parse(data)
        header = _must(_must(root, "edXMLEnvelope"), "edXMLHeader")
        message, status = _one(header, "MessageHeader"), _one(header, "Status")
        if message is not None:
            return _document(root, header, message)
        if status is not None:
            return _status(status)
        _bad("edxml.no-message")
    except _BadError as error:
        raise problem("bad-edxml", path=name, why=error.why) from None


class _BadError(Exception):
    def __init__(self, why: Pair | Exception) -> None:
        super().__init__(why)
        self.why = why


def _bad(key: str, **blanks: object) -> NoReturn:
    raise _BadError(clause(key, **blanks))


# --- XML


class _Bounded(ET.TreeBuilder):
    """Builds the tree while it stays within the limits."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            _bad("edxml.too-much")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Any:
        self._depth -= 1
        return super().end(tag)


def _parse(data: bytes) -> ET.Element:
    if len(data) > MAX_BYTES:
        _bad("edxml.too-much")
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except DefusedXmlException:
        _bad("edxml.dtd")
    except (ET.ParseError, ValueError, LookupError) as error:  # also of an encoding that it does not know
        raise _BadError(error) from None
    if root.tag not in (f"{{{NAMESPACE}}}edXML", "edXML"):
        _bad("edxml.other-root", root=filenames.display_name(root.tag)[:100])
    return root


def _all(at: ET.Element, name: str) -> list[ET.Element]:
    """The children of that name, in the standard's namespace or (as in AttachmentEncoded) in none."""
    return [child for child in at if child.tag in (f"{{{NAMESPACE}}}{name}", name)]


def _one(at: ET.Element, *names: str) -> ET.Element | None:
    found = [child for name in names for child in _all(at, name)]
    if len(found) > 1:
        _bad("edxml.twice", name=names[0])
    return found[0] if found else None


def _must(at: ET.Element, name: str) -> ET.Element:
    found = _one(at, name)
    if found is None:
        _bad("edxml.missing", name=name)
    return found


def _text(at: ET.Element | None, *names: str, limit: int = MAX_TEXT) -> str:
    """The text of a child, in form NFC, runs of white space as one space; empty where it is not there."""
    found = None if at is None else _one(at, *names)
    if found is None:
        return ""
    if len(found):
        _bad("edxml.no-text", name=names[0])
    text = found.text or ""
    if len(text) > limit:
        _bad("edxml.too-much")
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if fault(plain) is not None:
        _bad("edxml.hidden", name=names[0])
    return plain


# --- values


def _date(at: ET.Element | None, name: str) -> date | None:
    text = _text(at, name)
    if not text:
        return None
    return _moment(f"{text.partition(' ')[0]} 00:00:00", name).date()


def _moment(text: str, name: str) -> datetime:
    for form in DATES:
        try:
            return datetime.strptime(text, f"{form} %H:%M:%S").replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    _bad("edxml.no-date", name=name)


def _count(at: ET.Element | None, name: str) -> int:
    text = _text(at, name)
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) <= MAX_COUNT):
        _bad("edxml.no-number", name=name)
    return int(text)


def _organ(at: ET.Element) -> Organ:
    identity = _text(at, "OrganId")
    if not identity:
        _bad("edxml.missing", name="OrganId")
    return Organ(identity, _text(at, "OrganName"))


def _reference(at: ET.Element) -> Reference:
    return Reference(
        _text(at, "OrganId"), _text(at, "Code"), _date(at, "PromulgationDate"), _text(at, "DocumentId")
    )


# --- messages


def _document(root: ET.Element, header: ET.Element, message: ET.Element) -> Document:
    signer, other = _one(message, "SignerInfo"), _one(message, "OtherInfo")
    places, appendixes = _one(message, "ToPlaces"), None if other is None else _one(other, "Appendixes")
    code, promulgation = _must(message, "Code"), _one(message, "PromulgationInfo")
    title = _text(message, "Subject")
    if not title:
        _bad("edxml.missing", name="Subject")
    return Document(
        from_=_organ(_must(message, "From")),
        to=tuple(map(_organ, _all(message, "To"))),
        number=_text(code, "CodeNumber"),
        symbol=_text(code, "CodeNotation"),
        place=_text(promulgation, "Place"),
        issued=_date(promulgation, "PromulgationDate"),
        doctype=_text(_one(message, "DocumentType"), "TypeName"),
        title=title,
        authority=_text(signer, "Competence"),
        position=_text(signer, "Position"),
        signer=_text(signer, "FullName"),
        due=_date(message, "DueDate"),
        places=_texts(places, "Place"),
        priority=min(_count(other, "Priority"), 3),
        circulation=_text(other, "SphereOfPromulgation"),
        copies=_count(other, "PromulgationAmount"),
        pages=_count(other, "PageAmount"),
        appendixes=_texts(appendixes, "Appendix"),
        answers=tuple(map(_reference, _all(message, "ResponseFor"))),
        id=_text(message, "DocumentId"),
        sent_at=_sent_at(header),
        attachments=tuple(_attachments(root)),
    )


def _texts(at: ET.Element | None, name: str) -> tuple[str, ...]:
    if at is None:
        return ()
    found = []
    for child in _all(at, name):
        single = ET.Element("x")
        single.append(child)
        found.append(_text(single, name))
    return tuple(text for text in found if text)


def _sent_at(header: ET.Element) -> datetime:
    """The first time stamp of the trace."""
    traces = _one(header, "TraceHeaderList")
    stamps: Sequence[ET.Element] = () if traces is None else _all(traces, "TraceHeader")
    if not stamps:
        _bad("edxml.missing", name="TraceHeader")
    text = _text(stamps[0], "Timestamp", "TimeStamp")
    return _moment(text if " " in text else f"{text} 00:00:00", "Timestamp")


def _status(at: ET.Element) -> Status:
    code = _text(at, "StatusCode")
    if code not in STATUSES:
        _bad("edxml.no-status", possible=" ".join(STATUSES))
    return Status(
        about=_reference(_must(at, "ResponseFor")),
        from_=_organ(_must(at, "From")),
        code=code,
        description=_text(at, "Description"),
        at=_moment(_text(at, "Timestamp"), "Timestamp"),
    )


def _attachments(root: ET.Element) -> Iterator[Attachment]:
    encoded = _one(root, "AttachmentEncoded")
    found = [] if encoded is None else [_attachment(one) for one in _all(encoded, "Attachment")]
    try:
        filenames.check_names([one.name for one in found])
    except PackageError as error:
        raise _BadError(error) from None
    yield from found


def _attachment(at: ET.Element) -> Attachment:
    name = _text(at, "AttachmentName")
    if not name:
        _bad("edxml.missing", name="AttachmentName")
    content = _must(at, "ContentTransferEncoded")
    if len(content):  # what stands behind an element inside would be lost
        _bad("edxml.no-base64", name=filenames.display_name(name))
    try:
        data = base64.b64decode("".join((content.text or "").split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        _bad("edxml.no-base64", name=filenames.display_name(name))
    return Attachment(name, _text(at, "ContentType"), data)
