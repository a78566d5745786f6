"""The command that undoes drift: on a terminal, or on GitHub, where only a workflow may write."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.cli.options.plan import drift_command
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.actions_log import in_actions
from reconciler.cli.terminal.by_hand import workflow_of
from reconciler.reports.apply.by_hand import dispatch
from reconciler.reports.drift.view import drifted_keys
from reconciler.reports.plan.drift_phrases import is_imported
from reconciler.reports.plan.view import ActionView, PlanView
from reconciler.settings.scope import Scope


def keep_command(scope: Scope, view: PlanView) -> str | None:
    """The command that imports drift (`view` comes from `drift_of`) into its files; None without drift.

    `import --drift` takes over no difference of an unknown cause. If there are only such differences, it imports these specs whole, by id.
    """
    taken = tuple(action for action in view.actions if is_imported(action))
    if taken:
        return drift_command(scope, view.target.name, "import", "--drift", *drifted_keys(replace(view, actions=taken)))
    ids = dict.fromkeys(spec_id for action in view.actions for spec_id in _imported_ids(action))
    return drift_command(scope, view.target.name, "import", *(f"--id={spec_id}" for spec_id in ids)) if ids else None


def _imported_ids(action: ActionView) -> tuple[str, ...]:
    """The specs whose files an import changes: the sources of a flow spec without a file."""
    if not action.is_shared:
        return (action.id,) if action.id else ()
    return tuple(change.new for change in action.attaches if isinstance(change.new, str))


def undo_command(shell: Shell, view: PlanView) -> str | None:
    """The command that applies only the specs that drifted (`view` comes from `drift_of`); None if none of them has a key."""
    keys = drifted_keys(view)
    if not keys:
        return None
    if in_actions(shell.environ):
        return dispatch(view.target.name, keys=keys, workflow=workflow_of(shell.environ))
    return drift_command(shell.scope, view.target.name, "apply", *keys)
