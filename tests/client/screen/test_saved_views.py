"""Saved views: kept under their names, whoever else saves at the same time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.client.agreement import PASSPHRASE, make_home

from kynhan_client.edxml import exporting
from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.registers import registers
from kynhan_client.screen import saved_views

MANY = 20
SAVING = """
import sys
from datetime import date
from pathlib import Path
from kynhan_client.edxml import exporting
from kynhan_client.home.home import Home
from kynhan_client.registers import registers
from kynhan_client.screen import saved_views
with Home.open(Path(sys.argv[1]), sys.argv[2].encode()) as home:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(sys.argv[4])):
        saved_views.save(home, f"{sys.argv[3]} {number}", ("deadlines",))
        exporting.set_organ_id(home, f"{sys.argv[3]}-{number}.example", "000")
        registers.change_settings(home, term_begins=date(int(sys.argv[5]) + number, 10, 1))
"""


def test_of_two_who_save_at_once_neither_loses_anything(tmp_path: Path) -> None:
    make_home(tmp_path / "home", "ccq.example").close()
    command = [sys.executable, "-c", SAVING, str(tmp_path / "home"), PASSPHRASE.decode()]
    both = [
        subprocess.Popen(
            [*command, name, str(MANY), year], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for name, year in (("a", "2100"), ("b", "2200"))
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    assert [one.wait() for one in both] == [0, 0]
    for one in both:
        one.communicate()
    with Home.open(tmp_path / "home", PASSPHRASE) as home:
        expected = {f"{name} {number}" for name in "ab" for number in range(MANY)}
        assert set(saved_views.all_views(home)) == expected
        assert len(home.archive.get(exporting.ORGANS)) == 2 * MANY
        assert len(registers.settings(home).term_begins) == 2 * MANY + 1


def test_more_than_can_be_kept_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MAX_VIEWS", 2)
    with make_home(tmp_path / "home", "ccq.example") as home:
        for name in ("một", "hai", "hai"):
            saved_views.save(home, name, ("cases",))
        with pytest.raises(ClientError) as refused:
            saved_views.save(home, "ba", ("cases",))
        assert refused.value.code == "too-many-views"
        saved_views.remove(home, "một")
        assert saved_views.save(home, "ba", ("cases",)) == "ba"
