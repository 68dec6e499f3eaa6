"""Steps that the tests of the procedures share: a case up to a point, signed for and opened by whom it went to."""

from __future__ import annotations

from pathlib import Path

from tests.client.parties import Parties

from kynhan_client.dossiers.letter import Letter
from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log import mirror
from kynhan_client.log.view import View
from kynhan_client.packages import opening, receive
from kynhan_client.packages.opening import Opened
from kynhan_client.packages.send import LetterOutcome
from kynhan_client.procedures import copies
from kynhan_client.procedures.standing import Papers
from kynhan_protocol.case.case import Case


def papers(*files: Path, **fields: str) -> Papers:
    """A document of these files."""
    return Papers(files=files, **fields)  # type: ignore[arg-type]


async def send(two: Parties, home: Home, letter: Letter) -> LetterOutcome:
    """Sends a letter, with the copies it asks for; it has to arrive."""
    await two.sync(home)
    sent, _ = await copies.send_with(home, two.relay(home), letter)
    assert sent.state == "sent"
    return sent


async def take(two: Parties, home: Home, dispatch: str, folder: Path | None = None) -> Opened:
    """Signs for a dispatch and opens it; it has to be whole."""
    await receive.sign(home, two.relay(home), dispatch)
    place = folder or two.folder / "opened" / f"{home.config.member.replace('/', '-')}-{dispatch[:8]}"
    opened = await opening.open_package(home, two.relay(home), dispatch, place)
    assert (opened.result, opened.posted) == ("verified", True)
    return opened


async def running(two: Parties, *files: Path, term: str | None = "in-country", subject: str = "3.1") -> str:
    """A case whose request CA's clerk signed for and opened; gives its id."""
    sent = await two.request(*files, term=term, subject=subject)
    await take(two, two.ca, sent.dispatch)
    await two.sync()
    return sent.case


def case(home: Home, case_id: str) -> Case:
    """The case as a home sees it; nothing in it may be objected to."""
    found = View(home).case(case_id)
    assert found.objections == ()
    return found


async def log_size(two: Parties) -> int:
    """How many statements people have in the log: the relay may remind whenever it likes."""
    await mirror.sync(two.ccq, two.relay(two.ccq))
    sql = "SELECT count(*) FROM statements WHERE type NOT IN ('acceptance', 'handover', 'due', 'reminder')"
    row = two.ccq.archive.row(sql)
    assert row is not None
    return int(row[0])


class Refused:
    """What was refused: one sentence in each language, and nothing logged.

    async with Refused(two) as no:
        requests.request(…)
    no.code, no.sentence
    """

    def __init__(self, two: Parties) -> None:
        self._two = two
        self._size = 0
        self.code = ""
        self.vi = ""

    async def __aenter__(self) -> Refused:
        self._size = await log_size(self._two)
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        assert isinstance(error, ClientError), f"not refused: {error!r}"
        assert error.vi
        assert error.en
        assert "\n" not in error.vi + error.en
        assert await log_size(self._two) == self._size, "something was logged"
        self.code, self.vi = error.code, error.vi
        return True
