"""Register fields of packages: what a clerk enters from a manifest, kept to be found again."""

from __future__ import annotations

import msgspec

from kynhan_protocol import manifest as manifests

from . import cupboard
from .home import Home

FIELDS = (
    "subject",
    "doctype",
    "number",
    "symbol",
    "printed",
    "title",
    "secrecy",
    "issued",
    "issuer",
    "signer",
)


def keep_manifest(home: Home, dispatch: str, note: bytes) -> None:
    """Keeps a manifest and its register fields."""
    made = manifests.parse(note).manifest
    fields: dict[str, object] = {name: msgspec.to_builtins(getattr(made, name)) for name in FIELDS}
    fields["files"] = [[entry.name, entry.size, entry.media_type, entry.role] for entry in made.file]
    cupboard.put_manifest(home.archive, dispatch, note, fields)
