"""The emulator's small values: where an object lives, who wrote it, and one stored object."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

SERVICE = "/data/foundation/flowservice"
TOKENS = "/ims/token/v3"
ADMIN = "/_emulator"

CONNECTION_SPECS = "connectionSpecs"
FLOW_SPECS = "flowSpecs"
CONNECTIONS = "connections"
SOURCE_CONNECTIONS = "sourceConnections"
TARGET_CONNECTIONS = "targetConnections"
FLOWS = "flows"
RUNS = "runs"

SPEC_KINDS = (CONNECTION_SPECS, FLOW_SPECS)
FLOW_KINDS = (CONNECTIONS, SOURCE_CONNECTIONS, TARGET_CONNECTIONS, FLOWS)

_SANDBOX_IDS = uuid.UUID("f2c8d8c4-5a3e-4a27-9a51-3a1f7c0b6f0e")


@dataclass(frozen=True, slots=True)
class Place:
    """The organisation and the sandbox that an object belongs to."""

    org: str
    sandbox: str

    @property
    def sandbox_id(self) -> str:
        """A UUID that is the same in every run."""
        return str(uuid.uuid5(_SANDBOX_IDS, f"{self.org}/{self.sandbox}"))


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: the account goes into `createdBy` and `updatedBy`, the client into `createdClient` and `updatedClient`."""

    account: str
    client: str


@dataclass(frozen=True, slots=True)
class Row:
    """One stored object: `body` is its JSON as it is answered, `revision` counts its writes from 1, `born` is epoch seconds."""

    seq: int
    id: str
    body: bytes
    revision: int
    born: float

    @property
    def etag(self) -> str:
        """The entity tag of this revision, with the double quotes that belong to its value (docs: Sources API, `etag`)."""
        return f'"{self.id[:8]}-0000-0200-0000-{self.revision:012x}"'


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One answered request. `at` is epoch seconds; `status` is None where the connection was broken off."""

    method: str
    path: str
    query: str
    status: int | None
    request_id: str
    client: str
    at: float
