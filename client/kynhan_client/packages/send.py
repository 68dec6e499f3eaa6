"""Sending a dossier: check, hash, seal, put into the outbox, deliver. Nothing is sealed that could not be sent.

    letter = Letter(kind="request", to="ca.example", title="…", files=(Path("cong-van.pdf"),), term="in-country")
    sent = await send(home, relay, letter, progress=show)      # LetterOutcome(state="sent" or "queued", …)

`show(phase, done, total)` is told of bytes; phase is `hash`, `seal` or `upload`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from kynhan_protocol.case import duties
from kynhan_protocol.case.case import Case
from kynhan_protocol.case.kinds import Presence
from kynhan_protocol.case.table import RULES
from kynhan_protocol.statements import codes

from ..clauses import clause
from ..dossiers import dossier, sealing, texts
from ..dossiers.dossier import Cover, Progress, Source
from ..dossiers.letter import Letter
from ..errors import ClientError, problem
from ..forms.check import complete
from ..home.home import Home
from ..log import mirror
from ..log.view import View
from ..relay.relay import Relay
from . import drafting, outbox
from .drafting import Outline, Ready

LOWEST: Final = codes.SECRECIES[0]


@dataclass(frozen=True)
class LetterOutcome:
    """What became of a letter. `queued`: sealed and kept, not accepted yet; `reason` says why, and `dispatch` may still
    change (it is "" if nothing was signed yet). `waiting` is its number in the outbox."""

    state: Literal["sent", "queued"]
    case: str
    dispatch: str
    index: int | None
    waiting: int
    reason: ClientError | None = None


async def send(
    home: Home, relay: Relay, letter: Letter, *, progress: Progress | None = None
) -> LetterOutcome:
    """Seals `letter` and sends it; if the relay cannot be reached it waits in the outbox (`queued`).

    Raises ClientError before anything is sealed: frozen, not-compared, no-profile, not-certified, member-expired,
    wrong-role, unknown-recipient, secrecy-above-ceiling, needs-approver, missing-file, unreadable-file,
    bad-file-name, bad-cover, bad-letter, not-now; while sealing, leaving nothing behind: file-changed, disk-full;
    afterwards relay-answer-invalid (evidence kept), outside-window, refused (told in the error's `data` whether it is
    `kept` in the outbox).
    """
    home.require_not_frozen()
    await read_log(home, relay)
    cover = complete(
        dossier.with_fields(
            dossier.read_cover(letter.cover), subject=letter.subject, wish_date=letter.wish_date
        )
    )
    ready = drafting.require_ready(home)
    outline = outline_of(home, ready.view, letter)
    secrecy = letter.secrecy or cover.secrecy or LOWEST
    title = _title(letter, cover)
    _check(home, ready, letter, outline, cover.subject, secrecy)
    row = await _seal(home, letter, cover, outline, secrecy, title, progress)
    result = await outbox.deliver(home, relay, row, progress=progress)
    if result.error is not None and (result.state == "failed" or not _only_waits(result.error)):
        result.error.data["kept"] = result.state == "queued"
        raise result.error
    if result.state == "sent":
        await read_log(home, relay)
    state: Literal["sent", "queued"] = "sent" if result.state == "sent" else "queued"
    return LetterOutcome(state, outline.case, result.dispatch, result.index, row, result.error)


def outline_of(home: Home, view: View, letter: Letter) -> Outline:
    """What the dispatch of a letter will say. Raises ClientError bad-letter, not-found, no-profile."""
    _check_words(letter)
    case = None
    if letter.case is not None:
        case = view.case(letter.case)
    elif letter.begins is not None:
        case = drafting.find_case(view, letter.begins)
    regarding = letter.regarding
    if regarding is None and case is not None:
        regarding = natural_regarding(home, case, letter.kind)
    return Outline(
        case=letter.case or letter.begins or drafting.new_case(view.now),
        about=letter.about,
        kind=letter.kind,
        term=letter.term,
        urgency=letter.urgency,
        to=letter.to,
        approver=None,
        regarding=regarding,
        due=letter.due,
        profile=case.profile if case is not None else view.profile_id,
    )


def natural_regarding(home: Home, case: Case, kind: str) -> str | None:
    """The newest dispatch that one of this kind must regard, sent by the other side if there is one; None where it
    need not regard any, or there is none."""
    rule = RULES.get(kind)
    if rule is None or rule.regarding is not Presence.REQUIRED:
        return None
    fitting = [sent for sent in case.dispatches.values() if sent.kind in rule.regarding_kinds and sent.stands]
    others = [sent for sent in fitting if not home.config.is_ours(sent.from_)]
    if (
        kind in ("reply", "interim", "extension", "return")
        and case.request in fitting
        and case.request is not None
    ):
        return case.request.id
    chosen = (others or fitting)[-1:]
    return chosen[0].id if chosen else None


def _check(
    home: Home, ready: Ready, letter: Letter, outline: Outline, subject: str | None, secrecy: str
) -> None:
    profile = ready.view.profile_of(outline.profile)
    if letter.kind == "closing" and letter.files and not duties.closing_carries_content(profile):
        raise problem("not-now", why=clause("closing.no-content"))
    drafting.check_secrecy(profile, outline, secrecy)
    drafting.check_subject(profile, outline.kind, subject, outline.term)
    drafting.check_outline(home, ready, outline)
    drafting.sealed_to(home, ready.view, outline)


async def _seal(
    home: Home,
    letter: Letter,
    cover: Cover,
    outline: Outline,
    secrecy: str,
    title: str,
    progress: Progress | None,
) -> int:
    """Hashes, signs the manifest, seals, and puts it all into the outbox; gives the row's number."""
    formal = letter.kind not in dossier.INFORMAL
    sources: tuple[Source, ...] = await sealing.in_thread(
        lambda stopped: dossier.gather(
            letter.files,
            letter.words,
            cover,
            formal=formal,
            parts=letter.parts,
            progress=progress,
            stopped=stopped,
        )
    )
    if not sources:
        raise problem("bad-letter", why=clause("letter.empty"))
    signed = drafting.sign_manifest(home, outline, cover, secrecy, title, sources)
    head = View(home).final_checkpoint
    body = await sealing.in_thread(
        lambda stopped: sealing.seal_body(
            home.path / "sealed",
            signed.note,
            None if head is None else head.note,
            sources,
            progress=progress,
            stopped=stopped,
        ),
        discard=lambda sealed: sealed.path.unlink(missing_ok=True),
    )
    try:
        async with home.writing():
            return outbox.put_dispatch(home, outline, body, signed.note)
    except BaseException:
        body.path.unlink(missing_ok=True)
        raise


