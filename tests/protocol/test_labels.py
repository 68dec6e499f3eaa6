"""The words that both sides share: every label of the table, of phases, waiting, statuses and verdicts, every reason,
the profile for people. Vietnamese without English left in it, English without Vietnamese."""

from __future__ import annotations

import ast
import itertools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.client.language import VIETNAMESE, english_in
from tests.protocol.world import make_profile

import kynhan_protocol
from kynhan_protocol.agreement import profile as profiles
from kynhan_protocol.agreement.profile_text import render
from kynhan_protocol.case.kinds import EVENT_LABELS, PHASE_LABELS, Event, Phase
from kynhan_protocol.case.table import RULES
from kynhan_protocol.case.waiting import LABELS
from kynhan_protocol.evidence import verdicts
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.statements import codes
from kynhan_protocol.words import Words

SOURCE = Path(kynhan_protocol.__file__).parent
MODULES = sorted(
    path for path in SOURCE.rglob("*.py") if path.name != "usage_words.py"
)  # it has a test of its own
NAMES = re.compile(r"Việt Nam|Không mật|Tối mật|Tuyệt mật|Mật|Tết|\{[^}]*\}")  # said in English as they are


def labels() -> dict[str, Words]:
    found = {f"kind {kind}": rule.label for kind, rule in RULES.items()}
    found |= {f"phase {phase}": label for phase, label in PHASE_LABELS.items()}
    found |= {f"event {event}": label for event, label in EVENT_LABELS.items()}
    found |= {f"waiting {what}": label for what, label in LABELS.items()}
    return found


def text(node: ast.expr) -> str | None:
    """A string of the source; what is filled in stands as a number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
    return None


def pairs(path: Path) -> Iterator[tuple[str, str, str]]:
    """Where two strings stand side by side and one is Vietnamese: a pair, or two arguments of a call."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        inner: list[ast.expr] = node.args if isinstance(node, ast.Call) else []
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            inner = node.elts
        for one, other in itertools.pairwise(inner):
            first, second = text(one), text(other)
            if first is not None and second is not None:
                if VIETNAMESE.search(first):
                    yield f"{path.name}:{one.lineno}", first, second
                elif VIETNAMESE.search(second):
                    yield f"{path.name}:{one.lineno}", second, first


def test_everything_that_has_a_code_has_a_label() -> None:
    assert set(RULES) == set(codes.KINDS)
    assert set(PHASE_LABELS) == set(Phase)
    assert set(EVENT_LABELS) == set(Event)
    assert set(verdicts.VERDICTS_VI) == set(Verdict)


@pytest.mark.parametrize("where", sorted(labels()))
def test_every_label_is_in_both_languages(where: str) -> None:
    label = labels()[where]
    assert VIETNAMESE.search(label.vi)
    assert english_in(label.vi) == []
    assert label.en and not VIETNAMESE.search(label.en)
    for language in (label.vi, label.en):
        assert unicodedata.normalize("NFC", language) == language
        assert language == language.strip() and not language.endswith(".")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_language_is_left_over_in_the_other(path: Path) -> None:
    found = {
        where: (english_in(vi), en)
        for where, vi, en in pairs(path)
        if english_in(vi) or VIETNAMESE.search(NAMES.sub("", en))
    }
    assert found == {}


def test_the_pairs_are_found_where_they_stand() -> None:
    assert sum(1 for path in MODULES for _ in pairs(path)) > 150
    for name in ("status.py", "sentences.py", "profile_text.py", "reasons.py", "table.py", "kinds.py"):
        assert any(True for _ in pairs(next(SOURCE.rglob(name)))), name


def test_every_reason_of_a_verdict_is_a_sentence_in_both_languages() -> None:
    for code in verdicts.CODES:
        reason = verdicts.reason(code, "x")
        assert VIETNAMESE.search(reason.vi) and english_in(reason.vi) == [], code
        assert reason.vi.endswith(".") and reason.en.endswith("."), code
        assert not VIETNAMESE.search(reason.en), code


def test_the_profile_for_people_is_in_one_language() -> None:
    profile = profiles.parse(make_profile())
    vi = [line for line in render(profile, "vi") if line.strip()]
    assert len(vi) > 20
    for line in vi:
        plain = re.sub(r"\([a-z.-]+\)|\b[a-z]+\.example\S*|\b[a-z-]+:", " ", line)
        assert english_in(plain) == [], line
    for line in render(profile, "en"):
        named = NAMES.sub("", line)
        for party in (profile.parties.requesting, profile.parties.responding):
            named = named.replace(party.name.vi, "")
        assert not VIETNAMESE.search(named.replace(profile.regulation.issuer, "")), line
