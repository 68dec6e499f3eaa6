"""The specification against a relay at work: requests generated from openapi.json, answers held against it.

No answer is a failure of the server's, every status and content type is one that the document names, and every body
has its schema. Each operation is asked with well-formed and with malformed requests, by a clerk and by nobody.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests as http
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS as KNOWN_CHECKS
from tests import moments
from tests.protocol.world import CALENDAR, CCQ
from tests.server.agreement import CLERK, found, joined
from tests.server.processes import ORIGIN, SLUG, admit, made, serving

from kynhan_keys.vkeys import Signer, Vkey
from kynhan_protocol.wire import api, requests
from kynhan_server.web.routes.status import specification
from kynhan_server.web.routes.table import ROUTES

schemathesis.serializer.alias(api.TUS_CHUNK, "application/octet-stream")
SCHEMA: Any = schemathesis.openapi.from_dict(json.loads(specification()))
CHECKS: Any = KNOWN_CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
EXAMPLES = 12
SECONDS = 10


class Signed(http.auth.AuthBase):
    """Signs what is about to be sent, as the clerk would."""

    def __init__(self, authority: str, key: Signer) -> None:
        self._authority = authority
        self._key = key

    def __call__(self, prepared: http.PreparedRequest) -> http.PreparedRequest:
        with suppress(ValueError):  # a target that cannot be signed goes out unsigned
            prepared.headers.update(
                requests.sign(
                    requests.Request(prepared.method or "GET", self._authority, prepared.path_url),
                    keyid=CLERK,
                    sign_bytes=self._key.sign_bytes,
                    created=int(moments.machine_time()),
                    nonce=os.urandom(16),
                    content=_small_body(prepared),
                )
            )
        return prepared


def _small_body(prepared: http.PreparedRequest) -> bytes | None:
    """The body where the signature has to cover it: JSON, but no upload."""
    if prepared.headers.get("Content-Type") != api.JSON or prepared.body is None:
        return None
    return prepared.body.encode() if isinstance(prepared.body, str) else prepared.body


@dataclass(frozen=True)
class Live:
    """A relay with something in it, and what names that."""

    url: str
    auth: Signed
    known: dict[str, list[str]]


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    data = made(tmp_path_factory.mktemp("relay"))
    admitted = admit(data)
    keys = Vkey.parse(admitted["ed25519"]), Vkey.parse(admitted["ml-dsa-44"])
    with serving(data, "--per-loopback", "0") as process:
        authority = process.until("ready")["authority"]
        key, known = asyncio.run(_furnish(authority, keys))
        yield Live(f"http://{authority}", Signed(authority, key), known)
        assert process.stop() == 0
        while not process.lines.empty():
            process.seen.append(process.lines.get() or {"event": "end"})
        failures = [line for line in process.seen if line["event"] in ("internal", "failed", "not-json")]
        assert failures == []


async def _furnish(authority: str, keys: tuple[Vkey, Vkey]) -> tuple[Signer, dict[str, list[str]]]:
    async with joined(authority, SLUG, ORIGIN, keys) as agreement:
        await found(agreement)
        posted, _ = await agreement.send()
        await agreement.receipt(posted.id)
        await agreement.cosign()
        upload = await agreement.ask(
            CLERK,
            "POST",
            agreement.path(api.UPLOADS),
            headers={"Tus-Resumable": api.TUS, "Upload-Length": "100"},
        )
        feed = await agreement.ask(
            CLERK,
            "POST",
            agreement.path(api.CHANNELS),
            headers={"Content-Type": api.JSON},
            content=b'{"kind":"feed"}',
        )
        made_feed = json.loads(feed.body)["feed"]
        return agreement.keys[CLERK], {
            "log": [SLUG],
            "id": [posted.id],
            "sha256": [json.loads(agreement.profile)["calendar"]],
            "committee": [CCQ],
            "upload": [upload.headers["Location"].rpartition("/")[2]],
            "channel": ["0" * 32],
            "secret": [made_feed.rpartition("/")[2].removesuffix(".ics")],
            "tile": ["0/000.p/9", "entries/000.p/9"],
        }


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)
def test_answers_are_as_specified(relay: Live, route: Any, mode: GenerationMode) -> None:
    if (route.operation, mode) == ("tile", GenerationMode.POSITIVE):
        return  # no path with slashes in it is ever generated; see test_tiles_are_as_specified
    operation = SCHEMA[route.path][route.method]

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(operation.as_strategy(generation_mode=mode), st.booleans(), st.booleans())
    def ask(case: Any, named: bool, by_clerk: bool) -> None:
        if named:  # something that is there
            for name in case.path_parameters or {}:
                case.path_parameters[name] = relay.known[name][0]
        signed = by_clerk and route.operation != "events"  # whose stream would not end
        response = case.call(
            base_url=relay.url, auth=relay.auth if signed else None, timeout=SECONDS, allow_redirects=False
        )
        case.validate_response(response, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:  # nothing about these two can be malformed
        assert (route.operation, mode.value) in (("health", "negative"), ("openapi", "negative"))


@pytest.mark.parametrize("tile", ["0/000.p/9", "entries/000.p/9", "0/000", "1/000", "entries/x001/000.p/1"])
def test_tiles_are_as_specified(relay: Live, tile: str) -> None:
    path = api.path(api.TILE, log=SLUG, tile=tile)
    SCHEMA[api.TILE]["GET"].validate_response(http.get(relay.url + path, timeout=SECONDS))


def test_calendar_is_known(relay: Live) -> None:
    path = api.path(api.CALENDAR, log=SLUG)
    assert http.get(relay.url + path, auth=relay.auth, timeout=SECONDS).content == CALENDAR
    assert Path("server/kynhan_server/openapi.json").read_bytes() == specification()
