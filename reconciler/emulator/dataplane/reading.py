"""What a source connection reads: its spec, the values entered for it, and how its answers are read.

A preview and the runs of a flow both begin here, so a spec is read in one way only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from reconciler.documents.json_text import Document, Json
from reconciler.emulator.model import CONNECTION_SPECS, CONNECTIONS, Place
from reconciler.emulator.passwords import whole
from reconciler.emulator.service import Service
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.records import Records, records_of
from reconciler.sources.sending.authentication import properties
from reconciler.sources.source import Source
from reconciler.sources.values import Values


class NotReadable(ValueError):
    """The spec or the base connection of a source connection no longer exists."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is fetched, with which values, and where the records are in an answer. `contents` relies on the engine switches."""

    source: Source
    values: Values
    contents: Records


def reading_of(service: Service, place: Place, source_connection: Mapping[str, Any]) -> Reading:
    """What this source connection reads, as its spec and its base connection are now. Raises NotReadable."""
    spec_id = str(_mapping(source_connection, "connectionSpec").get("id"))
    base_id = source_connection.get("baseConnectionId")
    base = whole(_live(service, place, CONNECTIONS, str(base_id))) if base_id is not None else {}
    return reading_with(service, place, spec_id, _mapping(base, "auth"), _mapping(source_connection, "params"))


def reading_with(service: Service, place: Place, spec_id: str, auth: Mapping[str, Any], params: Mapping[str, Any]) -> Reading:
    """What a spec reads with this `auth` of a base connection, and these values of `sourceSpec.spec`. Raises NotReadable."""
    source = Source(_live(service, place, CONNECTION_SPECS, spec_id))
    name = auth.get("specName")
    values = Values(name if isinstance(name, str) else None, _entered(source, name, _mapping(auth, "params")), dict(params))
    records, _ = records_of(source, assumptions(service))
    return Reading(source, values, records)


def assumptions(service: Service) -> Assumptions:
    """A fresh copy of the evidence table, with the rows that the switches override."""
    return Assumptions(dict(service.behaviour.engine))


def _entered(source: Source, name: object, params: Mapping[str, Any]) -> dict[str, Json | Secret]:
    """The values of an entry of `authSpec`; those of properties with `format: password` are secrets."""
    entry = next(((path, block) for path, block in source.auth_specs if block.get("name") == name), None)
    listed = properties((*entry[0], "spec"), entry[1].get("spec")) if entry else ()
    secret = {name for name, schema, _ in listed if schema.get("format") == "password"}
    return {key: Secret(value) if key in secret and isinstance(value, str) else value for key, value in params.items()}


def _live(service: Service, place: Place, kind: str, object_id: str) -> Document:
    row = service.find(kind, place, object_id)
    if row is None:
        raise NotReadable(f"the resource {object_id} of {kind} no longer exists")
    return msgspec.json.decode(row.body, type=dict[str, Any])


def _mapping(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}
