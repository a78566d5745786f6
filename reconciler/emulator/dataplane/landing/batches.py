"""Batches: what a run or the inlet writes into a dataset, and what of it does not fit.

Source: OpenAPI of the Catalog Service (`metrics.recordsRead`, `recordsWritten`), Data Access (`failed`, `meta`), and docs, "Partial
batch ingestion" (`_errors` beside the record).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, Json, decode, string_at, value_at
from reconciler.emulator.dataplane.registry.fitting import Violation, fields_of
from reconciler.emulator.model import BATCHES, DATASETS, Author, Place, Row
from reconciler.emulator.service import Service

PREVIEW_ROWS: Final = 100
_INVALID: Final = "DCVS-1104-400"
"""The code of a record that does not fit the schema."""


class NoDataset(ValueError):
    """The dataset does not exist; the message is its id."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is not written, and why: code and message of each reason."""

    record: Json
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Landed:
    """A batch: its id, how many rows are in the dataset, and the records that are not."""

    batch: str
    written: int
    rejected: tuple[Rejected, ...]


def land(
    service: Service, place: Place, dataset_id: str, rows: Sequence[Document], rejected: Sequence[Rejected], author: Author
) -> Landed:
    """Write one batch: rows that fit the dataset's schema, converted to its types; others join the rejected ones.

    The rows are in the dataset `land_delay` seconds later. Raises NoDataset.
    """
    dataset = service.store.find(DATASETS, place, dataset_id)
    if dataset is None:
        raise NoDataset(dataset_id)
    fields = fields_of(service, place, string_at(decode(dataset.body), "schemaRef", "id") or "")
    fitted = [(row, fields.fitted(row)) for row in rows]
    kept = [one.row for _, one in fitted if not one.violations]
    unfit = [Rejected(row, as_errors(one.violations)) for row, one in fitted if one.violations]
    refused = (*rejected, *unfit)
    body = {
        "dataSetId": dataset_id,
        "read": len(rows) + len(rejected),
        "rows": kept,
        "rejected": [{"record": one.record, "errors": [list(error) for error in one.errors]} for one in refused],
        "landsAt": service.clock() + service.behaviour.land_delay,
    }
    batch_id = f"01{service.store.new_id().hex[-24:].upper()}"
    service.store.insert(BATCHES, place, body, author, object_id=batch_id)
    return Landed(batch_id, len(kept), refused)


def as_errors(violations: Sequence[Violation]) -> tuple[tuple[str, str], ...]:
    """Violations as codes and messages."""
    return tuple((_INVALID, f"{one.path}: {one.message}") for one in violations)


def preview(service: Service, place: Place, dataset_id: str) -> list[Document]:
    """The first rows of a dataset that have landed by now."""
    found: list[Document] = []
    for batch in _batches_of(service, place, dataset_id):
        found += batch["rows"] if has_landed(service, batch) else ()
    return found[:PREVIEW_ROWS]


def has_landed(service: Service, batch: Document) -> bool:
    """Whether the rows of a batch are in its dataset by now."""
    return bool(batch["landsAt"] <= service.clock())


def batch_shown(service: Service, row: Row) -> Document:
    """A batch as the catalog answers with it, without its id."""
    body: Document = decode(row.body)
    failed, written = len(body["rejected"]), len(body["rows"])
    status = "processing" if not has_landed(service, body) else "failed" if failed and not written else "success"
    counts = {"recordsRead": body["read"], "recordsWritten": written, "recordsFailed": failed}
    is_staging = row.born + service.behaviour.batch_staging > service.clock()
    return {
        "status": "staging" if is_staging else status,
        "tags": {},
        "relatedObjects": [{"type": "dataSet", "id": body["dataSetId"]}],
        "imsOrg": body["imsOrgId"],
        "sandboxId": body["sandboxId"],
        "created": body["createdAt"],
        "updated": body["updatedAt"],
        "createdUser": body["createdBy"],
        "createdClient": body["createdClient"],
        "started": body["createdAt"],
        "metrics": {name: 0 if is_staging else number for name, number in counts.items()},
        "errors": [{"code": code, "description": message} for one in body["rejected"][:1] for code, message in one["errors"]],
        "version": "1.0.0",
    }


def failed_records(row: Row) -> list[Document]:
    """The records of a batch that were not written, each with its `_errors`."""
    body: Document = decode(row.body)
    return [
        {**record, "_errors": [{"code": code, "message": message} for code, message in one["errors"]]}
        for one in body["rejected"]
        for record in [one["record"] if isinstance(one["record"], dict) else {"_corrupt_record": one["record"]}]
    ]


def _batches_of(service: Service, place: Place, dataset_id: str) -> Iterator[Document]:
    for row in service.store.rows(BATCHES, place):
        body: Document = decode(row.body)
        if value_at(body, "dataSetId") == dataset_id:
            yield body
