"""The events of a journal, and applies whose journal goes into the folder."""

from __future__ import annotations

import random
from pathlib import Path

from reconciler.applying.engine import apply_plan
from reconciler.applying.outcome import ApplyReport
from reconciler.documents.json_text import encode
from reconciler.planning.plan import Plan, PlanTarget
from tests.applying.world import World

FLOW = "RestStorageToAEP"
STAGE = PlanTarget("stage", "platform.adobe.io", "1234567890@AdobeOrg", "dev")
START = {
    "at": 1.5,
    "event": "start",
    "format_version": 1,
    "target": {"name": "stage", "host": "h", "org_id": "o", "sandbox": "dev"},
    "repository": "acme/s",
    "commit": None,
    "digest": "d",
}
PUT = {
    "at": 2,
    "event": "intent",
    "kind": "ConnectionSpec",
    "key": "a",
    "id": "1",
    "name": "A",
    "method": "PUT",
    "path": "/connectionSpecs/1",
    "before": {"id": "1", "big": 2**70},
    "sent": "s",
}
POST = PUT | {"id": None, "method": "POST", "path": "/connectionSpecs", "before": None}
ANSWER = {"at": 3, "event": "answer", "kind": "ConnectionSpec", "key": "a", "id": "1", "method": "PUT", "status": 200}
RESULT = {"at": 4, "event": "result", "kind": "ConnectionSpec", "key": "a", "id": "1", "outcome": "updated", "read_back": "r"}
END = {"at": 5, "event": "end", "converged": True}


def written(path: Path, *events: object, rest: bytes = b"") -> Path:
    path.write_bytes(b"".join(encode(event) + b"\n" for event in events) + rest)
    return path


def carry_out(world: World, plan: Plan) -> ApplyReport:
    """An apply of this plan whose journal goes into the folder; no two begin at one moment."""
    world.clock.time += 1
    return apply_plan(
        plan,
        world.workspace,
        world.service,
        journal=None,
        clock=world.clock,
        rng=random.Random(1),  # noqa: S311 - jitter
        stop=world.stop,
        progress=world.progress,
    )


def apply(world: World) -> ApplyReport:
    """An apply of what the plan says now."""
    return carry_out(world, world.plan())


def folder(world: World) -> Path:
    return world.path / ".reconciler" / "journal"
