"""An independent reader of what `make demo` leaves behind: receipts, policies, log, memberships.

It shares no code with Kynhan: the standard library, PyPI `tlog-scales` (proofs, tiles, cosignatures) and
`cryptography` only, written from the public specifications (c2sp.org/tlog-proof, tlog-policy, tlog-tiles,
signed-note) and docs of the folder. Run it as

    python tests/oracle/reader.py DEMO_DIR [--mldsa-json OUT]

It prints one line for each check with its count, each failure with its reason, and ends 0 if all hold.
`--mldsa-json` writes each ML-DSA-44 signature of the receipts, for tests/interop/mldsa.mjs to verify again.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import NoteSignature, Vkey
from tlog_scales.tlog import Checkpoint, InclusionProof, InclusionProofInvalid

ED25519, ML_DSA_44 = 1, 6


class RefusedError(Exception):
    """What was read is not what it should be; the text says why."""


@dataclass
class Report:
    """Each check by its title: how often it held, and why it did not."""

    held: dict[str, int] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def check(self, title: str, subject: str, action: Callable[[], object]) -> None:
        """Counts a check that holds, notes one that does not; one that reads rubbish does not hold."""
        self.held.setdefault(title, 0)
        try:
            action()
        except Exception as error:
            self.failures.append((title, f"{subject}: {type(error).__name__}: {error}"))
        else:
            self.held[title] += 1

    def lines(self) -> Iterator[str]:
        """What to print."""
        for title, count in self.held.items():
            failed = [reason for name, reason in self.failures if name == title]
            yield f"{'FAILED' if failed or not count else 'ok':6} {title}: {count}"
            yield from (f"       - {reason}" for reason in failed)

    @property
    def good(self) -> bool:
        """Whether there was something to check everywhere, and all of it held."""
        return not self.failures and all(self.held.values())


# Reading


def require(condition: bool, reason: str) -> None:
    """Raises RefusedError with the reason unless the condition holds."""
    if not condition:
        raise RefusedError(reason)


def b64(text: str) -> bytes:
    """Base64 in its canonical spelling."""
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data).decode() == text, "base64 that is not canonical")
    return data


def read_vkey(text: str) -> Vkey:
    """A vkey whose key id is its own."""
    vkey = Vkey.from_string(text)
    require(Vkey(vkey.name, None, vkey.sig_type, vkey.pubkey).serialize() == text, f"not a vkey: {text[:60]}")
    require(len(vkey.pubkey) == {ED25519: 32, ML_DSA_44: 1312}.get(vkey.sig_type), "a key of another type")
    return vkey


@dataclass
class Receipt:
    """A tlog-proof, and the statement in its extra data."""

    statement: bytes
    index: int
    path: list[bytes]
    checkpoint: Checkpoint


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint of three lines whose spelling is the only one."""
    checkpoint = Checkpoint.from_text(text)
    require(
        checkpoint.serialize() == text, "the checkpoint is spelled in another way, or has extension lines"
    )
    return checkpoint


def read_receipt(data: bytes) -> Receipt:
    """A tlog-proof with extra data."""
    head, _, checkpoint = data.decode().partition("\n\n")
    match = re.fullmatch(
        r"c2sp\.org/tlog-proof@v1\nextra ([^\n]+)\nindex (0|[1-9][0-9]{0,18})((?:\n[^\n]+)*)", head, re.ASCII
    )
    require(match is not None, "not a tlog-proof with extra data")
    assert match
    path = [b64(line) for line in match[3].split("\n")[1:]]
    require(len(path) <= 63 and all(len(hash_) == 32 for hash_ in path), "not a path of hashes")
    return Receipt(b64(match[1]), int(match[2]), path, read_checkpoint(checkpoint))


@dataclass
class Policy:
    """A tlog-policy."""

    logs: list[Vkey] = field(default_factory=list)
    witnesses: dict[str, Vkey] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = ""

    @property
    def vkeys(self) -> list[Vkey]:
        """All keys it names."""
        return [*self.logs, *self.witnesses.values()]

    def met(self, name: str, cosigned: set[str]) -> bool:
        """Whether a witness cosigned, or enough of a group."""
        if name == "none" or name in self.witnesses:
            return name == "none" or name in cosigned
        least, members = self.groups[name]
        return sum(self.met(member, cosigned) for member in members) >= least


