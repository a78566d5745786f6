"""The read-back after a write: only a GET proves it.

Values that the service did not keep are recorded in the marker once (`settled`), if the file owns them, two readings that show our write
agree, and a service may plausibly store the value that way. Any remaining difference is `not_converged`: a missing section, another
value, or a change outside the action.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from reconciler.applying.bodies import ignore_lines, settled_body
from reconciler.applying.context import Task, failure_of
from reconciler.applying.evidence import Proof
from reconciler.applying.outcome import Failure, OutcomeName, Result
from reconciler.applying.readings import read_back, usable_reading
from reconciler.documents.canonical import same
from reconciler.documents.comparison import Cause
from reconciler.documents.covering import may_be_kept_as, uncovered
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Place, pointer_to, value_at
from reconciler.documents.pointer import format_pointer
from reconciler.documents.semantics import ID_LISTS, SOURCES, names_of, sections
from reconciler.errors import RefusedForNow, ServiceError
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.difference import comparable_live, losses
from reconciler.planning.comparing.ownership import MARKER_FIELD, Marker, Settled, marker_of, own_marker, same_record
from reconciler.planning.plan import ActionName

_ATTRIBUTES: Final = "attributes"

_DONE = {ActionName.CREATE: OutcomeName.CREATED, ActionName.ATTACH: OutcomeName.ATTACHED, ActionName.DETACH: OutcomeName.DETACHED}


_REPAIRS = frozenset({Cause.DRIFT, Cause.BOTH, Cause.UNKNOWN, Cause.UNCONFIRMED})
"""Causes where something else changed the spec after it was applied: it may do so again, just after our write."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sent write: the body, and the previous live body (None for a create)."""

    body: Document
    before: Document | None


def done(task: Task, got: LiveSpec) -> Result:
    """The result of a confirmed action."""
    return task.ended(_DONE.get(task.action.action, OutcomeName.UPDATED), read_back=got.body)


def confirm(task: Task, written: Written, spec_id: str) -> Result:
    """The result of a sent write, from its read-back; sends at most one more PUT, for values that the service does not keep."""
    try:
        if task.action.cause in _REPAIRS:
            task.site.clock.sleep(task.site.network.settle)
        got, _, _ = read_back(task, spec_id)
        found = _Found.of(task, written.body, got)
        if found.clean:
            return done(task, got)
        first = got
        task.site.clock.sleep(min(1.0, task.site.network.consistency_window / 10))
        got, proof, read_at = read_back(task, spec_id)  # the first read may have been stale
        found = _Found.of(task, written.body, got)
        if found.clean:
            return done(task, got)
        if proof is Proof.NOT_SHOWN or (proof is Proof.UNKNOWN and _is_ours(task, got) and not found.marker_lost):
            unseen = Failure(
                "not-confirmed",
                "the service accepted the write, but GET still shows another body",
                "nothing more was sent; run plan again in a minute to see what is live",
                before=written.before,
            )
            return task.ended(OutcomeName.NOT_CONVERGED, unseen)
        return _resolve(
            task, written, found, got, read_at, may_settle=proof is Proof.SHOWN and same(first.document, got.document)
        )
    except ServiceError as error:
        failure = replace(failure_of(error, "not-confirmed"), before=written.before)
        return task.ended(OutcomeName.NOT_CONVERGED, failure)


def _resolve(task: Task, written: Written, found: _Found, got: LiveSpec, read_at: float, *, may_settle: bool) -> Result:
    """Live differs from what was sent: another writer, lost values, or a conversion by the service, which is settled.

    `may_settle` is whether two readings that show our write agree.
    """
    if taken := _taken_over(task, got):
        return task.ended(OutcomeName.NOT_CONVERGED, taken)
    if _changed_since(task, got, found):
        return task.ended(OutcomeName.NOT_CONVERGED, _changed_failure(task, written, got, found))
    if found.marker_lost or found.beyond_settling or task.action.marker is None or not may_settle:
        return _partial_failure(task, written, got) or not_converged(task, written, found)
    if any(len(place) == 1 and value_at(got.body, place) is MISSING for place in found.lost):
        return _partial_failure(task, written, got) or _settle(task, written, got, found, read_at)
    return _settle(task, written, got, found, read_at)


