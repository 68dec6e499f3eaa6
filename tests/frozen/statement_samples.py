"""Every type of statement with all that it can say, and with as little; fixed by name, so always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tests.protocol.make_examples import nonce
from tests.protocol.strategies import recipient, seed, signer, witness_vkey

from kynhan_protocol.statements import codes
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

CCQ, CA, RELAY = "ccq.example", "cand.example", "relay.example/kynhan"
CLERK, APPROVER, CA_CLERK, WITNESS = f"{CCQ}/van-thu", f"{CCQ}/duyet", f"{CA}/van-thu", f"{CCQ}/doi-chung"
CASE, ROUND = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11", "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a22"
AT = datetime(2026, 11, 23, 2, 12, 31, tzinfo=UTC)


def sha(label: str) -> str:
    """The hash of something that is not shown."""
    return hashlib.sha256(label.encode()).hexdigest()


def statements() -> Iterator[tuple[str, Statement]]:
    """Every type twice or more by name: with everything that may be absent absent, and with all of it there."""
    close: dict[str, Any] = {"time": AT, "nonce": nonce("frozen")}
    first: dict[str, Any] = {"committee": CCQ, "number": 1, "previous": None, **close}
    later: dict[str, Any] = {"committee": CCQ, "number": 12, "previous": sha("link 11"), **close}
    unseen: dict[str, Any] = {"relay": RELAY, "seen": Seen(0, bytes(32)), "head": (sha("head"),), **close}
    member: dict[str, Any] = {
        "relay": RELAY,
        "seen": Seen(1204, seed("root")),
        "head": tuple(sorted((sha("head"), sha("other head")))),
        **close,
    }
    relay: dict[str, Any] = {"relay": RELAY, **close}
    yield from _root(first, later)
    yield from _dispatches(unseen, member)
    for kind, code in ((Decline, "not-competent"), (Withdrawal, "mistake"), (Destruction, "recalled")):
        by = CLERK if kind is Withdrawal else CA_CLERK
        yield kind.__name__.lower(), kind(dispatch=sha("dispatch"), by=by, code=code, **member)
    yield "receipt", Receipt(dispatch=sha("dispatch"), by=CA_CLERK, **member)
    opening: dict[str, Any] = {"dispatch": sha("dispatch"), "by": CA_CLERK, **member}
    yield "opening", Opening(manifest=sha("manifest"), result="verified", code=None, **opening)
    yield "opening-faulty", Opening(manifest=sha("manifest"), result="faulty", code="manifest", **opening)
    yield "opening-no-stanza", Opening(manifest=None, result="faulty", code="no-stanza", **opening)
    yield "opening-undelivered", Opening(manifest=None, result="undelivered", code=None, **opening)
    approval: dict[str, Any] = {"by": APPROVER, "document": sha("calendar"), **member}
    yield "calendar-bare", CalendarApproval(decision=None, replaces=None, **approval)
    yield "calendar-full", CalendarApproval(decision="12729/VPCP-KGVX", replaces=sha("before"), **approval)
    yield "acceptance", Acceptance(of=sha("dispatch"), **relay)
    yield "handover", Handover(of=sha("receipt"), dispatch=sha("dispatch"), **relay)
    yield from _dues(relay)
    reminder: dict[str, Any] = {"case": CASE, "due": sha("due"), **relay}
    for step in ("-10", "0", "+1", "unsigned+3"):
        yield f"reminder{step}", Reminder(step=step, to=(CA_CLERK,), **reminder)
    yield "reminder-of-many", Reminder(step="-1", to=tuple(sorted((CA, f"{CA}/pa03", CA_CLERK))), **reminder)


def _root(first: dict[str, Any], later: dict[str, Any]) -> Iterator[tuple[str, Statement]]:
    valid: dict[str, Any] = {
        "not_before": datetime(2026, 11, 1, tzinfo=UTC),
        "not_after": datetime(2028, 11, 1, 23, 59, 59, tzinfo=UTC),
    }
    clerk: dict[str, Any] = {
        "member": CLERK,
        "holder": "Phòng Văn thư",
        "signing": signer(CLERK).vkey,
        **valid,
    }
    yield "membership", Membership(role=("clerk",), sealing=recipient(CLERK), **clerk, **first)
    roles = ("approver", "auditor", "clerk", "unit")
    yield "membership-of-many-roles", Membership(role=roles, sealing=None, **clerk, **later)
    witness: dict[str, Any] = {
        "member": WITNESS,
        "holder": "Máy đối chứng",
        "signing": witness_vkey(WITNESS),
        **valid,
    }
    yield "membership-witness", Membership(role=("witness",), sealing=None, **witness, **later)
    yield "revocation", Revocation(member=CLERK, key=signer(CLERK).vkey, code="lost", **later)
    yield (
        "revocation-witness",
        Revocation(member=WITNESS, key=witness_vkey(WITNESS), code="replaced", **later),
    )
    yield "profile", ProfileAttestation(document=sha("profile"), **later)
    yield "succession", Succession(root=signer(CCQ, "new").vkey, code="planned", **later)


def _dispatches(unseen: dict[str, Any], member: dict[str, Any]) -> Iterator[tuple[str, Statement]]:
    every: dict[str, Any] = {
        "case": CASE,
        "from_": CLERK,
        "header": HashSize(sha("header"), 3184),
        "body": HashSize(sha("body"), 48234496),
        "profile": sha("profile"),
    }
    absent: dict[str, Any] = dict.fromkeys(("about", "term", "urgency", "approver", "regarding", "due"))
    bare = Dispatch(kind="message", to=CA, sealed=(sha("one"),), **absent, **every, **unseen)
    yield "dispatch-bare", bare
    yield (
        "dispatch-full",
        Dispatch(
            kind="correction",
            about=ROUND,
            term="in-country",
            urgency="hoa-toc",
            approver=APPROVER,
            to=CA_CLERK,
            sealed=tuple(sorted((sha("one"), sha("two"), sha("three")))),
            regarding=sha("regarded"),
            due=date(2027, 1, 26),
            **every,
            **member,
        ),
    )
    for kind in codes.KINDS:
        yield f"dispatch-{kind}", replace(bare, kind=kind)


def _dues(relay: dict[str, Any]) -> Iterator[tuple[str, Statement]]:
    every: dict[str, Any] = {
        "case": CASE,
        "dispatch": sha("dispatch"),
        "profile": sha("profile"),
        "calendar": sha("calendar"),
        "due": date(2027, 1, 26),
        **relay,
    }
    absent: dict[str, Any] = dict.fromkeys(("start", "basis", "replaces"))
    present: dict[str, Any] = {name: sha(name) for name in absent}
    yield "due-bare", Due(term="foreign", provisional=False, because="receipt", **absent, **every)
    for because in codes.DUE_REASONS:
        yield f"due-{because}", Due(term="in-country", provisional=True, because=because, **present, **every)
