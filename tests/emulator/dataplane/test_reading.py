from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator.dataplane.reading import NotReadable, Reading, reading_of
from reconciler.emulator.model import SOURCE_CONNECTIONS, Author, Place
from reconciler.sources.evidence import Assumptions
from reconciler.sources.request import first_request
from reconciler.sources.values import Values
from tests.emulator.world import World

DEV = Place("ACME@AdobeOrg", "dev")
BASIC: dict[str, Any] = {
    "name": "Basic Authentication",
    "type": "BasicAuthentication",
    "spec": {
        "type": "object",
        "properties": {"username": {"type": "string"}, "password": {"type": "string", "format": "password"}},
    },
}
SOURCE: dict[str, Any] = {
    "spec": {"type": "object", "properties": {"listId": {"type": "string"}}},
    "attributes": {
        "urlParams": {"host": "https://api.acme.com", "path": "/lists/${listId}", "method": "GET"},
        "contentPath": "$.members",
    },
}


def connected(world: World, **body: Any) -> dict[str, Any]:
    """A source connection in the store, with a base connection."""
    store, author = world.emulator.store, Author("a", "b")
    spec = {"id": world.create(authSpec=[BASIC], sourceSpec=SOURCE), "version": "1.0"}
    auth = {"specName": "Basic Authentication", "params": {"username": "ann", "password": "hush"}}
    base = store.insert("connections", DEV, {"connectionSpec": spec, "auth": auth}, author)
    made = {"connectionSpec": spec, "baseConnectionId": base.id, "params": {"listId": "7"}, **body}
    store.insert(SOURCE_CONNECTIONS, DEV, made, author)
    return made


def test_a_source_connection_is_read_with_its_spec_and_all_values(world: World) -> None:
    reading = reading_of(world.emulator.service, DEV, connected(world))
    assert isinstance(reading, Reading)
    request = first_request(reading.source, reading.values, None, Assumptions()).request
    assert request is not None
    assert request.url == "https://api.acme.com/lists/7"
    assert ("Authorization", "Basic YW5uOmh1c2g=") in request.headers
    assert reading.contents.of({"members": [{"id": 1}]}) == [{"id": 1}]


def test_a_password_is_a_secret(world: World) -> None:
    reading = reading_of(world.emulator.service, DEV, connected(world))
    assert "hush" not in repr(reading)
    assert "ann" in repr(reading)


def test_a_streaming_source_has_no_credentials(world: World) -> None:
    reading = reading_of(world.emulator.service, DEV, connected(world, baseConnectionId=None, params=None))
    assert reading.values == Values()


@pytest.mark.parametrize("gone", ["baseConnectionId", "connectionSpec"])
def test_what_no_longer_exists_cannot_be_read(world: World, gone: str) -> None:
    body = connected(world, **{gone: {"id": "x"} if gone == "connectionSpec" else "x"})
    with pytest.raises(NotReadable, match="no longer exists"):
        reading_of(world.emulator.service, DEV, body)
