"""Experience Platform in memory: what proofs make in it, in the form of each service, with its refusals and its lags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

import httpx

from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.dataflows.places import PLACES
from reconciler.dataflows.resources import ResourceType
from reconciler.http.clock import Stop
from reconciler.proving.naming import description_of, name_of
from reconciler.proving.report import LeftOver
from tests.dataflows.wires import client, refused
from tests.flowservice.simulated import Service, SimulatedClock, answer

RUN = "20231114T2200-7f3a"
"""Began half an hour before the simulated clock starts, at 22:30."""
OTHER_RUN = "20231114T1200-0b0b"
"""Began long before."""
REPOSITORY = "acme/aep-sources"
KEY = "mailchimp-members"

_USED_BY: dict[ResourceType, tuple[ResourceType, str, int]] = {
    "sourceConnection": ("flow", "sourceConnectionIds", 1447),
    "targetConnection": ("flow", "targetConnectionIds", 1447),
    "connection": ("sourceConnection", "baseConnectionId", 1418),
}


@dataclass
class Platform:
    """The resources by type and id, what was sent, and what is odd; `hooks` answer first, by method and part of the path."""

    clock: SimulatedClock = field(default_factory=SimulatedClock)
    held: dict[ResourceType, dict[str, dict[str, Any]]] = field(default_factory=lambda: {kind: {} for kind in PLACES})
    sent: list[tuple[str, str]] = field(default_factory=list)
    hooks: list[tuple[str, str, Callable[[httpx.Request], httpx.Response | None]]] = field(default_factory=list)
    get_lag: float = 0.0
    unlisted: set[str] = field(default_factory=set)
    odd: dict[ResourceType, Any] = field(default_factory=dict)
    gone_at: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    def add(self, kind: ResourceType, resource_id: str, *, run: str | None = RUN, key: str = KEY, **body: Any) -> str:
        """A resource as a proof makes it, unless the body says something else."""
        name = name_of(key, run, kind.lower()) if run else f"reconciler-proof/{key}/{kind.lower()}"
        described = description_of(run, REPOSITORY, "dev", key)
        title = "title" if PLACES[kind].form == "results" else "name"
        self.held[kind][resource_id] = {title: name, "description": described} | body
        return resource_id

    def whole(self, run: str = RUN, key: str = KEY, suffix: str = "") -> None:
        """All that one proof makes."""
        self.add("connection", f"c{suffix}", run=run, key=key)
        self.add("sourceConnection", f"s{suffix}", run=run, key=key, baseConnectionId=f"c{suffix}")
        self.add("schema", f"_acme.schemas.x{suffix}", run=run, key=key)
        self.add("fieldgroup", f"_acme.mixins.x{suffix}", run=run, key=key)
        self.add("dataset", f"d{suffix}", run=run, key=key)
        self.add("targetConnection", f"t{suffix}", run=run, key=key)
        self.add("mappingSet", f"m{suffix}", run=None, key=key)
        self.add("flow", f"f{suffix}", run=run, key=key, sourceConnectionIds=[f"s{suffix}"], targetConnectionIds=[f"t{suffix}"])

    @property
    def ids(self) -> set[str]:
        return {resource_id for resources in self.held.values() for resource_id in resources}

    @property
    def deletes(self) -> list[str]:
        """The ids of the DELETEs that were sent, in order."""
        return [path.rstrip("/").rpartition("/")[2] for method, path in self.sent if method == "DELETE"]

    def hook(self, method: str, part: str, reply: Callable[[httpx.Request], httpx.Response | None]) -> None:
        """Answer these requests in another way; None lets them pass."""
        self.hooks.append((method, part, reply))

    def cleaner(self, stop: Stop | None = None) -> ProofCleaner:
        return client(ProofCleaner, Service(self.reply), self.clock, stop=stop)

    def reply(self, request: httpx.Request) -> httpx.Response:
        path = unquote(request.url.path)
        self.sent.append((request.method, path))
        for method, part, reply in self.hooks:
            if method == request.method and path.rstrip("/").endswith(part) and (found := reply(request)) is not None:
                return found
        for kind, place in PLACES.items():
            base = f"/data/foundation/{place.service}{place.path}"
            if path == base:
                return self._list(kind, request)
            if found_id := re.fullmatch(rf"{re.escape(base)}/([^/]+)/?", path):
                return self._one(kind, found_id[1], request.method)
        raise AssertionError(path)

    def _list(self, kind: ResourceType, request: httpx.Request) -> httpx.Response:
        query = parse_qs(request.url.query.decode())
        filters = query.get("name", []) + [value.partition("==")[2] for value in query.get("property", [])]
        wanted = next(iter(filters), None)
        start = int(query.get("start", ["0"])[0])
        shown = [(rid, body) for rid, body in self.held[kind].items() if rid not in self.unlisted]
        if wanted is not None:
            shown = [(rid, body) for rid, body in shown if wanted in (body.get("name"), body.get("title"))]
        odd = [self.odd[kind]] if kind in self.odd and not start else []
        match PLACES[kind].form:
            case "keyed":
                page = {} if start else dict(shown) | ({"odd": odd[0]} if odd else {})
                return answer(200, page)
            case "results":
                brief = [{"title": body.get("title"), "meta:altId": rid, "$id": f"https://ns/{rid}"} for rid, body in shown]
                return answer(200, {"results": [*brief, *odd], "_page": {"next": None}, "_links": {"next": None}})
            case "data":
                return answer(200, {"data": [] if start else [{"id": rid} | body for rid, body in shown]})
        return answer(200, {"items": [*({"id": rid} | body for rid, body in shown), *odd]})

    def _one(self, kind: ResourceType, resource_id: str, method: str) -> httpx.Response:
        body = self.held[kind].get(resource_id)
        if method == "DELETE":
            return self._delete(kind, resource_id)
        if body is None:
            at, lagging = self.gone_at.get(resource_id, (-1e9, {}))
            body = lagging if self.clock.time < at + self.get_lag else None
        if body is None:
            return not_found()
        if PLACES[kind].form == "keyed":
            return answer(200, {resource_id: body})
        return answer(200, {"id": resource_id, "meta:altId": resource_id, "$id": f"https://ns/{resource_id}"} | body)

    def _delete(self, kind: ResourceType, resource_id: str) -> httpx.Response:
        if resource_id not in self.held[kind]:
            return not_found()
        if kind in _USED_BY:
            user, member, code = _USED_BY[kind]
            if any(resource_id in _listed(body.get(member)) for body in self.held[user].values()):
                return refused(f"{code}-400", words="in use")
        self.gone_at[resource_id] = self.clock.time, self.held[kind].pop(resource_id)
        return answer(200, [f"@/dataSets/{resource_id}"]) if kind == "dataset" else answer(204)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def not_found() -> httpx.Response:
    return answer(404, {"title": "Resource not found", "status": 404, "report": {"detailed-message": "it is not there"}})


@dataclass
class Notes:
    """The part of a journal that the clean-up writes, and the progress, in memory."""

    deletions: list[tuple[str, str, str]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)

    def deleted(self, resource: LeftOver, outcome: str) -> None:
        self.deletions.append((resource.id, outcome, resource.reason))

    def step(self, message: str) -> None:
        self.steps.append(message)


def once(*replies: httpx.Response | Exception) -> Callable[[httpx.Request], httpx.Response | None]:
    """A hook that answers the first requests, and lets the others pass."""
    left: Iterator[httpx.Response | Exception] = iter(replies)

    def reply(_request: httpx.Request) -> httpx.Response | None:
        found = next(left, None)
        if isinstance(found, Exception):
            raise found
        return found

    return reply