async def read_log(home: Home, relay: Relay) -> None:
    """Reads the log if the relay can be reached; what is already here serves otherwise."""
    try:
        await mirror.sync(home, relay)
    except ClientError as error:
        if error.code != "relay-down":
            raise


def _only_waits(error: ClientError) -> bool:
    """Whether there is nothing to say but that it is queued: the relay is not there, and did not say why."""
    return error.code == "relay-down" and error.data.get("relay_code", "") in (
        "",
        "unavailable",
        "rate-limited",
    )


def _title(letter: Letter, cover: Cover) -> str:
    given = letter.title or cover.title
    if given:
        return texts.title(given)
    if letter.kind in dossier.INFORMAL:
        return drafting.label_of(letter.kind)
    raise problem("bad-letter", why=clause("letter.no-title"))


def _check_words(letter: Letter) -> None:
    """That kind, term and urgency are words of the protocol. Raises ClientError bad-letter."""
    for what, value, known in (
        ("letter.not-a-kind", letter.kind, codes.KINDS),
        ("letter.not-a-term", letter.term, codes.TERMS),
        ("letter.not-an-urgency", letter.urgency, codes.URGENCIES),
    ):
        if value is not None and value not in known:
            raise problem("bad-letter", why=clause(what, value=value, possible=" ".join(known)))
