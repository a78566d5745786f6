"""Each row of the evidence table is a switch of the engine: another value changes what runs or previews do."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
import pytest

from reconciler.emulator.switches.runs import MAX_REQUESTS
from reconciler.sources.evidence import ROWS
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from tests.emulator.dataplane.connecting.things import SCHEMA, attach, by, called, dataset, flow, target
from tests.emulator.dataplane.runs.flows import counts, errors, skip, status
from tests.emulator.world import World
from tests.sources.test_alternatives import EXAMPLES as OF_TRIALS
from tests.sources.test_alternatives import always, items
from tests.sources.test_request_alternatives import EXAMPLES as OF_REQUESTS

TOKEN: Final = {
    "name": "OAuth2 Refresh Code",
    "type": "OAuth2RefreshCode",
    "spec": {"type": "object", "properties": {"accessToken": {"type": "string", "format": "password"}}},
}
URL: Final = {"host": "https://api.example.com", "path": "/members", "method": "GET", "queryParams": {"q": "1"}}
FEW: Final = "8"
"""The requests of a run that would never end."""

Seen = tuple[Any, ...]


def example(key: str) -> tuple[dict[str, Any], Fetch]:
    """A sourceSpec on which this row decides, and the third party."""
    if key in OF_REQUESTS:
        source, start = OF_REQUESTS[key][0], always(items(1))
    else:
        source, start = OF_TRIALS[key]
    attributes = {"urlParams": URL, "contentPath": "$.items", "paginationParams": {"type": "NONE"}}
    own: dict[str, Any] = dict(source.mapping(("sourceSpec", "attributes")))
    if key in OF_TRIALS:
        attributes = {"urlParams": URL}
    form = {"type": "object", "properties": {"size": {"default": 5}}}
    return {"attributes": {**attributes, **own}, "spec": form}, start()


class Watched:
    """A third party that writes down what it is asked."""

    def __init__(self, fetch: Fetch) -> None:
        self.sent: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        self._fetch = fetch

    def __call__(self, request: Request) -> Answer | NoAnswer:
        self.sent.append((request.url, request.headers))
        return self._fetch(request)


def seen(make_world: Callable[..., World], key: str, engine: Mapping[str, str]) -> Seen:
    """What a preview, the first run of a schedule and a run on demand do with these rows."""
    parties = [Watched(example(key)[1]) for _ in range(3)]
    world = make_world(engine=engine, auth_test="never")
    called(world, parties[0])
    spec = world.create(authSpec=[TOKEN], sourceSpec=example(key)[0], exploreSpec={"name": "Resource"})
    attach(world, spec)
    auth = {"specName": TOKEN["name"], "params": {"accessToken": "s"}}
    base = world.create("/connections", name="base", auth=auth, **by(spec))
    values = {"size": "100"} if key == "pagination.placeholders" else {}
    source = world.create(
        "/sourceConnections", name="s", baseConnectionId=base, data={"format": "json"}, params=values, **by(spec)
    )
    params = base64.b64encode(msgspec.json.encode(values)).decode()
    query = {"objectType": "rest", "object": "json", "fileType": "json", "preview": "true", "sourceParams": params}
    preview = world.client.get(f"/connections/{base}/explore", params=query).json()
    end = world.create("/targetConnections", **target(dataset(world, SCHEMA)))
    schedule = {"startTime": int(world.clock.now) + 60, "frequency": "once"}
    made = world.create("/flows", **flow(source, end, scheduleParams=schedule))
    called(world, parties[1])
    skip(world, 60)
    called(world, parties[2])
    times = {"startTime": int(world.clock.now) + 60, "windowStartTime": 1_600_000_000, "windowEndTime": 1_600_086_400}
    assert world.client.post("/runs", json={"flowId": made, "params": times}).status_code == 201
    skip(world, 60)
    runs = [(status(run), counts(run), errors(run)) for run in world.items("/runs")]
    return preview.get("data", preview.get("errorMessage")), runs, [party.sent for party in parties]


@pytest.mark.parametrize("key", sorted(key for key, row in ROWS.items() if row.alternatives))
def test_another_value_of_a_row_changes_what_the_engine_does(make_world: Callable[..., World], key: str) -> None:
    found: list[Seen] = []
    for value in (ROWS[key].default, *ROWS[key].alternatives):
        found.append(seen(make_world, key, {key: value, MAX_REQUESTS: FEW}))
        assert found[-1] not in found[:-1], value
    assert found[0] == seen(make_world, key, {MAX_REQUESTS: FEW})


def test_every_row_without_alternatives_but_one_is_fixed() -> None:
    assert [key for key, row in ROWS.items() if row.level == "unknown" and not row.alternatives] == [MAX_REQUESTS]
