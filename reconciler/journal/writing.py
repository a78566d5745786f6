"""Writes the journal: the intent before each write, its result, and the previous body. It is the only undo for this API.

One JSON object per line; docs/journal.md describes every event and key, and `reading` reads it. Each line is on disk before the write
it announces. A journal contains spec bodies, never credentials.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.disk import Unfit, create_new
from reconciler.documents.canonical import digest
from reconciler.documents.json_text import Document, Json, encode
from reconciler.errors import JournalError
from reconciler.planning.plan import Action, Plan, Request

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class SentWrite:
    """One POST or PUT that was sent. `status` and `request_id` are None without a response."""

    method: str
    path: str
    status: int | None
    request_id: str | None


def journal_path(root: Path, target: str, now: float) -> Path:
    """The path of the journal of a new apply; `root` is the parent of the specs folder."""
    start = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return root / ".reconciler" / "journal" / f"{start}-{file_name_of(target)}.jsonl"


def file_name_of(target: str) -> str:
    """The target's name in the file names of its journals."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in target)


class Journal:
    """The journal of one apply, open for writing. Thread-safe.

    Only `start` and `intent` raise JournalError: a completed write must still be reported. `broken` is the first failure; after it, every
    `intent` fails.
    """

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        self.path = path
        self._now = now
        self._lock = threading.Lock()
        self.broken: JournalError | None = None
        try:
            self._file = create_new(path)
        except FileExistsError as error:
            raise JournalError(f"journal {path} already exists", hint="use another file with --journal") from error
        except OSError as error:
            raise _unwritable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._file.close()

    def start(self, plan: Plan) -> None:
        where = {"name": plan.target.name, "host": plan.target.host, "org_id": plan.target.org_id, "sandbox": plan.target.sandbox}
        self._write(
            "start",
            format_version=FORMAT_VERSION,
            target=where,
            repository=plan.repository,
            commit=plan.commit,
            digest=plan.digest,
        )

    def intent(self, action: Action, request: Request, body: Document, before: Document | None) -> None:
        """Record a write about to be sent. Raises JournalError if it cannot be stored on disk; nothing may be sent then."""
        about = _about(action, before["id"] if before else None)
        sent = digest(body)
        self._write("intent", **about, name=action.name, method=request.method, path=request.path, before=before, sent=sent)

    def answer(self, action: Action, spec_id: str | None, write: SentWrite, error: str | None, *, went_out: bool = True) -> None:
        """Record the response, if any; `spec_id` is the spec's id, if known. `went_out` is False if the write was never sent."""
        answered = {"method": write.method, "status": write.status, "request_id": write.request_id, "error": error}
        self._note("answer", **_about(action, spec_id), **answered, went_out=went_out)

    def result(self, action: Action, spec_id: str | None, outcome: str, read_back: Document | None) -> None:
        self._note(
            "result", **_about(action, spec_id), outcome=outcome, read_back=digest(read_back) if read_back is not None else None
        )

    def end(self, *, converged: bool) -> None:
        self._note("end", converged=converged)

    def _note(self, event: str, /, **fields: Json) -> None:
        """Record an event, ignoring errors."""
        with contextlib.suppress(JournalError):
            self._write(event, **fields)

    def _write(self, event: str, /, **fields: Json) -> None:
        if self.broken is not None:
            raise self.broken
        line = encode({"at": self._now(), "event": event, **fields}) + b"\n"
        with self._lock:
            try:
                self._file.write(line)
                self._file.flush()
                os.fsync(self._file.fileno())
            except (OSError, ValueError) as error:
                self.broken = _unwritable(self.path, error)
                raise self.broken from error


def _about(action: Action, spec_id: str | None) -> Document:
    return {"kind": action.kind, "key": action.key, "id": spec_id}


def _unwritable(path: Path, error: Exception) -> JournalError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    hint = error.hint if isinstance(error, Unfit) else "free disk space, or use another path with --journal"
    return JournalError(
        f"cannot write journal {path}: {reason}",
        hint=f"{hint}; nothing is written to Flow Service without a journal, because only the journal allows a restore",
    )
