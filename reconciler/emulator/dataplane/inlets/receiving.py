"""What becomes of events: mapped, held against the schema, and written into the dataset of their flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, Json, decode, string_at, value_at
from reconciler.emulator.addresses import inlet_id
from reconciler.emulator.dataplane.landing.batches import NoDataset, Rejected, as_errors, land
from reconciler.emulator.dataplane.mapping import mapped
from reconciler.emulator.dataplane.mapping_sets import mapping_set_of
from reconciler.emulator.dataplane.registry.fitting import fields_of
from reconciler.emulator.model import DATASETS, FLOWS, TARGET_CONNECTIONS, Author, Place
from reconciler.emulator.service import Service

COLLECTOR: Final = Author("data-collection@AdobeID", "data-collection")
_UNMAPPED: Final = "MAPPER-3700-400"
"""The code of an event on which a mapping failed."""


class NotReceived(ValueError):
    """An event has no place to go; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A flow that receives events: where they land, and how they are mapped."""

    place: Place
    flow: Document
    dataset: str
    mapping_set: Document | None

    def is_warm(self, service: Service) -> bool:
        """Whether events are no longer lost."""
        made: float = self.flow["createdAt"] / 1000 - service.behaviour.clock_skew
        return service.clock() >= made + service.behaviour.inlet_warm_up


def stream_of(service: Service, inlet: str, flow_id: str | None) -> Stream:
    """The flow of an event, which the client names. Raises NotReceived."""
    if flow_id is None or not flow_id.strip():
        raise NotReceived("The header x-adobe-flow-id is required for a source with a mapping")
    wanted = flow_id.strip().lower()
    place = next((place for kind, place in service.store.whereabouts(wanted) if kind == FLOWS), None)
    row = service.store.find(FLOWS, place, wanted) if place is not None else None
    if place is None or row is None or inlet_id(wanted) != inlet:
        raise NotReceived(f"The flow {flow_id[:80]} does not belong to the inlet")
    flow: Document = decode(row.body)
    if flow.get("state") not in (None, "enabled"):
        raise NotReceived(f"The flow {wanted} is not enabled")
    return Stream(place, flow, _dataset_of(service, place, flow), _mapping_of(service, place, flow))


def problems_of(service: Service, stream: Stream, event: Json) -> tuple[tuple[str, str], ...]:
    """Why an event will not be in the dataset: code and message of each reason."""
    row = _row(stream, event)
    if isinstance(row, Rejected):
        return row.errors
    dataset = service.store.find(DATASETS, stream.place, stream.dataset)
    uri = string_at(decode(dataset.body), "schemaRef", "id") if dataset is not None else None
    return as_errors(fields_of(service, stream.place, uri or "").fitted(row).violations)


def receive(service: Service, stream: Stream, events: Sequence[Json]) -> None:
    """Write events into their dataset. Those that do not fit are failed records of the batch; raises NotReceived without a dataset."""
    if not stream.is_warm(service):
        return
    rows = [_row(stream, event) for event in events]
    kept = [row for row in rows if not isinstance(row, Rejected)]
    try:
        land(service, stream.place, stream.dataset, kept, [row for row in rows if isinstance(row, Rejected)], COLLECTOR)
    except NoDataset as error:
        raise NotReceived(f"The dataset {error} does not exist") from error


def _row(stream: Stream, event: Json) -> Document | Rejected:
    if not isinstance(event, dict):
        return Rejected(event, ((_UNMAPPED, "the event is not a JSON object"),))
    if stream.mapping_set is None:
        return event
    result = mapped(stream.mapping_set, event)
    if result.row is None:
        return Rejected(event, tuple((_UNMAPPED, f"{error.destination}: {error.exception}") for error in result.errors))
    return result.row


def _dataset_of(service: Service, place: Place, flow: Mapping[str, Json]) -> str:
    for target in _texts(flow.get("targetConnectionIds")):
        row = service.store.find(TARGET_CONNECTIONS, place, target)
        dataset = string_at(decode(row.body), "params", "dataSetId") if row is not None else None
        if dataset is not None:
            return dataset
    raise NotReceived("The flow has no target connection with a dataset")


def _mapping_of(service: Service, place: Place, flow: Mapping[str, Json]) -> Document | None:
    transformations = flow.get("transformations")
    for one in transformations if isinstance(transformations, list) else ():
        wanted = string_at(one, "params", "mappingId")
        if wanted is not None:
            found = mapping_set_of(service, place, wanted, value_at(one, "params", "mappingVersion"))
            if found is None:
                raise NotReceived(f"The mapping set {wanted} does not exist")
            return found
    return None


def _texts(value: Json) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
