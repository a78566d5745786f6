"""The log on standard error: warnings always, HTTP requests and more with `-v`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reconciler.cli.terminal.output import tell

_ALL = "reconciler"
"""The parent of all loggers: HTTP requests, one line per attempt, without headers or bodies; credentials files, without any value."""


@contextmanager
def shown_log(is_verbose: Callable[[], bool]) -> Iterator[None]:
    """While the context is open, log warnings to standard error; if the command is verbose, HTTP requests, too."""
    logger = logging.getLogger(_ALL)
    handler = _Handler(is_verbose)
    level, propagates = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagates


class _Handler(logging.Handler):
    """Checks verbosity for each record: `-v` may follow the command."""

    def __init__(self, is_verbose: Callable[[], bool]) -> None:
        super().__init__()
        self._is_verbose = is_verbose

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING and not self._is_verbose():
            return
        from reconciler.reports.sinks.text import Text

        text = Text()
        text.line(record.getMessage())
        tell(text.render())
