"""Register fields of packages: what a clerk enters from a manifest, kept to be found again."""

from __future__ import annotations

import msgspec

from kynhan_protocol.package import manifest as manifests

from ..home import cupboard
from ..home.home import Home
from . import registers

FIELDS = (
    *("subject", "form", "doctype", "number", "symbol", "printed", "title", "secrecy", "issued"),
    *("issuer", "parent", "drafting", "position", "signer", "pages", "enclosures", "reply_to"),
)


def keep_manifest(home: Home, dispatch: str, note: bytes) -> None:
    """Keeps a manifest and its register fields, and enters the document in its register where that is wanted."""
    made = manifests.parse(note).manifest
    fields: dict[str, object] = {name: msgspec.to_builtins(getattr(made, name)) for name in FIELDS}
    fields["files"] = [[entry.name, entry.size, entry.media_type, entry.role] for entry in made.file]
    cupboard.put_manifest(home.archive, dispatch, note, fields)
    registers.enter_by_itself(home, dispatch, made)
