"""The runs of flows, read only."""

from __future__ import annotations

from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator.http.calls import Call, Handler, json_response, object_id, route
from reconciler.emulator.http.listing import list_objects
from reconciler.emulator.problems import not_permitted, object_not_found
from reconciler.emulator.service import Service


class FlowEndpoints:
    """The endpoints of one collection that is only read."""

    def __init__(self, service: Service, kind: str) -> None:
        self._service = service
        self._kind = kind

    def routes(self) -> list[Route]:
        collection: dict[str, Handler] = {"GET": partial(list_objects, self._service, self._kind)}
        one: dict[str, Handler] = {"GET": self._read}
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

    def _read(self, call: Call) -> Response:
        wanted = object_id(call, self._kind)
        row = self._service.find(self._kind, call.caller.place, wanted)
        if row is None:
            raise object_not_found(self._kind, wanted, call.request_id)
        return json_response(b'{"items":[%b]}' % self._service.answer(self._kind, row))
