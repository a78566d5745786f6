"""The read-back after a write: only a GET is proof.

What the service did not keep is written into the marker once (`settled`), where the file owns it; what is still different then, a section
that is gone, or a change to what nobody asked to change, is `not_converged`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.applying.bodies import ignore_lines, settled_body
from reconciler.applying.outcome import Failure, OutcomeName, Result
from reconciler.applying.site import Task, failure_of
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Place, pointer_to, value_at
from reconciler.documents.pointer import format_pointer
from reconciler.documents.semantics import sections
from reconciler.errors import ServiceError, SpecNotFound
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.difference import comparable_live, losses
from reconciler.planning.id_lists import ID_LISTS, SOURCES
from reconciler.planning.ownership import Marker, Settled, marker_of, own_marker, same_record
from reconciler.planning.plan import ActionName

_DONE = {ActionName.CREATE: OutcomeName.CREATED, ActionName.ATTACH: OutcomeName.ATTACHED, ActionName.DETACH: OutcomeName.DETACHED}


@dataclass(frozen=True, slots=True)
class Written:
    """A write that went out: the body, and the body from before it (None for a create)."""

    body: Document
    before: Document | None


def done(task: Task, got: LiveSpec) -> Result:
    """The result of an action that is confirmed."""
    return task.ended(_DONE.get(task.action.action, OutcomeName.UPDATED), read_back=got.body)


def read_back(task: Task, spec_id: str) -> LiveSpec:
    """The spec as it is after the write. One that is not there yet, or is as it was before, is read again as long as lists may lag.

    Raises ServiceError.
    """
    clock, window = task.site.clock, task.site.network.consistency_window
    until = clock.monotonic() + window
    while True:
        try:
            got = task.site.service.get_spec(task.action.kind, spec_id)
        except SpecNotFound:
            if task.action.id is not None or clock.monotonic() >= until:
                raise
        else:
            if (got.updated_at or 0) >= (task.changed_at or 0) or clock.monotonic() >= until:
                return got
        clock.sleep(max(window / 5, 0.1))


def confirm(task: Task, written: Written, spec_id: str) -> Result:
    """How an action ended whose write went out, as its read-back says; at most one more PUT, for what the service does not keep."""
    try:
        read_at = task.site.clock.monotonic()
        got = read_back(task, spec_id)
        found = _Found.of(task, written.body, got)
        if not found.clean:
            task.site.clock.sleep(min(1.0, task.site.network.consistency_window / 10))
            read_at = task.site.clock.monotonic()
            got = read_back(task, spec_id)  # the first may have been a stale read
            found = _Found.of(task, written.body, got)
        return done(task, got) if found.clean else _resolve(task, written, found, got, read_at)
    except ServiceError as error:
        failure = replace(failure_of(error, "not-confirmed"), before=written.before)
        return task.ended(OutcomeName.NOT_CONVERGED, failure)


def _resolve(task: Task, written: Written, found: _Found, got: LiveSpec, read_at: float) -> Result:
    """Live is not what was sent: somebody else's change, work lost, or what the service makes of a body, which is settled."""
    if taken := _taken_over(task, got):
        return task.ended(OutcomeName.NOT_CONVERGED, taken)
    if _changed_since(task, got):
        return task.ended(OutcomeName.NOT_CONVERGED, _changed_failure(task, written, got, found))
    if found.marker_lost or found.beyond_settling or task.action.marker is None:
        return not_converged(task, written, found)
    return _settle(task, written, got, found, read_at)


def _settle(task: Task, written: Written, got: LiveSpec, found: _Found, read_at: float) -> Result:
    """Write the marker once more, with what the service keeps instead of what was sent. There is never a third write.

    The body is the live one as it was just read, so that this overwrites nothing.
    """
    settled = {format_pointer(place): known for place, known in found.lost.items()}
    body = settled_body(task.action, got, settled, task.site.clock.now())
    task.put(got, body, task.send_within(read_at))
    again = read_back(task, got.id)
    left = _Found.of(task, written.body, again, marker_of(body))
    return done(task, again) if left.clean else not_converged(task, written, left)


