"""`kynhan invite` asks before two spellings of what may be one name count as two persons (DESIGN §3.2)."""

from __future__ import annotations

import asyncio
import unicodedata
from pathlib import Path

import pytest
from tests.client.agreement import PASSPHRASE
from tests.client.calling import Kynhan
from tests.client.parties import parties
from tests.journeys.relay_process import ProcessParties

from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.trust import members


async def test_a_holder_spelled_without_diacritics_is_asked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        known = View(two.ccq).own().statement.holder
        bare = "".join(one for one in unicodedata.normalize("NFD", known) if not unicodedata.combining(one))
        member = f"{two.ccq.config.committee}/moi"
        with Home.create(
            tmp_path / "new",
            PASSPHRASE,
            member=member,
            holder=bare,
            roles=("approver",),
            with_root=False,
            with_witness=False,
        ) as new:
            asked = tmp_path / "asked.json"
            asked.write_bytes(members.request(new))
        two.ccq.close()
        secret = tmp_path / "secret"
        secret.touch(mode=0o600)
        secret.write_bytes(PASSPHRASE)
        options = ("--demo-clock", str(tmp_path / "offset"), "--lang", "en")
        ccq = Kynhan(capsys, *options).at(two.ccq.path, secret)
        refused = await asyncio.to_thread(ccq, "invite", str(asked), "--json")
        assert (refused.status, refused.json["error"]["code"]) == (1, "holders-alike")
        assert "in diacritics alone" in refused.json["error"]["en"]
        assert not (tmp_path / "moi.invitation.json").exists()
        as_known = await asyncio.to_thread(ccq, "invite", str(asked), "--holder", known, "--json")
        assert as_known.status == 0
        made = await asyncio.to_thread(ccq, "invite", str(asked), "--yes", "--json")
        assert (made.status, made.json["member"]) == (0, member)
