"""Every date, name, number and figure that a page shows is held against the evidence, and which one differs is said."""

from __future__ import annotations

import copy
import io
import random
from collections.abc import Callable, Iterator
from typing import Any, Final

import pypdfium2
import pytest
from PIL import Image
from tests import lanes
from tests.client.calling import Kynhan
from tests.client.printing.paper import attachments, opened, reasons, verify
from tests.client.printing.story import Paper

from kynhan_client.evidence import grounds, pages, reading, values, verifying
from kynhan_client.evidence.grounds import Ground
from kynhan_client.evidence.values import Value
from kynhan_client.evidence.verifying import Trust, Verification
from kynhan_client.home.home import Home
from kynhan_client.printing import certificate, glyphs, receipt, sheet
from kynhan_client.printing.sheet import Printed
from kynhan_client.scanning import scan, worker
from kynhan_client.scanning.found import PAGES
from kynhan_client.words import Language
from kynhan_protocol.evidence.verdicts import Verdict

Sheet = dict[str, Any]
Place = tuple[Any, ...]
PRINTED: Final = ("receipt", "certificate")


class Page:
    """A printed page with its evidence, judged once; what is drawn on it can be changed, its evidence stays."""

    def __init__(self, paper: Paper, printed: Printed) -> None:
        self.printed = printed
        self.files = reading.read_tar(attachments(printed.pdf)[sheet.BUNDLE], paper.folder)
        self.verification: Verification = verifying.verify_files(self.files, Trust())
        assert self.verification.verdict == "VALID"
        found = grounds.of_files(self.files, self.verification, printed.reference)
        assert found is not None and found.is_exact
        self.ground: Ground = found
        words = sheet.Paper("vi")
        if printed.reference.case is None:
            self.sheet = receipt.content(words, found.basis, found.main)
        else:
            self.sheet = certificate.content(words, found.basis)

    def typeset(self, changed: Sheet) -> bytes:
        template = receipt.TEMPLATE if self.printed.reference.case is None else certificate.TEMPLATE
        files = attachments(self.printed.pdf)
        basis, reference = self.ground.basis, self.printed.reference
        return sheet.typeset_(sheet.Paper("vi"), template, basis, reference, changed, files)

    def held(self, changed: Sheet) -> pages.Held:
        """The verdict on the page alone, read in this process."""
        found = worker.look(self.typeset(changed), PAGES)
        assert not found.trouble
        return pages.hold_page(found, self.printed.reference, self.files, self.verification, "vi")


@pytest.fixture(scope="module", params=PRINTED)
def page(request: pytest.FixtureRequest, paper: Paper) -> Page:
    with opened(paper) as home:
        makers: dict[str, Callable[[Home], Printed]] = {
            "receipt": lambda home: receipt.receipt(home, paper.request),
            "certificate": lambda home: certificate.certificate(home, paper.case.id),
        }
        return Page(paper, makers[request.param](home))


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "pages", lambda pdf: worker.look(pdf, PAGES))


def places(made: Sheet) -> list[tuple[Place, str]]:
    """Where each value of a sheet stands, and what its place is called."""
    found: list[tuple[Place, str]] = [(("title",), made["title"])]
    for at, part in enumerate(made["sections"]):
        for number, row in enumerate(part["rows"]):
            found += [
                (("sections", at, "rows", number, field), row["label"])
                for field in ("value", "code")
                if row[field]
            ]
        if part["table"] is not None:
            for row, cells in enumerate(part["table"]["cells"]):
                for column, title in enumerate(part["table"]["titles"]):
                    if any(char.isalnum() for char in cells[column]):
                        place = ("sections", at, "table", "cells", row, column)
                        found.append((place, f"{part['heading']}, {row + 1}, {title}"))
    return found


def one_character(text: str, chance: random.Random) -> str:
    """`text` with one letter or digit changed, a digit into a digit."""
    at = chance.choice([at for at, char in enumerate(text) if char.isalnum()])
    other = chance.choice(
        [char for char in ("0123456789" if text[at].isdigit() else "xyz") if char != text[at]]
    )
    return text[:at] + other + text[at + 1 :]


def changed(made: Sheet, place: Place, chance: random.Random) -> tuple[Sheet, str]:
    copied = copy.deepcopy(made)
    inner: Any = copied
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = one_character(inner[place[-1]], chance)
    return copied, glyphs.printable(inner[place[-1]])


def test_the_page_made_anew_is_the_page(page: Page, in_this_process: None) -> None:
    assert page.typeset(page.sheet) == page.printed.pdf
    held = page.held(page.sheet)
    assert held.reasons == () and all(one.compared for one in held.values)


