"""A home: the folder in which one member's keys, archive and sealed packages live.

    keys.age      the keys, an age file under the passphrase (scrypt, 2^15): stock age opens it
    archive.db    everything else that is ours, page-encrypted under a key from keys.age
    sealed/       packages as they came, by dispatch id: ID.header, ID.body (ciphertext only)
    witness.db    the witness's one state, encrypted likewise, never part of a backup
    evidence/     what a relay did wrong: age files sealed to ourselves
    lock          taken by whoever writes, for as long as one step takes
    numbers.lock  shared by whoever reserved a number of the register, until its document is sealed

Without the passphrase nothing here can be read: who we are and which relay we use stand in the archive too. Folders
are 0700, files 0600.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from kynhan_keys import age
from kynhan_keys.vkeys import Signer, Vkey
from kynhan_protocol.errors import NameFormatError
from kynhan_protocol.names import Name, check_member
from kynhan_protocol.statements.committees import Committees

from ..clauses import Pair, clause
from ..clock import Clock
from ..errors import problem
from . import durable, keyring
from .archive import Archive
from .config import Config, RelayAddress
from .keyring import Keyring
from .locking import Lock
from .tars import tar_of

WAIT = 5.0  # seconds that a command waits for another one
WITNESS = "doi-chung"  # the local name of the witness that comes with a committee's first home


@dataclass(frozen=True)
class ReadChains:
    """The committees' chains as verified up to log index `upto` in this session (view.committees_of)."""

    roots: Mapping[str, Vkey]
    upto: int
    committees: Committees


