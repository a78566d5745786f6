"""The guards: what a plan must not do without somebody having said so. Each problem names the way out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, Protocol

from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec, Usage
from reconciler.planning.comparing.ownership import Marker
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


class _Evidence(Protocol):
    """What a history says of itself."""

    @property
    def why_not(self) -> str | None: ...

    @property
    def is_shallow(self) -> bool: ...


def unplaced_problem(live: LiveSpec, marker: Marker, file: str | None, history: _Evidence, head: str | None) -> Problem:
    """Nobody can say whether what is live is older than this checkout: the message names the evidence that is missing.

    `head` is the commit that is checked out.
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


_REWIND: Final = "`--allow-rewind` overwrites it for one run"
_WITHOUT_GIT: Final = "people without git set `git: {required: false}` in reconciler.yaml"


def _missing_evidence(live: LiveSpec, marker: Marker, history: _Evidence, head: str | None) -> tuple[str, str]:
    commit = f"commit {marker.commit[:12]}" if marker.commit else ""
    if history.why_not is not None:
        migrate = (
            "run `git refs migrate --ref-format=files`"
            if "reftable" in history.why_not
            else "run in a git clone of the repository"
        )
        return f"git cannot compare it with {commit or 'what was applied'}: {history.why_not}", f"{migrate}; {_WITHOUT_GIT}"
    if head is None:
        return "this checkout has no commit", "check out the branch that is applied"
    if marker.commit is None:
        how = "it was applied from uncommitted files" if marker.dirty else "its marker names no commit"
        return (
            f"{how}, and no commit of this branch has that content",
            f"to keep what is live, commit what `reconciler import --id {live.id}` writes" if marker.dirty else _WITHOUT_GIT,
        )
    if history.is_shallow:
        return (
            f"it was applied from {commit}, and the history here is cut off before it",
            "fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow",
        )
    fetch = "fetch and merge it (`git fetch origin '+refs/heads/*:refs/remotes/origin/*'`)"
    rewritten = "where the history was rewritten, a pull request can set `git: {required: false}` in reconciler.yaml"
    return f"it was applied from {commit}, which is not in this clone", f"{fetch}; {rewritten}"


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
        f"{kind_words} {key!r} would be detached, but {_commit_of(marker)} is not known here",
        hint=f"fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow{beyond}",
        key=key,
        guard=True,
    )


def _commit_of(marker: Marker) -> str:
    return f"the commit it was applied from, {marker.commit[:12]}," if marker.commit else "the commit it was applied from"


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
