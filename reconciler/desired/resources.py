"""Which resource of Flow Service a body belongs to, where it is not a spec: told by fields that only bodies of that resource have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, Json


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource that is no spec. `fields` are those of the body that say so, the plainest first."""

    request: str
    words: str
    fields: tuple[str, ...]

    @property
    def hint(self) -> str:
        """What to do with such a body."""
        return f"send it with {self.request}; reconciler manages only connection specs and flow specs"


_RESOURCES: Final = (
    Resource(
        "POST /flows", "a flow", ("flowSpec", "sourceConnectionIds", "targetConnectionIds", "transformations", "scheduleParams")
    ),
    Resource("POST /flows", "a flow", ("sourceConnectionIds", "targetConnectionIds", "transformations", "scheduleParams")),
    Resource("POST /sourceConnections", "a source connection", ("baseConnectionId", "connectionSpec", "data", "params")),
    Resource("POST /connections", "a base connection", ("auth", "connectionSpec")),
    Resource("POST /sourceConnections", "a source connection", ("data", "connectionSpec", "params")),
    Resource("POST /connections", "a base connection", ("connectionSpec",)),
    Resource("POST /mappingSets", "a mapping set", ("mappings", "xdmSchema", "xdmVersion")),
    Resource("POST /runs", "a run of a flow", ("flowId", "params")),
)
"""The first field of each has to be there."""
_TARGET: Final = ("POST /targetConnections", "a target connection")
_LEAST: Final = 2
"""Fields that say of a body what it is; one alone may be a slip, unless it names another object."""


def resource_of(body: Document) -> Resource | None:
    """The resource that this body is for; None for a spec, and where too little speaks for anything else."""
    for resource in _RESOURCES:
        found = tuple(field for field in resource.fields if field in body)
        if resource.fields[0] in found and (len(found) >= _LEAST or _names_an_object(body[found[0]])):
            request = _TARGET if "data" in found and _writes(body) else (resource.request, resource.words)
            return None if _is_spec(body) else Resource(*request, found)
    return None


def _is_spec(body: Document) -> bool:
    """Whether a section says that this is a spec, whatever else it has."""
    from reconciler.sdk.sections import ONLY_CONNECTION, ONLY_FLOW  # noqa: PLC0415 - most bodies are plainly specs

    return not ((ONLY_CONNECTION | ONLY_FLOW) - {"settings"}).isdisjoint(body)


def _names_an_object(value: Json) -> bool:
    """Whether this says which spec is used: as an id, or as the name of an entry of `authSpec`."""
    return isinstance(value, dict) and not {"id", "specName"}.isdisjoint(value)


def _writes(body: Document) -> bool:
    """Whether the data goes into the platform: then its schema and its dataset are named."""
    data, params = body.get("data"), body.get("params")
    return (isinstance(data, dict) and "schema" in data) or (isinstance(params, dict) and "dataSetId" in params)
