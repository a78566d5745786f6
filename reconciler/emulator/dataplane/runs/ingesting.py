"""The promotion of what was copied: each record through the mapping and the schema, and the valid rows into one batch.

Source: docs, "Partial batch ingestion": without `partialIngestionPercent`, one invalid record fails the whole batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

from reconciler.documents.json_text import Document, Json, decode, string_at, value_at
from reconciler.emulator.dataplane.landing.batches import NoDataset, Rejected, as_errors, land
from reconciler.emulator.dataplane.mapping import mapped
from reconciler.emulator.dataplane.mapping_sets import mapping_set_of
from reconciler.emulator.dataplane.registry.fitting import Fields, fields_of
from reconciler.emulator.dataplane.runs.copying import Copied, CopiedPage
from reconciler.emulator.dataplane.runs.results import BATCH, PROCESS, Failure, Result
from reconciler.emulator.model import DATASETS, TARGET_CONNECTIONS, Author, Place
from reconciler.emulator.service import Service

_MAPPING: Final = "mapping"
_MAPPER: Final = "MAPPER-3700-199"
"""The code of a record that a mapping fails on."""
_MOST_KEPT: Final = 100_000
"""Rows of one batch that are kept; all are counted."""


class CannotIngest(ValueError):
    """The mapping set or the dataset of a flow does not exist; the message is the reason."""


@dataclass(slots=True)
class Rows:
    """The rows of a run, page by page. A page like an earlier one is not mapped again: its counts are known."""

    mapping_set: Mapping[str, Json] | None
    fields: Fields
    kept: list[Document] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    valid: int = 0
    invalid: int = 0
    _pages: dict[bytes, tuple[int, int]] = field(default_factory=dict)

    def take(self, page: CopiedPage) -> None:
        """Map and check the rows of a page."""
        name = blake2b(page.content, digest_size=16).digest()
        if name not in self._pages:
            before = self.valid, self.invalid
            for row in page.rows():
                self._take(row)
            self._pages[name] = self.valid - before[0], self.invalid - before[1]
            return
        valid, invalid = self._pages[name]
        self.valid += valid
        self.invalid += invalid

    def _take(self, record: Json) -> None:
        row, errors = self._row(record)
        if row is None:
            self.invalid += 1
            if len(self.rejected) < _MOST_KEPT:
                self.rejected.append(Rejected(record, errors))
            return
        self.valid += 1
        if len(self.kept) < _MOST_KEPT:
            self.kept.append(row)

    def _row(self, record: Json) -> tuple[Document | None, tuple[tuple[str, str], ...]]:
        if not isinstance(record, dict):
            return None, ((_MAPPER, "the record is not an object"),)
        row: Document = record
        if self.mapping_set is not None:
            result = mapped(self.mapping_set, record)
            if result.row is None:
                return None, tuple((_MAPPER, f"{one.destination}: {one.exception}") for one in result.errors)
            row = result.row
        fitted = self.fields.fitted(row)
        return (None, as_errors(fitted.violations)) if fitted.violations else (row, ())


def rows_of(service: Service, place: Place, flow: Mapping[str, Any]) -> Rows:
    """Where the rows of a flow go through. Raises CannotIngest."""
    dataset_id = dataset_of(service, place, flow)
    dataset = service.store.find(DATASETS, place, dataset_id)
    if dataset is None:
        raise CannotIngest(f"the dataset {dataset_id} does not exist")
    schema = string_at(decode(dataset.body), "schemaRef", "id") or ""
    return Rows(_mapping_set(service, place, flow), fields_of(service, place, schema))


def ingested(service: Service, place: Place, flow: Mapping[str, Any], rows: Rows, copy: Copied, author: Author) -> Result:
    """Write the batch of a copy that succeeded."""
    whole = rows.valid + rows.invalid
    fits = rows.invalid * 100 <= _percent(flow) * whole
    try:
        batch = land(service, place, dataset_of(service, place, flow), rows.kept if fits else [], rows.rejected, author).batch
    except (NoDataset, CannotIngest):
        return Result(outcome="failed", input=copy.records, failure=Failure(BATCH, "the dataset does not exist"))
    failure = None
    if not fits:
        code, message = rows.rejected[0].errors[0]
        failure = Failure(PROCESS, f"{rows.invalid} of {whole} records are invalid; the first: {code}: {message}")
    return Result(
        outcome="failed" if failure else "partial_success" if rows.invalid else "success",
        input=copy.records,
        output=rows.valid if fits else 0,
        failed=rows.invalid if fits else whole,
        size=copy.size,
        requests=copy.requests,
        batch=batch,
        failure=failure,
    )


def dataset_of(service: Service, place: Place, flow: Mapping[str, Any]) -> str:
    """The id of the dataset that a flow writes to. Raises CannotIngest."""
    for target in flow.get("targetConnectionIds") or ():
        row = service.store.find(TARGET_CONNECTIONS, place, str(target))
        dataset_id = string_at(decode(row.body), "params", "dataSetId") if row is not None else None
        if dataset_id:
            return dataset_id
    raise CannotIngest("the target connection has no dataset")


def _mapping_set(service: Service, place: Place, flow: Mapping[str, Any]) -> Mapping[str, Json] | None:
    """The mapping set of a flow; None for a flow without one."""
    for one in flow.get("transformations") or ():
        if not isinstance(one, dict) or str(one.get("name")).lower() != _MAPPING:
            continue
        mapping_id = string_at(one, "params", "mappingId") or ""
        found = mapping_set_of(service, place, mapping_id, value_at(one, "params", "mappingVersion") or 0)
        if found is None:
            raise CannotIngest(f"the mapping set {mapping_id[:80]} does not exist")
        return found
    return None


def _percent(flow: Mapping[str, Any]) -> float:
    """The share of invalid records that a flow accepts, in percent."""
    options = flow.get("options")
    written = options.get("partialIngestionPercent", 0) if isinstance(options, dict) else 0
    try:
        return min(max(float(str(written)), 0.0), 100.0)
    except ValueError:
        return 0.0
