"""What is installed is what was tested: one version of each package everywhere, at or above its floor."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PINNED = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKED = {"client": ["client"], "server": ["server"], "dev": ["client", "server", "dev"]}
"""The extras that each file under requirements/ holds, besides what everything needs."""


def pins(path: Path) -> dict[str, str]:
    """The version of each package in a file of pins; a package that stands there twice is an error."""
    found: dict[str, str] = {}
    for line in path.read_text().splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            one = Requirement(line.removesuffix("\\"))
            (specifier,) = one.specifier
            name = canonicalize_name(one.name)
            assert name not in found, f"{path.name} has {name} twice"
            found[name] = specifier.version
    return found


def allowed(path: Path) -> list[Requirement]:
    """What pyproject.toml asks for of the packages in a file of pins."""
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *(line for extra in LOCKED[path.stem] for line in extras[extra])]
    return [Requirement(line) for line in asked]


def test_the_files_are_those_that_scripts_lock_writes() -> None:
    assert {path.stem for path in PINNED} == set(LOCKED)


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.stem)
def test_no_package_has_another_version_than_the_tests_have(path: Path) -> None:
    tested = pins(ROOT / "requirements" / "dev.txt")
    other = {name: pin for name, pin in pins(path).items() if tested.get(name) != pin}
    assert not other, f"{path.name} differs from dev.txt"


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.stem)
def test_every_pin_meets_its_floor(path: Path) -> None:
    found = pins(path)
    for asked in allowed(path):
        pin = found.get(canonicalize_name(asked.name))
        assert pin is not None, f"{path.name} lacks {asked.name}"
        assert asked.specifier.contains(pin), f"{path.name} has {asked.name} {pin}, not {asked.specifier}"


def test_every_dependency_states_its_floor() -> None:
    extras = PROJECT["optional-dependencies"]
    for line in [*PROJECT["dependencies"], *(line for lines in extras.values() for line in lines)]:
        operators = {specifier.operator for specifier in Requirement(line).specifier}
        assert operators & {">=", "=="}, line
