"""What tests of restore share: a run to undo, the plan that undoes it, and carrying that out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reconciler.applying.outcome import ApplyReport
from reconciler.desired.git.history import Relation
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.observing.restore import Wanted, prepare_restore
from reconciler.planning.plan import Options, Plan
from tests.applying.world import World, changed
from tests.journal.events import apply
from tests.planning.situations import KnownHistory, connection, spec_id

FLOW = "RestStorageToAEP"
OTHER = spec_id(99)
OLD, NEW = "a" * 40, "b" * 40


def body_of(world: World, found: str) -> Document:
    """A live body as anybody may compare it: without what the server manages."""
    (body,) = (item for kind in Kind for item in world.live(kind) if item["id"] == found)
    return {name: value for name, value in body.items() if name not in SERVER_MANAGED}


def journal_of(report: ApplyReport) -> Path:
    assert report.journal
    return Path(report.journal)


def restoring(world: World, journal: Path, *, kind: Kind | None = None, ids: tuple[str, ...] = (), **options: Any) -> Plan:
    return prepare_restore(world.workspace, world.service, Wanted(journal, kind, ids), Options(**options), world.progress)


def codes(plan: Plan) -> list[str]:
    return [problem.code for problem in plan.problems]


def updated(tmp_path: Path, **rest: Any) -> tuple[World, str, Document, Path]:
    """A world in which one spec was applied and then updated: with its id, its body from before, and the journal of the update."""
    files = [connection("a", flow_specs=[FLOW], sourceSpec={"x": 1}, notes="old")]
    history = KnownHistory(dict.fromkeys((OLD, NEW), Relation.ANCESTOR))
    world = World(tmp_path, files, commit=OLD, **{"history": history, **rest})
    assert apply(world).converged
    (found,) = world.ours()["a"]
    before = body_of(world, found)
    world.files = [changed(world.files[0], sourceSpec={"x": 2}, added=True)]
    world.commit = NEW
    journal = journal_of(apply(world))
    world.forget_requests()
    return world, found, before, journal
