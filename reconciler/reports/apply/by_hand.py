"""Hints on GitHub: run the apply workflow manually, because no terminal there has a credential that can write.

The inputs are those of the workflows to copy: `apply.yml` has target, keys, flags and digest; `promote.yml` has targets, keys, flags,
digest, skip_gates and reason.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeVar

from msgspec.structs import replace

from reconciler.planning.plan import Options
from reconciler.reports.apply.view import ApplyView, FailureView, ResultView
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.view import AnyProblem, ErrorView, ProblemView, problem_view

_ErrorT = TypeVar("_ErrorT", ErrorView, FailureView)

WORKFLOW_RUN: Final = "gh workflow run"


@dataclass(frozen=True, slots=True)
class Workflow:
    """The workflow of a repository that applies by hand: the name of its file, and the input that names the target."""

    file: str
    target_input: str


APPLY: Final = Workflow("apply.yml", "target")
PROMOTE: Final = Workflow("promote.yml", "targets")
"""Where targets come after others, or are in fleets."""
KEY: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*"
"""An argument that is not a flag, in a hint or in the workflow's inputs: a key or a number."""
_NOT_THERE: Final = frozenset({"keys", "allow_dirty", "untried", "unproved", "skip_gates", "reason"})
"""Options that are not flags of the workflow: keys have their own input, its checkout has no uncommitted files, the others are settings."""
ONE_RUN_FLAGS: Final = {
    f"--{option.name.replace('_', '-')}": str(option.type) for option in fields(Options) if option.name not in _NOT_THERE
}
"""Flags that allow something for one run, each with the type of its value (`bool` for none)."""
_AGAIN: Final = re.compile(r"\b(?:run|then|and) apply again|\brun apply\b|\bthen apply\b")
_RERUN: Final = "on GitHub: *Re-run failed jobs*"


def dispatch(
    target: str, *, keys: Iterable[str] = (), flags: Sequence[str] = (), digest: str | None = None, workflow: Workflow = APPLY
) -> str:
    """The command that runs the apply workflow by hand for this target.

    Without a digest the run shows the plan with its digest and refuses, unless that plan was reviewed on the pull request.
    """
    typed, skipped, reason = _apart(flags)
    inputs = {
        workflow.target_input: target,
        "keys": " ".join(keys),
        "flags": " ".join(typed),
        "skip_gates": " ".join(skipped),
        "reason": reason,
        "digest": digest,
    }
    given = [part for name, value in inputs.items() if value for part in ("-f", f"{name}={value}")]
    return f"{WORKFLOW_RUN} {workflow.file} {shlex.join(given)}"


def _apart(flags: Sequence[str]) -> tuple[list[str], list[str], str | None]:
    """The flags, the gates to skip, and the reason for that: each has its own input."""
    typed: list[str] = []
    skipped: list[str] = []
    reason: str | None = None
    words = iter(flags)
    for word in words:
        if word == "--skip-gate":
            skipped.append(next(words, ""))
        elif word == "--reason":
            reason = next(words, None)
        else:
            typed.append(word)
    return typed, skipped, reason


def flags_in(hint: str) -> tuple[str, ...]:
    """The flags for one run in a hint, each with its value."""
    return tuple(word for flag in _flags_in(hint) for word in flag)


def _flags_in(hint: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for flag, kind in ONE_RUN_FLAGS.items():
        value = "" if kind == "bool" else rf" ({KEY})"
        found += [(flag, *match.groups()) for match in re.finditer(rf"(?<![\w-]){flag}(?![\w-]){value}", hint)]
    return found


def hint_on_github(hint: str | None, target: str, keys: Iterable[str] = (), *, workflow: Workflow = APPLY) -> str | None:
    """The hint; if it names a flag for one run, or says to run apply again, with the equivalent on GitHub."""
    if hint is None or WORKFLOW_RUN in hint:
        return hint
    first, newline, rest = hint.partition("\n")
    if flags := flags_in(hint):
        return f"{first}; on GitHub: {dispatch(target, keys=keys, flags=flags, workflow=workflow)}{newline}{rest}"
    return f"{first}; {_RERUN}{newline}{rest}" if _AGAIN.search(hint) else hint


def problem_on_github(problem: AnyProblem, target: str, keys: Iterable[str] = (), *, workflow: Workflow = APPLY) -> ProblemView:
    """The problem, with a hint that works on GitHub."""
    return replace(problem_view(problem), hint=hint_on_github(problem.hint, target, keys, workflow=workflow))


def plan_on_github(view: PlanView, workflow: Workflow = APPLY) -> PlanView:
    """The plan, with hints that work on GitHub."""
    keys = view.options.keys
    name = view.target.name
    return replace(view, problems=tuple(problem_on_github(problem, name, keys, workflow=workflow) for problem in view.problems))


def apply_on_github(view: ApplyView, workflow: Workflow = APPLY) -> ApplyView:
    """The result of an apply, with hints that work on GitHub."""
    target = view.target.name
    keys = view.plan.options.keys if view.plan else ()
    return replace(
        view,
        problems=tuple(problem_on_github(problem, target, keys, workflow=workflow) for problem in view.problems),
        results=tuple(_result(result, target, keys, workflow) for result in view.results),
        error=_hinted(view.error, target, keys, workflow) if view.error else None,
        plan=plan_on_github(view.plan, workflow) if view.plan else None,
    )


def way_past(view: PlanView, workflow: Workflow = APPLY) -> str | None:
    """The command that applies a refused plan anyway; None unless every error names a flag that allows it."""
    flags = [_flags_in(problem.hint or "") for problem in view.errors]
    if not flags or not all(flags):
        return None
    each_once = dict.fromkeys(flag for found in flags for flag in found)
    words = [word for flag in each_once for word in flag]
    return dispatch(view.target.name, keys=view.options.keys, flags=words, workflow=workflow)


def same_plan(view: PlanView, flags: str, workflow: Workflow = APPLY) -> str:
    """The command that applies exactly this plan, which a run with these flags showed."""
    return dispatch(view.target.name, keys=view.options.keys, flags=flags_in(flags), digest=view.digest, workflow=workflow)


def _result(result: ResultView, target: str, keys: Iterable[str], workflow: Workflow) -> ResultView:
    warnings = tuple(problem_on_github(problem, target, keys, workflow=workflow) for problem in result.warnings)
    error = _hinted(result.error, target, keys, workflow) if result.error else None
    return replace(result, error=error, warnings=warnings)


def _hinted(error: _ErrorT, target: str, keys: Iterable[str], workflow: Workflow) -> _ErrorT:
    return replace(error, hint=hint_on_github(error.hint, target, keys, workflow=workflow))
