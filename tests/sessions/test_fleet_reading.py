"""Fifty sandboxes of one client, read side by side, with a service that answers each sandbox in its own way."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from reconciler.applying.stopping import Stop
from reconciler.desired import readings
from reconciler.errors import ExitCode
from reconciler.planning.fleet import FleetReading, TargetPlan
from reconciler.planning.plan import Options
from reconciler.sessions import fleet_reading
from reconciler.sessions.fleet_reading import FleetMeans, read_targets
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.texts.reading import Reading
from reconciler.texts.yaml import read_yaml
from tests.flowservice.simulated import SimulatedClock

NAMES = [f"s{number:02}" for number in range(50)]
SETTINGS = f"""\
version: 1
repository: acme/aep-sources
targets: {{local: {{emulator: .reconciler/local.db}}}}
fleets: {{f: {{org_id: 1@AdobeOrg, sandboxes: [{", ".join(NAMES)}]}}}}
network: {{retries: 1, timeout: 1s, deadline: 3600s, concurrency: 4}}
git: {{required: false}}
"""
SPEC = """\
kind: ConnectionSpec
flowSpecs: []
spec: {name: Orders, type: generic-rest, providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a, version: "1.0"}
"""
ENVIRON = {"RECONCILER_CLIENT_ID": "client-of-the-fleet", "RECONCILER_CLIENT_SECRET": "secret-of-the-fleet"}


class Service(httpx.BaseTransport):
    """One sandbox says 403, one says 500, one never answers, one answers with nonsense; the others have no spec yet."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock, self.lock = clock, threading.Lock()
        self.tokens, self.now, self.most = 0, 0, 0
        self.sandboxes: set[str] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            with self.lock:
                self.tokens += 1
            return httpx.Response(200, json={"access_token": "t0ken-of-the-fleet", "expires_in": 86400})
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.sandboxes.add(request.headers["x-sandbox-name"])
        try:
            return self._answer(request.headers["x-sandbox-name"])
        finally:
            with self.lock:
                self.now -= 1

    def _answer(self, sandbox: str) -> httpx.Response:
        match sandbox:
            case "s07":
                return httpx.Response(403, json={"errorCode": "FLOW-2118-403", "errorMessage": "no access"})
            case "s13":
                return httpx.Response(500, json={})
            case "s21":
                self.clock.sleep(1)
                raise httpx.ReadTimeout("nothing came")
            case "s34":
                return httpx.Response(200, text="<html>")
            case _:
                return httpx.Response(200, json={"items": [], "totalCount": 0})


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    folder = tmp_path / "specs"
    (folder / "sources" / "orders").mkdir(parents=True)
    (folder / "reconciler.yaml").write_text(SETTINGS)
    (folder / "sources" / "orders" / "connection-spec.yaml").write_text(SPEC)
    return folder


class Steps:
    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, message: str) -> None:
        self.said.append(message)

    def wrote(self, *_: object) -> None: ...


def read(specs: Path, service: Service, steps: Steps, parallel: int = 8) -> tuple[TargetPlan, ...]:
    means = FleetMeans(
        ENVIRON, Scope(specs), load_settings(specs), steps, Stop(), parallel=parallel, wire=service, clock=service.clock
    )
    names = [name for name in means.settings.targets if name != "local"]
    return read_targets(means, names, FleetReading(lambda safety: Options(max_creates=safety.max_creates)))


@pytest.mark.parametrize("parallel", [1, 8, 100])
def test_the_others_are_right_whatever_some_answer(specs: Path, parallel: int) -> None:
    service = Service(SimulatedClock())
    found = {one.name.removeprefix("f-"): one for one in read(specs, service, Steps(), parallel)}
    assert list(found) == NAMES
    assert {name for name, one in found.items() if one.error} == {"s07", "s13", "s21", "s34"}
    plans = [one.plan for one in found.values() if one.plan]
    assert {(plan.summary.create, bool(plan.errors)) for plan in plans} == {(1, False)}
    assert {plan.target.sandbox for plan in plans} == set(NAMES) - {"s07", "s13", "s21", "s34"}
    assert service.tokens == 1
    assert service.most <= 4


@pytest.mark.parametrize(
    ("own_client", "missing", "threads"),
    [((), (), 4), (("s00",), (), 8), ((), ("s00",), 8), (("s00", "s01"), (), 10)],
    ids=["one client", "two clients", "one without credentials", "three clients"],
)
def test_no_more_targets_are_read_at_once_than_their_clients_may_call(
    specs: Path,
    monkeypatch: pytest.MonkeyPatch,
    own_client: tuple[str, ...],
    missing: tuple[str, ...],
    threads: int,
) -> None:
    begun: list[str] = []

    class Thread(threading.Thread):
        def start(self) -> None:
            begun.append(self.name)
            super().start()

    for name in own_client:
        monkeypatch.setitem(ENVIRON, f"RECONCILER_F_{name.upper()}_CLIENT_ID", f"client-of-{name}")
        monkeypatch.setitem(ENVIRON, f"RECONCILER_F_{name.upper()}_CLIENT_SECRET", f"secret-of-{name}")
    for name in missing:
        monkeypatch.setitem(ENVIRON, f"RECONCILER_F_{name.upper()}_ORG_ID", "no organization")
    monkeypatch.setattr(fleet_reading, "threading", SimpleNamespace(Thread=Thread))
    read(specs, Service(SimulatedClock()), Steps(), parallel=10)
    assert len(begun) == threads


def test_the_reason_of_each_is_its_own(specs: Path) -> None:
    found = {one.name: str(one.error) for one in read(specs, Service(SimulatedClock()), Steps()) if one.error}
    assert "403" in found["f-s07"]
    assert "500" in found["f-s13"]
    assert all(word not in str(found) for word in ("secret-of-the-fleet", "t0ken-of-the-fleet"))


def test_after_an_interruption_no_further_target_is_begun(specs: Path) -> None:
    service, stop = Service(SimulatedClock()), Stop()

    class Interrupting(Steps):
        def step(self, message: str) -> None:
            super().step(message)
            if message.startswith("1 of"):
                stop.request(ExitCode.SIGINT)
                raise KeyboardInterrupt

    settings = load_settings(specs)
    means = FleetMeans(ENVIRON, Scope(specs), settings, Interrupting(), stop, parallel=1, wire=service, clock=service.clock)
    with pytest.raises(KeyboardInterrupt):
        read_targets(means, [f"f-{name}" for name in NAMES], FleetReading(lambda _: Options()))
    assert service.sandboxes <= {"s00", "s01", "s02"}
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("target-")]


def test_progress_counts_targets(specs: Path) -> None:
    steps = Steps()
    read(specs, Service(SimulatedClock()), steps)
    assert (steps.said[0], steps.said[-1]) == ("0 of 50 targets read", "49 of 50 targets read")


def test_a_spec_file_is_parsed_once_for_all_targets(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []

    def counted(data: bytes) -> Reading:
        parsed.append(data)
        return read_yaml(data)

    monkeypatch.setattr(readings, "read_yaml", counted)
    read(specs, Service(SimulatedClock()), Steps())
    assert parsed == [SPEC.encode()]
