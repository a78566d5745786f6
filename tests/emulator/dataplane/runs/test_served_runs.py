"""Runs of an emulator that is served over HTTP: beside its event loop, and with its own providers."""

from __future__ import annotations

import threading
from typing import Any

import httpx

from reconciler.emulator.dataplane.runs.scheduling import resume
from reconciler.emulator.http.server import serving
from reconciler.sources.messages import Answer, NoAnswer, Request
from tests.emulator.dataplane.runs.flows import a_flow, a_source, counts, skip
from tests.emulator.world import HEADERS, SERVICE, World


def test_a_run_that_waits_for_the_emulator_itself_does_not_stop_it(world: World) -> None:
    flow = a_flow(world)
    with serving(world.emulator.app) as address, httpx.Client(base_url=f"{address}{SERVICE}", headers=HEADERS) as client:
        own = flow.calls

        def around(request: Request) -> Answer | NoAnswer:
            assert httpx.get(f"{address}/_emulator/clock").status_code == 200
            return own(request)

        world.emulator.service.fetch = around
        httpx.post(f"{address}/_emulator/clock", json={"advance": 60})
        (run,) = client.get("/runs", params={"property": f"flowId=={flow.id}"}).json()["items"]
    assert counts(run) == (237, 237, 0)


def test_a_long_run_keeps_nobody_waiting(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("reconciler.emulator.http.front._PATIENCE", 0.01)
    flow = a_flow(world, source=a_source({"type": "NONE"}))
    started, goes_on = threading.Event(), threading.Event()
    own = flow.calls

    def slow(request: Request) -> Answer | NoAnswer:
        started.set()
        assert goes_on.wait(60)
        return own(request)

    world.emulator.service.fetch = slow
    with serving(world.emulator.app) as address, httpx.Client(base_url=f"{address}{SERVICE}", headers=HEADERS) as client:
        httpx.post(f"{address}/_emulator/clock", json={"advance": 60})
        where = {"property": f"flowId=={flow.id}"}
        client.get("/runs", params=where)
        assert started.wait(60)
        (running,) = client.get("/runs", params=where).json()["items"]
        goes_on.set()
        while (run := client.get("/runs", params=where).json()["items"][0])["metrics"]["statusSummary"]["status"] == "inProgress":
            pass
    assert running["metrics"]["statusSummary"]["status"] == "inProgress"
    assert counts(run) == (10, 10, 0)


def test_a_run_that_was_interrupted_is_made_again(world: World) -> None:
    flow = a_flow(world)
    own = flow.calls

    def broken(_request: Request) -> Answer | NoAnswer:
        raise KeyboardInterrupt

    world.emulator.service.fetch = broken
    try:
        skip(world, 60)
    except KeyboardInterrupt:
        world.emulator.service.fetch = own
    resume(world.emulator.service)
    assert counts(flow.run()) == (237, 237, 0)
