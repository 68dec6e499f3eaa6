"""Loading by name: a command's module, and what only people's eyes need, are imported when they are used.

    load("kynhan_client.cli.time:due")

A script runs many commands, each a fresh process; what one of them does not use must not cost it any time.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def load(target: str) -> Any:
    """The attribute of a module, spelled `module:attribute`. Raises ImportError, AttributeError."""
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
