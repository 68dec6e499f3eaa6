"""Packages: what is written is what stock tar lists, and what is not exactly that is refused."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
import subprocess
import tarfile
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kynhan_keys.vkeys import Signer
from kynhan_protocol.errors import ManifestError, PackageError
from kynhan_protocol.package import filenames, manifest, package
from kynhan_protocol.package.manifest import FileEntry, Manifest
from kynhan_protocol.package.padme import package_length

SIGNER = Signer.ed25519("ccq.example/van-thu", bytes(32))
TIME = 1795399951  # the manifest's
CHECKPOINT = b"relay.example/kynhan\n1\nAAAA\n\nsigned\n"
SPEC = Path(__file__).parents[3] / "docs/spec/package.md"


def entry(name: str, data: bytes, **changes: Any) -> FileEntry:
    fields = {
        "hash": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "media_type": "application/pdf",
        "role": "enclosure",
        "pages": None,
        "original": True,
        "signed": False,
        "name": name,
    }
    return FileEntry(**{**fields, **changes})


def note(*entries: FileEntry) -> bytes:
    absent = dict.fromkeys(field.name for field in dataclasses.fields(Manifest))
    given = {
        "relay": "relay.example/kynhan",
        "case": "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11",
        "kind": "request",
        "from_": "ccq.example/van-thu",
        "to": "cand.example",
        "title": "V/v đề nghị phối hợp, theo danh sách kèm theo",
        "secrecy": "khong-mat",
        "copy": (),
        "file": entries,
        "time": datetime(2026, 11, 23, 2, 12, 31, tzinfo=UTC),
        "nonce": bytes(16),
    }
    made = Manifest(**{**absent, **given})  # type: ignore[arg-type]
    return manifest.sign(made, SIGNER).note


def packed(files: dict[str, bytes], checkpoint: bytes | None = CHECKPOINT) -> bytes:
    entries = [entry(name, data) for name, data in files.items()]
    pieces = [(one, [files[one.name]]) for one in entries]
    return b"".join(package.write(note(*entries), checkpoint, pieces))


def unpacked(data: bytes, chunk: int = 1000) -> tuple[bytes | None, dict[str, bytes]]:
    source = (data[at : at + chunk] for at in range(0, len(data), chunk))
    opened = package.read(source)
    return opened.checkpoint, {one.name: b"".join(content) for one, content in opened.files()}


def refused(data: bytes) -> str | None:
    with pytest.raises(PackageError) as caught:
        unpacked(data)
    assert str(caught.value).endswith(".")
    return caught.value.code


def retarred(files: list[tuple[tarfile.TarInfo, bytes]], **options: Any) -> bytes:
    """A tar by Python's own writer, padded as a package is."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", **{"format": tarfile.PAX_FORMAT, **options}) as tar:
        for info, data in files:
            info.size = len(data) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(data))
        end = tar.offset
    return target.getvalue()[:end].ljust(package_length(end + 1024), b"\0")


def info(name: str, **changes: Any) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.mtime = TIME
    for key, value in changes.items():
        setattr(made, key, value)
    return made


LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Nd"])
NAMES = st.builds(
    lambda parts, end: "/".join(parts) + end,
    st.lists(st.text(LETTERS, min_size=1, max_size=30), min_size=1, max_size=3),
    st.sampled_from([".pdf", " 1.xlsx", "-bản sao.jpg"]),
)


def acceptable(files: dict[str, bytes]) -> bool:
    try:
        filenames.check_names(files)
    except PackageError:
        return False
    return True


@given(
    st.dictionaries(NAMES, st.binary(max_size=3000), max_size=5).filter(acceptable),
    st.none() | st.just(CHECKPOINT),
    st.integers(1, 5000),
)
def test_what_was_packed_comes_out_again_however_it_is_cut(
    files: dict[str, bytes], checkpoint: bytes | None, chunk: int
) -> None:
    data = packed(files, checkpoint)
    assert unpacked(data, chunk) == (checkpoint, files)
    entries = [entry(name, content) for name, content in files.items()]
    assert package.length(note(*entries), checkpoint, entries) == len(data)


