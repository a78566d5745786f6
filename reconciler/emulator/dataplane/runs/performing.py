"""One run of a flow: it copies what the source has in a time range, maps it, and writes a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from reconciler.emulator.dataplane.reading import NotReadable, Reading, assumptions, reading_of
from reconciler.emulator.dataplane.runs.copying import copied
from reconciler.emulator.dataplane.runs.ingesting import CannotIngest, ingested, rows_of
from reconciler.emulator.dataplane.runs.results import COPY, PROCESS, Failure, Result
from reconciler.emulator.model import SOURCE_CONNECTIONS, Author, Place
from reconciler.emulator.service import Service
from reconciler.sources.window import Window


def performed(service: Service, place: Place, flow: Mapping[str, Any], window: Window | None, author: Author) -> Result:
    """What the run did. It calls the third party once a page, and waits for each answer."""
    try:
        reading = source_of(service, place, flow)
    except NotReadable as error:
        return Result(outcome="failed", failure=Failure(COPY, str(error)))
    try:
        rows = rows_of(service, place, flow)
    except CannotIngest as error:
        return Result(outcome="failed", failure=Failure(PROCESS, str(error)))
    service.begin()
    copy = copied(reading, window, assumptions(service), service.fetch, rows.take)
    if copy.failure is not None:
        return Result(outcome="failed", input=copy.records, size=copy.size, requests=copy.requests, failure=copy.failure)
    return ingested(service, place, flow, rows, copy, author)


def source_of(service: Service, place: Place, flow: Mapping[str, Any]) -> Reading:
    """What a flow reads. Raises NotReadable."""
    ids = flow.get("sourceConnectionIds") or ()
    row = service.store.find(SOURCE_CONNECTIONS, place, str(ids[0])) if ids else None
    if row is None:
        raise NotReadable("the source connection no longer exists")
    return reading_of(service, place, msgspec.json.decode(row.body, type=dict[str, Any]))
