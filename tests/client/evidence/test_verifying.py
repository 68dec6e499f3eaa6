"""Verifying offline: what is whole is VALID, what is touched is INVALID and named, what is missing is INCOMPLETE."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.client.parties import parties
from tests.client.whole_case import whole_case

from kynhan_client.errors import ClientError
from kynhan_client.evidence import casefolder, verifying
from kynhan_client.evidence.verifying import Trust, verify_path
from kynhan_keys import policies


async def test_a_receipt_alone_is_incomplete_and_the_readers_own_keys_count(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request, _ = await whole_case(two, tmp_path)
        folder = tmp_path / "case"
        casefolder.write(two.ccq, request.case, folder)
        one = next((folder / "receipts").glob("*-dispatch.receipt"))
        assert verify_path(one).verdict == "INCOMPLETE"
        anchored = verify_path(folder, Trust(roots=folder / "roots", policy=folder / "policy"))
        assert (anchored.verdict, anchored.anchored) == ("VALID", True)
        others = tmp_path / "other-roots"
        others.write_text((folder / "roots").read_text().splitlines()[0] + "\n")
        assert verify_path(folder, Trust(roots=others)).verdict != "VALID"
        assert verify_path(folder, Trust(ed25519_until=two.ccq.clock.now().date())).verdict == "VALID"
        classic = Trust(policy=folder / "policy-ed25519", ed25519_until=two.ccq.clock.now().date())
        assert (
            verify_path(folder, classic).verdict == "INCOMPLETE"
        )  # the reader's own policy, which has no witness
        long_ago = verify_path(folder, Trust(ed25519_until=two.ccq.clock.now().date().replace(year=2020)))
        assert long_ago.verdict == "INCOMPLETE"
        assert {why.code for judged in long_ago.receipts for why in judged.reasons} == {"ed25519-not-dated"}
        other_log = tmp_path / "other-policy"
        policy = policies.parse((folder / "policy").read_bytes())
        other_log.write_bytes(policies.format(policies.Policy((two.ccq.keyring.witness.vkey,))))  # type: ignore[union-attr]
        assert len(policy.logs) == 1
        assert verify_path(folder, Trust(policy=other_log)).verdict == "INVALID"


async def test_one_flipped_byte_is_found_and_named(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request, _ = await whole_case(two, tmp_path)
        files = casefolder.contents(two.ccq, request.case)
        name = next(name for name in files if name.endswith("-due.receipt"))
        for at in range(30, len(files[name]), len(files[name]) // 12):
            data = bytearray(files[name])
            data[at] ^= 1
            report = verifying.verify_files({**files, name: bytes(data)}, Trust())
            assert report.verdict == "INVALID", at
            judged = next(one for one in report.receipts if one.name == name)
            assert judged.reasons


async def test_what_is_no_evidence_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"no tar at all" * 100)
    (tmp_path / "empty").mkdir()
    for path, code in ((tmp_path / "gone", "missing-file"), (tmp_path / "x.tar", "bad-file")):
        with pytest.raises(ClientError) as error:
            verify_path(path)
        assert error.value.code == code
    report = verify_path(tmp_path / "empty")
    assert report.verdict == "INCOMPLETE"
    assert "nothing" in {reason.code for reason in report.reasons}
    for trust in (Trust(roots=tmp_path / "gone"), Trust(policy=tmp_path / "gone")):
        with pytest.raises(ClientError) as error:
            verify_path(tmp_path / "empty", trust)
        assert error.value.code == "missing-file"
