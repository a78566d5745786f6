"""The types of Self-Serve Sources, each with its provider, flow specs and permission.

Ids and names come from the pages "Create a new source", "Update flow specs" and "Submit your source", for batch and streaming.
"""

from __future__ import annotations

from typing import Final

import msgspec

BATCH: Final = "generic-rest"
STREAMING: Final = "generic-streaming"


class SourceType(msgspec.Struct, frozen=True):
    """One `type` of connection spec. `flow_specs` are the names and ids of flow specs that run it, the default first."""

    name: str
    about: str
    provider: str
    permission: str
    flow_specs: tuple[str, ...]

    @property
    def flow_spec(self) -> str:
        """The name of the default flow spec for its sources."""
        return self.flow_specs[0]


SOURCE_TYPES: Final = {
    source.name: source
    for source in (
        SourceType(
            BATCH,
            "A batch source: Flow Service requests the records.",
            "0ed90a81-07f4-4586-8190-b40eccef1c5a",
            "EnterpriseSource",
            ("RestStorageToAEP", "6499120c-0b15-42dc-936e-847ea3c24d72"),
        ),
        SourceType(
            STREAMING,
            "A streaming source: it sends the records.",
            "521eee4d-8cbe-4906-bb48-fb6bd4450033",
            "StreamingSource",
            ("GenericStreamingAEP", "e77fde5a-22a8-11ed-861d-0242ac120002", "d69717ba-71b4-4313-b654-49f9cf126d7a"),
        ),
    )
}


def default_flow_specs(source_type: str | None) -> tuple[str, ...]:
    """The default flow specs of a source of this type."""
    source = SOURCE_TYPES.get(source_type or "")
    return (source.flow_spec,) if source else ()


OTHER_FLOW_SPECS: Final = (
    "CRMToAEP",
    "14518937-270c-4525-bdec-c2ba7cce3860",
    "CloudStorageToAEP",
    "9753525b-82c7-4dce-8a9b-5ccfce2b9876",
)
"""Names and ids of flow specs for Adobe's own connectors."""
PROVIDERS: Final = {
    SOURCE_TYPES[BATCH].provider: "Batch sources, and most sources of Adobe's own.",
    SOURCE_TYPES[STREAMING].provider: "Streaming sources.",
    "14e34fac-d307-11e9-bb65-2a2ae2dbcce4": "Destinations.",
}
"""The published values of `providerId`."""
PERMISSIONS: Final = tuple(source.permission for source in SOURCE_TYPES.values())
