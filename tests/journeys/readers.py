"""Clerks' clients reduced to what they believe: each statement as the relay serves it, verified by the Follower of the
client program, and folded. What two of them say of a case has to be what the relay says.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.server.world import ORIGIN, Person, World

from kynhan_client.log.following import Follower, Unread
from kynhan_client.log.logbook import Entry
from kynhan_keys import merkle
from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import fold
from kynhan_protocol.case.case import Case
from kynhan_protocol.statements.chains import Chain
from kynhan_protocol.statements.committees import Committees


@dataclass
class Reader:
    """The client of a clerk who reads everything. `again` folds each case anew, from its first statement, each time."""

    clerk: Person
    profile: Profile
    committees: Committees
    calendars: CalendarBook
    follower: Follower
    again: bool
    entries: dict[str, Entry] = field(default_factory=dict)
    by_case: dict[str, list[Entry]] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    tree: merkle.Frontier = field(default_factory=merkle.Frontier)
    size: int = 0

    @classmethod
    def of(cls, world: World, clerk: Person, profile: Profile, calendar: Calendar, *, again: bool) -> Reader:
        committees = Committees.of(Chain(party.name, party.root.vkey) for party in (world.ccq, world.ca))
        entries: dict[str, Entry] = {}
        roots: dict[int, bytes] = {0: merkle.EMPTY_ROOT}
        follower = Follower(
            ORIGIN,
            world.log.vkeys,
            committees,
            last_time=None,
            find=entries.get,
            root_at=roots.__getitem__,
            complete=True,
        )
        book = CalendarBook.begin(profile.calendar, profile.committees, calendar)
        return cls(clerk, profile, committees, book, follower, again, entries, roots=roots)

    async def read(self, world: World) -> None:
        """Takes in what is new. Nothing that an honest relay logged may be found wrong."""
        actor = await world.actor(self.clerk)
        page = await world.relay.reading.statements(world.log, actor, self.size, 10_000)
        unread = [Unread(one.index, one.id, one.note.encode()) for one in page.statements]
        for one in unread:
            self.tree = self.tree.extend([merkle.leaf_hash(bytes.fromhex(one.id))])
            self.roots[one.index + 1] = self.tree.root()
        for entry in self.follower.read(unread, last=True):
            self._take(entry)
        self.size += len(unread)
        self.committees = self.follower.committees
        assert self.follower.findings == []
        if self.again:
            for name, entries in self.by_case.items():
                case = fold.fold((one.logged for one in entries), self.profile, self.calendars)
                assert case is not None
                self.cases[name] = case

    def _take(self, entry: Entry) -> None:
        self.entries[entry.logged.id] = entry
        self.calendars = self.calendars.apply(entry.logged)
        if entry.case is None:
            return
        self.by_case.setdefault(entry.case, []).append(entry)
        if not self.again:
            before = self.cases.get(entry.case)
            self.cases[entry.case] = fold.apply(before, entry.logged, self.profile, self.calendars)