def _partial_failure(task: Task, written: Written, got: LiveSpec) -> Result | None:
    """A failure if the list shows values that the GET lacks: then the GET is incomplete, and the service may well have kept them."""
    listed = task.site.service.listed_spec(task.action.kind, got.id)
    hidden = uncovered(got.document, listed.document) if listed is not None else ()
    if listed is None or not hidden or task.evidence.proof(listed) is not Proof.SHOWN:
        return None
    failure = Failure(
        "not-confirmed",
        f"GET {got.id} shows less than the list does: {', '.join(hidden)}",
        "nothing more was sent; run plan again in a minute, and report the id to Adobe if this persists",
        before=written.before,
    )
    return task.ended(OutcomeName.NOT_CONVERGED, failure)


def _settle(task: Task, written: Written, got: LiveSpec, found: _Found, read_at: float) -> Result:
    """Write the marker again, with what the service keeps instead of what was sent. There is never a third write.

    The body is the live body just read, so that this overwrites nothing.
    """
    if task.evidence.doubt(got) is not None:
        got, read_at = usable_reading(task, got.id)
        seen = _Found.of(task, written.body, got)
        if seen.lost != found.lost or seen.marker_lost:
            return not_converged(task, written, seen)
    settled = {format_pointer(place): known for place, known in found.lost.items()}
    body = settled_body(task.action, got, written.body, settled, task.site.written_at())
    _put_again(task, got, body, read_at)
    again, _, _ = read_back(task, got.id)
    left = _Found.of(task, written.body, again, marker_of(body))
    return done(task, again) if left.clean else not_converged(task, written, left)


def _taken_over(task: Task, got: LiveSpec) -> Failure | None:
    """The failure if another owner's marker is live instead of ours: both adopted the spec at once, and this run lost."""
    mine, live = task.action.marker, own_marker(got)
    if mine is None or live is None or not live.repository:
        return None
    if (live.repository, live.sandbox, live.key) == (mine.repository, mine.sandbox, mine.key):
        return None
    return Failure(
        "marker-changed",
        f"{live.repository} adopted it at the same time as {live.key!r}: the live marker is not the one that was written",
        f"agree with {live.repository} on who manages it; then remove one of the two files, or set `adopt: {live.repository}` in this one",
    )


def _put_again(task: Task, got: LiveSpec, body: Document, read_at: float) -> None:
    """PUT this body; retry after a temporary refusal, as long as live is unchanged. Raises ServiceError."""
    for attempt in range(task.site.network.retries + 1):
        try:
            return task.put(got, body, task.send_within(read_at))
        except RefusedForNow:
            if attempt == task.site.network.retries:
                raise
            task.pause(attempt)
            now, read_at = usable_reading(task, got.id)
            if not same(now.document, got.document):
                return None
    return None


def _changed_since(task: Task, got: LiveSpec, found: _Found) -> bool:
    """Whether another writer changed this spec after our write, so that the differences are theirs.

    A service that completes our write later names our client, and keeps our marker with the time of our write. If the time of change is not
    later, the last writer counts: the time may be coarse or constant.
    """
    own = task.evidence.own
    sent = marker_of(own.body) if own else None
    if got.updated_client == task.site.service.client_id and sent is not None and marker_of(got.body) == sent:
        return False
    is_someones = not _is_ours(task, got)
    if own is not None and own.updated_at is not None and got.updated_at is not None:
        return got.updated_at > own.updated_at or (is_someones and not found.marker_lost)
    return is_someones


def _is_ours(task: Task, got: LiveSpec) -> bool:
    """Whether there is no sign that another client wrote this last."""
    return got.updated_client in (None, task.site.service.client_id)


