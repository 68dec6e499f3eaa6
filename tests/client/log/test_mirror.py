"""The client's own copy of the log: what it takes in, and what no relay can make it believe."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ, World, founded, profile_for
from tests.client.relay_simulator import LOG, ORIGIN

from kynhan_client.errors import ClientError
from kynhan_client.log import logbook, mirror, text
from kynhan_client.log.mirror import SyncResult
from kynhan_client.log.view import View
from kynhan_client.trust import profile_signing
from kynhan_keys import merkle, mlkem768x25519
from kynhan_keys.vkeys import Signer
from kynhan_protocol.agreement import profile
from kynhan_protocol.agreement.profile import document_hash
from kynhan_protocol.statements.statements import (
    Acceptance,
    CalendarApproval,
    Decline,
    Dispatch,
    Due,
    Receipt,
    Seen,
)


def codes(result: SyncResult) -> list[tuple[str, str]]:
    return [(alarm.severity, alarm.code) for alarm in result.alarms]


def frozen(world: World) -> bool:
    try:
        world.ccq.require_not_frozen()
    except ClientError as error:
        assert error.code == "frozen"
        return True
    return False


async def test_a_dispatch_signed_for_is_folded_alike_on_both_sides(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        sent = await world.send()
        await world.receive(sent.id)
        result = await world.sync()
        assert result.up_to_date
        assert result.alarms == []
        assert [entry.type for entry in result.new] == [
            "dispatch",
            "acceptance",
            "receipt",
            "handover",
            "due",
        ]
        case_id = result.new[0].case
        assert case_id is not None
        assert {entry.case for entry in result.new} == {case_id}
        assert {entry.dispatch for entry in result.new} == {sent.id}
        ours, theirs = View(world.ccq).case(case_id), View(world.ca).case(case_id)
        assert ours == theirs
        assert ours.due is not None
        assert ours.objections == ()
        assert (await world.sync()).new == []


async def test_what_we_say_we_saw_is_what_our_witness_cosigned(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        view = View(world.ccq)
        assert view.seen.size == view.size
        assert view.final_checkpoint is not None
        assert view.final_checkpoint.size == view.size
        await world.send()
        await world.sync()
        later = View(world.ccq)
        assert later.size == view.size + 2
        assert later.seen == view.seen
        assert later.checkpoint is not None
        assert later.checkpoint.size == later.size
        assert later.heads == view.heads


async def test_before_any_cosignature_nothing_was_seen(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        world.ccq.archive.run("UPDATE checkpoints SET own = 0")
        assert View(world.ccq).seen == Seen(0, merkle.EMPTY_ROOT)


async def test_profile_and_calendar_are_here_and_in_force(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        view = View(world.ccq)
        assert view.profile_id == document_hash(profile_for(world.simulator))
        assert view.profile.secrecy.ceiling == "khong-mat"
        assert view.calendars.in_force(view.size).sha == view.profile.calendar


async def test_a_document_with_other_bytes_is_not_taken(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        sha = View(world.ccq).profile_id
        world.ccq.archive.run("DELETE FROM documents")
        world.simulator.replaced[f"/v1/logs/{LOG}/documents/{sha}"] = b"{}"
        result = await world.sync()
        assert codes(result) == [("alarm", "relay-answer-invalid")]
        assert world.ccq.archive.document(sha) is None


async def test_a_withheld_text_is_an_alarm_and_nothing_behind_it_is_read(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        size = View(world.ccq).size
        await world.send()
        world.simulator.withhold(size + 1)
        await world.send()
        result = await world.sync()
        assert codes(result) == [("alarm", "missing-statement")]
        assert not result.up_to_date
        assert View(world.ccq).size == size
        assert not frozen(world)
        assert (await world.sync()).alarms == []
        world.simulator.withheld.clear()
        assert (await world.sync()).up_to_date


async def test_a_fork_freezes_the_home_and_leaves_proof(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        await world.send()
        await world.sync()
        world.simulator.fork(keep=4)
        result = await world.sync()
        assert codes(result) == [("contradiction", "two-histories")]
        assert frozen(world)
        alarm = result.alarms[0]
        assert alarm.evidence is not None
        assert b".checkpoint" in world.ccq.open_evidence(world.ccq.path / alarm.evidence)


@pytest.mark.parametrize("longer", [False, True])
async def test_a_fork_is_caught_at_any_size(tmp_path: Path, longer: bool) -> None:
    async with founded(tmp_path) as world:
        await world.send()
        await world.sync()
        world.simulator.fork(keep=9 if longer else 2)
        if not longer:
            del world.simulator.log[6:]
            world.simulator._publish()
        else:
            for _ in range(8):
                world.simulator.fork(keep=len(world.simulator.log))
        result = await world.sync()
        assert codes(result) == [("contradiction", "two-histories")]
        assert frozen(world)


async def test_a_fork_shown_in_an_answer_is_caught_at_the_next_sync(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        await world.sync()
        size = View(world.ccq).size
        elsewhere = world.simulator.sign_tree(size + 2, b"\x07" * 32)
        assert mirror.gossip(world.ccq, elsewhere)
        assert not frozen(world)
        await world.send()
        result = await world.sync()
        assert codes(result) == [("contradiction", "two-histories")]
        assert frozen(world)


async def test_a_checkpoint_that_somebody_else_signed_says_nothing(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        size = View(world.ccq).size
        world.simulator.ed25519, kept = Signer.ed25519(ORIGIN, bytes(32)), world.simulator.ed25519
        forged = world.simulator.sign_tree(size, b"\x07" * 32)
        world.simulator.ed25519 = kept
        assert not mirror.gossip(world.ccq, forged)
        world.simulator.replaced[f"/v1/logs/{LOG}/checkpoint"] = forged
        result = await world.sync()
        assert ("alarm", "relay-answer-invalid") in codes(result)
        assert not frozen(world)


async def test_an_older_log_is_told_and_changes_nothing(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        old = world.simulator.signed(len(world.simulator.log))
        await world.send()
        await world.sync()
        world.simulator.replaced[f"/v1/logs/{LOG}/checkpoint"] = old
        result = await world.sync()
        assert codes(result) == [("alarm", "older-checkpoint")]
        assert not frozen(world)
        assert View(world.ccq).size == len(world.simulator.log)


async def test_entries_that_do_not_fit_the_checkpoint_are_told_and_ignored(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        size = View(world.ccq).size
        await world.send()
        path = f"/v1/logs/{LOG}/tile/entries/000.p/{size + 2}"
        world.simulator.replaced[path] = (b"\0\x20" + bytes(32)) * (size + 2)
        result = await mirror.sync(world.ccq, world.to[CCQ])
        assert codes(result) == [("alarm", "relay-answer-invalid")]
        assert View(world.ccq).size == size
        assert not frozen(world)
        world.simulator.replaced.clear()
        assert (await world.sync()).up_to_date


async def test_a_text_that_was_not_logged_is_told_and_ignored(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        size = View(world.ccq).size
        await world.send()
        kept = world.simulator.log[size]
        world.simulator.log[size] = world.simulator.log[0]
        world.simulator.log[size] = type(kept)(
            size, kept.id, kept.statement, world.simulator.log[0].note, kept.time
        )
        result = await mirror.sync(world.ccq, world.to[CCQ])
        assert codes(result) == [("alarm", "relay-answer-invalid")]
        assert View(world.ccq).size == size
        assert not frozen(world)


async def test_a_wrong_due_date_is_objected_to_with_evidence(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        world.simulator.due_shift = 3
        sent = await world.send()
        await world.receive(sent.id)
        result = await world.sync()
        assert codes(result) == [("objection", "due-differs")]
        assert result.alarms[0].evidence is not None
        due = result.new[-1].logged.statement
        assert isinstance(due, Due)
        assert (await world.sync()).alarms == []


async def test_a_due_date_that_is_owed_is_objected_to(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        world.simulator.owes_due = True
        sent = await world.send()
        await world.receive(sent.id)
        assert codes(await world.sync()) == [("objection", "due-missing")]
        assert not frozen(world)


async def test_a_forged_statement_that_the_relay_accepted_freezes_the_home(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        sent = await world.send()
        await world.sync()
        view = View(world.ca)
        forged = Decline(
            dispatch=sent.id,
            by="ca.example/van-thu",
            code="duplicate",
            relay=ORIGIN,
            seen=view.seen,
            head=view.heads,
            time=view.now,
            nonce=secrets.token_bytes(16),
        )
        world.simulator.log_without_check(forged, Signer.ed25519("ca.example/van-thu", bytes(32)))
        result = await world.sync()
        assert codes(result)[0] == ("contradiction", "false-statement")
        assert frozen(world)
        assert logbook.about_dispatch(world.ccq.archive, sent.id)[-1].type != "decline"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"seen": Seen(3, b"\x01" * 32)}, ("objection", "seen-wrong")),
        ({"seen": Seen(0, b"\x01" * 32)}, ("objection", "seen-wrong")),
        ({"seen": Seen(999, b"\x01" * 32)}, ("objection", "seen-beyond")),
        ({"head": ("00" * 32,)}, ("objection", "head-unknown")),
        ({"time": timedelta(minutes=20)}, ("objection", "outside-window")),
        ({"time": timedelta(days=-16)}, ("objection", "outside-window")),
    ],
)
async def test_what_an_honest_relay_refuses_is_found_when_accepted(
    tmp_path: Path, change: dict[str, object], expected: tuple[str, str]
) -> None:
    async with founded(tmp_path) as world:
        sent = await world.send()
        await world.sync()
        view = View(world.ca)
        fields: dict[str, object] = {"seen": view.seen, "head": view.heads, "time": view.now} | change
        if isinstance(change.get("time"), timedelta):
            fields["time"] = view.now + change["time"]  # type: ignore[operator]
        statement = Decline(
            dispatch=sent.id,
            by="ca.example/van-thu",
            code="duplicate",
            relay=ORIGIN,
            nonce=secrets.token_bytes(16),
            **fields,  # type: ignore[arg-type]
        )
        world.simulator.log_without_check(statement, world.ca.keyring.signer)
        assert expected in codes(await mirror.sync(world.ccq, world.to[CCQ]))


async def test_a_receipt_by_somebody_it_was_not_sealed_to_has_no_effect(tmp_path: Path) -> None:
    """Here the sender's own clerk signs for what went to CA, and a relay that should know better lets it in."""
    async with founded(tmp_path) as world:
        sent = await world.send()
        await world.sync()
        view = View(world.ccq)
        common = {"relay": ORIGIN, "seen": view.seen, "head": view.heads, "time": view.now}
        statement = Receipt(
            dispatch=sent.id,
            by=world.ccq.config.member,
            nonce=secrets.token_bytes(16),
            **common,  # type: ignore[arg-type]
        )
        world.simulator.log_without_check(statement, world.ccq.keyring.signer)
        assert ("objection", "not-addressee") in codes(await mirror.sync(world.ca, world.to[CA]))
        (case,) = View(world.ca).cases()
        assert case.dispatches[sent.id].state == "sent"


