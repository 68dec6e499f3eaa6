"""Trust policies: which logs and which witnesses make a checkpoint good enough.

    log <vkey> [<url>]
    witness ccq <vkey> [<url>]
    witness ca <vkey> [<url>]
    group both all ccq ca
    quorum both

Specification: https://c2sp.org/tlog-policy. Keys are of the types 0x01 and 0x06 for logs, 0x06 for witnesses.

A policy is the reader's own file, so comments, tabs and URLs are taken as the specification has them, and
forgotten; `canonical=True` takes only what format() writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from kynhan_keys import checkpoints, cosignatures, notes
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.errors import PolicyError, SignatureError, VkeyError
from kynhan_keys.notes import Note, Signature
from kynhan_keys.vkeys import ED25519, ML_DSA_44, Vkey

MAX_BYTES: Final = 1 << 20
NONE: Final = "none"  # the quorum that needs no witness

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_BLANKS = re.compile(r"[ \t]+")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


class PolicyReasonsError(PolicyError):
    """What this module raises: a PolicyError with all its `reasons`, one a string."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons: list[str] = list(reasons)


@dataclass(frozen=True)
class Group:
    """Witnesses, or groups of them, of whom at least `threshold` count as the group."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A checkpoint is valid if one of `logs` signed it and the witness or group named `quorum` cosigned it.

    `witnesses` and `groups` go from names, in the order of the file, to keys and groups; they share one
    namespace. A group's members stand before it. One that breaks the rules cannot be made (PolicyError).
    """

    logs: tuple[Vkey, ...]
    witnesses: Mapping[str, Vkey] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    def __post_init__(self) -> None:
        _require(_distinct(self.logs), "a log key stands there twice")
        _require(_distinct(self.witnesses.values()), "a witness key stands there twice")
        for vkey in self.witnesses.values():
            _require(vkey.type == ML_DSA_44, f"{vkey.name}: a witness cosigns with ML-DSA-44")
        defined = set(self.witnesses)
        _require(
            len(defined | set(self.groups)) == len(defined) + len(self.groups), "a name is defined twice"
        )
        for name in (*self.witnesses, *self.groups):
            _require(_is_name(name) and name != NONE, f"not a name: {name!r}")
        used: set[str] = set()
        for name, group in self.groups.items():
            _require(
                1 <= group.threshold <= len(group.members), f"group {name} cannot be satisfied as written"
            )
            for member in group.members:
                _require(member in defined, f"group {name} names {member}, which is not defined before it")
                _require(member not in used, f"{member} is a member twice")
                used.add(member)
            defined.add(name)
        _require(self.quorum == NONE or self.quorum in defined, f"the quorum {self.quorum} is not defined")


@dataclass(frozen=True)
class Verdict:
    """What a checkpoint bears: the logs that signed it, its witnesses by their names in the policy.

    Times are POSIX seconds, as the cosigners state them; `log_time` is None without a 0x06 line of a log.
    """

    checkpoint: Checkpoint
    logs: tuple[Vkey, ...]
    log_time: int | None
    witnesses: Mapping[str, int]


def parse(data: bytes, *, canonical: bool = False) -> Policy:
    """The policy in a file. Raises PolicyError."""
    if len(data) > MAX_BYTES:
        raise PolicyReasonsError(f"policy of more than {MAX_BYTES} bytes")
    if _FORBIDDEN.search(data) or not data.endswith(b"\n"):
        raise PolicyReasonsError("a policy is lines ended by newlines, with no control character but tab")
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise PolicyReasonsError("policy is not UTF-8") from error
    policy = _read_lines(lines)
    if canonical and format(policy) != data:
        raise PolicyReasonsError("not the canonical spelling of a policy")
    return policy


def format(policy: Policy) -> bytes:  # noqa: A001
    """The canonical spelling: logs, witnesses, groups, quorum, one space between the words."""
    lines = [f"log {vkey}" for vkey in policy.logs]
    lines += [f"witness {name} {vkey}" for name, vkey in policy.witnesses.items()]
    for name, group in policy.groups.items():
        every, one = group.threshold == len(group.members), group.threshold == 1
        threshold = "all" if every else "any" if one else str(group.threshold)
        lines.append(" ".join(("group", name, threshold, *group.members)))
    lines.append(f"quorum {policy.quorum}")
    return "".join(f"{line}\n" for line in lines).encode()


