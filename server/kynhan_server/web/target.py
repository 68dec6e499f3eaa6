"""The request target in its one accepted spelling: origin form, no escapes in the path, each query name once.

Percent-encoding, dot segments, empty segments and absolute form are refused before anything is looked up, so that a
proxy, the router and the signature (`@path`, `@query`, RFC 9421 2.2.6-7) can only ever mean the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from kynhan_server.web.problems import HttpProblem

_TARGET = re.compile(r"(/[A-Za-z0-9._~/-]*)(?:\?([A-Za-z0-9._~=&-]*))?")
_BAD_SEGMENTS = re.compile(r"//|/\.{1,2}(?:/|$)")


def split(raw: str) -> tuple[str, str]:
    """Path and query (without `?`) of a raw request target. Raises HttpProblem `bad-target`."""
    match = _TARGET.fullmatch(raw)
    if match is None or _BAD_SEGMENTS.search(match[1]):
        raise HttpProblem(
            "bad-target", "The target must be a plain path: no scheme, escapes, dot or empty segments."
        )
    return match[1], match[2] or ""


def parameters(query: str, known: Collection[str]) -> dict[str, str]:
    """The query's parameters. Raises HttpProblem `bad-request` for an unknown or repeated one."""
    found: dict[str, str] = {}
    for pair in query.split("&") if query else ():
        name, equals, value = pair.partition("=")
        if not equals or name not in known or name in found:
            raise HttpProblem("bad-request", "The query has an unknown, repeated or empty parameter.")
        found[name] = value
    return found


def number(text: str, *, most: int) -> int:
    """A decimal without sign or leading zeros, at most `most`. Raises HttpProblem `bad-request`."""
    if re.fullmatch(r"0|[1-9][0-9]{0,17}", text, re.ASCII) is None or int(text) > most:
        raise HttpProblem("bad-request", f"A number from 0 to {most} is expected.")
    return int(text)
