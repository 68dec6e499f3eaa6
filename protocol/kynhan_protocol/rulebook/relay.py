"""What every statement of the relay has to satisfy: its key is that of the log, and its time does not run backwards
(DESIGN §3.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..statements.signing import SignedStatement
from ..statements.statements import RelayStatement
from .faults import Article, Fault, fault
from .place import LogPlace


def _key(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    statement = signed.statement
    assert isinstance(statement, RelayStatement)
    if not place.is_origin(statement.relay):
        return  # said of the origin
    (line,) = signed.signatures
    if not any(line.is_under(key) and place.is_valid(signed, 0, key) for key, _ in place.relay_keys):
        yield fault("bad-signature", name=statement.relay)


def _time(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    last = place.last_time
    if last is not None and signed.statement.time < last:
        yield fault("time-decreases", before=f"{last:%Y-%m-%dT%H:%M:%SZ}")


KEY: Final = Article("relay-key", RelayStatement, _key)
TIME: Final = Article("relay-time", RelayStatement, _time)
