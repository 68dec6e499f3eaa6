"""Ports for relays that tests stop and start again at the same place."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket

FIRST, HOW_MANY = 10_000, 20_000  # below those that Linux gives out (from 32768 on)
_next = itertools.count(os.getpid() * 97)  # processes that run tests side by side begin far from each other


def free_port() -> int:
    """A port that nobody listens on just now, and that the system gives to nobody: not to another test at work, and
    not to a connection while the relay at this port is down."""
    while True:
        port = FIRST + next(_next) % HOW_MANY
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
