"""The emulator's values: the location of an object, its author, and a stored object."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

SERVICE = "/data/foundation/flowservice"
SCHEMA_REGISTRY = "/data/foundation/schemaregistry"
CATALOG = "/data/foundation/catalog"
CONVERSION = "/data/foundation/conversion"
EXPORT = "/data/foundation/export"
SANDBOX_MANAGEMENT = "/data/foundation/sandbox-management"
ACCESS_CONTROL = "/data/foundation/access-control"
INLETS = "/collection"
TOKENS = "/ims/token/v3"
ADMIN = "/_emulator"

CONNECTION_SPECS = "connectionSpecs"
FLOW_SPECS = "flowSpecs"
CONNECTIONS = "connections"
SOURCE_CONNECTIONS = "sourceConnections"
TARGET_CONNECTIONS = "targetConnections"
FLOWS = "flows"
RUNS = "runs"

SCHEMAS = "schemas"
FIELDGROUPS = "fieldgroups"
DATASETS = "dataSets"
BATCHES = "batches"
MAPPING_SETS = "mappingSets"
EVENTS = "events"

SPEC_KINDS = (CONNECTION_SPECS, FLOW_SPECS)
FLOW_KINDS = (CONNECTIONS, SOURCE_CONNECTIONS, TARGET_CONNECTIONS, FLOWS)

_SANDBOX_IDS = uuid.UUID("f2c8d8c4-5a3e-4a27-9a51-3a1f7c0b6f0e")


@dataclass(frozen=True, slots=True)
class Place:
    """The organization and the sandbox of an object."""

    org: str
    sandbox: str

    @property
    def sandbox_id(self) -> str:
        """A UUID that is the same in every run."""
        return str(uuid.uuid5(_SANDBOX_IDS, f"{self.org}/{self.sandbox}"))


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a write: the account is `createdBy` and `updatedBy`, the client `createdClient` and `updatedClient`."""

    account: str
    client: str


@dataclass(frozen=True, slots=True)
class Row:
    """A stored object: `body` is its JSON, `revision` counts its writes from 1, `born` is epoch seconds."""

    seq: int
    id: str
    body: bytes
    revision: int
    born: float

    @property
    def etag(self) -> str:
        """The entity tag of this revision, including its double quotes (docs: Sources API, `etag`)."""
        return f'"{self.id[:8]}-0000-0200-0000-{self.revision:012x}"'


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A logged request. `at` is epoch seconds; `status` is None if the connection was interrupted."""

    method: str
    path: str
    query: str
    status: int | None
    request_id: str
    client: str
    at: float
