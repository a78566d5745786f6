"""The specs folder at a base commit, or an error with the reason why it cannot be read and the next step."""

from __future__ import annotations

from pathlib import Path

from reconciler.desired.git.commit_tree import CommitTree, UnreadableTree
from reconciler.desired.git.history import History, way_to_history
from reconciler.desired.specs import NO_SPECS
from reconciler.errors import Problem, UsageError

_NAMED = 5
"""Maximum number of files or branches that a message lists."""


def commit_of(history: History, against: str) -> str:
    """The commit of this revision. Raises UsageError with the available names."""
    commit = history.resolve(against)
    if commit is not None:
        return commit
    if history.why_not is not None:
        raise UsageError(f"cannot compare with {against!r}: {history.why_not}", hint=way_to_history(history.why_not))
    if history.head() is None:
        raise UsageError(f"cannot compare with {against!r}: the repository has no commit", hint="commit first")
    names = history.branches
    listed = f"the branches here are {_listed(names)}" if names else "there are no branches; run `git fetch origin`"
    deeper = (
        "; the clone is also shallow: run `git fetch --unshallow`, or `fetch-depth: 0` in a workflow"
        if history.is_shallow
        else ""
    )
    raise UsageError(f"commit {against!r} not found", hint=f"{listed}{deeper}")


def folder_of(history: History, commit: str, against: str, folder: str | None) -> CommitTree:
    """The specs folder at this commit, or at its former path `folder`; empty if it certainly did not exist.

    Raises UsageError if git cannot decide, or if the folder seems to have been elsewhere.
    """
    try:
        tree = history.folder_at(commit, f"{Path(folder).as_posix().strip('/')}/" if folder else None)
        elsewhere = () if tree.entries else history.moved_from(commit)
    except UnreadableTree as error:
        raise UsageError(f"cannot compare with {against!r}: {error}", hint=missing_hint(history)) from None
    if not tree.entries and folder:
        raise UsageError(
            f"{against!r} has no folder {folder}", hint="pass a path from the repository root that exists in that commit"
        )
    if elsewhere:
        raise UsageError(
            f"cannot compare with {against!r}: its specs are at {_listed(elsewhere)}, which does not exist now",
            hint=f"if the specs were moved, add --base-specs {elsewhere[0]}",
        )
    return tree


def check_base(history: History, against: str, problems: tuple[Problem, ...]) -> None:
    """Raises UsageError if a file of that commit has an error, because its content is then not known."""
    errors = [problem for problem in problems if problem.is_error and problem.code != NO_SPECS]
    if not errors:
        return
    first = errors[0]
    place = f"{first.file}:{first.line}: " if first.file and first.line else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    is_missing = any(problem.code == "unreadable" for problem in errors)
    hint = missing_hint(history) if is_missing else "compare with a commit whose files have no errors: --against REVISION"
    raise UsageError(f"cannot compare with {against!r}, whose files have errors: {place}{first.message}{more}", hint=hint)


def check_checkout(history: History) -> None:
    """Raises UsageError if a sparse checkout excludes spec files, because they would look removed."""
    left_out = history.left_out()
    if left_out:
        raise UsageError(
            f"cannot compare: the sparse checkout leaves out {_listed(left_out)}",
            hint="check out all spec files: `git sparse-checkout disable`, or without `sparse-checkout:` in a workflow",
        )


def missing_hint(history: History) -> str:
    """The hint for fetching the missing part of the history."""
    if history.is_partial:
        return "this is a partial clone; fetch the rest: `git fetch --refetch --no-filter`, or without `filter:` in a workflow"
    if history.is_shallow:
        return "fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow"
    return "clone the repository again; `git fsck` shows the damage"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
