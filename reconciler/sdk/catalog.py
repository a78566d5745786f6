"""The source's appearance in the sources catalog (Self-Serve Sources, "Configure source specification", "Create a new source").

Category keys are in camel case. For e-Commerce the pages disagree: the submission's file is camel case, and the table has `ecommerce`.
"""

from __future__ import annotations

from typing import Final

from reconciler.sdk.fields import Field, Shape
from reconciler.sdk.sources import STREAMING

CATEGORIES: Final = {
    "advertising": "Advertising",
    "analytics": "Analytics",
    "cloudStorage": "Cloud storage",
    "consentAndPreferences": "Consent and preferences",
    "crm": "CRM",
    "customerSuccess": "Customer success",
    "database": "Databases",
    "eCommerce": "e-Commerce",
    "ecommerce": "e-Commerce",
    "marketingAutomation": "Marketing automation",
    "payments": "Payments",
    "protocols": "Protocols",
    "streaming": "Streaming",
}
"""The categories of the catalog by key."""

_KEY: Final = Field("key", "The name that Adobe gave to the submitted text.", Shape.NAME)
_TEXT_OR_KEY: Final = "Use `text` while testing; after the submission Adobe gives a `key` that replaces it."


def _label(name: str, about: str, example: str) -> Field:
    return Field(
        name, f"{about} {_TEXT_OR_KEY}", Shape.BLOCK, fields=(Field("text", "The text itself.", examples=(example,)), _KEY)
    )


_LABELS: Final = (
    Field(
        "icon",
        "The icon in the catalog.",
        Shape.BLOCK,
        fields=(Field("key", "The name that Adobe gave to the submitted SVG.", Shape.NAME, ("mailchimpMembersIcon",)),),
    ),
    _label("label", "The title in the catalog.", "Acme Orders"),
    _label("description", "The sentence below the title.", "Orders of all Acme stores"),
)
LABELS: Final = tuple(item.name for item in _LABELS)
"""Fields of `uiAttributes` whose `key` Adobe assigns after the submission."""
UI_ATTRIBUTES: Final = Field(
    "uiAttributes",
    "How the source looks in the Experience Platform UI.",
    Shape.BLOCK,
    fields=(
        Field("isSource", "Whether the catalog shows it as a source.", Shape.FLAG),
        Field("isPreview", "Whether users can preview records before they ingest them.", Shape.FLAG),
        Field("isBeta", "Whether the catalog marks it as beta.", Shape.FLAG),
        Field(
            "category",
            "The category in the sources catalog.",
            Shape.BLOCK,
            fields=(
                Field(
                    "key",
                    "The key of the category. A source with a key that the catalog does not know may not be listed.",
                    values=CATEGORIES,
                    is_open=True,
                    is_required=True,
                ),
            ),
        ),
        *_LABELS,
        Field("documentationLink", "The address of the documentation that the catalog links to."),
        Field("monitoringSupported", "Whether the monitoring dashboard shows runs.", Shape.FLAG, only=STREAMING),
        Field(
            "frequency",
            "How data arrives, as the catalog describes it.",
            Shape.BLOCK,
            fields=(Field("text", "The words.", examples=("streaming", "batch")),),
            only=STREAMING,
        ),
    ),
)
