"""Recognizes bodies of Flow Service resources that are not specs by the fields that only those resources have."""

from __future__ import annotations

from typing import Final

import msgspec

from reconciler.documents.json_text import Document, Json


class Resource(msgspec.Struct, frozen=True):
    """A resource that is not a spec. `fields` are the body's fields that identify it, the clearest first."""

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
"""The first field of each is required."""
_TARGET: Final = ("POST /targetConnections", "a target connection")
_LEAST: Final = 2
"""The number of fields that identify a resource. One alone may be a mistake, unless it names another object."""


def resource_of(body: Document) -> Resource | None:
    """The resource that this body belongs to; None for a spec, and if the evidence is insufficient."""
    for resource in _RESOURCES:
        found = tuple(field for field in resource.fields if field in body)
        if resource.fields[0] in found and (len(found) >= _LEAST or _names_an_object(body[found[0]])):
            request = _TARGET if "data" in found and _writes(body) else (resource.request, resource.words)
            return None if _is_spec(body) else Resource(*request, found)
    return None


def _is_spec(body: Document) -> bool:
    """Whether a section identifies this as a spec, regardless of its other fields."""
    from reconciler.sdk.sections import ONLY_CONNECTION, ONLY_FLOW  # noqa: PLC0415 - most bodies are plainly specs

    return not ((ONLY_CONNECTION | ONLY_FLOW) - {"settings"}).isdisjoint(body)


def _names_an_object(value: Json) -> bool:
    """Whether the value refers to a spec: by id, or by the name of an `authSpec` entry."""
    return isinstance(value, dict) and not {"id", "specName"}.isdisjoint(value)


def _writes(body: Document) -> bool:
    """Whether the data is written to the platform, which requires a schema and a dataset."""
    data, params = body.get("data"), body.get("params")
    return (isinstance(data, dict) and "schema" in data) or (isinstance(params, dict) and "dataSetId" in params)
