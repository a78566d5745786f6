"""`reconciler status`."""

from __future__ import annotations

import sys

import click

from reconciler.cli.options.every_command import fleet_options, format_option
from reconciler.cli.options.plan import PlanFlags
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import columns_of, emit, wants_color
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler status
  reconciler --target stage status --format json
  reconciler status 'acme-*'
"""


@click.command(epilog=_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@format_option("text", "json")
@click.option("--wide", is_flag=True, help="Give every target a column, with several targets.")
@fleet_options
@pass_shell
def status(shell: Shell, keys: tuple[str, ...], form: str, wide: bool) -> int:
    """List every spec, or only KEYs: key, live id, name, state, attachments, and who changed it last and when.

    A KEY may also be the path of a spec file or folder, or a glob such as 'acme-*'. Exits with 1 if a spec file has an error; the list
    then lacks the spec of that file.
    """
    from reconciler.cli.options.spec_names import keys_named
    from reconciler.cli.reading import read_plan_of
    from reconciler.reports.status.json import render_status_json
    from reconciler.reports.status.text import render_status_text

    keys = keys_named(shell, keys)
    if not shell.selection.is_one:
        return _over_targets(shell, keys, form, wide=wide)
    plan = read_plan_of(shell, keys, PlanFlags())
    color = wants_color(sys.stdout, shell.environ)
    columns = columns_of(sys.stdout)
    emit(
        render_status_json(plan) if form == "json" else render_status_text(plan, color=color, columns=columns), fit=form == "text"
    )
    return ExitCode.WRONG if any(not problem.guard for problem in plan.errors) else ExitCode.DONE


def _over_targets(shell: Shell, keys: tuple[str, ...], form: str, *, wide: bool) -> int:
    from reconciler.cli.fleet import FleetCommand, run_over_targets
    from reconciler.reports.status.json import status_document

    command = FleetCommand("status", lambda plan, _view: status_document(plan), keys, wide=wide)
    return run_over_targets(shell, command, form)
