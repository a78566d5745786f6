"""Everybody else who writes: repositories that attach to the same flow spec, and people with a client of their own."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from reconciler.documents.json_text import Document
from tests.simulation.clock import VirtualClock
from tests.simulation.service import FlowServiceModel

FLOWS, SPECS = "flowSpecs", "connectionSpecs"
HELD = "sourceConnectionSpecIds"


@dataclass
class Rivals:
    """Other repositories, each as careful as ours: union of what is live, read back after `settle`, again if it is gone."""

    model: FlowServiceModel
    clock: VirtualClock
    rng: random.Random
    settle: float
    attached: set[str] = field(default_factory=set)

    def attach(self, flow_id: str, spec_id: str) -> None:
        """Begin an attachment: GET now, PUT within half of `settle`, read back after it."""
        self.attached.add(spec_id)
        body, etag = self.model.live(FLOWS, flow_id), self.model.live(FLOWS, flow_id).get("etag")
        self.clock.after(self.rng.uniform(0, self.settle / 2), lambda: self._put(flow_id, spec_id, body, etag))

    def _put(self, flow_id: str, spec_id: str, body: Document, etag: str | None) -> None:
        if etag is not None and self.model.live(FLOWS, flow_id)["etag"] != etag:
            self.attach(flow_id, spec_id)
            return
        self.model.replace(FLOWS, flow_id, body | {HELD: [*(item for item in body[HELD] if item != spec_id), spec_id]}, "rival")
        self.clock.after(self.settle, lambda: self._read_back(flow_id, spec_id))

    def _read_back(self, flow_id: str, spec_id: str) -> None:
        if spec_id not in self.model.live(FLOWS, flow_id)[HELD]:
            self.attach(flow_id, spec_id)

    def finish(self, flow_id: str) -> None:
        """What a rival's next run does: whatever is missing is attached again."""
        for spec_id in sorted(self.attached):
            if spec_id not in self.model.live(FLOWS, flow_id)[HELD]:
                self.attach(flow_id, spec_id)
                self.clock.advance(self.settle * 4)


@dataclass
class People:
    """Somebody at a keyboard: edits of one field, and whole bodies that were copied some time ago."""

    model: FlowServiceModel
    rng: random.Random

    def edit(self) -> None:
        """Change, add or remove something in a connection spec."""
        spec_ids = sorted(self.model.collections[SPECS])
        if not spec_ids:
            return
        spec_id = self.rng.choice(spec_ids)
        body = self.model.live(SPECS, spec_id)
        attributes = (body.get("sourceSpec") or {}).get("attributes")
        if isinstance(attributes, dict):
            change: Document = self.rng.choice([{"x": self.rng.randint(5, 9)}, {"added": True}])
            body["sourceSpec"] = body["sourceSpec"] | {"attributes": attributes | change}
        else:
            body["notes"] = self.rng.randint(0, 9)
        self.model.replace(SPECS, spec_id, body, "jane")

    def put_stale(self, flow_id: str) -> None:
        """PUT a body of the shared flow spec that was copied seconds ago."""
        self.model.replace(FLOWS, flow_id, dict(self.model.stale(FLOWS, flow_id, self.rng.uniform(0, 20))), "jane")
