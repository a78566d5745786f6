"""`reconciler emulator`."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode, SettingsError

if TYPE_CHECKING:
    from reconciler.settings.targets import Settings

_EPILOG = """\b
Examples:
  reconciler emulator
  reconciler emulator --port 0 --db .reconciler/emulator.db
  reconciler emulator --provider specs/proofs/mailchimp-members/provider.yaml
  reconciler emulator --inlet --set hmac_encoding=hex
  reconciler emulator --set etags=true --set pages=2 --faults faults.yaml
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4010, show_default=True, help="Port to listen on; 0 picks a free one."
)
@click.option(
    "--db", type=click.Path(path_type=Path), metavar="FILE", help="Store the data in this SQLite file [default: in memory]."
)
@click.option(
    "--faults", type=click.Path(path_type=Path), metavar="FILE", help="Load faults and switches from a YAML or JSON file."
)
@click.option(
    "--provider",
    "providers",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Also serve the third-party API that this provider file describes (repeatable).",
)
@click.option(
    "--reach",
    multiple=True,
    metavar="HOST",
    help="Let previews and runs call this host, too (repeatable); otherwise only this machine and --provider.",
)
@click.option(
    "--speed",
    type=click.FloatRange(1, 100_000),
    default=1.0,
    show_default=True,
    metavar="N",
    help="Let the clock of the service run N times as fast.",
)
@click.option("--inlet", is_flag=True, help="Also receive streamed events, and print what is right and wrong with each.")
@click.option(
    "--inlet-schema",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Check the events of --inlet against this JSON Schema (JSON or YAML).",
)
@click.option("--set", "switches", multiple=True, metavar="SWITCH=VALUE", help="Set a switch (repeatable).")
@global_options
@pass_shell
def emulator(  # noqa: PLR0913  one parameter an option
    shell: Shell,
    *,
    port: int,
    db: Path | None,
    faults: Path | None,
    providers: tuple[Path, ...],
    reach: tuple[str, ...],
    speed: float,
    inlet: bool,
    inlet_schema: Path | None,
    switches: tuple[str, ...],
) -> int:
    """Serve the embedded Flow Service over HTTP on localhost until SIGINT or SIGTERM.

    Prints the environment variables that point a target at it. docs/emulator.md lists the switches and faults, and describes provider
    files.
    """
    from reconciler.cli.emulating import Served, announcement, behaviour_with, stubs_of, target_for
    from reconciler.cli.inlet import receiving_for
    from reconciler.emulator import Behaviour, build, load_faults
    from reconciler.emulator.clocks import FastClock
    from reconciler.emulator.dataplane.fetching import Fetching

    target = target_for(_settings(shell), shell.scope.target)
    behaviour, rules = load_faults(faults) if faults is not None else (Behaviour(), ())
    stubs = stubs_of(providers)
    switched, fetch = behaviour_with(behaviour, switches), Fetching(lambda: stubs, reach)
    receiving = receiving_for(switched, shell.environ, inlet_schema, emit) if inlet or inlet_schema is not None else None
    switched = receiving.behaviour if receiving is not None else switched
    with build(db or ":memory:", switched, rules, providers=stubs, fetch=fetch, clock=FastClock(speed)) as box:
        from reconciler.emulator.http.server import serve

        if receiving is not None:
            receiving.attach(box.service)

        def ready(bound: int) -> None:
            where = Served(bound, target, stubs)
            emit(announcement(where) + (receiving.announcement(where.address) if receiving is not None else ""))

        served = serve("127.0.0.1", port, box.app, ready)
    if receiving is not None:
        emit(receiving.log.table())
    return ExitCode.SIGTERM if served is signal.SIGTERM else ExitCode.SIGINT if served is signal.SIGINT else ExitCode.DONE


def _settings(shell: Shell) -> Settings | None:
    """The settings in reconciler.yaml; None if it cannot be read."""
    from reconciler.settings.loading import load_settings

    try:
        return load_settings(shell.scope.specs)
    except SettingsError:
        return None
