"""The look at a name right before it is created for ever: of the right list, and not from long ago."""

from __future__ import annotations

from pathlib import Path

import httpx

from reconciler.emulator import Behaviour
from tests.applying.world import World
from tests.planning.situations import connection, flow_file


def looks_before_posts(world: World) -> list[tuple[str, str, float]]:
    """For each POST of a spec its collection, the last list that was asked for before it, and how long before."""
    asked: list[tuple[str, float]] = []
    found: list[tuple[str, str, float]] = []

    def note(request: httpx.Request) -> None:
        collection = request.url.path.rpartition("/")[2]
        if not collection.endswith("Specs"):
            return
        if request.method == "POST":
            found.append((collection, asked[-1][0], world.clock.now() - asked[-1][1]))
        elif request.method == "GET":
            asked.append((collection, world.clock.now()))

    world.tap.before = note
    assert world.apply().converged
    return found


def test_each_create_comes_after_a_look_at_its_own_list(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a"), connection("b"), flow_file("own-flow")])
    assert [(posted, asked) for posted, asked, _ in looks_before_posts(world)] == [
        ("connectionSpecs", "connectionSpecs"),
        ("connectionSpecs", "connectionSpecs"),
        ("flowSpecs", "flowSpecs"),
    ]


def test_a_reading_that_took_long_is_no_look(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    respond = world.tap.after

    def slowly(request: httpx.Request, response: httpx.Response) -> None:
        respond(request, response)
        if request.method == "GET" and not request.url.query:
            world.clock.time += 4.0

    world.tap.after = slowly
    assert [(posted, asked) for posted, asked, _ in looks_before_posts(world)] == [("connectionSpecs", "connectionSpecs")]


def test_a_glance_at_a_list_that_shifted_is_no_look(tmp_path: Path) -> None:
    world = World(tmp_path, [connection(key) for key in ("a", "b", "c")])
    shift = Behaviour(pages=3, page_by_offset=True, shifting_pages=1000)
    respond = world.tap.before

    def from_the_first_create(request: httpx.Request) -> None:
        respond(request)
        if request.method == "POST" and request.url.path.endswith("/connectionSpecs"):
            world.emulator.service.behave(shift)

    asked: list[str] = []

    def note(request: httpx.Request, _response: httpx.Response) -> None:
        if request.method in ("GET", "POST") and request.url.path.endswith("/connectionSpecs"):
            asked.append("POST" if request.method == "POST" else request.url.query.decode().partition("=")[0] or "all")

    world.tap.before, world.tap.after = from_the_first_create, note
    world.apply()
    before = [asked[place - 1] for place, what in enumerate(asked) if what == "POST"]
    assert before == ["all", "property", "property"]
