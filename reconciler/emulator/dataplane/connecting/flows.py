"""Flows: from a source connection to a target connection, with transformations and a schedule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from reconciler.emulator.dataflows import inherited
from reconciler.emulator.dataplane.connecting.asking import Asking, Body, decoded, mapping
from reconciler.emulator.dataplane.connecting.mappings import check_transformations
from reconciler.emulator.dataplane.connecting.params import check_params
from reconciler.emulator.dataplane.connecting.schedule import check_schedule
from reconciler.emulator.dataplane.connecting.specs import DRAFT, check_drafts, is_streaming
from reconciler.emulator.model import CONNECTION_SPECS, FLOW_SPECS, SOURCE_CONNECTIONS, TARGET_CONNECTIONS

_INLET: Final = "inletUrl"
"""The option of a flow with the address that events are sent to. It is stored without its value, which depends on who asks."""
_ENDS: Final = (
    ("sourceConnectionIds", SOURCE_CONNECTIONS, "sourceConnectionSpecIds"),
    ("targetConnectionIds", TARGET_CONNECTIONS, "targetConnectionSpecIds"),
)


def complete_flow(asking: Asking, sent: Body, previous: Body | None = None) -> Body:
    """A flow as it is stored; `previous` is the flow before a change. Raises `DeclinedError`."""
    asking.named(sent)
    reference, flow_spec = asking.reference(sent, "flowSpec", FLOW_SPECS)
    body = {**sent, "flowSpec": reference}
    source, target = (_end(asking, sent, flow_spec, *end) for end in _ENDS)
    check_transformations(asking, sent, flow_spec, target)
    options = sent.get("options", {})
    if not isinstance(options, dict):
        raise asking.declined("1312-400", field="options", value=options)
    check_params(asking, mapping(flow_spec, "optionSpec", "spec"), options)
    if is_streaming(asking.existing(CONNECTION_SPECS, source["connectionSpec"]["id"])):
        body["options"] = {**options, _INLET: ""}
    return {**check_schedule(asking, body, flow_spec, previous), **_inherited([source], [target])}


def shown_flow(inlet_of: Callable[[Body], str | None], flow_json: bytes) -> bytes:
    """The JSON of a flow as answers have it: a flow that events are sent to has the address of its inlet, once there is one."""
    if b'"inletUrl"' not in flow_json:
        return flow_json
    flow = decoded(flow_json)
    options = mapping(flow, "options")
    if _INLET not in options:
        return flow_json
    address = inlet_of(flow)
    shown = {name: value for name, value in options.items() if name != _INLET} | ({} if address is None else {_INLET: address})
    return msgspec.json.encode({**flow, "options": shown})


def draft_flow(asking: Asking, sent: Body, previous: Body | None = None) -> Body:  # noqa: ARG001 - as complete_flow
    """A draft of a flow as it is stored: only what it names has to exist. Raises `DeclinedError`."""
    reference, flow_spec = asking.reference(sent, "flowSpec", FLOW_SPECS)
    check_drafts(asking, flow_spec)
    ends = [[asking.existing(kind, one) for one in _ids(asking, sent, field)] for field, kind, _ in _ENDS]
    return {**sent, "flowSpec": reference, **_inherited(*ends)}


def _end(asking: Asking, sent: Body, flow_spec: Body, field: str, kind: str, listed: str) -> Body:
    """The connection at one end of a flow."""
    ids = _ids(asking, sent, field)
    if not ids:
        raise asking.declined("1320-400", field=field)
    if len(ids) > 1:
        raise asking.declined("1321-400", field=field, value=len(ids))
    connection = asking.existing(kind, ids[0])
    if connection.get("state") == DRAFT:
        raise asking.declined("1422-400", value="create", field=DRAFT)
    accepted, spec_id = flow_spec.get(listed), connection["connectionSpec"]["id"]
    is_attached = isinstance(accepted, list) and spec_id in accepted
    if not is_attached and asking.service.behaviour.unattached == "refuse":
        raise asking.declined("1312-400", field=f"flowSpec.{listed}", value=spec_id)
    return connection


def _ids(asking: Asking, sent: Body, field: str) -> list[Any]:
    ids = sent.get(field) or []
    if not isinstance(ids, list):
        raise asking.declined("1312-400", field=field, value=ids)
    return ids


def _inherited(sources: list[Body], targets: list[Body]) -> Body:
    of_sources, of_targets = [inherited(one) for one in sources], [inherited(one) for one in targets]
    return {"inheritedAttributes": {"sourceConnections": of_sources, "targetConnections": of_targets}}