async def test_a_calendar_signed_by_no_approver_is_not_counted(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        view = View(world.ccq)
        statement = CalendarApproval(
            by=world.ccq.config.member,  # a clerk
            document="ab" * 32,
            decision=None,
            replaces=view.calendars.latest.document,
            relay=ORIGIN,
            seen=view.seen,
            head=view.heads,
            time=view.now,
            nonce=secrets.token_bytes(16),
        )
        world.simulator.log_without_check(statement, world.ccq.keyring.signer)
        assert ("objection", "no-approver") in codes(await mirror.sync(world.ca, world.to[CA]))
        assert View(world.ca).calendars.pending == ()


async def test_a_case_begun_under_a_profile_no_longer_in_force_is_objected_to(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        dispatch, *_ = world.dispatch()
        newer = profile_for(world.simulator, "16-QC/TU")
        for home in (world.ccq, world.ca):
            await profile_signing.attest(home, world.to[home.config.committee], newer)
        world.simulator.log_without_check(dispatch.statement, world.ccq.keyring.signer)
        await world.sync()
        assert ("objection", "other-profile") in [
            (alarm.severity, alarm.code) for alarm in world.ca.archive.alarms()
        ]


async def test_an_approver_who_is_none_is_objected_to(tmp_path: Path) -> None:
    """CCQ's clerk has a second key certified, of the same holder and without the role, and approves with it."""
    async with founded(tmp_path) as world:
        key = Signer.ed25519(f"{CCQ}/hai", secrets.token_bytes(32))
        sealing = mlkem768x25519.Identity(secrets.token_bytes(32)).recipient()
        chain = View(world.ccq).committees.chains[CCQ]
        mine = View(world.ccq).in_force()[world.ccq.config.member].statement
        second = replace(
            mine, member=key.vkey.name, signing=key.vkey, sealing=str(sealing), number=len(chain.links) + 1
        )
        root = world.ccq.keyring.root
        assert root is not None
        second = replace(second, previous=chain.head, nonce=secrets.token_bytes(16))
        world.simulator.log_without_check(second, root, key)
        await mirror.sync(world.ccq, world.to[CCQ])
        statement = world.dispatch()[0].statement
        assert isinstance(statement, Dispatch)
        world.simulator.log_without_check(
            replace(statement, approver=key.vkey.name), world.ccq.keyring.signer, key
        )
        assert ("objection", "not-approved") in codes(await mirror.sync(world.ca, world.to[CA]))


async def test_relay_times_that_go_back_freeze_the_home(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        sent = await world.send()
        world.simulator.log_own(
            Acceptance(
                of=sent.id,
                relay=ORIGIN,
                time=world.simulator.time() - timedelta(hours=1),
                nonce=secrets.token_bytes(16),
            )
        )
        assert ("contradiction", "time-went-back") in codes(await mirror.sync(world.ccq, world.to[CCQ]))
        assert frozen(world)


async def test_a_log_time_outside_the_cosignatures_is_objected_to(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        world.simulator.posix = lambda: world.ccq.clock.posix() + 1200
        await world.send()
        world.simulator.posix = world.ccq.clock.posix
        await world.witness()
        assert ("objection", "time-outside-cosignatures") in codes(
            await mirror.sync(world.ccq, world.to[CCQ])
        )


async def test_many_pages_and_bundles_are_read_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "PAGE", 7)
    async with founded(tmp_path) as world:
        case = (await world.send()).own
        for _ in range(140):
            dispatch, header, body = world.dispatch("message", case.statement.case)  # type: ignore[union-attr]
            world.simulator.post(dispatch.note, header=header, body=body)
        result = await world.sync()
        assert result.up_to_date
        assert result.size == len(world.simulator.log) > 256
        indexes = [entry.logged.index for entry in result.new]
        assert indexes == sorted(indexes)
        assert indexes[-1] == result.size - 1


async def test_a_profile_that_names_another_relay_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attested by programs that do not compare: the keys this home was given are not those of the profile any more."""
    monkeypatch.setattr(profile_signing, "read", lambda _, document: profile.parse(document))
    async with founded(tmp_path) as world:
        assert codes(await mirror.sync(world.ccq, world.to[CCQ])) == []
        own = world.simulator.ed25519.vkey
        other = Signer.ed25519(ORIGIN, secrets.token_bytes(32)).vkey
        document = profile_for(world.simulator, "16-QC/TU").replace(str(own).encode(), str(other).encode())
        for home in (world.ccq, world.ca):
            await profile_signing.attest(home, world.to[home.config.committee], document)
        told = await mirror.sync(world.ccq, world.to[CCQ])
        assert "relay-keys-differ" in {alarm.code for alarm in told.alarms} | {
            alarm.code for alarm in world.ccq.archive.alarms()
        }
