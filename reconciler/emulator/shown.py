"""How responses differ from the stored spec: one small function per switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from reconciler.documents.semantics import ID_LISTS
from reconciler.emulator.switches.behaviour import Behaviour
from reconciler.emulator.switches.habits import Way

Body = dict[str, Any]

_SUMMARY = ("id", "name", "providerId")


def shown(body_json: bytes, way: Way, behaviour: Behaviour) -> bytes:
    """The JSON of one spec as returned this way. It is decoded only if a switch requires it."""
    steps = [step for switch, step in _STEPS if switch(behaviour)]
    if not steps:
        return body_json
    body = msgspec.json.decode(body_json, type=dict[str, Any])
    for step in steps:
        body = step(body, way, behaviour)
    return msgspec.json.encode(body)


def _partial(body: Body, way: Way, behaviour: Behaviour) -> Body:
    if behaviour.partial_ids and body["id"] not in behaviour.partial_ids:
        return body
    lacking = {"get": behaviour.get_without, "list": behaviour.list_without, "write": behaviour.write_without}[way]
    left = {name: value for name, value in body.items() if name not in lacking}
    if way != "get":
        return left
    if behaviour.get_summary:
        return {name: left[name] for name in _SUMMARY if name in left}
    most = behaviour.get_ids
    cut = {name: left[name][:most] for name in ID_LISTS if isinstance(left.get(name), list)} if most is not None else {}
    return {**left, **cut}


def _with_updated_at(body: Body, way: Way, behaviour: Behaviour) -> Body:
    time = body.get("updatedAt")
    if way not in behaviour.updated_at_in or not isinstance(time, int):
        return body
    if behaviour.updated_at == "missing":
        return {name: value for name, value in body.items() if name != "updatedAt"}
    return {**body, "updatedAt": time // 1000 * (1000 if behaviour.updated_at == "whole_seconds" else 1)}


def _with_upper_case_id(body: Body, way: Way, behaviour: Behaviour) -> Body:
    return {**body, "id": body["id"].upper()} if way in behaviour.upper_case_ids else body


_STEPS: tuple[tuple[Callable[[Behaviour], object], Callable[[Body, Way, Behaviour], Body]], ...] = (
    (
        lambda switches: (
            switches.get_without
            or switches.list_without
            or switches.write_without
            or switches.get_summary
            or switches.get_ids is not None
        ),
        _partial,
    ),
    (lambda switches: switches.updated_at != "milliseconds", _with_updated_at),
    (lambda switches: switches.unsolicited, lambda body, _way, switches: {**body, **switches.unsolicited}),
    (lambda switches: switches.upper_case_ids, _with_upper_case_id),
)
