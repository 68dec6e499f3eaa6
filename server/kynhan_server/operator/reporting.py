"""`report`: the figures of a periodic report as the relay's own log gives them. Read-only, beside a running relay too.

The same code that the committees run (protocol reports.py); by subject the relay can count nothing, because it cannot
know which case is on which.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import NoResultFound, SQLAlchemyError

from kynhan_protocol.agreement import periods, profile
from kynhan_protocol.agreement.periods import Period
from kynhan_protocol.errors import ReportError
from kynhan_protocol.reports import reports
from kynhan_protocol.reports.figures import Figures
from kynhan_protocol.reports.reports import Source
from kynhan_protocol.statements.logged import Logged
from kynhan_server.config import Folder
from kynhan_server.errors import OperatorError
from kynhan_server.log import logs
from kynhan_server.log.logs import LogState
from kynhan_server.store import tables as t
from kynhan_server.store.store import look_only

_PERIODS: Final = {"period-backwards": "report.period-backwards", "no-period": "report.no-period"}


class ReportingError(OperatorError):
    """There is nothing to report on; str() is one sentence."""


@dataclass(frozen=True)
class RelayReport:
    """The figures, and what they were computed from."""

    log: str
    origin: str
    size: int
    root: str
    period: Period
    at: datetime
    finished: bool
    profile: str
    calendar: str
    figures: Figures

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


def figures(folder: Path, slug: str, begins: date, ends: date, at: datetime) -> RelayReport:
    """The figures of the log `slug` for two dates, both included, as of `at`.

    Raises ReportingError.
    """
    try:
        period = periods.between(begins, ends)
    except ReportError as error:
        raise ReportingError(_PERIODS[error.code]) from None
    with _reading(folder) as connection:
        log = connection.execute(select(t.logs).where(t.logs.c.slug == slug)).first()
        if log is None:
            raise ReportingError("report.no-log", log=slug)
        at = reports.moment(at)
        try:
            state = logs.read_state(connection, log.id)
        except NoResultFound:  # no relay has run on the folder yet
            raise ReportingError("report.no-profile") from None
        source = _source(connection, log.id, state, reports.until(period, at))
        on = reports.scope(source, period, at)
        return RelayReport(
            log=slug,
            origin=log.origin,
            size=state.size,
            root=state.root.hex(),
            period=period,
            at=at,
            finished=at >= period.until,
            profile=source.profile_id,
            calendar=source.calendar.sha,
            figures=reports.figures(reports.gather(source, on), source, on),
        )


@contextmanager
def _reading(folder: Path) -> Iterator[Connection]:
    file = Folder(folder).database
    if not file.is_file():
        raise ReportingError("not-a-relay", folder=folder)
    engine = look_only(file)
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise ReportingError("database", why=error.__class__.__name__) from error
    finally:
        engine.dispose()


def _source(connection: Connection, log: int, state: LogState, until: datetime) -> Source:
    in_order = state.committees.profiles()
    if state.calendars is None or not in_order:
        raise ReportingError("report.no-profile")
    s = t.statements.c
    first_after = select(func.min(s.idx)).where(s.log == log, s.idx < state.size, s.time >= until.timestamp())
    found = connection.execute(first_after).scalar_one()
    cut = state.size if found is None else int(found)
    documents = [one.document for one in in_order]
    return Source(
        log=_cases(connection, log, min(cut, state.size)),
        profiles={sha: profile.parse(logs.stored_document(connection, log, sha)) for sha in documents},
        calendars=state.calendars.beside(state.committees),
        profile_id=state.committees.profile_at(cut) or documents[0],
        calendar=state.calendars.in_force(cut),
    )


def _cases(connection: Connection, log: int, size: int) -> dict[str, list[Logged]]:
    s = t.statements.c
    query = select(s.case, s.idx, s.note, s.time).where(s.log == log, s.idx < size, s.case.is_not(None))
    cases: dict[str, list[Logged]] = {}
    for case, index, note, time in connection.execute(query.order_by(s.idx)):
        cases.setdefault(case, []).append(logs.as_logged(index, note, time))
    return cases
