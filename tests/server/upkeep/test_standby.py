"""A second relay process on the same data folder waits, says so, and takes over when the first dies."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests import moments
from tests.server.agreement import CLERK, found, joined
from tests.server.processes import ORIGIN, SLUG, Data, admit, made, run, serving

from kynhan_keys.vkeys import Vkey
from kynhan_server.upkeep import standby


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return made(tmp_path)


def test_lock_is_held_by_one(tmp_path: Path) -> None:
    assert standby.holder(tmp_path) is None
    with standby.held(tmp_path):
        assert standby.holder(tmp_path) is not None
        with pytest.raises(standby.FolderInUse, match="using this data folder"), standby.held(tmp_path):
            pass
    assert standby.holder(tmp_path) is None


async def test_standby_takes_over_when_the_first_is_killed(data: Data) -> None:
    admitted = admit(data)
    keys = Vkey.parse(admitted["ed25519"]), Vkey.parse(admitted["ml-dsa-44"])
    with serving(data) as first:
        authority = first.until("ready")["authority"]
        with serving(data, listen=authority) as second:
            assert second.until("standby")["holder"] == str(first.popen.pid)
            async with joined(authority, SLUG, ORIGIN, keys) as agreement:
                await found(agreement)
                dispatch, parts = await agreement.dispatch()
                sent = {"header": parts.header, "body": parts.body}
                before = await agreement.post(dispatch, agreement.keys[CLERK], **sent)
                assert second.popen.poll() is None
                first.kill()
                assert second.until("ready")["authority"] == authority
                after = await agreement.post(dispatch, agreement.keys[CLERK], **sent)
                assert after.body == before.body
                await agreement.receipt(before.posted().id)
            assert second.stop() == 0
    (line,) = run("verify-log", "--data", str(data.folder)).stdout.splitlines()[:1]
    assert "everything agrees" in line


def test_standby_stops_when_told(data: Data) -> None:
    admit(data)
    with serving(data) as first:
        first.until("ready")
        with serving(data) as second:
            second.until("standby")
            assert second.stop() == 0
        assert first.popen.poll() is None


async def test_a_request_is_not_served_twice_across_a_kill(data: Data) -> None:
    """The nonce journal outlives `kill -9`."""
    import os

    from kynhan_protocol.wire import api, requests

    admitted = admit(data)
    keys = Vkey.parse(admitted["ed25519"]), Vkey.parse(admitted["ml-dsa-44"])
    with serving(data) as first:
        authority = first.until("ready")["authority"]
        async with joined(authority, SLUG, ORIGIN, keys) as agreement:
            await agreement.certify(CLERK, "clerk")
            target = agreement.path(api.STATEMENTS)
            headers = requests.sign(
                requests.Request("GET", authority, target),
                keyid=CLERK,
                sign_bytes=agreement.keys[CLERK].sign_bytes,
                created=int(moments.machine_time()),
                nonce=os.urandom(16),
            )

            def replay() -> int:
                request = urllib.request.Request(f"http://{authority}{target}", headers=headers)
                try:
                    with urllib.request.urlopen(request) as answer:
                        return int(answer.status)
                except urllib.error.HTTPError as refused:
                    with refused:
                        return refused.code

            assert [replay(), replay()] == [200, 401]
            first.kill()
            with serving(data, listen=authority) as second:
                second.until("ready")
                assert replay() == 401
                assert (await agreement.ask(CLERK, "GET", target)).status == 200
