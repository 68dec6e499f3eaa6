"""What of an agreement's profile and calendar the relay needs outside the writer's thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from kynhan_protocol.agreement import profile as profiles
from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.profile import Profile
from kynhan_server.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from kynhan_server.log.logs import Log


@dataclass(frozen=True)
class Rules:
    """The profile in force and the calendar in force, read open-ended."""

    profile: Profile
    calendar: Calendar


class RuleBook:
    """Profiles by their hash, parsed once. Lives on the event loop."""

    def __init__(self) -> None:
        self._profiles: dict[tuple[int, str], Profile] = {}

    async def in_force(self, connection: AsyncConnection, log: Log) -> Rules | None:
        """The rules of a log now; None before its first profile is in force."""
        state = log.state
        found = state.committees.profiles()
        if not found or state.calendars is None:
            return None
        profile = await self.profile(connection, log, found[-1].document)
        return Rules(profile, state.calendars.in_force(state.size).without_end())

    async def profile(self, connection: AsyncConnection, log: Log, sha: str) -> Profile:
        """The profile of that hash, which is stored."""
        key = log.id, sha
        if key not in self._profiles:
            d = t.documents.c
            row = await connection.execute(select(d.bytes).where(d.log == log.id, d.sha256 == sha))
            self._profiles[key] = profiles.parse(bytes(row.scalar_one()))
        return self._profiles[key]
