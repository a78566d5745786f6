"""One request about connections or flows, as the rules see it: who asks, where, and how it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import msgspec

from reconciler.emulator.dataplane.connecting.refusals import message_of
from reconciler.emulator.model import CONNECTION_SPECS, Place
from reconciler.emulator.problems import DeclinedError, flow_service, object_not_found
from reconciler.emulator.service import Service

Body: TypeAlias = dict[str, Any]
_UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Asking:
    """A request for one kind of object. `about` is the id of the object, if it exists."""

    service: Service
    place: Place
    request_id: str
    kind: str
    about: str | None = None

    def of(self, kind: str) -> Asking:
        """The same request, about another kind."""
        return replace(self, kind=kind)

    def declined(self, code: str, **words: object) -> DeclinedError:
        """The refusal with this code."""
        return flow_service(code, message_of(code, words), request_id=self.request_id, about=self.about, kind=self.kind)

    def existing(self, kind: str, wanted: object) -> Body:
        """An object that the request names. Raises `DeclinedError` (1439-404)."""
        row = self.service.find(kind, self.place, str(wanted))
        if row is None:
            raise object_not_found(kind, str(wanted)[:100], self.request_id)
        return decoded(row.body)

    def reference(self, body: Mapping[str, Any], field: str, kind: str = CONNECTION_SPECS) -> tuple[Body, Body]:
        """The reference to a spec as it is stored, and the spec. Raises `DeclinedError`."""
        sent = body.get(field)
        spec_id = sent.get("id") if isinstance(sent, dict) else None
        if not isinstance(spec_id, str) or not isinstance(sent, dict):
            raise self.declined("1304-400", field=f"{field}.id")
        if sent.get("version") is None and self.service.behaviour.spec_version == "required":
            raise DeclinedError(_UNPROCESSABLE, {})
        spec = self.existing(kind, spec_id)
        return {"version": spec.get("version", "1.0"), **sent, "id": spec["id"]}, spec

    def named(self, body: Mapping[str, Any]) -> None:
        """Check that the object has a name. Raises `DeclinedError` (1304-400)."""
        name = body.get("name")
        if not isinstance(name, str) or not name.strip():
            raise self.declined("1304-400", field="name")


def decoded(body: bytes) -> Body:
    """A stored object."""
    return msgspec.json.decode(body, type=dict[str, Any])


def mapping(value: object, *path: str) -> Body:
    """The mapping at this path; empty for any other value."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
