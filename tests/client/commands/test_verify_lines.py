"""`kynhan verify` for people: a reason of many receipts is said once; where something is missing, what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.client.calling import Kynhan
from tests.protocol.cases import files_of_journey


@pytest.mark.parametrize(
    ("language", "reason", "advice"),
    [
        ("en", "Nothing shows that no root statement is missing", "Not complete is not wrong"),
        ("vi", "Chưa có căn cứ là chuỗi chứng nhận", "Chưa đủ không có nghĩa là sai"),
    ],
)
def test_one_missing_file_is_not_said_once_a_receipt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, reason: str, advice: str
) -> None:
    for name, data in files_of_journey().items():
        if not name.startswith("heads/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data)
    ran = Kynhan(capsys, "--lang", language)("verify", str(tmp_path))
    assert ran.status == 1
    assert ran.stdout.count(reason) == 2  # once for the chain of each committee
    assert ran.stdout.count("receipts/") > 1
    assert ran.stdout.count(advice) == 1
