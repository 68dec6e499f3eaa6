"""The one place where named errors become HTTP: RFC 9457 problem documents with stable codes.

Handlers raise; `answer` maps. What a client sends can lead to any 4xx here, to 503 while the relay's clock or disk
is unwell, and never to a 500: that is kept for errors of our own, which are logged and told nothing about.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from aiohttp import web

from kynhan_keys.errors import KeysError
from kynhan_protocol.errors import ProtocolError
from kynhan_protocol.strict_json import StrictJsonError, encode
from kynhan_protocol.wire import api
from kynhan_server.errors import Refused

log = structlog.get_logger("kynhan.http")

PROTOCOL_FALLBACK = "bad-statement"
"""What a ProtocolError with a code of no HTTP meaning of its own is answered as."""


class HttpProblem(Exception):  # noqa: N818 (it is an answer, not a fault)
    """A refusal by the HTTP layer itself: `code` is a key of api.PROBLEMS."""

    def __init__(self, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})


def response(code: str, detail: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """The problem document of `code`. Its bytes depend on `code` and `detail` alone: no instance, no time."""
    status, title = api.PROBLEMS[code]
    problem = api.Problem(type=api.PROBLEM_TYPE + code, title=title, status=status, detail=detail, code=code)
    answered = web.Response(
        status=status,
        body=encode(problem),
        headers={"Content-Type": api.PROBLEM, "Cache-Control": "no-store", **(headers or {})},
    )
    if status in (408, 413):  # the rest of the request is not wanted
        answered.force_close()
    return answered


def not_found() -> HttpProblem:
    """Absent, and not yours: one answer, so that nobody learns which."""
    return HttpProblem("not-found", NOT_FOUND)


NOT_FOUND = "There is nothing here, or nothing for you."


def answer(error: BaseException) -> web.Response:
    """The response for whatever a handler raised."""
    match error:
        case HttpProblem():
            return response(error.code, error.detail, error.headers)
        case Refused(code="not-found"):
            return response("not-found", NOT_FOUND)
        case Refused():
            if error.code not in api.PROBLEMS:
                log.error("unmapped-code", code=error.code)
                return response("conflict", error.detail)
            return response(error.code, error.detail)
        case StrictJsonError():
            return response("bad-json", f"{error}.")
        case ProtocolError():
            code = error.code if error.code in api.PROBLEMS else PROTOCOL_FALLBACK
            return response(code, str(error))
        case KeysError():
            return response(PROTOCOL_FALLBACK, str(error))
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            return response("method-not-allowed", "See the Allow header.", {"Allow": allowed})
        case web.HTTPNotFound():
            return response("not-found", NOT_FOUND)
        case web.HTTPRequestEntityTooLarge():
            return response("too-large", "The request is larger than this path accepts.")
        case web.HTTPException() if 400 <= error.status < 500:
            return response("bad-request", "The request is not acceptable here.")
    log.error("internal", exc_info=error)
    return response("internal", "The relay could not do this; its operator finds the reason in its log.")
