"""The golden list of what evidence may lack: every rule is in it, and `verify` says INCOMPLETE for nothing else."""

from __future__ import annotations

from kynhan_protocol.evidence import table_place, verdicts
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.rulebook.case_rules import CASE_RULES
from kynhan_protocol.rulebook.log_rules import FORGED, LOG_RULES, VOID
from kynhan_protocol.rulebook.needs import NEEDS


def test_every_rule_says_what_it_may_lack() -> None:
    names = [rule.name for rule in (*LOG_RULES, *CASE_RULES)]
    assert sorted(names) == sorted(NEEDS)


def test_incomplete_is_said_only_for_what_is_listed() -> None:
    assert all(evidence in NEEDS[rule] for rule, evidence in table_place.LACKING)
    assert {verdicts.CODES[code] for code in table_place.LACKING.values()} == {Verdict.INCOMPLETE}
    assert {verdicts.CODES[code] for code in table_place.REASON_OF.values()} == {Verdict.INVALID}


def test_the_order_in_which_faults_are_told_is_this_one() -> None:
    """The first one is the relay's answer over HTTP, and the sentence that its sender reads."""
    assert [rule.name for rule in LOG_RULES] == [
        *(
            "relay-keys",
            "chain",
            "signers",
            "approval",
            "origin",
            "window",
            "seen",
            "head",
            "approver",
            "sealed",
        ),
        *("entitled", "relay-key", "relay-time", "naming", "behind"),
    ]
    assert [rule.name for rule in CASE_RULES] == [
        *("profile", "table", "header", "body", "act", "handover", "due", "reminder"),
    ]


def test_what_is_forged_is_void() -> None:
    assert FORGED < VOID