def read_policy(data: bytes) -> Policy:
    """A tlog-policy; comments and URLs mean nothing here."""
    policy = Policy()
    for line in data.decode().split("\n"):
        match line.strip(" \t").split():
            case []:
                pass
            case [first, *_] if first.startswith("#"):
                pass
            case ["log", vkey] | ["log", vkey, _]:
                policy.logs.append(read_vkey(vkey))
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                _define(policy, name)
                policy.witnesses[name] = read_vkey(vkey)
            case ["group", name, least, *members]:
                _define(policy, name)
                for member in members:
                    require(member in policy.witnesses or member in policy.groups, f"{member} is not defined")
                count = {"all": len(members), "any": 1}.get(least) or int(least)
                require(1 <= count <= len(members), f"group {name} cannot be satisfied as written")
                policy.groups[name] = (count, members)
            case ["quorum", name]:
                require(not policy.quorum, "two quorum lines")
                require(name in {"none", *policy.witnesses, *policy.groups}, f"{name} is not defined")
                policy.quorum = name
            case _:
                raise RefusedError(f"not a line of a policy: {line[:60]}")
    require(bool(policy.quorum), "no quorum")
    require(len({vkey.pubkey for vkey in policy.logs}) == len(policy.logs), "a log key twice")
    require(
        len({vkey.pubkey for vkey in policy.witnesses.values()}) == len(policy.witnesses), "a witness twice"
    )
    members = [member for _, names in policy.groups.values() for member in names]
    require(len(set(members)) == len(members), "a member twice")
    return policy


def _define(policy: Policy, name: str) -> None:
    taken = {"none", *policy.witnesses, *policy.groups}
    require(name not in taken, f"{name} is defined twice")


# Checking


def check_lines(checkpoint: Checkpoint, known: Iterable[Vkey]) -> None:
    """Every signature line is one of a known key, once, and valid."""
    seen = set()
    for line in checkpoint.signatures:
        vkey = next((vkey for vkey in known if vkey.match(line)), None)
        require(vkey is not None, f"signature line of an unknown key {line.name} {line.key_id:08x}")
        assert vkey
        require((line.name, line.key_id) not in seen, f"{line.name} signed twice")
        seen.add((line.name, line.key_id))
        vkey.get_verifier().verify_note(line, checkpoint)


def check_policy(checkpoint: Checkpoint, policy: Policy) -> None:
    """A log of the policy signed the checkpoint under its origin, and the quorum cosigned it."""

    def signed(vkey: Vkey) -> bool:
        lines = [line for line in checkpoint.signatures if vkey.match(line)]
        for line in lines:
            vkey.get_verifier().verify_note(line, checkpoint)
        return bool(lines)

    logs = [vkey for vkey in policy.logs if signed(vkey) and vkey.name == checkpoint.origin]
    require(bool(logs), f"no log of the policy signed the checkpoint of {checkpoint.origin}")
    cosigned = {
        name for name, vkey in policy.witnesses.items() if vkey.sig_type == ML_DSA_44 and signed(vkey)
    }
    require(policy.met(policy.quorum, cosigned), f"cosigned by {sorted(cosigned)}, not by {policy.quorum}")


def check_receipt(receipt: Receipt, policy: Policy) -> None:
    """SHA-256 of the statement is an entry of a tree whose checkpoint satisfies the policy."""
    check_policy(receipt.checkpoint, policy)
    entry = hashlib.sha256(receipt.statement).digest()
    leaf = hashlib.sha256(b"\0" + entry).digest()
    require(receipt.index < receipt.checkpoint.size, "the index lies beyond the tree")
    try:
        InclusionProof(receipt.index, receipt.checkpoint.size, receipt.path).check(
            leaf, receipt.checkpoint.root_hash
        )
    except InclusionProofInvalid as error:
        raise RefusedError(f"the statement is not in the tree: {error}") from error


def read_log(folder: Path) -> tuple[Checkpoint, list[bytes]]:
    """The log's checkpoint and all its entries."""
    checkpoint = read_checkpoint((folder / "checkpoint").read_bytes().decode())
    tiles = TilesReader(LocalBackend(folder))
    tiles.set_size(checkpoint.size)
    return checkpoint, [tiles.get_entry(index) for index in range(checkpoint.size)]


