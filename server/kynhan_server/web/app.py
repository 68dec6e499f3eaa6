"""The application: `routes.table.ROUTES` behind the checks that every request passes, in this order.

target in its one spelling → route → no encoded body → query → log → body within its limit → signature → handler
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from aiohttp import hdrs, web

from kynhan_protocol.wire import api, requests
from kynhan_server.clock import SystemClock
from kynhan_server.web import auth, limits, problems, target
from kynhan_server.web.problems import HttpProblem
from kynhan_server.web.routes.call import SERVICES, Auth, Call, Route, Services, read_body
from kynhan_server.web.routes.table import ROUTES

_VARIABLE = re.compile(r"\{([a-z0-9]+)\}")


def build(services: Services) -> web.Application:
    """The aiohttp application of one relay."""
    app = web.Application(middlewares=[_edge], handler_args={"auto_decompress": False})
    app[SERVICES] = services
    for route in ROUTES:
        path = _VARIABLE.sub(lambda match: f"{{{match[1]}:{api.PATTERNS[match[1]]}}}", route.path)
        for method in (route.method, "HEAD") if route.has_head else (route.method,):
            app.router.add_route(method, path, _served(route), expect_handler=_expect)
    app.on_response_prepare.append(_be_silent)
    return app


@web.middleware
async def _edge(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """First and last: the target, the encoding, the connection's deadline, and errors as problem documents."""
    connection = request.protocol
    if isinstance(connection, limits.Protocol):
        connection.begun()
    try:
        target.split(request.raw_path)
        if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
            raise HttpProblem(
                "unsupported-encoding",
                "Send the body as it is, without Content-Encoding.",
                {"Accept-Encoding": ""},
            )
        return await handler(request)
    except ConnectionError:
        raise
    except web.RequestPayloadError:
        return problems.response("bad-request", "The body does not follow HTTP/1.1.")
    except Exception as error:
        if request.writer.output_size > 0:  # too late for a problem document: break off
            problems.answer(error)
            raise ConnectionResetError("an answer was cut short") from error
        return problems.answer(error)
    finally:
        if isinstance(connection, limits.Protocol):
            connection.ended()


def _served(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        return await route.handler(await _call(route, request))

    return serve


async def _call(route: Route, request: web.Request) -> Call:
    services = request.app[SERVICES]
    _, raw_query = target.split(request.raw_path)
    query = target.parameters(raw_query, route.query)
    values = dict(request.match_info)
    log = services.relay.log(values["log"]) if "log" in values else None
    content = await _content(route, request, services)
    actor = None
    if route.auth is Auth.MEMBER:
        if log is None:
            raise RuntimeError("members belong to a log")
        actor = await auth.authenticate(
            requests.Request(request.method, services.authority, request.raw_path),
            request.headers,
            content,
            realm=values["log"],
            lookup=lambda name: services.relay.reading.member_key(log, name),
            nonces=services.nonces,
            now=int(services.relay.clock.now().timestamp()),
            system_now=SystemClock().now().timestamp(),
        )
    return Call(request, services, values, query, content, log, actor)


async def _content(route: Route, request: web.Request, services: Services) -> bytes:
    if route.streams:
        return b""
    if route.body is None:
        if request.body_exists and (request.content_length or hdrs.TRANSFER_ENCODING in request.headers):
            raise HttpProblem("bad-request", "This request takes no body.")
        return b""
    if request.content_type != route.body.media_type:
        raise HttpProblem("unsupported-media-type", f"The body must be {route.body.media_type}.")
    return await read_body(request, route.body.most, services.connections.limits.body_seconds)


async def _expect(request: web.Request) -> web.StreamResponse | None:
    """`Expect: 100-continue` is granted; nothing else can be expected (RFC 9110 10.1.1)."""
    if request.headers.get(hdrs.EXPECT, "").lower() != "100-continue":
        return problems.response("bad-request", "Only 100-continue can be expected.")
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0
    return None


async def _be_silent(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall(hdrs.SERVER, None)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    # the relay's own clock, by which a client whose clock is wrong can see it
    response.headers[hdrs.DATE] = formatdate(request.app[SERVICES].relay.clock.now().timestamp(), usegmt=True)
