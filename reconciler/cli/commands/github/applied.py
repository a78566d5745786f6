"""`reconciler github applied`."""

from __future__ import annotations

import click

from reconciler.cli.options.every_command import fleet_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.actions_log import print_commands
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler github applied
  reconciler --target stage github applied
  reconciler --group customers github applied
"""


@click.command(epilog=_EPILOG)
@fleet_options
@pass_shell
def applied(shell: Shell) -> int:
    """Exit with 1 unless this run applied every target of reconciler.yaml, or those given with --target, --group or --all.

    Looks for the check run that each apply creates, of one target or of several; a skipped job creates none. A run that is not for
    the tip of the default branch applies nothing, and passes.
    """
    from reconciler.cli.github.run import author_in, github_for
    from reconciler.cli.terminal.by_hand import workflow_of
    from reconciler.github.applied import applied as applied_in
    from reconciler.github.checks import CheckRuns
    from reconciler.github.event import read_event
    from reconciler.github.gates import Mode, gate_of
    from reconciler.github.links import path_in_repository
    from reconciler.reports.problems.github import render_problems_github
    from reconciler.reports.sinks.text import Text
    from reconciler.settings.choosing import choose
    from reconciler.settings.loading import load_settings

    event = read_event(shell.environ)
    settings = load_settings(shell.scope.specs)
    alone = tuple(settings.targets) if shell.scope.target is None else (shell.scope.target,)
    names = alone if shell.selection.is_one else choose(settings, shell.selection).names
    targets = [name for name in names if settings.target(name, shell.environ).emulator is None]
    specs = shell.scope.specs
    with github_for(shell, event) as github:
        checks = CheckRuns(github, event.run_url, author_in(shell))
        found = applied_in(checks, targets, specs.as_posix(), event.commit, workflow_of(shell.environ))
    problems = [problem for one in found if (problem := one.problem) is not None]
    text = Text()
    if problems and all(one.conclusion in (None, "success") for one in found):
        folder = path_in_repository(shell.environ, specs.resolve().as_posix()) or "."
        gate = gate_of(event, lambda: github_for(shell, event), folder, writes=True)
        if gate.mode is Mode.STALE:
            text.line(f"mode {gate.mode}: {gate.reason}")
            problems = []
    for one in found:
        text.line(f"{one.target}: {one.conclusion or 'no apply'}" + (f" {one.url}" if one.url else ""))
    emit(text.render())
    print_commands(render_problems_github(problems))
    return ExitCode.WRONG if problems else ExitCode.DONE
