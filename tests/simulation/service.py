"""Flow Service as a dictionary: what a simulation needs of it, in memory, on the simulation's clock, with a log of who did what."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from reconciler.documents.json_text import Document, decode, encode
from tests.simulation.appearance import BAD_ELEMENTS, ID_LIST, appearance, hidden_answer
from tests.simulation.clock import VirtualClock
from tests.simulation.habits_of_service import Habits
from tests.simulation.knowledge import Knowledge

UNSOLICITED = frozenset({"_links", "state"})
SERVICE = "/data/foundation/flowservice"
MANAGED = ("id", "createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient", "sandboxName", "etag")
OURS = "our-client"
NORMALISER = "flow-service"

Answered = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Write:
    """One POST or PUT that was carried out.

    `gone` are the ids that a flow spec held before it and not after, `lost` the fields; `changed` says whether `sourceSpec` is another one;
    `read_at` is until when what its last GET by id showed was true. `run` is which run of ours it
    was; `forgotten` are the fields and ids that it had been shown in the newest state that it knew, and that are not in what it wrote;
    `outdated` says that it was built on a reading from before its own last write.
    """

    at: float
    client: str
    method: str
    collection: str
    spec_id: str
    gone: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    read_at: float = 0.0
    changed: bool = False
    run: str = ""
    forgotten: frozenset[str] = frozenset()
    outdated: bool = False


@dataclass
class Spec:
    """One object with its past, for reads that are stale. `born` is when it was created."""

    born: float
    bodies: list[tuple[float, Document]]

    @property
    def body(self) -> Document:
        return self.bodies[-1][1]

    def version_at(self, moment: float) -> int:
        """The number of its state then; -1 where it was not there yet."""
        return sum(at <= moment for at, _ in self.bodies) - 1

    def true_until(self, version: int, now: float) -> float:
        """Until when this was its state."""
        return self.bodies[version + 1][0] if version + 1 < len(self.bodies) else now


@dataclass
class FlowServiceModel:
    """Both collections, the tokens, and the log."""

    clock: VirtualClock
    habits: Habits
    collections: dict[str, dict[str, Spec]] = field(default_factory=lambda: {"connectionSpecs": {}, "flowSpecs": {}})
    tokens: list[str] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    log: list[Write] = field(default_factory=list)
    unlisted: set[str] = field(default_factory=set)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    knowledge: Knowledge = field(default_factory=Knowledge)
    rng: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - a simulation
    _reads_since_write: Counter[str] = field(default_factory=Counter)
    _turn: int = 0
    _told: list[Callable[[], None]] = field(default_factory=list)

    def token(self) -> Answered:
        token = f"token-{len(self.tokens)}-unspeakable"
        self.tokens.append(token)
        self.valid.add(token)
        return 200, {}, encode({"access_token": token, "token_type": "bearer", "expires_in": 86399})

    def expire_tokens(self) -> None:
        self.valid.clear()

    def answer(self, method: str, path: str, headers: Mapping[str, str], content: bytes, query: str, run: str = "") -> Answered:
        """The answer to one request of a client, as far as a client with a token gets. `run` is which run of ours asks."""
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.valid:
            return 401, {}, encode({"error_code": "401013", "message": "Oauth token is not valid"})
        _, collection, *rest = path.removeprefix(SERVICE).split("/")
        client = headers["x-api-key"]
        if collection in ("flows", "sourceConnections"):
            return 200, {}, encode({"items": []})
        if not rest:
            if method == "POST":
                return self._written(collection, self.create(collection, decode(content), client, run), 201, run)
            return 200, {}, self._page(collection, query, run)
        spec_id = rest[0].lower()
        found = self.collections[collection].get(spec_id)
        if found is None:
            return self._not_found(spec_id)
        if method == "GET":
            return self._by_id(collection, spec_id, run)
        if "etag" in found.body and headers.get("if-match") not in (None, found.body["etag"]):
            return 412, {}, encode({"errorMessage": "Supplied version does not match the current version"})
        self.replace(collection, spec_id, decode(content), client, run)
        return self._written(collection, spec_id, 200, run)

    def take_told(self) -> Callable[[], None]:
        """What the answers since the last time tell the run that gets them: to be called when it has them whole."""
        told, self._told = self._told, []

        def tell() -> None:
            for one in told:
                one()

        return tell

    # Writes.

    def create(self, collection: str, body: Document, client: str, run: str = "") -> str:
        spec_id = str(UUID(int=next(self.numbers) + (4 << 76) + (8 << 60)))
        created = {"createdAt": self._stamp(), "createdBy": f"{client}@techacct", "createdClient": client}
        self.collections[collection][spec_id] = Spec(self.clock.time, [])
        self._store(collection, spec_id, self._kept(body) | {"id": spec_id} | created, client)
        self.log.append(Write(self.clock.time, client, "POST", collection, spec_id, run=run))
        return spec_id

    def replace(self, collection: str, spec_id: str, body: Document, client: str, run: str = "") -> None:
        spec, known = self.collections[collection][spec_id], self.knowledge.of(run, spec_id)
        before = spec.body
        audit = {name: before[name] for name in ("id", "createdAt", "createdBy", "createdClient")}
        self._store(collection, spec_id, self._kept(body) | audit, client)
        after = spec.body
        held = frozenset(after.get(ID_LIST) or ())
        write = Write(
            at=self.clock.time,
            client=client,
            method="PUT",
            collection=collection,
            spec_id=spec_id,
            gone=frozenset(before.get(ID_LIST) or ()) - held,
            lost=frozenset(before) - frozenset(after) - UNSOLICITED - {ID_LIST, "etag"},
            read_at=known.read_at,
            changed=before.get("sourceSpec") != after.get("sourceSpec"),
            run=run,
            forgotten=(known.fields - frozenset(body) - UNSOLICITED - set(MANAGED) - {ID_LIST}) | (known.ids - held),
            outdated=known.read < known.own,
        )
        self.log.append(write)

    def _store(self, collection: str, spec_id: str, body: Document, client: str) -> None:
        spec = self.collections[collection][spec_id]
        body |= {"updatedAt": self._stamp(), "updatedBy": f"{client}@techacct", "updatedClient": client, "sandboxName": "dev"}
        if self.habits.updated_at_not_bumped and spec.bodies:
            body["updatedAt"] = spec.body["updatedAt"]
        if self.habits.etags and not (self.habits.etags_on_some and int(spec_id[-1], 16) % 2):
            body["etag"] = f'"{len(self.log)}-{self.clock.time}"'
        spec.bodies.append((self.clock.time, body))
        self._reads_since_write[spec_id] = 0
        if self.habits.normalises_after is not None and client != NORMALISER:
            version = len(spec.bodies)
            self.clock.after(self.habits.normalises_after, lambda: self._normalise(collection, spec_id, version))

    def _normalise(self, collection: str, spec_id: str, version: int) -> None:
        """What the service makes of a body a moment after it was written, unless it was written again by then."""
        spec = self.collections[collection][spec_id]
        made = self._made_of(spec.body)
        if len(spec.bodies) != version or made == spec.body:
            return
        written_by = spec.body["updatedBy"], spec.body["updatedClient"]
        self._store(collection, spec_id, dict(made), NORMALISER)
        if not self.habits.normaliser:
            spec.body["updatedBy"], spec.body["updatedClient"] = written_by
        self.log.append(Write(self.clock.time, NORMALISER, "PUT", collection, spec_id))

    def _stamp(self) -> int:
        return int((self.clock.time + self.habits.skew) * 1000)

    def _kept(self, sent: Document) -> Document:
        body = {name: value for name, value in sent.items() if name not in MANAGED}
        return body if self.habits.normalises_after is not None else self._made_of(body)

    def _made_of(self, sent: Document) -> Document:
        body = dict(sent)
        if self.habits.drops_description:
            body.pop("description", None)
        attributes: Any = (body.get("sourceSpec") or {}).get("attributes")
        if isinstance(attributes, dict):
            kept = dict(attributes)
            if self.habits.defaults_auth_required:
                kept.setdefault("authRequired", False)
            if self.habits.content_path_string and isinstance(kept.get("contentPath"), dict):
                kept["contentPath"] = kept["contentPath"]["path"]
            body["sourceSpec"] = body["sourceSpec"] | {"attributes": kept}
        return body

    # Reads.

    def has(self, collection: str, spec_id: str) -> bool:
        """Whether there is such an object at all."""
        return spec_id.lower() in self.collections[collection]

    def live(self, collection: str, spec_id: str) -> Document:
        return decode(encode(self.collections[collection][spec_id].body))  # type: ignore[no-any-return]

    def stale(self, collection: str, spec_id: str, age: float, run: str = "") -> Document:
        """The body as it was some seconds ago; `run` is who is shown it."""
        spec = self.collections[collection][spec_id]
        version = max(spec.version_at(self.clock.time - age), 0)
        body = spec.bodies[version][1]
        self._told = [partial(self.knowledge.read, run, spec_id, version, body, spec.true_until(version, self.clock.time))]
        return body

    def visible_from(self, spec: Spec) -> float:
        """From when on lists of every kind show an object."""
        return spec.born + max(self.habits.list_lag, self.habits.filtered_lag or 0.0)

    def _by_id(self, collection: str, spec_id: str, run: str) -> Answered:
        spec = self.collections[collection][spec_id]
        version = self._version_by_id(spec_id, spec)
        if version < 0:
            return self._not_found(spec_id)
        less = self.habits.partial if self.habits.partial and self.rng.random() < self.habits.partial_share else ""
        body = appearance(spec.bodies[version][1], "get", self.habits, less)
        until = spec.true_until(version, self.clock.time)
        self._told.append(partial(self.knowledge.read, run, spec_id, version, body, until))
        return self._one(200, body, wrapped=True)

    def _version_by_id(self, spec_id: str, spec: Spec) -> int:
        newest = len(spec.bodies) - 1
        self._reads_since_write[spec_id] += 1
        if self._reads_since_write[spec_id] <= self.habits.stale_gets:
            return newest - 1
        if not self.habits.get_replicas:
            return newest
        self._turn += 1
        lag = self.habits.get_replicas[self._turn % len(self.habits.get_replicas)]
        return spec.version_at(self.clock.time - lag)

    def _not_found(self, spec_id: str) -> Answered:
        if self.habits.hidden_answer is not None and spec_id.startswith("their-"):
            return hidden_answer(self.habits.hidden_answer + len(spec_id), spec_id)
        error = {"type": "https://ns.adobe.com/aep/errors/FLOW-1439-404", "title": "Resource not found", "status": 404}
        return 404, {}, encode(error)

    def _page(self, collection: str, query: str, run: str) -> bytes:
        asked = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "start"]
        shown = self._shown(collection, [value for name, value in asked if name == "property"], run)
        size, start = self.habits.page_size or max(len(shown), 1), int(dict(parse_qsl(query)).get("start", 0))
        if start and shown and self.rng.random() < self.habits.shifting:
            shown = [shown[-1], *shown[:-1]]
        page = b",".join(body for body in shown[start : start + size])
        parts = [b'{"items":[%b]' % page]
        if self.habits.counts:
            parts.append(b',"count":%d' % len(shown))
        if start + size < len(shown):
            link = f"/{collection}?{urlencode([*asked, ('start', start + size)])}"
            parts.append(b',"_links":' + encode({"next": {"href": link}}))
        return b"".join([*parts, b"}"])

    def _shown(self, collection: str, filters: list[str], run: str) -> list[bytes]:
        """The JSON of each object that a list shows."""
        lag = self.habits.list_lag
        if filters and self.habits.filtered_lag is not None:
            lag = self.habits.filtered_lag
        shown = []
        for spec_id, spec in self.collections[collection].items():
            if spec.born + lag > self.clock.time or spec_id in self.unlisted:
                continue
            version = max(spec.version_at(self.clock.time - self.habits.list_bodies_lag), 0)
            body = appearance(spec.bodies[version][1], "list", self.habits)
            if all(_matches(body, wanted) for wanted in filters):
                self._told.append(partial(self.knowledge.list, run, spec_id, version, body))
                shown.append(encode(body))
        return shown + ([] if filters else [BAD_ELEMENTS[number] for number in self.habits.bad_elements])

    def _written(self, collection: str, spec_id: str, status: int, run: str) -> Answered:
        spec = self.collections[collection][spec_id]
        body = appearance(spec.body, "write", self.habits)
        self._told.append(partial(self.knowledge.wrote, run, spec_id, len(spec.bodies) - 1, body))
        return self._one(status, body, wrapped=self.habits.wraps)

    def _one(self, status: int, body: Document, *, wrapped: bool) -> Answered:
        headers = {"etag": body["etag"]} if "etag" in body else {}
        return status, headers, encode({"items": [body]} if wrapped else body)


def _matches(body: Document, wanted: str) -> bool:
    """Whether a filter of the form `name==value` lets an object through; by its very letters, as far as anybody knows."""
    name, _, value = wanted.partition("==")
    return body.get(name) == value.strip('"')
