"""`make bench`: every benchmark, one JSON line a figure, then a table."""

from __future__ import annotations

from . import cases, dispatches, reading, sealing, search
from .report import Report


def main() -> None:
    report = Report()
    sealing.measure(report)
    dispatches.measure(report)
    reading.measure(report)
    cases.measure(report)
    search.measure(report)
    report.table()


if __name__ == "__main__":
    main()
