"""The `${NAME}` placeholders in a source's requests: each stands for a value that connections hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reconciler.breaking.effect import Effect, Level, quoted
from reconciler.breaking.parts import SpecPart
from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing
from reconciler.lint.subject import properties_of
from reconciler.sdk.authentication import CREDENTIALS
from reconciler.sdk.source_spec import REQUEST

_PLACEHOLDER: Final = re.compile(r"\$\{([^${}]{1,200})\}")
_LONGEST: Final = 80
"""Maximum number of characters of a name in a message."""
_BROUGHT: Final = CREDENTIALS | {"host", "domain"}
"""Placeholders that authorization may provide, although no schema declares them."""


def new_placeholders(source: SpecPart) -> Iterator[Effect]:
    """Placeholders that requests newly need: breaking if existing connections cannot hold a value for them.

    Those that the source's schema requires are omitted, because the effect of the schema covers them.
    """
    attributes = source.part("attributes")
    parameters = source.part("spec")
    parts = [attributes.part(field) for field in REQUEST]
    needed = [(part, names) for part in parts if part.before is not part.after and (names := _names(part.after))]
    if not needed:
        return
    before, known = _names(attributes.before), _asked_for(source.old_body)
    for part, names in needed:
        for name in sorted(names - before):
            if name not in _required(parameters.after):
                yield from _needed(part, name, known=name in known)


def _needed(part: SpecPart, name: str, *, known: bool) -> Iterator[Effect]:
    what = f"requests now need ${{{name[:_LONGEST]}}}"
    source, auth = _schemas(part.new_body)
    if known and not any(name in _required(schema) for schema in (source, *auth)):
        reason = f"{what}, which is optional: flows whose connections have no value for it may fail at their next run"
        yield part.effect(Level.RISKY, "placeholder", reason, "give it a default, or remove it from the requests")
    elif not known and "default" in _property(source, name):
        reason = f"{what}: it is unknown whether its default applies to existing connections"
        yield part.effect(
            Level.RISKY, "placeholder", reason, "test it with an existing connection in a development sandbox first"
        )
    elif not known and name in _BROUGHT:
        reason = f"{what}, which no property declares: it is unknown whether the authorization supplies it"
        yield part.effect(Level.RISKY, "placeholder", reason, f"declare {quoted(name)} in the auth specs, if connections hold it")
    elif not known:
        declared = name in _asked_for(part.new_body)
        why = (
            "existing connections have no value for it" if declared else "no property declares it, and no connection has a value"
        )
        reason = f"{what}: {why}, so flows fail at their next run"
        yield part.effect(Level.BREAKING, "placeholder", reason, "give it a default, or create a new spec")


def _names(value: Json | Missing) -> set[str]:
    """Every placeholder in the strings below this value."""
    if isinstance(value, str):
        return set(_PLACEHOLDER.findall(value))
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {name for item in items for name in _names(item)}


def _asked_for(body: Document) -> set[str]:
    """The parameters that connections and source connections of this spec may hold."""
    source, auth = _schemas(body)
    return {name for schema in (source, *auth) for name in properties_of(schema)} | {*_required(source)}


def _schemas(body: Document) -> tuple[Json, list[Json]]:
    """The schemas of the user parameters and of the auth specs."""
    source, auth = body.get("sourceSpec"), body.get("authSpec")
    entries = [source, *(auth if isinstance(auth, list) else ())]
    first, *others = [entry.get("spec") if isinstance(entry, dict) else None for entry in entries]
    return first, others


def _required(schema: Json | Missing) -> list[Json]:
    required = schema.get("required") if isinstance(schema, dict) else MISSING
    return [name for name in required if isinstance(name, str)] if isinstance(required, list) else []


def _property(schema: Json | Missing, name: str) -> Document:
    found = properties_of(schema).get(name)
    return found if isinstance(found, dict) else {}