def _changed_failure(task: Task, written: Written, got: LiveSpec, found: _Found) -> Failure:
    pointers = tuple(pointer_to(got.body, place) for place in found.lost)
    return Failure(
        "changed-under-write",
        f"{got.updated_by or 'another client'} changed {', '.join(pointers) or 'the marker'} just after it was written",
        "find out who, and run plan again: it is drift now; if the service itself does this, accept it by adding these lines to the file",
        pointers=pointers,
        ignore=ignore_lines(pointers) if pointers else (),
        before=written.before if task.action.kind is Kind.FLOW_SPEC else None,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The differences between what was sent and a read-back."""

    lost: dict[Place, Settled]
    marker_lost: bool
    marker_changed: bool
    beyond_settling: bool
    unowned: bool

    @property
    def clean(self) -> bool:
        return not self.lost and not self.marker_lost

    @classmethod
    def of(cls, task: Task, sent: Document, got: LiveSpec, marker: Marker | None = None) -> _Found:
        """The differences between what was sent and what is live; `marker` is the expected marker, if it is not the sent one.

        Ignores the list of sources: its ids are shared, and come and go one by one.
        """
        body, mine, desired = got.body, marker or marker_of(sent), task.action.desired
        wanted, live = comparable_live(sent), comparable_live(body)
        lost = losses(wanted, live, desired.ignore if desired else (), mine.settled if mine else {})
        lost = {place: known for place, known in lost.items() if place[0] != SOURCES}
        owned = {section for section, _ in sections(desired.body)} if desired else set()
        return cls(
            lost=lost,
            marker_lost=mine is not None and not same_record(marker_of(body), mine),
            marker_changed=task.action.owner is not None
            and task.action.action is not ActionName.CREATE
            and not _is_part_of_marker(sent, body),
            beyond_settling=any(
                place[0] not in owned
                or _is_work_lost(sent, body, place)
                # a service may store a value in another way; any other value is a failed write, or another client's
                or not may_be_kept_as(value_at(wanted, place), value_at(live, place))
                for place in lost
            ),
            unowned=any(place[0] not in owned for place in lost),
        )


def _is_part_of_marker(sent: Document, got: Document) -> bool:
    """Whether the live marker is a part of the sent one: the service kept less, and no other client wrote."""
    ours, live = (value_at(body, (_ATTRIBUTES, MARKER_FIELD)) for body in (sent, got))
    return isinstance(ours, dict) and isinstance(live, dict) and not uncovered(ours, live)


def _is_work_lost(sent: Document, got: Document, place: Place) -> bool:
    """Whether an id, or a whole structured section, is missing: a service never stores a value that way."""
    is_gone = len(place) == 1 and value_at(got, place) is MISSING
    return place[0] in ID_LISTS or (is_gone and isinstance(value_at(sent, place), dict | list))


def not_converged(task: Task, written: Written, found: _Found) -> Result:
    """The result if live is not what was sent, with the places, and the lines that would accept it."""
    shown = task.action.desired.body if task.action.desired else written.body
    pointers = tuple(pointer_to(shown, place) for place in found.lost)
    if found.marker_lost and not found.marker_changed and all(place[0] == _ATTRIBUTES for place in found.lost):
        return task.ended(OutcomeName.NOT_CONVERGED, _marker_dropped(pointers))
    if found.marker_lost and not found.lost:
        changed = Failure(
            "marker-changed",
            "the live marker is not the one that was written: another client wrote this spec, or the service did not keep the marker",
            "run plan again, and find out who else writes this spec",
            before=written.before,
        )
        return task.ended(OutcomeName.NOT_CONVERGED, changed)
    hint = "check what is live before you write again; the previous body is in the journal"
    if not found.unowned:
        hint = _other_name(shown, found) or "write what the service keeps, or accept it by adding these lines to the file"
    failure = Failure(
        "not-kept" if not found.unowned else "changed-under-write",
        f"Flow Service returned values other than those sent, at {', '.join(pointers)}",
        hint,
        pointers=pointers,
        ignore=() if found.unowned else ignore_lines(pointers),
        before=written.before if found.unowned else None,
    )
    return task.ended(OutcomeName.NOT_CONVERGED, failure)


def _other_name(body: Document, found: _Found) -> str | None:
    """The hint for a lost section that has other names, of which a service may accept only one; None for other losses."""
    lost = next((place[0] for place in found.lost if len(place) == 1 and len(names_of(str(place[0]))) > 1), None)
    if lost is None:
        return None
    names = names_of(str(lost))
    written = next((name for name in names if name in body), str(lost))
    others = " or ".join(f"`{name}`" for name in names if name != written)
    accept = "accept the loss by adding these lines to the file"
    return f"write `{written}` as {others}: a service may accept only one of the names; or {accept}"


def _marker_dropped(pointers: tuple[str, ...]) -> Failure:
    """The failure if the service does not keep the marker; lists what else of `attributes` it drops, because the cause is the same."""
    nor_these = f", nor {', '.join(pointers)}" if pointers else ""
    hint = "set `ownership: none` for this target in reconciler.yaml; specs are then identified by name, provider and client id"
    return Failure(
        "marker-dropped",
        f"Flow Service does not keep the ownership marker (attributes.reconciler){nor_these}",
        f"{hint}; and add these lines to the file for the other values" if pointers else hint,
        pointers=pointers,
        ignore=ignore_lines(pointers),
    )
