"""Guards about history, limits, breaking changes and usage. Each hint says how to resolve the problem or how to allow the write."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from reconciler.breaking.effect import Effect, breaking_only
from reconciler.desired.git.history import way_to_history
from reconciler.errors import Problem, Severity, count
from reconciler.flowservice.specs import LiveSpec, Usage
from reconciler.planning.comparing.causes import History
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.plan import Action, Options, Plan


def ahead_problem(kind_words: str, key: str, marker: Marker, file: str | None) -> Problem:
    """The error that live was applied from a commit that this checkout does not contain."""
    return Problem(
        Severity.ERROR,
        "ahead",
        f"{kind_words} {key!r} was applied from commit {(marker.commit or '')[:12]}, which this checkout does not contain",
        file=file,
        hint="merge or rebase; use `--allow-rewind` if this is a deliberate rollback",
        key=key,
        guard=True,
    )


def unplaced_problem(live: LiveSpec, marker: Marker, file: str | None, history: History, head: str | None) -> Problem:
    """The error that live may be newer than this checkout; the message names the missing evidence.

    `head` is the checked-out commit.
    """
    reason, hint = _missing_evidence(live, marker, history, head)
    return Problem(
        Severity.ERROR,
        "unknown-commit",
        f"{live.kind.words} {marker.key!r} may be newer than this checkout: {reason}",
        file=file,
        hint=f"{hint}; {_REWIND}",
        key=marker.key,
        guard=True,
    )


BREAKING: Final = "breaking"
_ALLOW: Final = "pass `--allow-breaking` for this run, or set `safety.breaking: allow` in reconciler.yaml"
_ONE: Final = {"creates": "create", "updates": "update", "detaches": "detach"}
_REWIND: Final = "`--allow-rewind` overwrites it for one run"
_WITHOUT_GIT: Final = "to work without git, set `git: {required: false}` in reconciler.yaml"


def _missing_evidence(live: LiveSpec, marker: Marker, history: History, head: str | None) -> tuple[str, str]:
    commit = f"commit {marker.commit[:12]}" if marker.commit else ""
    if history.why_not is not None:
        reason = f"git cannot compare it with {commit or 'what was applied'}: {history.why_not}"
        return reason, f"{way_to_history(history.why_not)}; {_WITHOUT_GIT}"
    if head is None:
        return "this checkout has no commit", "check out the branch that is applied"
    if marker.commit is None:
        how = "it was applied from uncommitted files" if marker.dirty else "its marker has no commit"
        return (
            f"{how}; no commit on this branch has that content",
            f"to keep what is live, commit what `reconciler import --id {live.id}` writes" if marker.dirty else _WITHOUT_GIT,
        )
    if history.is_shallow:
        return (
            f"it was applied from {commit}, and this clone is too shallow to contain it",
            "fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow",
        )
    fetch = "fetch and merge it (`git fetch origin '+refs/heads/*:refs/remotes/origin/*'`)"
    rewritten = "if the history was rewritten, set `git: {required: false}` in reconciler.yaml in a pull request"
    return f"it was applied from {commit}, which is not in this clone", f"{fetch}; {rewritten}"


def limit_problems(actions: Iterable[Action], options: Options, reviewed: Collection[str] = ()) -> tuple[Problem, ...]:
    """One problem for each safety limit that these actions exceed. Detaches of `reviewed` ids have their own limit."""
    actions = tuple(actions)
    detaches = [change.old for action in actions for change in action.detaches if change.old not in reviewed]
    counts = (
        ("creates", sum(action.action == "create" for action in actions), options.max_creates),
        ("updates", sum(action.action in ("update", "adopt", "rename") for action in actions), options.max_updates),
        ("detaches", len(detaches), options.max_detaches),
    )
    return tuple(_limit(what, number, limit) for what, number, limit in counts if number > limit)


def breaking_problems(actions: Iterable[Action], options: Options) -> tuple[Problem, ...]:
    """An error for each spec whose change breaks connections or flows; a warning if the settings allow it."""
    found = ((action, breaking_only(action.effects)) for action in actions)
    return tuple(_breaking(action, effects, allowed=options.allow_breaking) for action, effects in found if effects)


def _breaking(action: Action, effects: tuple[Effect, ...], *, allowed: bool) -> Problem:
    first = effects[0]
    more = f"; and {len(effects) - 1} more" if len(effects) > 1 else ""
    what = f"{action.kind.words} {action.key or action.name!r}"
    return Problem(
        Severity.WARNING if allowed else Severity.ERROR,
        BREAKING,
        f"{what} would break connections or flows that use it: {first.reason}{more}",
        file=action.file,
        hint="; or ".join(way for way in (first.hint, None if allowed else _ALLOW) if way) or None,
        key=action.key,
        guard=True,
    )


def usage_problems(plan: Plan, usage: Mapping[str, Usage | str]) -> tuple[Problem, ...]:
    """Why specs must not be detached: they are in use, or their use is unknown (then `usage` has the reason)."""
    if plan.options.allow_in_use:
        return ()
    return tuple(
        problem
        for spec_id in plan.detached_ids
        if spec_id not in plan.may_be_in_use and (problem := _in_use(spec_id, usage.get(spec_id, "it was not checked")))
    )


def detach_history_problem(kind_words: str, key: str, marker: Marker, spec_id: str | None = None) -> Problem:
    """The error for a detach based on a marker whose commit is not in this clone; `spec_id` is the spec to retire."""
    commit = f"the commit it was applied from, {marker.commit[:12]}," if marker.commit else "the commit it was applied from"
    beyond = "; if that commit no longer exists, use `--allow-rewind`"
    if spec_id is not None:
        beyond += f", or retire the spec by id in reconciler.yaml: `retired: [{{id: {spec_id}, reason: …}}]`"
    return Problem(
        Severity.ERROR,
        "detach-unknown-commit",
        f"{kind_words} {key!r} would be detached, but {commit} is not in this clone",
        hint=f"fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow{beyond}",
        key=key,
        guard=True,
    )


def _limit(what: str, number: int, limit: int) -> Problem:
    planned = f"{count(number, _ONE[what], what)} {'is' if number == 1 else 'are'}"
    return Problem(
        Severity.ERROR,
        f"too-many-{what}",
        f"{planned} planned, and `safety.max_{what}` allows {limit}",
        hint=f"raise `safety.max_{what}` in reconciler.yaml, or pass `--max-{what} {number}` for this run",
        guard=True,
    )


def _in_use(spec_id: str, usage: Usage | str) -> Problem | None:
    if isinstance(usage, str):
        reason = f"cannot tell whether connection spec {spec_id} is in use: {usage}"
    elif usage.flows or usage.source_connections:
        flows, sources = count(usage.flows, "flow"), count(usage.source_connections, "source connection")
        reason = f"connection spec {spec_id} is in use by {flows} and {sources}"
    else:
        return None
    hint = "delete these first, or pass `--allow-in-use`; for a retired spec, set `allow_in_use: true` in its `retired:` entry"
    return Problem(Severity.ERROR, "detach-in-use", f"not detached: {reason}", hint=hint, key=None, guard=True)
