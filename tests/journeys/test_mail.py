"""Reminders that reach people, on real processes: relay, SMTP server, webhook receiver, two clients, a desktop.

CA's clerk subscribes and confirms; a case runs to its day; the mail, the webhook, the calendar and the desktop say so,
once each, and nothing of the dossier is in any of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import vobject
from tests import moments
from tests.journeys.commands import TITLE, World, standing
from tests.journeys.searching import in_bytes, spellings
from tests.server.mailbox import SENDER, Mailbox, mailbox

from kynhan_protocol.vietnam_time import VIETNAM

ADDRESS = "van-thu@ca.tinh.example"
FILE = "danh sách riêng.pdf"
CONTENT = spellings([TITLE, FILE, "3.1", "in-country", "Văn thư"])


class Hooks:
    """A webhook receiver of its own thread."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        calls = self.calls

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                calls.append((dict(self.headers), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing on stderr."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/kynhan"
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture(scope="module")
def post() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture(scope="module")
def hooks() -> Iterator[Hooks]:
    made = Hooks()
    yield made
    made.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, post: Mailbox) -> Iterator[World]:
    with standing(tmp_path_factory.mktemp("mail")) as made:
        made.stop_relay()
        (made.folder / "relay" / "notices.toml").write_text(
            f'[mail]\nhost = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\nfrom = "{SENDER}"\n'
            "[webhook]\nloopback = true\n"
        )
        made.start_relay()
        yield made


def set_clock(world: World, day: date, hour: int, minute: int = 0) -> None:
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)
    moments.set_clock(world.clock, moment)


def about(post: Mailbox, case: str) -> list[str]:
    return [subject for subject in post.subjects if case[:12] in subject]


def desktop(world: World) -> tuple[dict[str, str], Path]:
    """An environment with a notifier that writes down what it is asked to show."""
    folder, log = world.folder / "bin", world.folder / "shown"
    folder.mkdir(exist_ok=True)
    program = folder / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {log}\necho ---- >> {log}\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}, log


