"""Both committees of an agreement together: who is in force, which profile, to whom a package has to be
sealed.

What the relay decides inside its sequencing transaction and a client recomputes: the same functions over the
chains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from .. import names
from ..errors import ChainError
from ..names import Name
from .chains import Certified, Chain, keys_of
from .logged import Logged
from .statements import Dispatch, Membership, ProfileAttestation, RootStatement
from .text import same_person

ADDRESSEE_ROLES = ("approver", "auditor", "unit")


@dataclass(frozen=True)
class InForce:
    """The profile document (SHA-256 in hex) in force from log index `index` on: that of the second
    attestation.
    """

    index: int
    document: str


@dataclass(frozen=True)
class Committees:
    """The chains of an agreement, by committee. A value: append() gives a new one."""

    chains: Mapping[str, Chain]

    def __post_init__(self) -> None:
        names.check_committees(self.chains)
        if any(chain.committee != name for name, chain in self.chains.items()):
            raise ChainError("A chain stands under the name of another committee.", code="other-committee")
        object.__setattr__(self, "chains", MappingProxyType(dict(self.chains)))

    @classmethod
    def of(cls, chains: Iterable[Chain]) -> Committees:
        """The committees whose chains these are. Raises NameFormatError if one name is a prefix of another."""
        return cls({chain.committee: chain for chain in chains})

    def append(self, logged: Logged) -> Committees:
        """With the next root statement. Raises ChainError; `key-known` also for a key of another committee."""
        statement = logged.statement
        if not isinstance(statement, RootStatement) or statement.committee not in self.chains:
            raise ChainError(
                "This is no root statement of a committee of the agreement.", code="other-committee"
            )
        chain = self.chains[statement.committee].append(logged)
        others = (other for name, other in self.chains.items() if name != chain.committee)
        before = self.chains[statement.committee].public_keys()
        if any((keys_of(statement) - before) & other.public_keys() for other in others):
            raise ChainError("A key of another committee cannot be certified here.", code="key-known")
        return Committees({**self.chains, chain.committee: chain})

    def heads(self) -> tuple[str, ...]:
        """The ids of the newest root statements, sorted: what a member statement says as `head`."""
        return tuple(sorted(chain.head for chain in self.chains.values() if chain.head))

    def heads_at(self, index: int) -> tuple[str, ...]:
        """The ids of the newest root statements before log index `index`, sorted."""
        newest = (chain.head_at(index) for chain in self.chains.values())
        return tuple(sorted(head for head in newest if head))

    def founded_at(self, index: int) -> frozenset[str]:
        """The committees whose chain has begun before log index `index`."""
        return frozenset(name for name, chain in self.chains.items() if chain.head_at(index))

    def author_of_root(self, root: str, index: int) -> str | None:
        """Whose root statement `root` is; None unless one of that id stands before log index `index`."""
        committee, at = self._places.get(root, (None, index))
        return committee if at < index else None

    def is_link(self, root: str) -> bool:
        """Whether any chain has the root statement of that id."""
        return root in self._places

    def root_at(self, index: int) -> Logged:
        """The root statement at log index `index`, where one of the chains has one."""
        return self._by_index[index]

    @cached_property
    def _by_index(self) -> dict[int, Logged]:
        return {link.index: link for chain in self.chains.values() for link in chain.links}

    @cached_property
    def _places(self) -> dict[str, tuple[str, int]]:
        """By the id of each root statement, its committee and its place in the log."""
        links = ((name, link) for name, chain in self.chains.items() for link in chain.links)
        return {link.id: (name, link.index) for name, link in links}

    def chain_of(self, name: str) -> Chain | None:
        """The chain of a committee or member by name; None for a stranger."""
        return self.chains.get(Name.of(name).committee)

    def in_force(self, index: int, at: datetime) -> dict[str, Certified]:
        """All memberships in force at log index `index` and the (aware) time `at`, by member name."""
        found: dict[str, Certified] = {}
        for chain in self.chains.values():
            found |= chain.in_force(index, at)
        return found

    def member(self, name: str, index: int, at: datetime) -> Certified | None:
        """The membership of `name` in force then; None if there is none."""
        chain = self.chain_of(name)
        return chain.in_force(index, at).get(name) if chain else None

    def by_id(self, membership: str) -> Certified | None:
        """The membership with that statement id, in force or not; None if no chain has it."""
        for chain in self.chains.values():
            for link in chain.links:
                if link.id == membership and (found := _certified(link)):
                    return found
        return None

    def with_role(self, committee: str, role: str, index: int, at: datetime) -> tuple[Certified, ...]:
        """Those of the committee with that role in force then, by name."""
        chain = self.chains.get(committee)
        members = chain.in_force(index, at) if chain else {}
        return tuple(members[name] for name in sorted(members) if members[name].has(role))

    def clerks(self, committee: str, index: int, at: datetime) -> tuple[Certified, ...]:
        """The committee's clerks in force then, by name."""
        return self.with_role(committee, "clerk", index, at)

    def approvers(self, committee: str, index: int, at: datetime) -> tuple[Certified, ...]:
        """The committee's approvers in force then, by name."""
        return self.with_role(committee, "approver", index, at)

    def witnesses(self, index: int, at: datetime) -> dict[str, tuple[Certified, ...]]:
        """By committee, its witnesses in force then: those whose cosignatures make a receipt final."""
        return {name: self.with_role(name, "witness", index, at) for name in sorted(self.chains)}

    def addressees(self, to: str, index: int, at: datetime) -> tuple[Certified, ...]:
        """The memberships that may sign for a dispatch to `to`: a committee's clerks, else that one member.

        Empty if nobody is in force, or if the member is neither unit, auditor nor approver.
        """
        if not Name.of(to).is_member:
            return self.clerks(to, index, at)
        member = self.member(to, index, at)
        return (member,) if member and any(map(member.has, ADDRESSEE_ROLES)) else ()

    def can_still_sign(self, to: str, index: int, sent_at: datetime, at: datetime) -> bool:
        """Whether a key that a dispatch to `to` was sealed to, at its place in the log, is in force at the log time
        `at`: by the root statements until then, and by its validity.
        """
        chain = self.chain_of(to)
        if chain is None:
            return False
        links = chain.links
        upto = next((link.index for link in links if link.time > at), links[-1].index + 1 if links else 0)
        keys = {one.statement.signing for one in self.addressees(to, index, sent_at)}
        return any(one.statement.signing in keys for one in chain.in_force(max(upto, index), at).values())

    def expected_sealed(
        self, from_: str, approver: str | None, to: str, index: int, at: datetime
    ) -> tuple[str, ...]:
        """What `sealed` of a dispatch has to be at its place in the log: membership ids, sorted (DESIGN §2).

        Those of the addressee, and of the sender's committee its clerks, `from_` and `approver`. Raises
        ChainError: `not-in-force` if the sender or approver is not, `no-addressee` if nobody could sign for
        it.
        """
        addressees = self.addressees(to, index, at)
        if not addressees:
            raise ChainError(f"Nobody in force can sign for a package to {to}.", code="no-addressee")
        own = list(self.clerks(Name.of(from_).committee, index, at))
        for name in (from_, approver) if approver else (from_,):
            member = self.member(name, index, at)
            if member is None:
                raise ChainError(f"{name} is not in force.", code="not-in-force")
            own.append(member)
        return tuple(sorted({member.id for member in (*addressees, *own)}))

    def is_approved(self, dispatch: Dispatch, index: int, at: datetime) -> bool:
        """Whether the second signature, where the dispatch names one, is that of an approver in force who is another
        person than the sender (DESIGN §3.4).
        """
        if dispatch.approver is None:
            return True
        sender = self.member(dispatch.from_, index, at)
        approver = self.member(dispatch.approver, index, at)
        if sender is None or approver is None:
            return False
        return approver.has("approver") and not same_person(
            approver.statement.holder, sender.statement.holder
        )

    def profiles(self) -> tuple[InForce, ...]:
        """The profiles that came into force, in the order of the log.

        One does when the last committee attests what the others already did; to return to an earlier
        document, all attest it again.
        """
        return self._profiles

    @cached_property
    def _profiles(self) -> tuple[InForce, ...]:
        attested: dict[str, set[str]] = {}
        found: list[InForce] = []
        links = sorted(
            (link for chain in self.chains.values() for link in chain.links), key=lambda link: link.index
        )
        for link in links:
            if not isinstance(link.statement, ProfileAttestation):
                continue
            by = attested.setdefault(link.statement.document, set())
            by.add(link.statement.committee)
            if by == set(self.chains):
                found.append(InForce(link.index, link.statement.document))
                del attested[link.statement.document]
        return tuple(found)

    def profile_at(self, index: int) -> str | None:
        """The profile in force for a statement at log index `index`, by its SHA-256; None before the first."""
        return next((entry.document for entry in reversed(self.profiles()) if entry.index < index), None)


def _certified(link: Logged) -> Certified | None:
    return Certified(link.index, link.id, link.statement) if isinstance(link.statement, Membership) else None
