"""The work on one proof: what the steps share, and the only way in which they make a resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Protocol, TypeVar

from reconciler.dataflows.inlets import EventSender
from reconciler.dataflows.resources import Created, Resource, ResourceType, RunState
from reconciler.dataflows.writing import ProofWriter
from reconciler.documents.json_text import Document, Json
from reconciler.errors import Problem, ServiceError, ServiceUnreachable
from reconciler.proofs.values import ExpectedWindow
from reconciler.proving.making.bodies import Mark
from reconciler.proving.making.fields import Fields
from reconciler.proving.naming import description_of, kept_name, name_of
from reconciler.proving.options import ProveOptions
from reconciler.proving.report import Outcome, WindowCounts
from reconciler.proving.streaming.stream import Stream
from reconciler.proving.subject import Subject
from reconciler.proving.waiting import Waits
from reconciler.trying.report import TryReport


@dataclass(frozen=True, slots=True)
class Result:
    """What a step came to; `why` is empty where it proved what it should."""

    outcome: Outcome
    why: str = ""


PROVED = Result("proved")
KEPT_ROWS: Final = 5_000
"""Rows that a trial keeps at most, for the types of fields and for previews."""
T = TypeVar("T")
_FIRST_PAUSE: Final = 1.0
_OUTAGE: Final = 300.0
"""Seconds in which each look of a wait may fail."""


class Log(Protocol):
    """The journal, as the steps write it. Every method raises JournalError."""

    def intent(self, step: str, method: str, path: str, name: str, body: Document) -> int:
        """A write is about to be sent; returns its number."""

    def made(self, step: str, call: int, created: Created) -> None:
        """The write was answered."""

    def replaced(self, step: str, call: int, resource_id: str) -> None:
        """A resource was replaced."""

    def answered(self, step: str, call: int, status: int | None, trace: str) -> None:
        """An inlet answered; `status` is None if it did not."""

    def failed(self, step: str, call: int, error: Exception) -> None:
        """The write failed, or its answer was lost."""

    def fact(self, step: str, name: str, value: Json) -> None:
        """Something that a step found out."""


@dataclass(slots=True)
class Work:
    """One proof in progress. The steps fill in what later ones need."""

    subject: Subject
    run: str
    options: ProveOptions
    writer: ProofWriter
    log: Log
    waits: Waits
    attempt: Callable[[], TryReport]
    """Tries the source. The rows of the report are those of all pages, up to a limit."""
    look_again: Callable[[], Sequence[Problem]]
    """Compares live with the file once more."""
    hide: Callable[[Json], Json]
    """Replaces secrets in a value by their names."""
    known: dict[str, Resource] = field(default_factory=dict)
    """Resources of the run that is gone on with, by step: they still answer."""
    may_have_made: bool = False
    """Whether this run, or the one that is gone on with, sent a POST: then there may be something to delete."""
    runs_known: dict[str, str] = field(default_factory=dict)
    """Runs on demand of that run, by time range."""
    trial: TryReport | None = None
    rows: tuple[Json, ...] = ()
    explored: tuple[Json, ...] = ()
    """The rows of the preview, without secrets; none if it shows whole answers."""
    changing: frozenset[str] = frozenset()
    """Paths in the rows whose values differed between the trial and the preview."""
    rows_before: tuple[Json, ...] | None = ()
    """Rows that the dataset shows before the run; None if it does not show them."""
    tenant: str = ""
    fields: Fields = field(default_factory=Fields)
    schema_uri: str = ""
    made: dict[str, Created] = field(default_factory=dict)
    """By step; `fieldgroup` for the field group."""
    kept_dataset: str | None = None
    """The dataset of an earlier proof."""
    mapping_id: str | None = None
    mapping_version: int = 0
    state: RunState | None = None
    """The first run of the flow."""
    run_unit: int = 1
    """How many of the times of a run on demand make a second."""
    windows: list[WindowCounts] = field(default_factory=list)
    windows_read: list[tuple[ExpectedWindow, int]] = field(default_factory=list)
    """The records of each time range whose run succeeded."""
    stream: Stream | None = None
    """The events of a streaming source."""

    @property
    def streaming(self) -> Stream:
        """The events of a streaming source, whose steps alone ask for them."""
        if self.stream is None:
            raise RuntimeError("this source does not stream")
        return self.stream

    def events(self) -> EventSender:
        """Sends events to an inlet."""
        return self.writer.events()

    @property
    def dataset(self) -> str:
        """The id of the dataset that the flow writes to."""
        return self.subject.dataset_id or self.kept_dataset or self.made["dataset"].id

    def mark(self, step: str) -> Mark:
        """The name and the description of a resource of this run."""
        key, spec = self.subject.key, self.subject
        return name_of(key, self.run, step), description_of(self.run, spec.repository, spec.target.sandbox, key)

    def keeps(self, step: str) -> bool:
        """Whether this resource stays for the next proof."""
        return step in self.subject.proof.cleanup.keep

    def kept_mark(self, step: str) -> Mark:
        """The name and the description of a resource that stays for the next proof."""
        key, spec = self.subject.key, self.subject
        return kept_name(key, step), description_of(None, spec.repository, spec.target.sandbox, key)

    def create(self, step: str, kind: ResourceType, mark: Mark, body: Document) -> Created:
        """Make a resource, or find the one that this run has made. Raises ServiceError, JournalError."""
        self.waits.check()
        known = self.known.get(step)
        if known is not None:
            created = Created(kind, known.id, uri_of(known), 200, "", known.etag)
        else:
            created = self._sent(step, kind, mark[0], body)
        self.made[step] = created
        return created

    def patiently(self, ask: Callable[[], T]) -> T:
        """What the service answers. A 404 is asked again for a while: what was just made may not be known everywhere yet."""
        clock = self.waits.clock
        end, pause = clock.monotonic() + self.writer.lags_for, _FIRST_PAUSE
        while True:
            try:
                return ask()
            except ServiceError as error:
                left = end - clock.monotonic()
                if error.status != HTTPStatus.NOT_FOUND or not self.made or left <= 0:
                    raise
            self.waits.pause(min(pause, left))
            pause *= 2

    def looked(self, what: str, limit: float, read: Callable[[], T]) -> Iterator[T]:
        """What `read` gives at each look, until `limit` seconds have passed.

        A look that the service fails for now is missed, since a wait may be long; raises its error if there was no other for minutes.
        """
        seen_at, missed = self.waits.clock.monotonic(), None
        for _ in self.waits.looks(what, limit):
            try:
                found = read()
            except ServiceError as error:
                missed = error
                if not _passes(error) or self.waits.clock.monotonic() - seen_at >= _OUTAGE:
                    raise
                continue
            seen_at, missed = self.waits.clock.monotonic(), None
            yield found
        if missed is not None:
            raise missed

    def _sent(self, step: str, kind: ResourceType, name: str, body: Document) -> Created:
        """POST, with an intent in the journal for each time that it is sent: one that was lost may still land beside the next."""
        call = self.log.intent(step, "POST", kind, name, body)
        self.may_have_made = True

        def again(lost: Exception) -> None:
            nonlocal call
            self.log.failed(step, call, lost)
            call = self.log.intent(step, "POST", kind, name, body)

        try:
            created = self.patiently(lambda: self.writer.create_or_find(kind, body, name, again))
        except Exception as error:
            self.log.failed(step, call, error)
            raise
        self.log.made(step, call, created)
        return created


def uri_of(resource: Resource) -> str:
    """The `$id` of a schema or field group, else the id."""
    found = resource.body.get("$id")
    return found if isinstance(found, str) else resource.id


def _passes(error: ServiceError) -> bool:
    """Whether another look may succeed: the service was not reached, is overloaded, or failed."""
    if isinstance(error, ServiceUnreachable) or error.status is None:
        return isinstance(error, ServiceUnreachable)
    return error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
