"""Talking to the home's relay for a command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from ..errors import ClientError, problem
from ..home.home import Home
from ..relay.relay import Relay, connect

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs one command's asynchronous work to its end."""
    return asyncio.run(work)


def online(home: Home, work: Callable[[Relay], Awaitable[T]]) -> T:
    """Runs `work` with the home's relay. Raises ClientError no-relay, and whatever `work` raises."""

    async def connected() -> T:
        async with connect(home) as relay:
            return await work(relay)

    return asyncio.run(connected())


def at_once(home: Home, work: Callable[[Relay], Awaitable[T]]) -> T:
    """As online, for what is done now or not at all: nothing of it waits in the outbox. Raises ClientError relay-away
    instead of relay-down."""
    try:
        return online(home, work)
    except ClientError as error:
        if error.code == "relay-down":
            raise problem("relay-away", what=error.pair) from error
        raise
