"""The `${NAME}` in what a source is called with: each stands for a value that connections hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing
from reconciler.planning.breaking_effect import Effect, Level, quoted
from reconciler.planning.breaking_parts import SpecPart

_PLACEHOLDER: Final = re.compile(r"\$\{([^${}]{1,200})\}")
_REQUESTS: Final = ("urlParams", "headerParams", "bodyParams")


def new_placeholders(source: SpecPart) -> Iterator[Effect]:
    """What requests need now and did not: breaking where no connection can have it, because nothing asked for it.

    One that a schema requires is left out: that it is required says as much already.
    """
    attributes = source.part("attributes")
    parameters = source.part("spec")
    known = _asked_for(source.old_body)
    for field in _REQUESTS:
        part = attributes.part(field)
        for name in sorted(_names(part.after) - _names(attributes.before)):
            if name in known or name in _required(parameters.after):
                continue
            if name not in _asked_for(source.new_body) or "default" in _property(parameters.after, name):
                reason = f"requests need {quoted(name)} now, and whether it has a value for connections from before is not known"
                yield part.effect(Level.RISKY, "placeholder", reason)
                continue
            reason = f"requests need {quoted(name)} now, and no connection from before has a value for it"
            yield part.effect(Level.BREAKING, "placeholder", reason, "give it a default, or make a new spec beside this one")


def _names(value: Json | Missing) -> set[str]:
    """Every placeholder in every text below this value."""
    if isinstance(value, str):
        return set(_PLACEHOLDER.findall(value))
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {name for item in items for name in _names(item)}


def _asked_for(body: Document) -> set[str]:
    """The parameters that connections and source connections of this spec may hold."""
    source, auth = body.get("sourceSpec"), body.get("authSpec")
    schemas = [source, *(auth if isinstance(auth, list) else ())]
    return {
        name
        for schema in schemas
        if isinstance(schema, dict) and isinstance(spec := schema.get("spec"), dict) and isinstance(spec.get("properties"), dict)
        for name in spec["properties"]
    }


def _required(schema: Json | Missing) -> list[Json]:
    required = schema.get("required") if isinstance(schema, dict) else MISSING
    return required if isinstance(required, list) else []


def _property(schema: Json | Missing, name: str) -> Document:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    found = properties.get(name) if isinstance(properties, dict) else None
    return found if isinstance(found, dict) else {}
