"""The body of a connection spec, as the API takes it. Open: live bodies have more fields than any page describes."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.body.authentication import AUTH_SPEC
from reconciler.schemas.body.json_schema_part import json_schema
from reconciler.schemas.body.sections import (
    API_FEATURES,
    MARKER,
    NAME,
    PERMISSIONS_INFO,
    PROVIDER_ID,
    VERSION,
    sections,
    spec_part,
)
from reconciler.schemas.body.source import SOURCE_SPEC
from reconciler.schemas.nodes import anything, flag, mapping, suggestion, text

_TYPES: Final = {
    "generic-rest": "A batch source over REST; it is attached to RestStorageToAEP.",
    "generic-streaming": "A streaming source; it is attached to GenericStreamingAEP.",
}

_ATTRIBUTES: Final = mapping(
    "What the service knows about the source beyond its parameters.",
    {
        "category": text("The catalogue's category in words.", examples=["Streaming", "Cloud Storage"]),
        "connectorName": text("The name of a connector of Adobe's own."),
        "isSource": flag("Whether it brings data into Experience Platform."),
        "isDraftModeSupported": flag("Whether connections and flows can be kept as drafts."),
        "documentationLink": text("Where the documentation is."),
        "uiAttributes": mapping("What the UI goes by.", {"apiFeatures": API_FEATURES}),
        "reconciler": MARKER,
    },
)


def _explore_spec() -> Document:
    properties = {
        "name": text("The kind of things that can be explored. `Resource` for a batch source.", examples=["Resource"]),
        "type": text("The same for a batch source; `StreamingConnection` for a streaming one.", examples=["Resource"]),
        "requestSpec": json_schema("What an exploring call may ask for."),
        "responseSpec": anything("What it answers: a JSON Schema, or a mapping of them by the kind of object."),
    }
    return mapping(
        "What exploring and previewing return. For a batch source the documentation says to copy the block as it stands, and that includes "
        "the space in `http: //` of `responseSpec`.",
        properties,
    )


CONNECTION_BODY: Final = mapping(
    "The body of a connection spec, as the API takes it. A section that is left out stays as it is live; a null removes it.",
    {"name": NAME, "providerId": PROVIDER_ID}
    | sections(
        {
            "version": VERSION,
            "type": suggestion(
                "What kind of source it is; by it the flow spec is chosen that the source is attached to.", _TYPES
            ),
            "description": text("What the source is. The service may not keep it."),
            "attributes": _ATTRIBUTES,
            "authSpec": AUTH_SPEC,
            "sourceSpec": SOURCE_SPEC,
            "targetSpec": spec_part("What a user enters to write to it, for a spec that data can be sent to."),
            "exploreSpec": _explore_spec(),
            "permissionsInfo": PERMISSIONS_INFO,
        }
    ),
)
