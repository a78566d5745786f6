"""Flow Service as a dictionary: what a simulation needs of it, in memory, on the simulation's clock, with a log of who did what."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from reconciler.documents.json_text import Document, decode, encode
from tests.simulation.clock import VirtualClock

SERVICE = "/data/foundation/flowservice"
MANAGED = ("id", "createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient", "sandboxName", "etag")
OURS = "our-client"


@dataclass(frozen=True)
class Habits:
    """What this service does to a body, and how its lists and answers behave."""

    drops_description: bool = False
    defaults_auth_required: bool = False
    content_path_string: bool = False
    etags: bool = False
    list_lag: float = 0.0
    page_size: int = 0
    wraps: bool = False


@dataclass(frozen=True)
class Write:
    """One POST or PUT that was carried out.

    `gone` are the ids that a flow spec held before it and not after, `lost` the fields; `changed` says whether `sourceSpec` is another one;
    `read_at` is when the object was last read by id.
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


@dataclass
class Spec:
    """One object with its past, for reads that are stale. `born` is when it was created."""

    born: float
    bodies: list[tuple[float, Document]]

    @property
    def body(self) -> Document:
        return self.bodies[-1][1]


@dataclass
class FlowServiceModel:
    """Both collections, the tokens, and the log."""

    clock: VirtualClock
    habits: Habits
    collections: dict[str, dict[str, Spec]] = field(default_factory=lambda: {"connectionSpecs": {}, "flowSpecs": {}})
    tokens: list[str] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    log: list[Write] = field(default_factory=list)
    reads: dict[str, float] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def token(self) -> tuple[int, dict[str, str], bytes]:
        token = f"token-{len(self.tokens)}-unspeakable"
        self.tokens.append(token)
        self.valid.add(token)
        return 200, {}, encode({"access_token": token, "token_type": "bearer", "expires_in": 86399})

    def expire_tokens(self) -> None:
        self.valid.clear()

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes, query: str
    ) -> tuple[int, dict[str, str], bytes]:
        """The answer to one request of a client, as far as a client with a token gets."""
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.valid:
            return 401, {}, encode({"error_code": "401013", "message": "Oauth token is not valid"})
        _, collection, *rest = path.removeprefix(SERVICE).split("/")
        client = headers["x-api-key"]
        if collection in ("flows", "sourceConnections"):
            return 200, {}, encode({"items": []})
        if not rest:
            if method == "POST":
                return self._created(collection, self.create(collection, decode(content), client))
            return 200, {}, self._page(collection, query)
        found = self.collections[collection].get(rest[0])
        if found is None:
            return (
                404,
                {},
                encode({"type": "https://ns.adobe.com/aep/errors/FLOW-1439-404", "title": "Resource not found", "status": 404}),
            )
        if method == "GET":
            self.reads[rest[0]] = self.clock.time
            return self._one(200, found.body, wrapped=True)
        if self.habits.etags and headers.get("if-match") not in (None, found.body["etag"]):
            return 412, {}, encode({"errorMessage": "Supplied version does not match the current version"})
        self.replace(collection, rest[0], decode(content), client)
        return self._one(200, found.body, wrapped=self.habits.wraps)

    def create(self, collection: str, body: Document, client: str) -> str:
        spec_id = str(UUID(int=next(self.numbers) + (4 << 76) + (8 << 60)))
        created = {"createdAt": self.clock.milliseconds(), "createdBy": f"{client}@techacct", "createdClient": client}
        self.collections[collection][spec_id] = Spec(self.clock.time, [])
        self._store(collection, spec_id, self._kept(body) | {"id": spec_id} | created, client)
        self.log.append(Write(self.clock.time, client, "POST", collection, spec_id))
        return spec_id

    def replace(self, collection: str, spec_id: str, body: Document, client: str) -> None:
        before = self.collections[collection][spec_id].body
        audit = {name: before[name] for name in ("id", "createdAt", "createdBy", "createdClient")}
        self._store(collection, spec_id, self._kept(body) | audit, client)
        after = self.collections[collection][spec_id].body
        gone = frozenset(before.get("sourceConnectionSpecIds") or ()) - frozenset(after.get("sourceConnectionSpecIds") or ())
        changed = before.get("sourceSpec") != after.get("sourceSpec")
        lost = frozenset(before) - frozenset(after) - {"sourceConnectionSpecIds"}
        self.log.append(
            Write(self.clock.time, client, "PUT", collection, spec_id, gone, lost, self.reads.get(spec_id, 0.0), changed)
        )

    def live(self, collection: str, spec_id: str) -> Document:
        return decode(encode(self.collections[collection][spec_id].body))  # type: ignore[no-any-return]

    def stale(self, collection: str, spec_id: str, age: float) -> Document:
        """The body as it was some seconds ago."""
        bodies = self.collections[collection][spec_id].bodies
        return next((body for at, body in reversed(bodies) if at <= self.clock.time - age), bodies[0][1])

    def _store(self, collection: str, spec_id: str, body: Document, client: str) -> None:
        body |= {
            "updatedAt": self.clock.milliseconds(),
            "updatedBy": f"{client}@techacct",
            "updatedClient": client,
            "sandboxName": "dev",
        }
        if self.habits.etags:
            body["etag"] = f'"{len(self.log)}-{self.clock.time}"'
        self.collections[collection][spec_id].bodies.append((self.clock.time, body))

    def _kept(self, sent: Document) -> Document:
        body = {name: value for name, value in sent.items() if name not in MANAGED}
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

    def _page(self, collection: str, query: str) -> bytes:
        shown = [
            spec.body
            for spec_id, spec in self.collections[collection].items()
            if spec.born + self.habits.list_lag <= self.clock.time and spec_id not in self.unlisted
        ]
        size = self.habits.page_size or max(len(shown), 1)
        start = int(query.rpartition("=")[2] or 0) if "start" in query else 0
        page: Document = {"items": shown[start : start + size]}
        if start + size < len(shown):
            page["_links"] = {"next": {"href": f"/{collection}?start={start + size}"}}
        return encode(page)

    def _created(self, collection: str, spec_id: str) -> tuple[int, dict[str, str], bytes]:
        return self._one(201, self.collections[collection][spec_id].body, wrapped=self.habits.wraps)

    def _one(self, status: int, body: Document, *, wrapped: bool) -> tuple[int, dict[str, str], bytes]:
        headers = {"etag": body["etag"]} if "etag" in body else {}
        return status, headers, encode({"items": [body]} if wrapped else body)
