"""Opening the home for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..clock import is_loopback
from ..errors import problem
from ..home.home import Home
from .base import Session


@contextmanager
def open_home(session: Session) -> Iterator[Home]:
    """The home, opened with the passphrase. Raises ClientError no-home, wrong-passphrase, demo-clock …"""
    if not (session.home / "keys.age").is_file():
        raise problem("no-home", path=session.home)
    passphrase = session.passphrase.read(session.output.text("ask.passphrase", path=session.home))
    with Home.open(session.home, passphrase, clock=session.clock) as home:
        known = home.config.relay
        if session.demo_clock is not None and known is not None and not is_loopback(known.url):
            raise problem("demo-clock")
        yield home
