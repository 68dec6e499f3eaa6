"""Periodic reports, end to end: both committees and the relay count alike; an auditor checks without any dossier."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from click.testing import CliRunner
from tests.client.agreement import CA, CCQ
from tests.client.parties import LOG
from tests.client.reporting.report_story import Told, codes, handed, kept, telling

from kynhan_client import syncing
from kynhan_client.errors import ClientError
from kynhan_client.packages import opening, receive, send
from kynhan_client.relay.relay import connect
from kynhan_client.reporting import checking, making, proof, reading, writing
from kynhan_client.reporting.checking import Trust
from kynhan_client.reporting.making import Wanted
from kynhan_client.trust import trust
from kynhan_protocol.reports import reports
from kynhan_protocol.vietnam_time import local_date
from kynhan_server.operator import reporting as relay_reporting
from kynhan_server.operator.cli import relay

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    async with telling(tmp_path_factory.mktemp("two")) as story:
        yield story


async def test_both_committees_and_the_relay_count_alike(told: Told) -> None:
    two = told.two
    ours, theirs = (making.make(home, told.wanted, told.at) for home in (two.ccq, two.ca))
    assert msgspec.json.encode(ours.report.figures) == msgspec.json.encode(theirs.report.figures)
    assert ours.report.subjects == theirs.report.subjects
    assert told.wanted.begins is not None
    assert told.wanted.ends is not None
    relay = relay_reporting.figures(two.folder / "relay", LOG, told.wanted.begins, told.wanted.ends, told.at)
    without = msgspec.structs.replace(ours.report.figures, by_subject=None)
    assert msgspec.json.encode(relay.figures) == msgspec.json.encode(without)
    assert (relay.profile, relay.calendar) == (ours.report.profile, ours.report.calendar)


async def test_the_operator_sees_the_same_figures(told: Told) -> None:
    made = making.make(told.two.ca, told.wanted, told.at)
    words = [
        "report",
        "--data",
        str(told.two.folder / "relay"),
        "--log",
        LOG,
        "--at",
        f"{told.at:%Y-%m-%dT%H:%M:%SZ}",
    ]
    words += ["--from", str(told.wanted.begins), "--to", str(told.wanted.ends)]
    ran = CliRunner().invoke(relay, [*words, "--json"])
    assert ran.exit_code == 0, ran.output
    figures = json.loads(ran.output)["figures"]
    theirs = json.loads(msgspec.json.encode(msgspec.structs.replace(made.report.figures, by_subject=None)))
    assert figures == theirs
    assert "6 received" in CliRunner().invoke(relay, words).output
    for wrong in (["--log", "none"], ["--to", "2020-01-01"], ["--data", str(told.two.folder / "none")]):
        refused = CliRunner().invoke(relay, [*words, *wrong])
        assert (refused.exit_code, "Error: " in refused.output) == (1, True), wrong


async def test_the_figures_of_what_happened(told: Told) -> None:
    made = making.make(told.two.ca, told.wanted, told.at)
    total = made.report.figures.total
    assert (total.cases, total.received, total.answered, total.open) == (6, 6, 2, 4)
    assert (total.limits.in_time, total.limits.late, total.limits.in_time_original) == (1, 1, 1)
    assert (total.limits.open_within + total.limits.open_soon, total.limits.open_past) == (2, 0)
    assert (total.targets.open_past, total.untimed.received, total.extended) == (0, 1, 1)
    figures = made.report.figures
    assert (figures.never_received.declined, figures.extensions.given, figures.requests.urgent) == (1, 1, 1)
    assert [note.title for note in made.report.difficulties] == [None]  # CA has not opened it
    assert made.final
    assert made.report.finished
    assert made.is_covered
    assert reports.parse(made.data) == made.report


async def test_an_unfinished_or_future_period_is_marked(told: Told) -> None:
    today = local_date(told.at)
    made = making.make(told.two.ccq, Wanted(begins=date(2026, 1, 1), ends=today + timedelta(days=30)))
    assert not made.report.finished
    assert checking.check(handed(told.two.ccq, made), Trust()).verdict == "VALID"
    future = making.make(
        told.two.ccq, Wanted(begins=today + timedelta(days=9), ends=today + timedelta(days=30))
    )
    assert (future.report.finished, future.report.figures.total.received) == (False, 0)


async def test_a_report_is_checked_from_its_evidence_alone(told: Told, tmp_path: Path) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    folder = kept(made, told.two.ccq, tmp_path / "report")
    for path in (folder, folder / "report.json", folder / "bao-cao.pdf"):
        checked = checking.check(reading.read(path), Trust())
        assert (checked.verdict, codes(checked), checked.final) == ("VALID", set(), True), path
    with tarfile.open(tmp_path / "all.tar", "w") as tar:
        for one in folder.iterdir():
            tar.add(one, f"./{one.name}")
    assert checking.check(reading.read(tmp_path / "all.tar"), Trust()).verdict == "VALID"
    alone = tmp_path / "alone.json"
    shutil.copy(folder / "report.json", alone)
    assert codes(checking.check(reading.read(alone), Trust())) == {"no-evidence"}
    assert checking.check(reading.read(alone, folder / proof.FILE), Trust()).verdict == "VALID"
    own = checking.check(reading.read(alone), Trust(), told.two.ca)
    assert (own.verdict, own.subjects) == ("VALID", "compared")


async def test_an_auditor_gets_it_and_checks_it_without_any_dossier(told: Told, tmp_path: Path) -> None:
    two = told.two
    auditor = await two.add_member(two.ccq, "kiem-tra", "auditor")
    await two.sync()
    with auditor:
        async with connect(auditor) as relay:
            await syncing.sync(auditor, relay)
            made = making.make(two.ccq, told.wanted, told.at)
            folder = kept(made, two.ccq, tmp_path / "report")
            letter = writing.letter(folder, "ccq.example/kiem-tra")
            sent = await send.send(two.ccq, two.to[CCQ], letter)
            await syncing.sync(auditor, relay)
            trust.compare(auditor, trust.digits(two.ccq))
            await receive.sign(auditor, relay, sent.dispatch)
            opened = await opening.open_package(auditor, relay, sent.dispatch, tmp_path / "got")
        assert opened.result == "verified"
        assert set(opened.files) == {"bao-cao.pdf", "bao-cao.xlsx", "report.json", "bang-chung.tar"}
        checked = checking.check(reading.read(tmp_path / "got"), Trust(), auditor)
        assert (checked.verdict, codes(checked), checked.subjects) == ("VALID", set(), "declared")
        with pytest.raises(ClientError) as refused:
            making.make(auditor, told.wanted)
        assert refused.value.code == "wrong-role"
        with pytest.raises(ClientError):
            await opening.open_package(
                auditor, None, next(iter(made.facts[0].case.dispatches)), tmp_path / "no"
            )


async def test_the_report_goes_to_the_other_committee_too(told: Told, tmp_path: Path) -> None:
    two = told.two
    folder = kept(making.make(two.ccq, told.wanted, told.at), two.ccq, tmp_path / "report")
    sent = await send.send(two.ccq, two.to[CCQ], writing.letter(folder, CA, about=told.cases["open"]))
    await two.sync()
    await receive.sign(two.ca, two.to[CA], sent.dispatch)
    await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "got")
    checked = checking.check(reading.read(tmp_path / "got"), Trust(), two.ca)
    assert (checked.verdict, checked.subjects) == ("VALID", "compared")


async def test_a_case_under_a_profile_that_nobody_attested_is_told_in_a_sentence(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay that logs such a dispatch breaks its own rules; it cannot be counted, and nothing is made up."""
    source_of = making.source_of

    def with_another(*words: Any) -> reports.Source:
        source = source_of(*words)
        first, *rest = source.log[told.cases["open"]]
        odd = replace(first, statement=replace(first.statement, profile="0" * 64))
        return replace(source, log={**source.log, told.cases["open"]: [odd, *rest]})

    monkeypatch.setattr(making, "source_of", with_another)
    with pytest.raises(ClientError) as refused:
        making.make(told.two.ccq, told.wanted, told.at)
    assert refused.value.code == "keys-missing"
