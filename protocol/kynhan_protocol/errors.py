"""The named errors of the protocol: a stable `code` for programs, one English sentence for people."""

from __future__ import annotations

from typing import ClassVar


class ProtocolError(ValueError):
    """Something from outside breaks a rule of the protocol; `str()` is one sentence, `code` is kebab-case."""

    default_code: ClassVar[str] = "bad-protocol"

    def __init__(self, sentence: str, *, code: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code if code is not None else self.default_code


class NameFormatError(ProtocolError):
    """Not the name of a committee, a member or a relay's origin."""

    default_code = "bad-name"


class StatementError(ProtocolError):
    """Not a statement. `line` counts from 1 in the note, None where no single line is at fault.

    Codes: `bad-statement`; `bad-signature` where only the signatures are wrong.
    """

    default_code = "bad-statement"

    def __init__(self, sentence: str, *, code: str | None = None, line: int | None = None) -> None:
        super().__init__(sentence, code=code)
        self.line = line


class ManifestError(ProtocolError):
    """Not a manifest. Codes: `bad-manifest`, `bad-signature`."""

    default_code = "bad-manifest"

    def __init__(self, sentence: str, *, code: str | None = None, line: int | None = None) -> None:
        super().__init__(sentence, code=code)
        self.line = line


class PackageError(ProtocolError):
    """A package is not laid out as agreed, or its files are not those of the manifest."""

    default_code = "bad-package"


class ProfileError(ProtocolError):
    """Not a profile document."""

    default_code = "bad-profile"


class CalendarError(ProtocolError):
    """Not a calendar document, or one that does not reach far enough."""

    default_code = "bad-calendar"


class ChannelError(ProtocolError):
    """Not a place that reminders can be sent to (`bad-channel`), or not a confirmation code (`bad-code`)."""

    default_code = "bad-channel"


class ChainError(ProtocolError):
    """A root statement does not continue its committee's chain."""

    default_code = "bad-chain"


class CaseRuleError(ProtocolError):
    """The case table does not allow this dispatch now. `rule` names the row; sentences in both languages."""

    default_code = "not-now"

    def __init__(self, sentence: str, *, rule: str, sentence_vi: str = "", code: str | None = None) -> None:
        super().__init__(sentence, code=code)
        self.rule = rule
        self.sentence_vi = sentence_vi or sentence


class EvidenceError(ProtocolError):
    """What is offered as evidence cannot be read at all (what can be read gets a verdict)."""

    default_code = "bad-evidence"
