from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from reconciler.emulator import Fault
from reconciler.emulator.http.server import serve, serving
from reconciler.errors import UsageError
from tests.emulator.world import FORM, HEADERS, SERVICE, SPEC, Clock, World

MakeWorld = Callable[..., World]


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> World:
    return make_world(db=tmp_path / "local.db")


@pytest.fixture
def remote(world: World) -> Iterator[httpx.Client]:
    with serving(world.emulator.app) as address, httpx.Client(base_url=address + SERVICE, headers=HEADERS) as client:
        yield client


def test_the_same_service_answers_over_http(world: World, remote: httpx.Client) -> None:
    created = remote.post("/connectionSpecs", json=SPEC)
    assert created.status_code == 201
    assert remote.get(f"/connectionSpecs/{created.json()['id']}").json()["items"] == [created.json()]
    assert remote.get("/connectionSpecs").content == world.client.get("/connectionSpecs").content
    assert remote.delete(f"/connectionSpecs/{created.json()['id']}").headers["allow"] == "GET, PUT"


def test_a_token_is_had_over_http(remote: httpx.Client) -> None:
    assert remote.post(remote.base_url.join("/ims/token/v3"), data=FORM).json()["token_type"] == "bearer"


def test_absolute_links_lead_back_to_the_server(world: World, remote: httpx.Client) -> None:
    behaviour = {"pages": 2, "absolute_links": True, "static_token": "open-sesame"}
    remote.put(remote.base_url.join("/_emulator/behaviour"), json=behaviour)
    href = remote.get("/connectionSpecs").json()["_links"]["next"]["href"]
    assert href.startswith(str(remote.base_url))
    assert [item["name"] for item in remote.get(href).json()["items"]] == ["Data Lake", "generic-rest"]
    assert world.emulator.service.behaviour.pages == 2


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_fault_breaks_off_the_very_connection(world: World, remote: httpx.Client, moment: str) -> None:
    world.emulator.service.faults.set([Fault(path="*", method="POST", break_off=moment)])  # type: ignore[arg-type]
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        remote.post("/connectionSpecs", json=SPEC)
    names = [item["name"] for item in remote.get("/connectionSpecs").json()["items"]]
    assert ("mailchimp" in names) == (moment == "after")


def test_a_truncated_answer_is_a_whole_one_for_http(world: World, remote: httpx.Client) -> None:
    world.emulator.service.faults.set([Fault(path="*", truncate=True)])
    answer = remote.get("/flowSpecs")
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.content.startswith(b'{"items":[')


def test_a_waiting_request_does_not_hold_up_the_others(make_world: MakeWorld) -> None:
    waiting, go_on = threading.Event(), threading.Event()

    class Held(Clock):
        def sleep(self, seconds: float) -> None:
            waiting.set()
            go_on.wait()
            super().sleep(seconds)

    world = make_world(faults=[Fault(path="/flowSpecs", wait=7)], clock=Held())
    with serving(world.emulator.app) as address, httpx.Client(base_url=address + SERVICE, headers=HEADERS) as client:
        answers: list[int] = []
        slow = threading.Thread(target=lambda: answers.append(client.get("/flowSpecs").status_code))
        slow.start()
        waiting.wait()
        assert client.get("/connectionSpecs").status_code == 200
        assert answers == []
        go_on.set()
        slow.join()
    assert answers == [200]
    assert world.clock.slept == [7]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_server_and_is_named(world: World, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    ports: list[int] = []

    def ready(port: int) -> None:
        ports.append(port)
        os.kill(os.getpid(), number)

    assert serve("127.0.0.1", 0, world.emulator.app, ready) is number
    assert ports[0] > 0
    assert signal.getsignal(number) is before


def test_a_port_that_is_taken_is_refused_with_a_way_out(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match=r"in use$") as caught:
        serve("127.0.0.1", taken.getsockname()[1], world.emulator.app, lambda _port: None)
    assert caught.value.hint == "use another --port, or 0 for any free port"
