"""What a run over many targets keeps of those that it has read: objects are counted, since their number does not depend on the machine."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from reconciler.applying.stopping import Stop
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.fleet import FleetReading, TargetPlan
from reconciler.planning.plan import Options
from reconciler.sessions.fleet_reading import FleetMeans, read_targets
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from tests.flowservice.simulated import SimulatedClock

TARGETS, LIVE = 12, 40
PROVIDER = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
SETTINGS = f"""\
version: 1
repository: acme/aep-sources
fleets: {{f: {{org_id: 1@AdobeOrg, sandboxes: [{", ".join(f"s{number}" for number in range(TARGETS))}]}}}}
targets: {{local: {{emulator: .reconciler/local.db}}}}
git: {{required: false}}
"""
SPEC = f"""\
kind: ConnectionSpec
flowSpecs: []
adopt: true
spec: {{name: Spec 3, type: generic-rest, providerId: {PROVIDER}, version: "1.0", description: changed}}
"""
ENVIRON = {"RECONCILER_CLIENT_ID": "client", "RECONCILER_CLIENT_SECRET": "secret"}


class Service(httpx.BaseTransport):
    """The same list of specs in every sandbox; it counts how many live specs this process has when it is asked for one."""

    def __init__(self) -> None:
        self.counts: list[int] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t0ken", "expires_in": 86400})
        self.counts.append(len(live_specs()))
        items = [live(number) for number in range(LIVE)] if request.url.path.endswith("/connectionSpecs") else []
        return httpx.Response(200, content=json.dumps({"items": items, "totalCount": len(items)}).encode())


def live(number: int) -> dict[str, str]:
    body = {"name": f"Spec {number}", "type": "generic-rest", "providerId": PROVIDER, "version": "1.0", "description": "x" * 500}
    return body | {"id": f"{number:08}-07f4-4586-8190-b40eccef1c5a"}


def live_specs() -> list[LiveSpec]:
    gc.collect()
    return [found for found in gc.get_objects() if isinstance(found, LiveSpec)]


@pytest.fixture(autouse=True)
def only_what_is_new() -> Iterator[None]:
    """Leave what other tests left behind out of the counts, and of the search for what is unreachable, which takes seconds otherwise."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


class Silent:
    def step(self, message: str) -> None: ...

    def wrote(self, *_: object) -> None: ...


def read(folder: Path, service: Service) -> tuple[TargetPlan, ...]:
    specs = folder / "specs"
    (specs / "sources" / "three").mkdir(parents=True)
    (specs / "reconciler.yaml").write_text(SETTINGS)
    (specs / "sources" / "three" / "connection-spec.yaml").write_text(SPEC)
    settings = load_settings(specs)
    means = FleetMeans(ENVIRON, Scope(specs), settings, Silent(), Stop(), parallel=1, wire=service, clock=SimulatedClock())
    return read_targets(means, [name for name in settings.targets if name != "local"], FleetReading(lambda _: Options()))


def test_of_a_target_that_was_read_only_the_specs_to_write_are_kept(tmp_path: Path) -> None:
    service = Service()
    found = read(tmp_path, service)
    assert [len(one.plan.actions) for one in found if one.plan] == [1] * TARGETS
    assert len(live_specs()) == TARGETS
    assert max(service.counts) < TARGETS + 2 * LIVE


def test_a_spec_that_is_kept_does_not_keep_the_list_that_it_was_in(tmp_path: Path) -> None:
    seen = [action.seen for one in read(tmp_path, Service()) if one.plan for action in one.plan.actions]
    kept = [spec.body_json.obj for spec in seen if spec]
    assert [len(body) for body in kept if isinstance(body, bytes)] == [spec.body_json.nbytes for spec in seen if spec]
    assert len(kept) == TARGETS
