"""Steps, one after the other: their conditions, and how they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.github.runner.actions import use
from tests.github.runner.expressions import EvaluationError, check, check_condition, condition, expand, text
from tests.github.runner.job import Frame, Job, Turn
from tests.github.runner.log import Console
from tests.github.runner.results import StepRun
from tests.github.runner.scripts import run_script
from tests.github.runner.setting import ActionFailed
from tests.github.runner.values import to_text

Step = Mapping[str, Any]


def run_steps(job: Job, frame: Frame, steps: Sequence[Step], depth: int = 0) -> tuple[StepRun, ...]:
    """Run them in order. After a failure only those run that ask for it. Raises `InvalidExpression` before the first one runs."""
    for step in steps:
        _check(job, frame, step)
    runs = []
    for number, step in enumerate(steps, start=1):
        run = _run_step(job, frame, step, step.get("id") or f"__step_{number}", depth)
        if run.id is not None:
            frame.steps[run.id] = {"outputs": run.outputs, "outcome": run.outcome, "conclusion": run.conclusion}
        if run.conclusion == "failure":
            frame.succeeded = False
            job.status = job.status if frame.in_action else "failure"
        runs.append(run)
    return tuple(runs)


def _check(job: Job, frame: Frame, step: Step) -> None:
    check_condition(step.get("if"), frame.condition_scope(job, {}))
    check({name: value for name, value in step.items() if name != "if"}, frame.scope(job, {}))


def _run_step(job: Job, frame: Frame, step: Step, key: str, depth: int) -> StepRun:
    label = str(step.get("name") or step.get("uses") or f"Run {step['run'].strip().partition(chr(10))[0]}")
    turn = Turn(job, frame, step, key, depth, Console(job.log, step.get("id") or label), {**job.variables, **frame.variables})
    begun = len(job.log.shown)
    try:
        turn.own = {name: to_text(value) for name, value in expand(step.get("env") or {}, turn.scope).items()}
        turn.variables |= turn.own
        if not condition(step.get("if"), frame.condition_scope(job, turn.variables)):
            return StepRun(step.get("id"), label, "skipped", "skipped", uses=step.get("uses"))
        label = text(step["name"], turn.scope) if "name" in step else label
        _perform(turn)
    except (EvaluationError, ActionFailed) as error:
        turn.console.error(str(error))
    outcome = "failure" if turn.console.failed else "success"
    log = "\n".join(job.log.shown[begun:])
    return StepRun(
        step.get("id"), label, outcome, _conclusion(turn), dict(turn.console.outputs), log, step.get("uses"), turn.inner
    )


def _conclusion(turn: Turn) -> str:
    if not turn.console.failed:
        return "success"
    return "success" if expand(turn.step.get("continue-on-error", False), turn.scope) is True else "failure"


def _perform(turn: Turn) -> None:
    step, scope = turn.step, turn.scope
    if "uses" in step:
        use(turn, run_steps)
        return
    defaults = turn.frame.defaults
    run_script(
        turn.job,
        turn.github,
        text(step["run"], scope),
        turn.variables,
        turn.console,
        shell=text(step.get("shell") or defaults.get("shell", ""), scope),
        working_directory=text(step.get("working-directory") or defaults.get("working-directory", ""), scope),
    )