def _taken_over(task: Task, got: LiveSpec) -> Failure | None:
    """That another owner's marker is live instead of ours: two took the spec over at once, and this run lost."""
    mine, live = task.action.marker, own_marker(got)
    if mine is None or live is None or not live.repository:
        return None
    if (live.repository, live.sandbox, live.key) == (mine.repository, mine.sandbox, mine.key):
        return None
    return Failure(
        "marker-changed",
        f"{live.repository} took it over at the same time, as {live.key!r}: its marker is live, and not the one that was written",
        f"agree with {live.repository} who manages it; then remove one of the two files, or write `adopt: {live.repository}` in this one",
    )


def _changed_since(task: Task, got: LiveSpec) -> bool:
    """Whether somebody wrote this object after we did: then what is different is theirs, and not what the service made of ours."""
    if task.changed_at is not None and got.updated_at is not None:
        return got.updated_at > task.changed_at
    return got.updated_client not in (None, task.site.service.client_id)


def _changed_failure(task: Task, written: Written, got: LiveSpec, found: _Found) -> Failure:
    pointers = tuple(pointer_to(got.body, place) for place in found.lost)
    return Failure(
        "changed-under-write",
        f"{got.updated_by or 'somebody else'} changed {', '.join(pointers) or 'the marker'} just after it was written",
        "find out who, and run plan again: it is drift now",
        pointers=pointers,
        before=written.before if task.action.kind is Kind.FLOW_SPEC else None,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What a read-back shows to be other than what was sent."""

    lost: dict[Place, Settled]
    marker_lost: bool
    beyond_settling: bool
    unowned: bool

    @property
    def clean(self) -> bool:
        return not self.lost and not self.marker_lost

    @classmethod
    def of(cls, task: Task, sent: Document, got: LiveSpec, marker: Marker | None = None) -> _Found:
        """What is different between what was sent and what is live; `marker` is the one that is expected, if it is not the sent one.

        The list of sources is not looked at here: its ids are everybody's, and come and go one by one.
        """
        body, mine, desired = got.body, marker or marker_of(sent), task.action.desired
        lost = losses(
            comparable_live(sent), comparable_live(body), desired.ignore if desired else (), mine.settled if mine else {}
        )
        lost = {place: known for place, known in lost.items() if place[0] != SOURCES}
        owned = {section for section, _ in sections(desired.body)} if desired else set()
        return cls(
            lost=lost,
            marker_lost=mine is not None and not same_record(marker_of(body), mine),
            beyond_settling=any(place[0] not in owned or _is_work_lost(sent, body, place) for place in lost),
            unowned=any(place[0] not in owned for place in lost),
        )


def _is_work_lost(sent: Document, got: Document, place: Place) -> bool:
    """Whether an id, or a whole section with structure, is gone: that is no form in which a service keeps things."""
    if place[0] in ID_LISTS:
        return True
    if len(place) != 1 or value_at(got, place) is not MISSING:
        return False
    return isinstance(value_at(sent, place), dict | list)


def not_converged(task: Task, written: Written, found: _Found) -> Result:
    """The result where live is not what was sent, with where, and the lines that would accept it."""
    if found.marker_lost and not found.lost:
        return task.ended(OutcomeName.NOT_CONVERGED, _marker_failure(task, written))
    shown = task.action.desired.body if task.action.desired else written.body
    pointers = tuple(pointer_to(shown, place) for place in found.lost)
    hint = "look at what is live before anything is written again; the body from before is in the journal"
    if not found.unowned:
        hint = "write what the service keeps, or accept it with these lines in the file"
    failure = Failure(
        "not-kept" if not found.unowned else "changed-under-write",
        f"Flow Service answers otherwise than it was told, at {', '.join(pointers)}",
        hint,
        pointers=pointers,
        ignore=() if found.unowned else ignore_lines(pointers),
        before=written.before if found.unowned else None,
    )
    return task.ended(OutcomeName.NOT_CONVERGED, failure)


def _marker_failure(task: Task, written: Written) -> Failure:
    if task.action.owner is not None and task.action.action is not ActionName.CREATE:
        return Failure(
            "marker-changed",
            "the marker that was written is not the one that is live: somebody else writes this spec too",
            "find out who; then run plan again",
            before=written.before,
        )
    return Failure(
        "marker-dropped",
        "Flow Service does not keep the ownership marker (attributes.reconciler)",
        "set `ownership: none` for this target in reconciler.yaml; specs are then known by name, provider and our client id",
    )
