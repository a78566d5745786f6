"""Connection specs and flow specs: list, create, read and replace. There is no DELETE and no PATCH."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator.http.calls import Call, json_body, json_response, object_id, refusal, required_text, route
from reconciler.emulator.http.listing import list_objects
from reconciler.emulator.model import SERVICE, Row
from reconciler.emulator.oddities import element_by_id
from reconciler.emulator.problems import bad_request, coded, flow_service, object_not_found
from reconciler.emulator.service import Service
from reconciler.emulator.switches.habits import Way


class SpecEndpoints:
    """The endpoints of one collection of specs."""

    def __init__(self, service: Service, kind: str) -> None:
        self._service = service
        self._kind = kind

    def routes(self) -> list[Route]:
        return [
            route(f"/{self._kind}", {"GET": partial(list_objects, self._service, self._kind), "POST": self._create}),
            route(
                f"/{self._kind}/{{id}}",
                {"GET": partial(self._unless_hidden, self._read), "PUT": partial(self._unless_hidden, self._replace)},
            ),
        ]

    def _create(self, call: Call) -> Response:
        body = self._writable(call)
        row = self._service.create_spec(self._kind, call.caller.place, body, call.caller.author)
        location = f"{SERVICE}/{self._kind}/{row.id}"
        return self._answer(row, "write", self._service.behaviour.wrap_post, 201, {"Location": location})

    def _read(self, call: Call, spec_id: str) -> Response:
        odd = element_by_id(self._service.behaviour.bad_elements, spec_id)
        if odd is not None:
            return json_response(b'{"items":[%b]}' % odd)
        row = self._service.shown(self._kind, call.caller.place, spec_id)
        if row is None:
            raise object_not_found(self._kind, spec_id, call.request_id)
        return self._answer(row, "get", self._service.behaviour.wrap_get)

    def _replace(self, call: Call, spec_id: str) -> Response:
        body = self._writable(call)
        row = None
        if spec_id not in self._service.behaviour.hidden:
            row = self._service.replace_spec(
                self._kind, call.caller.place, spec_id, lambda _live: body, call.caller.author, call.headers.get("if-match")
            )
        if row is None:
            raise object_not_found(self._kind, spec_id, call.request_id)
        return self._answer(row, "write", self._service.behaviour.wrap_put)

    def _unless_hidden(self, handler: Callable[[Call, str], Response], call: Call) -> Response:
        """The handler's response for the spec in the path, or the response in `hidden_as` for a hidden spec."""
        spec_id, behaviour = object_id(call, self._kind), self._service.behaviour
        said = behaviour.hidden_as.get(spec_id, behaviour.hidden_as.get("*")) if spec_id in behaviour.hidden else None
        return handler(call, spec_id) if said is None else _answer_of_hidden(said, call.request_id)

    def _writable(self, call: Call) -> dict[str, Any]:
        """The body of an authorized write, with the fields that the OpenAPI requires: `name` and `providerId`."""
        if call.caller.author.client in self._service.behaviour.read_only_clients:
            message = (
                "The user token is unauthorized to create/update the connection spec."
                " Please ensure that the user token is authorized and try again."
            )
            raise flow_service("1426-400", message, request_id=call.request_id, kind=self._kind)
        body = json_body(call, self._kind)
        required_text(body, "name")
        required_text(body, "providerId")
        return body

    def _answer(self, row: Row, way: Way, wrapping: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        body = self._service.answer(self._kind, row, way)
        content = b'{"items":[%b]}' % body if wrapping == "items" else body
        tagged = {"ETag": row.etag} if self._service.has_etag(self._kind, row) else {}
        return json_response(content, status, {**(headers or {}), **tagged})


def _answer_of_hidden(said: str, request_id: str) -> Response:
    """The response that `hidden_as` defines: a status with a code, a body or a redirect."""
    status, _, rest = said.partition(" ")
    if status.startswith("3"):
        return Response(status_code=int(status), headers={"Location": rest} if rest else {})
    if rest.startswith(("{", "[", '"')) or rest in ("null", "true", "false"):
        return json_response(rest.encode(), int(status))
    if not rest and int(status) == bad_request("").status:
        return refusal(bad_request("The request was declined"))
    return refusal(coded(int(status), rest or f"{status}000", "The request was declined", request_id))
