"""`reconciler apply`."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.options.every_command import fleet_options, format_option, report_option
from reconciler.cli.options.expected import expected_digest
from reconciler.cli.options.plan import PlanFlags, plan_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.cli.fleets.apply import FleetRequest
    from reconciler.reports.plan.view import PlanView

_EPILOG = """\b
Examples:
  reconciler apply
  reconciler --target stage apply mailchimp-members
  reconciler --target stage apply --plan plan.json --yes
  reconciler apply --yes --expect 0f3a9c1e77b2 --format json
  reconciler --target stage apply --yes --expect-reviewed --report apply.json
  reconciler --all apply --yes --expect 0f3a9c1e77b2
"""


@click.command(epilog=_EPILOG)
@click.argument("names", nargs=-1, metavar="[KEY... or FILE.json]")
@click.option("--yes", is_flag=True, help="Apply without asking. Required without a terminal.")
@click.option("--expect", metavar="DIGEST", help="Refuse unless the plan has this digest; its first 12 digits are enough.")
@click.option(
    "--plan", "planfile", type=click.Path(path_type=Path), metavar="FILE", help="Refuse unless the plan is the one saved in FILE."
)
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the journal to FILE [default: a new file in .reconciler/journal].",
)
@click.option(
    "--expect-reviewed",
    is_flag=True,
    help="Refuse unless the plan was reviewed on the pull request (GitHub Actions) or merge request (GitLab CI/CD).",
)
@click.option("--keep-going", is_flag=True, help="Go on with other targets after one has failed (several targets).")
@click.option("--require-all", is_flag=True, help="Exit with 3 if a change waits at a gate.")
@format_option("text", "json", "markdown")
@report_option
@plan_options
@fleet_options
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
    """Apply the spec files to Flow Service.

    A KEY may also be the path of a spec file or folder, or a glob such as 'acme-*'. Shows the plan first. Nothing is written until you
    answer "yes" on a terminal, or pass --yes.

    A saved plan is never executed as it is: apply plans again with the target, keys and flags of this command, and refuses if the result
    differs from the file. In GitHub Actions and GitLab CI/CD, --expect-reviewed allows only the plan recorded for the merged pull
    request or merge request, or the part of it that an earlier apply did not finish.
    """
    from reconciler.cli.apply_run import Request, carry_out
    from reconciler.cli.files import load_plans
    from reconciler.cli.options.spec_names import keys_named
    from reconciler.cli.reviewing import reviews_for

    expect = expected_digest(expect, "plan")
    journal, expect_reviewed = flags.pop("journal"), flags.pop("expect_reviewed")
    names, path = _plan_file(names, flags.pop("planfile"))
    names = _keys(shell, names)
    keep_going, require_all = flags.pop("keep_going"), flags.pop("require_all")
    asked = PlanFlags(**flags | {"allow_create": keys_named(shell, flags["allow_create"])})
    saved = load_plans(path) if path else None
    if isinstance(saved, tuple) or not shell.selection.is_one:
        from reconciler.cli.fleets.apply import FleetRequest
        from reconciler.cli.fleets.saving import saved_plans

        _one_target_only({"--journal": journal})
        plans = saved_plans(path, saved if isinstance(saved, tuple) else (saved,), shell.selection) if path and saved else None
        several = FleetRequest(names, asked, yes, expect, form, keep_going, require_all, saved=plans)
        return _over_several(shell, several, reviewed=expect_reviewed)
    request = Request(
        keys=names,
        asked=asked,
        yes=yes,
        expect=expect,
        journal=journal,
        form=form,
        saved=saved,
        saved_as=path,
        require_all=require_all,
    )
    if saved:
        _check_target(shell, saved, path)
    if not expect_reviewed:
        return carry_out(shell, request)
    with reviews_for(shell, asked.flags) as approval:
        return carry_out(shell, replace(request, approval=approval))


def _over_several(shell: Shell, request: FleetRequest, *, reviewed: bool) -> int:
    from reconciler.cli.fleets.apply import carry_out_several
    from reconciler.cli.reviewing import reviews_for

    if not reviewed:
        return carry_out_several(shell, request)
    with reviews_for(shell, request.asked.flags) as approval:
        return carry_out_several(shell, replace(request, approval=approval))


def _one_target_only(given: dict[str, object]) -> None:
    """Raises UsageError for an option that concerns one target, given for several."""
    option = next((name for name, value in given.items() if value), None)
    if option is not None:
        raise UsageError(f"{option} works with one target", hint=f"leave out {option}, or apply to one --target at a time")


def _plan_file(names: tuple[str, ...], named: Path | None) -> tuple[tuple[str, ...], Path | None]:
    """The keys in these arguments, and the plan file: from `--plan`, or the argument that ends in .json."""
    keys = tuple(name for name in names if not _is_plan_file(name))
    files = [Path(name) for name in names if _is_plan_file(name)] + ([named] if named else [])
    if len(files) > 1:
        raise UsageError(f"{len(files)} plan files were given: {', '.join(map(str, files))}", hint="pass one plan file")
    return keys, files[0] if files else None


def _is_plan_file(name: str) -> bool:
    """Whether this is a plan file by its name, and not an artifact among the spec files."""
    from reconciler.desired.files import ARTIFACT_SUFFIX

    return name.endswith(".json") and not name.endswith(ARTIFACT_SUFFIX)


def _keys(shell: Shell, names: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that these arguments name. Raises UsageError; for a path that may be that of a saved plan, with a hint for it."""
    from reconciler.cli.options.spec_names import keys_named

    try:
        return keys_named(shell, names)
    except UsageError as error:
        path = next((name for name in names if os.sep in name and not Path(name).suffix and not Path(name).is_dir()), None)
        if path is None:
            raise
        raise UsageError(error.message, hint=f"{error.hint}; to apply a saved plan, use `--plan {shlex.quote(path)}`") from None


def _check_target(shell: Shell, saved: PlanView, path: Path | None) -> None:
    """Raises UsageError if `--target` and the target of the saved plan differ."""
    if shell.scope.target not in (None, saved.target.name):
        raise UsageError(
            f"{path} is a plan for target {saved.target.name!r}, but --target is {shell.scope.target!r}",
            hint=f"use `--target {shlex.quote(saved.target.name)}`, or plan again for this target",
        )
