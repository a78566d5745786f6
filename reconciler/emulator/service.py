"""The running service: its store, switches and faults, and the operations that endpoints use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from reconciler.documents.merge import merge_patch
from reconciler.emulator import managed, passwords
from reconciler.emulator.departed import Departed, Departure
from reconciler.emulator.model import (
    CONNECTION_SPECS,
    CONNECTIONS,
    FLOW_KINDS,
    FLOW_SPECS,
    FLOWS,
    RUNS,
    SPEC_KINDS,
    Author,
    Place,
    Row,
)
from reconciler.emulator.normalise import kept, with_transformations_as
from reconciler.emulator.problems import version_mismatch
from reconciler.emulator.readings import Readings
from reconciler.emulator.shown import shown
from reconciler.emulator.shown_runs import is_listed, shown_run
from reconciler.emulator.store import Store
from reconciler.emulator.switches.behaviour import Behaviour
from reconciler.emulator.switches.faults import Faults
from reconciler.emulator.switches.habits import Way
from reconciler.emulator.timeline import Timeline
from reconciler.errors import UsageError
from reconciler.sources.messages import Fetch, NoAnswer, Request


class Judged(Protocol):
    """What an answer to a request to the inlet needs."""

    @property
    def status(self) -> int: ...

    @property
    def why(self) -> str: ...

    @property
    def events(self) -> int: ...


class Watch(Protocol):
    """Judges a request to the inlet that belongs to no flow."""

    def __call__(self, headers: Mapping[str, str], body: bytes, *, is_batch: bool) -> Judged: ...


Make = Callable[[dict[str, Any]], Mapping[str, Any]]

STATIC_ACCOUNT = "static-token@AdobeID"

_ETAG_FIELDS: Mapping[str, tuple[str, ...]] = {RUNS: ("eTag",)}  # the spelling in the OpenAPI


def unreachable(_request: Request) -> NoAnswer:
    """The fetch of an emulator that may call nobody."""
    return NoAnswer("host-refused", "this emulator calls no third party")


def nothing() -> None:
    """What happens before third parties are called, unless the emulator serves some."""


def as_stored(flow: bytes) -> bytes:
    """The JSON of a flow as answers have it, if nobody serves inlets."""
    return flow


def ignored(_place: Place, _flow: Row) -> None:
    """What happens at a change of a flow if nothing runs flows."""


@dataclass(slots=True)
class Service:
    """One emulated Flow Service. `behaviour` can be changed while it runs."""

    store: Store
    behaviour: Behaviour
    faults: Faults
    timeline: Timeline
    sleep: Callable[[float], None]
    readings: Readings = field(default_factory=Readings)
    fetch: Fetch = unreachable
    """Calls third parties: for tests of credentials, previews and runs."""
    begin: Callable[[], None] = nothing
    """Called before a test of credentials, a preview or a run: third parties that the emulator serves count their requests anew."""
    on_flow: Callable[[Place, Row], None] = ignored
    """Called after a flow was created, changed or enabled."""
    show_flow: Callable[[bytes], bytes] = as_stored
    """The JSON of a flow as answers have it, from the JSON that is stored."""
    watch: Watch | None = None
    """Judges requests to the inlet that belongs to no flow; None if there is no such inlet."""
    departed: Departed = field(default_factory=Departed)
    scopes: dict[str, frozenset[str]] = field(default_factory=dict)
    """The scopes of the tokens that were issued, by token."""

    def clock(self) -> float:
        """Epoch seconds."""
        return self.timeline.now()

    def wall_clock(self) -> float:
        """Epoch seconds as the service sees them: its clock may be off by `clock_skew`."""
        return self.clock() + self.behaviour.clock_skew

    def author(self, token: str, api_key: str) -> Author | None:
        """The author that a token was issued to; None if it is not valid."""
        if self.behaviour.static_token is not None and token == self.behaviour.static_token:
            return Author(STATIC_ACCOUNT, api_key)
        return self.store.token_author(token)

    def create_spec(self, kind: str, place: Place, body: Mapping[str, Any], author: Author) -> Row:
        """Store a new spec, subject to the switches. Names are not unique: the same body twice creates duplicates."""
        late = self.behaviour.normalise_after
        row = self.store.insert(kind, place, kept(kind, dict(body), self.behaviour) if late is None else body, author)
        self._written(kind, place, row, author)
        return row

    def replace_spec(
        self, kind: str, place: Place, spec_id: str, make: Make, author: Author, if_match: str | None = None
    ) -> Row | None:
        """Replace the whole body with the result of `make` for the live body; None if the spec does not exist.

        Raises `DeclinedError` (412) if specs have etags and `if_match` differs from the spec's.
        """

        def change(row: Row) -> dict[str, Any]:
            if self.has_etag(kind, row) and if_match not in (None, "*", row.etag):
                raise version_mismatch(str(if_match), row.etag)
            previous = msgspec.json.decode(row.body)
            body = dict(make(previous))
            if self.behaviour.normalise_after is None:
                body = kept(kind, body, self.behaviour)
            new = managed.replaced(body, previous, place, author, self.store.now())
            if self.behaviour.updated_at_not_bumped and "updatedAt" in previous:
                new["updatedAt"] = previous["updatedAt"]
            return new

        row = self.store.replace(kind, place, spec_id, change)
        if row is not None:
            self._written(kind, place, row, author)
        return row

    def _written(self, kind: str, place: Place, row: Row, author: Author) -> None:
        """Restart the read count after a write, and schedule the later normalization if it is switched on."""
        self.readings.written(row.id)
        after, by = self.behaviour.normalise_after, self.behaviour.normalised_by
        if after is None:
            return
        writer = Author(by, by) if by else author

        async def make_over() -> None:
            live = self.store.find(kind, place, row.id)
            if live is None or live.revision != row.revision:
                return  # a newer write has its own normalization
            body = msgspec.json.decode(live.body)
            now_kept = kept(kind, dict(body), self.behaviour)
            if list(now_kept.items()) != list(body.items()):
                made = managed.replaced(now_kept, body, place, writer, self.store.now())
                self.store.replace(kind, place, row.id, lambda _row: made)
                self.readings.written(row.id)

        self.timeline.after(after, make_over)

    def edit(self, spec_id: str, make: Make, author: Author, org: str | None = None, sandbox: str | None = None) -> Row:
        """Change a live spec directly, as `author`: `make` returns the new body for the live one.

        `org` and `sandbox` select the spec if the id exists in several sandboxes. Raises `UsageError` unless exactly one matches.
        """
        kind, place = self._the_one(spec_id, org, sandbox)
        row = self.replace_spec(kind, place, spec_id, make, author)
        if row is None:  # pragma: no cover  it was just found, and nothing deletes specs
            raise UsageError(f"the spec {spec_id} is not live in any sandbox")
        return row

    def make(self, wish: Mapping[str, Any], author: Author) -> Row:
        """Create a spec directly, as `author`: the body `spec`, or a copy of the live spec `copy_of`; `patch` is merged into either.

        Raises `UsageError` if the spec or the location is missing.
        """
        kind, place = str(wish.get("kind", CONNECTION_SPECS)), Place(str(wish.get("org", "")), str(wish.get("sandbox", "")))
        body: Any = wish.get("spec")
        if "copy_of" in wish:
            kind, place = self._the_one(str(wish["copy_of"]), wish.get("org"), wish.get("sandbox"))
            row = self.store.find(kind, place, str(wish["copy_of"]))
            body = msgspec.json.decode(row.body) if row is not None else None
        if kind not in SPEC_KINDS or not place.org or not place.sandbox or not isinstance(body, dict):
            raise UsageError("no spec to create was given", hint="give kind, org, sandbox and spec, or copy_of")
        return self.create_spec(kind, place, merge_patch(body, wish.get("patch") or {}), author)

    def behave(self, behaviour: Behaviour) -> None:
        """Set the switches and reset their counters."""
        self.behaviour, self.readings = behaviour, Readings()

    def _the_one(self, spec_id: str, org: str | None, sandbox: str | None) -> tuple[str, Place]:
        found = [
            (kind, place)
            for kind, place in self.store.whereabouts(spec_id)
            if kind in SPEC_KINDS and org in (None, place.org) and sandbox in (None, place.sandbox)
        ]
        if len(found) == 1:
            return found[0]
        where = ", ".join(f"{place.org} {place.sandbox}" for _, place in found) or "nowhere"
        raise UsageError(f"the spec {spec_id} is live {where}", hint="choose one with org and sandbox")

    def find(self, kind: str, place: Place, object_id: str) -> Row | None:
        """One object; None if it does not exist or an access label hides it."""
        if object_id in self.behaviour.hidden:
            return None
        gone = (row for row in self.departed.shown(kind, place, self.clock()) if row.id == object_id)
        row = self.store.find(kind, place, object_id) or next(gone, None)
        return row if row is None or self._has_appeared(kind, row) else None

    def _has_appeared(self, kind: str, row: Row) -> bool:
        if kind in FLOW_KINDS and row.born > self.clock() - self.behaviour.new_lag:
            return not self.behaviour.new_lag
        return kind != RUNS or is_listed(row.body, self.behaviour, self.store.now() / 1000)

    def delete(self, kind: str, place: Place, object_id: str) -> bool:
        """Delete an object, subject to the switches; whether it existed."""
        row = self.store.find(kind, place, object_id)
        if row is None or not self.store.delete(kind, place, object_id):
            return False
        now, behaviour = self.clock(), self.behaviour
        self.departed.add(Departure(kind, place, row, now + behaviour.gone_lag, now + behaviour.delete_lag), now)
        return True

    def holding(self, kind: str, place: Place) -> list[Row]:
        """The objects that keep others in use, with those whose deletion is not seen everywhere yet."""
        return [*self.store.rows(kind, place), *self.departed.holding(kind, place, self.clock())]

    def shown(self, kind: str, place: Place, object_id: str) -> Row | None:
        """One spec as a GET by id returns it, possibly an earlier state; None if it is hidden or does not exist (yet)."""
        if object_id in self.behaviour.hidden:
            return None
        return self.readings.by_id(self.store, self.behaviour, kind, place, object_id)

    def rows(self, kind: str, place: Place, after: int = 0, *, filtered: bool = False) -> list[Row]:
        """The objects of a list, without hidden ones and those that are too new."""
        if kind in SPEC_KINDS:
            listed = self.readings.listed(self.store, self.behaviour, kind, place, filtered=filtered)
            rows = [row for row in listed if row.seq > after] if after else listed
        else:
            gone = [row for row in self.departed.shown(kind, place, self.clock()) if row.seq > after]
            until = self.clock() - self.behaviour.new_list_lag if self.behaviour.new_list_lag and kind in FLOW_KINDS else None
            stored = self.store.rows(kind, place, after=after, born_until=until)
            stored = [row for row in stored if kind != RUNS or self._has_appeared(kind, row)]
            rows = sorted([*stored, *gone], key=lambda row: row.seq) if gone else stored
        left_out = {*self.behaviour.hidden, *self.behaviour.unlisted}
        return [row for row in rows if row.id not in left_out] if left_out else rows

    def has_etag(self, kind: str, row: Row) -> bool:
        """Whether this spec has an etag."""
        return self.behaviour.etags and not {kind, row.id} & set(self.behaviour.etags_except)

    def answer(self, kind: str, row: Row, way: Way = "get") -> bytes:
        """The JSON of one object as responses have it. It is decoded only if a switch requires it."""
        if kind == RUNS:
            return with_etag(shown_run(row.body, self.behaviour, self.store.now() / 1000), row.etag, _ETAG_FIELDS[RUNS])
        if kind not in SPEC_KINDS:
            own = self.show_flow(row.body) if kind == FLOWS else row.body
            if kind == CONNECTIONS:
                own = passwords.shown(row.body, self.behaviour.credentials_shown)
            return with_etag(own, row.etag, _ETAG_FIELDS.get(kind, ("version", "etag")))
        body, renamed = row.body, self.behaviour.answered_transformations
        if kind == FLOW_SPECS and renamed is not None:
            body = msgspec.json.encode(with_transformations_as(renamed, msgspec.json.decode(body)))
        body = shown(body, way, self.behaviour)
        return with_etag(body, row.etag, ("etag",)) if self.has_etag(kind, row) else body


def with_etag(body: bytes, etag: str, fields: tuple[str, ...]) -> bytes:
    """A JSON object with its entity tag appended under each of the names."""
    value = msgspec.json.encode(etag)
    return body[:-1] + b"".join(b',"%b":%b' % (field.encode(), value) for field in fields) + b"}"
