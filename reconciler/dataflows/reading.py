"""Reads what a proof is about: resources, tests, previews, runs, batches and datasets. It cannot write anything."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import ClassVar, Final, Self, TypeAlias
from urllib.parse import quote

from reconciler.dataflows.answers import body_of, explored, records, rows, tenant, tested, type_of_sandbox
from reconciler.dataflows.calling import Calls, Permit, error_number
from reconciler.dataflows.items import resource_of, resource_or_none
from reconciler.dataflows.lists import fields_of, page_of
from reconciler.dataflows.observed import BatchState, Explored, Tested
from reconciler.dataflows.places import PLACES, checked, list_call, one_call
from reconciler.dataflows.resources import Resource, ResourceType, RunState
from reconciler.dataflows.runs import batch_of, began, is_about_batch, run_of
from reconciler.documents.json_text import Json, NotJson, encode, string_at
from reconciler.errors import ServiceError, ServiceUnreachable, SpecNotFound
from reconciler.flowservice.answers import Page, read_page
from reconciler.flowservice.messages import LANDS_WITHIN, Call
from reconciler.flowservice.pages import all_pages
from reconciler.flowservice.session import FlowServiceSession
from reconciler.http.bodies import WrongShape
from reconciler.http.messages import Answer, RequestRecord

_NOBODYS_NAME: Final = "reconciler-proof"
_NO_SUCH_FILTER: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.NOT_IMPLEMENTED})
_SAYS_NO: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})
"""The refusals that mean that a credential did not pass the test, and not that the test could not be made."""

_EXPLORE: Final = ("objectType=rest&object=json&fileType=json", "objectType=REST&object=json&FileType=json")
_NO_SUCH_PARAMETER: Final = frozenset({1334, 1337, 1358})
"""Errors that mean that a parameter of a preview is missing or has an unknown value."""
_MOST_FILES: Final = 10
"""Files of failed records that are read."""

_PageDecoder: TypeAlias = Callable[[Answer, Call], Page]


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole list: its resources, and the text of each item that could not be read as one."""

    resources: tuple[Resource, ...]
    odd: tuple[bytes, ...] = ()


