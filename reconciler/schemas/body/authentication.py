"""`authSpec`: how users prove to the source who they are (Self-Serve Sources, "Configure authentication specs")."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.body.json_schema_part import json_schema
from reconciler.schemas.nodes import filled, listing, mapping, suggestion, with_snippets

_AUTH_TYPES: Final = {
    "OAuth2RefreshCode": "OAuth 2 with a refresh token: `spec.properties` has accessToken, and the rest of the exchange as needed.",
    "BasicAuthentication": "User name and password: `spec.properties` has username and password.",
    "KeyBased": "Keys, each sent in the header that `restAttributes.headerParamName` of its property names.",
}
"""Those that a batch source may have; sources of Adobe's own have more."""

_NAME: Final = (
    "The name that the UI offers and that connections refer to as `auth.specName`. It must be unique in the list, and once connections "
    "exist it should stay: a connection whose `specName` is gone fails with error 1415."
)
_SPEC: Final = (
    "What a user enters: a JSON Schema of an object. A secret has `format: password`. Fields that `urlParams.host` uses as `${name}`, "
    "such as a sub-domain, are declared here."
)


def _credentials(description: str, texts: dict[str, str], secrets: dict[str, str], required: list[str]) -> Document:
    """What a snippet puts into `spec`."""
    shown = {name: {"type": "string", "description": said} for name, said in texts.items()}
    hidden = {name: {"type": "string", "description": said, "format": "password"} for name, said in secrets.items()}
    head: Document = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "description": description}
    return head | {"properties": shown | hidden, "required": required}


_SNIPPETS: Final[dict[str, Document]] = {
    "OAuth 2 with a refresh token": {
        "name": "OAuth2 Refresh Code",
        "type": "OAuth2RefreshCode",
        "spec": _credentials(
            "Credentials for OAuth 2 with a refresh token.",
            {"authorizationTestUrl": "Address that answers if the access token is valid."},
            {"accessToken": "Access token of the source."},
            ["accessToken"],
        ),
    },
    "User name and password": {
        "name": "Basic Authentication",
        "type": "BasicAuthentication",
        "spec": _credentials(
            "Credentials for basic authentication.",
            {"username": "User name at the source."},
            {"password": "Password at the source."},
            ["username", "password"],
        ),
    },
    "A key in a header": {
        "name": "API Key Authentication",
        "type": "KeyBased",
        "spec": {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "object",
            "description": "A key of the source.",
            "properties": {
                "authKey1": {
                    "type": "string",
                    "description": "Key of the source.",
                    "format": "password",
                    "restAttributes": {"headerParamName": "X-Auth-Key"},
                }
            },
            "required": ["authKey1"],
        },
    },
}


def _entry() -> Document:
    properties = {
        "name": filled(_NAME, examples=["OAuth2 Refresh Code", "Basic Authentication", "API Key Authentication"]),
        "type": suggestion("Which kind of authentication the service carries out.", _AUTH_TYPES),
        "spec": json_schema(_SPEC),
    }
    return with_snippets(mapping("One way to authenticate.", properties, required=["name"]), _SNIPPETS)


AUTH_SPEC: Final = listing(
    "The ways to authenticate, of which a user chooses one when making a connection. A list keyed by name: its order is no difference. "
    "A streaming source has an empty list, because OAuth 2.0 or HMAC is agreed on outside of the spec.",
    _entry(),
)
