"""From a letter to a DISPATCH: what may be sent, by whom, to whom; decided by the code that the relay decides by.

An Outline is the part of a dispatch that stays the same however often it has to be dated or wrapped anew: it waits in
the outbox as JSON, and the manifest inside the seal repeats it.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case.allowed import Circumstances, check
from kynhan_protocol.case.case import Case
from kynhan_protocol.case.table import RULES
from kynhan_protocol.errors import CaseRuleError, ChainError, ManifestError, ProfileError, StatementError
from kynhan_protocol.names import Name, is_party
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.manifest import Manifest, SignedManifest
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.signing import SignedStatement, sign
from kynhan_protocol.statements.statements import Dispatch, HashSize
from kynhan_protocol.vietnam_time import local_date

from .. import words
from ..clauses import clause
from ..dossiers.dossier import Cover, Source
from ..errors import ClientError, problem
from ..home.home import Home
from ..log.view import View
from ..trust import trust

SENDING_ROLES = ("clerk", "approver", "unit", "auditor")
NOTHING = HashSize("0" * 64, 0)


class Outline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a dispatch and its manifest say alike; `profile` is that of its case."""

    case: str
    about: str | None
    kind: str
    term: str | None
    urgency: str | None
    to: str
    approver: str | None
    regarding: str | None
    due: date | None
    profile: str


@dataclass(frozen=True)
class Ready:
    """A view that a dispatch can be drafted from: we may sign, and the keys were compared."""

    view: View
    own: Certified


def require_ready(home: Home, *, may: tuple[str, ...] = SENDING_ROLES) -> Ready:
    """That this home may sign now. Raises ClientError frozen, no-relay, not-compared, not-certified, member-expired,
    wrong-role (none of the roles in `may`)."""
    home.require_not_frozen()
    view = View(home)
    own = view.own()
    trust.require_compared(home)
    if not any(own.has(role) for role in may):
        raise problem("wrong-role", member=own.name, role=may[0])
    return Ready(view, own)


def find_case(view: View, case: str) -> Case | None:
    """The case, None before its first dispatch."""
    try:
        return view.case(case)
    except ClientError as error:
        if error.code == "not-found":
            return None
        raise


def new_case(now: datetime) -> str:
    """A fresh UUID of version 7, so that cases sort by the time they began."""
    milliseconds = int(now.timestamp() * 1000)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def check_outline(home: Home, ready: Ready, outline: Outline) -> None:
    """Whether the dispatch may be sent now, as the relay will ask. Raises ClientError unknown-recipient, member-expired
    (of the addressee), no-profile, not-now with the rule's reason in words."""
    view = ready.view
    profile = view.profile_of(outline.profile)
    _check_addressee(view, profile, outline.to)
    addressee = view.in_force().get(outline.to)
    case = find_case(view, outline.case)
    now = view.now
    draft = _statement(home, view, outline, ("0" * 64,), NOTHING, NOTHING, now)
    circumstances = Circumstances(
        ready.own.statement.role,
        addressee.statement.role if addressee else (),
        view.calendars.in_force(view.size),
        local_date(now),
    )
    try:
        check(case, draft, profile.party_of(draft.from_), profile, circumstances)
    except CaseRuleError as error:
        raise not_now(error) from error
    except ProfileError as error:
        raise problem("bad-letter", why=error) from error


def check_subject(profile: Profile, kind: str, subject: str | None, term: str | None) -> None:
    """The profile's rule of subjects and terms (R6, R17). Raises ClientError bad-letter."""
    if subject is None:
        if kind == "request":
            raise problem("bad-letter", why=clause("letter.no-subject"))
        return
    try:
        rule = profile.subject(subject).term
        if term is not None:
            profile.term(term)
    except ProfileError as error:
        raise problem("bad-letter", why=error) from error
    if kind != "request":
        return
    if rule == "mandatory" and term is None:
        raise problem("bad-letter", why=clause("letter.no-term", subject=subject))
    if rule == "none" and term is not None:
        raise problem("bad-letter", why=clause("letter.has-term", subject=subject))


def check_secrecy(profile: Profile, outline: Outline, secrecy: str) -> None:
    """Whether that marking may travel, and whether the second person that it asks for is named: the recipient's client
    would find what lacks one faulty. Raises ClientError secrecy-above-ceiling, needs-approver, bad-letter."""
    try:
        allowed = profile.allows_secrecy(secrecy)
    except ProfileError as error:
        raise problem("bad-letter", why=error) from error
    if not allowed:
        ceiling = profile.secrecy.ceiling
        raise problem(
            "secrecy-above-ceiling",
            secrecy=secrecy,
            ceiling=ceiling,
            marking=words.label("paper-secrecy", secrecy),
            most=words.label("paper-secrecy", ceiling),
        )
    if profile.wants_approver(outline.kind, secrecy) and outline.approver is None:
        raise problem(
            "needs-approver",
            secrecy=secrecy,
            marking=words.label("paper-secrecy", secrecy),
            kind=(RULES[outline.kind].label.vi, RULES[outline.kind].label.en),
        )


