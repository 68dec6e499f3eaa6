"""The structure that ISO 19005-3 (PDF/A-3b) asks for, as far as it can be read from the file.

No validator can be installed from Debian, PyPI or npm (veraPDF is distributed otherwise), so this is our own check of
the requirements that a generator most easily breaks, not a validation; docs/spec/qr.md says so too.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field

import pytest
from tests.client.printing.story import Paper


@dataclass
class Pdf:
    """A PDF without object streams, as typst writes it: its objects by number, streams apart, the trailer."""

    data: bytes
    objects: dict[int, bytes] = field(default_factory=dict)
    streams: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for found in re.finditer(rb"\n(\d+) 0 obj\n(.*?)\nendobj", self.data, re.DOTALL):
            number, body = int(found[1]), found[2]
            head, mark, stream = body.partition(b"stream\n")
            self.objects[number] = head
            if mark:
                self.streams[number] = stream.rpartition(b"\nendstream")[0]
        assert len(self.objects) > 10
        assert b"/ObjStm" not in self.data

    @property
    def trailer(self) -> bytes:
        return self.data.rpartition(b"trailer")[2]

    def of_type(self, name: bytes) -> dict[int, bytes]:
        return {number: body for number, body in self.objects.items() if b"/Type/" + name + b"/" in body}

    def one(self, name: bytes) -> bytes:
        (body,) = self.of_type(name).values()
        return body

    def referenced(self, body: bytes, key: bytes) -> bytes:
        """What an entry refers to."""
        found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
        assert found, key
        return self.objects[int(found[1])]

    def content(self, number: int) -> bytes:
        stream = self.streams[number]
        return zlib.decompress(stream) if b"/FlateDecode" in self.objects[number] else stream


@pytest.fixture(params=["receipt", "titled", "certificate"])
def pdf(request: pytest.FixtureRequest, paper: Paper) -> Pdf:
    return Pdf(getattr(paper, request.param).pdf)


def test_the_file_is_marked_and_identified(pdf: Pdf) -> None:
    first, second = pdf.data.split(b"\n", 2)[:2]
    assert first == b"%PDF-1.7"
    assert second.startswith(b"%") and len(second) >= 5 and all(byte > 127 for byte in second[1:5])
    assert re.search(rb"/ID\s*\[\(.+?\)\s*\(.+?\)\]|/ID\s*\[<.+?>\s*<.+?>\]", pdf.trailer, re.DOTALL)
    assert b"/Encrypt" not in pdf.data


def test_the_metadata_says_pdf_a_3b(pdf: Pdf) -> None:
    (number,) = pdf.of_type(b"Metadata")
    assert b"/Filter" not in pdf.objects[number]
    assert b"/Subtype/XML" in pdf.objects[number]
    xmp = pdf.streams[number].decode()
    assert re.search(r"pdfaid:part(>|=\")3", xmp)
    assert re.search(r"pdfaid:conformance(>|=\")B", xmp)
    assert "GIẤY" in xmp
    assert f"/Metadata {number} 0 R".encode() in pdf.one(b"Catalog")


def test_colours_have_an_output_intent(pdf: Pdf) -> None:
    intent = pdf.one(b"OutputIntent")
    assert b"/S/GTS_PDFA1" in intent
    found = re.search(rb"/DestOutputProfile (\d+) 0 R", intent)
    assert found
    assert pdf.content(int(found[1]))[36:40] == b"acsp"  # an ICC profile
    assert b"/OutputIntents" in pdf.one(b"Catalog")


def test_every_font_is_embedded_and_has_unicode(pdf: Pdf) -> None:
    descriptors = pdf.of_type(b"FontDescriptor")
    assert descriptors
    for body in descriptors.values():
        found = re.search(rb"/FontFile2 (\d+) 0 R", body)
        assert found and pdf.content(int(found[1]))
    for body in pdf.of_type(b"Font").values():
        if b"/Subtype/Type0" in body:
            assert b"/ToUnicode" in body
        assert re.search(rb"/BaseFont/[A-Z]{6}\+LiberationSerif", body)


def test_every_attachment_is_an_associated_file(pdf: Pdf) -> None:
    specifications = pdf.of_type(b"Filespec")
    catalog = pdf.one(b"Catalog")
    assert specifications
    associated = re.search(rb"/AF\s*\[([^\]]*)\]", catalog)
    listed = associated[1] if associated else pdf.referenced(catalog, b"AF")
    assert set(map(int, re.findall(rb"(\d+) 0 R", listed))) == set(specifications)
    relations = set()
    for body in specifications.values():
        found = re.search(rb"/AFRelationship/(\w+)", body)
        assert found
        relations.add(found[1])
        for key in (b"/F(", b"/UF(", b"/EF", b"/Desc"):
            assert key in body, key
    assert relations == {b"Data", b"Supplement"}
    for body in pdf.of_type(b"EmbeddedFile").values():
        assert b"/Subtype" in body and b"/ModDate" in body
    assert b"/EmbeddedFiles" in b"".join(pdf.objects.values())


def test_nothing_in_it_acts(pdf: Pdf) -> None:
    everything = b"".join(pdf.objects.values())
    for name in (b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/Launch", b"/URI", b"/XFA", b"/LZWDecode"):
        assert not re.search(name + rb"\b", everything), name
    assert b"/Lang(vi" in pdf.one(b"Catalog") and b"/MarkInfo" in pdf.one(b"Catalog")