def mth(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962 §2.1 over leaf hashes."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + mth(leaves[:middle]) + mth(leaves[middle:])).digest()


def log_files(entries: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every tile and entry bundle of a log: its path and what has to be in it."""
    bundle = [len(entry).to_bytes(2, "big") + entry for entry in entries]
    row = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
    level: int | str = "entries"
    while bundle:
        for index in range(0, len(bundle), 256):
            part = bundle[index : index + 256]
            number = f"{index // 256:03d}"
            digits = number.zfill(-(-len(number) // 3) * 3)
            groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
            path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
            yield f"tile/{level}/{path}" + ("" if len(part) == 256 else f".p/{len(part)}"), b"".join(part)
        if level == "entries":
            level, bundle = 0, row
        else:
            level = int(level) + 1
            bundle = [mth(bundle[at : at + 256]) for at in range(0, len(bundle) - 255, 256)]


def read_statement(data: bytes) -> tuple[str, dict[str, list[str]], bytes, list[NoteSignature]]:
    """Type, fields, text and signature lines of a statement."""
    text, _, lines = data.rpartition(b"\n\n")
    text += b"\n"
    kind, *rows = text.decode().removesuffix("\n").split("\n")
    fields: dict[str, list[str]] = {}
    for row in rows:
        name, _, value = row.partition(" ")
        fields.setdefault(name, []).append(value)
    signatures = [NoteSignature.from_line(line) for line in lines.decode().removesuffix("\n").split("\n")]
    again = text + b"\n" + "".join(f"{line.serialize()}\n" for line in signatures).encode()
    require(again == data, "the note is spelled in another way")
    return kind, fields, text, signatures


def check_note_signature(text: bytes, line: NoteSignature, vkey: Vkey) -> None:
    """The line is that of the Ed25519 key, and valid over the text."""
    require(
        vkey.sig_type == ED25519 and vkey.match(line), f"{line.name} {line.key_id:08x} is not {vkey.name}"
    )
    try:
        Ed25519PublicKey.from_public_bytes(vkey.pubkey).verify(line.payload, text)
    except InvalidSignature as error:
        raise RefusedError(f"the signature of {vkey.name} does not verify") from error


def check_membership(data: bytes, roots: list[Vkey]) -> None:
    """The committee's root signed it, and the member's own key, where that can sign notes."""
    kind, fields, text, signatures = read_statement(data)
    require(kind == "kynhan/membership@v1", f"a {kind}")
    (committee,), (member,), (signing,) = fields["committee"], fields["member"], fields["signing"]
    keys = [vkey for vkey in roots if vkey.name == committee and signatures and vkey.match(signatures[0])]
    require(len(keys) == 1, f"the first signature is of no root of {committee}")
    own = read_vkey(signing)
    require(own.name == member, f"the signing key of {member} is named {own.name}")
    expected = [keys[0], own] if own.sig_type == ED25519 else keys
    require(len(signatures) == len(expected), f"{len(signatures)} signatures instead of {len(expected)}")
    for line, vkey in zip(signatures, expected, strict=True):
        check_note_signature(text, line, vkey)


def check_document(document: bytes, kind: str, name: str, statements: Iterable[bytes]) -> None:
    """Some statement of that kind carries the document's SHA-256 in that field."""
    digest = hashlib.sha256(document).hexdigest()
    found = [fields.get(name) for type_, fields, _, _ in map(read_statement, statements) if type_ == kind]
    require([digest] in found, f"{digest} stands in none of {len(found)} {kind}")


def mldsa_lines(name: str, checkpoint: Checkpoint, known: Iterable[Vkey]) -> Iterator[dict[str, str]]:
    """Each ML-DSA-44 line: key, message (c2sp.org/tlog-cosignature) and signature, in hex."""

    def short(text: str) -> bytes:
        return bytes([len(text.encode())]) + text.encode()

    for line in checkpoint.signatures:
        for vkey in known:
            if vkey.match(line) and vkey.sig_type == ML_DSA_44:
                tree = bytes(8) + checkpoint.size.to_bytes(8, "big") + checkpoint.root_hash
                message = (
                    b"subtree/v1\n\0" + short(vkey.name) + line.payload[:8] + short(checkpoint.origin) + tree
                )
                yield {
                    "receipt": name,
                    "vkey": vkey.serialize(),
                    "key": vkey.pubkey.hex(),
                    "message": message.hex(),
                    "signature": line.payload[8:].hex(),
                }


# The folder


def read_demo(demo: Path) -> tuple[Report, list[dict[str, str]]]:
    """Runs every check over the folder; gives the report and the ML-DSA-44 lines of the receipts."""
    report = Report()
    policy = read_policy((demo / "policy").read_bytes())
    classic = read_policy((demo / "policy-ed25519").read_bytes())
    known = list({vkey.serialize(): vkey for vkey in [*policy.vkeys, *classic.vkeys]}.values())
    receipts = _read_all(report, "receipts read", sorted((demo / "receipts").glob("*.receipt")))
    chains = _read_all(report, "chain receipts read", sorted((demo / "chains").glob("*/*.receipt")))

    for name, receipt in receipts.items():
        report.check("receipts under policy", name, lambda r=receipt: check_receipt(r, policy))
        report.check("receipts under policy-ed25519", name, lambda r=receipt: check_receipt(r, classic))
        report.check(
            "receipts with known signatures only", name, lambda r=receipt: check_lines(r.checkpoint, known)
        )
    for name, receipt in chains.items():
        report.check("chain receipts under policy-ed25519", name, lambda r=receipt: check_receipt(r, classic))

    _check_log(report, demo / "log", classic, receipts | chains)

    roots = [read_vkey(line) for line in (demo / "roots").read_text().split("\n") if line]
    report.held["memberships signed by a root"] = 0
    for path in sorted((demo / "members").glob("*.note")):
        report.check(
            "memberships signed by a root", path.name, lambda p=path: check_membership(p.read_bytes(), roots)
        )

    statements = [receipt.statement for receipt in (receipts | chains).values()]
    for title, kind, name in (
        ("profile", "kynhan/profile@v1", "document"),
        ("calendar", "kynhan/due@v1", "calendar"),
    ):
        document = demo / f"{title}.json"
        report.check(
            f"{title}.json in statements",
            document.name,
            lambda d=document, k=kind, n=name: check_document(d.read_bytes(), k, n, statements),
        )
    lines = [
        line for name, receipt in receipts.items() for line in mldsa_lines(name, receipt.checkpoint, known)
    ]
    return report, lines


def _read_all(report: Report, title: str, paths: list[Path]) -> dict[str, Receipt]:
    receipts: dict[str, Receipt] = {}
    report.held[title] = 0
    for path in paths:
        name = f"{path.parent.name}/{path.name}"
        report.check(title, name, lambda p=path, n=name: receipts.update({n: read_receipt(p.read_bytes())}))
    return receipts


def _check_log(report: Report, folder: Path, classic: Policy, receipts: dict[str, Receipt]) -> None:
    log: list[tuple[Checkpoint, list[bytes]]] = []
    report.check("log read", "log", lambda: log.append(read_log(folder)))
    if not log:
        return
    checkpoint, entries = log[0]
    leaves = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
    report.check(
        "log checkpoint under policy-ed25519", "checkpoint", lambda: check_policy(checkpoint, classic)
    )
    report.check(
        "log recomputes to its root",
        "checkpoint",
        lambda: require(mth(leaves) == checkpoint.root_hash, "the entries have another root"),
    )
    for path, data in log_files(entries):
        report.check(
            "log files as recomputed",
            path,
            lambda p=path, d=data: require((folder / p).read_bytes() == d, "another content"),
        )
    report.held["entries are SHA-256 of their statements"] = 0
    for name, receipt in receipts.items():
        entry = hashlib.sha256(receipt.statement).digest()
        report.check(
            "entries are SHA-256 of their statements",
            name,
            lambda r=receipt, e=entry: require(entries[r.index] == e, "another entry stands at this index"),
        )
        report.check(
            "receipts' trees are the log's",
            name,
            lambda c=receipt.checkpoint: require(
                (c.origin, mth(leaves[: c.size])) == (checkpoint.origin, c.root_hash)
                and c.size <= len(leaves),
                f"the log has another root at {c.size}",
            ),
        )


def main(arguments: list[str] | None = None) -> int:
    """The command line; gives the exit status."""
    parser = argparse.ArgumentParser(description="Checks the folder that `make demo` leaves behind.")
    parser.add_argument("demo", type=Path)
    parser.add_argument("--mldsa-json", type=Path, metavar="OUT")
    options = parser.parse_args(arguments)
    try:
        report, lines = read_demo(options.demo)
    except (OSError, ValueError, RefusedError) as error:
        print(f"FAILED {type(error).__name__}: {error}")
        return 1
    print("\n".join(report.lines()))
    if options.mldsa_json:
        options.mldsa_json.write_text(json.dumps(lines))
        print(f"wrote  ML-DSA-44 lines: {len(lines)}")
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
