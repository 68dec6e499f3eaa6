"""The examples of docs/spec: one short story, signed with test keys, the same bytes at every run.

`python -m tests.protocol.make_examples` writes them into the fenced blocks of docs/spec, in order.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.protocol.strategies import recipient, seed, signer, witness_vkey

from kynhan_keys import merkle
from kynhan_keys.vkeys import Signer
from kynhan_protocol.package import manifest
from kynhan_protocol.package.manifest import CopyEntry, FileEntry, Manifest, SignedManifest
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import (
    Acceptance,
    CalendarApproval,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    HashSize,
    Membership,
    Opening,
    ProfileAttestation,
    Receipt,
    Reminder,
    Revocation,
    Seen,
    Statement,
    Succession,
    Withdrawal,
)

SPEC = Path(__file__).parents[2] / "docs" / "spec"
RELAY = "relay.example/kynhan"
CCQ, CA = "ccq.example", "cand.example"
CASE = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11"
START = datetime(2026, 11, 23, 2, 0, 0, tzinfo=UTC)


def sha256(label: str) -> str:
    """The hash of some document that is not shown."""
    return hashlib.sha256(label.encode()).hexdigest()


def nonce(label: str) -> bytes:
    """16 bytes fixed by `label`; real ones are random."""
    return seed(f"nonce {label}")[:16]


@dataclass(frozen=True)
class Common:
    """The trailing fields of the statement at `minute` of the story."""

    minute: int

    @property
    def close(self) -> dict[str, object]:
        """`time nonce`"""
        return {"time": START + timedelta(minutes=self.minute), "nonce": nonce(str(self.minute))}


def _signed(statement: Statement) -> SignedStatement:
    names = signing.signer_names(statement)
    return signing.sign(statement, *(_signer(statement, place, name) for place, name in enumerate(names)))


def _signer(statement: Statement, place: int, name: str) -> Signer:
    return signer(name, "new" if isinstance(statement, Succession) and place == 1 else "")


def _membership(
    committee: str, local: str, role: str, number: int, previous: SignedStatement | None, minute: int
) -> SignedStatement:
    member = f"{committee}/{local}"
    is_witness = role == "witness"
    return _signed(
        Membership(
            committee=committee,
            member=member,
            holder={"clerk": "Văn thư", "approver": "Phó Bí thư", "witness": "Máy đối chứng"}[role],
            role=(role,),
            signing=witness_vkey(member) if is_witness else signer(member).vkey,
            sealing=None if is_witness else recipient(member),
            not_before=datetime(2026, 11, 1, tzinfo=UTC),
            not_after=datetime(2028, 11, 1, tzinfo=UTC),
            number=number,
            previous=previous.id if previous else None,
            **Common(minute).close,  # type: ignore[arg-type]
        )
    )


def story() -> tuple[list[SignedStatement], SignedManifest]:
    """The statements shown, in the order of docs/spec/statements.md, and the manifest of the dispatch."""
    clerk = _membership(CCQ, "van-thu", "clerk", 1, None, 0)
    witness = _membership(CCQ, "doi-chung", "witness", 2, clerk, 1)
    approver = _membership(CCQ, "duyet", "approver", 3, witness, 2)
    profile = _signed(
        ProfileAttestation(
            committee=CCQ,
            document=sha256("profile"),
            number=4,
            previous=approver.id,
            **Common(3).close,  # type: ignore[arg-type]
        )
    )
    ca_clerk = _membership(CA, "van-thu", "clerk", 1, None, 4)
    seen = Seen(8, merkle.leaf_hash(b"example"))
    head = tuple(sorted((profile.id, ca_clerk.id)))

    def member(minute: int) -> dict[str, object]:
        return {"relay": RELAY, "seen": seen, "head": head, **Common(minute).close}

    def relay(minute: int) -> dict[str, object]:
        return {"relay": RELAY, **Common(minute).close}

    dispatch_value = Dispatch(
        case=CASE,
        about=None,
        kind="request",
        term="in-country",
        urgency="khan",
        from_=f"{CCQ}/van-thu",
        approver=f"{CCQ}/duyet",
        to=CA,
        sealed=tuple(sorted((clerk.id, approver.id, ca_clerk.id))),
        header=HashSize(sha256("header"), 5184),
        body=HashSize(sha256("body"), 48234496),
        regarding=None,
        due=None,
        profile=sha256("profile"),
        **member(10),  # type: ignore[arg-type]
    )
    dispatch = _signed(dispatch_value)
    note = manifest.sign(_manifest(dispatch_value), signer(dispatch_value.from_))
    receipt = _signed(Receipt(dispatch=dispatch.id, by=f"{CA}/van-thu", **member(20)))  # type: ignore[arg-type]
    handover = _signed(Handover(of=receipt.id, dispatch=dispatch.id, **relay(20)))  # type: ignore[arg-type]
    due = _signed(
        Due(
            case=CASE,
            dispatch=dispatch.id,
            start=handover.id,
            term="in-country",
            profile=sha256("profile"),
            calendar=sha256("calendar"),
            due=date(2027, 1, 26),
            provisional=True,
            because="receipt",
            basis=None,
            replaces=None,
            **relay(20),  # type: ignore[arg-type]
        )
    )
    return [
        clerk,
        witness,
        _signed(
            Revocation(
                committee=CCQ,
                member=f"{CCQ}/van-thu",
                key=signer(f"{CCQ}/van-thu").vkey,
                code="lost",
                number=5,
                previous=profile.id,
                **Common(60).close,  # type: ignore[arg-type]
            )
        ),
        profile,
        _signed(
            Succession(
                committee=CA,
                root=signer(CA, "new").vkey,
                code="planned",
                number=2,
                previous=ca_clerk.id,
                **Common(61).close,  # type: ignore[arg-type]
            )
        ),
        dispatch,
        receipt,
        _signed(
            Opening(
                dispatch=dispatch.id,
                by=f"{CA}/van-thu",
                manifest=note.id,
                result="verified",
                code=None,
                **member(25),  # type: ignore[arg-type]
            )
        ),
        *(
            _signed(kind(dispatch=sha256(f"dispatch {code}"), by=by, code=code, **member(minute)))  # type: ignore[arg-type]
            for kind, by, code, minute in (
                (Decline, f"{CA}/van-thu", "duplicate", 30),
                (Withdrawal, f"{CCQ}/van-thu", "mistake", 31),
                (Destruction, f"{CA}/van-thu", "retention", 32),
            )
        ),
        _signed(
            CalendarApproval(
                by=f"{CCQ}/duyet",
                document=sha256("calendar 2027"),
                decision="12729/VPCP-KGVX",
                replaces=sha256("calendar"),
                **member(40),  # type: ignore[arg-type]
            )
        ),
        _signed(Acceptance(of=dispatch.id, **relay(11))),  # type: ignore[arg-type]
        handover,
        due,
        _signed(
            Reminder(
                case=CASE,
                step="-10",
                due=due.id,
                to=(f"{CA}/van-thu",),
                **relay(60 * 24 * 50 - 60),  # type: ignore[arg-type]
            )
        ),
    ], note


def _manifest(dispatch: Dispatch) -> Manifest:
    return Manifest(
        relay=dispatch.relay,
        case=dispatch.case,
        about=dispatch.about,
        kind=dispatch.kind,
        subject="3.1",
        term=dispatch.term,
        urgency=dispatch.urgency,
        from_=dispatch.from_,
        approver=dispatch.approver,
        to=dispatch.to,
        regarding=dispatch.regarding,
        due=dispatch.due,
        form="party-2026",
        issuer="Đảng ủy Các cơ quan tỉnh",
        parent="Tỉnh ủy",
        doctype="Công văn",
        number=15,
        symbol="CV/ĐUCCQ",
        printed="Số 15-CV/ĐUCCQ",
        place="Tỉnh mẫu",
        issued=date(2026, 11, 23),
        title="Đề nghị phối hợp xác minh (theo danh sách kèm theo)",
        authority="T/M BAN THƯỜNG VỤ",
        position="Phó Bí thư",
        signer="Người ký văn bản",
        pages=2,
        secrecy="khong-mat",
        secret_until=None,
        circulation=None,
        enclosures=1,
        reply_to=None,
        wish_date=None,
        drafting="Ban Tổ chức",
        copy=(
            CopyEntry("electronic", 1, "action", "Đảng ủy Công an tỉnh"),
            CopyEntry("paper", 1, "archive", "Lưu Văn thư"),
        ),
        file=(
            FileEntry(
                sha256("cover"), 182044, "application/pdf", "cover", 2, True, True, "Công văn 15-CV.pdf"
            ),
            FileEntry(
                sha256("list"), 20480, "application/pdf", "enclosure", None, False, False, "Danh sách.pdf"
            ),
        ),
        time=dispatch.time,
        nonce=nonce("manifest"),
    )


def blocks(page: str, label: str) -> list[str]:
    """The contents of the fenced blocks of `page` labelled `label`."""
    return re.findall(rf"^```{label}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def fill(path: Path, label: str, contents: list[str]) -> None:
    """Writes `contents` into the blocks of `path`, one each, in order."""
    page = path.read_text("utf-8")
    if len(blocks(page, label)) != len(contents):
        raise SystemExit(f"{path} has {len(blocks(page, label))} blocks for {len(contents)} examples")
    rest = iter(contents)
    page = re.sub(
        rf"^(```{label}\n).*?^```$",
        lambda found: f"{found[1]}{next(rest)}```",
        page,
        flags=re.DOTALL | re.MULTILINE,
    )
    path.write_text(page, "utf-8")


def main() -> None:
    """Fills both pages."""
    statements, note = story()
    fill(SPEC / "statements.md", "statement", [signed.note.decode() for signed in statements])
    fill(SPEC / "manifest.md", "manifest", [note.note.decode()])


if __name__ == "__main__":
    main()