@given(st.dictionaries(NAMES, st.binary(max_size=600), max_size=4).filter(acceptable))
def test_python_tarfile_reads_the_same_files(files: dict[str, bytes]) -> None:
    with tarfile.open(fileobj=io.BytesIO(packed(files))) as tar:
        members = tar.getmembers()
        assert [one.name for one in members] == [
            "manifest.note",
            "checkpoint",
            *(f"files/{name}" for name in files),
        ]
        contents = [extracted.read() for one in members if (extracted := tar.extractfile(one))]
        assert contents[2:] == list(files.values())
        assert {(one.mode, one.uid, one.mtime) for one in members} == {(0o644, 0, TIME)}


def test_gnu_tar_lists_and_extracts_long_vietnamese_names(tmp_path: Path) -> None:
    files = {"Công văn số 15.pdf": b"cover", f"phụ lục/{'quỹ đất ' * 14}.xlsx": b"sheet" * 300}
    (tmp_path / "package.tar").write_bytes(packed(files))
    ran = subprocess.run(
        ["tar", "--extract", "--verbose", "--file=package.tar"], cwd=tmp_path, capture_output=True, check=True
    )
    assert ran.stderr == b""
    assert {name: (tmp_path / "files" / name).read_bytes() for name in files} == files


def made_by_gnu_tar(folder: Path, *form: str) -> tuple[dict[str, bytes], bytes]:
    files = {"a.pdf": b"one", "b.pdf": bytes(range(256)) * 40}
    (folder / "files").mkdir()
    for name, data in files.items():
        (folder / "files" / name).write_bytes(data)
    (folder / "manifest.note").write_bytes(note(*(entry(name, data) for name, data in files.items())))
    paths = ["manifest.note", "files/a.pdf", "files/b.pdf"]
    ran = subprocess.run(["tar", "--create", *form, *paths], cwd=folder, capture_output=True, check=True)
    content = ran.stdout.rstrip(b"\0")
    length = 1024 + -(-len(content) // 512) * 512
    return files, ran.stdout[:length].ljust(package_length(length), b"\0")


USTAR = ("--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mode=0644", f"--mtime=@{TIME}")


def test_a_package_made_by_gnu_tar_in_the_one_form_is_read(tmp_path: Path) -> None:
    files, data = made_by_gnu_tar(tmp_path, *USTAR)
    assert unpacked(data) == (None, files)


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ("--mode=0600", "tar-form"),
        ("--mode=0755", "tar-form"),
        ("--mode=04644", "tar-form"),
        ("--owner=:1000", "tar-form"),
        ("--group=:1000", "tar-form"),
        ("--no-same-owner --owner=van-thu:0", None),
        (f"--mtime=@{TIME + 1}", "tar-form"),
        ("--format=gnu", "tar-header"),
        ("--format=pax", "tar-override"),
    ],
)
def test_a_package_made_by_gnu_tar_in_another_form_is_refused(
    tmp_path: Path, option: str, code: str | None
) -> None:
    files, data = made_by_gnu_tar(tmp_path, *USTAR, *option.split())
    if code is None:  # with --numeric-owner GNU tar writes no names
        assert unpacked(data) == (None, files)
    else:
        assert refused(data) == code


def test_equal_files_make_equal_packages_of_the_padded_length() -> None:
    assert packed({"a.pdf": b"x"}) == packed({"a.pdf": b"x"})
    assert len(packed({})) == len(packed({"a.pdf": b"x" * 5000})) == 16 * 1024
    assert len(packed({"a.pdf": bytes(1_000_000)})) == 1_015_808


