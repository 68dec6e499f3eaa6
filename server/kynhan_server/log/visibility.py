"""Who may see what. The rules of DESIGN §1 and §2, and nothing else: reading.py asks here before it gives anything.

clerk of either committee     every statement of the log
unit, auditor, approver       root and calendar statements, and the cases that concern them
whoever is in `sealed`        the body at once; the header after the RECEIPT of that very dispatch
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, true

from kynhan_protocol.names import Name
from kynhan_protocol.statements.statements import Dispatch
from kynhan_server.store import tables as t


@dataclass(frozen=True)
class Actor:
    """Who is asking: a member with a membership in force, who proved it by a signed request."""

    log: str
    member: str
    membership: str
    committee: str
    roles: tuple[str, ...]

    @property
    def is_clerk(self) -> bool:
        """Whether everything of the log is theirs to see."""
        return "clerk" in self.roles


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition on a row of `statements` that the actor may see it."""
    if actor.is_clerk:
        return true()
    s, c = t.statements.c, t.concerned.c
    concerns = exists().where(c.log == s.log, c.member == actor.member, c.case == s.case)
    return or_(s.case.is_(None), concerns)


def may_have_header(actor: Actor, dispatch: Dispatch, state: str, opening: str | None) -> bool:
    """The gate [fixed]: the RECEIPT of this dispatch is logged, and the actor's key is one of those sealed to.

    After an OPENING `undelivered`, any member of either committee may have it.
    """
    if state != "receipted":
        return False
    if actor.membership in dispatch.sealed:
        return True
    return opening == "undelivered" and _is_of_either(actor, dispatch)


def may_have_body(actor: Actor, dispatch: Dispatch, opening: str | None) -> bool:
    """The body is useless without the header; still it goes only to those sealed to, and to the two sides' clerks."""
    if actor.membership in dispatch.sealed:
        return True
    return _is_of_either(actor, dispatch) and (actor.is_clerk or opening == "undelivered")


def _is_of_either(actor: Actor, dispatch: Dispatch) -> bool:
    return actor.committee in (Name.of(dispatch.from_).committee, Name.of(dispatch.to).committee)
