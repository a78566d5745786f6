"""Targets after others, written in one run: when the others are looked at, and how often, by the requests of one emulated service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Lock

import httpx
import pytest

from reconciler.applying.fleet import FleetApply, TargetEnd
from reconciler.applying.stopping import Stop
from reconciler.applying.waves import TurnState
from reconciler.emulator.box import Emulator, build
from reconciler.emulator.switches.behaviour import Behaviour
from reconciler.errors import ExitCode, ServiceError
from reconciler.planning.fleet import FleetRead, FleetReading, TargetPlan, fleet_digest
from reconciler.planning.gating.upstream import Upstream
from reconciler.planning.plan import Options, Plan
from reconciler.sessions.fleet_applying import WritingMeans, apply_several
from reconciler.sessions.fleet_reading import FleetMeans, read_targets
from reconciler.sessions.gatekeeping import SharedUpstreams, unread
from reconciler.settings.choosing import Chosen
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from tests.cli.fakes import plan as plan_of
from tests.flowservice.simulated import SimulatedClock
from tests.sessions.test_fleet_applying import Silence
from tests.sessions.test_fleet_reading import SPEC

SHOPS = tuple(f"s{number:02}" for number in range(8))
SETTINGS = f"""\
version: 1
repository: acme/aep-sources
targets:
  stage: {{org_id: 1@AdobeOrg, sandbox: stage}}
  prod: {{org_id: 1@AdobeOrg, sandbox: prod, after: [stage]}}
  late: {{org_id: 1@AdobeOrg, sandbox: late, after: [stage, prod]}}
