"""What the pages are about, in the words that they use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.sources.source import FORM, Source
from reconciler.submission.artifacts import Artifacts
from reconciler.submission.documentation.markup import placeholder, sentence, words
from reconciler.submission.documentation.paths import PagePaths
from reconciler.submission.material import Material

_SOURCE: Final = re.compile(r"\s+source$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a user enters: a credential, or a parameter of the source."""

    name: str
    about: str
    type: str
    is_required: bool
    is_secret: bool
    example: str | None

    @property
    def sample(self) -> str:
        """The value in examples: a placeholder for a secret and for what the schema has no example of."""
        return self.example if self.example is not None and not self.is_secret else placeholder(self.name)


@dataclass(frozen=True, slots=True)
class AuthEntry:
    """An entry of `authSpec`."""

    name: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The source and its words, escaped for Markdown where the name says so."""

    material: Material
    artifacts: Artifacts
    paths: PagePaths

    @property
    def plain_label(self) -> str:
        """The title in the catalog, else the name of the spec; without a final `source`, which the pages add."""
        title = " ".join((self.artifacts.label or self.material.spec.name).split())
        return _SOURCE.sub("", title) or title

    @property
    def label(self) -> str:
        """The title, escaped, and marked as a name that is not translated."""
        return f"[!DNL {words(self.plain_label)}]"

    @property
    def about(self) -> str:
        """The description in the catalog, else that of the spec, as a sentence; empty if there is none."""
        return sentence(self.artifacts.description or _text(self.material.body.get("description")))

    @property
    def auth(self) -> tuple[AuthEntry, ...]:
        entries = (entry for _, entry in Source(self.material.body).auth_specs)
        return tuple(
            AuthEntry(_text(entry.get("name")) or "Authentication", parameters_of(entry.get("spec"))) for entry in entries
        )

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What a user enters about the source itself."""
        return parameters_of(Source(self.material.body).at(FORM))


def parameters_of(schema: Json) -> tuple[Parameter, ...]:
    """The properties of a JSON Schema, in its order; none for any other value."""
    return tuple(_parameters(schema)) if isinstance(schema, dict) else ()


def _parameters(schema: Document) -> Iterator[Parameter]:
    properties, required = schema.get("properties"), schema.get("required")
    names = required if isinstance(required, list) else []
    for name, item in properties.items() if isinstance(properties, dict) else ():
        field = item if isinstance(item, dict) else {}
        yield Parameter(
            name,
            ". ".join(part.rstrip(".") for part in (_text(field.get("title")), _text(field.get("description"))) if part),
            _text(field.get("type")) or "string",
            name in names,
            field.get("format") == "password",
            _example(field),
        )


def _example(field: Document) -> str | None:
    examples = field.get("examples")
    found = [*(examples if isinstance(examples, list) else []), field.get("example"), field.get("default")]
    return next((str(value) for value in found if isinstance(value, str | int | float) and not isinstance(value, bool)), None)


def _text(value: Json) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