def check(policy: Policy, checkpoint_note: bytes, *, strict: bool = False) -> Verdict:
    """Holds a signed checkpoint against the policy.

    Lines of unknown keys are ignored, as the specification asks; with `strict` they are a reason to refuse,
    and so is a key that signed twice. A line of a known key that does not verify is always one. Raises
    NoteError or CheckpointError if it is no checkpoint, else PolicyReasonsError with every reason.
    """
    checkpoint, note = checkpoints.parse(checkpoint_note)
    reasons: list[str] = []
    logs: dict[Vkey, int | None] = {}
    witnesses: dict[str, int] = {}
    seen: set[tuple[str, bytes]] = set()
    log_keys = {(vkey.name, vkey.key_id): vkey for vkey in reversed(policy.logs)}
    witness_names: dict[tuple[str, bytes], list[str]] = {}
    for name, vkey in policy.witnesses.items():
        witness_names.setdefault((vkey.name, vkey.key_id), []).append(name)
    for line in note.signatures:
        label = f"{line.name}+{line.key_id.hex()}"
        log = log_keys.get((line.name, line.key_id))
        names = witness_names.get((line.name, line.key_id), [])
        if strict and (line.name, line.key_id) in seen:
            reasons.append(f"{label} signed twice")
        seen.add((line.name, line.key_id))
        if strict and log is None and not names:
            reasons.append(f"{label} is a key that the policy does not know")
        try:
            if log is not None:
                logs[log] = _verify(log, line, note, checkpoint)
            for name in names:
                witnesses[name] = cosignatures.verify(
                    policy.witnesses[name], line, checkpoint.origin, checkpoint.size, checkpoint.root
                )
        except SignatureError as error:
            reasons.append(str(error))
    for vkey in [vkey for vkey in logs if vkey.name != checkpoint.origin]:
        reasons.append(f"{vkey.name} is not the log {checkpoint.origin}")
        del logs[vkey]
    if not logs:
        reasons.append(f"no log of the policy signed the checkpoint of {checkpoint.origin}")
    reasons += _missing(policy, witnesses)
    if reasons:
        raise PolicyReasonsError(*reasons)
    log_time = next((time for time in logs.values() if time is not None), None)
    return Verdict(checkpoint, tuple(logs), log_time, witnesses)


def _read_lines(lines: list[str]) -> Policy:
    logs: list[Vkey] = []
    witnesses: dict[str, Vkey] = {}
    groups: dict[str, Group] = {}
    quorum: list[str] = []

    def define(name: str) -> str:
        _require(name not in witnesses and name not in groups, f"{name} is defined twice")
        return name

    def read_log(vkey: str, url: str = "") -> None:
        logs.append(_vkey(vkey))

    def read_witness(name: str, vkey: str, url: str = "") -> None:
        witnesses[define(name)] = _vkey(vkey)

    def read_group(name: str, threshold: str, *members: str) -> None:
        for member in members:
            _require(
                member in witnesses or member in groups, f"group {name} names {member}, not defined before"
            )
        groups[define(name)] = Group(_threshold(threshold, len(members)), members)

    def read_quorum(name: str) -> None:
        _require(not quorum, "two quorum lines")
        _require(
            name == NONE or name in witnesses or name in groups, f"the quorum {name} is not defined before"
        )
        quorum.append(name)

    readers: dict[str, Callable[..., None]] = {
        "log": read_log,
        "witness": read_witness,
        "group": read_group,
        "quorum": read_quorum,
    }
    arities = {"log": (1, 2), "witness": (2, 3), "group": (3, MAX_BYTES), "quorum": (1, 1)}
    for number, line in enumerate(lines, 1):
        words = _BLANKS.split(line.strip(" \t"))
        if words[0] == "" or words[0].startswith("#"):
            continue
        keyword, *rest = words
        _require(keyword in readers, f"line {number}: {keyword!r} is not log, witness, group or quorum")
        least, most = arities[keyword]
        _require(least <= len(rest) <= most, f"line {number}: {keyword} with {len(rest)} words")
        readers[keyword](*rest)
    _require(bool(quorum), "no quorum line")
    return Policy(tuple(logs), witnesses, groups, quorum[0])


def _vkey(text: str) -> Vkey:
    try:
        return Vkey.parse(text)
    except VkeyError as error:
        raise PolicyReasonsError(str(error)) from error


def _threshold(text: str, members: int) -> int:
    if text in ("all", "any"):
        return members if text == "all" else 1
    _require(bool(_NUMBER.fullmatch(text)), f"{text!r} is not all, any or a number")
    return int(text)


def _verify(vkey: Vkey, line: Signature, note: Note, checkpoint: Checkpoint) -> int | None:
    """The time of a log's cosignature; None for a note signature. Raises SignatureError."""
    if vkey.type == ED25519:
        notes.verify(note.text, vkey, line)
        return None
    return cosignatures.verify(vkey, line, checkpoint.origin, checkpoint.size, checkpoint.root)


def _missing(policy: Policy, cosigned: Mapping[str, int]) -> list[str]:
    """Why the quorum is not met, each group and witness that is short of it by name; nothing if it is met."""
    if policy.quorum == NONE:
        return []
    met = set(cosigned)
    for name, group in policy.groups.items():  # members stand before their group
        if sum(member in met for member in group.members) >= group.threshold:
            met.add(name)

    reasons, waiting = [], [policy.quorum]
    while waiting:  # a stack and no recursion: groups may be nested as deep as a file has lines
        name = waiting.pop()
        if name in met:
            continue
        if name in policy.witnesses:
            reasons.append(f"witness {name} has not cosigned")
            continue
        group = policy.groups[name]
        count = sum(member in met for member in group.members)
        reasons.append(f"group {name}: {count} of {group.threshold} needed")
        waiting += reversed(group.members)
    return reasons


def _distinct(vkeys: Iterable[Vkey]) -> bool:
    keys = [vkey.key for vkey in vkeys]
    return len(set(keys)) == len(keys)


def _is_name(name: str) -> bool:
    return bool(name) and not re.search(r"[\x00-\x20\x7f]", name)


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise PolicyReasonsError(reason)
