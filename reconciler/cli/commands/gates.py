"""`reconciler gates`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.options.every_command import fleet_options, format_option, report_option
from reconciler.cli.options.plan import PlanFlags, plan_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.errors import ExitCode, exit_code_of

if TYPE_CHECKING:
    from reconciler.planning.fleet import FleetRead

_EPILOG = """\b
Examples:
  reconciler --target prod gates
  reconciler --all gates mailchimp-members
  reconciler --all gates --detailed-exitcode --format json
  reconciler --all gates --wave 2 --ready --by environment --format json
"""


@click.command(epilog=_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@format_option("text", "json")
@report_option
@click.option("--wave", type=click.IntRange(min=1), metavar="N", help="Only the targets of wave N.")
@click.option("--ready", "only_ready", is_flag=True, help="Only targets to which something may go on now.")
@click.option(
    "--by", "by_environment", type=click.Choice(["environment"]), help="List the jobs of a workflow: one for each environment."
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if something waits.")
@plan_options
@fleet_options
@pass_shell
def gates(shell: Shell, /, keys: tuple[str, ...], form: str, **given: Any) -> int:
    """Show what may go on to each target, and what waits for the targets that it is `after`. Nothing is written.

    Each change is asked for anew: `same`, whether the targets before have this very content; `soak`, whether they have had it for long
    enough; `proved`, whether a kept proof is of it.

    With --ready, a target without anything to apply is left out. With --by environment, the rest is listed as the jobs of a workflow that
    applies, so --all and --group leave out targets with `by_name`. A target that cannot be read, or whose plan has an error, is
    listed, too: its apply says why.
    """
    from reconciler.cli.fleet import read_fleet
    from reconciler.cli.options.spec_names import keys_named
    from reconciler.planning.fleet import FleetReading
    from reconciler.reports.gates_text import waits

    wave, only_ready, by_environment = given.pop("wave"), given.pop("only_ready"), given.pop("by_environment")
    detailed = given.pop("detailed_exitcode")
    keys = keys_named(shell, keys)
    asked = PlanFlags(**given | {"allow_create": keys_named(shell, given["allow_create"])})
    reading = FleetReading(lambda safety: asked.options(keys, safety), writes=by_environment is not None, wave=wave)
    read = read_fleet(shell, reading)
    if by_environment is not None:
        _show_jobs(shell, read, form, only_ready=only_ready)
    else:
        _show(shell, _ready(read) if only_ready else read, form)
        if any(one.plan is None or exit_code_of(one.plan.problems) is ExitCode.WRONG for one in read.plans):
            return ExitCode.WRONG
    return ExitCode.DIFFERENT if detailed and waits(read.plans) else ExitCode.DONE


def _ready(read: FleetRead) -> FleetRead:
    """The targets to which something may go on, and those of which that is not known."""
    from dataclasses import replace

    from reconciler.reports.gates_text import worth_a_job

    return replace(read, plans=tuple(filter(worth_a_job, read.plans)))


def _show_jobs(shell: Shell, read: FleetRead, form: str, *, only_ready: bool) -> None:
    """The jobs with these targets. That a workflow has too few waves concerns all targets that were chosen."""
    from dataclasses import replace

    from reconciler.reports.gates_text import worth_a_job
    from reconciler.reports.jobs import jobs_by_environment, render_jobs_json, render_jobs_text

    names = {one.name for one in read.plans if not only_ready or worth_a_job(one)}
    every = jobs_by_environment(read.settings, [read.settings.target(name, shell.environ) for name in read.chosen.names])
    left = (replace(job, targets=tuple(name for name in job.targets if name in names)) for job in every)
    jobs = tuple(job for job in left if job.targets)
    emit(render_jobs_json(jobs) if form == "json" else render_jobs_text(jobs))


def _show(shell: Shell, read: FleetRead, form: str) -> None:
    from reconciler.cli.files import keep_report
    from reconciler.reports.fleet.json import render_fleet_json
    from reconciler.reports.fleet.making import FleetRun, fleet_view
    from reconciler.reports.fleet.view import selection_view
    from reconciler.reports.gates_text import render_gates_text
    from reconciler.reports.plan.json import plan_document
    from reconciler.reports.sinks.json import report_document

    run = FleetRun(
        "gates",
        read.settings,
        selection_view(shell.selection, read.chosen),
        read.plans,
        lambda _plan, view: report_document("plan", plan_document(view)),
    )
    said = render_fleet_json(fleet_view(run))
    if form == "json":
        emit(said)
    else:
        emit(render_gates_text(read.settings, read.plans, color=wants_color(sys.stdout, shell.environ)), fit=True)
    keep_report(shell, said)
