"""Who may do what when, while a package is said to be faulty or a dossier is returned, and what it does to the date.

One table, played on the fold (tests/protocol/case/test_scenes.py) and on a relay (tests/server/log/test_scenes.py).
A step is `MM-DD act LABEL …`, at 9 o'clock in Việt Nam:

    03-02 send request R                a dispatch of that kind, called R
    03-04 send supplement S re B        regarding B; `hoa-toc`, `by-ca` and `until MM-DD` may follow
    03-04 sign S, open S, faulty S, decline S, withdraw S
    03-09 never faulty S                refused, and nothing happens
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
IN_FORCE = date(2026, 4, 20)
"""35 working days after Monday 2 March: the date of a request of that day."""
BEGUN = ("03-02 send request R", "03-02 sign R")


@dataclass(frozen=True)
class Step:
    """One line of a scene."""

    at: datetime
    act: str
    label: str
    kind: str | None = None
    regarding: str | None = None
    urgency: str | None = None
    by_ca: bool = False
    until: date | None = None
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class Scene:
    """`steps`, and how the case stands at 9 o'clock of `then`: its status, the date in force, on which days clocks
    started, what is contested.
    """

    name: str
    steps: tuple[str, ...]
    then: str
    status: str
    due: date | None = IN_FORCE
    starts: tuple[date, ...] = (date(2026, 3, 2),)
    contested: str | None = None
    phase: str = "running"

    @property
    def end(self) -> datetime:
        return moment(self.then)

    def parsed(self) -> list[Step]:
        return [parse(line) for line in self.steps]


def moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(f"2026-{day}"), datetime.min.time(), VIETNAM).astimezone(
        UTC
    ) + timedelta(hours=9)


def parse(line: str) -> Step:
    day, *words = line.split()
    refused = words[0] == "never"
    act, *rest = words[refused:]
    kind = rest.pop(0) if act == "send" else None
    label = rest.pop(0)
    regarding = rest[rest.index("re") + 1] if "re" in rest else None
    until = date.fromisoformat(f"2026-{rest[rest.index('until') + 1]}") if "until" in rest else None
    urgency = "hoa-toc" if "hoa-toc" in rest else None
    return Step(moment(day), act, label, kind, regarding, urgency, "by-ca" in rest, until, refused)


def d(month: int, day: int) -> date:
    return date(2026, month, day)


RETURNED = (*BEGUN, "03-04 send return B re R", "03-04 sign B")
CONTESTED = (*BEGUN, "03-03 faulty R")
ANSWERED = (*BEGUN, "03-16 send reply A re R", "03-16 sign A")

SCENES = (
    # --- a pause ends
    Scene(
        name="a supplement signed for in time starts the term at its handover",
        steps=(*RETURNED, "03-09 send supplement S re B", "03-10 sign S"),
        then="03-12",
        status="within",
        due=d(4, 29),
        starts=(d(3, 2), d(3, 10)),
    ),
    Scene(
        name="one signed for late started it at the end of the next working day",
        steps=(*RETURNED, "03-09 send supplement S re B", "03-13 sign S"),
        then="03-16",
        status="within",
        due=d(4, 29),
        starts=(d(3, 2), d(3, 10)),
    ),
    Scene(
        name="one that nobody signs for does so too",
        steps=(*RETURNED, "03-09 send supplement S re B"),
        then="03-20",
        status="within",
        due=d(4, 29),
        starts=(d(3, 2), d(3, 10)),
    ),
    Scene(
        name="Hoả tốc shortens nothing",
        steps=(*RETURNED, "03-09 send supplement S re B hoa-toc"),
        then="03-10",
        status="paused",
        phase="returned",
    ),
    Scene(
        name="sent on a Friday it counts on Monday",
        steps=(*RETURNED, "03-06 send supplement S re B"),
        then="03-10",
        status="within",
        due=d(4, 28),
        starts=(d(3, 2), d(3, 9)),
    ),
    Scene(
        name="over Tết it counts on the first working day after",
        steps=(
            *(
                "02-09 send request R",
                "02-09 sign R",
                "02-10 send return B re R",
                "02-13 send supplement S re B",
            ),
        ),
        then="02-24",
        status="within",
        due=d(4, 13),
        starts=(d(2, 9), d(2, 23)),
    ),
    Scene(
        name="declined in time the pause goes on",
        steps=(*RETURNED, "03-09 send supplement S re B", "03-10 decline S"),
        then="04-22",
        status="paused",
        phase="returned",
    ),
    Scene(
        name="declined late changes nothing",
        steps=(*RETURNED, "03-09 send supplement S re B", "03-11 decline S"),
        then="03-12",
        status="within",
        due=d(4, 29),
        starts=(d(3, 2), d(3, 10)),
    ),
    Scene(
        name="a second return pauses nothing",
        steps=(*RETURNED, "03-05 send supplement S re B", "03-05 sign S", "03-06 send return B2 re R"),
        then="04-24",
        status="overdue",
        due=d(4, 23),
        starts=(d(3, 2), d(3, 5)),
        phase="returned",
    ),
    Scene(
        name="a reply while the clock stands is in time",
        steps=(*RETURNED, "05-04 send reply A re R"),
        then="05-05",
        status="in-time",
        phase="answered",
    ),
    # --- a faulty opening moves no date by itself
    Scene(
        name="a lying recipient moves nothing, and a silent sender loses nothing",
        steps=CONTESTED,
        then="05-04",
        status="contested",
        contested="R",
    ),
    Scene(
        name="the recipient takes it back",
        steps=(*CONTESTED, "03-10 open R", "03-11 never faulty R"),
        then="03-12",
        status="within",
    ),
    Scene(
        name="the sender admits it: the package sent again starts the clock",
        steps=(*CONTESTED, "03-09 send request R2 re R", "03-10 sign R2"),
        then="03-12",
        status="within",
        due=d(4, 29),
        starts=(d(3, 2), d(3, 10)),
    ),
    Scene(
        name="until somebody signs for what was sent again nothing runs",
        steps=(*CONTESTED, "03-09 send request R2 re R", "03-09 never open R"),
        then="03-10",
        status="unsigned",
        due=None,
        phase="unsigned",
    ),
    Scene(
        name="an admission withdrawn was none",
        steps=(*CONTESTED, "03-09 send request R2 re R", "03-10 withdraw R2"),
        then="03-12",
        status="contested",
        contested="R",
    ),
    Scene(
        name="an admission declined was none",
        steps=(*CONTESTED, "03-09 send request R2 re R", "03-10 decline R2", "03-11 open R"),
        then="03-12",
        status="within",
    ),
    Scene(
        name="it can be admitted once more",
        steps=(
            *CONTESTED,
            *("03-09 send request R2 re R", "03-10 withdraw R2"),
            *("03-10 send request R3 re R", "03-10 sign R3"),
        ),
        then="03-12",
        status="within",
        due=d(4, 29),
        starts=(d(3, 2), d(3, 10)),
    ),
    Scene(
        name="a fault told too late cannot be admitted",
        steps=(*BEGUN, "03-10 faulty R", "03-10 never send request R2 re R"),
        then="03-12",
        status="contested",
        contested="R",
    ),
    Scene(
        name="a fault told on the last day can",
        steps=(*BEGUN, "03-09 faulty R", "03-20 send request R2 re R", "03-20 sign R2"),
        then="03-23",
        status="within",
        due=d(5, 13),
        starts=(d(3, 2), d(3, 20)),
    ),
    Scene(
        name="nobody but the sender admits it",
        steps=(*BEGUN, "03-03 never send request R2 re R", "03-03 faulty R", "03-03 never withdraw R"),
        then="03-04",
        status="contested",
        contested="R",
    ),
    Scene(
        name="the files sent again as a supplement admit nothing",
        steps=(*CONTESTED, "03-05 send supplement S re R", "03-05 sign S", "03-05 open S"),
        then="03-12",
        status="contested",
        contested="R",
    ),
    Scene(
        name="a correction of both sides voids the start",
        steps=(
            *CONTESTED,
            *("03-05 send correction C re R", "03-05 never send correction D re C"),
            *("03-06 send correction D re C by-ca",),
        ),
        then="03-09",
        status="faulty",
        due=None,
        phase="faulty",
    ),
    Scene(
        name="a correction of one side voids nothing",
        steps=(*CONTESTED, "03-05 send correction C re R by-ca", "03-05 never send correction D re R2 by-ca"),
        then="03-09",
        status="contested",
        contested="R",
    ),
    Scene(
        name="after a correction of both the request sent again starts the clock",
        steps=(
            *CONTESTED,
            *("03-05 send correction C re R", "03-06 send correction D re C by-ca"),
            *("03-10 send request R2", "03-10 sign R2"),
        ),
        then="03-12",
        status="within",
        due=d(4, 29),
        starts=(d(3, 2), d(3, 10)),
    ),
    Scene(
        name="what nobody calls faulty is voided by nobody",
        steps=(*BEGUN, "03-05 never send correction C re R"),
        then="03-09",
        status="within",
    ),
    Scene(
        name="a reply said to be faulty is neither in time nor late",
        steps=(*ANSWERED, "03-17 faulty A"),
        then="05-04",
        status="contested",
        phase="answered",
        contested="A",
    ),
    Scene(
        name="a reply admitted to be faulty counts from the one sent again",
        steps=(*ANSWERED, "03-17 faulty A", "04-22 send reply A2 re A", "04-22 sign A2"),
        then="04-24",
        status="late",
        phase="answered",
    ),
    Scene(
        name="a reply sent again and withdrawn leaves the first",
        steps=(*ANSWERED, "03-17 faulty A", "04-22 send reply A2 re A", "04-22 withdraw A2", "04-23 open A"),
        then="04-24",
        status="in-time",
        phase="answered",
    ),
    Scene(
        name="a further reply admits nothing",
        steps=(*ANSWERED, "03-17 faulty A", "04-22 send reply A2 re R", "04-22 sign A2", "04-23 open A"),
        then="04-24",
        status="in-time",
        phase="answered",
    ),
    Scene(
        name="both sides say that the reply was faulty: the clock runs",
        steps=(
            *(*ANSWERED, "03-17 faulty A"),
            *("03-18 send correction C re A", "03-19 send correction D re C by-ca"),
        ),
        then="04-21",
        status="overdue",
    ),
    Scene(
        name="a reply sent again stands in the place of the first, though both said that the request was faulty",
        steps=(
            *(*ANSWERED, "03-17 faulty A", "03-17 faulty R"),
            *(
                "03-17 send correction C re R",
                "03-17 send correction D re C by-ca",
                "03-18 send reply A2 re A",
            ),
        ),
        then="03-19",
        status="in-time",
        phase="answered",
    ),
    Scene(
        name="a reply sent again while the clock stands is in time as the first was",
        steps=(
            *RETURNED,
            "03-09 send reply A re R",
            "03-09 sign A",
            "03-10 faulty A",
            "05-04 send reply A2 re A",
        ),
        then="05-05",
        status="in-time",
        phase="answered",
    ),
    Scene(
        name="a return sent again keeps the time of the first",
        steps=(*RETURNED, "03-05 faulty B", "03-30 send return B2 re B", "03-30 sign B2"),
        then="04-22",
        status="paused",
        phase="returned",
    ),
    Scene(
        name="a supplement of the return sent again ends the pause",
        steps=(
            *(*RETURNED, "03-05 faulty B", "03-30 send return B2 re B", "03-30 sign B2"),
            *("04-01 send supplement S re B2",),
        ),
        then="04-06",
        status="within",
        due=d(5, 26),
        starts=(d(3, 2), d(4, 2)),
    ),
    Scene(
        name="a supplement sent again keeps the time of the first",
        steps=(
            *(*RETURNED, "03-09 send supplement S re B", "03-09 sign S", "03-10 faulty S"),
            *("03-20 send supplement S2 re S", "03-20 sign S2"),
        ),
        then="03-23",
        status="within",
        due=d(4, 28),
        starts=(d(3, 2), d(3, 9)),
    ),
    Scene(
        name="an extension sent again names the same date",
        steps=(
            *(*BEGUN, "04-10 send extension E re R until 05-15", "04-10 sign E", "04-13 faulty E"),
            *("04-24 never send extension E2 re E until 05-22", "04-24 send extension E2 re E until 05-15"),
        ),
        then="04-27",
        status="within",
        due=d(5, 15),
    ),
)