class Home:
    """An open home. Close it, or use it as a context manager.

    `keyring` has the unlocked keys, `archive` the open archive, `clock` the time that statements are dated by.
    """

    def __init__(self, path: Path, ring: Keyring, archive: Archive, config: Config, clock: Clock) -> None:
        self.path = path
        self.keyring = ring
        self.archive = archive
        self.config = config
        self.clock = clock
        self.chains: ReadChains | None = None
        self._lock = Lock(path / "lock", path)

    @classmethod
    def create(
        cls,
        path: Path,
        passphrase: bytes,
        *,
        member: str,
        holder: str,
        roles: tuple[str, ...] = ("clerk",),
        with_root: bool = True,
        with_witness: bool = True,
        clock: Clock | None = None,
    ) -> Home:
        """Makes a home with fresh keys in an empty or missing folder, and opens it.

        With a root key the home begins a committee of its own; without one it belongs to a member who has yet to be
        certified (members.py: request, invite, accept). Raises ClientError home-exists, bad-name, weak-passphrase.
        """
        try:
            committee = Name.of(check_member(member)).committee
        except NameFormatError as error:
            raise problem("bad-name", name=member, why=error) from error
        keyring.check_passphrase(passphrase)
        if path.exists() and any(path.iterdir()):
            raise problem("home-exists", path=path)
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        durable.sync_folder(path.parent)
        for folder in ("sealed", "evidence"):
            durable.make_folder(path / folder)
        keys = keyring.make_keys(member, root=with_root, witness=with_witness)
        config = Config(
            committee=committee,
            member=member,
            holder=holder,
            roles=tuple(sorted(roles)),
            root="" if keys.root is None else str(Signer.ed25519(committee, keys.root).vkey),
            witness_member=str(Name(committee, WITNESS)) if with_witness else None,
        )
        ring = keyring.unlock(keys, committee, config.witness_member)
        archive = Archive.open(path / "archive.db", ring.archive_key)
        archive.put("config", _as_json(config))
        # Last of all: a folder with keys.age in it is a whole home.
        durable.write(path / "keys.age", keyring.seal_key_file(keys, passphrase))
        return cls(path, ring, archive, config, clock or Clock())

    @classmethod
    def open(cls, path: Path, passphrase: bytes, *, clock: Clock | None = None) -> Home:
        """Opens a home. Raises ClientError no-home, wrong-passphrase, home-damaged."""
        try:
            sealed = (path / "keys.age").read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise problem("no-home", path=path) from error
        keys = keyring.open_key_file(sealed, passphrase)
        if keys.archive is None:
            raise problem("home-damaged", what=clause("home.no-archive-key"))
        if not (path / "archive.db").exists():
            raise problem("home-damaged", what=clause("home.missing", name="archive.db"))
        archive = Archive.open(path / "archive.db", keys.archive)
        try:
            config = msgspec.convert(archive.get("config"), Config)
        except msgspec.ValidationError as error:
            archive.close()
            raise problem("home-damaged", what=clause("home.configuration", why=error)) from error
        ring = keyring.unlock(keys, config.committee, config.witness_member)
        return cls(path, ring, archive, config, clock or Clock())

    def __enter__(self) -> Home:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the archive. The keys go with the object."""
        self.archive.close()

    # --- who and where

    @property
    def relay(self) -> RelayAddress:
        """Where our log is. Raises ClientError no-relay before connect()."""
        if self.config.relay is None:
            raise problem("no-relay")
        return self.config.relay

    def connect(self, address: RelayAddress) -> None:
        """Keeps the relay's address. Nothing in it is trusted before the keys are compared (trust.py).

        Raises ClientError bad-file if it does not name our committee with the root we know, or if another relay's
        log has been read already.
        """
        own = address.roots.get(self.config.committee)
        if own is None:
            raise problem(
                "bad-file",
                path="relay",
                why=clause("relay-file.not-admitted", committee=self.config.committee),
            )
        if self.config.root and own != self.config.root:
            raise problem(
                "bad-file", path="relay", why=clause("relay-file.other-root", committee=self.config.committee)
            )
        known = self.config.relay
        if (
            known is not None
            and msgspec.structs.replace(known, url=address.url) != address
            and self.archive.row("SELECT 1 FROM nodes LIMIT 1")
        ):
            raise problem("bad-file", path="relay", why=clause("relay-file.other-log"))
        self.save_config(msgspec.structs.replace(self.config, relay=address, root=own))

    def save_config(self, config: Config) -> None:
        """Keeps a changed configuration."""
        self.archive.put("config", _as_json(config))
        self.config = config

    # --- one writer at a time

    @asynccontextmanager
    async def writing(self, wait: float = WAIT) -> AsyncIterator[None]:
        """Holds the home's lock, so that no other command changes it meanwhile; may be nested in one task.

        Hold it for a step, never for a transfer or while waiting for news. Raises ClientError home-in-use after
        `wait` seconds.
        """
        async with self._lock.held(wait):
            yield

    # --- files

    def sealed_path(self, dispatch: str, part: Literal["header", "body"]) -> Path:
        """Where the header or the body of a dispatch lies, as it came."""
        return self.path / "sealed" / f"{dispatch}.{part}"

    def keep_evidence(self, code: str, files: Mapping[str, bytes]) -> Path:
        """Keeps what a relay did wrong as a tar in an age file sealed to ourselves; gives its path."""
        stamp = datetime.fromtimestamp(self.clock.posix(), UTC).strftime("%Y%m%dT%H%M%SZ")
        path = self.path / "evidence" / f"{stamp}-{code}-{secrets.token_hex(4)}.tar.age"
        durable.write(
            path,
            age.seal(
                [tar_of(files)],
                [self.keyring.identities[0].recipient()],
                file_key=secrets.token_bytes(16),
                nonce=secrets.token_bytes(16),
                workers=1,
            ),
        )
        return path

    def open_evidence(self, path: Path) -> bytes:
        """The tar inside a file of evidence."""
        return b"".join(age.open_([path.read_bytes()], self.keyring.identities, workers=1))

    # --- freezing

    @property
    def frozen(self) -> tuple[Pair, str] | None:
        """Why this home is frozen, and where the proof lies; None in the ordinary case."""
        kept = self.archive.get("frozen")
        return None if kept is None else ((str(kept["vi"]), str(kept["why"])), str(kept["evidence"]))

    def freeze(self, why: Pair, evidence: Path) -> None:
        """From here on this home signs and sends nothing: the relay has signed a contradiction."""
        if self.frozen is None:
            place = str(evidence.relative_to(self.path))
            self.archive.put("frozen", {"vi": why[0], "why": why[1], "evidence": place})

    def require_not_frozen(self) -> None:
        """Raises ClientError frozen. Call it before anything is signed."""
        if (frozen := self.frozen) is not None:
            raise problem("frozen", why=frozen[0], evidence=frozen[1])


def _as_json(config: Config) -> object:
    return msgspec.to_builtins(config)
