"""Every rule of the rulebook, kept and broken, by every type of statement that it is about: relay, reader and judge
give the same set of codes (DESIGN §3.3, ADR 6). A new rule, or a new type, without a row fails here.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.relay_words import Word, ask_of, own
from tests.journeys.three_judges import Posted, Verdicts, ask, moment
from tests.server.world import KEYS, ORIGIN, Person, World, with_day_off, world

from kynhan_keys import age
from kynhan_keys.mlkem768x25519 import Identity
from kynhan_keys.vkeys import Signer
from kynhan_protocol.case import dues, reminding
from kynhan_protocol.rulebook.case_rules import CASE_RULES
from kynhan_protocol.rulebook.log_rules import LOG_RULES
from kynhan_protocol.rulebook.reminders import resolve
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import (
    MEMBER_TYPES,
    RELAY_TYPES,
    ROOT_TYPES,
    Acceptance,
    CalendarApproval,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    Membership,
    MemberStatement,
    Opening,
    ProfileAttestation,
    Receipt,
    Reminder,
    Revocation,
    Seen,
    Succession,
    Withdrawal,
)

TYPES: tuple[type, ...] = (*ROOT_TYPES, *MEMBER_TYPES, *RELAY_TYPES)
RULES = {rule.name: rule for rule in (*LOG_RULES, *CASE_RULES)}


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def rules_of(type_: type) -> list[str]:
    return [name for name, rule in RULES.items() if issubclass(type_, rule.types)]


# --- what is honest


@dataclass(frozen=True)
class Scene:
    """Where an honest statement of a type can be made. `honest` makes one, but for the fields it is given; `again` one
    that was right before the first, and is not after it; `documents` go with it.
    """

    by: Person
    honest: Callable[..., Any]
    documents: tuple[bytes, ...] = ()


async def of_dispatch(w: World) -> Scene:
    return Scene(w.ccq.clerk, lambda **fields: w.dispatch(**{"kind": "message", **fields}))


def of_act(type_: type[MemberStatement], by: Callable[[World], Person], **fields: Any) -> Any:
    async def made(w: World) -> Scene:
        sent = await w.send(w.dispatch("message"))
        if type_ in (Opening, Destruction):
            await w.post(w.receipt(sent.id, w.ca.clerk))
        person = by(w)
        whole = {"dispatch": sent.id, **fields}
        return Scene(person, lambda **changes: w.act(type_, person, **{**whole, **changes}))

    return made


async def of_calendar(w: World) -> Scene:
    day_off = with_day_off(w.calendar, "2026-07-01")
    by = w.ccq.approver

    def honest(**fields: Any) -> SignedStatement:
        made = w.approval(day_off, by, w.calendar).statement
        return signing.sign(replace(made, **fields), by.signer)  # type: ignore[type-var]

    return Scene(by, honest, (day_off,))


# --- what a root signs: each a function of its fields


def membership(w: World, **fields: Any) -> SignedStatement:
    name = "ccq.example/clerk2"
    signer = fields.pop("signer", None) or Signer.ed25519(name, os.urandom(32))
    stated = {
        "committee": w.ccq.name,
        "member": name,
        "holder": "one more",
        "role": ("clerk",),
        "signing": signer.vkey,
        "sealing": str(Identity(os.urandom(32)).recipient()),
        "not_before": moment(w) - timedelta(days=1),
        "not_after": moment(w) + timedelta(days=365),
    }
    return signing.sign(Membership(**{**stated, **w.chained(w.ccq), **fields}), w.ccq.root, signer)


def succession(w: World, **fields: Any) -> SignedStatement:
    signer = fields.pop("signer", None) or Signer.ed25519(w.ccq.name, os.urandom(32))
    stated = {"committee": w.ccq.name, "root": signer.vkey, "code": "planned"}
    return signing.sign(Succession(**{**stated, **w.chained(w.ccq), **fields}), w.ccq.root, signer)


def revocation(w: World, **fields: Any) -> SignedStatement:
    gone = w.ccq.unit.signer.vkey
    stated = {"committee": w.ccq.name, "member": gone.name, "key": gone, "code": "left"}
    return signing.sign(Revocation(**{**stated, **w.chained(w.ccq), **fields}), w.ccq.root)


def attestation(w: World, **fields: Any) -> SignedStatement:
    stated = {"committee": w.ccq.name, "document": w.profile_hash}
    return signing.sign(ProfileAttestation(**{**stated, **w.chained(w.ccq), **fields}), w.ccq.root)


def of_root(make: Callable[..., SignedStatement]) -> Callable[[World], Awaitable[Scene]]:
    async def made(w: World) -> Scene:
        documents = (w.profile, w.calendar) if make is attestation else ()
        return Scene(w.ccq.clerk, lambda **fields: make(w, **fields), documents)

    return made


ROOTS: Mapping[type, Callable[..., SignedStatement]] = {
    Membership: membership,
    Succession: succession,
    Revocation: revocation,
    ProfileAttestation: attestation,
}

OPENED = {"result": "verified", "code": None, "manifest": "ab" * 32}
SCENES: Mapping[type, Callable[[World], Awaitable[Scene]]] = {
    Dispatch: of_dispatch,
    Receipt: of_act(Receipt, lambda w: w.ca.clerk),
    Opening: of_act(Opening, lambda w: w.ca.clerk, **OPENED),
    Decline: of_act(Decline, lambda w: w.ca.clerk, code="duplicate"),
    Withdrawal: of_act(Withdrawal, lambda w: w.ccq.clerk, code="mistake"),
    Destruction: of_act(Destruction, lambda w: w.ca.clerk, code="ordered"),
    CalendarApproval: of_calendar,
    **{type_: of_root(make) for type_, make in ROOTS.items()},
}

# --- what breaks a rule


async def _a_header_again(w: World, scene: Scene) -> Posted:
    first = scene.honest()
    await w.send(first)
    return scene.honest(header=first.header)


async def _a_body_again(w: World, scene: Scene) -> Posted:
    first = scene.honest()
    await w.send(first)
    return scene.honest(body=first.body)


def _in_the_place_before(w: World, scene: Scene) -> Posted:
    links = w.log.state.committees.chains[w.ccq.name].links
    return scene.honest(number=len(links), previous=links[-2].id)


def _with_the_relays_key(w: World, scene: Scene) -> Posted:
    name = scene.honest().statement
    stated = name.member if isinstance(name, Membership) else name.committee
    return scene.honest(signer=KEYS.under(stated).ed25519)


def _fields(**fields: Any) -> Callable[[World, Scene], Posted]:
    return lambda _, scene: scene.honest(**fields)


def _signed_by_a_stranger(w: World, scene: Scene) -> Posted:
    made = scene.honest()
    stranger = Signer.ed25519(scene.by.name, os.urandom(32))
    signed = made if isinstance(made, SignedStatement) else made.signed
    forged = signing.sign(signed.statement, stranger)
    return forged if isinstance(made, SignedStatement) else replace(made, signed=forged)


def _sealed_to_one(w: World, scene: Scene) -> Posted:
    sealed = (w.ca.clerk.membership,)
    return scene.honest(sealed=sealed, header=age.make_header(os.urandom(16), w.recipients(sealed)))


def _by_a_clerk(w: World, scene: Scene) -> Posted:
    made = scene.honest().statement
    return signing.sign(replace(made, by=w.ccq.clerk.name), w.ccq.clerk.signer)


BREAKS: Mapping[str, tuple[str, Callable[[World, Scene], Posted | Awaitable[Posted]]]] = {
    "signers": ("key-not-in-force", _signed_by_a_stranger),
    "origin": ("other-relay", _fields(relay="relay.example/other")),
    "window": ("outside-window", lambda w, scene: scene.honest(time=moment(w) + timedelta(minutes=16))),
    "seen": ("seen-wrong", lambda w, scene: scene.honest(seen=Seen(w.log.state.size, bytes(32)))),
    "head": ("head-unknown", _fields(head=("ab" * 32,))),
    "approval": ("not-approved", lambda w, scene: scene.honest(approver=w.ccq.unit)),
    "approver": ("no-approver", _by_a_clerk),
    "sealed": ("sealed-differs", _sealed_to_one),
    "entitled": ("dispatch-unknown", _fields(dispatch="ab" * 32)),
    "profile": ("other-profile", _fields(profile="ab" * 32)),
    "header": ("header-used", _a_header_again),
    "body": ("body-used", _a_body_again),
    "chain": ("chain.not-next", _in_the_place_before),
    "relay-keys": ("key-of-relay", _with_the_relays_key),
    "table": ("reply.phase", _fields(kind="reply", regarding="ab" * 32)),
}
TWICE = ("act",)
"""What the same statement breaks when it is made a second time."""


@pytest.mark.parametrize("type_", SCENES, ids=lambda one: one.__name__.lower())
async def test_three_judges_give_one_answer_about_what_is_posted(w: World, type_: type) -> None:
    scene = await SCENES[type_](w)
    for rule in rules_of(type_):
        if rule not in TWICE:
            code, broken = BREAKS[rule]
            made = broken(w, scene)
            posted = await made if isinstance(made, Awaitable) else made
            assert_broken(rule, code, await ask(w, posted, *scene.documents))
    first, second = scene.honest(), scene.honest()
    assert_kept(await ask(w, first, *scene.documents))
    for rule in set(TWICE) & set(rules_of(type_)):
        assert_broken(rule, f"{type_.__name__.lower()}.state", await ask(w, second))


def assert_kept(said: Verdicts) -> None:
    assert (said.relay, said.reader, said.judge, said.verdict) == (set(), set(), set(), "VALID")


def assert_broken(rule: str, code: str, said: Verdicts) -> None:
    assert code in said.relay, (rule, said)
    assert (said.reader, said.judge, said.verdict) == (said.relay, said.relay, "INVALID"), rule


# --- what the relay says itself


async def acceptance(w: World, **fields: Any) -> Word:
    case = str(uuid.uuid4())
    posted = w.dispatch("message", case=case).signed
    return Word(
        lambda _, last: Acceptance(**{**own(w), "of": last.id, **fields}),  # type: ignore[union-attr]
        (lambda *_: posted,),
        case,
    )


async def _signing(w: World) -> tuple[str, SignedStatement]:
    case = str(uuid.uuid4())
    sent = await w.send(w.dispatch(case=case, term="in-country"))
    return case, w.receipt(sent.id, w.ca.clerk)


async def handover(w: World, **fields: Any) -> Word:
    case, receipt = await _signing(w)
    dispatch = receipt.statement.dispatch  # type: ignore[union-attr]
    return Word(
        lambda _, last: Handover(**{**own(w), "of": last.id, "dispatch": dispatch, **fields}),  # type: ignore[union-attr]
        (lambda *_: receipt,),
        case,
    )


async def due(w: World, **fields: Any) -> Word:
    case, receipt = await _signing(w)
    dispatch = receipt.statement.dispatch  # type: ignore[union-attr]

    def say(place: Any, _: Any) -> Due:
        folded = place.case(case)
        draft = dues.draft_of(folded, folded.due)
        names = {name: getattr(draft, name) for name in Due.__slots__ if hasattr(draft, name)}
        return Due(**{**own(w), **names, **fields})

    return Word(
        say,
        (
            lambda *_: receipt,
            lambda _, last: Handover(**own(w), of=last.id, dispatch=dispatch),  # type: ignore[union-attr,arg-type]
        ),
        case,
    )


async def reminder(w: World, **fields: Any) -> Word:
    case, _ = await _signing(w)  # nobody signs for it
    w.clock.advance(days=3)

    def say(place: Any, _: Any) -> Reminder:
        folded = place.case(case)
        plan = reminding.plan(
            folded, place.at, place.profile(folded.profile), place.book.in_force(place.size)
        )
        draft = plan.now[0]
        to = resolve(draft.audience, place.in_force())
        return Reminder(**{**own(w), "case": case, "step": draft.step, "due": draft.due, "to": to, **fields})

    return Word(say, (), case)


WORDS: Mapping[type, Callable[..., Awaitable[Word]]] = {
    Acceptance: acceptance,
    Handover: handover,
    Due: due,
    Reminder: reminder,
}


def _under(word: Word, signer: Signer) -> Word:
    return replace(word, say=lambda place, last: signing.sign(word.say(place, last), signer))  # type: ignore[arg-type]


async def _of_a_stranger(w: World, type_: type) -> Word:
    return _under(await WORDS[type_](w), Signer.ed25519(ORIGIN, os.urandom(32)))


async def _of_another_origin(w: World, type_: type) -> Word:
    name = "relay.example/other"
    return _under(await WORDS[type_](w, relay=name), KEYS.under(name).ed25519)


async def _earlier(w: World, type_: type) -> Word:
    w.clock.advance(hours=1)
    return await WORDS[type_](w, time=moment(w) - timedelta(hours=2))


async def _naming_nothing(w: World, type_: type) -> Word:
    return await WORDS[type_](w, of="ab" * 32)


async def _behind_a_dispatch(w: World, type_: type) -> Word:
    word = await WORDS[type_](w)
    unnamed = w.dispatch("message").signed
    return replace(word, behind=(*word.behind, lambda *_: unnamed))


async def _of_a_second_receipt(w: World, _: type) -> Word:
    case, receipt = await _signing(w)
    await w.post(receipt)
    dispatch = receipt.statement.dispatch  # type: ignore[union-attr]
    again = w.receipt(dispatch, w.ca.clerk)
    return Word(
        lambda _, last: Handover(**{**own(w), "of": last.id, "dispatch": dispatch}),  # type: ignore[union-attr]
        (lambda *_: again,),
        case,
    )


SAYS: Mapping[str, tuple[str, Callable[[World, type], Awaitable[Word]]]] = {
    "origin": ("other-relay", _of_another_origin),
    "relay-key": ("bad-signature", _of_a_stranger),
    "relay-time": ("time-decreases", _earlier),
    "naming": ("wrong-naming", _naming_nothing),
    "behind": ("wrong-naming", _behind_a_dispatch),
    "handover": ("handover.of", _of_a_second_receipt),
    "due": ("due.differs", lambda w, _: due(w, provisional=True)),
    "reminder": ("reminder.step", lambda w, _: reminder(w, step="+999")),
}


@pytest.mark.parametrize("type_", RELAY_TYPES, ids=lambda one: one.__name__.lower())
async def test_three_judges_give_one_answer_about_the_relay(w: World, type_: type) -> None:
    for rule in rules_of(type_):
        code, broken = SAYS[rule]
        assert_broken(rule, code, await ask_of(w, await broken(w, type_)))
    assert_kept(await ask_of(w, await WORDS[type_](w)))


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"step": "+999"}, {"reminder.step"}),
        ({"due": "ab" * 32}, {"reminder.due"}),
        ({"to": ("ccq.example/auditor",)}, {"reminder.to"}),
        ({"case": "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11"}, {"reminder.case"}),
    ],
)
async def test_a_reminder_is_one_that_the_case_needs_then(
    w: World, fields: dict[str, Any], codes: set[str]
) -> None:
    said = await ask_of(w, await reminder(w, **fields))
    assert (said.relay, said.reader, said.judge, said.verdict) == (codes, codes, codes, "INVALID")


# --- nothing is left out


def test_every_rule_is_broken_here_by_every_type_that_it_is_about() -> None:
    for type_ in TYPES:
        assert type_ in SCENES or type_ in WORDS, type_
        rows = {*BREAKS, *TWICE} if type_ in SCENES else set(SAYS)
        assert set(rules_of(type_)) <= rows, type_
    about = {name for type_ in TYPES for name in rules_of(type_)}
    assert about == set(RULES) == {*BREAKS, *TWICE, *SAYS}
