"""Changes of connections and flows by JSON Patch operations."""

from __future__ import annotations

import copy
from typing import Any, Final

from reconciler.documents.patch import apply_operations
from reconciler.documents.pointer import parse_pointer
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.emulator.dataplane.connecting.asking import Asking, Body
from reconciler.emulator.model import FLOWS

_OPERATIONS: Final = ("add", "replace", "remove")
_FIXED: Final = frozenset({*SERVER_MANAGED, "state", "etag", "version", "inheritedAttributes", "secretParams", "flowSpec"})
_MOST: Final = 100


def patched(asking: Asking, body: Body, instructions: object) -> Body:
    """The body after a list of operations, or after one. Raises `DeclinedError` (1365, 1414, 1434, 1455)."""
    listed = instructions if isinstance(instructions, list) else [instructions]
    if not listed or len(listed) > _MOST:
        raise asking.declined("1455-400", reason="there must be 1 to 100 operations")
    for instruction in listed:
        if not isinstance(instruction, dict):
            raise asking.declined("1455-400", reason="an operation must be an object")
        body = _applied(asking, body, instruction)
    return body


def _applied(asking: Asking, body: Body, instruction: dict[str, Any]) -> Body:
    op, path = str(instruction.get("op")).lower(), instruction.get("path")
    if op not in _OPERATIONS:
        raise asking.declined("1434-400", value=instruction.get("op"))
    _check_path(asking, path)
    if op != "remove" and "value" not in instruction:
        raise asking.declined("1455-400", reason='Missing field "value"')
    try:
        if op == "replace":
            apply_operations(body, [("remove", str(path), None)])  # what is not there cannot be replaced
        return copy.deepcopy(apply_operations(body, [(op, str(path), instruction.get("value"))]))
    except (LookupError, ValueError, TypeError) as error:
        raise asking.declined("1455-400", reason=f'Missing field "{path}"') from error


def _check_path(asking: Asking, path: object) -> None:
    try:
        segments = parse_pointer(path) if isinstance(path, str) else ()
    except ValueError:
        segments = ()
    if not segments or segments[0] in _FIXED:
        raise asking.declined("1365-400", value=path)
    if segments[0] == "connectionSpec" and asking.kind != FLOWS:
        raise asking.declined("1414-400")
