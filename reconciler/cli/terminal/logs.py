"""The HTTP log of `-v`, on standard error."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import tell
from reconciler.reports.sinks.text import Text

_HTTP = "reconciler.http"
"""The logger of the live side: a line for each try, without headers or bodies."""


@contextmanager
def http_log(shell: Shell) -> Iterator[None]:
    """Requests are told on standard error for as long as the context is open, if the command was asked to be verbose."""
    logger = logging.getLogger(_HTTP)
    handler = _Teller(shell)
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


class _Teller(logging.Handler):
    """Asks when a line comes: `-v` may stand after the command, too."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell

    def emit(self, record: logging.LogRecord) -> None:
        if not self._shell.verbose:
            return
        text = Text()
        text.line(record.getMessage())
        tell(text.render())
