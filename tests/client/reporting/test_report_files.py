"""The report as files: a PDF that other programs read, a spreadsheet without formulas of strangers, the commands."""

from __future__ import annotations

import asyncio
import io
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import openpyxl
import pytest
import pytest_asyncio
from tests.client.agreement import CA, PASSPHRASE
from tests.client.calling import Kynhan, Ran
from tests.client.printing import test_pdf_a as pdf_a
from tests.client.reporting.report_story import Told, codes, kept, telling

from kynhan_client.errors import ClientError
from kynhan_client.reporting import checking, making, naming, reading, writing
from kynhan_client.reporting.checking import Trust
from kynhan_client.reporting.making import Wanted

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    async with telling(tmp_path_factory.mktemp("two")) as story:
        yield story


def run(tool: str, *words: object) -> str:
    """What a program of poppler-utils says, without which these tests prove nothing."""
    found = shutil.which(tool)
    assert found, f"{tool} is missing: install poppler-utils (apt-get install poppler-utils)"
    return subprocess.run([found, *map(str, words)], capture_output=True, check=True, text=True).stdout


# --- the files


async def test_numbers_are_written_as_vietnamese_documents_write_them() -> None:
    assert [naming.number(one) for one in (0, 999, 1234, 1234567)] == ["0", "999", "1.234", "1.234.567"]
    assert naming.share(1234, 4000) == "1.234/4.000 (30,9%)"
    assert naming.share(0, 0) == "–"


def drawn(folder: Path) -> list[Path]:
    return sorted(folder.glob("page-*.pgm"))


async def test_the_pdf_is_vietnamese_whole_and_has_the_data_inside(told: Told, tmp_path: Path) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    folder = kept(made, told.two.ccq, tmp_path / "report")
    path = folder / "bao-cao.pdf"
    shown = re.sub(r"\s+", " ", run("pdftotext", "-layout", path, "-"))
    for wanted in (
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "BÁO CÁO SỐ LIỆU",
        "ĐẢNG ỦY CÁC CƠ QUAN TỈNH",
        "Kỳ trước chuyển sang",
        "Quá mốc phấn đấu",
        "T/M BAN THƯỜNG VỤ",
        "Nơi nhận:",
        "1/2 (50,0%)",
        made.report.log.root[:20],
        # a title is data: characters that the fonts lack are spelled out, markup is text
        'vướng mắc [U+1F600] [U+6F22] #read("/etc/hostname") *đậm* $x$ `mã` <a> @b // \\',
    ):
        assert wanted in shown, wanted
    boxes = re.findall(
        r'xMin="([0-9.]+)" .*?xMax="([0-9.]+)" .*?>(x+)<', run("pdftotext", "-bbox", path, "-")
    )
    assert (
        sum(len(text) for _, _, text in boxes) == 150
    )  # a word without end is broken, and all of it is shown
    assert all(float(right) < 300 for _, right, _ in boxes)  # within the first column
    rows = run("pdffonts", path).splitlines()[2:]
    assert rows
    for row in rows:  # embedded, a subset of the fonts shipped: none was substituted
        assert "Liberation" in row, row
        assert " yes yes " in row, row
    run("pdftoppm", "-r", "50", "-gray", path, tmp_path / "page")
    assert len(drawn(tmp_path)) >= 2
    assert reading.embedded(path.read_bytes()) == made.data == (folder / "report.json").read_bytes()
    assert b"<pdfaid:part>3</pdfaid:part>" in path.read_bytes()
    again = writing.files(told.two.ccq, made)["bao-cao.pdf"]
    assert again == path.read_bytes()


async def test_pages_that_say_something_else_than_the_data_are_told(told: Told, tmp_path: Path) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    folder = kept(made, told.two.ccq, tmp_path / "report")
    path = folder / "bao-cao.pdf"
    path.write_bytes(path.read_bytes() + b"\n% touched\n")
    checked = checking.check(reading.read(folder), Trust())
    assert (checked.verdict, codes(checked)) == ("INCOMPLETE", {"pages-unknown"})
    other = making.make(told.two.ccq, Wanted(name=str(told.wanted.begins.year)), told.at)
    path.write_bytes(writing.files(told.two.ccq, other)["bao-cao.pdf"])
    assert codes(checking.check(reading.read(folder), Trust())) == {"other-pdf"}


