"""An upstream target in every state that it can have, and a target after it."""

from __future__ import annotations

from typing import Any, Final

from reconciler.desired.git.history import Relation
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.upstream import Upstream
from reconciler.planning.plan import Plan
from tests.planning.situations import (
    COMMIT,
    UPDATED_AT,
    KnownHistory,
    connection,
    marked,
    marker_for,
    plan,
    shared_flow,
    spec_id,
)

FLOW: Final = "RestStorageToAEP"
WRITTEN: Final = UPDATED_AT / 1000
HOUR: Final = 3_600.0
NEW: Final = connection(attributes={"text": "new"}, flow_specs=(FLOW,))
OLD: Final = connection(attributes={"text": "old"}, flow_specs=(FLOW,))
MEMBERS: Final = (Kind.CONNECTION_SPEC, "members")


def left_by(desired: DesiredSpec, **body: Any) -> LiveSpec:
    return marked(desired, updatedAt=UPDATED_AT, **body)


def stage(*live: LiveSpec, files: tuple[DesiredSpec, ...] = (NEW,), served_at: float | None = WRITTEN, **rest: Any) -> Upstream:
    history = KnownHistory(known={COMMIT: rest.pop("relation", Relation.ANCESTOR)}, bases={"members": rest.pop("base", NEW)})
    made = plan(files, [*live], history=history, prune=not files, served_at=served_at, **rest)
    return Upstream("stage", made, desired={(spec.kind, spec.key): spec for spec in files})


UPSTREAMS: Final = {
    "in sync": stage(left_by(NEW), shared_flow(spec_id(1))),
    "pending": stage(left_by(OLD), shared_flow(spec_id(1)), base=OLD),
    "drift": stage(left_by(NEW, attributes={"text": "hand"}), shared_flow(spec_id(1))),
    "both": stage(left_by(OLD, attributes={"text": "hand"}), shared_flow(spec_id(1)), base=OLD),
    "ahead": stage(left_by(OLD), shared_flow(spec_id(1)), relation=Relation.NOT_ANCESTOR, base=OLD),
    "absent": stage(shared_flow()),
    "not attached": stage(left_by(NEW), shared_flow()),
    "unreadable": Upstream("stage", why_not="403 Forbidden", hint="check its credential"),
    "retired": stage(marked(NEW, marker=marker_for(NEW, retired=True)), shared_flow()),
    "still there without a file": stage(left_by(NEW), shared_flow(spec_id(1)), files=()),
    "retired without a file": stage(marked(NEW, marker=marker_for(NEW, retired=True)), shared_flow(), files=()),
    "never there, without a file": stage(shared_flow(), files=()),
}


def prod(gating: Gating, *live: LiveSpec, files: tuple[DesiredSpec, ...] = (NEW,), **rest: Any) -> Plan:
    history = KnownHistory(bases={"members": OLD})
    return plan(files, [*live], history=history, gating=gating, prune=not files, max_detaches=9, **rest)


PRODS: Final = {
    "create": lambda gating: prod(gating, shared_flow()),
    "update": lambda gating: prod(gating, left_by(OLD), shared_flow(spec_id(1))),
    "attach": lambda gating: prod(gating, left_by(NEW), shared_flow()),
    "detach": lambda gating: prod(gating, left_by(NEW), shared_flow(spec_id(1)), files=()),
}
GONE: Final = UPSTREAMS["never there, without a file"]
