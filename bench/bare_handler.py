"""The peer for dispatches: an aiohttp handler that reads the whole request body and answers 200 with N bytes.

`python bench/bare_handler.py PORT N`. No signatures are checked, nothing is kept.
"""

from __future__ import annotations

import sys

from aiohttp import web


def main() -> None:
    port, size = int(sys.argv[1]), int(sys.argv[2])
    answer = b"x" * size

    async def post(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=answer, content_type="application/json")

    app = web.Application()
    app.router.add_post("/{path:.*}", post)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main()
