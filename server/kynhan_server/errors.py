"""Why the relay does not do what was asked: one exception, its codes from the one table of the protocol."""

from __future__ import annotations

from kynhan_protocol.errors import ProtocolError
from kynhan_protocol.wire.api import PROBLEMS
from kynhan_server import words


class Refused(Exception):  # noqa: N818 (it is an answer, not a fault)
    """The relay refuses; nothing was changed. `code` is a key of api.PROBLEMS, `detail` one English sentence; `vi` says
    the same to an operator, where an operator can meet it.

    `rule` names the row and column of the case table that is broken, where one is; `faults` are the codes of the
    rulebook, where it is a rule of the log. "Absent" and "not yours" are the
    same refusal, `not_found()`, to the letter.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        vi: str = "",
        *,
        rule: str | None = None,
        faults: tuple[str, ...] = (),
    ) -> None:
        status, title = PROBLEMS[code]
        super().__init__(f"{code}: {detail or title}")
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail or f"{title}."
        self.vi = vi
        self.rule = rule
        self.faults = faults


def not_found() -> Refused:
    """The one answer to whoever asks for what is not there or not theirs."""
    return Refused("not-found")


def refused(code: str, key: str, **blanks: object) -> Refused:
    """A refusal in the words of words/."""
    vi, en = words.pair(key, **blanks)
    return Refused(code, en, vi)


class OperatorError(Exception):
    """What an operator has to see to: one sentence of words/, `pair` in both languages."""

    def __init__(self, key: str, **blanks: object) -> None:
        self.pair = words.pair(key, **blanks)
        super().__init__(self.pair[1])


def not_now(error: ProtocolError) -> Refused:
    """The refusal of the case table (a CaseRuleError, with its rule), or of the profile that the case began under."""
    return Refused("not-now", str(error), rule=getattr(error, "rule", None))
