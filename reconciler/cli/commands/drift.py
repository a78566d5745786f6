"""`reconciler drift`."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.every_command import fleet_options, format_option, report_option
from reconciler.cli.options.plan import PlanFlags
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.errors import ExitCode, exit_code_of

if TYPE_CHECKING:
    from reconciler.reports.plan.view import PlanView

_EPILOG = """\b
Examples:
  reconciler drift
  reconciler --target prod drift --format json
"""


@click.command(epilog=_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@format_option("text", "json", "markdown", "html")
@report_option
@fleet_options
@pass_shell
def drift(shell: Shell, keys: tuple[str, ...], form: str) -> int:
    """Show changes made directly in Flow Service: what changed, who changed it and when. Exits with 2 if there is drift.

    Changes that are in the repository but not yet live are not drift: plan shows those. One that was committed longer ago than
    drift.max_pending (default 24h) and is not applied is reported here too, with exit code 2. A KEY may also be the path of a spec file or
    folder, or a glob such as 'acme-*'. This command cannot write.
    """
    from reconciler.cli.files import keep_report
    from reconciler.cli.options.spec_names import keys_named
    from reconciler.cli.reading import read_plan_of
    from reconciler.observing.overdue import pendings_for
    from reconciler.reports.drift.view import drift_of, is_reported
    from reconciler.reports.plan.json import render_drift_json
    from reconciler.reports.plan.view import view_of
    from reconciler.settings.loading import load_settings

    keys = keys_named(shell, keys)
    if not shell.selection.is_one:
        return _over_targets(shell, keys, form)
    plan = read_plan_of(shell, keys, PlanFlags(), gated=False)
    pendings = pendings_for(shell.scope.specs, load_settings(shell.scope.specs))
    view = drift_of(view_of(pendings.added_to(plan) if pendings else plan))
    emit(_text(shell, view) if form == "text" else _rendered(shell, view, form), fit=form == "text")
    keep_report(shell, partial(render_drift_json, view))
    return ExitCode.DIFFERENT if is_reported(view) else exit_code_of(view.problems)


def _over_targets(shell: Shell, keys: tuple[str, ...], form: str) -> int:
    from reconciler.cli.fleet import FleetCommand, run_over_targets
    from reconciler.reports.plan.json import plan_document
    from reconciler.reports.sinks.json import report_document

    command = FleetCommand("drift", lambda _plan, view: report_document("drift", plan_document(view)), keys, is_drift=True)
    return run_over_targets(shell, command, form)


def _rendered(shell: Shell, view: PlanView, form: str) -> str:
    if form == "json":
        from reconciler.reports.plan.json import render_drift_json

        return render_drift_json(view)
    if form == "html":
        from reconciler.reports.plan.html.report import render_plan_html

        return render_plan_html(view, title="Drift", drift=True)
    from reconciler.cli.undoing import keep_command, undo_command
    from reconciler.github.links import links_of
    from reconciler.reports.drift.markdown import render_drift_markdown
    from reconciler.reports.sinks.markdown import no_links

    command = undo_command(shell, view)
    links = links_of(shell.environ, view.commit) or no_links
    keep = keep_command(shell.scope, view)
    specs = shell.scope.specs.as_posix()
    return render_drift_markdown(view, links=links, specs=specs, import_command=keep, apply_command=command)


def _text(shell: Shell, view: PlanView) -> str:
    from reconciler.cli.undoing import undo_command
    from reconciler.reports.drift.text import render_drift_text

    command = undo_command(shell, view)
    return render_drift_text(view, verbose=shell.verbose, color=wants_color(sys.stdout, shell.environ), apply_command=command)
