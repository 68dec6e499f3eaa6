"""The manifest: what a sealed package holds and what a clerk registers it by (DESIGN §3.2, REGULATION "Document form").

A signed note like a statement, signed by the dispatch's `from`; it travels inside the seal, never logged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast

from kynhan_keys import notes
from kynhan_keys.errors import NoteError, SignatureError
from kynhan_keys.vkeys import Signer, Vkey

from ..errors import ManifestError
from ..statements import codes, coherence, fields
from ..statements.fields import joined, or_absent
from ..statements.records import Record, RecordError, any_ordered, format_record, maybe, one, parse_record
from ..statements.statements import Dispatch

MAX_BYTES: Final = 8 * 1024 * 1024
SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file under `files/`; `size` in bytes, `signed`: it bears a digital signature of its own."""

    hash: str
    size: int
    media_type: str
    role: str
    pages: int | None
    original: bool
    signed: bool
    name: str


@dataclass(frozen=True, slots=True)
class CopyEntry:
    """A line of *nơi nhận*: how many copies go to `name`, on paper or electronically, and what for."""

    channel: str
    quantity: int
    purpose: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All fields of the manifest; `copy` and `file` keep the author's order.

    `number` is the document's number, `printed` how number and symbol look on paper; `pages` and `enclosures`
    are counts; `reply_to` is the document answered, as its register spells it.
    """

    relay: str
    case: str
    about: str | None
    kind: str
    subject: str | None
    term: str | None
    urgency: str | None
    from_: str
    approver: str | None
    to: str
    regarding: str | None
    due: date | None
    form: str | None
    issuer: str | None
    parent: str | None
    doctype: str | None
    number: int | None
    symbol: str | None
    printed: str | None
    place: str | None
    issued: date | None
    title: str
    authority: str | None
    position: str | None
    signer: str | None
    pages: int | None
    secrecy: str
    secret_until: date | None
    circulation: str | None
    enclosures: int | None
    reply_to: str | None
    wish_date: date | None
    drafting: str | None
    copy: tuple[CopyEntry, ...]
    file: tuple[FileEntry, ...]
    time: datetime
    nonce: bytes


COPY: Final = joined(
    CopyEntry,
    ("channel", fields.one_of(codes.CHANNELS)),
    ("quantity", fields.NUMBER),
    ("purpose", fields.WORD),
    ("name", fields.TEXT),
)
FILE: Final = joined(
    FileEntry,
    ("hash", fields.HASH),
    ("size", fields.COUNT),
    ("media_type", fields.MEDIA_TYPE),
    ("role", fields.one_of(codes.FILE_ROLES)),
    ("pages", or_absent(fields.COUNT)),
    ("original", fields.flag("original", "copy")),
    ("signed", fields.flag("signed", "-")),
    ("name", fields.TEXT),
)
RECORD: Final = Record(
    "kynhan/manifest@v1",
    Manifest,
    (
        one("relay", fields.ORIGIN),
        one("case", fields.UUID),
        maybe("about", fields.UUID),
        one("kind", fields.KIND),
        maybe("subject", fields.SUBJECT),
        maybe("term", fields.TERM),
        maybe("urgency", fields.URGENCY),
        one("from", fields.MEMBER),
        maybe("approver", fields.MEMBER),
        one("to", fields.PARTY),
        maybe("regarding", fields.HASH),
        maybe("due", fields.DATE),
        maybe("form", fields.one_of(codes.FORMS)),
        maybe("issuer", fields.TEXT),
        maybe("parent", fields.TEXT),
        maybe("doctype", fields.TEXT),
        maybe("number", fields.NUMBER),
        maybe("symbol", fields.TEXT),
        maybe("printed", fields.TEXT),
        maybe("place", fields.TEXT),
        maybe("issued", fields.DATE),
        one("title", fields.TEXT),
        maybe("authority", fields.TEXT),
        maybe("position", fields.TEXT),
        maybe("signer", fields.TEXT),
        maybe("pages", fields.COUNT),
        one("secrecy", fields.one_of(codes.SECRECIES)),
        maybe("secret-until", fields.DATE),
        maybe("circulation", fields.TEXT),
        maybe("enclosures", fields.COUNT),
        maybe("reply-to", fields.TEXT),
        maybe("wish-date", fields.DATE),
        maybe("drafting", fields.TEXT),
        any_ordered("copy", COPY),
        any_ordered("file", FILE),
        one("time", fields.TIME),
        one("nonce", fields.NONCE),
    ),
    coherence.nothing,
)
_RECORDS: Final = {RECORD.first_line: RECORD}
_AS_IN_DISPATCH: Final = (
    "relay",
    "case",
    "about",
    "kind",
    "term",
    "urgency",
    "from",
    "approver",
    "to",
    "regarding",
    "due",
)


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """The bytes of `manifest.note`, with one signature line: that of `from`, not yet verified."""

    note: bytes
    text: str
    manifest: Manifest
    signatures: tuple[notes.Signature, ...]

    @property
    def id(self) -> str:
        """SHA-256 of the whole manifest.note, as an OPENING names it."""
        return hashlib.sha256(self.note).hexdigest()


def parse_text(text: str) -> Manifest:
    """The manifest that `text` spells. Raises ManifestError."""
    try:
        return cast(Manifest, parse_record(text, _RECORDS))
    except RecordError as error:
        raise ManifestError(f"Not a manifest: {error}.", line=error.line) from None


def format_text(manifest: Manifest) -> str:
    """The one text of `manifest`. Raises ManifestError if it has none."""
    if type(manifest) is not Manifest:
        raise ManifestError(f"Not a manifest: a {type(manifest).__name__}.")
    try:
        return format_record(manifest, RECORD)
    except RecordError as error:
        raise ManifestError(f"Not a manifest: {error}.", line=error.line) from None


def parse(data: bytes) -> SignedManifest:
    """The signed manifest that `data` spells, at most 8 MiB. Raises ManifestError."""
    try:
        note = notes.parse(data, max_bytes=MAX_BYTES)
    except NoteError as error:
        raise ManifestError(f"Not a signed note: {error}.") from None
    manifest = parse_text(note.text)
    if [(line.name, len(line.signature)) for line in note.signatures] != [(manifest.from_, SIGNATURE_BYTES)]:
        raise ManifestError(f"The manifest is not signed by {manifest.from_} alone.", code="bad-signature")
    return SignedManifest(data, note.text, manifest, note.signatures)


def sign(manifest: Manifest, signer: Signer) -> SignedManifest:
    """`manifest` signed by its `from`. Raises ManifestError."""
    try:
        note = notes.sign(format_text(manifest), signer)
    except NoteError as error:
        raise ManifestError(f"The manifest cannot be signed: {error}.", code="bad-signature") from None
    return parse(notes.format(note))


def verify(signed: SignedManifest, vkeys: Sequence[Vkey]) -> None:
    """Checks that the signature is that of the one key in `vkeys`. Raises ManifestError (`bad-signature`)."""
    try:
        notes.verify_exactly(notes.Note(signed.text, signed.signatures), vkeys)
    except SignatureError as error:
        raise ManifestError(
            f"The manifest is not signed as it must be: {error}.", code="bad-signature"
        ) from None


def differences(manifest: Manifest, dispatch: Dispatch) -> list[str]:
    """The fields that the manifest must repeat from its dispatch and does not, in the manifest's order."""
    attribute = {field.name: field.attribute for field in RECORD.fields}
    return [
        name
        for name in _AS_IN_DISPATCH
        if getattr(manifest, attribute[name]) != getattr(dispatch, attribute[name])
    ]
