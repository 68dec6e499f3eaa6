"""Comparing keys, and attesting the profile."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from tests.client.agreement import CA, CCQ, connected, founded, profile_for
from tests.client.relay_simulator import ORIGIN

from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.trust import members, profile_signing, trust
from kynhan_keys.vkeys import Signer
from kynhan_protocol.agreement.profile import document_hash


async def test_both_sides_see_the_same_sixty_digits(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        shown = trust.digits(world.ccq)
        assert shown == trust.digits(world.ca)
        assert len(shown.replace(" ", "")) == 60
        assert len(shown.split()) == 12


async def test_nothing_is_sealed_before_the_comparison(tmp_path: Path) -> None:
    async with connected(tmp_path) as world:
        with pytest.raises(ClientError) as early:
            trust.digits(world.ccq)
        assert early.value.code == "keys-missing"
        for home in (world.ccq, world.ca):
            for statement in members.first_members(home):
                await members.post(home, world.to[home.config.committee], statement)
        await world.sync()
        with pytest.raises(ClientError) as caught:
            trust.require_compared(world.ccq)
        assert caught.value.code == "not-compared"
        digits = trust.digits(world.ca)
        wrong = digits[:-1] + ("1" if digits[-1] != "1" else "2")
        for typed in (wrong, digits[:-2], "", digits + "0"):
            with pytest.raises(ClientError) as differing:
                trust.compare(world.ccq, typed)
            assert differing.value.code == "keys-differ"
        assert not trust.is_compared(world.ccq)
        trust.compare(world.ccq, digits.replace(" ", "\n") + " ")
        trust.require_compared(world.ccq)


async def test_other_keys_than_those_compared_are_found_out(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        home: Home = world.ccq
        other = str(Signer.ed25519(ORIGIN, bytes(32)).vkey)
        home.save_config(
            msgspec.structs.replace(home.config, relay=msgspec.structs.replace(home.relay, ed25519=other))
        )
        with pytest.raises(ClientError) as caught:
            trust.require_compared(home)
        assert caught.value.code == "not-compared"


async def test_a_profile_is_in_force_once_both_attested_the_same_bytes(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        document = profile_for(world.simulator, "16-QC/TU")
        before = View(world.ccq).profile_id
        changed = profile_signing.differences(world.ccq, document)
        assert [(one.where, one.before, one.after) for one in changed] == [
            ("regulation.number", "15-QC/TU", "16-QC/TU")
        ]
        await profile_signing.attest(world.ccq, world.to[CCQ], document)
        await world.sync()
        assert View(world.ccq).profile_id == before
        await profile_signing.attest(world.ca, world.to[CA], document)
        await world.sync()
        assert View(world.ccq).profile_id == View(world.ca).profile_id == document_hash(document)
        assert profile_signing.differences(world.ccq, document) == []


async def test_a_profile_for_another_relay_is_not_signed(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        document = json.loads(profile_for(world.simulator))
        document["relay"]["ed25519"] = str(Signer.ed25519(ORIGIN, bytes(32)).vkey)
        for data in (json.dumps(document).encode(), b"{}", b""):
            with pytest.raises(ClientError) as caught:
                await profile_signing.attest(world.ccq, world.to[CCQ], data)
            assert caught.value.code == "bad-file"


async def test_a_frozen_home_signs_nothing(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        world.ccq.freeze(("hai nhật ký", "two histories"), world.ccq.keep_evidence("test", {"a": b""}))
        document = profile_for(world.simulator, "16-QC/TU")
        with pytest.raises(ClientError) as caught:
            await profile_signing.attest(world.ccq, world.to[CCQ], document)
        assert caught.value.code == "frozen"
