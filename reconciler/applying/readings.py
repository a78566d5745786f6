"""Readings of one object that something may be built on, and the read-back after a write. What they prove is for `evidence` to say."""

from __future__ import annotations

from reconciler.applying.evidence import Doubt, Proof
from reconciler.applying.site import Task
from reconciler.documents.canonical import same
from reconciler.errors import SpecNotFound, Unproven
from reconciler.flowservice.specs import LiveSpec

_TRIES = 8
"""Readings at least, before it is said that none can be relied on; more while they may still be lagging."""

_NOT_IN_A_LIST = Doubt("no list has shown it", list_may_settle=True)
_CHANGES = "it is another one at each reading"


def usable_reading(task: Task, spec_id: str, *, twice: bool = False, first: LiveSpec | None = None) -> tuple[LiveSpec, float]:
    """The object as it is now, and when (monotonic) its GET began: nothing that was known is missing in it, or the list agrees.

    With `twice`, two readings in a row must be the same, of which `first` may be one: for what many write, and no etag protects.
    Raises Unproven when there is no such reading to be had in time, ServiceError as a GET does.
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
            raise _unproven(task, spec_id, reason)
        if previous is None or tries > 1:
            clock.sleep(task.site.rng.uniform(0.5, 1.0) * max(task.patience / _TRIES, 0.1))


def read_back(task: Task, spec_id: str) -> tuple[LiveSpec, Proof, float]:
    """The object after our write, whether this reading shows the write, and when (monotonic) it began: read again as long as reads may lag.

    Raises ServiceError; SpecNotFound for a new object that does not show in all that time.
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
    """Why nothing may be built on this reading, after the list was asked where it can tell; None where it may."""
    doubt = task.evidence.doubt(live)
    if doubt is None and task.action.put_back is not None:
        doubt = _NOT_IN_A_LIST  # a restore has seen the object by its id alone
    if doubt is None:
        return None
    if not doubt.list_may_settle:
        return doubt.reason
    listed = task.site.service.listed_spec(live.kind, live.id)
    agrees = task.evidence.agrees(live, listed)
    if listed is not None:
        task.evidence.listed(listed)
    return None if agrees else doubt.reason


def _unproven(task: Task, spec_id: str, reason: str) -> Unproven:
    return Unproven(
        f"{task.action.kind.words} {spec_id} cannot be written on what GET shows: {reason}",
        hint="run apply again in a minute; if it stays so, this credential is not shown the whole spec: ask for the permission to view it",
    )
