"""What several of these tests read: scripts/rooms, as a module."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def rooms() -> ModuleType:
    """scripts/rooms, which has no suffix."""
    loader = SourceFileLoader("rooms_of_the_house", str(ROOT / "scripts/rooms"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, loader.name, module)  # dataclasses look their module up
        loader.exec_module(module)
    return module
