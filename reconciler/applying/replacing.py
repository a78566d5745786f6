"""Replaces a spec: a PUT replaces the whole body of a spec that others also write.

Each attempt starts with a GET: the fingerprint must match the plan, and everything that the action does not own is sent back unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus

from reconciler.applying.bodies import body_to_replace
from reconciler.applying.confirming import Written, confirm
from reconciler.applying.context import Task, failure_of
from reconciler.applying.evidence import Proof
from reconciler.applying.outcome import Failure, OutcomeName, Result
from reconciler.applying.readings import usable_reading
from reconciler.documents.canonical import same
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SOURCES
from reconciler.errors import AnswerLost, Problem, RefusedForNow, ServiceError, Severity, TooLate, Unproven, VersionMismatch
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.difference import comparable_live
from reconciler.planning.comparing.ownership import marker_of, same_record
from reconciler.planning.fingerprints import fingerprint

MAX_ATTEMPTS = 8
_UNDONE = "another writer undid the attachment each time"
_FAILS = "run apply again when the service accepts writes: it looks at what is live first"


@dataclass(frozen=True, slots=True)
class _Again:
    """Why another attempt is needed, and the hint if all fail. `written` is the sent write that may have happened, if any."""

    reason: str
    written: Written | None = None
    hint: str = "find out who else writes this spec, and run apply again"


def replace_spec(task: Task) -> Result:
    """Replace one spec, and confirm it. Raises IdsMissing before anything is sent, JournalError if a write cannot be recorded."""
    again = _Again("")
    try:
        for attempt in range(MAX_ATTEMPTS):
            ended = _attempt(task, attempt, again)
            if isinstance(ended, Result):
                return ended
            again = ended
            task.pause(attempt)
    except ServiceError as error:
        return task.given_up(error)
    failure = Failure("contended", f"after {MAX_ATTEMPTS} attempts {again.reason}", again.hint)
    return task.ended(OutcomeName.NOT_CONVERGED if task.writes else OutcomeName.FAILED, failure)


def _attempt(task: Task, attempt: int, again: _Again) -> Result | _Again:
    action, site = task.action, task.site
    live, read_at = _fresh(task)
    if again.written and task.evidence.proof(live) is Proof.SHOWN:  # the PUT whose response was lost
        return _confirm(task, again.written, live)
    task.evidence.accept(live)
    body = body_to_replace(action, live, task.ids, site.written_at())
    written = Written(body, live.body)
    changes_nothing = same_record(marker_of(body), marker_of(live.body)) and same(
        comparable_live(body), comparable_live(live.body)
    )
    if changes_nothing:
        return _confirm(task, written, live) if task.writes else task.ended(OutcomeName.IN_SYNC, read_back=live.body)
    if not _is_as_planned(task, live, attempt):
        who = f" (last by {live.updated_by})" if live.updated_by else ""
        message, hint = f"not written: it changed after the plan was made{who}", "run plan again and review the differences"
        return task.ended(OutcomeName.FAILED, Failure("stale", message, hint))
    try:
        task.put(live, body, task.send_within(read_at))
    except TooLate as error:
        reason = f"the service is too slow to write soon enough after the read ({error.message})"
        return _Again(reason, again.written, "raise `network.settle` to four times the duration of one GET, and run apply again")
    except VersionMismatch as error:
        return _Again(f"it changed between the read and the write each time ({error.message})", again.written)
    except RefusedForNow as error:
        if attempt >= site.network.retries or (attempt and error.status != HTTPStatus.TOO_MANY_REQUESTS):
            raise
        return _Again(f"the service refused it each time ({error.message})", written, error.hint or "run apply again later")
    except AnswerLost as error:
        site.clock.sleep(site.network.timeout if action.kind is Kind.FLOW_SPEC else min(1.0, site.network.timeout))
        return _Again(f"no write was confirmed ({error.message})", written, _FAILS)
    return _confirm(task, written, live)


def _fresh(task: Task) -> tuple[LiveSpec, float]:
    """A trusted reading of the spec, and when (monotonic) its GET began. Raises Unproven if all readings are old or partial.

    If nothing detects a write based on an old body (a shared flow spec without an etag), two readings must agree.
    """
    spec_id = task.action.id or ""
    live, read_at = usable_reading(task, spec_id)
    if task.action.kind is Kind.CONNECTION_SPEC or live.etag is not None:
        return live, read_at
    return usable_reading(task, spec_id, twice=True, first=live)


def _is_as_planned(task: Task, live: LiveSpec, attempt: int) -> bool:
    if fingerprint(task.action, live) == task.action.fingerprint:
        return True
    # Another writer may undo part of an attachment; adding the rest again removes nothing.
    only_ids = task.action.desired is None and task.action.put_back is None and not task.action.retires
    return attempt > 0 and only_ids and bool(task.writes)


def _confirm(task: Task, written: Written, live: LiveSpec) -> Result | _Again:
    """Confirm a write; of a shared flow spec all ids first, then the rest of the body, then the ids again if it was written again."""
    if task.action.kind is Kind.CONNECTION_SPEC:
        return confirm(task, written, live.id)
    problem = _ids_after_settling(task, written, live)
    if problem:
        return problem
    writes = len(task.writes)
    result = confirm(task, written, live.id)
    if len(task.writes) == writes or not result.outcome.is_good:
        undone = result.outcome.is_good and task.last_seen is not None and _undone(task, written, live, task.last_seen)
        return _Again(_UNDONE) if undone else result
    problem = _ids_after_settling(task, written, live)
    if isinstance(problem, _Again):
        failure = Failure("contended", "another writer undid the attachment after it was confirmed", "run apply again")
        return task.ended(OutcomeName.NOT_CONVERGED, failure)
    return problem or result


def _ids_after_settling(task: Task, written: Written, live: LiveSpec) -> Result | _Again | None:
    """The problem with the ids of a flow spec after the settle time; None if they are all as expected."""
    task.site.clock.sleep(task.settle)
    try:
        got, _ = usable_reading(task, live.id)
    except Unproven as error:
        return task.ended(OutcomeName.NOT_CONVERGED, replace(failure_of(error, "not-confirmed"), before=written.before))
    held, sent, before = frozenset(got.source_connection_spec_ids), _ids(written.body), frozenset(live.source_connection_spec_ids)
    detached = {change.old for change in task.action.detaches}
    if _undone(task, written, live, got):
        return _Again(_UNDONE)
    lost = _still_gone(task, live.id, (before | frozenset(task.action.held)) - detached - held)
    if lost - sent:
        failure = Failure(
            "lost-id",
            f"ids attached by others are missing since our write: {', '.join(sorted(lost - sent))}",
            "tell their owners; restore the ids with their tools or from the journal",
            pointers=(f"/{SOURCES}",),
            before=written.before,
        )
        return task.ended(OutcomeName.NOT_CONVERGED, failure)
    if lost:
        taken_out = f"flow spec {task.action.name!r}: another client removed {', '.join(sorted(lost))} during this apply"
        hint = "tell their owners if this was not intended"
        task.warnings.append(Problem(Severity.WARNING, "ids-taken-out", taken_out, hint=hint, key=task.action.key))
    return None


def _undone(task: Task, written: Written, live: LiveSpec, got: LiveSpec) -> bool:
    """Whether this reading lacks an id that we attached, or has one that we detached."""
    held, sent, before = frozenset(got.source_connection_spec_ids), _ids(written.body), frozenset(live.source_connection_spec_ids)
    attached = {item if isinstance(item, str) else task.ids.get(item["ref"], "") for item in task.action.sources}
    wanted = (sent - before) | (sent & attached)
    return bool(wanted - held or {change.old for change in task.action.detaches} & held)


def _still_gone(task: Task, spec_id: str, gone: frozenset[str]) -> frozenset[str]:
    """Which of these ids stay missing: another writer may be about to restore them."""
    if not gone:
        return gone
    task.site.clock.sleep(2 * task.settle)
    again, _ = task.get(spec_id)
    return gone - frozenset(again.source_connection_spec_ids)


def _ids(body: dict[str, object]) -> frozenset[str]:
    items = body.get(SOURCES)
    return frozenset(item for item in items if isinstance(item, str)) if isinstance(items, list) else frozenset()
