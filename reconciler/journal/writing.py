"""The journal: intent before each write, result after it, and the body from before. It is the only undo that this API has.

One JSON object a line; docs/journal.md has every event and key, and `reading` reads it back. Each line is on disk before what it
announces happens. A journal holds spec bodies, and never a credential.
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
from typing import BinaryIO, Self

from reconciler.disk import Unfit, create_new
from reconciler.documents.canonical import digest
from reconciler.documents.json_text import Document, Json, encode
from reconciler.errors import JournalError
from reconciler.planning.plan import Action, Plan, Request

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class SentWrite:
    """One POST or PUT that went out. `status` and `request_id` are None where no answer came back."""

    method: str
    path: str
    status: int | None
    request_id: str | None


def journal_path(root: Path, target: str, now: float) -> Path:
    """Where the journal of an apply that starts now goes, below the folder that holds the specs folder."""
    start = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return root / ".reconciler" / "journal" / f"{start}-{file_name_of(target)}.jsonl"


def file_name_of(target: str) -> str:
    """The target's name as it stands in the names of its journals."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in target)


class Journal:
    """One apply's journal, open for writing. Safe to use from several threads.

    Only `start` and `intent` raise JournalError: what is already done is no reason not to report it. `broken` is the first failure, and
    after it no intent is taken any more.
    """

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        self.path = path
        self._now = now
        self._lock = threading.Lock()
        self.broken: JournalError | None = None
        self._file = _create(path)

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
        """What is about to be sent. Raises JournalError when it cannot be put on disk, and then nothing may be sent."""
        about = _about(action, before["id"] if before else None)
        sent = digest(body)
        self._write("intent", **about, name=action.name, method=request.method, path=request.path, before=before, sent=sent)

    def answer(self, action: Action, spec_id: str | None, write: SentWrite, error: str | None, *, went_out: bool = True) -> None:
        """What came back, if anything did; `spec_id` is the object's, as far as it is known. Not `went_out`: it was never sent."""
        answered = {"method": write.method, "status": write.status, "request_id": write.request_id, "error": error}
        self._note("answer", **_about(action, spec_id), **answered, went_out=went_out)

    def result(self, action: Action, spec_id: str | None, outcome: str, read_back: Document | None) -> None:
        self._note(
            "result", **_about(action, spec_id), outcome=outcome, read_back=digest(read_back) if read_back is not None else None
        )

    def end(self, *, converged: bool) -> None:
        self._note("end", converged=converged)

    def _note(self, event: str, /, **fields: Json) -> None:
        """Write what has happened, if it can be written."""
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


def _create(path: Path) -> BinaryIO:
    try:
        return create_new(path)
    except FileExistsError as error:
        raise JournalError(f"the journal {path} exists already", hint="name another file with --journal") from error
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: Exception) -> JournalError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    hint = error.hint if isinstance(error, Unfit) else "make room, or name another place with --journal"
    return JournalError(
        f"the journal {path} cannot be written: {reason}",
        hint=f"{hint}; the journal is the only undo, so nothing is written without it",
    )
