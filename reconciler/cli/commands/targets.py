"""`reconciler targets`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.every_command import fleet_options, format_option
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, tell, wants_color
from reconciler.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from reconciler.settings.targets import Settings
    from reconciler.settings.values import Target

_EPILOG = """\b
Examples:
  reconciler targets
  reconciler targets --format json
  reconciler targets --to-prove
  reconciler --all targets --by environment --format json
  reconciler targets --discover
"""


@click.command(epilog=_EPILOG)
@format_option("text", "json", "names")
@click.option("--emulators", is_flag=True, help="Also list targets that use the embedded Flow Service.")
@click.option("--to-prove", is_flag=True, help="List only targets where proofs are missing, stale or old, and which sources.")
@click.option("--with-proofs", is_flag=True, help="List only targets that a proof.yaml lists, and which sources.")
@click.option(
    "--by", "by_environment", type=click.Choice(["environment"]), help="List the jobs of a workflow: one for each environment."
)
@click.option(
    "--discover",
    is_flag=True,
    help="List sandboxes that no target has, and sandboxes of targets that are gone; asks the service.",
)
@fleet_options
@pass_shell
def targets(
    shell: Shell, form: str, *, emulators: bool, to_prove: bool, with_proofs: bool, by_environment: str | None, discover: bool
) -> int:
    """List the targets of reconciler.yaml: name, host, organization and sandbox, with overrides from the environment.

    Needs no credentials, except with --discover. A workflow can build its matrix from the JSON; `names` prints one name per line. With
    --target, only that target is listed. With --to-prove each target has the sources whose proof.yaml lists it, and whose kept proof is
    missing, stale, or older than proof.max_age; the sandbox prod has none.

    With --by environment, the targets of one wave, environment and organization are a job, with the arguments that choose them.

    With --discover, each organization is asked for its sandboxes, with the credentials of its first target for each client. Nothing is
    added to reconciler.yaml. Exits with 2 if something differs, and with 1 if an organization could not be compared.
    """
    from reconciler.reports.targets import render_targets_json, render_targets_names, render_targets_text
    from reconciler.settings.loading import load_settings

    settings = load_settings(shell.scope.specs)
    found = [settings.target(name, shell.environ) for name in _names(shell, settings)]
    shown = [target for target in found if emulators or target.emulator is None]
    if discover:
        if to_prove or with_proofs or by_environment:
            raise UsageError("--discover lists sandboxes, not targets", hint="leave out the other option, or --discover")
        return _discover(shell, settings, shown, form)
    sources = _sources(shell, settings, shown, to_prove=to_prove) if to_prove or with_proofs else None
    if sources is not None:
        shown = [target for target in shown if sources[target.name]]
    if form == "text" and not shown and found and sources is None:
        tell("hint: use --emulators to list targets that use the embedded Flow Service\n")
    if by_environment is not None:
        return _show_jobs(settings, shown, form)
    if form == "json":
        emit(render_targets_json(shown, sources, settings=settings))
    else:
        emit(render_targets_names(shown) if form == "names" else render_targets_text(shown, sources))
    return ExitCode.DONE


def _names(shell: Shell, settings: Settings) -> Iterable[str]:
    from reconciler.settings.choosing import choose

    if not shell.selection.is_one:
        return choose(settings, shell.selection).names
    return settings.targets if shell.scope.target is None else [shell.scope.target]


def _show_jobs(settings: Settings, shown: Iterable[Target], form: str) -> int:
    from reconciler.reports.jobs import jobs_by_environment, render_jobs_json, render_jobs_text

    if form == "names":
        raise UsageError("--format names lists targets, not jobs", hint="use --format text or json")
    jobs = jobs_by_environment(settings, shown)
    emit(render_jobs_json(jobs) if form == "json" else render_jobs_text(jobs))
    return ExitCode.DONE


def _discover(shell: Shell, settings: Settings, chosen: Sequence[Target], form: str) -> int:
    from reconciler.reports.discovered import exit_code_of, render_discovered_json, render_discovered_text

    if form == "names":
        raise UsageError("--format names lists targets, not sandboxes", hint="use --format text or json")
    if not chosen:
        raise UsageError("no target is left to ask", hint="add --emulators to ask the embedded Flow Service")
    found = shell.sessions.discover(settings, chosen, shell.signals.stop)
    emit(
        render_discovered_json(found)
        if form == "json"
        else render_discovered_text(found, color=wants_color(sys.stdout, shell.environ))
    )
    if form == "text" and any(one.new for one in found):
        tell(
            "hint: nothing was added; to manage a sandbox, add it to `sandboxes` of a fleet, or as a target, in reconciler.yaml\n"
        )
    return exit_code_of(found)


def _sources(shell: Shell, settings: Settings, shown: Iterable[Target], *, to_prove: bool) -> Mapping[str, tuple[str, ...]]:
    from reconciler.http.clock import SystemClock
    from reconciler.observing.to_prove import sources_to_prove, sources_with_proofs

    specs, now = shell.scope.specs, SystemClock().now()
    if to_prove:
        return {target.name: sources_to_prove(specs, settings, target, now) for target in shown}
    return {target.name: sources_with_proofs(specs, settings, target) for target in shown}
