"""The running service: its store, its switches and its faults, and what the endpoints ask of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from reconciler.emulator import managed
from reconciler.emulator.behaviour import Behaviour
from reconciler.emulator.faults import Faults
from reconciler.emulator.model import FLOW_SPECS, RUNS, SPEC_KINDS, Author, Place, Row
from reconciler.emulator.normalise import kept, with_transformations_as
from reconciler.emulator.problems import version_mismatch
from reconciler.emulator.store import Store
from reconciler.errors import UsageError

Make = Callable[[dict[str, Any]], Mapping[str, Any]]

STATIC_ACCOUNT = "static-token@AdobeID"

_ETAG_FIELDS: Mapping[str, tuple[str, ...]] = {RUNS: ("eTag",)}  # OpenAPI: the runs' lists spell it so


@dataclass(slots=True)
class Service:
    """One emulated Flow Service. `behaviour` can be exchanged while it runs; `clock` gives epoch seconds."""

    store: Store
    behaviour: Behaviour
    faults: Faults
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    def author(self, token: str, api_key: str) -> Author | None:
        """Whom a token was given to; None where it is not good."""
        if self.behaviour.static_token is not None and token == self.behaviour.static_token:
            return Author(STATIC_ACCOUNT, api_key)
        return self.store.token_author(token)

    def create_spec(self, kind: str, place: Place, body: Mapping[str, Any], author: Author) -> Row:
        """Keep a new spec, as the switches have it. Names are not unique: the same body twice makes twins."""
        return self.store.insert(kind, place, kept(kind, dict(body), self.behaviour), author)

    def replace_spec(
        self, kind: str, place: Place, spec_id: str, body: Mapping[str, Any], author: Author, if_match: str | None = None
    ) -> Row | None:
        """Put a body in the place of a spec's, whole; None where there is no such spec.

        Raises `DeclinedError` (412) where specs have etags and `if_match` names another than the spec has.
        """
        return self._replace(kind, place, spec_id, lambda _live: body, author, if_match)

    def _replace(
        self, kind: str, place: Place, spec_id: str, make: Make, author: Author, if_match: str | None = None
    ) -> Row | None:
        def change(row: Row) -> dict[str, Any]:
            if self.behaviour.etags and if_match not in (None, "*", row.etag):
                raise version_mismatch(str(if_match), row.etag)
            previous = msgspec.json.decode(row.body)
            body = kept(kind, dict(make(previous)), self.behaviour)
            new = managed.replaced(body, previous, place, author, self.store.now())
            if self.behaviour.updated_at_not_bumped and "updatedAt" in previous:
                new["updatedAt"] = previous["updatedAt"]
            return new

        return self.store.replace(kind, place, spec_id, change)

    def edit(
        self,
        spec_id: str,
        make: Make,
        author: Author,
        org: str | None = None,
        sandbox: str | None = None,
    ) -> Row:
        """Change a live spec past the gateway, as `author`: `make` gives the new body for the live one.

        `org` and `sandbox` say which, where the id is live in several places. Raises `UsageError` unless it is exactly one.
        """
        kind, place = self._the_one(spec_id, org, sandbox)
        row = self._replace(kind, place, spec_id, make, author)
        if row is None:  # pragma: no cover  it was there a moment ago, and nothing deletes specs
            raise UsageError(f"the spec {spec_id} is live nowhere")
        return row

    def _the_one(self, spec_id: str, org: str | None, sandbox: str | None) -> tuple[str, Place]:
        found = [
            (kind, place)
            for kind, place in self.store.whereabouts(spec_id)
            if kind in SPEC_KINDS and org in (None, place.org) and sandbox in (None, place.sandbox)
        ]
        if len(found) == 1:
            return found[0]
        where = ", ".join(f"{place.org} {place.sandbox}" for _, place in found) or "nowhere"
        raise UsageError(f"the spec {spec_id} is live {where}", hint="name one place, with org and sandbox")

    def find(self, kind: str, place: Place, object_id: str) -> Row | None:
        """One object; None where it does not exist or an access label hides it."""
        if object_id in self.behaviour.hidden:
            return None
        return self.store.find(kind, place, object_id)

    def rows(self, kind: str, place: Place, after: int = 0) -> list[Row]:
        """What a list shows: not what is hidden, and of specs not what is too new."""
        lag = self.behaviour.list_lag
        until = self.clock() - lag if lag and kind in SPEC_KINDS else None
        rows = self.store.rows(kind, place, after=after, born_until=until)
        left_out = {*self.behaviour.hidden, *self.behaviour.unlisted}
        return [row for row in rows if row.id not in left_out] if left_out else rows

    def answer(self, kind: str, row: Row) -> bytes:
        """The JSON of one object, as answers have it; opened only where a switch needs that."""
        if kind not in SPEC_KINDS:
            return with_etag(row.body, row.etag, _ETAG_FIELDS.get(kind, ("version", "etag")))
        body, renamed = row.body, self.behaviour.answered_transformations
        if kind == FLOW_SPECS and renamed is not None:
            body = msgspec.json.encode(with_transformations_as(renamed, msgspec.json.decode(body)))
        return with_etag(body, row.etag, ("etag",)) if self.behaviour.etags else body


def with_etag(body: bytes, etag: str, fields: tuple[str, ...]) -> bytes:
    """A JSON object with its entity tag added to the end, under each of the names."""
    value = msgspec.json.encode(etag)
    return body[:-1] + b"".join(b',"%b":%b' % (field.encode(), value) for field in fields) + b"}"
