"""Closing a case (R14): the number and date of the conclusion; its content only where the profile allows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kynhan_protocol.case import duties
from kynhan_protocol.case.case import Case
from kynhan_protocol.vietnam_time import format_date_vi, local_date

from ..clauses import clause
from ..dossiers import dossier, texts
from ..dossiers.dossier import Cover
from ..dossiers.letter import Letter
from ..errors import problem
from ..home.home import Home
from ..log.view import View
from . import sides
from .notices import titled


@dataclass(frozen=True)
class Conclusion:
    """The document that concludes: number, symbol (as `KL/ĐUCCQ`), date of issue."""

    number: int
    symbol: str
    issued: date

    @property
    def printed(self) -> str:
        """As the Party's form prints it."""
        return f"{self.number:02d}-{self.symbol}"


def close(
    home: Home,
    case: str,
    conclusion: Conclusion,
    *,
    files: tuple[Path, ...] = (),
    title: str | None = None,
    cover: Path | Cover | None = None,
) -> Letter:
    """The letter that closes a case (*kết thúc việc phối hợp*); it regards the newest reply, if there is one.

    Number and date travel in the manifest, and in a sentence for whoever opens it by hand. Raises ClientError
    not-found; bad-letter for a date to come, for what is no number or symbol; not-now for files where the profile sends
    no content.
    """
    view = View(home)
    found = view.case(case)
    if files and not duties.closing_carries_content(view.profile_of(found.profile)):
        raise problem("not-now", why=clause("closing.no-content"))
    if not dossier.is_number(conclusion.number):
        raise problem("bad-letter", why=clause("cover.number"))
    if conclusion.issued > local_date(view.now):
        raise problem("bad-letter", why=clause("closing.future"))
    conclusion = Conclusion(
        conclusion.number, texts.line(conclusion.symbol, "said.symbol", most=60), conclusion.issued
    )
    given = dossier.read_cover(cover)
    return Letter(
        kind="closing",
        to=sides.other_side(home, view, found),
        files=files,
        words=_sentence(conclusion),
        title=titled("closing", title, given),
        cover=dossier.with_fields(
            given,
            number=conclusion.number,
            symbol=conclusion.symbol,
            printed=f"Số {conclusion.printed}",
            issued=conclusion.issued,
        ),
        case=case,
        regarding=_newest_reply(found),
    )


def _sentence(conclusion: Conclusion) -> str:
    day = format_date_vi(conclusion.issued)
    return f"Kết thúc việc phối hợp theo văn bản kết luận số {conclusion.printed} ngày {day}."


def _newest_reply(case: Case) -> str | None:
    replies = [sent.id for sent in case.standing("reply") if sent.part != "copy"]
    return replies[-1] if replies else None
