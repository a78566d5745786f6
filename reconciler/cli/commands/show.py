"""`reconciler show`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.options.plan import apply_command, flags_of
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler show plan.json
  reconciler -v show plan.json
  reconciler show plan.json --format html > plan.html
"""


@click.command(epilog=_EPILOG)
@click.argument("planfile", type=click.Path(path_type=Path))
@format_option("text", "json", "markdown", "html")
@global_options
@pass_shell
def show(shell: Shell, planfile: Path, form: str) -> int:
    """Show a saved plan, even if it is out of date. Needs no specs, no network and no credentials.

    A file that was edited and is no longer consistent is an error. This does not prove where a file comes from: an edited file can be
    made consistent again. `apply --plan` plans again, and refuses a plan that differs.
    """
    from reconciler.cli.files import load_plan
    from reconciler.cli.options.plan_forms import plan_rendered
    from reconciler.reports.plan.text import render_plan_text

    view = load_plan(planfile)
    if form != "text":
        emit(plan_rendered(shell, view, form))
        return ExitCode.DONE
    command = apply_command(shell.scope, view.target.name, view.options.keys, flags_of(view.options), saved=planfile)
    emit(render_plan_text(view, verbose=shell.verbose, color=wants_color(sys.stdout, shell.environ), next_command=command))
    return ExitCode.DONE
