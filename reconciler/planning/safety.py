"""The guards: what a plan must not do without somebody having said so. Each problem names the way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reconciler.desired.specs import DesiredSpec
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec, Usage
from reconciler.planning.identity import LiveIndex, Match, describe
from reconciler.planning.ownership import Marker
from reconciler.planning.plan import Action, Options, Plan

_NAMED = 5
"""How many live specs a message lists."""


def creation_problems(
    match: Match, index: LiveIndex, suspects: Sequence[LiveSpec], options: Options, *, complete: bool
) -> tuple[Problem, ...]:
    """What speaks against a create, which can never be undone. `suspects` are live specs of its provider that may be it."""
    desired = match.desired
    if not complete:
        return (
            _creation(
                desired,
                "list-incomplete",
                "the list of live specs was not read to its end",
                "run again; nothing is created on half a list",
            ),
        )
    if namesakes := index.namesakes(desired):
        listed = "; ".join(_described(spec, index.marker(spec)) for spec in namesakes)
        pin = f"`ids: {{<target>: {namesakes[0].id}}}`"
        hint = f"take it over with `adopt: true` (or `adopt: <its owner>`), pin it with {pin}, or use another name"
        if all(spec in suspects and index.marker(spec) is None for spec in namesakes):
            reason = f"our client made a live spec of that name, and somebody's later write left no marker in it: {listed}"
            return (
                _creation(desired, "marker-gone", reason, f"look at it; then pin it with {pin}, or adopt it with `adopt: true`"),
            )
        return (
            _creation(desired, "namesake", f"a live spec has the name {desired.name!r} and its provider already: {listed}", hint),
        )
    if suspects and desired.key not in options.allow_create:
        listed = "; ".join(_described(spec, index.marker(spec)) for spec in suspects[:_NAMED])
        listed += f"; and {len(suspects) - _NAMED} more" if len(suspects) > _NAMED else ""
        hint = f"if it is one of them, add `formerly: [<old key>]` or pin its id; if it is a new spec, `--allow-create {desired.key}`"
        code = "marker-gone" if any(index.marker(spec) is None for spec in suspects) else "orphan-or-rename"
        return (_creation(desired, code, f"it may be one that lost its file, or its marker: {listed}", hint),)
    return ()


def same_name_problems(creates: Iterable[Action]) -> tuple[Problem, ...]:
    """One problem for each of the creates that would make objects of one name and provider: nobody could tell them apart."""
    by_name: dict[tuple[str, str, str], list[Action]] = {}
    for action in creates:
        if action.desired:
            by_name.setdefault((action.kind, action.name, action.desired.provider_id), []).append(action)
    return tuple(_same_name(action, twins) for twins in by_name.values() if len(twins) > 1 for action in twins)


def _same_name(action: Action, twins: list[Action]) -> Problem:
    files = ", ".join(f"{twin.key!r} ({twin.file})" for twin in twins)
    return Problem(
        Severity.ERROR,
        "same-name",
        f"{action.kind.words} {action.key!r} is not created: {len(twins)} files have the name {action.name!r} and one provider: {files}",
        file=action.file,
        hint="give each its own `name`, or keep one of the files",
        key=action.key,
    )


def ahead_problem(kind_words: str, key: str, marker: Marker, file: str | None) -> Problem:
    """Live was applied from a commit that this checkout does not contain."""
    return Problem(
        Severity.ERROR,
        "ahead",
        f"{kind_words} {key!r} was applied from commit {(marker.commit or '')[:12]}, which this checkout does not contain",
        file=file,
        hint="merge or rebase; `--allow-rewind` if this is a deliberate rollback",
        key=key,
        guard=True,
    )


_DUBIOUS: Final = "dubious ownership"


def unknown_commit_problem(kind_words: str, key: str, marker: Marker, file: str | None, why_not: str | None = None) -> Problem:
    """The marker names a commit that the local history does not have, so nobody can say which of the two is newer.

    `why_not` is why there is no history at all, in git's words.
    """
    hint = "fetch the whole history (`git fetch --unshallow`, `fetch-depth: 0`) to have causes by field and to notice an old checkout"
    if why_not is not None and _DUBIOUS in why_not:
        hint = "let git read the folder: `git config --global --add safe.directory <folder>`"
    elif why_not is not None:
        hint = "run in a checkout of the repository, to have causes by field and to notice an old checkout"
    where = "which is not in the local history" if why_not is None else f"and git cannot tell of it: {why_not}"
    return Problem(
        Severity.WARNING,
        "unknown-commit",
        f"{kind_words} {key!r} was applied from commit {(marker.commit or '')[:12]}, {where}",
        file=file,
        hint=hint,
        key=key,
    )


def limit_problems(actions: Iterable[Action], options: Options) -> tuple[Problem, ...]:
    """One problem for each safety limit that these actions pass."""
    actions = tuple(actions)
    counts = (
        ("creates", sum(action.action == "create" for action in actions), options.max_creates),
        ("updates", sum(action.action in ("update", "adopt", "rename") for action in actions), options.max_updates),
        ("detaches", sum(len(action.detaches) for action in actions), options.max_detaches),
    )
    return tuple(_limit(what, count, limit) for what, count, limit in counts if count > limit)


def usage_problems(plan: Plan, usage: Mapping[str, Usage | str]) -> tuple[Problem, ...]:
    """What speaks against the detaches of a plan: a spec in use, or no answer whether it is (then `usage` has the reason)."""
    if plan.options.allow_in_use:
        return ()
    return tuple(
        problem for spec_id in plan.detached_ids if (problem := _in_use(spec_id, usage.get(spec_id, "it was not asked")))
    )


def detach_history_problem(kind_words: str, key: str, marker: Marker) -> Problem:
    """A detach on the word of a marker whose commit nobody here knows."""
    return Problem(
        Severity.ERROR,
        "detach-unknown-commit",
        f"{kind_words} {key!r} would be detached, but the commit it was applied from, {(marker.commit or '')[:12]}, is not known here",
        hint="fetch the whole history, so that an old checkout cannot detach what a newer one attached",
        key=key,
        guard=True,
    )


def _creation(desired: DesiredSpec, code: str, reason: str, hint: str) -> Problem:
    message = f"{desired.kind.words} {desired.key!r} is not created: {reason}"
    return Problem(Severity.ERROR, code, message, desired.file, hint=hint, key=desired.key, guard=True)


def _described(spec: LiveSpec, marker: Marker | None) -> str:
    if marker is None:
        return f"{describe(spec)}, unmanaged"
    return f"{describe(spec)}, managed by {marker.repository or 'an unreadable marker'} as {marker.key!r}"


def _limit(what: str, count: int, limit: int) -> Problem:
    return Problem(
        Severity.ERROR,
        f"too-many-{what}",
        f"{count} {what} are planned, and `safety.max_{what}` allows {limit}",
        hint=f"raise `safety.max_{what}` in reconciler.yaml, or pass `--max-{what} {count}` for this run",
        guard=True,
    )


def _in_use(spec_id: str, usage: Usage | str) -> Problem | None:
    if isinstance(usage, str):
        reason = f"whether connection spec {spec_id} is in use could not be found out: {usage}"
    elif usage.flows or usage.source_connections:
        reason = f"connection spec {spec_id} is in use by {usage.flows} flows and {usage.source_connections} source connections"
    else:
        return None
    hint = "remove what uses it first, or pass `--allow-in-use`"
    return Problem(Severity.ERROR, "detach-in-use", f"it is not detached: {reason}", hint=hint, key=None, guard=True)
