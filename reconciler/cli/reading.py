"""Shared code of the read-only commands."""

from __future__ import annotations

from reconciler.cli.options.plan import PlanFlags
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.progress import progress_for
from reconciler.planning.plan import Plan


def read_plan_of(
    shell: Shell, keys: tuple[str, ...], asked: PlanFlags, *, users: bool = False, trials: bool = False, gated: bool = True
) -> Plan:
    """The current plan, made with a client that cannot write; `users` adds who uses each changed spec, `trials` whether it was tried.

    Without `gated`, no gate withholds anything. Raises ReconcilerError.
    """
    progress = progress_for(shell.environ, verbose=shell.verbose)
    try:
        with shell.sessions.reading(shell.scope, progress, shell.signals.stop) as session:
            return session.prepare(asked.options(keys, session.safety), users=users, trials=trials, gated=gated)
    finally:
        progress.clear()
