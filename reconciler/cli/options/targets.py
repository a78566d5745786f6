"""The options that choose targets: one, or with `--target` repeated, `--group`, `--all` and `--except` several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import click

from reconciler.cli.shell import Shell
from reconciler.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])

_ONE = "Target from reconciler.yaml [default: its default_target]."
_SEVERAL = "Target from reconciler.yaml (repeatable) [default: its default_target]."


def root_target_options(command: F) -> F:
    """The options before the command, which may be one for several targets."""
    return _several(command)


def one_target_option(command: F) -> F:
    """`--target`, for a command that works on one target, whatever was said before it."""
    return click.option(
        "--target", "targets", multiple=True, metavar="NAME", callback=_set_only_target, expose_value=False, help=_ONE
    )(command)


def several_targets_options(command: F) -> F:
    """`--target`, `--group`, `--all` and `--except`, for a command that works on several targets."""
    return _several(command)


def _several(command: F) -> F:
    for option in (
        click.option(
            "--except",
            "excluded",
            multiple=True,
            metavar="NAME",
            callback=_set_excluded,
            expose_value=False,
            help="Leave NAME out of --all or --group (repeatable).",
        ),
        click.option(
            "--all", "everything", is_flag=True, callback=_set_all, expose_value=False, help="All targets but emulators."
        ),
        click.option(
            "--group",
            "groups",
            multiple=True,
            metavar="NAME",
            callback=_set_groups,
            expose_value=False,
            help="The targets of a group or a fleet (repeatable).",
        ),
        click.option(
            "--target", "targets", multiple=True, metavar="NAME", callback=_set_targets, expose_value=False, help=_SEVERAL
        ),
    ):
        command = option(command)
    return command


def _set_targets(context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> None:
    shell = context.ensure_object(Shell)
    named = tuple(dict.fromkeys((*shell.selection.targets, *values)))
    shell.selection = replace(shell.selection, targets=named)
    shell.scope = replace(shell.scope, target=named[0] if shell.selection.is_one and named else None)


def _set_groups(context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> None:
    shell = context.ensure_object(Shell)
    _choose(shell, groups=tuple(dict.fromkeys((*shell.selection.groups, *values))))


def _set_excluded(context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> None:
    shell = context.ensure_object(Shell)
    _choose(shell, excluded=tuple(dict.fromkeys((*shell.selection.excluded, *values))))


def _set_all(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    shell = context.ensure_object(Shell)
    _choose(shell, everything=shell.selection.everything or value)


def _choose(shell: Shell, **given: Any) -> None:
    shell.selection = replace(shell.selection, **given)
    if not shell.selection.is_one:
        shell.scope = replace(shell.scope, target=None)


def _set_only_target(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> None:
    _set_targets(context, parameter, values)
    refuse_several(context)


def refuse_several(context: click.Context) -> None:
    """Raise UsageError if the command line chose several targets."""
    selection = context.ensure_object(Shell).selection
    if selection.is_one:
        return
    said = " and ".join(
        [
            *(f"--target {name}" for name in selection.targets),
            *(f"--group {name}" for name in selection.groups),
            *(["--all"] if selection.everything else []),
            *(f"--except {name}" for name in selection.excluded),
        ]
    )
    raise UsageError(f"{context.info_name} works on one target, not on {said}", hint="choose one with --target NAME")
