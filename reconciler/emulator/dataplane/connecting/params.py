"""Values of connections and flows, checked against a JSON Schema of their spec. No reference in it is fetched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from reconciler.emulator.dataplane.connecting.asking import Asking
from reconciler.sources.effort import is_too_much
from reconciler.sources.sending.authentication import properties

_MASKED = "********"


def check_params(asking: Asking, schema: object, params: Mapping[str, Any]) -> None:
    """Refuse a value that is missing (1304) or not valid (1312). A value of a password is not shown.

    A schema that cannot be used, or would take too long, accepts everything: the service does not say what it does with one.
    """
    from jsonschema_rs import Draft7Validator, ReferencingError  # noqa: PLC0415 - takes time to load

    if not isinstance(schema, dict) or not schema or is_too_much(schema, dict(params)):
        return
    required = _required(asking, schema)
    plain = {**{name: value for name, value in schema.items() if name != "$schema"}, "required": required}
    try:
        validator = Draft7Validator(plain, retriever=_refuse, validate_formats=False)
        found = next(iter(validator.iter_errors(dict(params))), None)
    except (ValueError, ReferencingError):
        return
    missing = next((name for name in required if name not in params), None)
    if missing is not None:
        raise asking.declined("1304-400", field=missing)
    if found is not None:
        path = [str(step) for step in found.instance_path]
        secret = not path or path[0] in secret_names(schema)
        raise asking.declined("1312-400", field=".".join(path) or "params", value=_MASKED if secret else found.instance)


def secret_names(schema: object) -> Collection[str]:
    """The names of the properties with `format: password`."""
    return {name for name, about, _ in properties((), schema) if about.get("format") == "password"}


def _required(asking: Asking, schema: Mapping[str, Any]) -> list[str]:
    """The names without which the service refuses the values: by default only those that the schema declares.

    Published specs require names that no property has, and the tutorials do not send them.
    """
    listed = schema.get("required")
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    declared = {name for name, _, _ in properties((), schema)}
    every = asking.service.behaviour.undeclared_required == "enforced"
    return list(dict.fromkeys(name for name in names if every or name in declared))


def _refuse(uri: str) -> NoReturn:
    raise LookupError(f"{uri} is not fetched")
