"""One job: its strategy, and the entries of its matrix one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.github.runner import matrix
from tests.github.runner.entry import Plan, entry_name, run_entry
from tests.github.runner.expressions import Scope, expand
from tests.github.runner.results import JobRun

_IN_STRATEGY = ("github", "needs", "vars", "inputs")


def run_job(plan: Plan) -> list[JobRun]:
    """Every entry, in order. With `fail-fast`, which is the default, those after a failure are cancelled.

    Raises `WorkflowError`, `InvalidExpression`, `EvaluationError`.
    """
    strategy = expand(plan.written.get("strategy") or {}, Scope(plan.contexts).only(*_IN_STRATEGY))
    entries = matrix.entries(strategy.get("matrix"))
    fast = strategy.get("fail-fast", True) is not False
    runs: list[JobRun] = []
    for number, entry in enumerate(entries):
        contexts = {**plan.contexts, "matrix": entry, "strategy": _strategy(strategy, number, len(entries), fast=fast)}
        if fast and any(one.conclusion == "failure" and not one.continue_on_error for one in runs):
            runs.append(JobRun(plan.id, entry_name(plan, contexts), "cancelled", entry, permissions=plan.permissions))
        else:
            runs.append(run_entry(plan, contexts, number))
    return runs


def _strategy(written: Mapping[str, Any], number: int, total: int, *, fast: bool) -> dict[str, Any]:
    return {"fail-fast": fast, "job-index": number, "job-total": total, "max-parallel": written.get("max-parallel", total)}
