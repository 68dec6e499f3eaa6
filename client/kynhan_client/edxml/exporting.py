"""From a package of ours, sent or opened, to an edXML file: register fields, files, and what it answers.

This takes the content out of the seal. Only documents marked *Không mật* may leave it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from kynhan_protocol.errors import NameFormatError
from kynhan_protocol.names import Name, check_committee
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.manifest import Manifest
from kynhan_protocol.statements import codes
from kynhan_protocol.vietnam_time import VIETNAM

from ..clauses import clause
from ..dossiers import unpacking
from ..dossiers.dossier import INFORMAL
from ..dossiers.unpacking import Fault
from ..errors import problem
from ..home import cupboard
from ..home.home import Home
from ..log.view import View
from . import read
from .model import PRIORITIES, Attachment, Document, Organ, Reference, code_of, document_id

ORGANS: Final = "edxml-organs"  # configuration key: the code of each committee's office
MAX_CONTENT: Final = read.MAX_BYTES // 2  # bytes of files: base64 and the header come on top


def organ_id(home: Home, party: str) -> str:
    """The code (mã định danh) of a party's office; its committee's name where none was set."""
    committee = Name.of(party).committee
    kept: dict[str, str] = home.archive.get(ORGANS) or {}
    return kept.get(committee, committee)


def set_organ_id(home: Home, committee: str, identity: str) -> None:
    """Keeps the code of a committee's office. Raises ClientError bad-name."""
    try:
        check_committee(committee)
    except NameFormatError as error:
        raise problem("bad-name", name=committee, why=error) from error
    with home.archive.transaction():
        kept: dict[str, str] = home.archive.get(ORGANS) or {}
        home.archive.put(ORGANS, {**kept, committee: " ".join(identity.split())})


def manifest_of(home: Home, dispatch: str) -> Manifest | None:
    """The manifest of a package that was sent or opened here."""
    note = cupboard.manifest(home.archive, dispatch)
    return None if note is None else manifests.parse(note).manifest


def export(home: Home, dispatch: str, beside: Path) -> Document:
    """The document in a package, with its files. They are unpacked for a moment into a folder of their own in `beside`,
    where the file will lie.

    Raises ClientError edxml-not-opened, edxml-no-document (a message), edxml-secret, edxml-too-large, body-missing.
    """
    made = manifest_of(home, dispatch)
    if made is None:
        raise problem("edxml-not-opened", dispatch=dispatch[:12])
    if made.kind in INFORMAL:
        raise problem("edxml-no-document", dispatch=dispatch[:12])
    if made.secrecy != codes.SECRECIES[0]:
        raise problem("edxml-secret", secrecy=made.secrecy)
    if sum(entry.size for entry in made.file) > MAX_CONTENT:
        raise problem("edxml-too-large")
    with tempfile.TemporaryDirectory(dir=beside, prefix=".kynhan-") as name:
        attachments = _attachments(home, dispatch, made, Path(name))
    return _document(home, made, attachments)


def reference_to(home: Home, dispatch: str) -> Reference:
    """How another document names the one in a package; what is not known here stays empty."""
    sent, made = View(home).dispatch(dispatch), manifest_of(home, dispatch)
    organ = organ_id(home, sent.from_)
    if made is None:
        return Reference(organ, "", None, dispatch)
    code = code_of(_number(made), made.symbol or "")
    return Reference(organ, code, made.issued, document_id(organ, made.issued, code))


def _document(home: Home, made: Manifest, attachments: tuple[Attachment, ...]) -> Document:
    organ = organ_id(home, made.from_)
    code = code_of(_number(made), made.symbol or "")
    return Document(
        from_=Organ(organ, made.issuer or party_name(home, made.from_)),
        to=(Organ(organ_id(home, made.to), party_name(home, made.to)),),
        number=_number(made),
        symbol=made.symbol or "",
        place=made.place or "",
        issued=made.issued,
        doctype=made.doctype or "",
        title=made.title,
        authority=made.authority or "",
        position=made.position or "",
        signer=made.signer or "",
        due=made.wish_date,
        places=tuple(copy.name for copy in made.copy),
        priority=PRIORITIES.index(made.urgency),
        circulation=made.circulation or "",
        copies=sum(copy.quantity for copy in made.copy),
        pages=made.pages or 0,
        appendixes=tuple(entry.name for entry in made.file if entry.role == "enclosure"),
        answers=_answers(home, made),
        id=document_id(organ, made.issued, code),
        sent_at=made.time.astimezone(VIETNAM),
        attachments=attachments,
    )


def _answers(home: Home, made: Manifest) -> tuple[Reference, ...]:
    if made.regarding is None:
        return ()
    known = reference_to(home, made.regarding)
    if known.code or made.reply_to is None:
        return (known,)
    return (Reference(known.organ, made.reply_to, None, known.document),)


def _number(made: Manifest) -> str:
    return "" if made.number is None else f"{made.number:02d}"


def party_name(home: Home, party: str) -> str:
    """The name of a party's committee, as the profile has it."""
    profile = View(home).profile
    found = (profile.parties.requesting, profile.parties.responding)
    return next((one.name.vi for one in found if one.committee == Name.of(party).committee), party)


def _attachments(home: Home, dispatch: str, made: Manifest, folder: Path) -> tuple[Attachment, ...]:
    package, body = cupboard.package(home.archive, dispatch), home.sealed_path(dispatch, "body")
    if package is None or package.header is None or not body.is_file():
        raise problem("body-missing", dispatch=dispatch[:12])
    key = unpacking.open_key(package.header, home.keyring.identities)
    if isinstance(key, Fault):
        raise problem("not-found", what=clause("thing.key-to", id=dispatch[:16]))
    unpacked = unpacking.unpack(key, body, folder, judge=lambda _: (), force=False)
    if unpacked.faults:
        raise problem("body-missing", dispatch=dispatch[:12])
    return tuple(
        Attachment(entry.name, entry.media_type, (folder / entry.name).read_bytes()) for entry in made.file
    )
