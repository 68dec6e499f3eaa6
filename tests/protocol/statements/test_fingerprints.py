"""The digits that are compared in person."""

from __future__ import annotations

import re
from pathlib import Path

from tests.protocol.world import CA, CCQ, ORIGIN, signer, witness

from kynhan_protocol.statements import fingerprints

RELAY = (signer(ORIGIN).vkey, witness(ORIGIN).vkey)
ROOTS = {name: signer(name).vkey for name in (CCQ, CA)}
WITNESSES = {name: witness(f"{name}/doi-chung").vkey for name in (CCQ, CA)}
SPEC = Path(__file__).parents[3] / "docs/spec/evidence.md"


def test_sixty_digits_in_twelve_groups_the_same_on_both_sides() -> None:
    shown = fingerprints.digits(ORIGIN, RELAY, ROOTS, WITNESSES)
    assert re.fullmatch(r"\d{5}( \d{5}){11}", shown)
    assert shown == fingerprints.digits(ORIGIN, RELAY, dict(reversed(ROOTS.items())), WITNESSES)


def test_every_key_counts() -> None:
    other = signer(CCQ, "other").vkey
    shown = {
        fingerprints.digits(ORIGIN, RELAY, ROOTS, WITNESSES),
        fingerprints.digits("other.example", RELAY, ROOTS, WITNESSES),
        fingerprints.digits(ORIGIN, (signer(ORIGIN, "x").vkey, RELAY[1]), ROOTS, WITNESSES),
        fingerprints.digits(ORIGIN, (RELAY[0], witness(ORIGIN, "x").vkey), ROOTS, WITNESSES),
        fingerprints.digits(ORIGIN, RELAY, {**ROOTS, CCQ: other}, WITNESSES),
        fingerprints.digits(ORIGIN, RELAY, ROOTS, {**WITNESSES, CA: witness("other").vkey}),
        fingerprints.digits(ORIGIN, RELAY, ROOTS, {CCQ: WITNESSES[CCQ]}),
        fingerprints.digits(ORIGIN, RELAY, {}, {}),
    }
    assert len(shown) == 8


def test_what_is_read_out_is_compared_without_its_spaces() -> None:
    shown = fingerprints.digits(ORIGIN, RELAY, ROOTS, WITNESSES)
    assert fingerprints.same(shown, shown.replace(" ", "-"))
    assert fingerprints.same(shown, shown.replace(" ", ""))
    assert not fingerprints.same(shown, shown[:-1] + str(9 - int(shown[-1])))
    assert not fingerprints.same(shown, "")
    assert fingerprints.uri(shown) == "kynhan:fingerprint:1:" + shown.replace(" ", "")


def test_the_digits_hash_the_text_of_the_specification() -> None:
    text = fingerprints.canonical_text(ORIGIN, RELAY, ROOTS, WITNESSES)
    (example,) = re.findall(r"```text fingerprint\n(.*?)```", SPEC.read_text(), re.DOTALL)
    assert [line.split("+")[0] for line in text.splitlines()] == [
        line.split("+")[0] for line in example.splitlines()
    ]
