"""The body of a flow spec, as the API takes it. Open: live bodies have more fields than any page describes."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
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
from reconciler.schemas.nodes import flag, listing, mapping, text

_NOTIFICATION: Final = mapping(
    "Who is told about runs.",
    {
        "category": text("The heading that notifications stand under.", examples=["sources"]),
        "flowRun": mapping("Notifications about runs.", {"enabled": flag("Whether there are any.")}),
    },
)

_ATTRIBUTES: Final = mapping(
    "What the service knows about the flows beyond their parameters.",
    {
        "isSourceFlow": flag("Whether its flows bring data into Experience Platform."),
        "isDraftModeSupported": flag("Whether flows can be kept as drafts."),
        "flacValidationSupported": flag("Whether access to single fields is checked."),
        "frequency": text("How data arrives.", examples=["batch", "streaming"]),
        "notification": _NOTIFICATION,
        "uiAttributes": mapping("What the UI goes by.", {"apiFeatures": API_FEATURES}),
        "reconciler": MARKER,
    },
)


def _ids(description: str) -> Document:
    reference = mapping(
        "A connection spec of this repository, whatever its id is in a target.",
        {"ref": text("Its key.", examples=["mailchimp-members"])},
        required=["ref"],
        closed=True,
    )
    one_id: Document = {"description": "The id of a live connection spec.", "type": "string", "minLength": 1}
    return listing(f"{description} Once written, this list is owned whole: another live id is planned as a detach.", {}) | {
        "items": {"anyOf": [one_id, reference]}
    }


def _transformations(description: str) -> Document:
    return listing(description, spec_part("One transformation."))


_SCHEDULE: Final = mapping(
    "How often flows may run.",
    {
        "name": text("Its name.", examples=["PeriodicSchedule"]),
        "type": text("Its kind.", examples=["Periodic"]),
        "spec": json_schema("What a schedule may be: a JSON Schema with startTime, frequency, interval and backfill."),
    },
)

FLOW_BODY: Final = mapping(
    "The body of a flow spec, as the API takes it. A section that is left out stays as it is live; a null removes it.",
    {"name": NAME, "providerId": PROVIDER_ID}
    | sections(
        {
            "version": VERSION,
            "type": text("Its kind."),
            "description": text("What flows of this kind do. The service may not keep it."),
            "sourceConnectionSpecIds": _ids("The connection specs that data may come from."),
            "targetConnectionSpecIds": _ids("The connection specs that data may go to."),
            "optionSpec": spec_part("The options that a flow may be given."),
            "transformationSpecs": _transformations(
                "The transformations that a flow may have, keyed by name. Published pages have three spellings of this section; write "
                "the one that is live."
            ),
            "transformationSpec": _transformations("A spelling of `transformationSpecs` in some published requests."),
            "transformationSpecDTOS": _transformations("The spelling of `transformationSpecs` in the published OpenAPI."),
            "scheduleSpec": _SCHEDULE,
            "encryptionSpecs": listing("How files are encrypted, keyed by name.", spec_part("One way to encrypt.")),
            "attributes": _ATTRIBUTES,
            "permissionsInfo": PERMISSIONS_INFO,
        }
    ),
)
