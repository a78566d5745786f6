"""What a batch source calls, and where the records are in its answer (Self-Serve Sources, "Configure source specification")."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.nodes import choice, filled, free_mapping, listing, mapping, text

_PLACEHOLDER: Final = "What a user enters stands as `${name}`, declared in `sourceSpec.spec.properties`."
_NAMES: Final[Document] = {"type": "string"}

URL_PARAMS: Final = mapping(
    "The address that records are fetched from.",
    {
        "host": filled(
            "Scheme and host. A part that differs from customer to customer stands as `${name}`, declared in the `properties` of every "
            "authSpec entry.",
            examples=["https://${domain}.api.mailchimp.com"],
        ),
        "path": filled(f"The path of the resource. {_PLACEHOLDER}", examples=["/3.0/lists/${listId}/members"]),
        "method": choice(
            "The HTTP method of each call.",
            {"GET": "Everything is in the URL and the headers.", "POST": "`bodyParams` are sent too."},
        ),
        "queryParams": free_mapping(f"Query parameters that every call has, by name. {_PLACEHOLDER}"),
    },
    required=["path", "method"],
)

HEADER_PARAMS: Final = free_mapping(f"Headers that every call has, by name. {_PLACEHOLDER}")
BODY_PARAMS: Final = free_mapping(f"The body of every call. It is only sent where `urlParams.method` is POST. {_PLACEHOLDER}")


def _records(description: str, path: str, path_example: str, wrapper_example: str) -> Document:
    properties = {
        "path": filled(path, examples=[path_example]),
        "skipAttributes": listing("Fields that are left out of every record.", _NAMES),
        "keepAttributes": listing("The only fields that are kept. All of them, if it is left out.", _NAMES),
        "overrideWrapperAttribute": text(
            "The name under which the records appear in a mapping, in place of the one in the answer.", examples=[wrapper_example]
        ),
    }
    known = mapping(description, properties, required=["path"])
    shape = {name: value for name, value in known.items() if name != "description"}
    return {"description": description, "anyOf": [shape, {"type": "string"}]}


CONTENT_PATH: Final = _records(
    "Where the records are in the answer. (The service may answer with the bare path in place of this mapping.)",
    "The JSONPath of the list of records. It must lead to a list: anything else yields no record, and no error.",
    "$.members",
    "member",
)
EXPLODE_ENTITY_PATH: Final = _records(
    "A list inside of each record, of which every entry becomes a row of its own.",
    "The JSONPath of that list, which begins with the name that the record has.",
    "$.email.activity",
    "activity",
)