fleets: {{shops: {{org_id: 1@AdobeOrg, sandboxes: [{", ".join(SHOPS)}], after: [stage]}}}}
network: {{consistency_window: 0s, settle: 0s}}
safety: {{max_creates: 100}}
git: {{required: false}}
"""
TOKEN = "token-of-somebody"
ENVIRON = {"RECONCILER_CLIENT_ID": "a-client", "RECONCILER_CLIENT_SECRET": "a-secret"}


@dataclass
class World:
    """One organization, and every request to its service: method and sandbox."""

    specs: Path
    emulator: Emulator
    requests: list[tuple[str, str]] = field(default_factory=list)
    after_end: dict[str, Callable[[], None]] = field(default_factory=dict)
    clock: SimulatedClock = field(default_factory=SimulatedClock)
    lock: Lock = field(default_factory=Lock)

    def handle(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            if "x-sandbox-name" in request.headers:
                self.requests.append((request.method, request.headers["x-sandbox-name"]))
            return self.emulator.transport().handle_request(request)

    def apply(self, *names: str, max_failures: int | None = None) -> dict[str, TargetEnd]:
        """Plan these targets, then write them. `requests` has those of the second half."""
        settings, wire, scope = load_settings(self.specs), httpx.MockTransport(self.handle), Scope(self.specs)
        reading = FleetReading(lambda _: Options(max_creates=100), applies=True)
        plans = read_targets(FleetMeans(ENVIRON, scope, settings, Silence(), Stop(), wire=wire, clock=self.clock), names, reading)
        self.requests.clear()
        means = WritingMeans(ENVIRON, scope, Silence(), Stop(), wire, self.clock)
        given = FleetApply(FleetRead(settings, Chosen(names), plans), reading, fleet_digest(plans), max_failures, self)
        return {end.name: end for end in apply_several(means, given)}

    def began(self, shown: TargetPlan) -> None: ...

    def ended(self, end: TargetEnd) -> None:
        self.after_end.get(end.name, lambda: None)()

    def edit(self, sandbox: str) -> None:
        """Somebody changes the spec in this sandbox."""
        with httpx.Client(transport=self.emulator.transport(), base_url="http://emulator") as client:
            client.headers.update(
                {
                    "authorization": f"Bearer {TOKEN}",
                    "x-api-key": "x",
                    "x-gw-ims-org-id": "1@AdobeOrg",
                    "x-sandbox-name": sandbox,
                }
            )
            path = "/data/foundation/flowservice/connectionSpecs"
            (spec,) = [one for one in client.get(path).json()["items"] if one["name"] == "Orders"]
            assert client.put(f"{path}/{spec['id']}", json=spec | {"version": "9.9"}).status_code == 200

    def asked(self, sandbox: str) -> int:
        return sum(request == ("GET", sandbox) for request in self.requests)

    def wrote(self, sandbox: str) -> bool:
        return any(method != "GET" and where == sandbox for method, where in self.requests)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "specs"
    (folder / "sources" / "orders").mkdir(parents=True)
    (folder / "reconciler.yaml").write_text(SETTINGS)
    (folder / "sources" / "orders" / "connection-spec.yaml").write_text(SPEC)
    with build(":memory:", Behaviour(static_token=TOKEN, sandboxes=("stage", "prod", "late", *SHOPS))) as emulator:
        yield World(folder, emulator)


def codes(ends: dict[str, TargetEnd]) -> dict[str, int | None]:
    return {name: end.end.exit_code for name, end in ends.items()}


def test_a_wave_of_many_targets_looks_at_what_comes_first_once(world: World) -> None:
    world.apply("stage")
    one, *others = (f"shops-{name}" for name in SHOPS)
    assert codes(world.apply(one)) == {one: 0}
    for_one = world.asked("stage")
    assert set(codes(world.apply(*others)).values()) == {0}
    assert all(map(world.wrote, SHOPS[1:]))
    assert world.asked("stage") == for_one > 0


def test_it_is_looked_at_after_its_turn_and_before_anything_is_written_behind_it(world: World) -> None:
    ended: list[int] = []
    world.after_end["stage"] = lambda: ended.append(len(world.requests))
    world.apply("stage", "prod")
    first = next(index for index, (method, sandbox) in enumerate(world.requests) if method != "GET" and sandbox == "prod")
    assert ("GET", "stage") in world.requests[ended[0] : first]
    assert ("GET", "stage") not in world.requests[first:]


@pytest.mark.parametrize(("sandbox", "behind"), [("stage", ("prod", "late")), ("prod", ("late",))])
def test_what_changes_once_its_turn_has_ended_goes_no_further(world: World, sandbox: str, behind: tuple[str, ...]) -> None:
    world.after_end[sandbox] = lambda: world.edit(sandbox)
    ends = world.apply("stage", "prod", "late")
    assert ends[sandbox].end.exit_code is ExitCode.DONE
    assert [ends[name].end.state for name in behind if ends[name].end.exit_code is ExitCode.DONE] == []
    assert ends[behind[0]].end.exit_code is ExitCode.REFUSED
    assert not any(map(world.wrote, behind))


def test_each_wave_looks_anew(world: World) -> None:
    world.after_end["prod"] = lambda: world.edit("stage")
    ends = world.apply("stage", "prod", "late")
    assert codes(ends) == {"stage": 0, "prod": 0, "late": ExitCode.REFUSED}
    assert not world.wrote("late")


def test_what_is_blocked_looks_at_nothing(world: World) -> None:
    world.after_end["stage"] = lambda: world.edit("stage")
    ends = world.apply("stage", "prod", "late")
    assert ends["late"].end.state is TurnState.BLOCKED


def test_one_that_could_not_be_read_is_read_again_for_the_next_target() -> None:
    shared, looks = SharedUpstreams(keeps_failures=False), [unread("stage", ServiceError("503")), Upstream("stage", plan_of())]
    found = [shared.of("stage", lambda: looks.pop(0)) for _ in range(3)]
    assert [one.plan is None for one in found] == [True, False, False]


def test_in_one_reading_of_all_it_is_read_once_even_if_it_failed() -> None:
    shared, looks = SharedUpstreams(), [unread("stage", ServiceError("403"))]
    assert {shared.of("stage", lambda: looks.pop(0)).why_not for _ in range(3)} == {"403"}


def test_targets_that_ask_at_once_share_one_look() -> None:
    shared, looks, both = SharedUpstreams(keeps_failures=False), [], Barrier(2)

    def look() -> Upstream:
        looks.append(1)
        return Upstream("stage", plan_of())

    def ask() -> Plan | None:
        both.wait(20)
        return shared.of("stage", look).plan

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(ask), pool.submit(ask)
        assert first.result() is second.result()
    assert len(looks) == 1
