"""The guards: what a plan must not do without somebody having said so. Each problem names the way out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import Usage
from reconciler.planning.ownership import Marker
from reconciler.planning.plan import Action, Options, Plan


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


def limit_problems(actions: Iterable[Action], options: Options, reviewed: Collection[str] = ()) -> tuple[Problem, ...]:
    """One problem for each safety limit that these actions pass. Detaches of `reviewed` ids have a limit of their own."""
    actions = tuple(actions)
    detaches = [change.old for action in actions for change in action.detaches if change.old not in reviewed]
    counts = (
        ("creates", sum(action.action == "create" for action in actions), options.max_creates),
        ("updates", sum(action.action in ("update", "adopt", "rename") for action in actions), options.max_updates),
        ("detaches", len(detaches), options.max_detaches),
    )
    return tuple(_limit(what, count, limit) for what, count, limit in counts if count > limit)


def usage_problems(plan: Plan, usage: Mapping[str, Usage | str]) -> tuple[Problem, ...]:
    """What speaks against the detaches of a plan: a spec in use, or no answer whether it is (then `usage` has the reason)."""
    if plan.options.allow_in_use:
        return ()
    return tuple(
        problem
        for spec_id in plan.detached_ids
        if spec_id not in plan.may_be_in_use and (problem := _in_use(spec_id, usage.get(spec_id, "it was not asked")))
    )


def detach_history_problem(kind_words: str, key: str, marker: Marker, spec_id: str | None = None) -> Problem:
    """A detach on the word of a marker whose commit nobody here knows; `spec_id` is what is to be retired."""
    beyond = "; if that commit is gone for good, `--allow-rewind`"
    if spec_id is not None:
        beyond += f", or name the object in reconciler.yaml: `retired: [{{id: {spec_id}, reason: …}}]`"
    return Problem(
        Severity.ERROR,
        "detach-unknown-commit",
        f"{kind_words} {key!r} would be detached, but the commit it was applied from, {(marker.commit or '')[:12]}, is not known here",
        hint="fetch the whole history (`fetch-depth: 0`), so that an old checkout cannot detach what a newer one attached"
        + beyond,
        key=key,
        guard=True,
    )


def _limit(what: str, count: int, limit: int) -> Problem:
    planned = f"1 {what[:-1]} is" if count == 1 else f"{count} {what} are"
    return Problem(
        Severity.ERROR,
        f"too-many-{what}",
        f"{planned} planned, and `safety.max_{what}` allows {limit}",
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
    hint = "remove what uses it first, or pass `--allow-in-use` (`allow_in_use: true` in its entry of `retired:`)"
    return Problem(Severity.ERROR, "detach-in-use", f"it is not detached: {reason}", hint=hint, key=None, guard=True)
