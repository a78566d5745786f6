"""Reads a journal: strictly, because it is evidence, except for lines that a kill or a power failure cut off or lost.

Checks each event against docs/journal.md; ignores unknown events and keys, which later versions may add.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

import msgspec

from reconciler.disk import open_regular
from reconciler.documents.json_text import Document, Json, NotJson, decode
from reconciler.documents.kinds import Kind
from reconciler.errors import UsageError
from reconciler.journal.lines import JournalEvents, event_of
from reconciler.journal.writing import FORMAT_VERSION
from reconciler.planning.plan import PlanTarget
from reconciler.wording.moments import moment

MAX_JOURNAL = 500_000_000
"""Largest journal that is read, in bytes: a thousand specs of 100 KB, each with its previous body, twice."""
_TAIL = 4096
"""Bytes at the end of a journal that contain its `end` event, if any."""
_LONGEST_START = 4 << 20
"""Bytes of the first line, which names the targets of its run and the gates that were passed over."""

T = TypeVar("T")


class Start(msgspec.Struct, frozen=True):
    """The first event: the plan, and its target. `at` is in seconds since the epoch."""

    at: float
    target: PlanTarget
    repository: str
    commit: str | None
    digest: str
    format_version: int

    @property
    def began(self) -> str:
        """When the run started, as ISO 8601 in UTC."""
        return moment(self.at)


class Intent(msgspec.Struct, frozen=True):
    """A write about to be sent; `id` and `before` are None for a create, `sent` is the digest of the body."""

    at: float
    kind: Kind
    key: str | None
    id: str | None
    name: str
    method: str
    path: str
    before: dict[str, Json] | None
    sent: str

    @property
    def creates(self) -> bool:
        return self.method == "POST"


@dataclass(frozen=True, slots=True)
class JournalWrite:
    """One write, with its outcome in the journal.

    `spec_id` is None if unknown, `status` is None without a response. `outcome` is that of its action, and None if the run ended before;
    `read_back` is the digest of the body read afterwards.
    """

    intent: Intent
    spec_id: str | None
    status: int | None = None
    went_out: bool = True
    outcome: str | None = None
    read_back: str | None = None

    @property
    def may_have_happened(self) -> bool:
        """Whether the write may have succeeded: it was sent, and not clearly refused."""
        if not self.went_out:
            return False
        return self.status is None or not HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR


class JournalRecord(msgspec.Struct, frozen=True):
    """A whole journal. `cut_off` is whether lines are incomplete or missing, `ended` whether the run finished."""

    path: Path
    start: Start
    writes: tuple[JournalWrite, ...]
    ended: bool
    cut_off: bool

    @property
    def unfinished(self) -> tuple[JournalWrite, ...]:
        """The writes that have no result."""
        return tuple(write for write in self.writes if write.outcome is None)


class _Answer(msgspec.Struct):
    kind: Kind
    key: str | None
    id: str | None
    method: str
    status: int | None
    went_out: bool = True


class _Result(msgspec.Struct):
    kind: Kind
    key: str | None
    id: str | None
    outcome: str
    read_back: str | None


def read_journal(path: Path) -> JournalRecord:
    """The journal in this file. Raises UsageError if it cannot be read, or has another format version."""
    try:
        with open_regular(path, MAX_JOURNAL) as file:
            return _Reading(path).everything(file)
    except OSError as error:
        raise UsageError(f"cannot read journal {path}: {error.strerror or error}", hint=_HINT) from error


def read_start(path: Path) -> Start | None:
    """The first event of the journal in this file; None if it cannot be read."""
    try:
        with open_regular(path, MAX_JOURNAL, follow=False) as file:
            return msgspec.convert(decode(file.readline(_LONGEST_START)), Start)
    except (OSError, NotJson, msgspec.ValidationError):
        return None


def has_ended(path: Path) -> bool:
    """Whether the run of this journal finished, according to its last line."""
    try:
        with open_regular(path, MAX_JOURNAL, follow=False) as file:
            file.seek(max(file.seek(0, 2) - _TAIL, 0))
            last = file.read().rstrip().rpartition(b"\n")[2]
        return event_of(decode(last)) == "end"
    except (OSError, NotJson):
        return False


_HINT = "pass a journal that `reconciler apply` wrote: its report names the file, in .reconciler/journal or from --journal"


class _Reading(msgspec.Struct):
    """A journal being read. `open` has, for each spec without a result yet, the indexes of its writes in `writes`."""

    path: Path
    start: Start | None = None
    writes: list[JournalWrite] = msgspec.field(default_factory=list)
    open: dict[tuple[Kind, str | None, str | None], list[int]] = msgspec.field(default_factory=dict)
    ended: bool = False
    cut_off: bool = False

    def everything(self, lines: Iterable[bytes]) -> JournalRecord:
        events = JournalEvents(lines, self._invalid)
        for number, document in events:
            self._take(number, document)
        self.cut_off = events.cut_off
        if self.start is None:
            raise self._invalid(1, "it is cut off" if self.cut_off else "the file is empty")
        return JournalRecord(self.path, self.start, tuple(self.writes), self.ended, self.cut_off)

    def _take(self, number: int, document: Json) -> None:
        event = event_of(document)
        if self.start is None and event != "start":
            raise self._invalid(number, "it does not start with a `start` event")
        match event:
            case "start":
                self._begin(number, document)
            case "intent":
                self._intend(number, self._convert(number, document, Intent))
            case "answer":
                self._answer(self._convert(number, document, _Answer))
            case "result":
                self._end(self._convert(number, document, _Result))
            case "end":
                self.ended = True

    def _begin(self, number: int, document: Document) -> None:
        version = document.get("format_version")
        if version != FORMAT_VERSION:
            raise UsageError(
                f"{self.path} has journal format version {version}, but this reconciler reads version {FORMAT_VERSION}",
                hint="use the reconciler version that wrote it",
            )
        self.start = self._convert(number, document, Start)

    def _intend(self, number: int, intent: Intent) -> None:
        if not intent.creates and (intent.id is None or (intent.before or {}).get("id") != intent.id):
            raise self._invalid(number, "the `intent` of a PUT must have the previous body of the same spec")
        self.open.setdefault(_object(intent.kind, intent.key, intent.id), []).append(len(self.writes))
        self.writes.append(JournalWrite(intent, intent.id))

    def _answer(self, answer: _Answer) -> None:
        spec_id = None if answer.method == "POST" else answer.id
        for index in self.open.get(_object(answer.kind, answer.key, spec_id), [])[-1:]:
            write = self.writes[index]
            known = answer.id or write.spec_id
            self.writes[index] = replace(write, spec_id=known, status=answer.status, went_out=answer.went_out)

    def _end(self, result: _Result) -> None:
        """The result of an action applies to all its writes: to a create, and to the PUT that settles it."""
        for place in (_object(result.kind, result.key, None), _object(result.kind, result.key, result.id)):
            for index in self.open.pop(place, []):
                write = self.writes[index]
                known = write.spec_id or result.id
                self.writes[index] = replace(write, spec_id=known, outcome=result.outcome, read_back=result.read_back)

    def _convert(self, number: int, document: Json, shape: type[T]) -> T:
        try:
            return msgspec.convert(document, shape)
        except msgspec.ValidationError as error:
            raise self._invalid(number, str(error)) from error

    def _invalid(self, number: int, reason: str) -> UsageError:
        return UsageError(f"{self.path} is not a journal: line {number}: {reason}", hint=_HINT)


def _object(kind: Kind, key: str | None, spec_id: str | None) -> tuple[Kind, str | None, str | None]:
    """Identifies a spec: by id if there is one, or by key."""
    return (kind, None, spec_id) if spec_id is not None else (kind, key, None)