class ProofReader:
    """Reads one sandbox with one credential. It sends nothing but GETs. Thread-safe."""

    PERMITS: ClassVar[tuple[Permit, ...]] = ()

    def __init__(self, session: FlowServiceSession) -> None:
        self._calls = Calls(session, self.PERMITS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """All requests that were sent or attempted: each retry separately, token requests included."""
        return self._calls.session.requests

    @property
    def lands_within(self) -> float:
        """Seconds after which a lost POST has either made something that lists show, or nothing."""
        return LANDS_WITHIN + self._calls.session.dependencies.network.consistency_window

    @property
    def lags_for(self) -> float:
        """Seconds for which a read may not show what was just made (`network.consistency_window`)."""
        return self._calls.session.dependencies.network.consistency_window

    def now(self) -> datetime:
        """The service's clock, in UTC: the `Date` of its last answer and the time since. Before any answer, this computer's clock."""
        return self._calls.now()

    def withhold(self, value: str) -> None:
        """Keep a credential out of every text of the service that is shown: connections may repeat what they were made with."""
        self._calls.session.dependencies.transport.secrets.add(value, in_documents=False)

    def reach(self) -> None:
        """Raises ServiceError if the service cannot be reached, or takes no token of this credential: then no read can show anything."""
        dependencies = self._calls.session.dependencies
        self._calls.session.tokens.current(dependencies.clock.monotonic() + dependencies.network.deadline)
        try:
            self.find("flow", _NOBODYS_NAME)
        except ServiceError as error:
            if isinstance(error, ServiceUnreachable) or error.status == HTTPStatus.UNAUTHORIZED:
                raise

    def find(self, kind: ResourceType, name: str) -> tuple[Resource, ...]:
        """The resources of a type with exactly this name, from all pages. Raises ServiceError if the list is not complete.

        Filters by the name, or reads the whole list if the service does not support that.
        """
        try:
            found = _exactly(name, self._listing(kind, name))
        except ServiceError as error:
            if error.status not in _NO_SUCH_FILTER:
                raise
        else:
            if found or PLACES[kind].trusts_filter:
                return found
        return _exactly(name, self._listing(kind))

    def all(self, kind: ResourceType) -> tuple[Resource, ...]:
        """All resources of a type, without items that cannot be read as one. Raises ServiceError if the list is not complete.

        Schemas and field groups are listed without description.
        """
        return self._listing(kind).resources

    def listing(self, kind: ResourceType) -> Listing:
        """All resources of a type, and the items that cannot be read as one. Raises ServiceError if the list is not complete."""
        return self._listing(kind)

    def get(self, kind: ResourceType, resource_id: str) -> Resource | None:
        """One resource; None only if the service itself says that it does not exist: 404, or no items. Raises ServiceError otherwise."""
        try:
            return self._calls.read(one_call(kind, resource_id), lambda answer: resource_or_none(kind, answer, resource_id))
        except SpecNotFound:
            return None

    def test(self, connection_id: str) -> Tested:
        """Test the credentials of a base connection. Raises ServiceError if the test could not be made."""
        call = Call("GET", f"/connections/{checked('connection', connection_id)}/test", one_spec=True)
        try:
            return self._calls.read(call, tested)
        except ServiceError as error:
            if error.status not in _SAYS_NO:
                raise
            return Tested(passed=False, said=self._calls.said(error.message))

    def explore(self, connection_id: str, source_params: Mapping[str, Json]) -> Explored:
        """Preview the first page of a source with these values of `sourceSpec.spec`. Raises ServiceError.

        The pages and the OpenAPI spell the other parameters differently: if the service does not know the one spelling, it gets the other.
        """
        params = quote(base64.b64encode(encode(dict(source_params))).decode(), safe="")
        path = f"/connections/{checked('connection', connection_id)}/explore"
        calls = [Call("GET", path, f"{query}&preview=true&sourceParams={params}", one_spec=True) for query in _EXPLORE]
        try:
            return self._calls.read(calls[0], explored)
        except ServiceError as error:
            if error_number(error) not in _NO_SUCH_PARAMETER:
                raise
        return self._calls.read(calls[1], explored)

    def runs(self, flow_id: str) -> tuple[RunState, ...]:
        """The runs of a flow, oldest first as far as the service says when they began. Raises ServiceError."""
        call = Call("GET", "/runs", f"property=flowId=={quote(checked('flow', flow_id), safe='')}")
        pages = tuple(self._pages(call, lambda answer, _call: read_page(answer)))
        bodies = [body_of(item) for page in pages for item in page.items]
        own = [body for body in bodies if body.get("flowId") in (None, flow_id)]
        runs = {run.id: run for body in own if (run := run_of(body, self._calls.said)) is not None}
        return tuple(sorted(runs.values(), key=began))

    def batch(self, batch_id: str) -> BatchState | None:
        """A batch of Catalog; None if Catalog does not list it (yet). Raises ServiceError."""
        call = Call("GET", "/batches", f"batch={quote(checked('batch', batch_id), safe='')}", service="catalog")
        entries = {key: body_of(text) for key, text in self._calls.read(call, lambda answer: fields_of(answer.content)).items()}
        entry = entries.get(batch_id) or next((one for one in entries.values() if is_about_batch(one, batch_id)), None)
        return None if entry is None else batch_of(batch_id, entry, self._calls.said)

    def dataset_preview(self, dataset_id: str) -> tuple[Json, ...]:
        """The first rows of a dataset, 100 at most. They are records: nothing of them may be shown. Raises ServiceError."""
        path = f"/datasets/{checked('dataset', dataset_id)}/preview"
        return self._calls.read(Call("GET", path, one_spec=True, service="export"), rows)

    def failed_records(self, batch_id: str) -> tuple[Json, ...]:
        """The records of a batch that failed, from the first files that the service lists. Nothing of them may be shown.

        Raises ServiceError, also for files that do not have one JSON value a line.
        """
        path = f"/batches/{checked('batch', batch_id)}/failed"
        call = Call("GET", path, one_spec=True, service="export")
        names = [name for entry in self._calls.read(call, rows)[:_MOST_FILES] if (name := string_at(entry, "name"))]
        files = (replace(call, query=f"path={quote(name, safe='')}") for name in names)
        return tuple(record for file in files for record in self._calls.read(file, records))

    def tenant(self) -> str:
        """The tenant id of the organization, such as `acme`, without a leading underscore. Raises ServiceError."""
        call = Call("GET", "/stats", service="schemaregistry")
        return self._calls.read(call, tenant)

    def sandbox_type(self, name: str) -> str | None:
        """The type of a sandbox in lower case, such as `production`; None if the service does not list it. Raises ServiceError."""
        call = Call("GET", "/", service="sandbox-management")
        return self._calls.read(call, lambda answer: type_of_sandbox(answer, name))

    def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
        self._calls.session.close()

    def _listing(self, kind: ResourceType, name: str | None = None) -> Listing:
        form = PLACES[kind].form
        found: dict[str, Resource] = {}
        odd: list[bytes] = []
        listed = counted = 0
        call = list_call(kind, name)
        for page in self._pages(call, lambda answer, page_call: page_of(form, answer, page_call)):
            counted, listed = max(counted, page.count or 0), listed + len(page.items)
            for item in page.items:
                try:
                    resource = resource_of(kind, item)
                except (NotJson, WrongShape):
                    odd.append(bytes(item))
                else:
                    found[resource.id] = resource
        if counted > listed:
            raise ServiceError(
                f"{call}: the service counts {counted} but lists {listed}, so the list is not complete",
                hint="some may be hidden by an access label: request permission to view them, and run again",
            )
        return Listing(tuple(found.values()), tuple(odd))

    def _pages(self, call: Call, decode: _PageDecoder) -> Iterator[Page]:
        session = self._calls.session

        def read(page_call: Call) -> Page:
            return self._calls.read(page_call, lambda answer: decode(answer, page_call))

        return all_pages(read, call, session.base_url, session.time_for_a_list())


def _exactly(name: str, listing: Listing) -> tuple[Resource, ...]:
    return tuple(resource for resource in listing.resources if resource.name == name)
