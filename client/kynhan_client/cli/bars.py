"""Progress as bars on a terminal's stderr; see progress.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from .base import Session
from .progress import Meter


class Bars(Meter):
    """A bar for each phase, the last one open until fill()."""

    def __init__(self, session: Session, progress: Progress) -> None:
        super().__init__(session)
        self._progress = progress
        self._output = session.output
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, phase: str, done: int, total: int) -> None:
        super().__call__(phase, done, total)
        if phase not in self._tasks:
            self.fill()
            self._tasks[phase] = self._progress.add_task(self._output.text(f"progress.{phase}"), total=total)
        self._progress.update(self._tasks[phase], total=total, completed=min(done, max(total - 1, 0)))

    def fill(self) -> None:
        """The phases so far are done."""
        for task in self._progress.tasks:
            self._progress.update(task.id, completed=task.total)


@contextmanager
def shown(session: Session) -> Iterator[Bars]:
    """Bars for one transfer."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=16),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn(session.output.text("progress.stop"), style="dim"),
        console=Console(stderr=True, highlight=False),
    ) as progress:
        bars = Bars(session, progress)
        yield bars
        if bars.ended:
            bars.fill()
