"""Output: 80 columns, names that cannot rearrange the screen, times of Việt Nam, one JSON object for scripts."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kynhan_client.cli.bars import Bars
from kynhan_client.cli.base import Session
from kynhan_client.cli.progress import Meter, meter
from kynhan_client.errors import problem
from kynhan_client.home.passphrase import PassphraseSource
from kynhan_client.screen import output
from kynhan_client.screen.output import JsonOutput
from kynhan_client.screen.screen import Screen


def test_a_table_stays_within_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    Screen("both").table(
        ["inbox.dispatch", "inbox.from", "inbox.kind"],
        [["3f9a61c2d4e5", "ca.example/van-thu", "văn bản đề nghị phối hợp " * 8], ["x" * 200, "", ""]],
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert max(map(len, lines)) <= 80


def test_nothing_is_lost_when_a_cell_wraps(capsys: pytest.CaptureFixture[str]) -> None:
    Screen("vi").table(["inbox.dispatch"], [["0123456789" * 20]])
    shown = capsys.readouterr().out.split("\n", 1)[1]
    assert shown.replace("\n", "").replace(" ", "") == "0123456789" * 20


def test_a_name_cannot_rearrange_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    Screen("vi").plain("báo cáo\u202egpj.exe\x1b[2J")
    assert capsys.readouterr().out == "báo cáo[U+202E]gpj.exe[U+001B][2J\n"


def test_markup_in_a_name_is_not_followed(capsys: pytest.CaptureFixture[str]) -> None:
    Screen("vi").plain("[bold]tệp[/bold]")
    assert capsys.readouterr().out == "[bold]tệp[/bold]\n"


def test_without_a_terminal_there_is_no_colour(capsys: pytest.CaptureFixture[str]) -> None:
    Screen("vi").say("trust.compared", sign="✓", style="green")
    assert capsys.readouterr().out == "✓ Đã đối chiếu: khóa hai bên khớp nhau\n"


def test_both_languages_share_a_line_or_have_one_each(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen("both")
    screen.say("sign.ask")
    screen.say("sign.meaning", sign="!")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Ký nhận? / Sign for it?"
    assert lines[1].startswith("! Ký nhận nghĩa là")
    assert lines[2].startswith("  Signing means")


def test_scripts_get_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    out = JsonOutput("vi")
    out.say("sign.ask")
    out.table(["inbox.from"], [["x"]])
    out.json({"due": date(2026, 2, 28), "at": datetime(2026, 1, 1, tzinfo=UTC), "tên": "Lê"})
    said = capsys.readouterr()
    assert json.loads(said.out) == {"due": "2026-02-28", "at": "2026-01-01T00:00:00Z", "tên": "Lê"}
    assert "tên" in said.out


def test_an_error_for_scripts_stands_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    JsonOutput("en").error(problem("relay-down", url="http://x", why="no connection"), {"state": "queued"})
    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert answer["state"] == "queued"
    assert answer["error"]["code"] == "relay-down"
    assert set(answer["error"]) == {"code", "vi", "en", "advice", "data"}
    assert said.err.startswith("✗ The relay at http://x does not answer")


def test_an_error_for_people_is_a_sentence_and_an_advice(capsys: pytest.CaptureFixture[str]) -> None:
    Screen("vi").error(problem("wrong-passphrase"))
    assert capsys.readouterr().err == "✗ Sai cụm mật khẩu.\n  → Nhập lại; chưa có gì bị thay đổi.\n"


def test_times_are_those_of_vietnam() -> None:
    assert output.moment(datetime(2025, 12, 31, 17, 0, tzinfo=UTC)) == "01/01/2026 00:00"
    assert output.day(date(2026, 3, 3)) == "03/03/2026"
    assert output.day(None) == "–"


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (999, "999 B"), (1536, "1.5 kB"), (48_234_496, "48.2 MB"), (5e9, "5.0 GB")],
)
def test_sizes(count: int, shown: str) -> None:
    assert output.size(int(count)) == shown


# --- progress


def session() -> Session:
    return Session(Path("nowhere"), PassphraseSource(), "vi", False, None)


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    ours = session()
    with meter(ours) as show:
        show("upload", 1, 2)
        assert ours.phase == "upload"
        assert type(show) is Meter
    assert ours.phase is None
    assert capsys.readouterr().err == ""


def test_a_bar_is_full_only_at_the_end() -> None:
    rich_progress = pytest.importorskip("rich.progress").Progress(disable=True)
    bars = Bars(session(), rich_progress)
    bars("seal", 100, 100)
    bars("upload", 200, 200)
    sealed, uploaded = rich_progress.tasks
    assert sealed.finished
    assert not uploaded.finished
    assert uploaded.completed == 199
    bars.fill()
    assert uploaded.finished


@pytest.mark.parametrize("path", ["ho-so/cover.toml", "lich.json", "./x", "a_b"])
def test_a_name_at_the_beginning_of_a_sentence_keeps_its_letters(path: str) -> None:
    told = output.error_lines(problem("file-exists", path=path), "both")
    assert told[:2] == [f"✗ {path} đã có sẵn.", f"  {path} exists already."]
    assert output.error_lines(problem("frozen"), "en")[0][2].isupper()


def test_a_name_that_is_no_text_does_not_keep_a_script_from_its_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = os.fsdecode(b"h\xe1\xbb\x93 s\xff.pdf")
    JsonOutput("en").error(problem("missing-file", path=path), {"files": (path,)})
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == ["hồ s\\udcff.pdf"]
    assert told["error"]["data"] == {"path": "hồ s\\udcff.pdf"}
