"""The lines of a journal: one JSON object each, on disk before what it announces, and read back although a kill cut off the last one."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from reconciler.disk import Unfit, create_new, make_folder, write_whole
from reconciler.documents.json_text import Json, NotJson, encode
from reconciler.errors import JournalError, UsageError
from reconciler.texts.exact_json import decode_exact

_LOST: Final = b"\0"
_BLANK: Final = _LOST + b"\r\n\t "


class JournalLines:
    """A new journal, open for writing. Thread-safe: what several threads record at the same time reaches the disk in one `fsync`.

    `broken` is the first failure; after it, every event that must not be lost fails, so that nothing more is sent. `why` is why nothing is
    sent without a journal. Raises JournalError if the file cannot be created.
    """

    def __init__(self, path: Path, now: Callable[[], float], why: str) -> None:
        self.path = path
        self.broken: JournalError | None = None
        self._now = now
        self._why = why
        self._lock = threading.Lock()
        self._syncing = threading.Lock()
        self._written = self._synced = 0
        try:
            self._file = create_new(path)
        except FileExistsError as error:
            raise JournalError(f"journal {path} already exists", hint="use another file with --journal") from error
        except OSError as error:
            raise self._unwritable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Nothing can be recorded afterwards."""
        with contextlib.suppress(OSError):
            self._file.close()

    def _note(self, event: str, /, **fields: Json) -> None:
        """Record an event, ignoring errors."""
        with contextlib.suppress(JournalError):
            self._write(event, **fields)

    def _note_soon(self, event: str, /, **fields: Json) -> None:
        """Record an event that nothing waits for, ignoring errors: a kill does not lose it, and the next `fsync` stores it."""
        with contextlib.suppress(JournalError):
            self._append(event, fields)

    def _write(self, event: str, /, **fields: Json) -> None:
        """Record an event, and return once it is on disk, with all before it. Raises JournalError if it cannot be stored."""
        self._sync(self._append(event, fields))

    def _append(self, event: str, fields: dict[str, Json]) -> int:
        """The number of lines, with that of the event. The operating system has all of them. Raises JournalError."""
        line = encode({"at": self._now(), "event": event, **fields}) + b"\n"
        with self._lock:
            if self.broken is not None:
                raise self.broken
            try:
                self._file.write(line)
                self._file.flush()
            except (OSError, ValueError) as error:
                self.broken = self._unwritable(error)
                raise self.broken from error
            self._written += 1
            return self._written

    def _sync(self, number: int) -> None:
        """Return once the first `number` lines are on disk. While one thread waits for the disk, others add lines for the next turn.

        Raises JournalError. After a failure the disk is not asked again: a second `fsync` may succeed although the lines are lost.
        """
        with self._syncing:
            if self._synced >= number:
                return
            if self.broken is not None:
                raise self.broken
            written = self._written
            try:
                os.fsync(self._file.fileno())
            except (OSError, ValueError) as error:
                self.broken = self._unwritable(error)
                raise self.broken from error
            self._synced = written

    def _unwritable(self, error: Exception) -> JournalError:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = error.hint if isinstance(error, Unfit) else "free disk space, or use another path with --journal"
        return JournalError(f"cannot write journal {self.path}: {reason}", hint=f"{hint}; {self._why}")


class JournalEvents:
    """The lines of a journal with their numbers. `cut_off` is whether lines are incomplete or missing, once all were read."""

    def __init__(self, lines: Iterable[bytes], invalid: Callable[[int, str], UsageError]) -> None:
        self._lines = lines
        self._invalid = invalid
        self.cut_off = False

    def __iter__(self) -> Iterator[tuple[int, Json]]:
        """Each line's number and value. An invalid last line is skipped; before another line, it is an error.

        A line with a NUL is skipped anywhere: a power failure leaves NULs for what had not reached the disk, even before lines that had.
        """
        reason = None
        for number, line in enumerate(self._lines, start=1):
            self.cut_off |= _LOST in line
            if not line.strip(_BLANK):
                continue
            if reason is not None:
                raise self._invalid(number - 1, reason)
            try:
                yield number, decode_exact(line.strip(_BLANK))
            except NotJson as error:
                reason = None if _LOST in line else str(error)
        self.cut_off |= reason is not None


def event_of(document: Json) -> str | None:
    """The name of the event in a line; None if it has none."""
    event = document.get("event") if isinstance(document, dict) else None
    return event if isinstance(event, str) else None


def keep_out_of_git(folder: Path) -> None:
    """Keep what is below the parent of this folder out of the repository, if the folder is new.

    An error here occurs again, and is reported, when the journal is created.
    """
    if folder.exists():
        return
    with contextlib.suppress(OSError):
        make_folder(folder)
        write_whole(folder.parent / ".gitignore", b"*\n", mode=0o666, is_new=True)
