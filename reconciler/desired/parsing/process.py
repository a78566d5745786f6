"""The process of a worker: a fresh interpreter with the import path of this one, and nothing else of it.

It is neither a fork, which threads would make unsafe, nor started by `multiprocessing`, which would import the main module of whoever uses
this package.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import PurePath
from typing import BinaryIO, Final, cast

from reconciler.desired.parsing.messages import READY, Broken, File, Made, frame, read_answer, receive, send

_START: Final = "import sys; sys.path[:] = sys.argv[1:]; from reconciler.desired.parsing.worker import main; main()"
_KEPT: Final = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
    "TMPDIR",
    "TEMP",
)
"""The only variables that a worker gets: no credentials."""
_PATIENCE: Final = 60.0
"""Seconds for one batch, or for the start. A file takes a few seconds at most."""


class NoProcess(Exception):
    """No worker can be started here."""


class Worker:
    """One worker. Used by one thread, and killed from any."""

    def __init__(self, command: Sequence[str], targets: bytes) -> None:
        """Start it. Raises NoProcess."""
        environ = {name: os.environ[name] for name in _KEPT if name in os.environ}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ
            )
        except (OSError, ValueError) as error:
            raise NoProcess(str(error)) from None
        self._targets = targets
        self._is_ready = False
        self._since: float | None = time.monotonic()

    def made(self, files: Sequence[File]) -> list[Made]:
        """What these files are. Raises Broken; the worker is then of no more use."""
        requests, answers = cast("BinaryIO", self._process.stdin), cast("BinaryIO", self._process.stdout)
        self._since = time.monotonic()
        if not self._is_ready:
            if receive(answers) != READY:
                raise Broken("it is not a worker")
            send(requests, self._targets)
            self._is_ready = True
        send(requests, frame(files))
        made = read_answer(receive(answers))
        if len(made) != len(files):
            raise Broken("an answer of another length")
        self._since = None
        return made

    def is_overdue(self, now: float) -> bool:
        """Whether it has not answered for longer than any batch takes; `now` is a monotonic time in seconds."""
        since = self._since
        return since is not None and now - since > _PATIENCE

    def kill(self) -> None:
        """End it at once; the thread that waits for it sees the end of its answers."""
        self._process.kill()

    def close(self) -> None:
        """End it, and forget it."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                cast("BinaryIO", stream).close()
        self._process.wait()


def command() -> tuple[str, ...] | None:
    """The command that starts a worker; None if this program is no Python interpreter, such as one that embeds Python."""
    if not sys.executable or getattr(sys, "frozen", False) or not PurePath(sys.executable).name.lower().startswith("python"):
        return None
    flags = ["-I", *(["-B"] if sys.dont_write_bytecode else [])]
    flags += [f"-Xpycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    return (sys.executable, *flags, "-c", _START, *(path for path in sys.path if PurePath(path).is_absolute()))
