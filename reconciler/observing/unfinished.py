"""The last run, if it was killed: the writes that its journal shows without a result, and the current state of those specs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from contextlib import suppress

from reconciler.documents.canonical import digest
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.errors import Problem, Severity, UsageError
from reconciler.flowservice.specs import LiveSpec
from reconciler.http.clock import Clock
from reconciler.journal.folder import future_journals, journals_of
from reconciler.journal.reading import Intent, JournalRecord, has_ended, read_journal
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import Workspace

UNFINISHED = "unfinished-run"
"""The problem code for a last run to this target that was killed while it wrote."""


def killed_run(workspace: Workspace) -> JournalRecord | None:
    """The journal of the last apply to this target, if it is in the folder and has no `end` event. Raises UsageError if unreadable."""
    for path in journals_of(workspace.root, workspace.plan_target, 1):
        return None if has_ended(path) else read_journal(path)
    return None


def interrupted_by_kill(workspace: Workspace) -> Callable[[str, str], bool]:
    """Whether a killed last run may have written the spec with this key or id. The journal is read at the first question."""

    @functools.cache
    def written() -> frozenset[str] | None:
        try:
            record = killed_run(workspace)
        except UsageError:
            return None
        writes = record.writes if record is not None else ()
        return frozenset(name for write in writes for name in (write.intent.key, write.spec_id) if name is not None)

    def was_interrupted(key: str, spec_id: str) -> bool:
        names = written()
        return names is None or not names.isdisjoint((key, spec_id))

    return was_interrupted


def wait_for_killed_run(workspace: Workspace, clock: Clock, progress: Progress) -> None:
    """Wait until the lists show the creates of a killed run: `consistency_window` after its last create or unfinished write.

    A plan made before that would create them again, and would be refused when the lists are read again. An unreadable journal is reported
    with the plan.
    """
    record = None
    with suppress(UsageError):
        record = killed_run(workspace)
    window = workspace.network.consistency_window
    if record is None:
        return
    begun = [write.intent.at for write in record.writes if write.intent.creates or write.outcome is None]
    left = min(max(begun, default=0.0) + window - clock.now(), window)
    if left > 0:
        progress.step(f"waiting {left:.3g} s for the writes of the interrupted run to appear in the lists")
        clock.sleep(left)


def unfinished_problems(workspace: Workspace, live: Iterable[LiveSpec], client_id: str | None) -> tuple[Problem, ...]:
    """One warning for each write of the last run to this target that has no result, and one for a journal dated in the future.

    A journal without an end that cannot be read is one warning: nothing is known about its writes. `client_id` is our own client.
    """
    hint = "remove it if none of your runs wrote it; if one did, correct the clock"
    dated = tuple(
        Problem(
            Severity.WARNING, "journal-date", f"journal {path} has a date in the future, so it counts as the oldest", hint=hint
        )
        for path in future_journals(workspace.root, workspace.plan_target)[:1]
    )
    try:
        record = killed_run(workspace)
    except UsageError as error:
        return (_unreadable(error), *dated)
    if record is None or not record.unfinished:
        return dated
    specs = tuple(live)
    latest = {(write.intent.kind, write.intent.key, write.intent.id): write.intent for write in record.unfinished}
    unfinished = (_problem(record, intent, *_known_now(workspace, intent, specs, client_id)) for intent in latest.values())
    return (*unfinished, *dated)


def _unreadable(error: UsageError) -> Problem:
    message = f"the last run may have been killed, and its writes cannot be checked: {error.message}"
    hint = "review the plan: it shows what of that run is missing in live; the warning ends with the next apply that finishes"
    return Problem(Severity.WARNING, UNFINISHED, message, hint=hint)


def _problem(record: JournalRecord, intent: Intent, known: str, step: str) -> Problem:
    message = (
        f"{intent.kind.words} {intent.key or intent.name!r}: the run of {record.start.began} was killed or is still running, and its "
        f"journal has no result for {intent.method} {intent.path}: {known}"
    )
    return Problem(Severity.WARNING, UNFINISHED, message, hint=f"{step}; its journal is {record.path}", key=intent.key)


def _known_now(workspace: Workspace, intent: Intent, live: tuple[LiveSpec, ...], client_id: str | None) -> tuple[str, str]:
    """The current state of the spec, and the next step."""
    if intent.creates:
        return _of_create(intent, [spec for spec in live if _was_created(workspace, intent, spec, client_id)])
    spec = next((spec for spec in live if (spec.kind, spec.id) == (intent.kind, intent.id)), None)
    if spec is None:
        return f"the lists do not show {intent.id}", "check the sandbox and the permissions of the credential"
    now = digest(spec.document)
    if now == intent.sent:
        return f"{spec.id} has the new body", "the write succeeded; there is nothing to clean up"
    if now == digest({name: value for name, value in (intent.before or {}).items() if name not in SERVER_MANAGED}):
        return f"{spec.id} has the previous body", "it was not written; the next apply writes it"
    return (
        f"{spec.id} has neither the previous nor the new body",
        "review the plan: the service stored it differently, or someone changed it since",
    )


def _of_create(intent: Intent, found: list[LiveSpec]) -> tuple[str, str]:
    ids = ", ".join(spec.id for spec in found)
    if not found:
        return (
            "no matching live spec was found",
            "it was not created, or the lists do not show it yet; apply waits for the lists first",
        )
    if len(found) == 1:
        return f"it was created as {ids}", "there is nothing to clean up: it counts as live"
    return f"{len(found)} live specs match: {ids}", f"pin the right one in the file of {intent.key!r}: `ids:`"


def _was_created(workspace: Workspace, intent: Intent, spec: LiveSpec, client_id: str | None) -> bool:
    if spec.kind is not intent.kind:
        return False
    if workspace.target.ownership == "marker":
        return workspace.owner.has_marked(spec, intent.key)
    return spec.created_client == client_id and spec.name == intent.name
