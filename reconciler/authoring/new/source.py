"""A new source: a spec file to start from, and what a submission to Adobe needs beside it (Self-Serve Sources, "Create a new source")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from reconciler.authoring.new.addresses import placeholders
from reconciler.schemas.published import schema_line

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = ("batch", "streaming")
AUTH_TYPES: Final = ("oauth2-refresh-code", "basic", "key-based")
"""Those that Self-Serve Sources documents for a batch source; a streaming source declares none."""
PAGINATIONS: Final = ("none", "offset", "page", "pointer", "continuation-token")

_CREDENTIALS: Final = {
    "oauth2_fields": (
        "accessToken",
        "refreshToken",
        "clientId",
        "clientSecret",
        "accessTokenUrl",
        "authorizationTestUrl",
        "expirationDate",
    ),
    "basic_fields": ("username", "password"),
    "key_fields": ("authKey1",),
}
"""The fields that the templates declare; a placeholder of such a name is that field."""
SECRET_FIELDS: Final = frozenset({"accessToken", "refreshToken", "clientSecret", "password", "authKey1"})


@dataclass(frozen=True, slots=True)
class NewSource:
    """What a new source is to be. All texts are the user's own, whatever they hold; what only a batch source has counts only there."""

    key: str
    template: str
    """One of TEMPLATES."""
    name: str
    description: str
    category: str
    """The catalogue's key."""
    auth: tuple[str, ...] = ("oauth2-refresh-code",)
    """At least one of AUTH_TYPES."""
    pagination: str = "none"
    """One of PAGINATIONS."""
    schedule: bool = False
    """Whether the source can be asked for what changed between two times."""
    host: str = "https://api.example.com"
    path: str = "/v1/records"


def spec_path(key: str) -> str:
    """Where the spec file of this key goes, below the specs folder."""
    return f"sources/{key}/connection-spec.yaml"


def new_files(source: NewSource) -> Mapping[str, str]:
    """The texts of all files of a new source, by their path below the specs folder; the spec file comes first."""
    folder = f"sources/{source.key}"
    beside = {
        "label.txt": f"{source.name}\n",
        "description.txt": f"{source.description}\n",
        "category.txt": f"{source.category}\n",
        "icon.svg": _rendered("icon.svg.j2", source),
    }
    return {
        spec_path(source.key): _rendered(f"{source.template}.yaml.j2", source),
        **{f"{folder}/{source.key}-{name}": text for name, text in beside.items()},
        f"{folder}/README.md": _rendered("README.md.j2", source),
    }


def title_of(key: str) -> str:
    """A name to suggest for this key: `acme-orders` gives `Acme Orders`."""
    return " ".join(word[:1].upper() + word[1:] for word in _words(key))


def _icon_key(key: str) -> str:
    """The name of the icon in the form that Adobe gives: `mailchimp-members` has `mailchimpMembersIcon`."""
    words = _words(key)
    return "".join([words[0], *(word[:1].upper() + word[1:] for word in words[1:]), "Icon"])


def _words(key: str) -> list[str]:
    return [word for word in re.split(r"[-._]+", key) if word]


def _rendered(template: str, source: NewSource) -> str:
    given: dict[str, Any] = {
        "key": source.key,
        "template": source.template,
        "name": source.name,
        "description": source.description,
        "category": source.category,
        "auth": source.auth,
        "pagination": source.pagination,
        "schedule": source.schedule,
        "host": source.host,
        "path": source.path,
        "host_placeholders": placeholders(source.host),
        "path_placeholders": placeholders(source.path),
        "icon_key": _icon_key(source.key),
        "schema_line": schema_line("connection-spec", spec_path(source.key)),
        **_CREDENTIALS,
    }
    return _environment().get_template(template).render(given)


@cache
def _environment() -> Environment:
    """Templates of YAML and text: what a user wrote passes a filter that makes one YAML value of it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - `new --help` reads the names above alone

    from reconciler.texts.yaml_writing import flow_text, key_head, text_scalar  # noqa: PLC0415 - as above

    environment = Environment(
        loader=PackageLoader("reconciler.authoring", "templates"),
        autoescape=False,  # noqa: S701 - no HTML is made here, and the README has nothing but the key, which is letters and digits
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"text": text_scalar, "flow": flow_text, "head": key_head}
    return environment
