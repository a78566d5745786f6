"""Writes the journal of a proof: each write before it is sent, its answer, what was found out, and what was deleted again.

One JSON object per line; `reading` reads it. A body is recorded as its digest only, and one that has credentials without them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from reconciler.dataflows.places import PLACES
from reconciler.dataflows.resources import Created
from reconciler.documents.canonical import digest
from reconciler.documents.json_text import Document, Json
from reconciler.errors import ServiceError, ServiceUnreachable
from reconciler.journal.lines import JournalLines
from reconciler.proving.report import LeftOver, Outcome

FORMAT_VERSION: Final = 1

Deletion: TypeAlias = Literal["gone", "was_gone", "left"]

_WHY: Final = "nothing is made at Adobe without a journal, because a proof must be able to find what it made"
_CREDENTIALS: Final = frozenset({"auth"})
"""Members of a body that contain credentials. A digest of a short password would give it away."""


@dataclass(frozen=True, slots=True)
class ProofStart:
    """What a journal is about: one run for one key, and the digests of what it proves."""

    run: str
    target: str
    host: str
    org_id: str
    sandbox: str
    repository: str
    commit: str | None
    key: str
    spec_id: str
    digests: Mapping[str, str]
    proof_digest: str
    steps: tuple[str, ...]


class ProofJournal(JournalLines):
    """The journal of one proof, open for writing. Thread-safe.

    What is about to happen raises JournalError if it cannot be stored; what has happened must be reported and cleaned up all the same, so
    it does not.
    """

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        super().__init__(path, now, _WHY)
        self._numbers = threading.Lock()
        self._call = 0
        self._sent: dict[int, float] = {}

    def start(self, start: ProofStart) -> None:
        """The proof begins; nothing is sent yet. Raises JournalError."""
        self._write(
            "start",
            format_version=FORMAT_VERSION,
            run=start.run,
            target={"name": start.target, "host": start.host, "org_id": start.org_id, "sandbox": start.sandbox},
            repository=start.repository,
            commit=start.commit,
            key=start.key,
            spec={"id": start.spec_id, "digests": dict(start.digests)},
            proof_digest=start.proof_digest,
            steps=list(start.steps),
        )

    def intent(self, step: str, method: str, path: str, name: str, body: Document) -> int:
        """A write is about to be sent; returns its number. `path` is that of the endpoint, or the type of the resource.

        Raises JournalError if it cannot be stored on disk; nothing may be sent then.
        """
        with self._numbers:
            self._call += 1
            call = self._call
        kind = next((kind for kind in PLACES if kind == path), None)
        where = PLACES[kind].path if kind else path
        sent = digest({member: value for member, value in body.items() if member not in _CREDENTIALS})
        self._write("intent", step=step, call=call, method=method, path=where, type=kind, name=name, sent=sent)
        self._sent[call] = self._now()
        return call

    def made(self, step: str, call: int, created: Created) -> None:
        """A write was answered, or what it made was found."""
        answer = {"status": created.status or None, "request_id": created.request_id or None, "id": created.id}
        self._answer(step, call, answer | {"uri": created.uri, "etag": created.etag, "found": created.found}, None)

    def replaced(self, step: str, call: int, resource_id: str) -> None:
        """A resource was replaced."""
        self._answer(step, call, {"status": None, "request_id": None, "id": resource_id, "etag": None}, None)

    def answered(self, step: str, call: int, status: int | None, trace: str) -> None:
        """An inlet answered, or did not: then the event may have arrived."""
        self._answer(step, call, {"status": status, "request_id": trace or None, "id": None, "etag": None}, None)

    def failed(self, step: str, call: int, error: Exception) -> None:
        """A write was refused, or its answer was lost."""
        service = error if isinstance(error, ServiceError) else None
        status, request_id = (service.status, service.request_id) if service else (None, None)
        code = service.server_code if service else None
        went_out = not isinstance(error, ServiceUnreachable)
        answer = {"status": status, "request_id": request_id, "id": None, "etag": None}
        said = {"code": code, "message": str(service) if service else type(error).__name__}
        self._answer(step, call, answer, said, went_out=went_out)

    def fact(self, step: str, name: str, value: Json) -> None:
        """Something that a step found out. Raises JournalError."""
        self._write("fact", step=step, name=name, value=value)

    def result(self, step: str, outcome: Outcome, why: str) -> None:
        """A step ended. Raises JournalError."""
        self._write("result", step=step, outcome=outcome, why=why)

    def deleted(self, resource: LeftOver, outcome: Deletion) -> None:
        """What the clean-up came to for one resource; its `reason` is empty unless it is left."""
        about = {"type": resource.type, "id": resource.id, "name": resource.name}
        self._note("deleted", resource=about, outcome=outcome, why=resource.reason)

    def end(self, outcome: Outcome, left: Sequence[LeftOver]) -> None:
        """The proof ended. Raises JournalError."""
        self._write("end", outcome=outcome, left=[asdict(resource) for resource in left])

    def _answer(self, step: str, call: int, answer: Document, error: Document | None, *, went_out: bool = True) -> None:
        sent = self._sent.pop(call, None)
        took = None if sent is None else round((self._now() - sent) * 1000)
        self._note("answer", step=step, call=call, **answer, error=error, ms=took, went_out=went_out)
