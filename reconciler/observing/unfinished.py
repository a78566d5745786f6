"""A run that was killed: what its journal says it was doing, and what can be known of that now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reconciler.documents.canonical import digest
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.errors import Problem, Severity, UsageError
from reconciler.flowservice.specs import LiveSpec
from reconciler.http.clock import Clock
from reconciler.journal.folder import future_journals, newest_journal
from reconciler.journal.reading import Intent, JournalRecord, has_ended, read_journal
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import Workspace

UNFINISHED = "unfinished-run"
"""The code of the problem that the last run to this target was killed while it wrote."""


def killed_run(workspace: Workspace) -> JournalRecord | None:
    """The journal of the last apply to this target, if it is in the folder, can be read, and does not come to an end."""
    path = newest_journal(workspace.root, workspace.plan_target)
    if path is None or has_ended(path):
        return None
    try:
        return read_journal(path)
    except UsageError:
        return None


def wait_for_killed_run(workspace: Workspace, clock: Clock, progress: Progress) -> None:
    """Wait until the lists show what a killed run may have created: `consistency_window` after its last create or unfinished write.

    A plan that is made earlier would want to create it again, and be refused when the lists are read once more.
    """
    record = killed_run(workspace)
    window = workspace.network.consistency_window
    if record is None:
        return
    begun = [write.intent.at for write in record.writes if write.intent.creates or write.outcome is None]
    left = min(max(begun, default=0.0) + window - clock.now(), window)
    if left > 0:
        progress.step(f"waiting {left:.3g} s, so that what the last run was doing when it ended shows up in the lists")
        clock.sleep(left)


def unfinished_problems(workspace: Workspace, live: Iterable[LiveSpec], client_id: str | None) -> tuple[Problem, ...]:
    """One warning for each write that the last run to this target began and has no result of. `client_id` is our own."""
    record = killed_run(workspace)
    dated = tuple(_from_the_future(path) for path in future_journals(workspace.root, workspace.plan_target)[:1])
    if record is None or not record.unfinished:
        return dated
    specs = tuple(live)
    latest = {(write.intent.kind, write.intent.key, write.intent.id): write.intent for write in record.unfinished}
    told = (_problem(record, intent, *_known_now(workspace, intent, specs, client_id)) for intent in latest.values())
    return (*told, *dated)


def _from_the_future(path: Path) -> Problem:
    message = f"the journal {path} is dated in the future, so it counts as older than all others"
    return Problem(
        Severity.WARNING, "journal-date", message, hint="remove it if no run of yours wrote it; otherwise set the clock right"
    )


def _problem(record: JournalRecord, intent: Intent, known: str, step: str) -> Problem:
    message = (
        f"{intent.kind.words} {intent.key or intent.name!r}: the run of {record.start.began} was killed or is still running, and its "
        f"journal has no result of {intent.method} {intent.path}: {known}"
    )
    return Problem(Severity.WARNING, UNFINISHED, message, hint=f"{step}; its journal is {record.path}", key=intent.key)


def _known_now(workspace: Workspace, intent: Intent, live: tuple[LiveSpec, ...], client_id: str | None) -> tuple[str, str]:
    """What can be said of the object now, and the next step."""
    if intent.creates:
        return _of_create(intent, [spec for spec in live if _was_created(workspace, intent, spec, client_id)])
    spec = next((spec for spec in live if (spec.kind, spec.id) == (intent.kind, intent.id)), None)
    if spec is None:
        return f"{intent.id} is not shown by the lists", "check the sandbox and the permissions of the credential"
    now = digest(spec.document)
    if now == intent.sent:
        return f"{spec.id} is live as it was to be sent", "nothing is lost, and there is nothing to clean up"
    if now == digest({name: value for name, value in (intent.before or {}).items() if name not in SERVER_MANAGED}):
        return f"{spec.id} is live as it was before", "it was not written; apply does what is left"
    return (
        f"{spec.id} is live neither as it was before nor as it was to be sent",
        "look at the plan: the service keeps it otherwise, or somebody changed it since",
    )


def _of_create(intent: Intent, found: list[LiveSpec]) -> tuple[str, str]:
    ids = ", ".join(spec.id for spec in found)
    if not found:
        return (
            "no live spec is known as this one",
            "it was not created, or the lists do not show it yet; apply waits for them first",
        )
    if len(found) == 1:
        return f"it was created, and is live as {ids}", "there is nothing to clean up: it counts as live"
    return f"{len(found)} live specs are known as this one: {ids}", f"pin the right one in the file of {intent.key!r}: `ids:`"


def _was_created(workspace: Workspace, intent: Intent, spec: LiveSpec, client_id: str | None) -> bool:
    if spec.kind is not intent.kind:
        return False
    if workspace.target.ownership == "marker":
        return workspace.owner.has_marked(spec, intent.key)
    return spec.created_client == client_id and spec.name == intent.name
