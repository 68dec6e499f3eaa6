"""`kynhan watch` on real processes: news as it comes, one witness per committee, and how both end."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.commands import World, standing


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with standing(tmp_path_factory.mktemp("watching")) as made:
        yield made


def lines(path: Path) -> list[Any]:
    """What was printed so far, an object a line."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def started(world: World, log: Path, *words: str) -> subprocess.Popen[bytes]:
    """A command that stays, its answers in `log`."""
    with log.open("wb") as out:
        return subprocess.Popen(
            world.command(*words), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE
        )


def stopped(process: subprocess.Popen[bytes], how: signal.Signals) -> tuple[int, str]:
    """Its status and stderr."""
    process.send_signal(how)
    _, stderr = process.communicate(timeout=30)
    return process.returncode, stderr.decode()


def test_a_package_is_announced_as_it_comes(world: World) -> None:
    log = world.folder / "news"
    watching = started(world, log, "ca", "watch", "--json")
    try:
        world.wait_for(lambda: any(line["event"] == "connection" for line in lines(log)))
        dispatch = world.send(world.file("a.pdf")).json["dispatch"]
        world.wait_for(lambda: any(line.get("dispatch") == dispatch for line in lines(log)))
    finally:
        status, stderr = stopped(watching, signal.SIGINT)
    assert [line["event"] for line in lines(log) if line.get("dispatch") == dispatch] == ["arrived"]
    assert lines(log)[-1]["error"]["code"] == "interrupted-watch"
    assert status == 130
    assert "Nothing is lost" in stderr
    assert [item["dispatch"] for item in world.ok("ca", "inbox")["items"]] == [dispatch]


def test_one_witness_at_a_time_and_it_ends_well(world: World) -> None:
    log = world.folder / "witness"
    witness = started(world, log, "ca", "watch", "--witness", "--json")
    try:
        world.wait_for(lambda: lines(log))
        assert world.run("ca", "watch", "--witness", "--json").code == "witness-running"
        time.sleep(2.5)
    finally:
        status, _ = stopped(witness, signal.SIGTERM)
    assert status == 0
    sizes = [line["size"] for line in lines(log)]
    assert sizes == sorted(set(sizes))


def test_receipts_become_final_once_both_witnesses_signed(world: World) -> None:
    world.send(world.file("b.pdf"))
    for _ in range(3):
        for who in ("ccq", "ca"):
            assert world.run(who, "watch", "--witness", "--once").status == 0
    world.ok("ccq", "sync")
    assert {line["state"] for line in world.ok("ccq", "receipts", "--upgrade")["receipts"]} == {"final"}


def test_news_once(world: World) -> None:
    world.send(world.file("c.pdf"))
    told = world.run("ca", "watch", "--once", "--json")
    assert told.status == 0
    assert "arrived" in [json.loads(line)["event"] for line in told.stdout.splitlines()]
