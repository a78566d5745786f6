"""A provider answers over HTTP as it does in process."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
import pytest

from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from reconciler.providers.stub import Stub
from reconciler.sources.messages import Answer, Request
from tests.emulator.world import Clock
from tests.providers.reading import a_stub, an_api, example

TRANSPORT = {"date", "server", "content-length", "content-encoding", "transfer-encoding"}
REQUESTS: dict[str, Sequence[tuple[str, str, dict[str, str]]]] = {
    "offset": [
        ("GET", "/3.0/lists/9/members?count=2&offset=235", {"authorization": "Basic dTpw"}),
        ("GET", "/3.0/lists/9/members", {"authorization": "Basic dTpw"}),
        ("GET", "/3.0/lists/9/members", {"authorization": "Basic dTpx"}),
        ("GET", "/3.0/lists/9/members?since_last_changed=yesterday", {"authorization": "Basic dTpw"}),
        ("GET", "/3.0/lists/9/members?since_last_changed=2024-03-31T00%3A00%3A00Z", {"authorization": "Basic dTpw"}),
        ("DELETE", "/3.0/lists/9/members", {"authorization": "Basic dTpw"}),
        ("HEAD", "/3.0/lists/9/members", {"authorization": "Basic dTpw"}),
    ],
    "page": [
        ("GET", "/v2/orders?limit=100&page=3", {"x-api-key": "k"}),
        ("GET", "/v2/orders?limit=101", {"x-api-key": "k"}),
        ("GET", "/v2/orders?page=0", {"x-api-key": "k"}),
        ("GET", "/v2/orders?page=13", {"X-API-KEY": "k", "accept-encoding": "identity"}),
        ("GET", "/v2/orders", {}),
    ],
    "pointer": [
        ("GET", "/crm/7/contacts?key=k", {}),
        ("GET", "/crm/7/contacts?key=k&after=YWZ0ZXI6Mg%3D%3D", {}),
        ("GET", "/crm/7/contacts?after=YWZ0ZXI6Mg%3D%3D", {}),
        ("GET", "/crm/7/contacts?key=k&after=4", {}),
        ("GET", "/crm/7/contacts?key=k", {}),
    ],
    "token": [
        ("GET", "/api/v2/users/search?page%5Bsize%5D=100&page%5Bafter%5D=YWZ0ZXI6MjAw", {"authorization": "Bearer t"}),
        ("GET", "/api/v2/users/search", {"authorization": "Bearer t"}),
    ],
    "list": [("POST", "/countries", {}), ("GET", "/countries", {})],
}


@contextmanager
def served(*stubs: Stub, clock: Clock | None = None) -> Iterator[httpx.Client]:
    clock = clock or Clock()
    with (
        build(":memory:", providers=stubs, clock=clock, sleep=clock.sleep) as box,
        serving(box.app) as address,
        httpx.Client(base_url=address, headers={"host": "api.example.com"}) as client,
    ):
        yield client


@pytest.mark.parametrize("name", REQUESTS)
def test_the_answer_is_the_same_over_http_and_in_process(name: str) -> None:
    here = example(name)
    with served(example(name)) as client:
        for method, target, headers in REQUESTS[name]:
            there = client.request(method, target, headers=headers)
            answer = here.answer(Request(method, f"http://api.example.com{target}", tuple(headers.items())))
            assert isinstance(answer, Answer)
            told = {key: value for key, value in there.headers.items() if key not in TRANSPORT}
            assert (there.status_code, told, there.content) == (answer.status, answer.headers, answer.content)


def test_flow_service_is_still_there() -> None:
    with served(example("list")) as client:
        assert client.get("/data/foundation/flowservice/connectionSpecs").json()["error_code"] == "403010"


def test_a_connection_is_kept_for_the_next_page() -> None:
    with served(an_api({"style": "offset"})) as client:
        streams = {id(client.get("/items").extensions["network_stream"]) for _ in range(3)}
    assert len(streams) == 1


@pytest.mark.parametrize(
    ("body", "accepted", "encoding"),
    [({}, "gzip", "gzip"), ({}, "identity", None), ({"gzip": "always"}, "identity", "gzip"), ({"gzip": "never"}, "gzip", None)],
)
def test_bodies_are_compressed_on_request_always_or_never(body: dict[str, str], accepted: str, encoding: str | None) -> None:
    with served(an_api({"style": "offset"}, body=body)) as client:
        answer = client.get("/items", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
    assert len(answer.json()["items"]) == 20


def test_a_slow_body_is_sent_in_pieces_over_its_time() -> None:
    clock = Clock()
    with served(an_api({"style": "offset"}, body={"slow": 3.0}), clock=clock) as client:
        answer = client.get("/items", headers={"accept-encoding": "identity"})
    assert len(answer.json()["items"]) == 20
    assert sum(clock.slept) == pytest.approx(3)
    assert len(clock.slept) == 9


def test_a_chunked_body_has_no_length() -> None:
    with served(an_api({"style": "offset"}, body={"chunked": True})) as client:
        answer = client.get("/items")
    assert answer.headers["transfer-encoding"] == "chunked"
    assert len(answer.json()["items"]) == 20


def test_a_fault_delays_an_answer_or_ends_the_connection() -> None:
    clock = Clock()
    faults = [{"request": 1, "delay": 7}, {"request": 2, "reset": True}]
    with served(an_api({"style": "offset"}, faults=faults), clock=clock) as client:
        assert client.get("/items").status_code == 200
        assert clock.slept == [7]
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            client.get("/items")
        assert client.get("/items").status_code == 200


def test_a_run_begins_again_on_request() -> None:
    with served(an_api({"style": "offset"}, faults=[{"request": 1, "status": 503}])) as client:
        assert [client.get("/items").status_code for _ in range(2)] == [503, 200]
        assert client.delete("/_emulator/providers").status_code == 204
        assert client.get("/items").status_code == 503


def test_each_provider_has_its_own_path() -> None:
    others = a_stub({"kind": "Provider", "path": "/others", "records": {"count": 1, "each": "{n}"}})
    with served(an_api({"style": "offset"}), others) as client:
        assert client.get("/others").json() == ["1"]
        assert len(client.get("/items").json()["items"]) == 20


def test_parameters_are_read_from_a_json_body_too() -> None:
    document = {"style": "offset", "limit": {"name": "size", "default": 1}}
    with served(an_api(document, method="POST")) as client:
        answers = [client.post("/items", content=content) for content in (json.dumps({"size": 3, "offset": "5"}), "{", "[1]")]
    assert [[record["id"] for record in answer.json()["items"]] for answer in answers] == [[6, 7, 8], [1], [1]]
