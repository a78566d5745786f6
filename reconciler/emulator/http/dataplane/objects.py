"""Connections, source and target connections, and flows: list, create, read, change, delete, and change their state.

Source: OpenAPI (`FlowItemDTO`, `PatchInstruction`, `StateActionDTO`) and the tutorials: a POST, a PATCH and an action return only `id` and
`etag`, and a flow lists the specs of its connections in `inheritedAttributes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator import managed
from reconciler.emulator.dataplane.connecting.asking import Asking, Body, decoded
from reconciler.emulator.dataplane.connecting.base import complete_base, draft_base
from reconciler.emulator.dataplane.connecting.deletions import INITIALIZING, check_deletion, check_state
from reconciler.emulator.dataplane.connecting.flows import complete_flow, draft_flow
from reconciler.emulator.dataplane.connecting.patching import patched
from reconciler.emulator.dataplane.connecting.sources import complete_source, draft_source
from reconciler.emulator.dataplane.connecting.specs import DRAFT
from reconciler.emulator.dataplane.connecting.states import ENABLED, state_after
from reconciler.emulator.dataplane.connecting.targets import complete_target, draft_target
from reconciler.emulator.http.calls import Call, Handler, json_body, json_response, json_value, object_id, route
from reconciler.emulator.http.listing import list_objects
from reconciler.emulator.model import CONNECTIONS, FLOWS, SERVICE, SOURCE_CONNECTIONS, TARGET_CONNECTIONS, Row
from reconciler.emulator.passwords import whole
from reconciler.emulator.problems import no_such_path, not_permitted, object_not_found, version_mismatch
from reconciler.emulator.service import Service

_Complete: TypeAlias = Callable[[Asking, Body, Body | None], Body]
_OF_THE_SERVICE: Final = frozenset({"version", "etag", "inheritedAttributes", "secretParams", "lastRunDetails"})
_TRIED: Final = (CONNECTIONS, SOURCE_CONNECTIONS)
"""Kinds whose credentials are tried at the third party when an object is made or changed."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """How an object of one kind is completed: in full, or as a draft. Both receive what was there before a change."""

    complete: _Complete
    draft: _Complete


def _without_previous(complete: Callable[[Asking, Body], Body]) -> _Complete:
    return lambda asking, sent, _previous: complete(asking, sent)


_RULES: Final[Mapping[str, _Rules]] = {
    CONNECTIONS: _Rules(_without_previous(complete_base), _without_previous(draft_base)),
    SOURCE_CONNECTIONS: _Rules(_without_previous(complete_source), _without_previous(draft_source)),
    TARGET_CONNECTIONS: _Rules(_without_previous(complete_target), _without_previous(draft_target)),
    FLOWS: _Rules(complete_flow, draft_flow),
}


class ObjectEndpoints:
    """The endpoints of one collection that uses specs."""

    def __init__(self, service: Service, kind: str) -> None:
        self._service = service
        self._kind = kind
        self._rules = _RULES[kind]

    def routes(self) -> list[Route]:
        by_id: dict[str, Handler] = {"GET": self._read, "PATCH": self._patch, "DELETE": self._delete}
        lists: dict[str, Handler] = {"GET": partial(list_objects, self._service, self._kind), "POST": self._create}
        made = [
            self._route(f"/{self._kind}", lists),
            self._route(f"/{self._kind}/{{id}}", by_id),
            self._route(f"/{self._kind}/{{id}}/action", {"POST": self._act}),
        ]
        if self._kind == CONNECTIONS:
            made.append(self._route(f"/{self._kind}/{{id}}/", {"PATCH": self._patch, "DELETE": self._delete}))
        return made

    def _route(self, path: str, handlers: Mapping[str, Handler]) -> Route:
        permitted = {method: self._permitted(handler) for method, handler in handlers.items()}
        return route(path, permitted, calls_others=self._kind in _TRIED)

    def _permitted(self, handler: Handler) -> Handler:
        """Wrap the handler with the check of the permission to view its collection (2118-403)."""

        def checked(call: Call) -> Response:
            if self._kind in self._service.behaviour.forbidden:
                raise not_permitted(self._kind, call.request_id)
            return handler(call)

        return checked

    def _create(self, call: Call) -> Response:
        asking, sent = self._asking(call), json_body(call, self._kind)
        if self._kind == FLOWS and "state" in sent:
            raise asking.declined("1410-400")
        body = {name: value for name, value in sent.items() if name not in _OF_THE_SERVICE}
        is_draft = (call.parameter("mode") or "").lower() == DRAFT
        state = DRAFT if is_draft else self._first_state()
        completed = {**(self._rules.draft if is_draft else self._rules.complete)(asking, body, None), "state": state}
        row = self._service.store.insert(self._kind, call.caller.place, completed, call.caller.author)
        if state == INITIALIZING:
            self._service.timeline.after(self._service.behaviour.initializing, partial(self._initialized, asking, row.id))
        self._changed(call, row)
        location = f"{SERVICE}/{self._kind}/{row.id}"
        shown = {"id": row.id, "etag": row.etag} if self._service.behaviour.post_answer == "id" else {}
        return json_response(shown, 201, {"Location": location})

    def _first_state(self) -> str:
        return INITIALIZING if self._kind != FLOWS and self._service.behaviour.initializing else ENABLED

    async def _initialized(self, asking: Asking, wanted: str) -> None:
        self._service.store.replace(self._kind, asking.place, wanted, lambda row: {**decoded(row.body), "state": ENABLED})

    def _read(self, call: Call) -> Response:
        if self._service.behaviour.missing_as == "no_items" and self._found(call) is None:
            return json_response(b'{"items":[]}')
        return json_response(b'{"items":[%b]}' % self._service.answer(self._kind, self._row(call)))

    def _patch(self, call: Call) -> Response:
        row, if_match = self._row(call), call.headers.get("if-match")
        asking = self._asking(call, row.id)
        if not if_match:
            raise asking.declined("1403-400")
        instructions = json_value(call, self._kind)
        self._check_version(if_match, row)
        body = whole(decoded(row.body))
        check_state(asking, body)
        rules = self._rules.draft if body.get("state") == DRAFT else self._rules.complete
        return self._replace(call, row, rules(asking, patched(asking, body, instructions), body))

    def _act(self, call: Call) -> Response:
        row, if_match = self._row(call), call.headers.get("if-match")
        asking = self._asking(call, row.id)
        if if_match:
            self._check_version(if_match, row)
        body = whole(decoded(row.body))
        check_state(asking, body)
        state = state_after(asking, call.parameter("op"), body)
        completed = self._rules.complete(asking, body, body) if body.get("state") == DRAFT else body
        return self._replace(call, row, {**completed, "state": state})

    def _replace(self, call: Call, row: Row, body: Body) -> Response:
        """Replace an object, unless another request was faster."""
        place, author = call.caller.place, call.caller.author

        def change(live: Row) -> Body:
            self._check_version(row.etag, live)
            return managed.replaced(body, decoded(live.body), place, author, self._service.store.now())

        new = self._service.store.replace(self._kind, place, row.id, change)
        if new is None:
            raise object_not_found(self._kind, row.id, call.request_id)
        self._changed(call, new)
        return json_response({"id": new.id, "etag": new.etag})

    def _delete(self, call: Call) -> Response:
        self._check_path(call)
        row = self._row(call)
        check_deletion(self._asking(call, row.id), row)
        if not self._service.delete(self._kind, call.caller.place, row.id):
            raise object_not_found(self._kind, row.id, call.request_id)
        return (
            Response(status_code=204) if self._service.behaviour.delete_answer == "no_content" else json_response({"id": row.id})
        )

    def _changed(self, call: Call, row: Row) -> None:
        if self._kind == FLOWS:
            self._service.on_flow(call.caller.place, row)

    def _check_path(self, call: Call) -> None:
        """Refuse the form of the address that the service does not have, if it has only one."""
        refused = {"slash": False, "no_slash": True}.get(self._service.behaviour.delete_path)
        if self._kind == CONNECTIONS and call.target.endswith("/") is refused:
            raise no_such_path(call.target)

    def _asking(self, call: Call, about: str | None = None) -> Asking:
        return Asking(self._service, call.caller.place, call.request_id, self._kind, about)

    def _found(self, call: Call) -> Row | None:
        return self._service.find(self._kind, call.caller.place, object_id(call, self._kind))

    def _row(self, call: Call) -> Row:
        row = self._found(call)
        if row is None:
            raise object_not_found(self._kind, object_id(call, self._kind), call.request_id)
        return row

    def _check_version(self, if_match: str, row: Row) -> None:
        if if_match not in ("*", row.etag):
            raise version_mismatch(if_match, row.etag)
