"""The rules that the log alone decides, without any case: of whom, when, in view of what."""

from __future__ import annotations

from typing import Final

from . import views, windows
from .faults import Article

LOG_RULES: Final[tuple[Article, ...]] = (windows.WINDOW, views.SEEN, views.HEAD)
"""In the order in which the relay names the first that is broken."""
