"""The options that every command has, and `--format` and `--report`. Imports nothing slow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from reconciler.cli.options.specs_folder import seen_from
from reconciler.cli.options.targets import one_target_option, several_targets_options
from reconciler.cli.shell import Shell

F = TypeVar("F", bound=Callable[..., Any])


def format_option(*formats: str) -> Callable[[F], F]:
    """`--format`, passed as `form`; the first format is the default."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True, help="Output format."
    )


def report_option(command: F) -> F:
    """`--report FILE`, for commands whose report other programs read: always JSON, even on failure."""
    return click.option(
        "--report",
        type=click.Path(path_type=Path),
        metavar="FILE",
        callback=_set_report,
        expose_value=False,
        help="Also write the report to FILE as JSON, even on failure.",
    )(command)


def global_options(command: F) -> F:
    """`--specs`, `--target`, `--no-cache` and `-v`, before the command or after it; the command works on one target."""
    return _with_targets(command, one_target_option)


def fleet_options(command: F) -> F:
    """`--specs`, the options that choose several targets, `--no-cache` and `-v`, before the command or after it."""
    return _with_targets(command, several_targets_options)


def _with_targets(command: F, targets: Callable[[F], F]) -> F:
    return _SPECS(targets(_NO_CACHE(_VERBOSE(command))))


def _set_specs(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    shell = context.ensure_object(Shell)
    if value is None:
        return
    if shell.named_specs not in (None, value):
        raise click.UsageError(f"--specs was given twice: {shell.named_specs} and {value}", context)
    shell.named_specs = value
    shell.specs_named = True
    shell.scope = replace(shell.scope, specs=value if value.name else seen_from(Path.cwd(), value))


def _set_report(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    context.ensure_object(Shell).report = value


def _set_verbose(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    shell = context.ensure_object(Shell)
    shell.verbose = shell.verbose or value


def _set_no_cache(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    shell = context.ensure_object(Shell)
    if value:
        shell.scope = replace(shell.scope, cache=replace(shell.scope.cache, is_off=True))


_SPECS = click.option(
    "--specs",
    type=click.Path(path_type=Path),
    metavar="DIR",
    callback=_set_specs,
    expose_value=False,
    help="Folder with reconciler.yaml and the spec files [default: specs, here or in a folder above].",
)
_NO_CACHE = click.option(
    "--no-cache",
    is_flag=True,
    callback=_set_no_cache,
    expose_value=False,
    help="Read every spec file anew, and keep nothing for later runs.",
)
_VERBOSE = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    callback=_set_verbose,
    expose_value=False,
    help="Show values in full, and log each HTTP request to standard error.",
)
