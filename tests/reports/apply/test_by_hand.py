"""The flags of a hint become inputs of the apply workflow."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from reconciler.cli.options.plan import PlanFlags
from reconciler.errors import Problem, Severity
from reconciler.reports.apply.by_hand import APPLY, ONE_RUN_FLAGS, PROMOTE, dispatch, flags_in, hint_on_github, way_past
from reconciler.reports.plan.view import view_of
from tests.github.runner.documents import load_workflow
from tests.reports.plans import plan
from tests.workflows.copied import TEMPLATES

ACTION = Path(__file__).parents[3] / ".github" / "actions" / "apply" / "action.yml"


def error(hint: str | None) -> Problem:
    return Problem(Severity.ERROR, "x", "no", hint=hint, guard=True)


@pytest.mark.parametrize(
    ("hint", "flags"),
    [
        ("if it is a new spec, use `--allow-create acme-orders`", ("--allow-create", "acme-orders")),
        ("pass `--max-creates 25` for this run", ("--max-creates", "25")),
        ("merge or rebase; `--allow-rewind` if it is meant", ("--allow-rewind",)),
        ("retire it with `--prune`", ("--prune",)),
        ("--allow-rewinding is no flag, and --no-prune is none", ()),
        ("look at it", ()),
    ],
)
def test_the_flags_of_a_hint_are_found_with_their_values(hint: str, flags: tuple[str, ...]) -> None:
    assert flags_in(hint) == flags


def test_a_hint_on_github_has_the_command_that_can_be_run_there_once() -> None:
    said = hint_on_github("pass `--max-creates 25` for this run", "stage", ["a", "b"])
    command = "gh workflow run apply.yml -f target=stage -f 'keys=a b' -f 'flags=--max-creates 25'"
    assert said == f"pass `--max-creates 25` for this run; on GitHub: {command}"
    assert hint_on_github(said, "stage") == said


def test_a_hint_to_run_apply_again_names_what_does_that_on_github() -> None:
    assert hint_on_github("see above; then run apply again", "stage") == (
        "see above; then run apply again; on GitHub: *Re-run failed jobs*"
    )
    assert hint_on_github("give it another name\nname: x", "stage") == "give it another name\nname: x"


def test_a_plan_that_flags_alone_allow_has_one_command_with_all_of_them() -> None:
    errors = (
        error("pass `--max-creates 2`"),
        error("`--allow-create a`"),
        error("`--allow-create b`"),
        error("`--allow-create a`"),
    )
    view = view_of(plan(problems=errors))
    assert way_past(view) == dispatch("stage", flags=["--max-creates", "2", "--allow-create", "a", "--allow-create", "b"])
    assert way_past(view_of(plan(problems=(*errors, error("adopt it"))))) is None
    assert way_past(view_of(plan())) is None


def test_every_flag_for_one_run_can_be_given_to_the_workflow_and_no_other() -> None:
    (allowed,) = re.findall(r"flag='(.+)'", ACTION.read_text())
    typed = {
        f"--{option.name.replace('_', '-')}"
        for option in fields(PlanFlags)
        if option.name not in {"allow_dirty", "skip_gate", "reason"}
    }
    assert typed == ONE_RUN_FLAGS.keys()
    assert all(re.fullmatch(allowed, flag) for flag in typed)
    others = (
        "--yes",
        "--expect",
        "--expect-reviewed",
        "--report",
        "--journal",
        "--specs",
        "--target",
        "--format",
        "-v",
        "--plan",
    )
    assert not any(re.fullmatch(allowed, flag) for flag in others)


def test_where_targets_are_promoted_the_command_has_the_inputs_of_that_workflow() -> None:
    flags = ("--prune", "--skip-gate", "soak=orders", "--reason", "the outage of last night")
    assert dispatch("prod", keys=["orders"], flags=flags, digest="ab", workflow=PROMOTE) == (
        "gh workflow run promote.yml -f targets=prod -f keys=orders -f flags=--prune -f skip_gates=soak=orders "
        "-f 'reason=the outage of last night' -f digest=ab"
    )
    said = hint_on_github("retire it with `--prune`", "prod", workflow=PROMOTE)
    assert said == "retire it with `--prune`; on GitHub: gh workflow run promote.yml -f targets=prod -f flags=--prune"


def test_each_input_of_a_command_is_one_of_the_workflow_to_copy() -> None:
    for workflow in (APPLY, PROMOTE):
        inputs = load_workflow(TEMPLATES / workflow.file)["on"]["workflow_dispatch"]["inputs"]
        shared = {workflow.target_input, "keys", "flags", "digest"}
        assert inputs.keys() == shared | ({"skip_gates", "reason"} if workflow is PROMOTE else set())
