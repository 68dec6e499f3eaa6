"""What tests of the procedures share: sending a letter, receiving what came, and what must not have been logged."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.client.parties import Parties

from kynhan_client import syncing
from kynhan_client.dossiers.letter import Letter
from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.packages import opening, receive, send
from kynhan_client.packages.opening import Opened
from kynhan_client.packages.send import LetterOutcome
from kynhan_client.procedures import reading, rounds
from kynhan_client.procedures.rounds import RoundLetter

TITLE_TOO_LONG = "Về việc " + "x" * 10_000
CONTROL = "Đề nghị\x1b[2Jlàm rõ"
BIDI = "Đề nghị \u202egnort\u202c làm rõ"


async def post(two: Parties, home: Home, letter: Letter) -> LetterOutcome:
    """Sends a letter that arrives; both sides have read of it."""
    sent = await send.send(home, two.relay(home), letter)
    assert sent.state == "sent"
    await two.sync()
    return sent


async def post_round(two: Parties, home: Home, letters: Sequence[Letter]) -> tuple[RoundLetter, ...]:
    """Sends a round; both sides have read of it."""
    lines = await rounds.send_round(home, two.relay(home), letters)
    await two.sync()
    return lines


async def take(two: Parties, home: Home, dispatch: str) -> Opened:
    """Signs for a dispatch and opens it into a folder of its own."""
    await receive.sign(home, two.relay(home), dispatch)
    folder = two.folder / f"{home.config.member.replace('/', '-')}-{dispatch[:12]}"
    opened = await opening.open_package(home, two.relay(home), dispatch, folder)
    assert opened.result == "verified"
    await two.sync()
    return opened


def words_of(opened: Opened) -> list[str]:
    return [one.text for one in reading.spoken(opened)]


async def begun(two: Parties, **changes: object) -> LetterOutcome:
    """A request that CA signed for: the case runs."""
    sent = await two.request(**changes)
    await take(two, two.ca, sent.dispatch)
    return sent


def size(home: Home) -> int:
    """How long the log is, as this home knows it."""
    return View(home).size


@asynccontextmanager
async def refused(two: Parties, code: str, sentence: str) -> AsyncIterator[None]:
    """What happens inside is refused with `code`; the English sentence matches; nothing is logged, nothing waits."""
    await two.sync()
    before = (await syncing.sync(two.ccq, two.relay(two.ccq))).size
    with pytest.raises(ClientError) as error:
        yield
    assert error.value.code == code, error.value
    assert re.search(sentence, error.value.en), error.value.en
    assert error.value.vi and error.value.vi != error.value.en
    assert "\n" not in error.value.en + error.value.vi
    synced = await syncing.sync(two.ccq, two.relay(two.ccq))
    assert synced.size == before
    assert synced.delivered == ()


def text_file(folder: Path, text: str) -> Path:
    path = folder / "lời.txt"
    path.write_text(text)
    return path
