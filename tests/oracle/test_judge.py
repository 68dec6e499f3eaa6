"""Evidence withheld or added never improves a verdict: VALID only where the independent judge has no doubt either."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lanes import PROPERTY_EXAMPLES
from tests.oracle import judge
from tests.protocol.cases import close, closed, journey
from tests.protocol.elsewhere import files_of_elsewhere
from tests.protocol.world import CA, CA_CLERK, CCQ, ORIGIN, World, make_profile, seed, signer, witness

from kynhan_protocol.evidence import bundle, evidence
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.statements.statements import Receipt, Seen

Files = dict[str, bytes]


def agree(files: Files) -> Verdict:
    """The verdict, which may only be VALID where the independent judge has no doubt."""
    verdict = evidence.verify_case(files).verdict
    found = judge.doubts(files)
    assert verdict != Verdict.VALID or not found, found
    return verdict


@functools.cache
def sound() -> Files:
    """A case's folder with everything that such a folder may have."""
    world = journey()
    files = closed(world.case_files())
    return {
        **files,
        "policy": bundle.policy(witness(ORIGIN).vkey, world.committees, len(world.log), world.now),
        "policy-ed25519": bundle.policy_ed25519(signer(ORIGIN).vkey),
        "checkpoint": world.cosigned[0],
    }


@functools.cache
def revoked() -> Files:
    """Sound but for a RECEIPT that a clerk signed before being revoked, and that was logged after it."""
    world = World.founded()
    sent = world.request()
    statement = Receipt(dispatch=sent.id, by=CA_CLERK, **{**world.member_fields(), "seen": world.newest()})
    world.revoke(CA_CLERK)
    world.post(statement, signer(CA_CLERK))
    world.certify(CA_CLERK, "clerk", which="new")
    seen = world.newest()
    world.request(kind="message", term=None, seen=seen)
    world.request(kind="message", term=None, seen=seen)
    world.cosign()
    return closed(world.case_files())


@functools.cache
def retired() -> Files:
    """Sound but for what the relay signed with its old keys five minutes after both attested new ones."""
    world = World.founded()
    for committee in (CCQ, CA):
        world.attest(committee, make_profile(relay="new"))
    world.now += timedelta(minutes=5)
    late = world.certify(f"{CCQ}/moi", "clerk")
    for committee in (CA, CCQ):
        world.certify(f"{committee}/hai", "clerk")
    world.cosign()
    return {
        **world.chain_files(),
        "receipts/late.receipt": world.receipt_file(late.index + 1),
        "profile-2.json": make_profile(relay="new"),
        **{name: sound()[name] for name in ("profile.json", "calendar.json", "roots")},
    }


@functools.cache
def other_seen() -> Files:
    """Sound but for a dispatch whose author says to have seen another tree."""
    world = World.founded()
    world.receipt(world.request(seen=Seen(16, seed("another tree"))))
    close(world)
    return closed(world.case_files())


@functools.cache
def forked() -> Files:
    """Two histories of the relay's in one folder, each sound."""
    other = World.founded()
    lie = other.request(case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a12")
    other.receipt(lie)
    close(other)
    lies = closed(other.case_files())
    return {
        **sound(),
        **{f"{name[:-8]}-b.receipt": data for name, data in lies.items() if ".receipt" in name},
    }


UNSOUND: tuple[Callable[[], Files], ...] = (revoked, retired, other_seen, forked)


def test_the_judge_imports_nothing_of_kynhan() -> None:
    allowed = sys.stdlib_module_names | {"cryptography", "tlog_scales", "tests.oracle", "tests.oracle.reader"}
    for node in ast.walk(ast.parse(Path(judge.__file__).read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        assert {name if name.startswith("tests.") else name.split(".")[0] for name in names} <= allowed


def test_both_have_no_doubt_about_a_sound_folder() -> None:
    assert agree(sound()) == Verdict.VALID
    assert judge.doubts(sound()) == []
    assert judge.doubts(files_of_elsewhere()) == []


@pytest.mark.parametrize("made", UNSOUND, ids=lambda made: made.__name__)
def test_both_doubt_an_unsound_folder(made: Callable[[], Files]) -> None:
    assert agree(made()) == Verdict.INVALID
    assert judge.doubts(made())


@pytest.mark.parametrize("name", sorted(sound()))
def test_a_file_removed_moved_or_doubled_makes_nothing_better(name: str) -> None:
    files = sound()
    rest = {other: data for other, data in files.items() if other != name}
    agree(rest)
    agree({**rest, "heads/moved.receipt": files[name]})
    agree({**files, "heads/doubled.receipt": files[name]})
    assert agree({**files, name.replace(".", "-twice.", 1): files[name]}) == Verdict.VALID


@pytest.mark.parametrize("name", [name for name in sorted(files_of_elsewhere()) if "." in name])
def test_a_file_of_another_world_is_named_and_changes_nothing(name: str) -> None:
    data, beside = files_of_elsewhere()[name], name.replace(".", "-elsewhere.")
    report = evidence.verify_case({**sound(), beside: data})
    assert agree({**sound(), beside: data}) == report.verdict == Verdict.VALID
    named = {one.subject for one in report.aside}
    assert named == (set() if data in sound().values() else {beside})
    agree({**sound(), name: data})


@settings(max_examples=PROPERTY_EXAMPLES, deadline=None)
@given(st.data())
def test_no_selection_of_files_is_valid_unless_it_is_proved(data: st.DataObject) -> None:
    """From a sound folder: some files left out, some moved to heads/, some of another world among them."""
    files = dict(sound())
    for name in data.draw(st.lists(st.sampled_from(sorted(files)), max_size=6, unique=True)):
        if data.draw(st.booleans()):
            files[f"heads/{len(files)}.receipt"] = files.pop(name)
        else:
            del files[name]
    elsewhere = files_of_elsewhere()
    for name in data.draw(st.lists(st.sampled_from(sorted(elsewhere)), max_size=3, unique=True)):
        files[f"receipts/elsewhere-{len(files)}.receipt"] = elsewhere[name]
    agree(files)


@settings(max_examples=PROPERTY_EXAMPLES, deadline=None)
@given(st.data())
def test_nothing_left_out_makes_an_unsound_folder_valid_unless_what_is_left_is_proved(
    data: st.DataObject,
) -> None:
    files = dict(data.draw(st.sampled_from(UNSOUND))())
    names = data.draw(st.lists(st.sampled_from(sorted(files)), max_size=len(files) // 2, unique=True))
    for name in names:
        if data.draw(st.booleans()) and data.draw(st.booleans()):
            files[f"heads/{len(files)}.receipt"] = files[name]
        del files[name]
    agree(files)
