"""Datasets as the catalog keeps them.

Source: OpenAPI of the Catalog Service: ids of 24 hexadecimal digits, answers with `@/dataSets/<id>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.documents.json_text import Document, Json, decode, value_at
from reconciler.emulator.dataplane.registry.resources import is_known_schema
from reconciler.emulator.model import BATCHES, DATASETS, Author, Place, Row
from reconciler.emulator.service import Service

_MANAGED: Final = (
    "id",
    "createdAt",
    "updatedAt",
    "createdBy",
    "updatedBy",
    "createdClient",
    "updatedClient",
    "sandboxName",
    "imsOrgId",
)


class NotAccepted(ValueError):
    """The catalog does not accept a body; the message is its reason."""


def make_dataset(service: Service, place: Place, body: Mapping[str, Json], author: Author) -> Row:
    """Keep a new dataset. Raises NotAccepted."""
    reference = body.get("schemaRef")
    if not isinstance(reference, dict) or not isinstance(reference.get("contentType"), str):
        raise NotAccepted("The field schemaRef is required and must have an id and a contentType")
    if not is_known_schema(service, place, reference.get("id")):
        raise NotAccepted(f"The schema {reference.get('id')} is not found")
    return service.store.insert(DATASETS, place, body, author, object_id=service.store.new_id().hex[-24:])


def delete_dataset(service: Service, place: Place, dataset_id: str) -> bool:
    """Delete a dataset with its batches, subject to the switches; False if there is none."""
    if not service.delete(DATASETS, place, dataset_id):
        return False
    for row in service.store.rows(BATCHES, place):
        if value_at(decode(row.body), "dataSetId") == dataset_id:
            service.store.delete(BATCHES, place, row.id)
    return True


def dataset_shown(row: Row) -> Document:
    """A dataset as the catalog answers with it, without its id."""
    body: Document = decode(row.body)
    own = {name: value for name, value in body.items() if name not in _MANAGED}
    return {
        "tags": {},
        **own,
        "imsOrg": body["imsOrgId"],
        "created": body["createdAt"],
        "updated": body["updatedAt"],
        "createdClient": body["createdClient"],
        "createdUser": body["createdBy"],
        "updatedUser": body["updatedBy"],
        "version": f"1.0.{row.revision - 1}",
        "files": f"@/dataSets/{row.id}/files",
    }
