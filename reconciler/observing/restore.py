"""Makes the plan that restores the bodies recorded in a journal. The engine applies it like any other plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Refused, Severity, UsageError, count
from reconciler.flowservice.client import SpecReader
from reconciler.journal.reading import JournalRecord, JournalWrite, read_journal
from reconciler.observing.live import in_parallel, spec_if_live
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import Workspace
from reconciler.planning.comparing.ownership import Owner
from reconciler.planning.plan import Options, Plan, PlanTarget
from reconciler.planning.restoring import Created, Former, Undoing, plan_restore

_NAMED = 5
"""Most ids that a message lists."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to restore: the specs in a journal, optionally of one kind, or with one of these ids."""

    journal: Path
    kind: Kind | None = None
    ids: tuple[str, ...] = ()

    def takes(self, kind: Kind, spec_id: str | None) -> bool:
        return self.kind in (None, kind) and (not self.ids or spec_id in self.ids)


def prepare_restore(workspace: Workspace, reader: SpecReader, wanted: Wanted, options: Options, progress: Progress) -> Plan:
    """The current plan that restores the recorded bodies. Reads each of these specs with its own GET.

    Raises UsageError if the file is not a journal or has no write to a wanted spec; Refused if the journal is for another host,
    organization, sandbox or repository; ServiceError if live cannot be read.
    """
    progress.step(f"reading {wanted.journal}")
    record = read_journal(wanted.journal)
    _check_origin(record, workspace.plan_target, workspace.owner)
    formers, created = formers_of(record), created_by(record)
    chosen = tuple(former for former in formers if wanted.takes(former.kind, former.id))
    stays = tuple(item for item in created if wanted.takes(item.kind, item.id))
    if (formers or created) and not (chosen or stays):
        raise _nothing_chosen(wanted, formers)
    progress.step(f"reading {count(len(chosen), 'spec')}")
    found = in_parallel(lambda former: spec_if_live(reader, former.kind, former.id), chosen, workspace.network.concurrency)
    plan = plan_restore(
        Undoing(
            formers=chosen,
            created=stays,
            undone=record.start.commit,
            live={(spec.kind, spec.id): spec for spec in found if spec},
            target=workspace.plan_target,
            owner=workspace.owner,
            our_client=None if workspace.target.ownership == "marker" else reader.client_id,
            history=workspace.history,
            commit=workspace.commit,
            needs_git=workspace.needs_git,
            options=options,
        )
    )
    return replace(plan, problems=(*plan.problems, *_about(record)))


def formers_of(record: JournalRecord) -> tuple[Former, ...]:
    """Each spec as it was before the first PUT of this run that may have happened, except specs that the run created."""
    made = {(write.intent.kind, write.spec_id or write.intent.key) for write in record.writes if write.intent.creates}
    by_object: dict[tuple[Kind, str], list[JournalWrite]] = {}
    for write in record.writes:
        intent = write.intent
        if intent.creates or not write.may_have_happened or {(intent.kind, intent.id), (intent.kind, intent.key)} & made:
            continue
        by_object.setdefault((intent.kind, intent.id or ""), []).append(write)
    formers = []
    for writes in by_object.values():
        first = writes[0].intent
        left = {write.intent.sent for write in writes} | {write.read_back for write in writes if write.read_back}
        formers.append(Former(first.kind, first.key, first.name, first.id or "", first.before or {}, frozenset(left)))
    return tuple(formers)


def created_by(record: JournalRecord) -> tuple[Created, ...]:
    """Each spec that this run created, or may have created."""
    return tuple(
        Created(write.intent.kind, write.intent.key, write.intent.name, write.spec_id)
        for write in record.writes
        if write.intent.creates and write.may_have_happened
    )


def _check_origin(record: JournalRecord, target: PlanTarget, owner: Owner) -> None:
    """Raises Refused for a journal of another target or repository."""
    then = record.start.target
    pairs = (
        ("host", then.host, target.host),
        ("organization", then.org_id, target.org_id),
        ("sandbox", then.sandbox, target.sandbox),
    )
    others = [f"{name} {before!r} (target {target.name!r} has {now!r})" for name, before, now in pairs if before != now]
    if others:
        raise Refused(
            f"nothing was written: {record.path} is the journal of an apply to {', '.join(others)}",
            hint=f"use the target of that apply: `--target {then.name}`",
        )
    if record.start.repository not in (owner.repository, *owner.formerly):
        raise Refused(
            f"nothing was written: {record.path} is a journal of repository {record.start.repository!r}, "
            f"but this is {owner.repository!r}",
            hint="run restore in that repository; if that is a former name of this one, add it to `formerly:` in reconciler.yaml",
        )


def _nothing_chosen(wanted: Wanted, formers: Iterable[Former]) -> UsageError:
    named = ", ".join(wanted.ids) or f"any {wanted.kind.words if wanted.kind else 'spec'}"
    known = [f"{former.id} ({former.kind})" for former in formers]
    listed = ", ".join(known[:_NAMED]) + (f", and {len(known) - _NAMED} more" if len(known) > _NAMED else "")
    return UsageError(
        f"{wanted.journal} has no write to {named}",
        hint=f"it has recorded bodies of {listed}" if known else "it has only creates",
    )


def _about(record: JournalRecord) -> tuple[Problem, ...]:
    """The run that this undoes, and whether its journal is incomplete."""
    commit = f" of commit {record.start.commit[:12]}" if record.start.commit else ""
    about = Problem(
        Severity.INFO,
        "restore",
        f"restores the bodies recorded before the apply of {record.start.began}{commit}",
        hint="the spec files still have the applied changes: revert them too, or the next apply makes the changes again",
    )
    if not record.cut_off and record.ended:
        return (about,)
    how = "it has incomplete lines" if record.cut_off else "it has no `end` event"
    message = f"the journal is from a run that was killed or is still running: {how}"
    hint = "writes without a result may have happened, and are restored too; if the run is still active, wait until it ends"
    return (Problem(Severity.WARNING, "journal-unfinished", message, hint=hint), about)
