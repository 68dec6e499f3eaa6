"""Several cases over months, between two committees over a real relay: what the tests of reports are about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.client.agreement import CA, CCQ
from tests.client.parties import Parties, parties

from kynhan_client.home.home import Home
from kynhan_client.packages import opening, receive, send
from kynhan_client.procedures import replies
from kynhan_client.procedures.standing import Papers
from kynhan_client.reporting import proof, reading, writing
from kynhan_client.reporting.checking import Checked
from kynhan_client.reporting.making import Made, Wanted
from kynhan_protocol.agreement import calendar
from kynhan_protocol.reports import reports
from kynhan_protocol.vietnam_time import local_date

DAY = 86_400
DANGEROUS = '=HYPERLINK("http://x.example","bấm vào đây")'
FOREIGN = 'vướng mắc 😀 漢 #read("/etc/hostname") *đậm* $x$ `mã` <a> @b // \\ ' + "x" * 150


@asynccontextmanager
async def telling(folder: Path) -> AsyncIterator[Told]:
    """The story, told once, with the relay still there."""
    async with parties(folder) as two:
        yield await tell(two)


async def answered(two: Parties, case: str) -> None:
    letter = replies.reply(two.ca, case, Papers(files=(two.file("Trả lời.pdf"),), title="Trả lời"))
    reply = await send.send(two.ca, two.to[CA], letter)
    await two.sync()
    await receive.sign(two.ccq, two.to[CCQ], reply.dispatch)


async def received(two: Parties, **changes: Any) -> str:
    sent = await two.request(**changes)
    await receive.sign(two.ca, two.to[CA], sent.dispatch)
    await opening.open_package(two.ca, two.to[CA], sent.dispatch, two.folder / "opened" / sent.case)
    return sent.case


@dataclass
class Told:
    """Several cases over months; `period` is the one that most of them fall into."""

    two: Parties
    wanted: Wanted
    cases: dict[str, str]
    at: datetime


async def tell(two: Parties) -> Told:
    """Answered in time, late, extended; open, overdue, a target; one without a term; one declined; a difficulty."""
    cases: dict[str, str] = {}
    began = two.ccq.clock.now()
    cases["late"] = await received(two, term="in-province", subject="3.1")
    cases["extended"] = await received(two, term="in-province", subject="3.1")
    cases["target"] = await received(two, term="foreign", subject="3.2a", urgency="hoa-toc")
    two.move_clock(3 * DAY)
    cases["quick"] = await received(two, term="in-country", subject="3.1", title=DANGEROUS)
    await answered(two, cases["quick"])
    cases["asked"] = await received(two, term=None, subject="3.5")
    declined = await two.request(term="in-province", subject="3.4")
    await receive.decline(two.ca, two.to[CA], declined.dispatch, "not-competent")
    two.move_clock(20 * DAY)
    await two.sync()
    announced = local_date(two.ccq.clock.now()) + timedelta(days=80)
    until = calendar.shipped().without_end().next_working_day(announced)
    extension = two.letter(
        kind="extension", to=CCQ, case=cases["extended"], due=until, term=None, subject=None, title="Gia hạn"
    )
    await send.send(two.ca, two.to[CA], extension)
    difficulty = two.letter(
        kind="difficulty", to=CA, case=cases["late"], term=None, subject=None, title=f"{DANGEROUS} {FOREIGN}"
    )
    await send.send(two.ccq, two.to[CCQ], difficulty)
    two.move_clock(45 * DAY)
    await two.sync()
    await answered(two, cases["late"])
    cases["open"] = await received(two, term="in-country", subject="3.2b")
    ended = two.ccq.clock.now()
    two.move_clock(3 * DAY)
    await two.request(term="in-province", subject="3.1")
    await two.witness()
    await two.sync()
    wanted = Wanted(begins=local_date(began), ends=local_date(ended))
    return Told(two, wanted, cases, two.ccq.clock.now())


def kept(made: Made, home: Home, folder: Path, **options: Any) -> Path:
    writing.write(writing.files(home, made, **options), folder)
    return folder


def codes(checked: Checked) -> set[str]:
    return {reason.code for reason in checked.reasons}


def handed(home: Home, made: Made, **changes: Any) -> reading.ReportFiles:
    """A report as handed over in memory, some of its evidence changed or (None) left out."""
    report = changes.pop("report", made.report)
    evidence = {**proof.files(home, made), **changes}
    evidence = {name: data for name, data in evidence.items() if data is not None}
    return reading.ReportFiles("report.json", report, reports.spell(report), evidence)
