"""Makes what a proof needs: connections, flows, runs, schemas, datasets and mapping sets. It cannot write specs or delete anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import ClassVar, Final

from reconciler.dataflows.answers import checks, preview
from reconciler.dataflows.calling import Permit
from reconciler.dataflows.inlets import EventSender
from reconciler.dataflows.items import created_in, described, uri_of
from reconciler.dataflows.observed import MappingCheck, MappingPreview
from reconciler.dataflows.places import PLACES, checked, one_call
from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import DELETED_IN_ORDER, Created, Resource, ResourceType
from reconciler.documents.json_text import Document, Json, encode
from reconciler.errors import AnswerLost, RefusedForNow, ServiceError
from reconciler.flowservice.answers import created_id, read_anything
from reconciler.flowservice.messages import Call

_SENT: Final = 3
"""How often a lost or refused write is sent."""
_MAY_EXIST: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT})
"""Refusals that may mean that a resource with this name exists: the titles of schemas are unique."""
_NO_TIMES: Final = "1384"
"""The number of the refusal of times that are missing or have the wrong type (docs: Flow Service errors)."""
_LATER: Final = timedelta(seconds=60)
"""How far ahead a run is set: a time in the past may be refused."""


class ProofWriter(ProofReader):
    """Makes resources in one sandbox with one credential. No POST is repeated without a look for what it made. Thread-safe."""

    PERMITS: ClassVar[tuple[Permit, ...]] = (
        *(Permit("POST", place.service, place.path) for place in PLACES.values()),
        Permit("POST", "flowservice", "/runs"),
        Permit("POST", "conversion", "/mappingSets/(validate|preview)"),
        Permit("PUT", "conversion", r"/mappingSets/[0-9A-Za-z_][0-9A-Za-z_.-]*"),
    )

    def create(self, kind: ResourceType, body: Mapping[str, Json]) -> Created:
        """POST a new resource.

        Raises AnswerLost if it may have been made, RefusedForNow if it may be sent again after a look, ServiceError if it was not made.
        """
        place = PLACES[kind]
        query = "requestDataSource=true" if kind == "dataset" else ""
        call = Call("POST", place.path, query, encode(dict(body)), service=place.service)
        return self._calls.write(call, lambda answer: created_in(kind, answer))

    def create_or_find(
        self, kind: ResourceType, body: Mapping[str, Json], name: str, again: Callable[[Exception], None] = lambda _lost: None
    ) -> Created:
        """POST a new resource; if its answer is lost, look for it by its exact name, and send it again only if it is not there.

        The look lasts for `network.consistency_window`; a twin that shows up later has the same name. `again` is called with the error of a
        lost POST before another is sent: the lost one may still land. Raises as `create`, after the last try.
        """
        lost: AnswerLost | RefusedForNow | None = None
        for _ in range(_SENT - 1):
            try:
                return self.create(kind, body)
            except (AnswerLost, RefusedForNow) as error:
                lost = error
            except ServiceError as error:
                return self._refused_as_made(kind, body, name, lost, error)
            made = self._look_for(kind, body, name, lost)
            if made is not None:
                return made
            again(lost)
        return self.create(kind, body)

    def replace_mapping_set(self, mapping_set_id: str, body: Mapping[str, Json]) -> None:
        """PUT the whole of a mapping set; a lost one is sent again, which changes nothing. Raises as `create`."""
        path = one_call("mappingSet", mapping_set_id).path
        call = Call("PUT", path, body=encode(dict(body)), one_spec=True, service="conversion")
        for _ in range(_SENT - 1):
            try:
                return self._calls.write(call, read_anything)
            except (AnswerLost, RefusedForNow) as error:
                self._unless_stopped(error)
        return self._calls.write(call, read_anything)

    def validate_mapping(self, mapping_set: Mapping[str, Json]) -> tuple[MappingCheck, ...]:
        """What the service says about each mapping of a set; nothing is kept. Raises ServiceError."""
        call = Call("POST", "/mappingSets/validate", body=encode(dict(mapping_set)), service="conversion")
        return self._calls.ask(call, lambda answer: checks(answer, self._calls.said))

    def preview_mapping(self, mapping_set: Mapping[str, Json], record: Json) -> MappingPreview:
        """One record as a mapping set would write it; nothing is kept. Raises ServiceError."""
        body: Document = {"data": record, "mappingSet": dict(mapping_set)}
        call = Call("POST", "/mappingSets/preview", body=encode(body), service="conversion")
        return self._calls.ask(call, lambda answer: preview(answer, self._calls.said))

    def start_run(self, flow_id: str, start: datetime, end: datetime, unit: int = 1) -> str:
        """Run a flow with frequency `once` for a time range, and return the id of the run.

        `unit` is how many of the times make a second: the OpenAPI says milliseconds, and its examples are seconds. Times are integers, as
        the OpenAPI has them; strings, as the page on on-demand ingestion has them, if the service refuses those. Raises AnswerLost if it
        may have been started: `runs` lists it then. Raises RefusedForNow and ServiceError, as `create`.
        """
        times = {"startTime": self.now() + _LATER, "windowStartTime": start, "windowEndTime": end}
        seconds = {name: int(time.timestamp() * unit) for name, time in times.items()}
        try:
            return self._run(flow_id, seconds)
        except ServiceError as error:
            if _NO_TIMES not in (error.server_code or ""):
                raise
        return self._run(flow_id, {name: str(number) for name, number in seconds.items()})

    def events(self) -> EventSender:
        """A sender of events, with the request log, the credentials and the connections of this client."""
        return EventSender(self._calls.session)

    def _run(self, flow_id: str, params: Mapping[str, int | str]) -> str:
        body: Document = {"flowId": checked("flow", flow_id), "params": dict(params)}
        return self._calls.write(Call("POST", "/runs", body=encode(body)), created_id)

    def _look_for(
        self, kind: ResourceType, body: Mapping[str, Json], name: str, error: AnswerLost | RefusedForNow
    ) -> Created | None:
        """The resource that a lost POST made, if it shows up. A refused POST made nothing, so one look is enough.

        What cannot be deleted must not get a twin: the look for it lasts until the lost POST can no longer land.
        """
        dependencies = self._calls.session.dependencies
        window = dependencies.network.consistency_window if isinstance(error, AnswerLost) else 0.0
        if window and kind not in DELETED_IN_ORDER:
            window = self.lands_within
        end, wait = dependencies.clock.monotonic() + window, 1.0
        while True:
            made = next((one for one in self.find(kind, name) if self._is_as_sent(one, body)), None)
            if made is not None:
                return Created(kind, made.id, uri_of(made), error.status or 0, error.request_id or "", made.etag, found=True)
            left = end - dependencies.clock.monotonic()
            if left <= 0:
                return None
            self._unless_stopped(error)
            dependencies.clock.sleep(min(wait, left))
            wait *= 2

    def _refused_as_made(
        self,
        kind: ResourceType,
        body: Mapping[str, Json],
        name: str,
        lost: AnswerLost | RefusedForNow | None,
        error: ServiceError,
    ) -> Created:
        """What a lost POST made, if a refusal of the next one may mean that it exists. Raises the refusal."""
        made = self._look_for(kind, body, name, lost) if lost is not None and error.status in _MAY_EXIST else None
        if made is None:
            raise error
        return made

    def _is_as_sent(self, found: Resource, body: Mapping[str, Json]) -> bool:
        """Whether a resource with the right name is ours: its description, too, unless the service lists none.

        A mapping set is replaced later, so one without a description is read before it counts.
        """
        if found.type == "mappingSet" and not found.description:
            found = self.get(found.type, found.id) or found
        sent = described(found.type, body)
        return found.description == sent or (not found.description and found.type != "mappingSet")

    def _unless_stopped(self, error: AnswerLost | RefusedForNow) -> None:
        stop = self._calls.session.dependencies.stop
        if stop is not None and stop.is_set():
            raise error
