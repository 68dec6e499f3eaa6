"""A dossier as it is read from the disk: names, roles, media types, register fields."""

from __future__ import annotations

import os
import unicodedata
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from kynhan_client.dossiers.dossier import Cover, gather, read_cover, renamed
from kynhan_client.errors import ClientError

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def write(folder: Path, name: str, content: bytes = b"x") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_the_example_covers_are_read() -> None:
    cover = read_cover(EXAMPLES / "dossier" / "cover.toml")
    assert cover.title == "Về việc đề nghị phối hợp xác minh theo danh sách kèm theo"
    assert (cover.document_number, cover.symbol, cover.issued) == (15, "CV/ĐUCCQ", date(2025, 12, 15))
    assert next((copy.channel, copy.quantity, copy.name) for copy in cover.copies) == (
        "electronic",
        1,
        "Đảng ủy Công an tỉnh",
    )
    assert read_cover(EXAMPLES / "reply" / "cover.toml").reply_to == "15-CV/ĐUCCQ"
    assert read_cover(None) == Cover()


@pytest.mark.parametrize(
    "text", ["title = ", 'nonsense = "x"', 'number = "mười"', 'issued = "hôm nay"', "number = 0", "title = 5"]
)
def test_a_cover_with_something_wrong_says_what(tmp_path: Path, text: str) -> None:
    with pytest.raises(ClientError) as error:
        read_cover(write(tmp_path, "cover.toml", text.encode()))
    assert error.value.code == "bad-cover"
    assert str(error.value.data["why"])


def test_a_missing_cover_is_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ClientError) as error:
        read_cover(tmp_path / "cover.toml")
    assert error.value.code == "missing-file"


def test_files_become_entries_with_the_cover_document_first(tmp_path: Path) -> None:
    files = [
        write(tmp_path, "b.xlsx", b"sheet"),
        write(tmp_path, "Công văn.pdf", b"pdf"),
        write(tmp_path, "c.bin"),
    ]
    cover = Cover(cover="Công văn.pdf")
    sources = gather(files, None, cover, formal=True)
    assert [(source.entry.name, source.entry.role) for source in sources] == [
        ("Công văn.pdf", "cover"),
        ("b.xlsx", "enclosure"),
        ("c.bin", "enclosure"),
    ]
    assert sources[0].entry.hash == sha256(b"pdf").hexdigest()
    assert [source.entry.media_type for source in sources] == [
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/octet-stream",
    ]
    assert [source.entry.size for source in sources] == [3, 5, 1]


def test_a_name_in_another_unicode_form_travels_as_nfc(tmp_path: Path) -> None:
    path = write(tmp_path, unicodedata.normalize("NFD", "Ảnh hiện trạng.jpg"))
    (source,) = gather([path], None, Cover(), formal=True)
    assert source.entry.name == unicodedata.normalize("NFC", "Ảnh hiện trạng.jpg")
    assert source.path == path


def test_a_name_travels_without_what_cannot_be_seen_and_that_is_said(tmp_path: Path) -> None:
    name = "hồ\u00ad sơ\u200b\u202efdp.exe"
    plain = write(tmp_path, unicodedata.normalize("NFD", "Ảnh.jpg"))
    path = write(tmp_path, name)
    cover = read_cover(write(tmp_path, "cover.toml", f'[[file]]\nname = "{name}"\npages = 3\n'.encode()))
    sources = gather([path, plain], None, cover, formal=True)
    assert [(one.entry.name, one.entry.pages) for one in sources] == [("hồ sơfdp.exe", 3), ("Ảnh.jpg", None)]
    assert renamed([path, plain]) == ((name, "hồ sơfdp.exe"),)


def test_a_name_of_an_old_code_page_travels_as_it_is_read_there(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/C\xf4ng v\xe3n.pdf"))
    path.write_bytes(b"pdf")
    (source,) = gather([path], None, Cover(), formal=True)
    assert source.entry.name == "Công văn.pdf"
    assert [name for _, name in renamed([path])] == ["Công văn.pdf"]


def test_two_names_that_are_one_when_cleaned_do_not_travel_together(tmp_path: Path) -> None:
    with pytest.raises(ClientError) as error:
        gather([write(tmp_path, "a.pdf"), write(tmp_path, "a\u200b.pdf")], None, Cover(), formal=True)
    assert error.value.code == "bad-file-name"


def test_what_a_cover_says_of_a_file_is_taken(tmp_path: Path) -> None:
    (tmp_path / "cover.toml").write_text(
        '[[file]]\nname = "a.pdf"\nrole = "list"\npages = 3\noriginal = false\nsigned = true\n'
    )
    (source,) = gather([write(tmp_path, "a.pdf")], None, read_cover(tmp_path / "cover.toml"), formal=True)
    entry = source.entry
    assert (entry.role, entry.pages, entry.original, entry.signed) == ("list", 3, False, True)


@pytest.mark.parametrize(
    "text", ['cover = "b.pdf"', '[[file]]\nname = "b.pdf"', '[[file]]\nname = "a.pdf"\nrole = "x"']
)
def test_a_cover_that_names_what_is_not_there_is_refused(tmp_path: Path, text: str) -> None:
    cover = read_cover(write(tmp_path, "cover.toml", text.encode()))
    with pytest.raises(ClientError) as error:
        gather([write(tmp_path, "a.pdf")], None, cover, formal=True)
    assert error.value.code == "bad-cover"


@pytest.mark.parametrize("name", ["aux.pdf", "a.pdf ", "x:y.pdf", "message.txt"])
def test_a_name_that_cannot_travel_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ClientError) as error:
        gather([write(tmp_path, name)], "words", Cover(), formal=False)
    assert error.value.code == "bad-file-name"


def test_progress_tells_bytes_of_all_files_together(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    files = [write(tmp_path, "a.bin", bytes(1_500_000)), write(tmp_path, "b.bin", bytes(500_000))]
    gather(files, None, Cover(), formal=True, progress=lambda *step: told.append(step))
    assert told[-1] == ("hash", 2_000_000, 2_000_000)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_words_end_in_one_newline_and_cannot_be_empty() -> None:
    (source,) = gather([], "hai\r\n\n", Cover(), formal=False)
    assert source.data == b"hai\n"
    for words in ("", "\n \n", "\ud800"):
        with pytest.raises(ClientError) as error:
            gather([], words, Cover(), formal=False)
        assert error.value.code == "bad-letter"
