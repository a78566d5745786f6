"""`reconciler apply`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from reconciler.cli.apply_run import Request, carry_out
from reconciler.cli.files import load_plan, saved_plan_in
from reconciler.cli.github_run import reviews_for
from reconciler.cli.global_options import format_option, global_options, report_option
from reconciler.cli.plan_options import Asked, plan_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.errors import Refused, UsageError

_EPILOG = """\b
Examples:
  reconciler apply
  reconciler --target stage apply mailchimp-members
  reconciler apply plan.json --yes
  reconciler apply --yes --expect 0f3a… --format json
  reconciler --target stage apply --yes --expect-reviewed --report apply.json
"""


@click.command(epilog=_EPILOG)
@click.argument("names", nargs=-1, metavar="[KEY... or PLANFILE]")
@click.option("--yes", is_flag=True, help="Do not ask. Needed where there is no terminal.")
@click.option("--expect", metavar="DIGEST", help="Refuse any plan but the one with this digest.")
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

    The plan is made and shown first; nothing is written before "yes" on a terminal, or --yes. A PLANFILE is evidence, not instructions: the
    plan is made again with its target and options, and refused where it is not the same any more. In GitHub Actions, --expect-reviewed
    allows only the plan that the plan workflow recorded for the pull request which was merged, or what an apply of it left to do.
    """
    if expect == "":
        raise Refused("--expect is empty, so it allows no plan", hint="give it the digest that plan printed, or leave it out")
    journal, expect_reviewed = flags.pop("journal"), flags.pop("expect_reviewed")
    asked = Asked(**flags)
    path = saved_plan_in(names)
    request = Request(keys=names, asked=asked, yes=yes, expect=expect, journal=journal, form=form)
    if not expect_reviewed:
        return _apply(shell, path, request)
    with reviews_for(shell, asked.flags) as approval:
        return _apply(shell, path, replace(request, approval=approval))


def _apply(shell: Shell, path: Path | None, request: Request) -> int:
    """The plan as of now, or the one that was saved in the file at this path."""
    if path is None:
        return carry_out(shell, request)
    if len(request.keys) > 1:
        raise UsageError(f"{path} is a saved plan, which stands alone", hint="name one plan file, or keys of specs")
    saved = load_plan(path)
    if request.asked.flags:
        raise UsageError(
            f"{request.asked.flags[0]} does not go with a saved plan, which has its options", hint="make the plan again with it"
        )
    if shell.place.target not in (None, saved.target.name):
        raise UsageError(
            f"{path} is a plan for the target {saved.target.name!r}, and --target names {shell.place.target!r}",
            hint="leave --target out, or make a plan for that target",
        )
    return carry_out(shell, replace(request, saved=saved, saved_as=path))
