"""Rows against the fields of a schema: values are converted where Data Prep does so, and what remains wrong is a violation.

Only own fields are known here; those of Adobe's classes and field groups accept any value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reconciler.documents.json_text import Document, Json, decode
from reconciler.emulator.dataplane.registry.resources import find, properties_of, tenant_of
from reconciler.emulator.model import SCHEMAS, Place
from reconciler.emulator.service import Service

MAX_VIOLATIONS: Final = 20
_DEEPEST: Final = 50


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that does not fit its field. `path` is that of the field, with dots."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """A row with its values converted, and what does not fit; it is valid without violations."""

    row: Document
    violations: tuple[Violation, ...]


class Unfit(ValueError):
    """A value cannot be converted to the type of its field."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The own fields of one schema, and the namespace that they are in."""

    namespace: str
    properties: Mapping[str, Json]

    def fitted(self, row: Mapping[str, Json]) -> Fitted:
        """The row as the dataset keeps it."""
        violations: list[Violation] = []
        known = {self.namespace: {"type": "object", "properties": {}}, **self.properties}
        kept = {name: _fit(known[name], value, name, violations) if name in known else value for name, value in row.items()}
        return Fitted(kept, tuple(violations[:MAX_VIOLATIONS]))


def fields_of(service: Service, place: Place, schema_uri: str) -> Fields:
    """The own fields of a schema; none for one of Adobe's."""
    row = find(service, SCHEMAS, place, schema_uri)
    properties = properties_of(service, place, decode(row.body)) if row is not None else {}
    return Fields(f"_{tenant_of(place)}", properties)


def violations_of(schema: Json, value: Json, name: str) -> tuple[Violation, ...]:
    """What of a value does not fit a schema; the paths begin with its name."""
    violations: list[Violation] = []
    _fit(schema, value, name, violations)
    return tuple(violations[:MAX_VIOLATIONS])


def _fit(schema: Json, value: Json, path: str, violations: list[Violation]) -> Json:
    if not isinstance(schema, dict) or value is None or len(violations) >= MAX_VIOLATIONS:
        return value
    if path.count(".") > _DEEPEST:
        violations.append(Violation(path, "is nested too deep"))
        return value
    if schema.get("type") == "object" or "properties" in schema:
        return _fit_object(schema, value, path, violations)
    if schema.get("type") == "array":
        return _fit_array(schema, value, path, violations)
    try:
        kept = _CONVERTED.get(str(schema.get("type")), _any)(value)
        _check_format(schema, kept)
    except Unfit as error:
        violations.append(Violation(path, str(error)))
        return value
    return kept


def _fit_object(schema: Document, value: Json, path: str, violations: list[Violation]) -> Json:
    if not isinstance(value, dict):
        violations.append(Violation(path, f"must be an object, not {_kind(value)}"))
        return value
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    kept: Document = {}
    for name, item in value.items():
        if name not in known and isinstance(properties, dict):
            violations.append(Violation(f"{path}.{name}", "is not a field of the schema"))
        kept[name] = _fit(known.get(name), item, f"{path}.{name}", violations)
    required = schema.get("required")
    missing = [name for name in required if value.get(name) is None] if isinstance(required, list) else []
    violations.extend(Violation(f"{path}.{name}", "is required") for name in missing if isinstance(name, str))
    return kept


def _fit_array(schema: Document, value: Json, path: str, violations: list[Violation]) -> Json:
    if not isinstance(value, list):
        violations.append(Violation(path, f"must be an array, not {_kind(value)}"))
        return value
    return [_fit(schema.get("items"), item, f"{path}[{index}]", violations) for index, item in enumerate(value)]


def _any(value: Json) -> Json:
    return value


def _string(value: Json) -> Json:
    if isinstance(value, dict | list):
        raise Unfit(f"must be a string, not {_kind(value)}")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _integer(value: Json) -> Json:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        with suppress(ValueError):
            return int(value.strip())
    raise Unfit(f"must be an integer, not {_kind(value)}")


def _number(value: Json) -> Json:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        with suppress(ValueError):
            number = float(value.strip())
            if math.isfinite(number):
                return number
    raise Unfit(f"must be a number, not {_kind(value)}")


def _boolean(value: Json) -> Json:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise Unfit(f"must be true or false, not {_kind(value)}")


_CONVERTED: Final[Mapping[str, Callable[[Json], Json]]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}


def _check_format(schema: Document, value: Json) -> None:
    allowed = schema.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        raise Unfit("is not one of the values that the schema allows")
    if isinstance(value, str) and schema.get("format") in ("date-time", "date"):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise Unfit(f"is not a {schema['format']} in ISO 8601") from None
        if schema["format"] == "date-time" and moment.tzinfo is None:
            raise Unfit("is a date-time without a time zone")
    if isinstance(value, int | float) and not isinstance(value, bool):
        least, most = schema.get("minimum"), schema.get("maximum")
        if (isinstance(least, int | float) and value < least) or (isinstance(most, int | float) and value > most):
            raise Unfit("is outside the range that the schema allows")


def _kind(value: Json) -> str:
    names = {bool: "a boolean", int: "an integer", float: "a number", str: "a string", list: "an array", dict: "an object"}
    return names.get(type(value), "null")
