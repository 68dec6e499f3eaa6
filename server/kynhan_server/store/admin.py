"""What is done to a data folder before a relay runs on it: made once, then a log for each agreement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from kynhan_keys.vkeys import ED25519, Vkey
from kynhan_protocol import names
from kynhan_protocol.errors import NameFormatError
from kynhan_protocol.wire import api
from kynhan_server.config import Folder
from kynhan_server.errors import refused
from kynhan_server.store import blobs, keyfile
from kynhan_server.store import tables as t
from kynhan_server.store.store import Store


def init(folder: Path, passphrase: bytes, *, work_factor: int = keyfile.WORK_FACTOR) -> None:
    """Makes a relay's data folder: new keys under the passphrase, an empty database. Raises KeyfileError."""
    places = Folder(folder)
    blobs.make_folder(folder)
    keyfile.create(places.keys, passphrase, work_factor=work_factor)
    Store(places.database).close_at_once()


def vkeys(folder: Path, passphrase: bytes, origin: str) -> tuple[Vkey, Vkey]:
    """The keys (Ed25519, ML-DSA-44) that will sign the log `origin`: for its profile. Raises KeyfileError."""
    signers = keyfile.load(Folder(folder).keys, passphrase).under(origin)
    return signers.ed25519.vkey, signers.ml_dsa_44.vkey


def admit(folder: Path, slug: str, origin: str, roots: Mapping[str, Vkey]) -> None:
    """Begins a log for the committees whose root keys these are: two, or one for a log of its own.

    Not while a relay runs on the folder. Raises Refused: bad-request, conflict.
    """
    _check(slug, origin, roots)
    _add(Folder(folder), slug, origin, roots)


def _add(places: Folder, slug: str, origin: str, roots: Mapping[str, Vkey]) -> None:
    store = Store(places.database)
    try:
        with store.transaction() as connection:
            number = connection.execute(
                t.logs.insert().returning(t.logs.c.id), {"slug": slug, "origin": origin}
            ).scalar_one()
            connection.execute(
                t.committees.insert(),
                [{"log": number, "committee": name, "root": str(root)} for name, root in roots.items()],
            )
    except IntegrityError:
        raise refused("conflict", "admit.exists") from None
    finally:
        store.close_at_once()


def _check(slug: str, origin: str, roots: Mapping[str, Vkey]) -> None:
    if not re.fullmatch(api.PATTERNS["log"], slug, re.ASCII):
        raise refused("bad-request", "admit.slug")
    try:
        names.check_origin(origin)
        names.check_committees(roots)
    except NameFormatError as error:
        raise refused("bad-request", "not-a-name", why=error) from None
    if not 1 <= len(roots) <= 2:
        raise refused("bad-request", "admit.committees")
    if any(root.name != name or root.type != ED25519 for name, root in roots.items()):
        raise refused("bad-request", "admit.root")
