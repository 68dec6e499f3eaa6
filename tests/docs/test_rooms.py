"""The picture in ARCHITECTURE.md is the one that the imports make, and what the house does not allow is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def planned(rooms: Any, arrows: dict[str, set[str]], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The plan of a package whose modules, one a room, import each other so."""

    class Graph:
        modules = frozenset({"house", *(f"house.{room}" for room in arrows)})

        def find_modules_directly_imported_by(self, module: str) -> set[str]:
            return {f"house.{one}" for one in arrows[module.partition(".")[2]]}

    monkeypatch.setattr(rooms.grimp, "build_graph", lambda *_, **__: Graph())
    return rooms.plan("house")


def test_the_page_shows_the_rooms_that_the_imports_make(rooms: Any) -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    shown = page.partition(rooms.BEGIN)[2].partition(rooms.END)[0]
    assert shown == rooms.drawing(), "run scripts/rooms --write"


def test_the_protocol_has_no_more_than_is_allowed(rooms: Any) -> None:
    assert list(rooms.faults(rooms.plan(rooms.MEASURED), {})) == []


def test_a_room_stands_one_floor_above_the_highest_that_it_uses(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrows = {"roof": {"hall", "cellar"}, "hall": {"cellar"}, "cellar": set()}
    made = planned(rooms, arrows, monkeypatch)
    assert (made.floors, made.count, made.circles) == ({"cellar": 0, "hall": 1, "roof": 2}, 3, [])


def test_a_circle_is_named(rooms: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = planned(rooms, {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, monkeypatch)
    assert made.circles == [["a", "b", "c"]]
    assert [one for one in rooms.faults(made, {}) if "in a circle: a, b, c." in one]


def test_too_many_rooms_and_arrows_are_named(rooms: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"room{number:02}" for number in range(15)]
    made = planned(rooms, {name: set(names[:at]) for at, name in enumerate(names)}, monkeypatch)
    told = list(rooms.faults(made, {}))
    assert [one for one in told if "15 rooms; 14 are allowed" in one]
    assert [one for one in told if "105 arrows between its rooms; 40 are allowed" in one]


def test_a_noun_of_two_places_is_named_and_a_rule_of_none(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = planned(rooms, {"a": set()}, monkeypatch)
    told = list(rooms.faults(made, {"Ground": ["a.py:1", "b.py:2"], "may_act": [], "Line": []}))
    assert told == [
        "Ground stands in 2 places, and has one: a.py:1, b.py:2.",
        "may_act stands nowhere, and has one place.",
    ]
