"""`reconciler apply`."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.options.every_command import format_option, global_options, report_option
from reconciler.cli.options.plan import Asked, plan_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.errors import Refused, UsageError

if TYPE_CHECKING:
    from reconciler.reports.plan.view import PlanView

_EPILOG = """\b
Examples:
  reconciler apply
  reconciler --target stage apply mailchimp-members
  reconciler --target stage apply --plan plan.json --yes
  reconciler apply --yes --expect 0f3a… --format json
  reconciler --target stage apply --yes --expect-reviewed --report apply.json
"""


@click.command(epilog=_EPILOG)
@click.argument("names", nargs=-1, metavar="[KEY... or FILE.json]")
@click.option("--yes", is_flag=True, help="Do not ask. Needed where there is no terminal.")
@click.option("--expect", metavar="DIGEST", help="Refuse any plan but the one with this digest.")
@click.option(
    "--plan", "planfile", type=click.Path(path_type=Path), metavar="FILE", help="Refuse any plan but the one saved in FILE."
)
@click.option("--journal", type=click.Path(path_type=Path), metavar="FILE", help="Where the bodies from before are kept.")
@click.option(
    "--expect-reviewed", is_flag=True, help="Refuse any plan but the one reviewed on the pull request (GitHub Actions)."
)
@format_option("text", "json", "markdown")
@report_option
@plan_options
@global_options
@pass_shell
def apply(
    shell: Shell,
    /,
    names: tuple[str, ...],
    yes: bool,
    expect: str | None,
    form: str,
    **flags: Any,
) -> int:
    """Make live what the spec files say.

    The plan is made and shown first; nothing is written before "yes" on a terminal, or --yes. A saved plan is evidence, not
    instructions: the plan is made again for the target, keys and flags of this command, and refused where it is not the one in the file.
    In GitHub Actions, --expect-reviewed
    allows only the plan that the plan workflow recorded for the pull request which was merged, or what an apply of it left to do.
    """
    from reconciler.cli.apply_run import Request, carry_out
    from reconciler.cli.files import load_plan
    from reconciler.cli.github.run import reviews_for

    if expect == "":
        raise Refused("--expect is empty, so it allows no plan", hint="give it the digest that plan printed, or leave it out")
    journal, expect_reviewed = flags.pop("journal"), flags.pop("expect_reviewed")
    names, path = _plan_file(names, flags.pop("planfile"))
    asked = Asked(**flags)
    saved = load_plan(path) if path else None
    request = Request(keys=names, asked=asked, yes=yes, expect=expect, journal=journal, form=form, saved=saved, saved_as=path)
    if saved:
        _check_target(shell, saved, path)
    if not expect_reviewed:
        return carry_out(shell, request)
    with reviews_for(shell, asked.flags) as approval:
        return carry_out(shell, replace(request, approval=approval))


def _plan_file(names: tuple[str, ...], named: Path | None) -> tuple[tuple[str, ...], Path | None]:
    """The keys among these arguments, and the plan file: the one that `--plan` names, or the one that ends in .json."""
    keys = tuple(name for name in names if not name.endswith(".json"))
    files = [Path(name) for name in names if name.endswith(".json")] + ([named] if named else [])
    if len(files) > 1:
        raise UsageError(f"{len(files)} plan files are named: {', '.join(map(str, files))}", hint="name one")
    path = next((name for name in keys if os.sep in name), None)
    if path is not None:
        raise UsageError(f"{path!r} is not a key", hint=f"if it is a saved plan, name it with `--plan {shlex.quote(path)}`")
    return keys, files[0] if files else None


def _check_target(shell: Shell, saved: PlanView, path: Path | None) -> None:
    """Raises UsageError where the command names another target than the plan is for."""
    if shell.scope.target not in (None, saved.target.name):
        raise UsageError(
            f"{path} is a plan for the target {saved.target.name!r}, and --target names {shell.scope.target!r}",
            hint=f"name that target with `--target {shlex.quote(saved.target.name)}`, or make a plan for this one",
        )