def test_a_large_file_is_packed_and_read_in_little_memory() -> None:
    size, block = 64 << 20, bytes(1 << 16)
    digest = hashlib.sha256()
    for _ in range(size // len(block)):
        digest.update(block)
    one = entry("large.bin", b"", size=size, hash=digest.hexdigest())
    blocks = (block for _ in range(size // len(block)))
    tracemalloc.start()
    opened = package.read(package.write(note(one), None, [(one, blocks)]))
    assert sum(len(chunk) for _, content in opened.files() for chunk in content) == size
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_a_file_of_eight_gibibytes_bears_its_size_in_a_pax_header() -> None:
    one = entry("large.bin", b"", size=8 << 30)
    start = b""
    for chunk in package.write(note(one), None, [(one, (bytes(1 << 20) for _ in range(1 << 13)))]):
        start += chunk
        if len(start) > 8192:
            break
    with tarfile.open(fileobj=io.BytesIO(start), mode="r|") as tar:
        assert [(found.name, found.size) for found in (tar.next(), tar.next()) if found][1] == (
            "files/large.bin",
            8 << 30,
        )


def test_a_file_that_changes_while_being_sealed_is_noticed() -> None:
    one = entry("a.pdf", b"as it was")
    for content in (b"as it is.", b"as it was, and longer", b"short"):
        with pytest.raises(PackageError) as caught:
            list(package.write(note(one), None, [(one, [content])]))
        assert caught.value.code == "file-changed"


def test_other_files_than_the_manifests_are_not_packed() -> None:
    one, two = entry("a.pdf", b"a"), entry("b.pdf", b"b")
    for given_files in ([], [(two, [b"b"])], [(one, [b"a"]), (two, [b"b"])]):
        with pytest.raises(PackageError) as caught:
            list(package.write(note(one), None, given_files))
        assert caught.value.code == "files-differ"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("/etc/passwd", "name-absolute"),
        ("C:\\a.pdf", "name-absolute"),
        ("C:a.pdf", "name-absolute"),
        ("\\\\server\\a", "name-absolute"),
        ("../a.pdf", "name-climbs"),
        ("a/../../b.pdf", "name-climbs"),
        ("a\\..\\b.pdf", "name-climbs"),
        ("a//b.pdf", "name-reserved"),
        ("a/./b.pdf", "name-reserved"),
        ("a/", "name-reserved"),
        ("a\\b.pdf", "name-reserved"),
        ("CON", "name-reserved"),
        ("aux.pdf", "name-reserved"),
        ("lpt¹ .txt", "name-reserved"),
        ("a.pdf.", "name-reserved"),
        ("a /b.pdf", "name-reserved"),
        ("a.pdf:stream", "name-reserved"),
        ("what?.pdf", "name-reserved"),
        ("quye\u0302\u0309n.pdf", "name-not-nfc"),
        ("a\nb.pdf", "name-characters"),
        ("a\u2028b.pdf", "name-characters"),
        ("x" * 256, "name-too-long"),
        ("", "name-empty"),
    ],
)
def test_names_that_could_do_harm_are_refused(name: str, code: str) -> None:
    with pytest.raises(PackageError) as caught:
        filenames.safe_name(name)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "names", [("a.pdf", "a.pdf"), ("Quỹ.pdf", "QUỸ.pdf"), ("a", "a/b.pdf"), ("a/b.pdf", "A"), ("ß", "ss")]
)
def test_names_that_repeat_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(PackageError) as caught:
        list(package.write(note(*(entry(name, b"") for name in names)), None, []))
    assert caught.value.code == "name-repeated"


def test_a_name_lies_at_most_eight_folders_deep() -> None:
    assert filenames.safe_name("a/" * 8 + "b.pdf")
    for depth in (9, 100, 1000):
        with pytest.raises(PackageError) as caught:
            filenames.check_names(["a/" * depth + "b"])
        assert caught.value.code == ("name-too-deep" if depth <= 100 else "name-too-long")


def test_the_folders_of_a_package_are_counted() -> None:
    each_eight = [f"{at:03}/b/c/d/e/f/g/h/x.pdf" for at in range(126)]
    filenames.check_names(each_eight[:125])
    for names in (each_eight, [f"{at}/x" for at in range(7_200)]):
        with pytest.raises(PackageError) as caught:
            filenames.check_names(names)
        assert caught.value.code == "too-many-folders"


