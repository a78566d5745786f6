"""What the commands that only read have in common."""

from __future__ import annotations

from reconciler.cli.options.plan import Asked
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.progress import progress_for
from reconciler.planning.plan import Plan


def read_plan_of(shell: Shell, keys: tuple[str, ...], asked: Asked, *, users: bool = False) -> Plan:
    """The plan as of now, made with a client that cannot write; with `users`, and who uses what it changes. Raises ReconcilerError."""
    progress = progress_for(shell.environ, verbose=shell.verbose)
    try:
        with shell.sessions.reading(shell.scope, progress, shell.signals.stop) as session:
            return session.prepare(asked.options(keys, session.safety), users=users)
    finally:
        progress.clear()
