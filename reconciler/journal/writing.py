"""Writes the journal: the intent before each write, its result, and the previous body. It is the only undo for this API.

One JSON object per line; docs/journal.md describes every event and key, and `reading` reads it. An intent is on disk before its write is
sent; an answer or result reaches the disk with the next intent, or with the end. A journal contains spec bodies, never credentials.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from reconciler.documents.canonical import digest
from reconciler.documents.json_text import Document, Json
from reconciler.journal.lines import JournalLines
from reconciler.planning.plan import Action, Plan, Request

FORMAT_VERSION = 1

_SHOWN: Final = 200
"""Characters of what was missing at a gate."""
_WHY: Final = "nothing is written to Flow Service without a journal, because only the journal allows a restore"


class SentWrite(msgspec.Struct, frozen=True):
    """One POST or PUT that was sent. `status` and `request_id` are None without a response."""

    method: str
    path: str
    status: int | None
    request_id: str | None


class FleetOfRun(msgspec.Struct, frozen=True):
    """A run over several targets: the digest over all, and the names of the targets with something to do."""

    digest: str
    targets: tuple[str, ...]


def journal_path(root: Path, target: str, now: float) -> Path:
    """The path of the journal of a new apply; `root` is the parent of the specs folder."""
    start = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return journal_folder(root) / f"{start}-{file_name_of(target)}.jsonl"


def journal_folder(root: Path) -> Path:
    """The folder of the journals of all targets; `root` is the parent of the specs folder."""
    return root / ".reconciler/journal"


def file_name_of(target: str) -> str:
    """The target's name in the file names of its journals."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in target)


class Journal(JournalLines):
    """The journal of one apply, open for writing. Thread-safe.

    Only `start` and `intent` raise JournalError: a completed write must still be reported. `broken` is the first failure; after it, every
    `intent` fails.
    """

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        super().__init__(path, now, _WHY)

    def start(self, plan: Plan, fleet: FleetOfRun | None = None) -> None:
        """Record what is about to be done; `fleet` is the run that the target is part of, if it has several."""
        where = {"name": plan.target.name, "host": plan.target.host, "org_id": plan.target.org_id, "sandbox": plan.target.sandbox}
        self._write(
            "start",
            format_version=FORMAT_VERSION,
            target=where,
            repository=plan.repository,
            commit=plan.commit,
            digest=plan.digest,
            **({"fleet": {"digest": fleet.digest, "targets": list(fleet.targets)}} if fleet else {}),
            **_skipped(plan),
        )

    def intent(self, action: Action, request: Request, body: Document, before: Document | None) -> None:
        """Record a write about to be sent. Raises JournalError if it cannot be stored on disk; nothing may be sent then."""
        about = _about(action, before["id"] if before else None)
        sent = digest(body)
        self._write("intent", **about, name=action.name, method=request.method, path=request.path, before=before, sent=sent)

    def answer(self, action: Action, spec_id: str | None, write: SentWrite, error: str | None, *, went_out: bool = True) -> None:
        """Record the response, if any; `spec_id` is the spec's id, if known. `went_out` is False if the write was never sent."""
        answered = {"method": write.method, "status": write.status, "request_id": write.request_id, "error": error}
        self._note_soon("answer", **_about(action, spec_id), **answered, went_out=went_out)

    def result(self, action: Action, spec_id: str | None, outcome: str, read_back: Document | None) -> None:
        self._note_soon(
            "result", **_about(action, spec_id), outcome=outcome, read_back=digest(read_back) if read_back is not None else None
        )

    def end(self, *, converged: bool) -> None:
        self._note("end", converged=converged)


def _skipped(plan: Plan) -> Document:
    """The gates that were passed over, each with its spec and what was missing, and why."""
    gates: list[Json] = [
        {"kind": kind, "key": key, "on": wait.on, "gate": wait.gate, "message": wait.message[:_SHOWN]}
        for (kind, key), gate in sorted(plan.gates.items())
        if gate.is_ready
        for wait in gate.skipped
    ]
    return {"skipped": {"reason": plan.options.reason, "gates": gates}} if gates else {}


def _about(action: Action, spec_id: str | None) -> Document:
    return {"kind": action.kind, "key": action.key, "id": spec_id}
