"""Cases, deadlines, who waits for whom: all read from our own copy of the log, by the code that the relay runs too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any, Final, Literal, get_args

from kynhan_protocol.agreement import ladder
from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import case_json, contests, dues
from kynhan_protocol.case.case import Case, DueRecord, Pause
from kynhan_protocol.case.status import status
from kynhan_protocol.case.waiting import waiting
from kynhan_protocol.errors import CalendarError, ProfileError
from kynhan_protocol.vietnam_time import local_date, midnight_after

from ..clauses import clause
from ..errors import problem
from ..home.home import Home
from .view import View

Group = Literal["overdue", "target-passed", "today", "this-week", "later", "paused", "contested"]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)
LEAST: Final = 6  # characters of an id that name it
AFTER: Final = timedelta(days=31)  # how far past the due date the ladder is shown


@dataclass(frozen=True)
class CaseLine:
    """One case in a list. `title` and `subject` are known once a package of it was opened or made here; `status` is a
    code of protocol/status.py with its words; `waiting_for` who has something to do; `group` where its date stands
    while there is one to keep, or `paused`; `mine`: we have something to do."""

    case: str
    kind: str
    title: str | None
    from_: str
    phase: str
    status: str
    status_words: tuple[str, str]
    waiting_for: tuple[str, ...]
    due: date | None
    provisional: bool
    nature: str | None
    began_at: datetime | None
    subject: str | None
    term: str | None
    unit: str | None
    group: Group | None
    mine: bool


@dataclass(frozen=True)
class Deadline:
    """A time limit that runs, or stands still while `paused` says why and since when. `who` has to act: who answers,
    completes a dossier that was returned, or sent what is said to be faulty; `working_days_left` is negative once past,
    None while it stands still or a fault is contested; `original` is the regulation's date, `due` the one in force
    (after extensions); `mine`: we have to act; not `checked`: the date is the relay's, and the calendar to compute it
    with is not here."""

    case: str
    title: str | None
    due: date
    original: date
    provisional: bool
    nature: str
    who: str
    working_days_left: int | None
    status: str
    status_words: tuple[str, str]
    group: Group
    subject: str | None
    term: str | None
    unit: str | None
    mine: bool
    paused: Pause | None
    checked: bool


def find_case(home: Home, prefix: str) -> str:
    """The case whose UUID begins so. Raises ClientError not-found, ambiguous; dispatch-given for that of a dispatch."""
    return _find(home, _CASES, prefix, "thing.case")


def find_dispatch(home: Home, prefix: str) -> str:
    """The dispatch whose id begins so (at least 6 characters). Raises ClientError not-found, ambiguous;
    case-given for that of a case."""
    return _find(home, _DISPATCHES, prefix, "thing.dispatch")


def find_statement(home: Home, prefix: str) -> str:
    """Any statement of our copy whose id begins so. Raises ClientError as find_dispatch does."""
    return _find(home, _STATEMENTS, prefix, "thing.statement")


def cases(home: Home) -> list[CaseLine]:
    """All cases, those where somebody has something to do first, then the newest."""
    view = View(home)
    lines = [_case_line(home, view, case) for case in view.cases()]
    lines.reverse()
    return sorted(lines, key=lambda line: (not line.waiting_for, line.due or date.max))


def case_detail(home: Home, case: str, *, why: bool = False) -> dict[str, Any]:
    """The case as JSON: that of the fold, plus `title`, `ladder` [{step, at}], `reminders` [{step, at, to …}].

    With `why` also `explanation`: {due, late_from, provisional, because, days: [{date, counted, vi, en}]}, None where
    no date is in force. Raises ClientError not-found.
    """
    view = View(home)
    found = view.case(case)
    profile = view.profile_of(found.profile)
    calendar = view.calendars.at_hand(view.size)
    document = case_json.to_json(found, profile, view.now, calendar)
    document["title"] = title_of(home, found)
    document["ladder"] = _ladder(found, profile, calendar, view.now)
    if why:
        document["explanation"] = _explanation(view, found, profile)
    return document


def deadlines(home: Home) -> list[Deadline]:
    """Time limits that run, the most pressing first; then those that stand still, the longest first."""
    view = View(home)
    found = [_deadline(home, view, case, case.due) for case in view.cases() if case.due and _has_date(case)]
    return sorted(
        found,
        key=lambda one: (GROUPS.index(one.group), local_date(one.paused.since) if one.paused else one.due),
    )


def as_of(view: View) -> dict[str, Any] | None:
    """The checkpoint that everything computed from our copy of the log is as of: {size, at}; None before the first."""
    head = view.checkpoint
    if head is None:
        return None
    return {"size": head.size, "at": datetime.fromtimestamp(head.time, UTC).isoformat()}


def title_of(home: Home, case: Case) -> str | None:
    """The title of the oldest package of a case that was opened or made here."""
    return _told(home, case)[0]


def _told(home: Home, case: Case) -> tuple[str | None, str | None]:
    """Title and subject of a case: of the package that carries it, else of the oldest one here."""
    row = home.archive.row(
        "SELECT m.title, m.subject FROM manifests AS m JOIN statements AS s ON s.id = m.dispatch"
        " WHERE s.case_id = ? ORDER BY s.id IS NOT ?, s.idx LIMIT 1",
        (case.id, case.main),
    )
    return (None, None) if row is None else (row[0], row[1])


def _case_line(home: Home, view: View, case: Case) -> CaseLine:
    profile = view.profile_of(case.profile)
    main = case.main_dispatch or next(iter(case.dispatches.values()), None)
    now = _status(view, case)
    title, subject = _told(home, case)
    waits = tuple(dict.fromkeys(one.who for one in waiting(case, profile)))
    due = case.due
    return CaseLine(
        case.id,
        main.kind if main else "",
        title,
        main.from_ if main else "",
        case.phase.value,
        now[0],
        now[1],
        waits,
        due.due if due else None,
        due.provisional if due else False,
        due.nature if due else None,
        case.began_at,
        subject,
        case.term,
        case.unit,
        _group(case, due, local_date(view.now)) if due and _has_date(case) else None,
        any(home.config.is_for_us(who) for who in waits),
    )


def _status(view: View, case: Case) -> tuple[str, tuple[str, str]]:
    found = status(case, view.now, view.calendars.at_hand(view.size), view.profile_of(case.profile))
    return found.code, (found.vi, found.en)


def _deadline(home: Home, view: View, case: Case, record: DueRecord) -> Deadline:
    calendar = view.calendars.at_hand(view.size)
    today = local_date(view.now)
    code, words = _status(view, case)
    who = _who_acts(case, view.profile_of(case.profile))
    title, subject = _told(home, case)
    stands = case.paused or contests.contested(case)
    return Deadline(
        case.id,
        title,
        record.due,
        record.original,
        record.provisional,
        record.nature,
        who,
        None if stands else calendar.working_days_between(today, record.due),
        code,
        words,
        _group(case, record, today),
        subject,
        case.term,
        case.unit,
        home.config.is_for_us(who),
        case.paused,
        record.checked,
    )


def _who_acts(case: Case, profile: Profile) -> str:
    """Who has to act: on a contested fault, who sent it; while the clock stands still, whoever can start it again, by
    signing for a supplement too."""
    found = waiting(case, profile)
    doubted = contests.contested(case)
    if doubted is not None:
        acts = [one.who for one in found if (one.what, one.dispatch) == ("resend", doubted.id)]
    elif case.paused is None:
        acts = [one.who for one in found if one.what in ("reply", "supplement")]
    else:
        supplied = [one.who for one in found if case.dispatches[one.dispatch].kind == "supplement"]
        wanted = [one for one in found if one.dispatch == case.paused.dispatch]
        acts = supplied or [one.who for one in wanted if one.what in ("supplement", "answer")]
    return acts[0] if acts else case.unit or profile.committees[1]


def _has_date(case: Case) -> bool:
    """Whether it has a place among the time limits: one runs or stands still, or its request or reply is contested."""
    return case.is_timed or contests.contested(case) is not None


def _group(case: Case, record: DueRecord, today: date) -> Group:
    if contests.contested(case) is not None:
        return "contested"
    return "paused" if case.paused else group_of(record.due, today, record.nature)


def group_of(due_date: date, today: date, nature: str = "limit") -> Group:
    """Where a date stands in the list: the week ends with Sunday; a target is never overdue, only passed."""
    if due_date < today:
        return "target-passed" if nature == "target" else "overdue"
    if due_date == today:
        return "today"
    return "this-week" if due_date <= today + timedelta(days=6 - today.weekday()) else "later"


def _ladder(case: Case, profile: Profile, calendar: Calendar, now: datetime) -> list[dict[str, str]]:
    """The rungs of the date in force, those before it became known left out, until a month after it."""
    if case.due is None:
        return []
    until = max(now, midnight_after(case.due.due)) + AFTER
    since = case.due.at
    rungs = takewhile(lambda rung: rung.at <= until, ladder.rungs(case.due.due, calendar, profile.reminders))
    return [{"step": rung.step, "at": rung.at.isoformat()} for rung in rungs if rung.at >= since]


def _explanation(view: View, case: Case, profile: Profile) -> dict[str, Any] | None:
    """The count behind the date in force, day by day, under the calendar it was computed with."""
    record = case.due
    if record is None or case.clock is None or not record.checked:
        return None
    try:
        days = dues.explanation(case, profile, view.calendars)
    except (CalendarError, ProfileError) as error:
        raise problem("keys-missing", what=error) from error
    return {
        "start": case.clock.started_at.isoformat(),
        "term": record.term,
        "original": record.original.isoformat(),
        "due": record.due.isoformat(),
        "late_from": midnight_after(record.due).isoformat(),
        "provisional": record.provisional,
        "because": record.because,
        "calendar": record.calendar,
        "days": [
            {"date": day.date.isoformat(), "counted": day.counted, "vi": day.why_vi, "en": day.why_en}
            for day in days
        ],
    }


_CASES: Final = "SELECT DISTINCT case_id FROM statements WHERE substr(case_id, 1, ?) = ? LIMIT 2"
_STATEMENTS: Final = "SELECT id FROM statements WHERE substr(id, 1, ?) = ? LIMIT 2"
_DISPATCHES: Final = "SELECT id FROM statements WHERE type = 'dispatch' AND substr(id, 1, ?) = ? LIMIT 2"
_ITS_CASE: Final = "SELECT case_id FROM statements WHERE type = 'dispatch' AND substr(id, 1, ?) = ? LIMIT 2"


def _find(home: Home, sql: str, prefix: str, what: str) -> str:
    wanted = prefix.strip().lower()
    if len(wanted) < LEAST:
        thing = clause(what, id=prefix)
        raise problem("not-found", what=clause("thing.least", thing=thing, least=LEAST))
    found = home.archive.rows(sql, (len(wanted), wanted))
    if len(found) > 1:
        raise problem("ambiguous", prefix=prefix)
    if found:
        return str(found[0][0])
    other = home.archive.rows(_ITS_CASE if sql == _CASES else _CASES, (len(wanted), wanted))
    if other and sql == _CASES:
        raise problem("dispatch-given", given=prefix, case=other[0][0])
    if other:
        raise problem("case-given", given=prefix)
    raise problem("not-found", what=clause(what, id=prefix))
