"""The preflight: one read of each service that the steps use, so that a missing permission is told before anything is made.

A read that passes does not prove that a write will: only the write does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Final

from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import ResourceType
from reconciler.errors import Problem, ServiceError
from reconciler.proving.guards.before import refusal
from reconciler.proving.subject import Subject

_SOURCES: Final = "the permissions View Sources and Manage Sources"
_NO_DATASET: Final = "000000000000000000000000"
"""An id that no dataset has."""
_NO_SUCH_DATASET: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST})
_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


def permission_refusals(reader: ProofReader, subject: Subject, steps: tuple[str, ...], name: str) -> Iterator[Problem]:
    """A refusal for each service that does not let this credential read. `name` is one that no resource has. Raises ServiceError."""
    for what, permissions, instead, look in _looks(reader, subject, steps, name):
        try:
            look()
        except ServiceError as error:
            if error.status not in _REFUSED:
                raise
            said = f"this credential may not read {what} in {subject.target.sandbox}: {error.message}"
            hint = f"ask an administrator for {permissions} in this sandbox{instead}"
            yield refusal(subject.key, "no-permission", said, hint)


def _looks(
    reader: ProofReader, subject: Subject, steps: tuple[str, ...], name: str
) -> Iterator[tuple[str, str, str, Callable[[], object]]]:
    def find(kind: ResourceType) -> Callable[[], object]:
        return lambda: reader.find(kind, name)

    if "schema" in steps and subject.schema_id is None:
        instead = ", or write target.schema: {id: …} in proof.yaml"
        yield "schemas", "the permissions View Schemas and Manage Schemas", instead, reader.tenant
    if "dataset" in steps and subject.dataset_id is None:
        instead = ", or write target.dataset: {id: …} in proof.yaml"
        yield "datasets", "the permissions View Datasets and Manage Datasets", instead, find("dataset")
    if {"mapping-check", "mapping"} & set(steps) and subject.maps:
        instead = ", or write target.mapping: none in proof.yaml"
        instead += " (no page says which permission mapping sets need; they belong to sources)"
        yield "mapping sets", _SOURCES, instead, find("mappingSet")
    connection: ResourceType = "sourceConnection" if subject.streams else "connection"
    yield "connections", _SOURCES, "", find(connection)
    if "flow" in steps:
        yield "flows", _SOURCES, "", find("flow")
    if "landed" in steps:
        dataset = subject.dataset_id or _NO_DATASET
        yield "the preview of datasets", "the permission View Datasets", "", lambda: _preview(reader, dataset)


def _preview(reader: ProofReader, dataset: str) -> None:
    """Look at the preview of a dataset, which need not exist: then any refusal but one for want of a permission is an answer."""
    try:
        reader.dataset_preview(dataset)
    except ServiceError as error:
        if error.status not in _NO_SUCH_DATASET:
            raise
