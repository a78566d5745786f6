"""A new source: a spec file to start from, and the other files for a submission to Adobe (Self-Serve Sources, "Create a new source")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from reconciler.authoring.new.addresses import placeholders
from reconciler.schemas.published import schema_line
from reconciler.sdk import scheduling
from reconciler.sdk.authentication import AUTH_TYPES
from reconciler.sdk.fields import Field, Form, by_name
from reconciler.sdk.json_schemas import EXPLORE_SPEC
from reconciler.sdk.pagination import FIELDS, FORMS, TYPES
from reconciler.sdk.sources import BATCH, SOURCE_TYPES, STREAMING

if TYPE_CHECKING:
    from jinja2 import Environment

AUTH_OPTIONS: Final = {auth.option: auth for auth in AUTH_TYPES.values()}
"""The types of authentication of a batch source, by their names in commands; a streaming source has none."""
PAGINATIONS: Final = {name.lower().replace("_", "-"): name for name in TYPES}
"""The types of pagination, by their names in commands."""
SECRET_FIELDS: Final = frozenset(item.name for auth in AUTH_TYPES.values() for item in auth.credentials if item.is_secret)
_SOURCE_TYPES: Final = {"batch": SOURCE_TYPES[BATCH], "streaming": SOURCE_TYPES[STREAMING]}
TEMPLATES: Final = tuple(_SOURCE_TYPES)


@dataclass(frozen=True, slots=True)
class NewSource:
    """The options of a new source. Strings may contain anything. Options for batch sources are ignored for others."""

    key: str
    template: str
    """One of TEMPLATES."""
    name: str
    description: str
    category: str
    """The key of the catalog category."""
    auth: tuple[str, ...] = ("oauth2-refresh-code",)
    """At least one of AUTH_OPTIONS."""
    pagination: str = "none"
    """One of PAGINATIONS."""
    schedule: bool = False
    """Whether the source can return the changes between two times."""
    host: str = "https://api.example.com"
    path: str = "/v1/records"


def spec_path(key: str) -> str:
    """The path of the spec file with this key, below the specs folder."""
    return f"sources/{key}/connection-spec.yaml"


def new_files(source: NewSource) -> Mapping[str, str]:
    """The content of all files of a new source, by path below the specs folder; the spec file comes first, then its proof."""
    folder = f"sources/{source.key}"
    beside = {
        "label.txt": f"{source.name}\n",
        "description.txt": f"{source.description}\n",
        "category.txt": f"{source.category}\n",
        "icon.svg": _rendered("icon.svg.j2", source),
    }
    from reconciler.authoring.new.proof import first_proof  # noqa: PLC0415 - `new --help` needs only the names above
    from reconciler.documents.json_text import value_at  # noqa: PLC0415 - as above
    from reconciler.texts.yaml import read_yaml  # noqa: PLC0415 - as above

    spec = _rendered(f"{source.template}.yaml.j2", source)
    return {
        spec_path(source.key): spec,
        **first_proof(source.key, value_at(read_yaml(spec.encode()).value, "spec")),
        **{f"{folder}/{source.key}-{name}": text for name, text in beside.items()},
        f"{folder}/README.md": _rendered("README.md.j2", source),
    }


def title_of(key: str) -> str:
    """A suggested name for this key: `acme-orders` gives `Acme Orders`."""
    return " ".join(word[:1].upper() + word[1:] for word in _words(key))


def _comment(sentence: str) -> str:
    """A sentence as an inline comment."""
    return f"# {sentence[:1].lower()}{sentence[1:].removesuffix('.')}"


def _icon_key(key: str) -> str:
    """The key of the icon in Adobe's form: `mailchimp-members` gives `mailchimpMembersIcon`."""
    words = _words(key)
    return "".join([words[0], *(word[:1].upper() + word[1:] for word in words[1:]), "Icon"])


def _words(key: str) -> list[str]:
    return [word for word in re.split(r"[-._]+", key) if word]


def _fields(fields: tuple[Field, ...], form: Form) -> list[Field]:
    """The fields of this form, required ones first; the templates write optional ones that new files omit as comments."""
    return [by_name(fields)[name] for name in form.all]


def _rendered(template: str, source: NewSource) -> str:
    given: dict[str, Any] = {
        "key": source.key,
        "template": source.template,
        "type": _SOURCE_TYPES[source.template],
        "name": source.name,
        "description": source.description,
        "category": source.category,
        "auth": [auth for option, auth in AUTH_OPTIONS.items() if option in source.auth],
        "pagination": PAGINATIONS[source.pagination],
        "pagination_about": TYPES[PAGINATIONS[source.pagination]],
        "pagination_fields": _fields(FIELDS, FORMS[PAGINATIONS[source.pagination]]),
        "schedule_fields": _fields(scheduling.FIELDS, scheduling.FORMS[scheduling.PLAIN]) if source.schedule else (),
        "host": source.host,
        "path": source.path,
        "host_placeholders": placeholders(source.host),
        "path_placeholders": placeholders(source.path),
        "explore_spec": {"exploreSpec": EXPLORE_SPEC},
        "icon_key": _icon_key(source.key),
        "schema_line": schema_line("connection-spec", spec_path(source.key)),
    }
    return _environment().get_template(template).render(given)


@cache
def _environment() -> Environment:
    """The environment for templates of YAML and text; a filter turns each value of the user into a single YAML value."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - `new --help` needs only the names above

    from reconciler.texts.yaml_writing import INDENT, document_lines, flow_text, key_head, text_scalar  # noqa: PLC0415 - as above

    environment = Environment(
        loader=PackageLoader("reconciler.authoring", "templates"),
        autoescape=False,  # noqa: S701 - no HTML is made here, and the README has nothing but the key, which is letters and digits
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "text": text_scalar,
        "flow": flow_text,
        "head": key_head,
        "comment": _comment,
        "lines": lambda value: "\n".join(document_lines(value, INDENT)),
    }
    return environment
