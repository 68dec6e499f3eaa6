"""Search over 10,000 archived packages: ours against a plain `LIKE '%…%'` scan over the same table of the same archive.

Both answer the same questions in turn, with what a list shows of each hit fetched from the manifests.
"""

from __future__ import annotations

import random
import secrets
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kynhan_client.dossiers import plaintext
from kynhan_client.home import cupboard
from kynhan_client.home.cupboard import Package
from kynhan_client.home.home import Home
from kynhan_client.registers import register, search
from kynhan_client.registers.search import Query
from kynhan_keys import merkle
from kynhan_keys.vkeys import Signer
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.manifest import FileEntry, Manifest
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Dispatch, HashSize, Seen

from .report import Figure, Report

PACKAGES = 10_000
ROUNDS = 15
QUERIES = (
    *("quy dat dak lak", "quỹ đất Đắk Lắk", "phoi hop xac minh", "tham dinh", "15-CV/ĐUCCQ", "de nghi"),
    *("kiem tra giam sat nam", "Ban Tổ chức", "to chuc dang", "khong co trong do"),
)
PHRASES = (
    *("phối hợp xác minh", "thẩm định tiêu chuẩn chính trị", "đề nghị cung cấp thông tin", "bổ sung hồ sơ"),
    *("kiểm tra giám sát", "tổ chức đảng viên", "quy hoạch bổ nhiệm", "kết nạp"),
    *("tình tiết mới", "kết luận", "rà soát nhân sự cán bộ", "quản lý dự án đầu tư"),
    *("đất đai"),
)
WORDS = tuple(word for phrase in PHRASES for word in phrase.split())
SUBJECTS = ("3.1", "3.2a", "3.2b", "3.3", "3.4", "3.5", "3.6")
FROM = "ccq.example/van-thu"


def measure(report: Report, packages: int = PACKAGES, rounds: int = ROUNDS) -> None:
    """Adds the median and the 90th percentile of an answer (ms) against the scan's."""
    with tempfile.TemporaryDirectory(prefix="kynhan-bench-") as name:
        path = Path(name) / "home"
        with Home.create(path, secrets.token_hex(8).encode(), member=FROM, holder="Văn thư") as home:
            fill(home, packages)
            assert search.catch_up(home) == packages
            ours, scan = seconds(home, rounds)
    label = f"search {packages:,} packages"
    for what, pick in (("median", statistics.median), ("p90", percentile_90)):
        figures = [pick(times) * 1000 for times in (ours, scan)]
        report.add(Figure(f"{label}, {what}", "ms", figures[0], "LIKE '%…%' scan", figures[1], "lower"))


def seconds(home: Home, rounds: int) -> tuple[list[float], list[float]]:
    """How long each answer took, ours and the scan's, in turn; both must find the same packages."""
    ours: list[float] = []
    theirs: list[float] = []
    for query in QUERIES * rounds:
        found = timed(
            ours, lambda query=query: [hit.dispatch for hit in search.find(home, Query(words=query))]
        )
        scanned = timed(theirs, lambda query=query: scan(home, query))
        assert bool(found) == bool(scanned), query
    return ours, theirs


def scan(home: Home, query: str, limit: int = 50) -> list[str]:
    """The same question as a clerk's database without an index answers it: every row is looked at."""
    words = [f"%{word}%" for word in plaintext.folded(query).split()]
    where = " AND ".join(["folded LIKE ?"] * len(words))
    rows = home.archive.rows(
        f"SELECT idx FROM searchable WHERE {where} ORDER BY idx DESC LIMIT ?", (*words, limit)
    )
    return [search.hit(home.archive, idx, False).dispatch for (idx,) in rows]


def timed(times: list[float], work: Callable[[], Sequence[str]]) -> Sequence[str]:
    began = time.perf_counter()
    answer = work()
    times.append(time.perf_counter() - began)
    return answer


def percentile_90(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=10)[-1]


# --- an archive


def fill(home: Home, packages: int) -> None:
    """Packages as they lie in an archive after years: statements, packages, signed manifests."""
    chance = random.Random(1)
    note = a_dispatch(home.keyring.signer)
    with home.archive.transaction():
        for idx, made in enumerate(manifests_of(chance, packages)):
            dispatch = f"{idx:064x}"
            home.archive.run(
                "INSERT INTO statements VALUES (?,?,?,?,?,?,?)",
                (idx, dispatch, note, "dispatch", made.case, dispatch, int(made.time.timestamp())),
            )
            direction = chance.choice(("in", "out"))
            package = Package(dispatch, direction, "opened", made.case, made.kind)  # type: ignore[arg-type]
            cupboard.put_package(home.archive, package)
            signed = manifests.sign(made, home.keyring.signer)
            register.keep_manifest(home, dispatch, signed.note)


def manifests_of(chance: random.Random, packages: int) -> Iterator[Manifest]:
    began = datetime(2020, 1, 2, 8, tzinfo=UTC)
    for number in range(packages):
        title = " ".join(chance.choices(WORDS, k=chance.randint(8, 20)))
        if number % 400 == 0:
            title += " quỹ đất Đắk Lắk"
        yield a_manifest(chance, number, f"Về việc {title}", began + timedelta(hours=5 * number))


def a_manifest(chance: random.Random, number: int, title: str, at: datetime) -> Manifest:
    file = FileEntry(f"{number:064x}", 182_044, "application/pdf", "cover", 2, True, False, "Công văn.pdf")
    symbol = chance.choice(("CV/ĐUCCQ", "TTr/ĐUCCQ", "BC/ĐUCA"))
    return Manifest(
        relay="relay.example/kynhan",
        case=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        about=None,
        kind="request",
        subject=chance.choice(SUBJECTS),
        term="in-country",
        urgency=None,
        from_=FROM,
        approver=None,
        to="ca.example",
        regarding=None,
        due=None,
        form="party-2026",
        issuer="Đảng ủy Các cơ quan tỉnh",
        parent="Tỉnh ủy",
        doctype="Công văn",
        number=number % 900 + 1,
        symbol=symbol,
        printed=f"Số {number % 900 + 1:02d}-{symbol}",
        place="Ví Dụ",
        issued=at.date(),
        title=title,
        authority="T/M BAN THƯỜNG VỤ",
        position="PHÓ BÍ THƯ",
        signer="Người ký",
        pages=2,
        secrecy="khong-mat",
        secret_until=None,
        circulation=None,
        enclosures=0,
        reply_to=None,
        wish_date=None,
        drafting=chance.choice(("Ban Tổ chức", "Văn phòng", "Ủy ban Kiểm tra")),
        copy=(),
        file=(file,),
        time=at,
        nonce=chance.randbytes(16),
    )


def a_dispatch(signer: Signer) -> bytes:
    """A signed DISPATCH; search reads the profile of a case from it, and no profile is here."""
    nothing = HashSize("0" * 64, 1)
    statement = Dispatch(
        case="00000000-0000-4000-8000-000000000000",
        about=None,
        kind="request",
        term="in-country",
        urgency=None,
        from_=FROM,
        approver=None,
        to="ca.example",
        sealed=("1" * 64,),
        header=nothing,
        body=nothing,
        regarding=None,
        due=None,
        profile="2" * 64,
        relay="relay.example/kynhan",
        seen=Seen(0, merkle.EMPTY_ROOT),
        head=("3" * 64,),
        time=datetime(2020, 1, 2, 8, tzinfo=UTC),
        nonce=bytes(16),
    )
    return signing.sign(statement, signer).note