def test_the_files_of_a_package_are_counted_and_no_further_name_is_looked_at() -> None:
    looked_at = []
    names = (looked_at.append(at) or f"{at}.pdf" for at in range(100_000))  # type: ignore[func-returns-value]
    with pytest.raises(PackageError) as caught:
        filenames.check_names(names)
    assert caught.value.code == "too-many-files"
    assert len(looked_at) == filenames.MAX_FILES + 1
    filenames.check_names(f"{at}.pdf" for at in range(filenames.MAX_FILES))


class Compared(str):
    """A path that counts how often it is compared."""

    count = 0
    __hash__ = str.__hash__

    def __add__(self, other: str) -> Compared:
        return Compared(str(self) + other)

    def __eq__(self, other: object) -> bool:
        Compared.count += 1
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other


def test_a_tar_of_many_pax_headers_is_read_in_steps_that_grow_with_its_members(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = packed({f"đ{at}.pdf": b"" for at in range(1000)})
    monkeypatch.setattr(package, "FILES", Compared(package.FILES))
    Compared.count = 0
    assert len(unpacked(data, chunk=1 << 16)[1]) == 1000
    assert Compared.count <= 3 * 1000


def test_a_tar_of_more_members_than_its_manifest_names_ends_at_the_first_of_them() -> None:
    listed = note(entry("a.pdf", A))
    data = retarred(
        [(info("manifest.note"), listed), (info("files/a.pdf"), A)]
        + [(info(f"files/{at}"), b"") for at in range(50_000)]
    )
    taken = []
    pieces = (taken.append(at) or data[at : at + 512] for at in range(0, len(data), 512))  # type: ignore[func-returns-value]
    with pytest.raises(PackageError) as caught:
        for _, content in package.read(pieces).files():
            list(content)
    assert caught.value.code == "files-differ"
    assert len(taken) < 10


def test_a_hostile_manifest_is_refused_before_any_file_is_given() -> None:
    bad = note(entry("../../a.pdf", b"x"))
    data = retarred([(info("manifest.note"), bad), (info("files/../../a.pdf"), b"x")])
    with pytest.raises(PackageError) as caught:
        package.read([data])
    assert caught.value.code == "name-climbs"


def test_names_that_would_deceive_are_shown_as_they_are() -> None:
    assert filenames.display_name("hồ sơ\u202efdp.exe") == "hồ sơ⟦U+202E⟧fdp.exe"
    assert filenames.display_name("Công văn.pdf") == "Công văn.pdf"


A = b"content of a"


def hostile() -> Iterator[tuple[str, list[tuple[tarfile.TarInfo, bytes]], dict[str, Any]]]:
    listed = (info("manifest.note"), note(entry("a.pdf", A)))
    yield "no-manifest", [(info("files/a.pdf"), A), listed], {}
    yield "files-differ", [listed], {}
    yield "files-differ", [listed, (info("files/b.pdf"), A)], {}
    yield "files-differ", [listed, (info("a.pdf"), A)], {}
    yield "files-differ", [listed, (info("files/a.pdf"), A), (info("files/a.pdf"), A)], {}
    yield "files-differ", [listed, (info("files/a.pdf"), A), (info("checkpoint"), b"late")], {}
    yield "files-differ", [listed, (info("checkpoint"), b"1"), (info("checkpoint"), b"2")], {}
    yield "file-differs", [listed, (info("files/a.pdf"), A + b"more")], {}
    yield "file-differs", [listed, (info("files/a.pdf"), b"Content of a")], {}
    yield "tar-member", [listed, (info("files/a.pdf", type=tarfile.SYMTYPE, linkname="/etc/passwd"), b"")], {}
    yield (
        "tar-member",
        [listed, (info("files/a.pdf", type=tarfile.LNKTYPE, linkname="manifest.note"), b"")],
        {},
    )
    yield "tar-member", [listed, (info("files/a.pdf", type=tarfile.CHRTYPE), b"")], {}
    yield "tar-member", [listed, (info("files", type=tarfile.DIRTYPE), b"")], {}
    yield "tar-member", [listed, (info("files/a.pdf", type=tarfile.FIFOTYPE), b"")], {}
    yield "tar-member", [listed, (info("files/a.pdf"), A)], {"pax_headers": {"path": "files/b.pdf"}}
    for records in (
        {"path": "files/b.pdf"},
        {"path": "files/a.pdf"},
        {"size": "3"},
        {"size": str(9 << 30)},
        {"GNU.sparse.major": "1", "GNU.sparse.realsize": "12"},
        {"linkpath": "/etc/passwd"},
        {"comment": "hidden"},
        {"mtime": "1795399951.5"},
        {"atime": "1"},
        {"ctime": "1"},
        {"uname": "van-thu"},
    ):
        yield "tar-override", [listed, (info("files/a.pdf", pax_headers=records), A)], {}
    for changes in (
        {"mode": 0o600},
        {"mode": 0o755},
        {"mode": 0o6644},
        {"uid": 1000},
        {"gid": 1000},
        {"uname": "van-thu"},
        {"gname": "van-thu"},
        {"mtime": TIME + 1},
        {"mtime": 0},
    ):
        yield "tar-form", [listed, (info("files/a.pdf", **changes), A)], {}
        yield "tar-form", [(info("manifest.note", **changes), listed[1]), (info("files/a.pdf"), A)], {}
    late = {"mtime": TIME + 1}
    yield "tar-form", [(info("manifest.note", **late), listed[1]), (info("files/a.pdf", **late), A)], {}
    yield "tar-member", [(info("manifest.note", linkname="a"), listed[1]), (info("files/a.pdf"), A)], {}
    yield "tar-member", [listed, (info("files/a.pdf", linkname="a"), A)], {}
    yield "tar-header", [listed, (info("files/" + "a" * 120), A)], {"format": tarfile.GNU_FORMAT}
    yield "tar-header", [listed, (info("files/a.pdf"), A)], {"format": tarfile.GNU_FORMAT}


@pytest.mark.parametrize(("code", "files", "options"), list(hostile()))
def test_hostile_archives_are_refused(
    code: str, files: list[tuple[tarfile.TarInfo, bytes]], options: dict[str, Any]
) -> None:
    assert refused(retarred(files, **options)) == code


def test_a_pax_header_cannot_rename_one_file_of_the_manifest_into_another() -> None:
    long = "ă" * 60 + ".pdf"
    listed = note(entry(long, A), entry("b.pdf", A))
    data = retarred([(info("manifest.note"), listed), (info(f"files/{long}"), A), (info("files/b.pdf"), A)])
    start = data.index(b"files/" + b"?" * 60)
    block = bytearray(data[start : start + 512])
    block[:100] = b"files/b.pdf".ljust(100, b"\0")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    assert refused(data[:start] + block + data[start + 512 :]) == "tar-override"


def rewritten(data: bytes, at: int, start: int, value: bytes) -> bytes:
    """`data` with `value` at byte `start` of the header block at `at`, its checksum put right."""
    block = bytearray(data[at : at + 512])
    block[start : start + len(value)] = value
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return data[:at] + bytes(block) + data[at + 512 :]


def test_a_pax_header_bears_its_place_and_the_file_behind_it_too() -> None:
    data = packed({"a.pdf": A, "Công văn.pdf": A})
    pax, stand_in = data.index(b"pax/2\0"), data.index(b"files/2\0")
    assert rewritten(data, pax, 0, b"pax/2") == data
    for name in (b"pax/1", b"pax/3", b"pax/02", b"PaxHeaders/2", b"../pax/2"):
        assert refused(rewritten(data, pax, 0, name)) == "tar-form"
    for name in (b"files/1", b"files/a.pdf", b"etc/passwd"):
        assert refused(rewritten(data, stand_in, 0, name)) == "tar-override"


def test_a_pax_header_says_each_thing_once_and_something_at_all() -> None:
    name = "Công văn.pdf"
    data = packed({name: A})
    at = data.index(b"pax/1\0")
    record = data[at + 512 : at + 1024].rstrip(b"\0")
    twice = rewritten(data, at, 124, b"%011o" % (2 * len(record)))
    twice = twice[: at + 512] + (2 * record).ljust(512, b"\0") + twice[at + 1024 :]
    assert refused(twice) == "tar-override"
    nothing = rewritten(data, at, 124, b"%011o" % 0)
    assert refused(nothing[: at + 512] + nothing[at + 1024 :]) == "tar-override"


@pytest.mark.parametrize(
    ("start", "value"),
    [(345, b"files"), (329, b"0000001"), (337, b"0000001"), (8, b"\0hidden")],
    ids=["prefix", "devmajor", "devminor", "behind the name"],
)
def test_a_header_holds_nothing_else(start: int, value: bytes) -> None:
    data = packed({"a.pdf": A})
    at = data.index(b"files/a.pdf\0")
    assert refused(rewritten(data, at, start + 5 if start == 8 else start, value)) == "tar-form"


def test_a_file_may_be_called_as_the_stand_in_of_another() -> None:
    files = {"Công văn.pdf": A, "1": b"one", "2": b"two"}
    assert unpacked(packed(files, None)) == (None, files)


@pytest.mark.parametrize("year", [1, 1969, 2243, 9999])
def test_a_manifest_of_a_time_that_no_tar_holds_is_not_packed(year: int) -> None:
    one = entry("a.pdf", A)
    made = dataclasses.replace(manifest.parse(note(one)).manifest, time=datetime(year, 1, 2, tzinfo=UTC))
    with pytest.raises(PackageError) as caught:
        list(package.write(manifest.sign(made, SIGNER).note, None, [(one, [A])]))
    assert caught.value.code == "tar-form"


@given(st.integers(0, 511), st.integers(1, 255))
def test_a_package_has_one_form_of_each_header(at: int, mask: int) -> None:
    data = packed({"a.pdf": A}, None)
    start = data.index(b"files/a.pdf\0")
    block = bytes([data[start + at] ^ mask])
    changed = rewritten(data, start, at, block)
    if 124 <= at < 156 or 100 <= at < 124 or 136 <= at < 148 or 329 <= at < 345:
        return  # numbers, which other programs end with a space or a zero byte
    assert changed == data or refused(changed) in ("tar-form", "tar-member", "tar-header", "files-differ")


def test_what_follows_the_files_is_zeros_of_the_right_length() -> None:
    data = packed({"a.pdf": A})
    assert refused(data[:-1]) == refused(data[:-512]) == refused(data + bytes(512)) == "tar-length"
    assert refused(data[:-1] + b"x") == "tar-padding"
    assert refused(data + data) == "tar-padding"


def test_a_package_cut_anywhere_is_refused() -> None:
    data = packed({"a.pdf": A * 100})
    for end in range(0, len(data), 97):
        assert refused(data[:end]) in ("tar-truncated", "tar-length", "no-manifest")


@given(st.data())
def test_a_flipped_byte_is_refused(data: st.DataObject) -> None:
    whole = packed({"a.pdf": A, "Quỹ đất.pdf": A * 50})
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    try:
        unpacked(changed)
    except (PackageError, ManifestError):
        return
    # manifest and checkpoint are signed: their readers notice
    assert 512 <= at < whole.index(b"files/a.pdf\0")


def test_a_package_is_read_once() -> None:
    opened = package.read([packed({"a.pdf": A})])
    assert [one.name for one, _ in opened.files()] == ["a.pdf"]
    with pytest.raises(PackageError, match="read once"):
        list(opened.files())


def test_the_examples_in_the_specification_hold() -> None:
    blocks = dict(re.findall(r"```text (\w+)\n(.*?)```", SPEC.read_text(), re.DOTALL))
    listing = [line.split()[-1] for line in blocks["listing"].strip().split("\n")]
    with tarfile.open(fileobj=io.BytesIO(packed({"cong-van.pdf": b"x", "danh-sach.xlsx": b"y"}))) as tar:
        assert tar.getnames() == listing
    for line in blocks["lengths"].strip().split("\n"):
        length, padded = (int(number.replace(",", "")) for number in line.split("→"))
        assert package_length(length) == padded
