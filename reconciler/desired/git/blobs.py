"""Reads objects of a git repository through one long-running process."""

from __future__ import annotations

import select
import subprocess
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final

from reconciler.desired.git.command import Git
from reconciler.desired.git.refs import is_commit_name
from reconciler.texts.reading import MAX_BYTES

_PATIENCE_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 30.0


class Blobs:
    """Reads file contents by object name. The process starts with the first read and ends with `close()` or with this object.

    Not thread-safe: one thread at a time may read.
    """

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None
        self._finish: weakref.finalize[[subprocess.Popen[bytes]], Blobs] | None = None

    def read(self, name: str) -> bytes | None:
        """The content of the object with this name in bytes; None if it is missing. Never raises.

        At most `MAX_BYTES` + 1 bytes are returned, so that callers can reject an object that is too large.
        """
        return self._ask(name.encode()) if is_commit_name(name) else None

    def read_at(self, commit: str, path: str) -> bytes | None:
        """The content of the file at this path, relative to the repository's root, in this commit; see `read`."""
        if not is_commit_name(commit) or "\n" in path:
            return None
        return self._ask(f"{commit}:{path}".encode("utf-8", "surrogateescape"))

    def _ask(self, question: bytes) -> bytes | None:
        try:
            process, source, sink = self._running()
            sink.write(question + b"\n")
            sink.flush()
            with _watched(process, source):
                return _answer(source)
        except (OSError, ValueError):
            self.close()
            return None

    def close(self) -> None:
        """End the process, if there is one."""
        if self._finish is not None:
            self._finish()
        self._process = self._finish = None

    def _running(self) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = self._git.start("cat-file", "--batch")
            self._finish = weakref.finalize(self, end, self._process)
        source, sink = self._process.stdout, self._process.stdin
        if source is None or sink is None:
            raise ValueError("no pipes")
        return self._process, source, sink


@contextmanager
def _watched(process: subprocess.Popen[bytes], source: IO[bytes]) -> Iterator[None]:
    """Wait until git starts to respond: an object may be a pipe without a writer. Raises TimeoutError.

    Windows cannot wait for a pipe. There git is killed when it takes too long, and its output ends.
    """
    if hasattr(select, "poll"):
        waiting = select.poll()
        waiting.register(source, select.POLLIN)
        if not waiting.poll(_ANSWER_SECONDS * 1000):
            raise TimeoutError
        yield
        return
    watchdog = threading.Timer(_ANSWER_SECONDS, process.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _answer(source: IO[bytes]) -> bytes | None:
    head = source.readline()
    if not head:
        raise ValueError("git ended")
    size = head.rpartition(b" ")[2].strip()
    if not size.isdigit():  # "<question> missing", or "ambiguous", instead of "<name> <kind> <size>"
        return None
    left = int(size)
    data = source.read(min(left, MAX_BYTES + 1))
    left -= len(data)
    while left > 0:
        left -= len(source.read(min(left, MAX_BYTES))) or left
    source.read(1)
    return data if head.split()[1] == b"blob" else None


def end(process: subprocess.Popen[bytes]) -> None:
    """Close the process's pipes and wait for it to exit; kill it after a timeout."""
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # unsent data for a process that has ended
            if pipe is not None:
                pipe.close()
    try:
        process.wait(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
