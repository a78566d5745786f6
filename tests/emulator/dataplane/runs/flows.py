"""A flow that reads an emulated API into a dataset, made call by call as a proof makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from reconciler.documents.json_text import Json
from reconciler.emulator.dataplane.fetching import Fetching
from reconciler.emulator.model import MAPPING_SETS, Author, Place
from reconciler.providers.stub import Stub
from reconciler.sources.messages import Answer, NoAnswer, Request
from tests.emulator.dataplane.connecting.things import attach, by
from tests.emulator.dataplane.platform import EXPORT, FULL, make_dataset, make_schema
from tests.emulator.world import HOST, LAKE, REST, World
from tests.providers.reading import an_api

DEV: Final = Place("ACME@AdobeOrg", "dev")
OFFSET: Final[dict[str, Any]] = {"style": "offset", "limit": {"name": "count", "default": 10, "max": 100}, "offset": "offset"}
PAGES: Final[dict[str, Any]] = {"type": "OFFSET", "limitName": "count", "limitValue": "100", "offSetName": "offset"}
WINDOW: Final[dict[str, Any]] = {"from": "since", "to": "until", "field": "at", "format": "iso"}
SCHEDULE: Final[dict[str, Any]] = {
    "scheduleStartParamName": "since",
    "scheduleEndParamName": "until",
    "scheduleStartParamFormat": "yyyy-MM-ddTHH:mm:ssK",
    "scheduleEndParamFormat": "yyyy-MM-ddTHH:mm:ssK",
}
JSON: Final = {"format": "json"}
FIELDS: Final = {"id": {"type": "integer"}, "email": {"type": "string"}}
MAPPINGS: Final[list[dict[str, Any]]] = [
    {"sourceType": "ATTRIBUTE", "source": "items.id", "destination": "_acme.id"},
    {"sourceType": "ATTRIBUTE", "source": "items.at", "destination": "_acme.email"},
]


class Calls:
    """The API, with the addresses that were asked for."""

    def __init__(self, stub: Stub) -> None:
        self.urls: list[str] = []
        self._fetch = Fetching(lambda: (stub,))

    def __call__(self, request: Request) -> Answer | NoAnswer:
        self.urls.append(request.url.partition("?")[2])
        return self._fetch(request)


@dataclass(frozen=True, slots=True)
class MadeFlow:
    """The flow, what it is made of, and the calls of its runs."""

    world: World
    id: str
    dataset: str
    calls: Calls
    source: str
    target: str

    def runs(self, **params: Any) -> list[dict[str, Any]]:
        return self.world.items("/runs", property=f"flowId=={self.id}", **params)

    def run(self) -> dict[str, Any]:
        (run,) = self.runs()
        return run

    def rows(self) -> list[dict[str, Any]]:
        """What the preview of the dataset shows."""
        answer = self.world.client.get(f"{EXPORT}/datasets/{self.dataset}/preview")
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["data"]
        return rows

    def start(self, **params: Any) -> Any:
        return self.world.client.post("/runs", json={"flowId": self.id, "params": params})


def skip(world: World, seconds: float) -> None:
    """Let time pass, and one request come."""
    assert world.stranger.post(f"{HOST}/_emulator/clock", json={"advance": seconds}).status_code == 200
    world.stranger.get(f"{HOST}/_emulator/clock")


def counts(run: Mapping[str, Any]) -> tuple[int, int, int]:
    """Records in, out and failed."""
    summary = run["metrics"]["recordSummary"]
    return summary["inputRecordCount"], summary["outputRecordCount"], summary["failedRecordCount"]


def status(run: Mapping[str, Any]) -> str:
    said: str = run["metrics"]["statusSummary"]["status"]
    return said


def errors(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Code and message of each error of the activities."""
    summaries = [activity["statusSummary"] for activity in run["activities"]]
    return [(error["code"], error["message"]) for summary in summaries for error in summary.get("errors", ())]


def a_source(paging: Json = None, schedule: Json = None, **attributes: Json) -> dict[str, Any]:
    """A sourceSpec that reads `/items` of an API."""
    read = {
        "urlParams": {"host": "https://api.acme.com", "path": "/items", "method": "GET"},
        "contentPath": {"path": "$.items"},
        "paginationParams": PAGES if paging is None else paging,
        **({} if schedule is None else {"scheduleParams": schedule}),
        **attributes,
    }
    return {"attributes": read}


def a_flow(
    world: World,
    stub: Stub | None = None,
    source: dict[str, Any] | None = None,
    mappings: list[dict[str, Any]] | None = None,
    schedule: dict[str, Any] | None = None,
    **others: Any,
) -> MadeFlow:
    """A flow whose first run is a minute from now."""
    calls = Calls(stub or an_api(OFFSET))
    service = world.emulator.service
    service.fetch, service.behaviour = calls, replace(service.behaviour, auth_test="never")
    spec = world.create(sourceSpec=source or a_source())
    attach(world, spec)
    base_id = world.create("/connections", name="base", **by(spec))
    source_id = world.create("/sourceConnections", name="source", baseConnectionId=base_id, data=JSON, params={}, **by(spec))
    schema = make_schema(world, properties=FIELDS)
    dataset = make_dataset(world, schema["$id"])
    data = {"format": "parquet_xdm", "schema": {"id": schema["$id"], "version": FULL["Accept"].replace("; ", ";")}}
    target_id = world.create("/targetConnections", name="target", data=data, params={"dataSetId": dataset}, **by(LAKE))
    reference = {"id": schema["$id"], "contentType": FULL["Accept"].replace("; ", ";")}
    mapping = {"name": "mapping", "outputSchema": {"schemaRef": reference}, "mappings": mappings or MAPPINGS}
    mapping_set = world.emulator.store.insert(MAPPING_SETS, DEV, mapping, Author("a", "b"))
    flow = world.create(
        "/flows",
        name="flow",
        flowSpec={"id": REST, "version": "1.0"},
        sourceConnectionIds=[source_id],
        targetConnectionIds=[target_id],
        transformations=[{"name": "Mapping", "params": {"mappingId": mapping_set.id, "mappingVersion": 0}}],
        scheduleParams=schedule or {"startTime": int(world.clock.now) + 60, "frequency": "once"},
        **others,
    )
    return MadeFlow(world, flow, dataset, calls, source_id, target_id)
