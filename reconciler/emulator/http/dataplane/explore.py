"""The test of a base connection, and previews of what it reads.

Source: OpenAPI (`TestConnectionResponse`, `ExploreConnectionResponse`) and the tutorials, which send `sourceParams`, the values of
`sourceSpec.spec` as JSON in base64.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator.dataplane.connecting.asking import Asking, Body, mapping
from reconciler.emulator.dataplane.connecting.authorization import why_refused
from reconciler.emulator.dataplane.connecting.base import reading_of_base
from reconciler.emulator.dataplane.connecting.params import check_params
from reconciler.emulator.dataplane.connecting.preview import preview
from reconciler.emulator.dataplane.connecting.specs import is_fetching, is_streaming
from reconciler.emulator.dataplane.row_schema import schema_of
from reconciler.emulator.http.calls import Call, Handler, json_response, object_id, route
from reconciler.emulator.model import CONNECTION_SPECS, CONNECTIONS
from reconciler.emulator.problems import not_permitted
from reconciler.emulator.service import Service

_REST: Final = "rest"
_OBJECT_TYPES: Final = frozenset({"root", "table", "file", "folder", _REST})
_FILE_TYPE_NAMES: Final = {"tutorial": ("fileType",), "openapi": ("FileType",), "either": ("fileType", "FileType")}
_MOST: Final = 1_000_000
"""Characters of `sourceParams`."""


class ExploreEndpoints:
    """The endpoints below one base connection that call the third party."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def routes(self) -> list[Route]:
        below = f"/{CONNECTIONS}/{{id}}"
        return [
            route(f"{below}/test", {"GET": self._permitted(self._test)}, calls_others=True),
            route(f"{below}/explore", {"GET": self._permitted(self._explore)}, calls_others=True),
            route(f"/{CONNECTION_SPECS}/{{id}}/explore", {"GET": self._explore_spec}),
        ]

    def _permitted(self, handler: Handler) -> Handler:
        def checked(call: Call) -> Response:
            if CONNECTIONS in self._service.behaviour.forbidden:
                raise not_permitted(CONNECTIONS, call.request_id)
            return handler(call)

        return checked

    def _test(self, call: Call) -> Response:
        asking, base = self._base(call)
        behaviour = self._service.behaviour
        reason = None if behaviour.auth_test == "always_true" else why_refused(self._service, reading_of_base(asking, base))
        if reason is not None and behaviour.auth_test_failure == "error":
            raise asking.declined("1308-400", reason=reason)
        return json_response({"result": reason is None} if behaviour.auth_test_answer == "object" else reason is None)

    def _explore(self, call: Call) -> Response:
        asking, base = self._base(call)
        spec = asking.existing(CONNECTION_SPECS, base["connectionSpec"]["id"])
        is_rest = self._object_type(asking, call) == _REST
        if not is_rest or is_streaming(spec) or not is_fetching(spec) or not mapping(spec, "exploreSpec"):
            raise asking.declined("1336-400", value=spec["id"])
        params = _source_params(asking, call.parameter("sourceParams"))
        check_params(asking, mapping(spec, "sourceSpec", "spec"), params)
        seen = preview(asking, reading_of_base(asking, base, params))
        shape = self._service.behaviour.explore_shape
        if shape != "hierarchical":
            return json_response(seen.rows if shape == "array" else {"data": [seen.page]})
        shown = {"format": "hierarchical", "schema": schema_of(seen.rows)}
        is_preview = (call.parameter("preview") or "").lower() == "true"
        return json_response({**shown, "data": seen.rows} if is_preview else shown)

    def _explore_spec(self, call: Call) -> Response:
        asking = Asking(self._service, call.caller.place, call.request_id, CONNECTION_SPECS)
        spec = asking.existing(CONNECTION_SPECS, object_id(call, CONNECTION_SPECS))
        raise asking.declined("1372-400", value=spec["id"])

    def _base(self, call: Call) -> tuple[Asking, Body]:
        wanted = object_id(call, CONNECTIONS)
        asking = Asking(self._service, call.caller.place, call.request_id, CONNECTIONS, wanted)
        return asking, asking.existing(CONNECTIONS, wanted)

    def _object_type(self, asking: Asking, call: Call) -> str:
        """The type of object to explore. Raises `DeclinedError` for parameters that are empty (1334, 1337) or not known (1358)."""
        kind = call.parameter("objectType")
        if not kind:
            raise asking.declined("1334-400", field="objectType")
        spelled = self._service.behaviour.explore_names
        written = {"tutorial": kind, "openapi": kind.lower() if kind.isupper() else "", "either": kind.lower()}[spelled]
        if written not in _OBJECT_TYPES:
            raise asking.declined("1358-400")
        names = _FILE_TYPE_NAMES[spelled]
        given = {"object": call.parameter("object"), names[0]: next(filter(None, map(call.parameter, names)), None)}
        empty = next((name for name, value in given.items() if not value), None)
        if written == _REST and empty is not None:
            raise asking.declined("1337-400", field=empty, value=kind)
        return written


def _source_params(asking: Asking, text: str | None) -> dict[str, Any]:
    """The values of `sourceSpec.spec`. Raises `DeclinedError` (1334, 1389)."""
    if text is None:
        return {}
    if not text:
        raise asking.declined("1334-400", field="sourceParams")
    try:
        padded = text[:_MOST] + "=" * (-len(text) % 4)
        params = msgspec.json.decode(base64.b64decode(padded, validate=True))
    except (binascii.Error, ValueError, RecursionError, msgspec.DecodeError) as error:
        raise asking.declined("1389-400") from error
    if not isinstance(params, dict):
        raise asking.declined("1389-400")
    return params
