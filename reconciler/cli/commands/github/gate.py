"""`reconciler github gate`."""

from __future__ import annotations

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.actions_log import print_commands
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode, Problem, Severity

_EPILOG = """\b
Modes:
  live     the run may use its credential
  offline  the run has no secrets (a fork, Dependabot): it can only read spec files
  stale    the run is not for the tip of the default branch: it must not write

\b
Examples:
  reconciler github gate
  reconciler github gate --writes
"""


@click.command(epilog=_EPILOG)
@click.option("--writes", is_flag=True, help="This run is going to write, so it must be for the tip of the default branch.")
@global_options
@pass_shell
def gate(shell: Shell, writes: bool) -> int:
    """Show what this run is allowed to do, and set the step output `mode`."""
    from reconciler.cli.github.run import github_for
    from reconciler.github.event import read_event
    from reconciler.github.gates import Mode, gate_of
    from reconciler.github.links import path_in_repository
    from reconciler.github.outputs import write_outputs
    from reconciler.reports.problems.github import render_problems_github
    from reconciler.reports.sinks.text import Text

    event = read_event(shell.environ)
    specs = path_in_repository(shell.environ, shell.scope.specs.resolve().as_posix()) or "."
    found = gate_of(event, lambda: github_for(shell, event), specs, writes=writes)
    if found.mode is Mode.STALE and found.reason:
        print_commands(render_problems_github([Problem(Severity.WARNING, "stale", found.reason)]))
    text = Text()
    text.line(f"mode {found.mode}" + (f": {found.reason}" if found.reason else ""))
    emit(text.render())
    write_outputs(shell.environ, {"mode": found.mode})
    return ExitCode.DONE
