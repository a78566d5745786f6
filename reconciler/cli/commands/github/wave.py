"""`reconciler github wave`."""

from __future__ import annotations

import click

from reconciler.cli.options.every_command import fleet_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler --all github wave 2
  reconciler --target stage --target prod github wave 1
"""


@click.command(epilog=_EPILOG)
@click.argument("number", type=click.IntRange(min=1), metavar="WAVE")
@click.option("--waiting", is_flag=True, help="Also list jobs where something waits at a gate.")
@fleet_options
@pass_shell
def wave(shell: Shell, number: int, waiting: bool) -> int:
    """List the jobs of a wave in which something can be applied now, and set the step output `jobs`.

    A job has the targets of one environment and organization; one without anything to apply is not listed, so nobody is asked to approve
    it. A target that cannot be read is listed, and its apply says why. Without options, all targets but emulators are considered.
    """
    from reconciler.cli.github.wave import jobs_to_enter
    from reconciler.github.outputs import write_outputs
    from reconciler.github.wave import render_matrix
    from reconciler.reports.jobs import render_jobs_text

    jobs = jobs_to_enter(shell, number, waiting=waiting)
    emit(render_jobs_text(jobs) if jobs else f"nothing can be applied in wave {number}\n")
    write_outputs(shell.environ, {"jobs": render_matrix(jobs)})
    return ExitCode.DONE
