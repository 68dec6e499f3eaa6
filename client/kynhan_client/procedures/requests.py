"""Asking (R7, R13, R15, R17): the request to the committee or straight to its unit, its completion, its return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from kynhan_protocol.case import duties
from kynhan_protocol.case.case import Sent
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.names import Name
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.vietnam_time import local_date

from ..clauses import clause
from ..dossiers import texts
from ..dossiers.dossier import Part
from ..dossiers.letter import Letter
from ..errors import problem
from ..home import cupboard
from ..home.home import Home
from ..log.view import View
from ..packages import drafting, own_copy
from .standing import CaseStanding, Papers, allowed, of_case, regarded

MISSING: Final = "con-thieu.txt"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for. `to` None means the responding committee, or whoever the earlier request of the case was for;
    a term is what the profile's subject calls for; `wish` is a date wished for where no limit runs."""

    to: str | None = None
    subject: str | None = None
    term: str | None = None
    wish: date | None = None


@dataclass(frozen=True)
class Returning:
    """A return for completion. `restarts`: made now it restarts the clock once the dossier is complete; `until` is the
    last day on which a return does (None where no clock runs, or the profile knows no restart)."""

    letter: Letter
    restarts: bool
    until: date | None


def request(home: Home, papers: Papers, asked: Asked, *, case: str | None = None) -> Letter:
    """The letter that asks for coordination (kind `request`), in a new case or, once more, in one whose request came to
    nothing: then what is not given is as it was in the earlier one.

    While the fault of the earlier one is contested, asking again admits it: only if our own copy shows the fault too.

    Raises ClientError bad-letter (no subject, a term that the subject does not bear, a wish in the past), not-now,
    not-found, unknown-recipient, secrecy-above-ceiling; header-missing, body-missing for our copy.
    """
    view = View(home)
    profile = view.profile if case is None else view.profile_of(view.case(case).profile)
    earlier = None if case is None else view.case(case).request
    to = asked.to or (earlier.to if earlier else profile.committees[1])
    if earlier is not None and earlier.is_contested and earlier.to == to:
        _require_fault(home, view, earlier)
    subject = asked.subject or (subject_of(home, earlier.id) if earlier else None)
    letter = papers.letter(
        "request",
        to,
        case=case,
        regarding=earlier.id if earlier else None,
        term=asked.term or (earlier.term if earlier and asked.subject is None else None),
        subject=subject,
        wish_date=asked.wish,
    )
    _check_wish(local_date(view.now), letter)
    drafting.check_subject(profile, "request", letter.subject or _covered(letter), letter.term)
    return allowed(home, letter)


def supplement(home: Home, case: str, papers: Papers, *, to: str | None = None) -> Letter:
    """The letter that completes a dossier: it regards the return that waits for it, else the request, and goes to who
    returned it, else to the unit that has the case, else to where the request went.

    Raises ClientError not-now, not-found, bad-letter.
    """
    standing = of_case(home, case)
    returned = _waiting_return(standing)
    unit = standing.case.unit
    if returned is not None:
        natural = returned.from_ if returned.from_ == unit else Name.of(returned.from_).committee
    else:
        natural = unit or standing.request.to
    to = to or natural
    otherwise = returned.id if returned is not None else standing.request.id
    letter = papers.letter(
        "supplement",
        to,
        title=drafting.label_of("supplement"),
        case=case,
        regarding=regarded(standing, "supplement", to, otherwise),
    )
    return allowed(home, letter)


def returning(
    home: Home, case: str, papers: Papers, *, missing: tuple[str, ...] = (), missing_file: Path | None = None
) -> Returning:
    """The letter that returns a dossier for completion, with the list of what is missing sealed as a file of role
    `list`: one line each of `missing`, or a file as it is.

    Raises ClientError bad-letter without a list, not-now, not-found, missing-file.
    """
    standing = of_case(home, case)
    parts: list[Part] = []
    if missing:
        lines = "".join(f"- {texts.line(one, 'said.missing')}\n" for one in missing)
        parts.append(Part(name=MISSING, role="list", data=lines.encode()))
    if missing_file is not None:
        parts.append(Part(name=missing_file.name, role="list", path=missing_file))
    if not parts:
        raise problem("bad-letter", why=clause("return.no-list"))
    received = [
        sent for sent in standing.case.dispatches.values() if _is_of_dossier(sent.kind) and sent.stands
    ]
    to, otherwise = (
        Name.of(standing.request.from_).committee,
        received[-1].id if received else standing.request.id,
    )
    letter = papers.letter(
        "return",
        to,
        title=drafting.label_of("return"),
        case=case,
        regarding=regarded(standing, "return", to, otherwise),
        parts=tuple(parts),
    )
    until = restart_until(standing)
    return Returning(allowed(home, letter), until is not None and standing.today <= until, until)


def restart_until(standing: CaseStanding) -> date | None:
    """The last day on which a return restarts the clock; None where none does."""
    if standing.case.term is None:
        return None
    return duties.last_day_to_return(standing.case, standing.profile, standing.calendar)


def subject_of(home: Home, dispatch: str) -> str | None:
    """The subject code inside a package that was made or opened here."""
    note = cupboard.manifest(home.archive, dispatch)
    return None if note is None else manifests.parse(note).manifest.subject


def _require_fault(home: Home, view: View, earlier: Sent) -> None:
    if own_copy.fault(home, view, earlier.id) is None:
        raise drafting.refusal(
            "our own copy opens without a fault: send the files as a supplement, which admits nothing",
            "bản giữ tại đây mở được, không có lỗi: hãy gửi lại tệp bằng văn bản bổ sung, như vậy không thừa nhận lỗi",
        )


def _waiting_return(standing: CaseStanding) -> Sent | None:
    found = list(standing.case.standing("return"))
    return found[-1] if found and standing.case.phase is Phase.RETURNED else None


def _is_of_dossier(kind: str) -> bool:
    return kind in ("request", "supplement")


def _covered(letter: Letter) -> str | None:
    return getattr(letter.cover, "subject", None)


def _check_wish(today: date, letter: Letter) -> None:
    wish = letter.wish_date or getattr(letter.cover, "wish_date", None)
    if wish is None:
        return
    if letter.term is not None:
        raise problem("bad-letter", why=clause("request.wish-and-term"))
    if wish < today:
        raise problem("bad-letter", why=clause("request.wish-past"))
