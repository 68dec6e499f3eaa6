"""Keys under the right names, and how a member comes to be certified."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ, PASSPHRASE, connected, founded

from kynhan_client.errors import ClientError
from kynhan_client.home import keyring
from kynhan_client.home.home import Home
from kynhan_client.log import mirror
from kynhan_client.log.view import View
from kynhan_client.relay.relay import connect
from kynhan_client.trust import members
from kynhan_keys import age
from kynhan_keys.vkeys import ML_DSA_44
from kynhan_protocol.statements.statements import Membership


def test_a_keyring_shows_no_secret() -> None:
    keys = keyring.make_keys("ccq.example/van-thu", root=True, witness=True)
    ring = keyring.unlock(keys, "ccq.example", "ccq.example/doi-chung")
    shown = repr(ring) + repr(keys)
    for seed in (keys.signing, keys.archive, keys.root, keys.witness, keys.sealing[0]):
        assert seed is not None
        assert seed.hex() not in shown
        assert repr(seed) not in shown


def test_what_is_sealed_to_the_recipient_opens_with_the_keyring() -> None:
    ring = keyring.unlock(keyring.make_keys("ca.example/to-1", root=False, witness=False), "ca.example", None)
    sealed = b"".join(
        age.seal([b"xin chao"], [ring.identities[0].recipient()], file_key=bytes(16), nonce=bytes(16))
    )
    assert b"".join(age.open_([sealed], ring.identities)) == b"xin chao"
    assert ring.root is None
    assert ring.witness is None


async def test_a_new_committee_certifies_its_clerk_and_its_witness(tmp_path: Path) -> None:
    async with connected(tmp_path) as world:
        clerk, witness = members.first_members(world.ccq)
        assert isinstance(clerk.statement, Membership)
        assert isinstance(witness.statement, Membership)
        assert clerk.signed_by == ("ccq.example", "ccq.example/van-thu")
        assert witness.signed_by == ("ccq.example",)
        assert witness.statement.signing.type == ML_DSA_44
        assert witness.statement.previous == clerk.id
        for statement in (clerk, witness):
            await members.post(world.ccq, world.to[CCQ], statement)
        await mirror.sync(world.ccq, world.to[CCQ])
        assert sorted(View(world.ccq).in_force()) == ["ccq.example/doi-chung", "ccq.example/van-thu"]
        assert View(world.ccq).own().id == clerk.id


async def test_a_unit_joins_by_request_and_invitation(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        unit = Home.create(
            tmp_path / "unit",
            PASSPHRASE,
            member="ca.example/to-3",
            holder="Tổ 3",
            roles=("unit",),
            with_root=False,
            with_witness=False,
        )
        with unit:
            asked = members.parse_request(members.request(unit))
            invitation = members.invite(world.ca, asked, holder="Tổ Xác minh 3")
            signed = members.accept(unit, invitation)
            async with connect(unit) as relay:
                await members.post(unit, relay, signed)
                await mirror.sync(unit, relay)
            await world.sync()
            assert unit.config.holder == "Tổ Xác minh 3"
            assert unit.config.root == world.ca.config.root
            for home in (unit, world.ccq):
                assert View(home).in_force()["ca.example/to-3"].has("unit")


async def test_holders_that_differ_in_diacritics_alone_are_told(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        clerk = View(world.ca).own()
        known = clerk.statement.holder
        bare = "".join(one for one in unicodedata.normalize("NFD", known) if not unicodedata.combining(one))
        assert bare != known
        told = members.spelled_alike(world.ca, "ca.example/moi", bare)
        assert {one.name for one in told} >= {clerk.name}
        assert members.spelled_alike(world.ca, "ca.example/moi", f" {known.upper()} ".strip()) == ()
        assert members.spelled_alike(world.ca, "ca.example/moi", "Tổ 3") == ()
        assert clerk.name not in {one.name for one in members.spelled_alike(world.ca, clerk.name, bare)}


async def test_an_invitation_is_only_for_the_keys_that_asked(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        asked = None
        for name in ("one", "two"):
            with Home.create(
                tmp_path / name,
                PASSPHRASE,
                member="ca.example/to-3",
                holder="Tổ 3",
                roles=("unit",),
                with_root=False,
                with_witness=False,
            ) as home:
                asked = asked or members.parse_request(members.request(home))
                invitation = members.invite(world.ca, asked)
                if name == "one":
                    members.accept(home, invitation)
                    continue
                with pytest.raises(ClientError) as caught:
                    members.accept(home, invitation)
                assert caught.value.code == "bad-file"
                damaged = invitation.replace(b"unit", b"clerk")
                with pytest.raises(ClientError):
                    members.accept(home, damaged)


async def test_only_the_home_with_the_root_key_certifies_and_only_its_own(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        asked = members.parse_request(members.request(world.ccq))
        with pytest.raises(ClientError) as caught:
            members.invite(world.ca, asked)
        assert caught.value.code == "no-root-key"


async def test_a_revoked_key_and_an_expired_one_are_not_in_force(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        assert View(world.ca).own().name == "ca.example/van-thu"
        world.offset.write_text(str(4 * 365 * 86400))
        with pytest.raises(ClientError) as expired:
            View(world.ca).own()
        assert expired.value.code == "member-expired"
        world.offset.write_text("0")
        vkey = world.ca.keyring.signer.vkey
        await members.post(world.ca, world.to[CA], members.revoke(world.ca, vkey, "left"))
        await world.sync()
        with pytest.raises(ClientError) as revoked:
            View(world.ca).own()
        assert revoked.value.code == "member-expired"
        assert "ca.example/van-thu" not in View(world.ccq).in_force()


async def test_a_home_that_nobody_certified_says_so(tmp_path: Path) -> None:
    async with connected(tmp_path) as world:
        with pytest.raises(ClientError) as caught:
            View(world.ccq).own()
        assert caught.value.code == "not-certified"
