"""A Flow Service that keeps the bytes that it was sent: for bodies that no JSON library writes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import httpx

from reconciler.emulator import Emulator
from reconciler.texts.raw_json import members
from tests.applying.world import BATCH, CLIENT, Tap, World

FOREIGN = "0b6a1f2e-0000-4000-8000-000000000000"
_MANAGED = frozenset({"id", "updatedAt", "updatedClient", "createdClient"})


@dataclass
class RawService(Tap):
    """Bodies by collection and id, as text; `extra` are entries of the lists that are no specs."""

    emulator: Emulator
    bodies: dict[str, dict[str, bytes]] = field(default_factory=lambda: {"connectionSpecs": {}, "flowSpecs": {}})
    extra: dict[str, list[bytes]] = field(default_factory=lambda: {"connectionSpecs": [], "flowSpecs": []})
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.emulator)
        self._numbers = itertools.count(1)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        _, _, rest = request.url.path.partition("/flowservice/")
        collection, _, spec_id = rest.partition("/")
        if collection not in self.bodies:
            return super().handle_request(request)
        held = self.bodies[collection]
        if request.method == "GET":
            return self._answer([held[spec_id]] if spec_id else [*held.values(), *self.extra[collection]])
        spec_id = spec_id or f"{next(self._numbers):08d}-0000-4000-8000-000000000000"
        self.sent.append((request.method, f"/{collection}/{spec_id}", request.content))
        self.put(collection, spec_id, request.content)
        return self._answer([held[spec_id]], 201 if request.method == "POST" else 200)

    def put(self, collection: str, spec_id: str, body: bytes) -> None:
        """Keep this object under an id, with what the service manages in front."""
        fields = [name for name, _ in members(body)]
        assert not _MANAGED & set(fields), fields
        managed = f'{{"id":"{spec_id}","updatedAt":{1_700_000_000_000 + next(self._numbers)},"createdClient":"{CLIENT}",'
        self.bodies[collection][spec_id] = managed.encode() + f'"updatedClient":"{CLIENT}",'.encode() + body.strip()[1:]

    def _answer(self, items: list[bytes], status: int = 200) -> httpx.Response:
        return httpx.Response(status, content=b'{"items":[' + b",".join(items) + b"]}")


def raw_world(world: World, **flow: bytes) -> RawService:
    """A world of one spec of somebody else's and a shared flow spec, which has these sections besides its name."""
    service = RawService(world.emulator)
    world.tap = service
    world.service = world.connect()
    sections = b"".join(b',"%s":%s' % (name.encode(), value) for name, value in flow.items())
    service.put("flowSpecs", BATCH, b'{"name":"RestStorageToAEP","providerId":"p"' + sections + b"}")
    service.put("connectionSpecs", FOREIGN, b'{"name":"somebody else\'s"}')
    return service
