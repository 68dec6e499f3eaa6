"""What is done about things that are wrong: alarms, evidence, freezing (DESIGN §3.3).

Only a contradiction that the relay signed freezes the home; an objection is recorded with its evidence; anything else
is told once and ignored.
"""

from __future__ import annotations

from ..home.archive import Alarm
from ..home.home import Home
from . import logbook
from .following import Finding
from .logbook import Head


class Guard:
    """Raises alarms in a home; `raised` are the new ones since it was made."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._archive = home.archive
        self.raised: list[Alarm] = []

    def alarm(self, code: str, en: str, vi: str, *, once: str = "") -> None:
        """Something unsigned or garbled: told once, ignored."""
        self.record(Finding("alarm", code, en, vi), {}, once=once or en)

    def record(self, finding: Finding, evidence: dict[str, bytes], *, once: str | None = None) -> None:
        """Keeps a finding, with its evidence, unless it is known; freezes if it is a contradiction."""
        key = f"{finding.code} {once if once is not None else '' if finding.index is None else finding.index}"
        if self._archive.row("SELECT 1 FROM alarms WHERE once = ?", (key,)):
            return
        kept = self._home.keep_evidence(finding.code, evidence) if evidence else None
        alarm = self._archive.raise_alarm(
            finding.severity,
            finding.code,
            finding.en,
            finding.vi,
            time=self._home.clock.posix(),
            index=finding.index,
            evidence=None if kept is None else str(kept.relative_to(self._home.path)),
            once=once,
        )
        if alarm is not None:
            self.raised.append(alarm)
        if finding.severity == "contradiction" and kept is not None:
            self._home.freeze((finding.vi, finding.en), kept)

    def fork(self, notes: dict[str, bytes], sizes: str) -> None:
        """Two signed trees that cannot both be true."""
        self.record(
            Finding(
                "contradiction",
                "two-histories",
                f"The relay signed two histories that contradict each other ({sizes}).",
                f"Máy trung chuyển đã ký hai nhật ký mâu thuẫn nhau ({sizes}).",
            ),
            notes,
            once=sizes,
        )

    def remember(self, head: Head) -> bool:
        """Compares a signed tree with our copy, or keeps it until it can be. False: they contradict each other."""
        size = logbook.size(self._archive)
        if head.size > size:
            logbook.promise(self._archive, head.size, head.root, head.note)
            return True
        if logbook.root_at(self._archive, head.size) == head.root:
            return True
        ours = logbook.latest(self._archive)
        self.fork(
            {"their.checkpoint": head.note, **({"our.checkpoint": ours.note} if ours else {})},
            f"{head.size}/{size}",
        )
        return False
