"""`authSpec` (Self-Serve Sources, "Configure authentication specification"): how users authenticate with the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.sdk.fields import Field, Shape
from reconciler.sdk.json_schemas import DRAFT_07

KEY_BASED: Final = "KeyBased"
REST_ATTRIBUTES: Final = "restAttributes"
HEADER_NAME: Final = "headerParamName"
"""In `restAttributes` of a property: the header that carries its value."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A property of an entry's `spec`, which users fill in. `more` are schema keywords besides type and description."""

    name: str
    about: str
    comment: str = ""
    is_secret: bool = False
    is_required: bool = False
    is_address: bool = False
    """Whether it is an address to sign in at, and is not sent to the source itself."""
    more: Mapping[str, str | Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuthType:
    """One `type` of an entry. `option` is its name on the command line, `title` the usual `name` of the entry."""

    name: str
    option: str
    title: str
    label: str
    about: str
    credentials: tuple[Credential, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The properties that it declares."""
        return tuple(item.name for item in self.credentials)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.credentials if item.is_required)

    @property
    def entry(self) -> Document:
        """A template for an entry of `authSpec`."""
        schema: Document = {
            "$schema": DRAFT_07,
            "type": "object",
            "description": self.about,
            "properties": {item.name: _schema(item) for item in self.credentials},
            "required": list(self.required),
        }
        return {"name": self.title, "type": self.name, "spec": schema}


def _schema(item: Credential) -> Document:
    secret: Document = {"format": "password"} if item.is_secret else {}
    return {"type": "string", "description": item.about, **secret, **item.more}


AUTH_TYPES: Final = {
    auth.name: auth
    for auth in (
        AuthType(
            "OAuth2RefreshCode",
            "oauth2-refresh-code",
            "OAuth2 Refresh Code",
            "OAuth 2 with a refresh token",
            "Credentials for OAuth 2 with a refresh token.",
            (
                Credential("accessToken", "Access token of the source.", is_secret=True, is_required=True),
                Credential("refreshToken", "Refresh token that gets a new access token.", is_secret=True),
                Credential("clientId", "Client ID of the application that is registered at the source."),
                Credential("clientSecret", "Client secret of that application.", is_secret=True),
                Credential("accessTokenUrl", "Address of the token endpoint.", is_address=True),
                Credential(
                    "authorizationTestUrl",
                    "Address that responds if the access token is valid.",
                    "called when a connection is created; without it a wrong token shows at the first request for data",
                    is_address=True,
                ),
                Credential(
                    "expirationDate",
                    "When the access token expires.",
                    "the service fills it in",
                    more={"format": "date", "uiAttributes": {"hidden": True}},
                ),
            ),
        ),
        AuthType(
            "BasicAuthentication",
            "basic",
            "Basic Authentication",
            "User name and password",
            "Credentials for basic authentication.",
            (
                Credential("username", "User name at the source.", is_required=True),
                Credential("password", "Password at the source.", is_secret=True, is_required=True),
            ),
        ),
        AuthType(
            KEY_BASED,
            "key-based",
            "API Key Authentication",
            "A key in a header",
            "API key of the source.",
            (
                Credential(
                    "authKey1",
                    "API key of the source.",
                    f"sent in the header that {HEADER_NAME} names; use the header of your source",
                    is_secret=True,
                    is_required=True,
                    more={REST_ATTRIBUTES: {HEADER_NAME: "X-Auth-Key"}},
                ),
            ),
        ),
    )
}
"""The types of batch sources, by name. Streaming sources have none; Adobe's own connectors have more."""
_SIGNED_IN_WITH: Final = tuple(
    item for auth in AUTH_TYPES.values() for item in auth.credentials if REST_ATTRIBUTES not in item.more
)
CREDENTIALS: Final = frozenset(item.name for item in _SIGNED_IN_WITH if not item.is_address)
"""Properties that the service itself sends for authentication, or stores with it."""
USED_BY_THE_SERVICE: Final = frozenset({*(item.name for item in _SIGNED_IN_WITH), "host", "requestParameterOverride", "scope"})
"""Properties that need no `${name}` in a request."""

AUTH_SPEC: Final = Field(
    "authSpec",
    "How users authenticate: one entry for each method. A list keyed by name: its order does not matter. A "
    "streaming source has an empty list; OAuth 2.0 or HMAC is agreed with Adobe outside of the spec.",
    Shape.BLOCKS,
    page="config/authspec",
    fields=(
        Field(
            "name",
            "The name that the UI shows, and that connections refer to as `auth.specName`. It is unique in the list. Keep it "
            "while connections exist: they fail with error 1415 if their `specName` is gone.",
            Shape.NAME,
            tuple(auth.title for auth in AUTH_TYPES.values()),
            is_required=True,
        ),
        Field(
            "type",
            "The type of authentication.",
            values={
                auth.name: f"{auth.label}: `spec.properties` has {' and '.join(auth.required)}." for auth in AUTH_TYPES.values()
            },
            is_open=True,
        ),
        Field(
            "spec",
            "What users enter: a JSON Schema of an object. A secret has `format: password`. Declare the names that "
            "`urlParams.host` has as `${name}`, such as a subdomain.",
            Shape.SCHEMA,
        ),
    ),
)