def sealed_to(home: Home, view: View, outline: Outline) -> tuple[str, ...]:
    """The memberships to seal to, as the relay expects them. Raises ClientError unknown-recipient, member-expired."""
    try:
        return view.committees.expected_sealed(
            home.config.member, outline.approver, outline.to, view.size, view.now
        )
    except ChainError as error:
        if error.code == "no-addressee":
            raise problem("unknown-recipient", name=outline.to) from error
        raise problem("member-expired", member=home.config.member, why=error) from error


def sign_manifest(
    home: Home, outline: Outline, cover: Cover, secrecy: str, title: str, sources: tuple[Source, ...]
) -> SignedManifest:
    """The manifest, dated now and signed. Raises ClientError bad-letter for a field that has no proper form."""
    made = Manifest(
        relay=home.relay.origin,
        case=outline.case,
        about=outline.about,
        kind=outline.kind,
        subject=cover.subject,
        term=outline.term,
        urgency=outline.urgency,
        from_=home.config.member,
        approver=outline.approver,
        to=outline.to,
        regarding=outline.regarding,
        due=outline.due,
        form=cover.form,
        issuer=cover.issuer,
        parent=cover.parent,
        doctype=cover.doctype,
        number=cover.document_number,
        symbol=cover.symbol,
        printed=cover.printed,
        place=cover.place,
        issued=cover.issued,
        title=title,
        authority=cover.authority,
        position=cover.position,
        signer=cover.signer,
        pages=cover.pages,
        secrecy=secrecy,
        secret_until=cover.secret_until,
        circulation=cover.circulation,
        enclosures=cover.enclosures,
        reply_to=cover.reply_to,
        wish_date=cover.wish_date,
        drafting=cover.drafting,
        copy=cover.copies,
        file=tuple(source.entry for source in sources),
        time=home.clock.now(),
        nonce=secrets.token_bytes(16),
    )
    try:
        return manifests.sign(made, home.keyring.signer)
    except ManifestError as error:
        raise problem("bad-letter", why=error) from error


def sign_dispatch(
    home: Home, view: View, outline: Outline, sealed: tuple[str, ...], header: HashSize, body: HashSize
) -> SignedStatement:
    """The DISPATCH, dated now and signed, as of `view`. Raises ClientError bad-letter."""
    statement = _statement(home, view, outline, sealed, header, body, home.clock.now())
    try:
        return sign(statement, home.keyring.signer)
    except StatementError as error:
        raise problem("bad-letter", why=error) from error


def not_now(error: CaseRuleError) -> ClientError:
    """The refusal of the case table for the screen, in both languages; `rule` in its data names what is broken."""
    return problem("not-now", why=error, rule=error.rule)


def refusal(en: str, vi: str) -> ClientError:
    """The error not-now for a reason of our own, in both languages."""
    return problem("not-now", why=(vi, en))


def label_of(kind: str) -> str:
    """What a kind is called in an office; the title of what has none of its own. Raises ClientError bad-letter."""
    if kind not in RULES:
        raise problem("bad-letter", why=clause("letter.no-kind", kind=kind))
    label = RULES[kind].label.vi
    return label[0].upper() + label[1:]


def _check_addressee(view: View, profile: Profile, to: str) -> None:
    if not is_party(to) or Name.of(to).committee not in profile.committees:
        raise problem("unknown-recipient", name=to)
    if view.committees.addressees(to, view.size, view.now):
        return
    chain = view.committees.chain_of(to)
    known = chain is not None and to in chain.certified(view.size)
    if known and to not in view.in_force():
        raise problem("member-expired", member=to, why=clause("member.not-now"))
    raise problem("unknown-recipient", name=to)


def _statement(
    home: Home,
    view: View,
    outline: Outline,
    sealed: tuple[str, ...],
    header: HashSize,
    body: HashSize,
    time: datetime,
) -> Dispatch:
    return Dispatch(
        case=outline.case,
        about=outline.about,
        kind=outline.kind,
        term=outline.term,
        urgency=outline.urgency,
        from_=home.config.member,
        approver=outline.approver,
        to=outline.to,
        sealed=sealed,
        header=header,
        body=body,
        regarding=outline.regarding,
        due=outline.due,
        profile=outline.profile,
        relay=home.relay.origin,
        seen=view.seen,
        head=view.heads,
        time=time,
        nonce=secrets.token_bytes(16),
    )
