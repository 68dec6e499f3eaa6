"""CSV for spreadsheets: RFC 4180, and no text that runs as a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kynhan_client.screen import csvfile

CELLS = st.text(st.characters(exclude_categories=["Cs"]))
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def read_back(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_file_begins_with_a_byte_order_mark_and_lines_end_as_rfc_4180_says() -> None:
    data = csvfile.render(["Trích yếu", "n"], [["đất, nhà", 3], ['nói "có"', None]])
    assert data == '\ufeffTrích yếu,n\r\n"đất, nhà",3\r\n"nói ""có""",\r\n'.encode()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+84 912",
        "-2+3",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\n=1",
        " =1+1",
        "\u00a0=1",
        "＝1",
        "-1e9",
        "- gạch đầu dòng",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    (_, (cell,)) = read_back(csvfile.render(["a"], [[text]]))
    assert cell == f"'{text}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=1+1; @SUM(A1)", "a;'=1+1; '@SUM(A1)"),
        ("a;-2+3", "a;'-2+3"),
        ('a;"=1+1', "a;\"'=1+1"),
        ("a\t=1", "a\t'=1"),
        ("=1;＝1", "'=1;'＝1"),
    ],
)
def test_a_spreadsheet_that_begins_a_cell_at_a_semicolon_runs_nothing_either(text: str, cell: str) -> None:
    (_, (kept,)) = read_back(csvfile.render(["a"], [[text]]))
    assert kept == cell


@pytest.mark.parametrize("text", ["a; b", "a;b=c", "-3", "15", "a=b", "Số 15-CV/ĐUCCQ", "", "–"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert csvfile.neutral(text) == text


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_any_table_can_be_read_back(rows: list[list[str]]) -> None:
    back = read_back(csvfile.render(["a", "b"], rows))
    assert back == [["a", "b"], *([csvfile.neutral(cell) for cell in row] for row in rows)]


@given(CELLS)
def test_no_cell_begins_a_formula(text: str) -> None:
    (_, (cell, _)) = read_back(csvfile.render(["a", "b"], [[text, ""]]))
    assert not cell.lstrip(" \u00a0").startswith(FORMULA) or (cell[0] == "-" and cell[1:].isdigit())
