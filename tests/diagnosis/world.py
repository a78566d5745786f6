"""A target on an emulator, opened as `doctor` opens it, with one thing broken."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec

from reconciler.diagnosis.deep.means import Deep
from reconciler.diagnosis.report import Check, Diagnosis
from reconciler.emulator import Behaviour, Emulator, Fault, build
from reconciler.http.clock import Stop
from reconciler.planning.plan import Action
from reconciler.sessions.diagnosing import diagnose
from reconciler.settings.scope import Scope
from tests.flowservice.simulated import SimulatedClock

ORG = "1234567890@AdobeOrg"
ROBOT = {"RECONCILER_CLIENT_ID": "robot-of-a-project-1", "RECONCILER_CLIENT_SECRET": "hush-hush-hush-hush"}
SETTINGS = """\
version: 1
repository: acme/aep-sources
targets:
  stage: {{org_id: {org}, sandbox: {sandbox}}}
git: {{required: false}}
network: {{retries: 1}}
"""
SPEC = """\
kind: ConnectionSpec
flowSpecs: [{flow_spec}]
spec:
  name: Acme Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  attributes: {{category: crm}}
  sourceSpec: {{attributes: {{urlParams: {{host: example.com, path: /orders, method: GET}}}}}}
"""


class Quiet:
    """Progress that nobody sees."""

    def step(self, message: str) -> None:
        """Not shown."""

    def wrote(self, action: Action, done: int, total: int) -> None:
        """Not shown."""


def repository(folder: Path, *, sandbox: str = "dev", flow_spec: str = "RestStorageToAEP", settings: str = SETTINGS) -> Path:
    """A specs folder with one source and one target."""
    specs = folder / "specs"
    (specs / "sources" / "orders").mkdir(parents=True)
    (specs / "reconciler.yaml").write_text(settings.format(org=ORG, sandbox=sandbox))
    (specs / "sources" / "orders" / "connection-spec.yaml").write_text(SPEC.format(flow_spec=flow_spec))
    return specs


def emulator(clock: SimulatedClock, behaviour: Behaviour | None = None, faults: Sequence[Fault] = ()) -> Emulator:
    return build(":memory:", behaviour or Behaviour(), faults, clock=clock.now, sleep=clock.sleep)


class Patient:
    """What `doctor` says about a target; each argument breaks one thing."""

    def __init__(
        self,
        folder: Path,
        *,
        behaviour: Behaviour | None = None,
        faults: Sequence[Fault] = (),
        environ: Mapping[str, str] = ROBOT,
        wire: httpx.BaseTransport | Callable[[httpx.BaseTransport, SimulatedClock], httpx.BaseTransport] | None = None,
        deep: Deep | None = None,
        stop: Stop | None = None,
        **files: Any,
    ) -> None:
        self.clock = SimulatedClock()
        specs = repository(folder, **files)
        with emulator(self.clock, behaviour, faults) as service:
            if callable(wire):
                wire = wire(service.transport(), self.clock)
            self.diagnosis: Diagnosis = diagnose(
                environ,
                Scope(specs, "stage"),
                Quiet(),
                stop or threading.Event(),
                deep=deep,
                clock=self.clock,
                wire=wire or service.transport(),
            )

    def __getitem__(self, check_id: str) -> Check:
        return next(check for check in self.diagnosis.checks if check.id == check_id)

    @property
    def failed(self) -> set[str]:
        """The ids of the checks that fail."""
        return {check.id for check in self.diagnosis.checks if check.outcome == "fail"}

    def outcome(self, check_id: str) -> str:
        return self[check_id].outcome

    def hint(self, check_id: str) -> str:
        return self[check_id].hint or ""


def jwt(**claims: Any) -> str:
    """A token of Adobe's form with these claims, and no valid signature."""
    parts = (msgspec.json.encode({"alg": "RS256"}), msgspec.json.encode(claims), b"signature")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
