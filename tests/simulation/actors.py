"""Everybody else who writes: repositories that attach to the same flow spec, and people with a client of their own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document
from tests.simulation.clock import VirtualClock
from tests.simulation.service import FlowServiceModel

FLOWS, SPECS = "flowSpecs", "connectionSpecs"
ANOTHER = "example/another"
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


@dataclass
class Mischief:
    """Colleagues who copy our objects with the marker, rename theirs into our names, or have names that look like ours."""

    model: FlowServiceModel
    clock: VirtualClock
    rng: random.Random
    has: frozenset[str]
    made: set[str] = field(default_factory=set)
    copies: set[str] = field(default_factory=set)

    def begin(self, files: Sequence[DesiredSpec]) -> None:
        """What is there before our first run."""
        if "folded-names" in self.has:
            desired = self.rng.choice(files)
            self._make(self._variant(desired.name), desired.provider_id)
        if "renames" in self.has:
            self._make("theirs", self.rng.choice(files).provider_id)

    def disturb(self, files: Sequence[DesiredSpec]) -> None:
        """Plan what they do during the next run."""
        if "copied-markers" in self.has:
            self.clock.after(self.rng.uniform(0, 40), self._copy)
        if "renames" in self.has and files:
            desired = self.rng.choice(files)
            self.clock.after(self.rng.uniform(0, 40), lambda: self._rename(desired.name))

    def make_peace(self) -> None:
        """They give their objects other names; the markers that they copied stay."""
        for number, spec_id in enumerate(sorted(self.made)):
            self.model.replace(SPECS, spec_id, self.model.live(SPECS, spec_id) | {"name": f"theirs-{number}"}, "jane")
        for collection, specs in self.model.collections.items():
            for spec_id in sorted(specs):
                body = self.model.live(collection, spec_id)
                marker = (body.get("attributes") or {}).get("reconciler") or {}
                if marker.get("repository") == ANOTHER and spec_id not in self.made:
                    self.model.replace(collection, spec_id, body | {"name": f"another {body['name']}"}, "jane")

    def _make(self, name: str, provider_id: str) -> None:
        self.made.add(self.model.create(SPECS, {"name": name, "providerId": provider_id, "notes": 1}, "jane"))

    def _copy(self) -> None:
        ours = sorted(
            spec_id for spec_id, spec in self.model.collections[SPECS].items() if "reconciler" in spec.body.get("attributes", {})
        )
        ours = [spec_id for spec_id in ours if spec_id not in self.made]
        if ours:
            body = self.model.live(SPECS, self.rng.choice(ours))
            renamed = {"name": f"copy of {body['name']}"} if self.rng.random() < 0.7 else {}
            copy = self.model.create(SPECS, body | renamed, "jane")
            self.made.add(copy)
            self.copies.add(copy)

    def _rename(self, name: str) -> None:
        mine = sorted(self.made - self.copies)
        if mine:
            spec_id = self.rng.choice(mine)
            self.model.replace(SPECS, spec_id, self.model.live(SPECS, spec_id) | {"name": name}, "jane")

    def _variant(self, name: str) -> str:
        return self.rng.choice([name.upper(), f"{name} ", f" {name}", name.replace("s", "\uff53"), name.title()])
