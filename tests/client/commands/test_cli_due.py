"""`kynhan due` as a calculator: every case of deadline-cases.csv, through the real command line."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from tests.client.calling import Kynhan

from kynhan_protocol.agreement import calendar

CASES = Path(__file__).parents[2] / "protocol" / "agreement" / "data" / "deadline-cases.csv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def kynhan(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kynhan:
    """Without home or passphrase: what is not there cannot be needed."""
    monkeypatch.setenv("KYNHAN_HOME", str(tmp_path / "nowhere"))
    monkeypatch.delenv("KYNHAN_LANG", raising=False)
    return Kynhan(capsys)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["note"])
def test_due_dates_of_the_published_cases(kynhan: Kynhan, case: dict[str, str]) -> None:
    extension = ["--extend", case["extension_working_days"]] if case["extension_working_days"] else []
    ran = kynhan("due", "--received", case["receipt"], "--term", case["term"], *extension, "--json")
    assert ran.status == 0
    assert ran.json["due"] == case["due"]
    assert datetime.fromisoformat(ran.json["late_from"]) == datetime.fromisoformat(case["late_from_utc"])
    assert ran.json["provisional"] is False
    assert ran.stderr == ""


def test_every_day_is_explained(kynhan: Kynhan) -> None:
    ran = kynhan("--json", "due", "--received", "2024-12-20T09:00:00+07:00", "--term", "in-country")
    days = ran.json["days"]
    assert days[0]["date"] == "2024-12-20"
    assert days[0]["counted"] is None
    assert days[-1] == {
        "date": "2025-03-03",
        "counted": 45,
        "vi": "thứ Hai: ngày làm việc thứ 45",
        "en": "Monday: working day 45",
    }
    assert len(days) == 74
    assert [day["counted"] for day in days if day["counted"]] == list(range(1, 46))


def test_an_extension_counts_from_the_due_date(kynhan: Kynhan) -> None:
    ran = kynhan(
        *("due", "--received", "2024-12-20T09:00:00+07:00", "--term", "in-country"),
        *("--extend", "10", "--json"),
    )
    assert ran.json["original_due"] == "2025-03-03"
    assert ran.json["due"] == "2025-03-17"


def test_a_date_in_a_year_that_is_only_drafted_is_provisional(kynhan: Kynhan) -> None:
    ran = kynhan("due", "--received", "2026-12-15", "--term", "in-province", "--json")
    assert ran.json["provisional"] is True
    assert "Ngày dự kiến" in kynhan("due", "--received", "2026-12-15", "--term", "in-province").stdout


def test_a_time_without_zone_is_that_of_vietnam(kynhan: Kynhan) -> None:
    late = kynhan("due", "--received", "2025-08-08T23:59:59", "--term", "in-province", "--json")
    assert late.json["due"] == "2025-09-30"
    assert late.json["received"].endswith("+07:00")


def test_the_calculator_in_words(kynhan: Kynhan) -> None:
    ran = kynhan("--lang", "vi", "due", "--received", "2024-12-20T09:00:00+07:00", "--term", "in-country")
    assert "→ Hạn trả lời: hết ngày 03/03/2025" in ran.stdout
    assert "  1  23/12/2024  thứ Hai: ngày làm việc thứ 1" in ran.stdout
    assert "Monday" not in ran.stdout


def test_a_foreign_element_gives_a_target(kynhan: Kynhan) -> None:
    ran = kynhan("--lang", "vi", "due", "--received", "2026-06-04T10:00:00+07:00", "--term", "foreign")
    assert "→ Mốc phấn đấu: hết ngày 03/09/2026" in ran.stdout


def test_a_year_without_calendar_is_told(kynhan: Kynhan) -> None:
    ran = kynhan("due", "--received", "2019-01-02", "--term", "in-province", "--json")
    assert ran.status == 1
    assert ran.json["error"]["code"] == "no-calendar"


def test_another_calendar_can_be_given(kynhan: Kynhan, tmp_path: Path) -> None:
    document = json.loads(calendar.shipped_bytes())
    document["days"].append(
        {"date": "2025-03-03", "day": "off", "why": {"vi": "nghỉ", "en": "off"}, "decision": "1/QĐ"}
    )
    document["days"].sort(key=lambda day: day["date"])
    path = tmp_path / "lich.json"
    path.write_text(json.dumps(document))
    ran = kynhan(
        *("due", "--received", "2024-12-20T09:00:00+07:00", "--term", "in-country"),
        *("--calendar", str(path), "--json"),
    )
    assert ran.json["due"] == "2025-03-04"


def test_a_calendar_that_is_none_is_refused(kynhan: Kynhan, tmp_path: Path) -> None:
    path = tmp_path / "lich.json"
    path.write_text("{}")
    received = ("due", "--received", "2025-01-02", "--term", "foreign", "--json", "--calendar")
    assert kynhan(*received, str(path)).json["error"]["code"] == "bad-file"
    assert kynhan(*received, str(tmp_path / "thiếu.json")).json["error"]["code"] == "missing-file"


@pytest.mark.parametrize(
    "words",
    [
        ("--received", "hôm qua", "--term", "foreign"),
        ("--received", "2025-02-30", "--term", "foreign"),
        ("--received", "2025-01-02", "--term", "forever"),
        ("--received", "2025-01-02", "--term", "foreign", "--extend", "0"),
        ("--term", "foreign"),
    ],
)
def test_what_is_not_understood_ends_with_2(kynhan: Kynhan, words: tuple[str, ...]) -> None:
    ran = kynhan("due", *words)
    assert ran.status == 2
    assert ran.stdout == ""
    assert "Lệnh chưa đúng" in ran.stderr
    assert "kynhan due --help" in ran.stderr