async def test_every_pdf_beside_the_data_is_held_against_it(told: Told, tmp_path: Path) -> None:
    """Not just the first one: the page that is read may be another."""
    made = making.make(told.two.ccq, told.wanted, told.at)
    folder = kept(made, told.two.ccq, tmp_path / "report")
    whole = (folder / "bao-cao.pdf").read_bytes()
    checked = checking.check(reading.read(folder), Trust())
    assert (checked.verdict, checked.pages, checked.books) == ("VALID", ("bao-cao.pdf",), ("bao-cao.xlsx",))
    assert checked.unread == ()
    for name in ("sua.pdf", "SUA.PDF", "a.Pdf"):
        (folder / name).write_bytes(whole + b"\n% touched\n")
        checked = checking.check(reading.read(folder), Trust())
        assert (checked.verdict, codes(checked)) == ("INCOMPLETE", {"pages-unknown"}), name
        assert [one.subject for one in checked.reasons] == [name]
        (folder / name).write_bytes(b"%PDF-1.7 a letter")
        assert codes(checking.check(reading.read(folder), Trust())) == {"pages-unknown"}, name
        (folder / name).unlink()
    for number in range(reading.MAX_PDFS):
        (folder / f"{number}.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(ClientError):
        reading.read(folder)


async def test_a_tar_with_two_reports_is_refused(told: Told, tmp_path: Path) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    folder = kept(made, told.two.ccq, tmp_path / "report")
    for name in ("report.json", "bang-chung.tar"):
        with tarfile.open(tmp_path / "two.tar", "w") as tar:
            for one in folder.iterdir():
                tar.add(one, f"a/{one.name}")
            tar.add(folder / name, f"b/{name}")
        with pytest.raises(ClientError) as refused:
            reading.read(tmp_path / "two.tar")
        assert refused.value.code == "bad-report"


async def test_the_pdf_has_the_structure_of_pdf_a(told: Told) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    pdf = pdf_a.Pdf(writing.files(told.two.ccq, made)["bao-cao.pdf"])
    pdf_a.test_the_file_is_marked_and_identified(pdf)
    pdf_a.test_colours_have_an_output_intent(pdf)
    pdf_a.test_every_font_is_embedded_and_has_unicode(pdf)
    pdf_a.test_nothing_in_it_acts(pdf)


async def test_the_spreadsheet_reads_and_a_title_stays_text(told: Told, tmp_path: Path) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    data = writing.files(told.two.ccq, made, with_titles=True)["bao-cao.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {
        "Tổng hợp",
        "Theo nội dung",
        "Theo thời hạn",
        "Theo đơn vị",
        "Danh sách việc",
        "Vướng mắc",
    } <= set(book.sheetnames)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    dangerous = [cell for cell in cells if "HYPERLINK" in str(cell.value)]
    assert len(dangerous) == 2
    assert {cell.data_type for cell in dangerous} == {"s"}
    formulas = [cell for cell in cells if cell.data_type == "f"]
    assert formulas
    assert all(re.fullmatch(r"=B\d+\*D\d+", cell.value) for cell in formulas)
    rows = list(book["Danh sách việc"].iter_rows(min_row=4, values_only=True))
    listed = {row[0]: row for row in rows if row[0]}
    assert set(listed) == {fact.case.id for fact in made.facts if fact.entered}
    assert listed[told.cases["late"]][1] == "3.1"
    plain = openpyxl.load_workbook(io.BytesIO(writing.files(told.two.ccq, made)["bao-cao.xlsx"]))
    titles = [cell.value for row in plain["Danh sách việc"].iter_rows() for cell in row]
    assert not any("HYPERLINK" in str(value) for value in titles)


async def test_the_commands(told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two = told.two
    passphrase = tmp_path / "passphrase"
    passphrase.write_bytes(PASSPHRASE)
    ran_by = Kynhan(capsys, "--lang", "en", "--demo-clock", str(two.offset)).at(two.ccq.path, passphrase)

    async def kynhan(*words: str) -> Ran:
        return await asyncio.to_thread(ran_by, *words)

    out = tmp_path / "out"
    assert told.wanted.begins is not None
    begins, ends = str(told.wanted.begins), str(told.wanted.ends)
    ran = await kynhan("report", "make", "--from", begins, "--to", ends, "--out", str(out))
    assert (ran.status, ran.stderr) == (0, "")
    assert "received 6" in ran.stdout
    assert sorted(one.name for one in out.iterdir()) == [
        *("bang-chung.tar", "bao-cao.pdf", "bao-cao.xlsx", "report.json")
    ]
    again = await kynhan("report", "make", "--from", begins, "--to", ends, "--out", str(out))
    assert again.status == 1
    verified = await kynhan("report", "verify", str(out), "--own", "--json")
    assert (verified.status, verified.json["verdict"], verified.json["subjects"]) == (0, "VALID", "compared")
    seen = await kynhan("report", "verify", str(out))
    assert "All cells of bao-cao.xlsx are those of these figures" in seen.stdout
    assert "By the evidence pages and spreadsheets say:" in seen.stdout
    assert "1. " in seen.stdout and " · 6\n" in seen.stdout  # what was received
    assert "The pages of bao-cao.pdf are those of these figures" in seen.stdout
    budget = await kynhan(
        "report", "budget", "--year", str(told.wanted.begins.year), "--unit-cost", "in-country=1000", "--json"
    )
    assert budget.status == 0
    assert sum(row["received"] for row in budget.json["terms"]) >= 1
    costs = {row["key"]: (row["received"], row["cost"]) for row in budget.json["terms"]}
    assert costs["in-country"][1] == 1000 * costs["in-country"][0] == budget.json["sum"]
    for words in (
        ("--month", "2026-13"),
        ("--month", "2026"),
        ("--from", ends, "--to", begins),
    ):
        ran = await kynhan("report", "make", *words, "--out", str(tmp_path / "none"))
        assert (ran.status, "this is no reporting period" in ran.stderr.lower()) == (1, True), words
    assert (await kynhan("report", "make")).status == 2
    assert (await kynhan("report", "make", "--month", "2026-03", "--year", "2026")).status == 2
    assert (await kynhan("report", "make", "--month", "2026-03", "--format", "doc")).status == 2
    asked = await kynhan("report", "send", str(out), "--to", CA)
    assert (asked.status, "needs" in asked.stderr or "--yes" in asked.stderr) == (1, True)
    sent = await kynhan("report", "send", str(out), "--to", CA, "--yes", "--json")
    # the relay, in this process, writes its own lines beside the answer
    assert (sent.status, '"state": "sent"' in sent.stdout) == (0, True), sent.stderr
    data = json.loads((out / "report.json").read_text())
    data["figures"]["total"]["answered"] += 1
    (out / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n")
    (out / "bao-cao.pdf").unlink()
    told_so = await kynhan("report", "verify", str(out))
    assert told_so.status == 1
    assert "figures.total.answered" in told_so.stdout
    both = await asyncio.to_thread(Kynhan(capsys, "--lang", "both"), "report", "verify", str(out))
    for shown in (told_so, both):
        assert max(len(line) for line in shown.stdout.splitlines()) <= 80
