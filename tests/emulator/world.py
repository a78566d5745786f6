"""An emulator with a client at hand, and a clock that moves only when somebody sleeps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import httpx

from reconciler.emulator import Behaviour, Emulator, Fault, build

HOST = "https://platform.adobe.io"
SERVICE = "/data/foundation/flowservice"
BASE = f"{HOST}{SERVICE}"
TOKENS = "https://ims-na1.adobelogin.com/ims/token/v3"

REST = "6499120c-0b15-42dc-936e-847ea3c24d72"
STREAMING = "e77fde5a-22a8-11ed-861d-0242ac120002"
LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
S3 = "ecadc60c-7455-4d87-84dc-2a0e293d997b"

HEADERS = {
    "Authorization": "Bearer open-sesame",
    "x-api-key": "robot",
    "x-gw-ims-org-id": "ACME@AdobeOrg",
    "x-sandbox-name": "dev",
}
SPEC: dict[str, Any] = {"name": "mailchimp", "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a", "version": "1.0"}
FORM = {
    "client_id": "robot",
    "client_secret": "hush",
    "grant_type": "client_credentials",
    "scope": "openid,AdobeID",
}


class Clock:
    """Epoch seconds that stand still until somebody sleeps."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Ids:
    """The UUIDs 1, 2, 3 …"""

    def __init__(self) -> None:
        self.given = 0

    def __call__(self) -> UUID:
        self.given += 1
        return UUID(int=self.given, version=4)


class World:
    """One emulator and an admitted client of it; paths of the client are below the service."""

    def __init__(
        self,
        behaviour: Behaviour | None = None,
        faults: Sequence[Fault] = (),
        db: Path | Literal[":memory:"] = ":memory:",
        clock: Clock | None = None,
        **switches: Any,
    ) -> None:
        self.clock = clock or Clock()
        switched = behaviour or Behaviour(static_token="open-sesame", **switches)
        self.emulator: Emulator = build(db, switched, faults, clock=self.clock, sleep=self.clock.sleep, new_id=Ids())
        self.client = httpx.Client(transport=self.emulator.transport(), base_url=BASE, headers=HEADERS)
        self.stranger = httpx.Client(transport=self.emulator.transport())

    def items(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """What a list shows."""
        answer = self.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def names(self, path: str, **params: Any) -> list[str]:
        return [item["name"] for item in self.items(path, **params)]

    def create(self, path: str = "/connectionSpecs", **body: Any) -> str:
        """Create something, and give its id."""
        answer = self.client.post(path, json={**SPEC, **body} if path.endswith("Specs") else body)
        assert answer.status_code == 201, answer.text
        document = answer.json()
        created: str = document["items"][0]["id"] if "items" in document else document["id"]
        return created

    def read(self, path: str) -> dict[str, Any]:
        """One object, unwrapped."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document["items"][0] if "items" in document else document

    def close(self) -> None:
        self.client.close()
        self.stranger.close()
        self.emulator.close()
