"""A Document or Status as XML. What is written is what read.py reads back, whole."""

from __future__ import annotations

import base64
import re
from datetime import date, datetime
from hashlib import sha256
from xml.etree import ElementTree as ET

from ..clauses import clause
from ..errors import problem
from .model import ACTOR, NAMESPACE, XLINK, Attachment, Document, Organ, Reference, Status

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(doc: Document) -> bytes:
    """The whole file. Raises ClientError bad-edxml for a text that XML cannot hold."""
    root, header = _envelope()
    _message_header(_child(header, "MessageHeader"), doc)
    _trace(header, doc)
    body = _child(root[0], "edXMLBody")
    manifest = _child(body, "edXMLManifest", version="1.0")
    for attachment in doc.attachments:
        _reference(manifest, attachment)
    if doc.attachments:
        encoded = ET.SubElement(root, "AttachmentEncoded")
        for attachment in doc.attachments:
            _attachment(encoded, attachment)
    return _bytes(root)


def status(told: Status) -> bytes:
    """The whole file of a status message. Raises ClientError bad-edxml."""
    root, header = _envelope()
    inside = _child(header, "Status")
    _answer(inside, told.about)
    _organ(inside, "From", told.from_)
    _text(inside, "StatusCode", told.code)
    _text(inside, "Description", told.description)
    _text(inside, "Timestamp", _moment(told.at))
    return _bytes(root)


def _envelope() -> tuple[ET.Element, ET.Element]:
    root = ET.Element("edXML", {"xmlns": NAMESPACE})
    envelope = ET.SubElement(root, "edXML:edXMLEnvelope", {"xmlns:edXML": NAMESPACE})
    return root, _child(envelope, "edXMLHeader")


def _message_header(at: ET.Element, doc: Document) -> None:
    _organ(at, "From", doc.from_)
    for one in doc.to:
        _organ(at, "To", one)
    code = _child(at, "Code")
    _text(code, "CodeNumber", doc.number)
    _text(code, "CodeNotation", doc.symbol)
    promulgation = _child(at, "PromulgationInfo")
    _text(promulgation, "Place", doc.place)
    _text(promulgation, "PromulgationDate", _day(doc.issued))
    kind = _child(at, "DocumentType")
    _text(kind, "Type", str(doc.type_number))
    _text(kind, "TypeName", doc.doctype)
    _text(at, "Subject", doc.title)
    _text(at, "Content", doc.title)
    signer = _child(at, "SignerInfo")
    _text(signer, "Competence", doc.authority)
    _text(signer, "Position", doc.position)
    _text(signer, "FullName", doc.signer)
    _text(at, "DueDate", _day(doc.due))
    _list(at, "ToPlaces", "Place", doc.places)
    _other(_child(at, "OtherInfo"), doc)
    for reference in doc.answers:
        _answer(at, reference)
    _text(at, "SteeringType", "0")
    _text(at, "DocumentId", doc.id)


def _other(at: ET.Element, doc: Document) -> None:
    _text(at, "Priority", str(doc.priority))
    _text(at, "SphereOfPromulgation", doc.circulation)
    _text(at, "TyperNotation", "")
    _text(at, "PromulgationAmount", str(doc.copies))
    _text(at, "PageAmount", str(doc.pages))
    _list(at, "Appendixes", "Appendix", doc.appendixes)


def _trace(header: ET.Element, doc: Document) -> None:
    identity = sha256(doc.id.encode()).hexdigest()[:8]
    traces = _child(header, "TraceHeaderList", id=identity, version="1.0", mustUnderstand="1", actor=ACTOR)
    trace = _child(traces, "TraceHeader")
    _text(trace, "OrganId", doc.from_.id)
    _text(trace, "Timestamp", _moment(doc.sent_at))
    business = _child(traces, "Bussiness")
    _text(business, "BussinessDocType", "0")  # a new document
    _text(business, "BussinessDocReason", "")
    _text(business, "Paper", "0")


def _organ(at: ET.Element, name: str, organ: Organ) -> None:
    inside = _child(at, name)
    _text(inside, "OrganId", organ.id)
    _text(inside, "OrganizationInCharge", "")
    _text(inside, "OrganName", organ.name)


def _answer(at: ET.Element, reference: Reference) -> None:
    inside = _child(at, "ResponseFor")
    _text(inside, "OrganId", reference.organ)
    _text(inside, "Code", reference.code)
    _text(inside, "PromulgationDate", _day(reference.issued))
    _text(inside, "DocumentId", reference.document)


def _reference(manifest: ET.Element, attachment: Attachment) -> None:
    link = f"cid:{content_id(attachment)}"
    attributes = {"xmlns:xlink": XLINK, "xlink:href": link, "xlink:role": "XLinkRole", "xlink:type": "simple"}
    inside = _child(manifest, "Reference", **attributes)
    _text(inside, "ContentId", link)
    _text(inside, "ContentType", attachment.media_type)
    _text(inside, "Description", "")
    _text(inside, "AttachmentName", attachment.name)


def _attachment(encoded: ET.Element, attachment: Attachment) -> None:
    inside = ET.SubElement(encoded, "Attachment")
    for name, value in (
        ("ContentType", attachment.media_type),
        ("ContentId", content_id(attachment)),
        ("Description", ""),
        ("ContentTransferEncoded", base64.b64encode(attachment.data).decode()),
        ("AttachmentName", attachment.name),
    ):
        ET.SubElement(inside, name).text = _checked(value)


def content_id(attachment: Attachment) -> str:
    """What binds the list of files to their bytes: a hash over name and content."""
    digest = sha256(attachment.name.encode() + b"\0")
    digest.update(attachment.data)
    return digest.hexdigest()[:32]


def _child(at: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(at, f"edXML:{name}", attributes)


def _text(at: ET.Element, name: str, text: str) -> None:
    _child(at, name).text = _checked(text)


def _list(at: ET.Element, name: str, each: str, texts: tuple[str, ...]) -> None:
    inside = _child(at, name)
    for text in texts:
        _text(inside, each, text)


def _checked(text: str) -> str:
    if _NOT_XML.search(text):
        raise problem("bad-edxml", path="XML", why=clause("edxml.characters"))
    return text


def _day(on: date | None) -> str:
    return "" if on is None else f"{on.year:04d}/{on.month:02d}/{on.day:02d}"


def _moment(at: datetime) -> str:
    return f"{_day(at.date())} {at:%H:%M:%S}"


def _bytes(root: ET.Element) -> bytes:
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"
    )
