"""`reconciler plan`."""

from __future__ import annotations

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.options.every_command import fleet_options, format_option, report_option
from reconciler.cli.options.plan import PlanFlags, apply_command, plan_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.actions_log import in_actions
from reconciler.cli.terminal.output import columns_of, emit, tell, wants_color
from reconciler.errors import ExitCode, UsageError, exit_code_of

if TYPE_CHECKING:
    from reconciler.reports.plan.view import PlanView

_EPILOG = """\b
Examples:
  reconciler plan
  reconciler --target stage plan mailchimp-members
  reconciler plan --summary
  reconciler plan specs/sources/mailchimp-members 'acme-*'
  reconciler plan --out plan.json && reconciler apply plan.json
  reconciler plan --format json --detailed-exitcode
  reconciler plan --format html > plan.html
"""


@click.command(epilog=_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Save the plan to FILE, for show and apply.")
@format_option("text", "json", "markdown", "html")
@report_option
@click.option("--summary", is_flag=True, help="Show one line for each spec, without its changes (text only).")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if there is a change, even if it waits at a gate.")
@plan_options
@fleet_options
@pass_shell
def plan(
    shell: Shell, /, keys: tuple[str, ...], out: Path | None, form: str, summary: bool, detailed_exitcode: bool, **flags: Any
) -> int:
    """Show what apply would do, for all specs or only for KEYs. Nothing is written.

    A KEY may also be the path of a spec file or folder, or a glob such as 'acme-*'.
    """
    from reconciler.cli.files import keep_report, save
    from reconciler.cli.options.plan_forms import plan_rendered
    from reconciler.cli.options.spec_names import keys_named
    from reconciler.cli.reading import read_plan_of
    from reconciler.reports.plan.closing import digest_for
    from reconciler.reports.plan.json import render_plan_json
    from reconciler.reports.plan.view import view_of

    if summary and form != "text":
        raise UsageError(f"--summary cannot be combined with --format {form}", hint="leave out one of the two")
    keys = keys_named(shell, keys)
    asked = PlanFlags(**flags | {"allow_create": keys_named(shell, flags["allow_create"])})
    if not shell.selection.is_one:
        return _over_targets(shell, keys, asked, form, out, detailed=detailed_exitcode, summary=summary)
    view = view_of(read_plan_of(shell, keys, asked, users=True, trials=True))
    if out is not None:
        save(out, render_plan_json(view))
    digest = digest_for(view.digest, columns_of(sys.stdout))
    command = apply_command(shell.scope, view.target.name, keys, asked, digest, out)
    emit(_text(shell, view, command, summary=summary) if form == "text" else plan_rendered(shell, view, form), fit=form == "text")
    keep_report(shell, partial(render_plan_json, view))
    if out is not None:
        tell(f"saved to {shlex.quote(str(out))}\n")
    code = exit_code_of(view.problems)
    return ExitCode.DIFFERENT if code is ExitCode.DONE and detailed_exitcode and (view.actions or view.waiting) else code


def _over_targets(
    shell: Shell, keys: tuple[str, ...], asked: PlanFlags, form: str, out: Path | None, *, detailed: bool, summary: bool
) -> int:
    from reconciler.cli.fleet import FleetCommand, run_over_targets
    from reconciler.reports.plan.json import plan_document
    from reconciler.reports.sinks.json import report_document

    command = FleetCommand(
        "plan",
        lambda _plan, view: report_document("plan", plan_document(view)),
        keys,
        asked,
        detailed=detailed,
        summary=summary,
        users=True,
        trials=True,
        out=out,
    )
    return run_over_targets(shell, command, form)


def _text(shell: Shell, view: PlanView, next_command: str, *, summary: bool) -> str:
    from reconciler.reports.plan.text import render_plan_text

    if in_actions(shell.environ):
        from reconciler.cli.terminal.by_hand import workflow_of
        from reconciler.reports.apply.by_hand import plan_on_github

        view = plan_on_github(view, workflow_of(shell.environ))
    color = wants_color(sys.stdout, shell.environ)
    columns = columns_of(sys.stdout)
    return render_plan_text(view, verbose=shell.verbose, color=color, columns=columns, next_command=next_command, summary=summary)
