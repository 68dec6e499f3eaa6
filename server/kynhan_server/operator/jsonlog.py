"""The relay's own log: one JSON line per event on stderr, without content, names or addresses of people."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def to_stderr() -> None:
    """Configure structlog, and send warnings of libraries the same way."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = _Forward()
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # It warns whenever a tick outlasts the time between two: that is what max_instances=1 is for, and /healthz tells.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


def event(name: str, **fields: Any) -> None:
    """One line now."""
    structlog.get_logger("kynhan.relay").info(name, **{key: value for key, value in fields.items() if value})


class _Forward(logging.Handler):
    """What libraries log, as our events."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).warning(
            "library", logger=record.name, detail=record.getMessage(), exc_info=record.exc_info
        )
