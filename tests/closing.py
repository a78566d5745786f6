"""What a test opens and does not close itself is closed when the test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

_OPEN: Final = ExitStack()


def close_later(close: Callable[[], object]) -> None:
    """Call this at the end of the test, or of the innermost `closed_here`."""
    _OPEN.callback(close)


@contextmanager
def closed_here() -> Iterator[None]:
    """Closes at its end what was opened in it."""
    outer = _OPEN.pop_all()
    try:
        yield
    finally:
        _OPEN.close()
        _OPEN.push(outer)
