"""`reconciler show`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.options.plan import apply_command, flags_of
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import columns_of, emit, wants_color
from reconciler.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from reconciler.reports.plan.view import PlanView

_EPILOG = """\b
Examples:
  reconciler show plan.json
  reconciler -v show plan.json
  reconciler show plan.json --format html > plan.html
  reconciler show proof.json --format html > proof.html
"""


@click.command(epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@format_option("text", "json", "markdown", "html")
@global_options
@pass_shell
def show(shell: Shell, file: Path, form: str) -> int:
    """Show a saved plan, even if it is out of date, or the report of a proof. Needs no specs, no network and no credentials.

    A file that was edited and is no longer consistent is an error. This does not prove where a file comes from: an edited file can be
    made consistent again. `apply --plan` plans again, and refuses a plan that differs.
    """
    from reconciler.cli.files import read_saved
    from reconciler.cli.options.plan_forms import plan_rendered
    from reconciler.proving.report import NotProved, ProveReport
    from reconciler.reports.plan.text import render_plan_text

    saved = read_saved(file)
    if isinstance(saved, NotProved):
        hint = "its report says why: `reconciler github summary`, or read the file"
        raise UsageError(f"{file} has no proof of {saved.key}: the proof was not begun", hint=hint)
    if isinstance(saved, ProveReport):
        from reconciler.cli.proving import proof_rendered

        emit(proof_rendered(shell, saved, form), fit=form == "text")
        return ExitCode.DONE
    if isinstance(saved, tuple):
        return _show_several(shell, file, saved, form)
    if form != "text":
        emit(plan_rendered(shell, saved, form))
        return ExitCode.DONE
    command = apply_command(shell.scope, saved.target.name, saved.options.keys, flags_of(saved.options), saved=file)
    color, columns = wants_color(sys.stdout, shell.environ), columns_of(sys.stdout)
    emit(render_plan_text(saved, verbose=shell.verbose, color=color, columns=columns, next_command=command), fit=True)
    return ExitCode.DONE


def _show_several(shell: Shell, file: Path, plans: tuple[PlanView, ...], form: str) -> int:
    """The plans of several targets, one after another."""
    from reconciler.reports.fleet.saved import render_fleet_plan
    from reconciler.reports.plan.text import render_plan_text

    if form == "json":
        emit(render_fleet_plan(plans))
        return ExitCode.DONE
    if form != "text":
        raise UsageError(f"--format {form} shows the plan of one target", hint="use --format text or json")
    color, columns = wants_color(sys.stdout, shell.environ), columns_of(sys.stdout)
    for plan in plans:
        emit(render_plan_text(plan, verbose=shell.verbose, color=color, columns=columns) + "\n", fit=True)
    flags = flags_of(plans[0].options).flags
    emit(f"next: {shlex.join(['reconciler', 'apply', str(file), *plans[0].options.keys, *flags])}\n", fit=True)
    return ExitCode.DONE
