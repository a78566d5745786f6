"""Administration endpoints for tests and demonstrations: the request log, switches, faults, and changes by other users.

All paths are under `/_emulator`, in JSON, without credentials. They are meant for an emulator on this machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from reconciler.documents.merge import merge_patch
from reconciler.emulator.dataflows import Dataflow, put_dataflow
from reconciler.emulator.http.calls import Call, Handler, json_body, json_response, object_id, required_text, route
from reconciler.emulator.model import Author, Place
from reconciler.emulator.problems import bad_request
from reconciler.emulator.service import Service
from reconciler.emulator.switches.behaviour import behaviour_from
from reconciler.emulator.switches.faults import as_json, faults_from
from reconciler.emulator.switches.records import read_record
from reconciler.errors import ReconcilerError

_SOMEBODY = Author("somebody@AdobeID", "exc_app")
_MOST_SKIPPED = 366 * 24 * 60 * 60
_CREATE_FIELDS = frozenset({"kind", "spec", "copy_of", "patch", "updatedBy", "updatedClient", "org", "sandbox"})
_EDIT_FIELDS = frozenset({"spec", "patch", "updatedBy", "updatedClient", "org", "sandbox"})


class AdminEndpoints:
    """The administration endpoints."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def routes(self) -> list[Route]:
        return [
            route("/requests", {"GET": self._requests, "DELETE": self._clear_requests}),
            route("/tokens", {"DELETE": self._end_tokens}),
            route("/behaviour", {"GET": self._behaviour, "PUT": _in_words(self._set_behaviour)}),
            route("/faults", {"GET": self._faults, "PUT": _in_words(self._set_faults)}),
            route("/clock", {"GET": self._clock, "POST": self._advance}),
            route("/specs", {"POST": _in_words(self._create)}),
            route("/specs/{id}", {"PUT": _in_words(self._edit)}),
            route("/dataflows", {"POST": _in_words(self._put_dataflow)}),
        ]

    def _requests(self, _call: Call) -> Response:
        return json_response([asdict(entry) for entry in self._service.store.requests()])

    def _clear_requests(self, _call: Call) -> Response:
        self._service.store.clear_requests()
        return Response(status_code=204)

    def _end_tokens(self, _call: Call) -> Response:
        self._service.store.forget_tokens()
        return Response(status_code=204)

    def _behaviour(self, _call: Call) -> Response:
        return json_response(asdict(self._service.behaviour))

    def _set_behaviour(self, call: Call) -> Response:
        """Set the switches in the body; all others return to their defaults."""
        self._service.behave(behaviour_from(json_body(call)))
        return self._behaviour(call)

    def _clock(self, _call: Call) -> Response:
        """The time of the service in epoch seconds, and the seconds that were skipped."""
        return json_response({"now": self._service.clock(), "skipped": self._service.timeline.ahead})

    def _advance(self, call: Call) -> Response:
        """Skip the seconds in `advance`. What is due by then runs with the next request, each at its own time."""
        wish = json_body(call)
        seconds = wish.get("advance")
        if set(wish) != {"advance"} or isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise bad_request("give the seconds to skip as advance")
        if not 0 <= seconds <= _MOST_SKIPPED:
            raise bad_request(f"advance must be between 0 and {_MOST_SKIPPED} seconds: a clock never goes back")
        self._service.timeline.advance(seconds)
        return self._clock(call)

    def _faults(self, _call: Call) -> Response:
        return json_response({"faults": [as_json(rule) for rule in self._service.faults.rules]})

    def _set_faults(self, call: Call) -> Response:
        """Replace the active rules with `faults`, in the format of a faults file."""
        self._service.faults.set(faults_from(json_body(call).get("faults", [])))
        return self._faults(call)

    def _edit(self, call: Call) -> Response:
        """Edit a spec as another user: `spec` is the whole body, or `patch` a JSON Merge Patch of the live one.

        `updatedBy` and `updatedClient` are the author; `org` and `sandbox` select the object if the id exists in several sandboxes.
        """
        wish = json_body(call)
        unknown = sorted(set(wish) - _EDIT_FIELDS)
        if unknown:
            raise bad_request(f"unknown: {', '.join(unknown)}; valid keys are {', '.join(sorted(_EDIT_FIELDS))}")
        if sum(isinstance(wish.get(name), dict) for name in ("spec", "patch")) != 1:
            raise bad_request("give the whole body as spec, or a JSON Merge Patch as patch")
        spec_id = object_id(call, "specs")
        where = wish.get("org"), wish.get("sandbox")

        def edited(live: dict[str, Any]) -> dict[str, Any]:
            return dict(wish["spec"]) if "spec" in wish else dict(merge_patch(live, wish["patch"]))

        row = self._service.edit(spec_id, edited, _author(wish), *where)
        return json_response(row.body)

    def _create(self, call: Call) -> Response:
        """Create a spec as another user: `spec` is its body, or `copy_of` the id of a live spec to copy, with `patch` applied.

        `kind` is the collection of a `spec` (default `connectionSpecs`), `org` and `sandbox` its location; `updatedBy` and `updatedClient`
        are the author. A copy includes everything, also an ownership marker.
        """
        wish = json_body(call)
        unknown = sorted(set(wish) - _CREATE_FIELDS)
        if unknown or ("spec" in wish) == ("copy_of" in wish):
            raise bad_request(f"give spec or copy_of; valid keys are {', '.join(sorted(_CREATE_FIELDS))}")
        return json_response(self._service.make(wish, _author(wish)).body, 201)

    def _put_dataflow(self, call: Call) -> Response:
        """Create a dataflow: the fields of `Dataflow`, and `org` and `sandbox` for its location. Returns the ids."""
        wish = json_body(call)
        place = Place(*(str(wish.pop(name, "")) for name in ("org", "sandbox")))
        if not place.org or not place.sandbox:
            raise bad_request("give org and sandbox")
        required_text(wish, "connection_spec")
        dataflow, problems = read_record(Dataflow, wish, "dataflow")
        if dataflow is None:
            raise bad_request("; ".join(problem.message for problem in problems))
        return json_response(asdict(put_dataflow(self._service.store, place, dataflow, _SOMEBODY)), 201)


def _in_words(handler: Handler) -> Handler:
    """Wrap the handler so that its errors become bad requests with their message."""

    def handled(call: Call) -> Response:
        try:
            return handler(call)
        except ReconcilerError as error:
            raise bad_request(error.message) from error

    return handled


def _author(wish: Mapping[str, Any]) -> Author:
    return Author(str(wish.get("updatedBy", _SOMEBODY.account)), str(wish.get("updatedClient", _SOMEBODY.client)))