@pytest.mark.parametrize("language", ["vi", "en", "both"])
def test_an_honest_page_is_valid_in_every_language(
    paper: Paper, in_this_process: None, language: Language
) -> None:
    with opened(paper) as home:
        printed = [
            receipt.receipt(home, paper.request, language=language),
            receipt.receipt(home, paper.other, language=language),
            receipt.receipt(home, paper.case.reminders[0].id, language=language),
            certificate.certificate(home, paper.case.id, language=language),
        ]
    for one in printed:
        files = reading.read_tar(attachments(one.pdf)[sheet.BUNDLE], paper.folder)
        verification = verifying.verify_files(files, Trust())
        assert verification.verdict == "VALID"
        held = pages.hold_page(worker.look(one.pdf, PAGES), one.reference, files, verification, "vi")
        assert (held.reasons, {value.compared for value in held.values}) == ((), {True})


def test_a_date_that_an_extension_moved_is_proved_by_what_is_attached(paper: Paper) -> None:
    """The receipt of the request shows the date that a later dispatch moved: its evidence holds that dispatch too."""
    types = {one.type for one in verify(paper.file("whole.pdf", paper.receipt.pdf)).receipts}
    assert {"dispatch", "acceptance", "receipt", "handover", "opening", "due"} <= types
    files = reading.read_tar(attachments(paper.receipt.pdf)[sheet.BUNDLE], paper.folder)
    shown = {one.index for one in verifying.verify_files(files, Trust()).receipts}
    dispatches = {one.kind: one.index for one in paper.case.dispatches.values()}
    assert {dispatches["request"], dispatches["extension"], dispatches["reply"]} <= shown
    assert (
        dispatches["message"] in shown
    )  # it stood in the case before the extension, which is judged over all that


def test_one_character_of_any_value_changed_is_invalid_and_is_named(
    page: Page, in_this_process: None
) -> None:
    chance = random.Random(8)
    there = places(page.sheet)
    for place, called in chance.sample(there, min(len(there), lanes.VALUES_OF_A_PAGE)):
        lie, said = changed(page.sheet, place, chance)
        held = page.held(lie)
        assert {one.verdict for one in held.reasons} == {Verdict.INVALID}, (place, said)
        told = " ".join(one.vi for one in held.reasons)
        assert called in told, (place, said, told)
        assert "".join(said.split())[:24] in "".join(told.split()), (place, said, told)


def test_a_due_date_of_03_that_became_30_is_told(paper: Paper, page: Page) -> None:
    """What was VALID once: the day of the due date changed on the page, the evidence attached to it untouched."""
    lie = copy.deepcopy(page.sheet)
    (row,) = (row for part in lie["sections"] for row in part["rows"] if row["label"] == "Hạn trả lời")
    day = row["value"].partition("ngày ")[2][:2]
    row["value"] = row["value"].replace(f"ngày {day}", f"ngày {day[::-1] if day[::-1] != day else '30'}", 1)
    report = verify(paper.file("moved.pdf", page.typeset(lie)))
    assert (report.verdict, reasons(report)) == ("INVALID", {"other-value"})
    assert all(one.verdict == "VALID" for one in report.receipts)
    (told,) = report.reasons
    assert told.vi.startswith("Hạn trả lời: trên giấy là “") and row["value"] in told.vi


def test_what_is_drawn_over_the_words_is_to_be_looked_at(paper: Paper, page: Page) -> None:
    document = pypdfium2.PdfDocument(page.printed.pdf)
    sheet_one = document[0]
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(pypdfium2.PdfBitmap.from_pil(Image.new("RGB", (40, 12), "white")))
    image.set_matrix(pypdfium2.PdfMatrix().scale(60, 14).translate(300, 500))
    sheet_one.insert_obj(image)
    sheet_one.gen_content()
    made = io.BytesIO()
    document.save(made)
    document.close()
    report = verify(paper.file("painted.pdf", made.getvalue()))
    assert (report.verdict, reasons(report)) == ("INCOMPLETE", {"other-look"})


def test_verify_prints_the_values_and_which_one_differs(
    paper: Paper, page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    kynhan = Kynhan(capsys, "--lang", "vi", "--home", str(paper.folder / "none"))
    ran = kynhan("verify", str(paper.file("whole.pdf", page.printed.pdf)))
    assert ran.status == 0
    said = " ".join(ran.stdout.split())
    assert "Đã đối chiếu từng chữ trên giấy" in said
    for one in pages.hold_page(
        worker.look(page.printed.pdf, PAGES), page.printed.reference, page.files, page.verification, "vi"
    ).values:
        assert " ".join(one.text.split()) in said
    asked = kynhan("verify", "--json", str(paper.file("whole.pdf", page.printed.pdf)))
    assert {one["compared"] for one in asked.json["page"]} == {True}


def test_a_page_of_a_million_words_is_told_in_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each value that differs looks at no more words of the page than are told of it."""
    looked = 0

    def counted(*place: Any) -> Iterator[int]:
        nonlocal looked
        for one in there(*place):
            looked += 1
            yield one

    there = values._there
    monkeypatch.setattr(values, "_there", counted)
    shown = [Value("", f"giá-trị-{number}") for number in range(1000)]
    told = values.differences([" ".join(one.text for one in shown)], ["x " * 1_000_000], shown)
    assert len(told) == values.MAX_TOLD
    assert looked <= values.MAX_TOLD * values.MAX_LETTERS
    assert all(len(one.theirs) <= values.MAX_LETTERS for one in told)
