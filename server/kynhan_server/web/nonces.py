"""Nonces of signed requests, each accepted once, also across restarts of the relay.

Kept in memory and appended to a journal in the data folder without fsync: what `write` returned survives the death of
the process (`kill -9`, a standby taking over), not the death of the machine. The journal therefore begins with the
kernel's boot id; opened after another boot, it makes the relay refuse every request created before that moment. So no
request that was served can be replayed, and no read costs a disk flush.

Retention runs on the system's clock, not on the relay's (which a demo moves): a nonce is remembered for half an hour,
three times as long as its request could be accepted.
"""

from __future__ import annotations

import os
from collections import Counter, OrderedDict
from pathlib import Path

import structlog

log = structlog.get_logger("kynhan.http")

RETAIN = 1800
PER_KEY = 100_000
_REWRITE_AFTER = 10_000


def boot_id() -> str:
    """What names this boot of the machine; a name never seen again where the system has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return os.urandom(16).hex()


class Nonces:
    """The store. `use` is synchronous: between looking and remembering nobody else comes in."""

    def __init__(self, journal: Path, *, boot: str, relay_now: int, system_now: float) -> None:
        self._journal = journal
        self._boot = boot
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._per_key: Counter[str] = Counter()
        self._appended = 0
        self.floor = self._load(relay_now, system_now)
        """Requests created before this second (relay's clock) are refused."""
        self._rewrite()

    def use(self, keyid: str, nonce: str, system_now: float) -> bool:
        """Remember the nonce; False when it was used before. `keyid` and `nonce` hold no space."""
        self._forget(system_now)
        if (keyid, nonce) in self._seen:
            return False
        self._remember(keyid, nonce, system_now)
        self._append(f"{system_now:.0f} {keyid} {nonce}\n")
        return True

    def is_full(self, keyid: str) -> bool:
        """Whether this key has used so many nonces that it must wait."""
        return self._per_key[keyid] >= PER_KEY

    def close(self) -> None:
        """Close the journal."""
        os.close(self._file)

    def _remember(self, keyid: str, nonce: str, used: float) -> None:
        self._seen[keyid, nonce] = used
        self._per_key[keyid] += 1

    def _forget(self, system_now: float) -> None:
        while self._seen:
            (keyid, nonce), used = next(iter(self._seen.items()))
            if abs(system_now - used) < RETAIN:
                return
            del self._seen[keyid, nonce]
            self._per_key[keyid] -= 1
            if not self._per_key[keyid]:
                del self._per_key[keyid]

    def _load(self, relay_now: int, system_now: float) -> int:
        try:
            boot, *lines = self._journal.read_text("ascii").split("\n")
        except FileNotFoundError:
            return 0
        except (OSError, UnicodeDecodeError):
            return relay_now
        for line in lines[:-1]:
            match line.split(" "):
                case [used, keyid, nonce] if used.isdigit() and abs(system_now - int(used)) < RETAIN:
                    self._remember(keyid, nonce, int(used))
        return 0 if boot == self._boot else relay_now

    def _rewrite(self) -> None:
        fresh = self._journal.with_name(self._journal.name + ".new")
        lines = [f"{used:.0f} {keyid} {nonce}\n" for (keyid, nonce), used in self._seen.items()]
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with open(descriptor, "ab", closefd=False) as file:
            file.write("".join([self._boot + "\n", *lines]).encode("ascii"))
        fresh.replace(self._journal)
        self._file = descriptor
        self._appended = 0

    def _append(self, line: str) -> None:
        try:
            if self._appended >= _REWRITE_AFTER + 2 * len(self._seen):
                old = self._file
                self._rewrite()
                os.close(old)
            else:
                os.write(self._file, line.encode("ascii"))
                self._appended += 1
        except OSError as error:  # a full disk must not stop reading; memory still refuses replays
            log.warning("nonce-journal", error=str(error))
