"""The command line of the procedures: what is no command, words hostile to a screen, times as they are typed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
import pytest
from tests.client.calling import Kynhan

from kynhan_client.cli import spoken
from kynhan_client.cli.base import Session
from kynhan_client.cli.conferences import Lasting
from kynhan_client.cli.spoken import LocalTime, said
from kynhan_client.home.passphrase import PassphraseSource
from kynhan_client.screen import output

SESSION = Session(Path("nowhere"), PassphraseSource(), "vi", False, None)


@pytest.mark.parametrize(
    "words",
    [
        ("message",),
        ("message", "0198f0c1"),
        ("message", "--new"),
        ("question",),
        ("note", "--new", "x", "--at", "hôm qua", "--by", "x", "--between", "a"),
        ("note", "--new", "x", "--at", "2026-12-01 09:00", "--between", "a"),
        ("notice",),
        ("difficulty", "--new"),
        ("close", "0198f0c1", "--number", "một", "--symbol", "KL", "--issued", "2026-12-01"),
        ("close", "0198f0c1", "--number", "1", "--symbol", "KL", "--issued", "01/12/2026"),
        ("conference", "propose", "--agenda", "x", "--at", "2026-12-01 09:00", "--place", "x"),
        ("conference", "move", "0198f0c1", "--at", "2026-12-01"),
        ("conference", "move", "0198f0c1", "--at", "2026-12-01 09:00", "--lasts", "lâu"),
        ("conference", "minutes", "0198f0c1"),
        ("conference", "adjourn", "0198f0c1"),
        ("opinion", "0198f0c1"),
        ("opinion", "ask", "--new", "--wish-date", "mai"),
        ("withdraw", "3f9a61", "--code", "no"),
        ("recall", "ask", "3f9a61"),
        ("recall", "3f9a61"),
        ("recall", "refuse"),
        ("destroy",),
        ("destroy", "3f9a61"),
        ("destroy", "3f9a61", "--code", "recalled"),
        ("destroy", "3f9a61", "--code", "other", "--expired"),
    ],
)
def test_what_is_no_command_ends_with_status_2(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    ran = Kynhan(capsys, "--lang", "en")(*words)
    assert ran.status == 2, ran.stdout + ran.stderr
    assert "--help" in ran.stderr
    assert ran.stdout == ""


def test_words_cannot_rearrange_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "một\x1b[2J\r\nhai \u202e\u2066ba\x07\n\n" + "dài " * 60 + "\nx" * 3 + "y" * 200 + "\x85z\u2028"
    spoken.show_text(output.make("en", False), hostile)
    shown = capsys.readouterr().out
    lines = shown.splitlines()
    assert all(line.startswith("  │") for line in lines)
    assert lines[0] == "  │ một[U+001B][2J"
    assert lines[1] == "  │ hai [U+202E][U+2066]ba[U+0007]"
    assert lines[2].strip() == "│"
    for code in ("\x1b", "\u202e", "\u2066", "\x07", "\x85", "\u2028", "\r"):
        assert code not in shown
    assert [line for line in lines[3:6] if len(line) > 80] == []


def test_what_stands_after_the_case_is_words_or_files(tmp_path: Path) -> None:
    file = tmp_path / "lời không đuôi"
    file.write_text("trong tệp\n")
    typed = said(SESSION, ["0198", "Hai từ", "a.pdf"], new=False, text_file=None)
    assert (typed.case, typed.words, typed.files) == ("0198", "Hai từ", (Path("a.pdf"),))
    files = said(SESSION, ["0198", str(file), "b.pdf"], new=False, text_file=None)
    assert (files.words, files.files) == (None, (file, Path("b.pdf")))
    missing = said(
        SESSION, ["0198", "công-văn.pdf"], new=False, text_file=None
    )  # a name, though there is no such file
    assert (missing.words, missing.files) == (None, (Path("công-văn.pdf"),))
    begun = said(SESSION, ["Lời", "c.jpg"], new=True, text_file=None)
    assert (begun.case, begun.words, begun.files) == (None, "Lời", (Path("c.jpg"),))
    read = said(SESSION, ["0198", "d.jpg"], new=False, text_file=file)
    assert (read.words, read.files) == ("trong tệp", (Path("d.jpg"),))
    assert said(SESSION, ["0198", "x" * 5000], new=False, text_file=None).words == "x" * 5000


@pytest.mark.parametrize(
    ("typed", "lasts"), [("2h", 120), ("90m", 90), ("1h30m", 90), ("0m", 0), ("999h", 999 * 60)]
)
def test_how_long_it_lasts(typed: str, lasts: int) -> None:
    assert Lasting().convert(typed, None, None) == timedelta(minutes=lasts)


@pytest.mark.parametrize("typed", ["", "2", "h", "2d", "-2h", "2h 30m", "1h30", "99999h", "٢h"])
def test_how_long_it_does_not_last(typed: str) -> None:
    with pytest.raises(click.BadParameter):
        Lasting().convert(typed, None, None)


def test_times_are_those_of_viet_nam() -> None:
    made = LocalTime().convert("2026-12-01 09:00", None, None)
    assert made.isoformat() == "2026-12-01T09:00:00+07:00"
    for typed in ("2026-12-01", "2026-12-01 25:00", "2026-02-30 09:00", "09:00", "2026-12-01 09:00+00:00"):
        with pytest.raises(click.BadParameter):
            LocalTime().convert(typed, None, None)
