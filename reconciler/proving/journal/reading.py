"""Reads the journal of a proof: what it was about, what it made, what it found out, and what may be left.

Checks each event; ignores unknown events and keys, which later versions may add. A journal may be forged, so it is evidence of what to
look for, and never of what to delete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import msgspec

from reconciler.dataflows.resources import DELETED_IN_ORDER, ResourceType
from reconciler.disk import open_regular
from reconciler.documents.json_text import Document, Json, NotJson, decode, value_at
from reconciler.errors import UsageError
from reconciler.journal.lines import JournalEvents, event_of
from reconciler.proving.journal.writing import FORMAT_VERSION, ProofStart
from reconciler.proving.naming import is_run_name, name_of
from reconciler.proving.report import LeftOver

T = TypeVar("T")

MAX_JOURNAL: Final = 50_000_000
"""Largest journal that is read, in bytes: facts hold no records, so this is a thousand times the usual size."""
_LONGEST_START: Final = 100_000
_HINT: Final = "pass a journal that `reconciler prove` wrote: its report names the file, in .reconciler/proofs or from --journal"


@dataclass(frozen=True, slots=True)
class MadeResource:
    """One resource that a proof made, or may have made: then `id` is None. `at` is when it was sent, in seconds since the epoch."""

    step: str
    type: ResourceType
    name: str
    id: str | None
    uri: str | None
    at: float


@dataclass(frozen=True, slots=True)
class ProofRecord:
    """A whole journal. `outcome` is that of the proof, and None if it was killed or still runs.

    `cut_off` is whether lines are incomplete or missing.
    """

    path: Path
    at: float
    """When it began, in seconds since the epoch by the clock of the machine."""
    start: ProofStart
    made: tuple[MadeResource, ...]
    results: Mapping[str, str]
    """The outcome of each step that ended."""
    facts: tuple[tuple[str, str, Json], ...]
    """Step, name and value."""
    deleted: tuple[LeftOver, ...]
    """What the clean-up proved to be gone."""
    left: tuple[LeftOver, ...]
    """What the end of the proof says is left."""
    outcome: str | None
    cut_off: bool

    @property
    def ended(self) -> bool:
        return self.outcome is not None

    @property
    def leftovers(self) -> tuple[MadeResource, ...]:
        """What can be deleted and may still be there: neither the clean-up nor the end of the proof says that it is gone.

        What is kept for the next proof is not left over.
        """
        own = name_of(self.start.key, self.start.run, "")
        gone = {(one.type, one.id) for one in self.deleted} | {(one.type, one.name) for one in self.deleted if not one.id}
        left = {(one.type, one.id) for one in self.left}
        return tuple(
            one
            for one in self.made
            if one.type in DELETED_IN_ORDER
            and one.name.startswith(own)
            and (one.type, one.id or one.name) not in gone
            and (not self.ended or (one.type, one.id) in left)
        )


class _Target(msgspec.Struct):
    name: str
    host: str
    org_id: str
    sandbox: str


class _Spec(msgspec.Struct):
    id: str
    digests: dict[str, str]


_Moment = Annotated[float, msgspec.Meta(ge=0, lt=253_402_300_800)]
"""Seconds since the epoch, up to the year 9999."""


class _Start(msgspec.Struct):
    at: _Moment
    run: str
    target: _Target
    repository: str
    commit: str | None
    key: str
    spec: _Spec
    proof_digest: str
    steps: list[str]

    def __post_init__(self) -> None:
        if not is_run_name(self.run):  # it becomes a part of commands that people are told to enter
            raise ValueError("`run` is not the name of a run")


class _Intent(msgspec.Struct):
    at: _Moment
    step: str
    call: int
    method: str
    name: str
    type: ResourceType | None = None


class _Answer(msgspec.Struct):
    call: int
    status: int | None = None
    id: str | None = None
    uri: str | None = None
    went_out: bool = True


class _Fact(msgspec.Struct):
    step: str
    name: str
    value: Any = None


class _Result(msgspec.Struct):
    step: str
    outcome: str


class _Resource(msgspec.Struct):
    type: str
    id: str
    name: str
    reason: str = ""


class _Deleted(msgspec.Struct):
    resource: _Resource
    outcome: str


class _End(msgspec.Struct):
    outcome: str
    left: list[_Resource]


def read_proof_journal(path: Path) -> ProofRecord:
    """The journal in this file. Raises UsageError if it cannot be read, or has another format version."""
    try:
        with open_regular(path, MAX_JOURNAL) as file:
            return _Reading(path).everything(file)
    except OSError as error:
        raise UsageError(f"cannot read journal {path}: {error.strerror or error}", hint=_HINT) from error


def read_proof_start(path: Path) -> ProofStart | None:
    """What the journal in this file is about; None if it cannot be read."""
    try:
        with open_regular(path, MAX_JOURNAL, follow=False) as file:
            return _started(msgspec.convert(decode(file.readline(_LONGEST_START)), _Start))
    except (OSError, NotJson, msgspec.ValidationError):
        return None


def _started(start: _Start) -> ProofStart:
    target, spec = start.target, start.spec
    return ProofStart(
        start.run,
        target.name,
        target.host,
        target.org_id,
        target.sandbox,
        start.repository,
        start.commit,
        start.key,
        spec.id,
        spec.digests,
        start.proof_digest,
        tuple(start.steps),
    )


@dataclass(slots=True)
class _Reading:
    """A journal being read. `calls` has what each POST of a resource made, or may have made."""

    path: Path
    start: _Start | None = None
    calls: dict[int, MadeResource] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    facts: list[tuple[str, str, Json]] = field(default_factory=list)
    deleted: list[LeftOver] = field(default_factory=list)
    end: _End | None = None

    def everything(self, lines: Iterable[bytes]) -> ProofRecord:
        events = JournalEvents(lines, self._invalid)
        for number, document in events:
            self._take(number, document)
        if self.start is None:
            raise self._invalid(1, "the file is empty")
        end = self.end
        return ProofRecord(
            self.path,
            self.start.at,
            _started(self.start),
            tuple(self.calls.values()),
            self.results,
            tuple(self.facts),
            tuple(self.deleted),
            tuple(map(_left_over, end.left)) if end else (),
            end.outcome if end else None,
            events.cut_off,
        )

    def _take(self, number: int, document: Json) -> None:
        event = event_of(document)
        if self.start is None and event != "start":
            raise self._invalid(number, "it does not start with a `start` event")
        match event:
            case "start":
                self._begin(number, document)
            case "intent":
                self._intend(self._convert(number, document, _Intent))
            case "answer":
                self._answer(self._convert(number, document, _Answer))
            case "fact":
                fact = self._convert(number, document, _Fact)
                self.facts.append((fact.step, fact.name, fact.value))
            case "result":
                result = self._convert(number, document, _Result)
                self.results[result.step] = result.outcome
            case "deleted":
                gone = self._convert(number, document, _Deleted)
                if gone.outcome in {"gone", "was_gone"}:
                    self.deleted.append(_left_over(gone.resource))
            case "end":
                self.end = self._convert(number, document, _End)

    def _begin(self, number: int, document: Document) -> None:
        version = value_at(document, "format_version")
        if version != FORMAT_VERSION:
            raise UsageError(
                f"{self.path} has journal format version {version}, but this reconciler reads version {FORMAT_VERSION}",
                hint="use the reconciler version that wrote it",
            )
        self.start = self._convert(number, document, _Start)

    def _intend(self, intent: _Intent) -> None:
        if intent.type is not None and intent.method == "POST":
            self.calls[intent.call] = MadeResource(intent.step, intent.type, intent.name, None, None, intent.at)

    def _answer(self, answer: _Answer) -> None:
        """What came of a call: a clear refusal made nothing, and a lost answer may have made something."""
        made = self.calls.get(answer.call)
        if made is None:
            return
        refused = answer.status is not None and HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        if answer.id is not None:
            self.calls[answer.call] = replace(made, id=answer.id, uri=answer.uri)
        elif refused or not answer.went_out:
            del self.calls[answer.call]

    def _convert(self, number: int, document: Json, shape: type[T]) -> T:
        try:
            return msgspec.convert(document, shape)
        except msgspec.ValidationError as error:
            raise self._invalid(number, str(error)) from error

    def _invalid(self, number: int, reason: str) -> UsageError:
        return UsageError(f"{self.path} is not the journal of a proof: line {number}: {reason}", hint=_HINT)


def _left_over(resource: _Resource) -> LeftOver:
    return LeftOver(resource.type, resource.id, resource.name, resource.reason)
