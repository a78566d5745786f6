"""A `uses:` step: a stand-in that the test handed in, or a composite action of the workspace or of another repository, as it is there.

A composite action sees its inputs as the context `inputs` and nowhere else, and neither `secrets` nor `vars` nor `needs`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.github.runner.documents import WorkflowError, load_action
from tests.github.runner.expressions import check, expand, text
from tests.github.runner.job import Frame, Job, Turn
from tests.github.runner.results import StepRun
from tests.github.runner.scripts import environment, show_start
from tests.github.runner.setting import ActionCall, ActionFailed, Handler
from tests.github.runner.values import to_text

_DEEPEST = 10
"""How deep composite actions may use one another: GitHub's limit."""
_IN_DEFAULT = ("github", "strategy", "matrix", "job", "runner")
RunSteps = Callable[[Job, Frame, list[Mapping[str, Any]], int], tuple[StepRun, ...]]


def use(turn: Turn, run_steps: RunSteps) -> None:
    """Raises `ActionFailed`; and `WorkflowError` for an action that nobody stands in for."""
    uses = turn.step["uses"]
    given = {str(name): to_text(value) for name, value in expand(turn.step.get("with") or {}, turn.scope).items()}
    show_start(
        turn.console,
        uses,
        turn.variables,
        *(["with:"] if given else []),
        *(f"  {name}: {value}" for name, value in given.items()),
    )
    handler = turn.job.setting.handlers.get(_name(uses))
    if handler is not None:
        _hand_over(turn, handler, given)
    else:
        _compose(turn, _folder(turn, uses), given, run_steps)


def _folder(turn: Turn, uses: str) -> Path:
    """The folder of a composite action. Raises `WorkflowError` where nobody has it."""
    if uses.startswith("./"):
        return (turn.job.workspace / uses).resolve()
    owner, name, *inside = _name(uses).split("/")
    checkout = turn.job.setting.repositories.get(f"{owner}/{name}")
    if checkout is None:
        raise WorkflowError(f"nobody stands in for {uses}: hand in a handler for {_name(uses)!r}")
    return checkout.joinpath(*inside)


def _name(uses: str) -> str:
    """Without the ref, which an action from elsewhere must have."""
    if uses.startswith("./"):
        return uses.rstrip("/")
    name, at, ref = uses.partition("@")
    if not at or not ref or "/" not in name:
        raise WorkflowError(f"Expected format {{org}}/{{repo}}[/path]@ref. Actual '{uses}'")
    return name


def _hand_over(turn: Turn, handler: Handler, given: Mapping[str, str]) -> None:
    job = turn.job
    environ = environment(job, turn.github, turn.variables)
    matrix = job.contexts["matrix"]
    call = ActionCall(
        turn.step["uses"], turn.github, matrix, environ, job.workspace, job.temp / "_temp", turn.console, job.variables, job.paths
    )
    turn.console.outputs.update(handler(given, call) or {})


def _compose(turn: Turn, folder: Path, given: Mapping[str, str], run_steps: RunSteps) -> None:
    """Run a composite action. Its steps stand in a frame of their own, where `success()` begins as true."""
    action = load_action(folder)
    if action is None:
        message = (
            f"Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '{folder}'. Did you forget to run actions/checkout"
        )
        raise ActionFailed(f"{message} before running your local action?")
    if turn.depth >= _DEEPEST:
        raise ActionFailed(f"Composite action depth exceeded max depth {_DEEPEST}")
    contexts = {
        **turn.job.contexts,
        "github": {**turn.github, "action_path": str(folder)},
        "inputs": _inputs(turn, action.get("inputs") or {}, given),
    }
    frame = Frame(contexts, {**turn.frame.variables, **turn.own}, in_action=True)
    outputs = {name: definition.get("value", "") for name, definition in (action.get("outputs") or {}).items()}
    check(outputs, frame.scope(turn.job, {}))
    turn.inner = run_steps(turn.job, frame, action["runs"]["steps"], turn.depth + 1)
    scope = frame.scope(turn.job, {**turn.job.variables, **frame.variables})
    turn.console.outputs.update({name: text(value, scope) for name, value in outputs.items()})
    turn.console.failed = not frame.succeeded


def _inputs(turn: Turn, declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """The inputs that are declared, as texts. One that is required and not given is an error here; GitHub would go on without it.

    Raises `WorkflowError`.
    """
    values = {name.lower(): value for name, value in given.items()}
    unexpected = sorted(values.keys() - {name.lower() for name in declared})
    if unexpected:
        valid = ", ".join(f"'{name}'" for name in declared)
        names = ", ".join(f"'{name}'" for name in unexpected)
        turn.job.log.annotate("warning", f"Unexpected input(s) {names}, valid inputs are [{valid}]", turn.console.step)
    scope = turn.scope.only(*_IN_DEFAULT)
    inputs = {}
    for name, written in declared.items():
        definition = written or {}
        if name.lower() not in values and "default" not in definition and definition.get("required"):
            raise WorkflowError(f"{turn.step['uses']}: the required input {name} is not given")
        inputs[name] = values[name.lower()] if name.lower() in values else text(definition.get("default", ""), scope)
    return inputs
