"""The published age test kit (C2SP/CCTV, npm cctv-age): every vector, through the library and through the tool.

A vector is a few `key: value` lines, an empty line, and an age file (perhaps under zlib). It names the class of
failure that it expects and the SHA-256 of all plaintext that may come out.
"""

import hashlib
import io
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.nodejs import interop_dir, node

from kynhan_keys import age, identities, scrypt
from kynhan_keys.__main__ import main
from kynhan_keys.armor import armor, dearmor, is_armored
from kynhan_keys.errors import AgeError, ArmorError, HeaderError
from kynhan_keys.header import format as format_header
from kynhan_keys.header import parse, split

COUNT = 143
KINDS = {
    "success": None,
    "header failure": "header",
    "HMAC failure": "hmac",
    "no match": "no match",
    "payload failure": "payload",
    "armor failure": "armor",
}
NOTHING = hashlib.sha256().hexdigest()


@dataclass(frozen=True)
class Vector:
    name: str
    kind: str | None
    payload: str
    identities: tuple[str, ...]
    passphrases: tuple[str, ...]
    data: bytes

    @classmethod
    def read(cls, path: Path) -> "Vector":
        head, _, data = path.read_bytes().partition(b"\n\n")
        fields: dict[str, list[str]] = {}
        for line in head.decode().split("\n"):
            key, _, value = line.partition(": ")
            fields.setdefault(key, []).append(value)
        known = {
            "expect",
            "payload",
            "identity",
            "passphrase",
            "armored",
            "compressed",
            "file key",
            "comment",
        }
        assert fields.keys() <= known
        return cls(
            path.name,
            KINDS[fields["expect"][0]],
            fields.get("payload", [NOTHING])[0],
            tuple(fields.get("identity", ())),
            tuple(fields.get("passphrase", ())),
            zlib.decompress(data) if "compressed" in fields else data,
        )


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> list[Vector]:
    folder = tmp_path_factory.mktemp("vectors")
    subprocess.run([*node(), "vectors.mjs", str(folder)], cwd=interop_dir(), check=True)
    return [Vector.read(path) for path in sorted(folder.iterdir())]


def outcome(pieces: Iterator[bytes]) -> tuple[str | None, str]:
    """The class of failure, and the hash of what came out before it."""
    released = hashlib.sha256()
    try:
        for piece in pieces:
            released.update(piece)
    except AgeError as error:
        return error.kind, released.hexdigest()
    return None, released.hexdigest()


def opened(vector: Vector, size: int, workers: int) -> Iterator[bytes]:
    """The vector through the library, in pieces of `size` bytes."""
    pieces = (vector.data[start : start + size] for start in range(0, len(vector.data), size))
    keys: list[age.Identity] = [identities.parse_identity(text) for text in vector.identities]
    keys += [scrypt.Identity(text.encode()) for text in vector.passphrases]
    yield from age.open_(dearmor(pieces) if is_armored(vector.data) else pieces, keys, workers=workers)


def arguments(vector: Vector, folder: Path) -> list[str]:
    """How the tool is called for this vector; it takes one passphrase, so a second one stays out."""
    words = ["open"]
    if vector.identities:
        (folder / vector.name).write_text("".join(f"{text}\n" for text in vector.identities))
        words += ["-i", str(folder / vector.name)]
    if vector.passphrases:
        (folder / f"{vector.name}.words").write_text(vector.passphrases[0] + "\n")
        words += ["--passphrase-file", str(folder / f"{vector.name}.words")]
    return words


def check_tool(vector: Vector, status: int, output: bytes, line: str) -> str | None:
    """What the tool got wrong: status, plaintext, or the one line that names one class and no other."""
    named = [kind for kind in KINDS.values() if kind and kind in line]
    lines = 0 if vector.kind is None else 1
    right = (
        status == lines
        and hashlib.sha256(output).hexdigest() == vector.payload
        and line.count("\n") == lines
        and named == ([vector.kind] if vector.kind else [])
        and line.startswith(vector.kind or "")
    )
    return None if right else f"{vector.name}: {status} {line!r}"


def test_the_kit_has_143_vectors(vectors: list[Vector]) -> None:
    assert len(vectors) == COUNT


@pytest.mark.parametrize(("size", "workers"), [(1 << 20, 1), (1 << 20, 3), (1000, 2), (7, 1)])
def test_every_vector_through_the_library(vectors: list[Vector], size: int, workers: int) -> None:
    small = [vector for vector in vectors if size > 100 or len(vector.data) < 100_000]
    wrong = {
        vector.name: result
        for vector in small
        if (result := outcome(opened(vector, size, workers))) != (vector.kind, vector.payload)
    }
    assert wrong == {}


def test_every_vector_through_the_tool(
    vectors: list[Vector], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = []
    for vector in vectors:
        output = io.BytesIO()
        status = main(arguments(vector, tmp_path), io.BytesIO(vector.data), output)
        wrong.append(check_tool(vector, status, output.getvalue(), capsys.readouterr().err))
    assert [each for each in wrong if each] == []
    assert len(wrong) == COUNT


def test_vectors_of_each_class_through_a_process_of_their_own(vectors: list[Vector], tmp_path: Path) -> None:
    def run(vector: Vector) -> str | None:
        result = subprocess.run(
            [sys.executable, "-m", "kynhan_keys", *arguments(vector, tmp_path)],
            input=vector.data,
            capture_output=True,
            check=False,
        )
        return check_tool(vector, result.returncode, result.stdout, result.stderr.decode())

    classes = {kind: [vector for vector in vectors if vector.kind == kind] for kind in KINDS.values()}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = list(pool.map(run, [vector for each in classes.values() for vector in each[::6]]))
    assert [each for each in wrong if each] == []
    assert len(wrong) > 20


def test_headers_that_parse_have_one_spelling(vectors: list[Vector]) -> None:
    """Also what is said about armor: what opens is written again as it was, line ends and space around aside."""
    seen = 0
    for vector in vectors:
        if vector.kind in ("header", "armor"):
            continue
        data = vector.data
        if is_armored(data):
            data = b"".join(dearmor([data]))
            text = b"".join(armor([data]))
            assert text.split() == vector.data.split()
        found = split(data)
        assert found is not None
        assert format_header(parse(found[0])) == found[0]
        seen += 1
    assert seen > 50


def test_without_keys_the_header_is_still_parsed(vectors: list[Vector]) -> None:
    for vector in vectors:
        bare = Vector(vector.name, vector.kind, vector.payload, (), (), vector.data)
        kind, payload = outcome(opened(bare, 1 << 20, 1))
        assert payload == NOTHING
        if vector.kind in ("header", "armor"):
            # The nonce is read with a file key only, so a file cut short there has a header that parses.
            assert kind in (vector.kind, "no match")
        else:
            assert kind == "no match"


def test_armor_and_header_errors_are_distinct() -> None:
    with pytest.raises(HeaderError):
        list(age.open_([], []))
    with pytest.raises(ArmorError):
        list(dearmor([]))