def watch_once(world: World, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = world.command("ca", "watch", "--once", *words)
    return subprocess.run(command, capture_output=True, text=True, check=True, env=env)


def test_a_reminder_reaches_its_people_and_tells_them_nothing_else(
    world: World, post: Mailbox, hooks: Hooks
) -> None:
    # Subscribing: nothing goes to a mailbox that was not confirmed.
    made = world.ok("ca", "channel", "add-mail", ADDRESS, "--language", "both")
    assert made["confirmed"] is False
    world.wait_for(lambda: post.mails)
    code = next(line.split()[-1] for line in post.text().splitlines() if "channel confirm" in line)
    assert world.run("ca", "--json", "channel", "confirm", "AAAA-AAAA").code == "bad-channel-code"
    assert world.ok("ca", "channel", "confirm", code)["confirmed"] is True
    world.ok("ca", "channel", "add-webhook", hooks.url)
    feed = world.ok("ca", "channel", "add-feed", "--language", "vi")["url"]
    listed = world.ok("ca", "channel", "list")["channels"]  # by the second in which they were made
    assert sorted(one["kind"] for one in listed) == ["feed", "mail", "webhook"]
    assert world.ok("ccq", "channel", "list")["channels"] == []

    # A case runs to its day.
    dispatch = world.sent(world.file(FILE))
    world.ok("ca", "sign", dispatch, "--yes")
    ((deadline),) = world.ok("ca", "deadlines")["deadlines"]
    case, due = deadline["case"], date.fromisoformat(deadline["due"])
    before = len(about(post, case))
    set_clock(world, due, 8, 1)
    world.wait_for(lambda: len(about(post, case)) > before)
    world.wait_for(lambda: any(case.encode() in body for _, body in hooks.calls))

    # The mail, once, with nothing but number, step, date and command.
    mail = next(one for one in post.mails if case[:12] in str(one["Subject"]))
    assert f"Việc {case[:12]}: đến hạn hôm nay" in str(mail["Subject"])
    assert f"Hạn trả lời: {due:%d/%m/%Y}" in mail.get_content()
    assert f"kynhan case {case[:12]}" in mail.get_content()
    time.sleep(1)  # several looks of the sender
    assert len(about(post, case)) == before + 1
    webhook = json.loads(next(body for _, body in hooks.calls if case.encode() in body))
    assert (webhook["case"], webhook["step"]) == (case, "0")
    for told in (*post.raw, *(body for _, body in hooks.calls)):
        assert in_bytes(told, CONTENT, "what was sent") == []
    counts = {one["kind"]: one["sent"] for one in world.ok("ca", "channel", "list")["channels"]}
    assert counts["mail"] >= 1
    assert counts["webhook"] >= 1

    # The calendar, read by another library.
    with urllib.request.urlopen(feed) as answer:
        calendar = vobject.readOne(answer.read().decode())
    (event,) = calendar.contents["vevent"]
    assert (event.uid.value, event.dtstart.value) == (case, due)
    assert len(event.contents["valarm"]) == 2

    # The desktop, once; what was missed while off is caught up with.
    env, log = desktop(world)
    assert "due today" in watch_once(world, env).stdout
    assert f"Case {case[:12]}: due today" in log.read_text()
    shown = log.read_text()
    watch_once(world, env)
    assert log.read_text() == shown
    assert in_bytes(log.read_bytes(), CONTENT, "the desktop") == []

    # Neither the address nor the feed's secret is in the relay's log.
    relay_log = world.log.read_text()
    assert ADDRESS not in relay_log
    assert feed.rpartition("/")[2].removesuffix(".ics") not in relay_log


def test_a_snoozed_case_is_quiet_here_and_its_date_stays(world: World) -> None:
    dispatch = world.sent(world.file("b.pdf"))
    world.ok("ca", "sign", dispatch, "--yes")
    deadline = world.ok("ca", "deadlines")["deadlines"][-1]
    case = deadline["case"]
    refused = world.run("ca", "--json", "snooze", case, "--days", "300")
    assert refused.code == "needs-confirmation"
    assert world.run("ca", "--json", "snooze", case, "--until", "2020-01-01").code == "snooze-past"
    assert world.run("ca", "snooze", case).status == 2
    assert world.run("ca", "--json", "snooze", "zzzzzz", "--days", "1").code == "not-found"
    until = world.ok("ca", "snooze", case, "--days", "300", "--yes")["until"]
    listed = {one["case"]: one for one in world.ok("ca", "deadlines")["deadlines"]}[case]
    assert (listed["snoozed_until"], listed["due"]) == (until, deadline["due"])
    assert "put off to" in world.run("ca", "deadlines").stdout
    env, log = desktop(world)
    log.unlink(missing_ok=True)
    set_clock(world, date.fromisoformat(deadline["due"]), 8, 1)
    time.sleep(1)
    quiet = watch_once(world, env).stdout
    assert case[:12] not in quiet
    assert not log.exists() or case[:12] not in log.read_text()
    assert world.ok("ca", "snooze", "--off", case)["was"] is True
    assert world.ok("ca", "case", case)["snoozed_until"] is None


def test_removing_a_channel_ends_it_for_good(world: World) -> None:
    feed = world.ok("ca", "channel", "add-feed")
    with urllib.request.urlopen(feed["url"]) as answer:
        assert answer.status == 200
    assert world.run("ca", "--json", "channel", "remove", feed["id"][:8]).code == "needs-confirmation"
    world.ok("ca", "channel", "remove", feed["id"][:8], "--yes")
    with pytest.raises(urllib.error.HTTPError) as gone:
        urllib.request.urlopen(feed["url"])
    with gone.value as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add-mail", "x@y.example\r\nBcc: z@y.example"), "bad-address"),
        (("add-mail", "x@y.example\u202e"), "bad-address"),
        (("add-mail", "a" * 10_000 + "@y.example"), "bad-address"),
        (("add-webhook", "http://hooks.example/"), "bad-webhook"),
        (("add-webhook", "https://10.0.0.1/"), "channel-refused"),
        (("confirm", "x" * 10_000), "bad-channel-code"),
        (("remove", "ffffffff"), "no-channel"),
    ],
)
def test_bad_input_is_one_named_error(world: World, words: tuple[str, ...], code: str) -> None:
    before = world.ok("ca", "channel", "list")["channels"]
    assert world.run("ca", "--json", "channel", *words).code == code
    assert world.ok("ca", "channel", "list")["channels"] == before
