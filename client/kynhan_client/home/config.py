"""Who we are and where our log is: what a home keeps under `config` in its archive."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from kynhan_keys.errors import VkeyError
from kynhan_keys.vkeys import ED25519, ML_DSA_44, Vkey
from kynhan_protocol import strict_json
from kynhan_protocol.errors import NameFormatError
from kynhan_protocol.names import Name, check_committees

from ..clauses import clause
from ..errors import problem


class RelayAddress(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One log of one relay and the keys it is said to have: what `kynhan-relay admit --json` prints, and more.

    `url` without a path (`https://relay.example`); `log` the slug in paths; `ed25519` and `ml_dsa_44` the relay's
    vkeys, both named `origin`; `roots` each committee's root vkey. In a file `url` and `roots` may be missing: they
    are then told apart.
    """

    log: str
    origin: str
    ed25519: str
    ml_dsa_44: str
    url: str = ""
    roots: dict[str, str] = {}

    @property
    def keys(self) -> tuple[Vkey, Vkey]:
        """The relay's Ed25519 and ML-DSA-44 vkeys."""
        return Vkey.parse(self.ed25519), Vkey.parse(self.ml_dsa_44)

    @property
    def root_keys(self) -> dict[str, Vkey]:
        """Each committee's root vkey."""
        return {committee: Vkey.parse(text) for committee, text in sorted(self.roots.items())}


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`root` is our own committee's root vkey ("" while a new member does not know it)."""

    committee: str
    member: str
    holder: str
    roles: tuple[str, ...]
    root: str
    witness_member: str | None = None
    relay: RelayAddress | None = None

    def is_ours(self, name: str) -> bool:
        """Whether `name` is our committee or one of its members."""
        return Name.of(name).is_of(self.committee)

    def is_for_us(self, name: str) -> bool:
        """Whether `name` as an addressee is us: this member, or our committee while we are one of its clerks."""
        if Name.of(name).is_member:
            return name == self.member
        return name == self.committee and "clerk" in self.roles


def parse_address(
    data: bytes, *, name: str = "relay", url: str | None = None, roots: Sequence[str] = ()
) -> RelayAddress:
    """The relay's address in a file's bytes; `url` and `roots` (vkeys) are told beside it where it lacks them.

    `name` is what an error calls the file. Raises ClientError bad-file.
    """
    try:
        address = strict_json.decode(data, RelayAddress)
        told = {vkey.name: str(vkey) for vkey in map(Vkey.parse, roots)}
        address = msgspec.structs.replace(address, url=url or address.url, roots={**address.roots, **told})
        keys = address.keys
        root_keys = address.root_keys
    except (strict_json.StrictJsonError, VkeyError) as error:
        raise problem("bad-file", path=name, why=error) from error
    if [key.type for key in keys] != [ED25519, ML_DSA_44] or {key.name for key in keys} != {address.origin}:
        raise problem("bad-file", path=name, why=clause("relay-file.keys"))
    if any(key.name != committee or key.type != ED25519 for committee, key in root_keys.items()):
        raise problem("bad-file", path=name, why=clause("relay-file.root"))
    if not root_keys:
        raise problem("bad-file", path=name, why=clause("relay-file.no-roots"))
    try:
        check_committees(root_keys)
    except NameFormatError as error:
        raise problem("bad-file", path=name, why=error) from error
    if not _URL.fullmatch(address.url):
        raise problem("bad-file", path=name, why=clause("relay-file.no-address"))
    return address


_URL = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
