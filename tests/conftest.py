"""What holds for all tests: fixed draws, plain surroundings, and a count of what was skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import closing, draws, skips, surroundings

surroundings.settle()
draws.register()


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    with closing.closed_here():
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(skips.OPTION, metavar="FILE", type=Path, help="add the reasons of skipped tests to FILE")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    file: Path | None = config.getoption(skips.OPTION)
    if file is not None and not hasattr(config, "workerinput"):  # workers report to the process that started them
        reports = terminalreporter.stats.get("skipped", [])
        skips.note(file, (report.longrepr[2].removeprefix("Skipped: ") for report in reports))
