"""Reads one spec until a reading can be trusted, before a write and after it. `evidence` decides what a reading proves."""

from __future__ import annotations

from reconciler.applying.context import Task
from reconciler.applying.evidence import Doubt, Proof
from reconciler.documents.canonical import same
from reconciler.errors import SpecNotFound, Unproven
from reconciler.flowservice.specs import LiveSpec

_TRIES = 8
"""Least readings before giving up; more while reads may still lag."""

_NOT_IN_A_LIST = Doubt("it is not in the list", list_may_settle=True)
_CHANGES = "it changes with every reading"


def usable_reading(task: Task, spec_id: str, *, twice: bool = False, first: LiveSpec | None = None) -> tuple[LiveSpec, float]:
    """A trusted reading of the spec, and when (monotonic) its GET began: it lacks nothing that was known, or the list agrees.

    With `twice`, two consecutive readings must be equal, of which `first` may be one: for specs that others write and no etag protects.
    Raises Unproven if there is no such reading in time, ServiceError as a GET does.
    """
    clock = task.site.clock
    until = clock.monotonic() + task.patience
    previous = first
    tries = 0
    while True:
        live, read_at = task.get(spec_id)
        reason = _reason_against(task, live)
        task.evidence.noticed(live)
        if reason is None:
            if not twice or (previous is not None and same(previous.document, live.document)):
                return live, read_at
            reason, previous = _CHANGES, live
        else:
            previous = None
        tries += 1
        if tries >= _TRIES and (clock.monotonic() >= until or tries >= 4 * _TRIES):
            raise Unproven(
                f"{task.action.kind.words} {spec_id} was not written: the GET cannot be trusted: {reason}",
                hint="run apply again in a minute; if this persists, the credential cannot see the whole spec: "
                "request permission to view it",
            )
        if previous is None or tries > 1:
            clock.sleep(task.site.rng.uniform(0.5, 1.0) * max(task.patience / _TRIES, 0.1))


def read_back(task: Task, spec_id: str) -> tuple[LiveSpec, Proof, float]:
    """The spec after our write, whether this reading shows the write, and when (monotonic) it began; retries while reads may lag.

    Raises ServiceError; SpecNotFound if a new spec does not appear in that time.
    """
    clock, window = task.site.clock, task.site.network.consistency_window
    until = clock.monotonic() + task.patience
    while True:
        try:
            got, read_at = task.get(spec_id)
        except SpecNotFound:
            if task.action.id is not None or clock.monotonic() >= until:
                raise
        else:
            proof = task.evidence.proof(got)
            if proof is Proof.SHOWN or clock.monotonic() >= until:
                return got, proof, read_at
        clock.sleep(max(window / 5, 0.1))


def _reason_against(task: Task, live: LiveSpec) -> str | None:
    """Why this reading cannot be trusted, after checking the list where it can tell; None if it can be."""
    doubt = task.evidence.doubt(live)
    if doubt is None and task.action.put_back is not None:
        doubt = _NOT_IN_A_LIST  # a restore has read the spec only by its id
    if doubt is None:
        return None
    if not doubt.list_may_settle:
        return doubt.reason
    listed = task.site.service.listed_spec(live.kind, live.id)
    agrees = task.evidence.agrees(live, listed)
    if listed is not None:
        task.evidence.listed(listed)
    return None if agrees else doubt.reason
