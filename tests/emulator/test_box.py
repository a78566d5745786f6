from __future__ import annotations

import asyncio
import sys

import httpx
import pytest

from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.emulator import build
from reconciler.emulator.http.lines import PlainLine
from reconciler.emulator.http.transport import EmulatorTransport
from reconciler.emulator.stock import stock_specs
from reconciler.errors import UsageError
from reconciler.wording.installed import install_command
from tests.emulator.world import BASE, LAKE, REST, STREAMING, Clock, World
from tests.published import bodies_in, needs_published, published_file


def test_without_the_extra_the_error_says_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("reconciler.emulator.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    with pytest.raises(UsageError, match="the emulator needs starlette") as caught:
        build(":memory:")
    assert caught.value.hint == install_command("emulator")


def test_an_emulator_is_a_context_that_closes_its_file() -> None:
    with build(":memory:") as emulator, httpx.Client(transport=emulator.transport()) as client:
        assert client.get(f"{BASE}/flowSpecs").status_code == 403
    with pytest.raises(Exception, match="closed"):
        emulator.store.requests()


def test_the_stock_has_the_shared_flow_specs_and_the_specs_that_they_name() -> None:
    stock = {body["id"]: body for _, body in stock_specs()}
    assert {REST, STREAMING, LAKE} <= set(stock)
    for flow_spec in (REST, STREAMING):
        assert set(stock[flow_spec]["sourceConnectionSpecIds"]) <= set(stock)
        assert stock[flow_spec]["targetConnectionSpecIds"] == [LAKE]


def test_runs_with_the_same_ids_and_clock_answer_the_same_bytes() -> None:
    answers = []
    for _ in range(2):
        world = World()
        world.create()
        answers.append(world.client.get("/connectionSpecs").content)
        world.close()
    assert answers[0] == answers[1]


def test_an_application_that_waits_for_an_event_loop_is_an_error_in_process() -> None:
    class Never:
        def __await__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
            yield

    async def app(*_: object) -> None:
        await Never()

    transport = EmulatorTransport(app)
    with httpx.Client(transport=transport) as client, pytest.raises(RuntimeError, match="event loop"):
        client.get("http://localhost/")


def test_another_server_learns_of_a_broken_line_by_an_exception() -> None:
    with pytest.raises(ConnectionAbortedError):
        asyncio.run(PlainLine().break_off())


def test_a_pause_leaves_the_event_loop_free() -> None:
    clock = Clock()
    asyncio.run(PlainLine().pause(clock.sleep, 3))
    assert clock.slept == [3]


@needs_published
@pytest.mark.parametrize("name", ["RestStorageToAEP.get-response", "GenericStreamingAEP.get-response"])
def test_the_shared_flow_specs_are_as_published(name: str) -> None:
    (published,) = bodies_in(published_file(f"flow/{name}.json"))
    stock = next(body for _, body in stock_specs() if body["id"] == published["id"])
    for field in SERVER_MANAGED:
        stock.pop(field, None)
        published.pop(field, None)
    assert stock == published
