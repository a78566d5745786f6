"""The connection to the client of a request: how it waits, who carries out what takes long, and how it breaks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from starlette.types import Scope

LINE = "reconciler.line"
T = TypeVar("T")


class PlainLine:
    """The connection to the client. A transport supplies its own in `scope["extensions"][LINE]`.

    This is the default for servers that supply none: it interrupts a connection by an exception, which the server handles.
    """

    async def pause(self, sleep: Callable[[float], None], seconds: float) -> None:
        """Delay this client only."""
        await aside(lambda: sleep(seconds))

    async def work(self, job: Callable[[], T], at_most: float | None = None) -> T | None:
        """The result of a job that calls others, without delaying other clients; None if it takes longer than `at_most` seconds."""
        return await aside(job, at_most)

    async def break_off(self) -> None:
        """Interrupt the connection without a response."""
        raise ConnectionAbortedError("interrupted on demand")


class NobodysLine(PlainLine):
    """The connection of a delayed request whose client has gone. `line` is that of the request that it is carried out with."""

    def __init__(self, line: PlainLine) -> None:
        self._line = line

    async def pause(self, sleep: Callable[[float], None], seconds: float) -> None:
        """Return at once: no client waits."""

    async def work(self, job: Callable[[], T], at_most: float | None = None) -> T | None:
        return await self._line.work(job, at_most)

    async def break_off(self) -> None:
        """Do nothing: there is no connection."""


async def aside(job: Callable[[], T], at_most: float | None = None) -> T | None:
    """The result of a job in a separate daemon thread, which does not block the exit of the process. Raises what the job raises.

    With `at_most`, None if the job takes longer than this many seconds; it goes on, and nobody learns how it ends.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def carry_out() -> None:
        try:
            result = job()
        except Exception as error:  # noqa: BLE001 - it is raised where the result is awaited
            tell(partial(done.set_exception, error))
        else:
            tell(partial(done.set_result, result))

    def tell(settle: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(lambda: None if done.done() else settle())

    threading.Thread(target=carry_out, name="emulator-aside", daemon=True).start()
    await asyncio.wait([done], timeout=at_most)
    if not done.done():
        done.cancel()
        return None
    return done.result()


def line_of(scope: Scope) -> PlainLine:
    """The connection to the client of this request."""
    line: PlainLine = scope.get("extensions", {}).get(LINE) or PlainLine()
    return line
