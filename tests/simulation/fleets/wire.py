"""The wire of one run over several targets: a service for each sandbox, and the step at which the process dies or is told to stop."""

from __future__ import annotations

import random
from dataclasses import dataclass

import httpx

from reconciler.applying.stopping import Stop
from reconciler.errors import ExitCode
from tests.simulation.clock import VirtualClock
from tests.simulation.network import Killed, Wire
from tests.simulation.service import FlowServiceModel

SANDBOXES = {"a-dev": "1@AdobeOrg", "a-stage": "1@AdobeOrg", "a-prod": "1@AdobeOrg", "b-one": "2@AdobeOrg", "b-two": "2@AdobeOrg"}
"""The organization of each target; a target and its sandbox have the same name."""


@dataclass(frozen=True)
class Span:
    """One POST or PUT of a spec: from when until when it was on its way. `end` is infinite if nobody heard of its end."""

    target: str
    method: str
    begin: float
    end: float


@dataclass
class Fate:
    """What is to happen to a run. Steps count requests from 1; None is never. `sick` are the targets whose lists cannot be read."""

    chance: float = 0.0
    kill_at: int | None = None
    kill_after: bool = False
    stop_at: int | None = None
    sick: frozenset[str] = frozenset()


class FleetWire(httpx.BaseTransport):
    """Carries the requests of one process to the sandbox that they name."""

    def __init__(
        self, models: dict[str, FlowServiceModel], clock: VirtualClock, rng: random.Random, run: str, fate: Fate
    ) -> None:
        self.clock, self.fate, self.stop = clock, fate, Stop()
        self.wires = {name: Wire(model, rng, run) for name, model in models.items()}
        for wire in self.wires.values():
            wire.chance = fate.chance
        self.steps = 0
        self.dead = False
        self.spans: list[Span] = []
        self.stopped_at: float | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.check()
        self.steps += 1
        step, begin, end = self.steps, self.clock.time, float("inf")
        if step == self.fate.stop_at:
            self.stop.request(ExitCode.SIGTERM)
            self.stopped_at = self.clock.time
        if step == self.fate.kill_at and not self.fate.kill_after:
            self.die()
        target = request.headers.get("x-sandbox-name", next(iter(SANDBOXES)))
        try:
            response = self._answer(target, request)
            if step == self.fate.kill_at:
                self.die()
            self.check()
            end = self.clock.time
        except httpx.TransportError:
            end = self.clock.time
            raise
        finally:
            if request.method in ("POST", "PUT") and "/ims/" not in request.url.path:
                self.spans.append(Span(target, request.method, begin, end))
        return response

    def _answer(self, target: str, request: httpx.Request) -> httpx.Response:
        if target in self.fate.sick and request.method == "GET":
            self.clock.advance(0.1)
            return httpx.Response(403, json={"errorCode": "FLOW-2118-403", "errorMessage": "no access"}, request=request)
        return self.wires[target].handle_request(request)

    def die(self) -> None:
        self.dead = True
        raise Killed

    def check(self) -> None:
        """Raises Killed if the process is dead."""
        if self.dead:
            raise Killed
