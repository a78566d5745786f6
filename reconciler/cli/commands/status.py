"""`reconciler status`."""

from __future__ import annotations

import sys

import click

from reconciler.cli.options.every_command import format_option, global_options
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
@global_options
@pass_shell
def status(shell: Shell, keys: tuple[str, ...], form: str) -> int:
    """List every spec, or only KEYs: key, live id, name, state, attachments, and who changed it last and when.

    A KEY may also be the path of a spec file or folder, or a glob such as 'acme-*'. Exits with 1 if a spec file has an error; the list
    then lacks the spec of that file.
    """
    from reconciler.cli.options.spec_names import keys_named
    from reconciler.cli.reading import read_plan_of
    from reconciler.reports.status.json import render_status_json
    from reconciler.reports.status.text import render_status_text

    plan = read_plan_of(shell, keys_named(shell, keys), PlanFlags())
    color = wants_color(sys.stdout, shell.environ)
    columns = columns_of(sys.stdout)
    emit(
        render_status_json(plan) if form == "json" else render_status_text(plan, color=color, columns=columns), fit=form == "text"
    )
    return ExitCode.WRONG if any(not problem.guard for problem in plan.errors) else ExitCode.DONE
