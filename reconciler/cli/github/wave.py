"""Which targets of a wave have something to apply, read before their environment is entered."""

from __future__ import annotations

from dataclasses import replace

from reconciler.cli.options.plan import PlanFlags
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.progress import progress_for
from reconciler.planning.fleet import FleetReading, TargetPlan
from reconciler.reports.jobs import JobOfTargets, jobs_by_environment
from reconciler.settings.choosing import choose
from reconciler.settings.loading import load_settings
from reconciler.settings.selection import Selection


def jobs_to_enter(shell: Shell, wave: int, *, waiting: bool = False) -> tuple[JobOfTargets, ...]:
    """The jobs of this wave with the targets in which something can be applied, or `waiting` at a gate. Raises ReconcilerError."""
    settings = load_settings(shell.scope.specs)
    selection = shell.selection
    if selection.targets or not selection.is_one:
        names = selection.targets if selection.is_one else choose(settings, selection).names
    else:
        names = choose(settings, Selection(everything=True)).names
    targets = [settings.target(name, shell.environ) for name in names]
    jobs = [job for job in jobs_by_environment(settings, targets) if job.wave == wave]
    if not jobs:
        return ()
    wanted = Selection(targets=tuple(name for job in jobs for name in job.targets))
    reading = FleetReading(lambda safety: PlanFlags().options((), safety))
    progress = progress_for(shell.environ, verbose=shell.verbose)
    try:
        read = shell.sessions.reading_several(shell.scope, wanted, reading, progress, shell.signals.stop)
    finally:
        progress.clear()
    entered = {one.name for one in read.plans if _is_entered(one, waiting=waiting)}
    left = (replace(job, targets=tuple(name for name in job.targets if name in entered)) for job in jobs)
    return tuple(job for job in left if job.targets)


def _is_entered(one: TargetPlan, *, waiting: bool) -> bool:
    return one.plan is None or bool(one.plan.actions or one.plan.errors or (waiting and one.plan.waiting))
