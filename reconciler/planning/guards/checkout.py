"""Guards about the checkout: it is behind live, may be behind, or has uncommitted spec files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.desired.git.history import Relation
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.context import Context
from reconciler.planning.guards.safety import ahead_problem, detach_history_problem, unplaced_problem
from reconciler.planning.placing import how_placed, was_said
from reconciler.planning.plan import Action, ActionName
from reconciler.planning.pruning import retired_by_name

_NAMED = 5
"""Maximum number of files that a message lists."""


def why_ahead(context: Context, live: LiveSpec, file: DesiredSpec | None = None) -> Problem | None:
    """Why this live spec must not be written: it was applied from a known commit that this checkout does not contain."""
    marker = context.index.marker(live)
    if marker is None or context.situation.options.allow_rewind or context.relation(marker) is not Relation.NOT_ANCESTOR:
        return None
    return ahead_problem(live.kind.words, file.key if file else marker.key, marker, file.file if file else None)


def checkout_problems(context: Context, actions: Iterable[Action]) -> tuple[Problem, ...]:
    """A problem for each spec that this checkout must not write or attach, and one for all uncommitted files."""
    actions = tuple(actions)
    found: dict[tuple[Kind, str], Problem] = {}
    for action in actions:
        for kind, key, problem in _unplaced(context, action):
            found.setdefault((kind, key), problem)
    return (*found.values(), *_uncommitted(context, actions))


def applied_dirty(context: Context) -> Iterator[Problem]:
    """A warning for each spec in scope that was applied from an uncommitted file whose content was never committed."""
    for match in context.matches:
        marker, live = match.marker, match.live
        if marker is None or live is None or not marker.dirty or not context.situation.owner.owns(marker):
            continue
        if context.in_scope(match.desired.key) and not was_said(context.versions(match.desired), marker, live):
            yield _applied_dirty(match.desired, marker, live.id)


def _unplaced(context: Context, action: Action) -> Iterator[tuple[Kind, str, Problem]]:
    if action.action is ActionName.CREATE or action.retires:
        return
    for live, desired in _written_and_attached(context, action):
        marker = context.index.marker(live)
        if marker is None or not context.situation.owner.owns(marker):
            continue
        relation = how_placed(context, marker, desired, live)
        problem = _problem(context, action, marker, desired, live, relation)
        if problem is not None:
            yield live.kind, marker.key, problem


def _problem(
    context: Context, action: Action, marker: Marker, desired: DesiredSpec | None, live: LiveSpec, relation: Relation
) -> Problem | None:
    situation = context.situation
    file = desired.file if desired else None
    if relation is Relation.ANCESTOR or situation.options.allow_rewind:
        return None
    if relation is Relation.NOT_ANCESTOR:
        return ahead_problem(live.kind.words, marker.key, marker, file)
    named = {spec_id for spec_id, entry in retired_by_name(context).items() if entry.id is not None}
    if action.detaches and all(change.old in named for change in action.changes):
        return None
    if any(change.old not in named for change in action.detaches) and live.kind is Kind.FLOW_SPEC:
        problem = detach_history_problem(live.kind.words, marker.key, marker)
    else:
        problem = unplaced_problem(live, marker, file, situation.history, situation.commit)
    return problem if situation.needs_git else replace(problem, severity=Severity.WARNING, guard=False)


def _written_and_attached(context: Context, action: Action) -> Iterator[tuple[LiveSpec, DesiredSpec | None]]:
    """The live spec that an action writes, and the sources that it attaches, each with its file."""
    written = context.index.by_id.get((action.kind, action.id or ""))
    if written is not None:
        yield written, action.desired or context.file_of(written)
    for change in action.attaches:
        source = context.index.by_id.get((Kind.CONNECTION_SPEC, str(change.new)))
        if source is not None:
            yield source, context.file_of(source)


def _uncommitted(context: Context, actions: tuple[Action, ...]) -> Iterator[Problem]:
    situation = context.situation
    uncommitted = situation.uncommitted
    if situation.options.allow_dirty or not situation.needs_git or not actions or not (uncommitted or uncommitted.settings):
        return
    if situation.uncommitted.why_not is not None:
        yield Problem(
            Severity.ERROR,
            "uncommitted",
            f"cannot tell whether the spec files are committed: {situation.uncommitted.why_not}",
            hint="run `git fetch --refetch`, or apply from a full clone; `--allow-dirty` skips this check for one run",
            guard=True,
        )
        return
    used = {desired.path: desired.file for action in actions for desired in _files_of(context, action)}
    files = [file for path, file in used.items() if path in situation.uncommitted.changed]
    if any(action.retires or action.detaches for action in actions):
        files += [f"{path} (deleted)" for path in uncommitted.gone]
        files += (
            ["reconciler.yaml (`retired`)"] if uncommitted.settings and situation.retired and not situation.options.prune else []
        )
    if files:
        yield _not_committed(sorted(files))


def _files_of(context: Context, action: Action) -> Iterator[DesiredSpec]:
    """The files behind an action: of its own spec, and of the sources that it attaches."""
    if action.desired is not None:
        yield action.desired
    ids = {str(change.new) for change in action.attaches}
    keys = {source["ref"] for source in action.sources if isinstance(source, dict)}
    for match in context.matches:
        if match.desired.kind is Kind.CONNECTION_SPEC and ((match.live and match.live.id in ids) or match.desired.key in keys):
            yield match.desired


def _not_committed(files: list[str]) -> Problem:
    listed = ", ".join(files[:_NAMED]) + (f" and {len(files) - _NAMED} more" if len(files) > _NAMED else "")
    subject = "1 spec file has" if len(files) == 1 else f"{len(files)} spec files have"
    return Problem(
        Severity.ERROR,
        "uncommitted",
        f"{subject} uncommitted changes: {listed}",
        hint="commit first, so that others can see what was applied; `--allow-dirty` applies uncommitted files for one run",
        guard=True,
    )


def _applied_dirty(desired: DesiredSpec, marker: Marker, live_id: str) -> Problem:
    when = f" at {marker.at}" if marker.at else ""
    return Problem(
        Severity.WARNING,
        "applied-uncommitted",
        f"{desired.kind.words} {desired.key!r} was applied from an uncommitted file{when}, and no commit on this branch has that content",
        file=desired.file,
        hint=f"to keep what is live, commit what `reconciler import --id {live_id}` writes; to replace it, apply a committed file with "
        "--allow-rewind",
        key=desired.key,
    )
