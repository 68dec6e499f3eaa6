"""What our verified copy of the log says now: members, profile, calendars, cases. Everything is recomputed from it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property

from kynhan_keys import merkle
from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import dates, fold
from kynhan_protocol.case.case import Case
from kynhan_protocol.errors import CalendarError, ChainError, ProfileError
from kynhan_protocol.statements.chains import Certified, Chain
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.statements import Dispatch, Seen

from ..clauses import clause
from ..errors import problem
from ..home.home import Home, ReadChains
from . import casecache, logbook
from .logbook import Entry, Head

READ = "read"  # configuration key: how many entries of the log have been read as statements
ROOT_TYPES = ("membership", "revocation", "profile", "succession")


class View:
    """A home's copy of the log, as of the moment it is made; make a new one after each sync.

    `size` is how far it was read: the index that our next statement cannot be below. `now` is the home's time.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self.archive = home.archive
        self.size = read_size(home)
        self.now: datetime = home.clock.now()
        self.committees = committees_of(home)

    # --- what a statement of ours says about it

    @property
    def seen(self) -> Seen:
        """The last checkpoint that our committee's witness cosigned: `seen` of what we sign. Empty before one is."""
        head = logbook.latest_own(self.archive)
        return Seen(0, merkle.EMPTY_ROOT) if head is None else Seen(head.size, head.root)

    @property
    def heads(self) -> tuple[str, ...]:
        """The newest root statement of each committee: `head` of what we sign."""
        return self.committees.heads()

    @property
    def checkpoint(self) -> Head | None:
        """The largest checkpoint that verified."""
        return logbook.latest(self.archive)

    @property
    def final_checkpoint(self) -> Head | None:
        """The largest one that all committees' witnesses cosigned: it travels inside packages."""
        return logbook.latest_final(self.archive)

    # --- members

    def in_force(self) -> dict[str, Certified]:
        """All memberships in force now, by member name."""
        return self.committees.in_force(self.size, self.now)

    def own(self) -> Certified:
        """Our own membership, with the very key this home has. Raises ClientError not-certified, member-expired."""
        name = self._home.config.member
        chain: Chain | None = self.committees.chain_of(name)
        certified = None if chain is None else chain.certified(self.size).get(name)
        vkey = self._home.keyring.signer.vkey
        if certified is None:
            known = chain is not None and vkey.key.hex() in chain.public_keys()
            if known:
                raise problem("member-expired", member=name, why=clause("member.revoked"))
            raise problem("not-certified", member=name)
        if certified.statement.signing != vkey:
            raise problem("member-expired", member=name, why=clause("member.replaced"))
        if not certified.is_valid_at(self.now):
            until = certified.statement.not_after
            raise problem("member-expired", member=name, why=clause("member.until", date=f"{until:%Y-%m-%d}"))
        return certified

    # --- profile and calendars

    @property
    def profile_id(self) -> str:
        """The profile in force for the next statement (SHA-256). Raises ClientError no-profile."""
        found = self.committees.profile_at(self.size)
        if found is None:
            raise problem("no-profile")
        return found

    @property
    def profile(self) -> Profile:
        """The profile in force. Raises ClientError no-profile, keys-missing."""
        return self.profile_of(self.profile_id)

    def profile_of(self, sha256: str) -> Profile:
        """The profile with this hash, such as the one a case began under. Raises ClientError keys-missing."""
        if sha256 not in self._profiles:
            data = self.archive.document(sha256)
            if data is None:
                raise problem("keys-missing", what=clause("thing.profile", id=sha256[:16]))
            try:
                self._profiles[sha256] = profile.parse(data)
            except ProfileError as error:
                raise problem(
                    "relay-answer-invalid", why=clause("answer.profile", why=error), kept=""
                ) from error
        return self._profiles[sha256]

    @cached_property
    def _profiles(self) -> dict[str, Profile]:
        return {}

    @cached_property
    def calendars(self) -> CalendarBook:
        """All calendars of the log. Raises ClientError no-profile, keys-missing."""
        in_order = self.committees.profiles()
        if not in_order:
            raise problem("no-profile")
        first = self.profile_of(in_order[0].document)
        book = CalendarBook.begin(first.calendar, first.committees)
        wanted = [first.calendar]
        for entry in logbook.of_types(self.archive, "calendar"):
            book = book.apply(entry.logged)
            wanted.append(entry.logged.statement.document)  # type: ignore[union-attr]
        found = []
        for sha256 in wanted:
            data = self.archive.document(sha256)
            if data is not None:
                try:
                    found.append(calendar.parse(data))
                except CalendarError as error:
                    raise problem(
                        "relay-answer-invalid", why=clause("answer.calendar", why=error), kept=""
                    ) from error
        return book.with_documents(*found).beside(self.committees)

    # --- statements and cases

    def statement(self, id_: str) -> Entry | None:
        """A statement of the log, with its log time, case and dispatch."""
        return logbook.by_id(self.archive, id_)

    def of_case(self, case_id: str) -> list[Entry]:
        """All statements of a case, in the order of the log."""
        return logbook.of_case(self.archive, case_id)

    def with_header(self, header: str) -> list[Entry]:
        """The dispatches with this header (SHA-256, hex), in the order of the log."""
        return logbook.with_header(self.archive, header)

    def with_body(self, body: str) -> list[Entry]:
        """The dispatches with this body (SHA-256, hex), in the order of the log."""
        return logbook.with_body(self.archive, body)

    def dispatch(self, id_: str) -> Dispatch:
        """A dispatch of the log. Raises ClientError not-found."""
        entry = self.statement(id_)
        if entry is None or not isinstance(entry.logged.statement, Dispatch):
            raise problem("not-found", what=clause("thing.dispatch", id=id_[:16]))
        return entry.logged.statement

    def case(self, case_id: str) -> Case:
        """A case, folded from all its statements. Raises ClientError not-found, no-profile, keys-missing."""
        entries = logbook.of_case(self.archive, case_id)
        began = next(
            (entry.logged.statement for entry in entries if isinstance(entry.logged.statement, Dispatch)),
            None,
        )
        if began is None:
            raise problem("not-found", what=clause("thing.case", id=case_id))
        statements = (entry.logged for entry in entries)
        case = fold.fold(statements, self.profile_of(began.profile), self.calendars, self.committees)
        if case is None:
            raise problem("not-found", what=clause("thing.case", id=case_id))
        return self.as_of(case)

    def cases(self) -> list[Case]:
        """All cases that can be folded, in the order they began."""
        found = casecache.cases(self.archive, self.profile_of, lambda: self.calendars, self.committees)
        return [self.as_of(case) for case in found]

    def as_of(self, case: Case) -> Case:
        """The case with the date that is in force in our copy, as far as it was read."""
        head = self.checkpoint
        at = None if head is None else datetime.fromtimestamp(head.time, UTC)
        return dates.as_of(case, self.size, self.profile_of(case.profile), self.calendars, at)


def read_size(home: Home) -> int:
    """How many entries of the log were read as statements."""
    return int(home.archive.get(READ) or 0)


def committees_of(home: Home) -> Committees:
    """The chains of the log as far as read. Each root statement is verified again, once per opened home.

    Raises ClientError no-relay, home-damaged.
    """
    roots = home.relay.root_keys
    kept = home.chains
    if kept is None or kept.roots != roots:
        kept = ReadChains(
            roots, 0, Committees.of(Chain(committee, root) for committee, root in roots.items())
        )
    committees, upto = kept.committees, read_size(home)
    try:
        for entry in logbook.of_types(home.archive, *ROOT_TYPES, start=kept.upto):
            committees = committees.append(entry.logged)
    except ChainError as error:
        raise problem("home-damaged", what=clause("home.chains", why=error)) from error
    home.chains = ReadChains(roots, upto, committees)
    return committees
