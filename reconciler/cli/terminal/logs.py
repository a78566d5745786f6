"""The HTTP log of `-v`, on standard error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reconciler.cli.terminal.output import tell

_HTTP = "reconciler.http"
"""The logger of HTTP requests: one line per attempt, without headers or bodies."""


@contextmanager
def http_log(is_verbose: Callable[[], bool]) -> Iterator[None]:
    """While the context is open, log HTTP requests to standard error if the command is verbose."""
    logger = logging.getLogger(_HTTP)
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
        if not self._is_verbose():
            return
        from reconciler.reports.sinks.text import Text

        text = Text()
        text.line(record.getMessage())
        tell(text.render())
