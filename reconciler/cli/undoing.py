"""The command that undoes drift: on a terminal, or on GitHub, where only a workflow may write."""

from __future__ import annotations

from reconciler.cli.options.plan import drift_command
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.actions_log import in_actions
from reconciler.cli.terminal.by_hand import workflow_of
from reconciler.reports.apply.by_hand import dispatch
from reconciler.reports.drift.view import drifted_keys
from reconciler.reports.plan.view import PlanView


def undo_command(shell: Shell, view: PlanView) -> str | None:
    """The command that applies only the specs that drifted (`view` comes from `drift_of`); None if none of them has a key."""
    keys = drifted_keys(view)
    if not keys:
        return None
    if in_actions(shell.environ):
        return dispatch(view.target.name, keys=keys, workflow=workflow_of(shell.environ))
    return drift_command(shell.scope, view.target.name, "apply", *keys)
