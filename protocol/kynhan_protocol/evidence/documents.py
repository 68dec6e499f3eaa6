"""The files beside the receipts: profiles, calendars, root keys, policies; which of them anything vouches for, and
which are missing (DESIGN §3.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from kynhan_keys import checkpoints
from kynhan_keys.errors import KeysError, VkeyError
from kynhan_keys.vkeys import Vkey

from ..agreement import calendar, profile
from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..errors import CalendarError, ChainError, EvidenceError, NameFormatError, ProfileError
from ..statements.committees import Committees
from ..statements.statements import ProfileAttestation
from . import bundle, exhibits
from .exhibits import Exhibit
from .verdicts import Aside, Reason, reason

NAMED = ("checkpoint", "roots")


@dataclass(frozen=True)
class Documents:
    """Profiles and calendars by the SHA-256 of their bytes; `names` are the files of each."""

    profiles: Mapping[str, Profile]
    calendars: Mapping[str, Calendar]
    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Documents:
        """Those among `files`; what is no profile or calendar is none."""
        profiles: dict[str, Profile] = {}
        calendars: dict[str, Calendar] = {}
        names: dict[str, tuple[str, ...]] = {}
        for name, data in sorted(files.items()):
            sha = hashlib.sha256(data).hexdigest()
            if is_document(name, "profile") and (made := _profile(data)):
                profiles[sha] = made
            elif is_document(name, "calendar") and (days := _calendar(data)):
                calendars[sha] = days
            else:
                continue
            names[sha] = (*names.get(sha, ()), name)
        return cls(profiles, calendars, names)

    def missing(self, committees: Committees, book: CalendarBook | None) -> Iterator[Reason]:
        """A reason for each profile and calendar in force, at any place in the log, whose document is not here."""
        for sha in dict.fromkeys(one.document for one in committees.profiles()):
            if sha not in self.profiles:
                yield reason("no-profile", "profile", sha)
        for sha in dict.fromkeys(one.document for one in book.changes) if book else ():
            if sha not in self.calendars:
                yield reason("no-calendar", "calendar", sha)

    def other_committees(self, committees: Committees) -> Iterator[Reason]:
        """A reason for each committee that only the roots, or only a profile that is attested here, name."""
        links = (link.statement for chain in committees.chains.values() for link in chain.links)
        attested = {one.document for one in links if isinstance(one, ProfileAttestation)}
        of_profiles = {
            name for sha in attested & set(self.profiles) for name in self.profiles[sha].committees
        }
        if of_profiles:
            yield from (
                reason("no-roots", "roots", name) for name in sorted(of_profiles - set(committees.chains))
            )
            for name in sorted(set(committees.chains) - of_profiles):
                yield reason("other-roots", "roots", name)


def read_roots(data: bytes | None, general: list[Reason]) -> dict[str, Vkey]:
    """The file `roots`, by committee; adds what is wrong with it to `general`."""
    if data is None:
        general.append(reason("no-roots", "roots"))
        return {}
    try:
        vkeys = [Vkey.parse(line) for line in data.decode("ascii").splitlines()]
        roots = {vkey.name: vkey for vkey in vkeys}
        exhibits.begin(roots)
        if len(roots) != len(vkeys) or bundle.roots_text(roots) != b"".join(sorted(data.splitlines(True))):
            raise EvidenceError("not one root key a line, each committee once")
    except (UnicodeDecodeError, VkeyError, ChainError, NameFormatError, EvidenceError) as error:
        general.append(reason("bad-roots", "roots", error))
        return {}
    return roots


def hold_roots(data: bytes | None, compared: Mapping[str, Vkey]) -> list[Reason]:
    """What is wrong with the file `roots`, where the keys themselves were compared in person."""
    if data is None:
        return []
    found: list[Reason] = []
    stated = read_roots(data, found)
    differ = sorted(name for name in stated.keys() & compared.keys() if stated[name] != compared[name])
    return found + [reason("other-roots", "roots", name) for name in differ]


def check_policies(
    files: Mapping[str, bytes],
    placed: Iterable[Exhibit],
    committees: Committees,
    keys_at: Callable[[int, datetime], Sequence[tuple[Vkey, Vkey]]],
) -> list[Reason]:
    """A reason for each file `policy…` that is not derived from profile and chains for a checkpoint that is here.

    `policy` has the witnesses, `policy-ed25519` the classic key; under any other name either will do.
    """
    named = [name for name in sorted(files) if is_policy(name)]
    if not named:
        return []
    witnessed: set[bytes] = set()
    classic: set[bytes] = set()
    for note in dict.fromkeys(one.proof.checkpoint for one in placed if one.proof and one.head):
        head, signed = checkpoints.parse(note)
        at = exhibits.time_of_log(signed, head.origin)
        for ed25519, ml_dsa_44 in keys_at(head.size, at):
            classic.add(bundle.policy_ed25519(ed25519))
            try:
                witnessed.add(bundle.policy(ml_dsa_44, committees, head.size, at))
            except (EvidenceError, KeysError):
                continue
    right = {"policy": witnessed, "policy-ed25519": classic}
    wrong = (name for name in named if files[name] not in right.get(name, witnessed | classic))
    return [reason("policy-differs", name) for name in wrong]


def aside(
    files: Mapping[str, bytes], others: Iterable[str], looked_at: frozenset[str], notes: frozenset[bytes]
) -> Iterator[Aside]:
    """The files that were not looked at, since nothing here vouches for them: neither a receipt, nor of a fixed name,
    nor among `looked_at`, nor a copy of a statement that is here (`notes`). `others` are names
    of files that were not even read.
    """
    for name in sorted({*files, *others}):
        known = name in files and (
            name in NAMED
            or name.endswith(exhibits.SUFFIX)
            or name in looked_at
            or is_policy(name)
            or files[name] in notes
        )
        if not known:
            yield Aside("not-looked-at", name)


def is_document(name: str, kind: str) -> bool:
    """Whether a file's name is that of a `profile` or `calendar`."""
    base = PurePosixPath(name).name
    return base.startswith(kind) and base.endswith(".json")


def is_policy(name: str) -> bool:
    """Whether a file's name is that of a policy."""
    return name.startswith("policy") and PurePosixPath(name).name == name


def _profile(data: bytes) -> Profile | None:
    try:
        return profile.parse(data)
    except ProfileError:
        return None


def _calendar(data: bytes) -> Calendar | None:
    try:
        return calendar.parse(data)
    except CalendarError:
        return None
