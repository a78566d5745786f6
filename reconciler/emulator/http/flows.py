"""Connections, source and target connections, flows and runs, as far as needed to use specs and to show that use.

Source: OpenAPI (`FlowItemDTO`, `FlowMetaInfoDTO`) and docs, "Create a dataflow": a POST returns only `id` and `etag`, and a flow lists the
specs of its connections in `inheritedAttributes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator.dataflows import inherited
from reconciler.emulator.http.calls import Call, Handler, json_body, json_response, object_id, route
from reconciler.emulator.http.listing import list_objects
from reconciler.emulator.model import (
    CONNECTION_SPECS,
    CONNECTIONS,
    FLOW_SPECS,
    FLOWS,
    RUNS,
    SERVICE,
    SOURCE_CONNECTIONS,
    TARGET_CONNECTIONS,
)
from reconciler.emulator.problems import bad_request, flow_service, not_permitted, object_not_found
from reconciler.emulator.service import Service

Body = dict[str, Any]


class FlowEndpoints:
    """The endpoints of one collection that uses specs. Runs are read-only."""

    def __init__(self, service: Service, kind: str) -> None:
        self._service = service
        self._kind = kind

    def routes(self) -> list[Route]:
        collection: dict[str, Handler] = {"GET": partial(list_objects, self._service, self._kind)}
        one: dict[str, Handler] = {"GET": self._read}
        if self._kind != RUNS:
            collection["POST"], one["DELETE"] = self._create, self._delete
        return [
            route(f"/{self._kind}", {method: self._permitted(handler) for method, handler in collection.items()}),
            route(f"/{self._kind}/{{id}}", {method: self._permitted(handler) for method, handler in one.items()}),
        ]

    def _permitted(self, handler: Handler) -> Handler:
        """Wrap the handler with the check of the permission to view its collection (2118-403)."""

        def checked(call: Call) -> Response:
            if self._kind in self._service.behaviour.forbidden:
                raise not_permitted(self._kind, call.request_id)
            return handler(call)

        return checked

    def _create(self, call: Call) -> Response:
        sent = json_body(call, self._kind)
        body = {name: value for name, value in sent.items() if name not in ("version", "inheritedAttributes")}
        completed = {**body, "state": "enabled", **self._derived(call, sent)}
        row = self._service.store.insert(self._kind, call.caller.place, completed, call.caller.author)
        location = f"{SERVICE}/{self._kind}/{row.id}"
        return json_response({"id": row.id, "etag": row.etag}, 201, {"Location": location})

    def _read(self, call: Call) -> Response:
        wanted = object_id(call, self._kind)
        row = self._service.find(self._kind, call.caller.place, wanted)
        if row is None:
            raise object_not_found(self._kind, wanted, call.request_id)
        return json_response(b'{"items":[%b]}' % self._service.answer(self._kind, row))

    def _delete(self, call: Call) -> Response:
        wanted = object_id(call, self._kind)
        if self._kind == CONNECTIONS and self._is_base_of_a_flow(call, wanted):
            message = (
                f"The base connection with the ID {wanted} cannot be deleted because the base connection is being used in one"
                " or more flows. Please ensure that corresponding flows are deleted before deleting a base connection."
            )
            raise flow_service("1418-400", message, request_id=call.request_id, about=wanted, kind=self._kind)
        if not self._service.store.delete(self._kind, call.caller.place, wanted):
            raise object_not_found(self._kind, wanted, call.request_id)
        return Response(status_code=204)

    def _derived(self, call: Call, body: Body) -> Body:
        if self._kind == FLOWS:
            return self._flow(call, body)
        if self._kind == SOURCE_CONNECTIONS:
            return self._source(call, body)
        spec = self._spec_of(call, body)
        if self._kind == CONNECTIONS:
            self._check_auth(call, body, spec["id"])
        return {"connectionSpec": spec}

    def _source(self, call: Call, body: Body) -> Body:
        base_id = body.get("baseConnectionId")
        if base_id is None:
            return {"connectionSpec": self._spec_of(call, body)}
        base = self._existing(call, CONNECTIONS, base_id)
        spec = self._spec_of(call, body) if "connectionSpec" in body else base["connectionSpec"]
        shown = {"id": base["id"], "connectionSpec": base["connectionSpec"]}
        return {"connectionSpec": spec, "inheritedAttributes": {"baseConnection": shown}}

    def _flow(self, call: Call, body: Body) -> Body:
        if "state" in body:
            raise self._invalid(call, "1410-400", "State is not allowed in the create flow request.")
        self._existing(call, FLOW_SPECS, _id_of(body, "flowSpec"))
        sources = [self._existing(call, SOURCE_CONNECTIONS, one) for one in body.get("sourceConnectionIds") or []]
        targets = [self._existing(call, TARGET_CONNECTIONS, one) for one in body.get("targetConnectionIds") or []]
        if not sources or not targets:
            raise bad_request("The fields sourceConnectionIds and targetConnectionIds are required")
        of_sources, of_targets = [inherited(one) for one in sources], [inherited(one) for one in targets]
        return {"inheritedAttributes": {"sourceConnections": of_sources, "targetConnections": of_targets}}

    def _spec_of(self, call: Call, body: Body) -> Body:
        spec = self._existing(call, CONNECTION_SPECS, _id_of(body, "connectionSpec"))
        return {"version": spec.get("version", "1.0"), **body["connectionSpec"]}

    def _check_auth(self, call: Call, body: Body, spec_id: str) -> None:
        """Check that `auth.specName` is the name of an entry in the spec's `authSpec` (1415-400)."""
        auth = body.get("auth")
        if not isinstance(auth, Mapping):
            return
        spec = self._existing(call, CONNECTION_SPECS, spec_id)
        if auth.get("specName") not in [one.get("name") for one in spec.get("authSpec", [])]:
            message = f"The auth spec '{auth.get('specName')}' could not be found for the connection spec ID {spec_id}."
            raise self._invalid(call, "1415-400", message)

    def _existing(self, call: Call, kind: str, wanted: object) -> Body:
        row = self._service.find(kind, call.caller.place, str(wanted))
        if row is None:
            raise object_not_found(kind, str(wanted), call.request_id)
        return msgspec.json.decode(row.body, type=dict[str, Any])

    def _is_base_of_a_flow(self, call: Call, connection_id: str) -> bool:
        flows = (msgspec.json.decode(row.body) for row in self._service.store.rows(FLOWS, call.caller.place))
        sources = (source for flow in flows for source in flow["inheritedAttributes"]["sourceConnections"])
        return any(source.get("baseConnection", {}).get("id") == connection_id for source in sources)

    def _invalid(self, call: Call, code: str, message: str) -> Exception:
        return flow_service(code, message, request_id=call.request_id, kind=self._kind)


def _id_of(body: Body, field: str) -> str:
    """The id in a reference to a spec. Raises `DeclinedError` (400)."""
    reference = body.get(field)
    spec_id = reference.get("id") if isinstance(reference, dict) else None
    if not isinstance(spec_id, str):
        raise bad_request(f"The field {field} is required and must have an id")
    return spec_id
