"""`sourceSpec`: how a source looks in the catalogue, and how its records are fetched."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.body.fetching import BODY_PARAMS, CONTENT_PATH, EXPLODE_ENTITY_PATH, HEADER_PARAMS, URL_PARAMS
from reconciler.schemas.body.json_schema_part import json_schema
from reconciler.schemas.body.pagination import PAGINATION_PARAMS
from reconciler.schemas.body.scheduling import SCHEDULE_PARAMS
from reconciler.schemas.nodes import filled, flag, mapping, suggestion, text

CATEGORIES: Final = {
    "advertising": "Advertising",
    "analytics": "Analytics",
    "cloudStorage": "Cloud storage",
    "consentAndPreferences": "Consent and preferences",
    "crm": "CRM",
    "customerSuccess": "Customer success",
    "database": "Databases",
    "ecommerce": "e-Commerce",
    "marketingAutomation": "Marketing automation",
    "payments": "Payments",
    "protocols": "Protocols",
    "streaming": "Streaming",
}
"""The shelves of the catalogue by their keys, in the camel case of a submission's category file."""

_KEY_OR_TEXT: Final = "While testing it is a `text` of your own; after the submission Adobe gives a `key` to put in its place."


def _label(description: str, example: str) -> Document:
    properties = {
        "text": text("The text itself.", examples=[example]),
        "key": text("The name that Adobe has given to the submitted text."),
    }
    return mapping(f"{description} {_KEY_OR_TEXT}", properties)


def _category() -> Document:
    key = suggestion("The category's key. One that the catalogue does not know puts the source on no shelf.", CATEGORIES)
    return mapping("The shelf of the sources catalogue.", {"key": key}, required=["key"])


UI_ATTRIBUTES: Final = mapping(
    "How the source looks in the Experience Platform UI.",
    {
        "isSource": flag("Whether the catalogue shows it as a source. false hides it."),
        "isPreview": flag("Whether users can preview data before they ingest it."),
        "isBeta": flag("Whether the catalogue marks it as beta: it works, and still asks for feedback."),
        "category": _category(),
        "icon": mapping(
            "The picture in the catalogue.",
            {"key": text("The name that Adobe has given to the submitted SVG.", examples=["mailchimpMembersIcon"])},
        ),
        "label": _label("The title in the catalogue.", "Acme Orders"),
        "description": _label("The sentence below the title.", "Orders of all Acme stores"),
        "documentationLink": text("Where the catalogue's link to the documentation leads."),
        "monitoringSupported": flag("Whether runs are shown in the monitoring dashboard."),
        "frequency": mapping(
            "How data arrives, as the catalogue says it.", {"text": text("The words.", examples=["streaming", "batch"])}
        ),
    },
)

_ATTRIBUTES: Final = mapping(
    "What the UI shows, and what a run does.",
    {
        "uiAttributes": UI_ATTRIBUTES,
        "authRequired": flag(
            "Whether a connection is needed before data flows. A streaming source has false, and the service adds it where it is missing."
        ),
        "urlParams": URL_PARAMS,
        "headerParams": HEADER_PARAMS,
        "bodyParams": BODY_PARAMS,
        "contentPath": CONTENT_PATH,
        "explodeEntityPath": EXPLODE_ENTITY_PATH,
        "paginationParams": PAGINATION_PARAMS,
        "scheduleParams": SCHEDULE_PARAMS,
    },
)

_USER_INPUT: Final = (
    "What a user enters when making a source connection: a JSON Schema of an object. Each `${name}` of `urlParams.path`, "
    "`queryParams`, `headerParams` and `bodyParams` must be declared in its `properties`."
)

SOURCE_SPEC: Final = mapping(
    "What the source is: how it looks, and how its records are fetched.",
    {
        "name": filled("The kind of source, for sources of Adobe's own.", examples=["CloudStorage"]),
        "type": filled("The same as `name`, for sources of Adobe's own.", examples=["CloudStorage"]),
        "attributes": _ATTRIBUTES,
        "spec": json_schema(_USER_INPUT),
        "schema": json_schema(
            "The shape of the answer, for a source whose preview cannot show it: an object with the list of records."
        ),
    },
)
