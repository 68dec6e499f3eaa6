"""Whoever turns a kept folder or frozen bytes red is told what that means, however the test failed."""

from __future__ import annotations

from collections.abc import Generator

import pytest

IN_HANDS = ("test_folders.py", "test_bytes.py")
MEANT = (
    "this breaks what is already in users' hands: if meant, make later versions read what is kept all the same, "
    "run `python -m tests.frozen` and write a line in CHANGELOG.md"
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and item.path.name in IN_HANDS:
        report.sections.append(("what that means", MEANT))
    return report
