"""One comment for the plans of several targets."""

from __future__ import annotations

from dataclasses import replace

from reconciler.errors import Refused
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.reports.problems.json import render_failure_json
from tests.cli.fakes import TARGET
from tests.cli.github_runner import Runner, view
from tests.github.situations import REPO
from tests.reports.plans import plan


def reports(github: Runner, **texts: str) -> list[str]:
    """Files of reports, named by their targets."""
    for name, text in texts.items():
        (github.folder / f"plan-{name}.json").write_text(text)
    return [str(github.folder / f"plan-{name}.json") for name in texts]


def quiet_view(target: str) -> PlanView:
    return view_of(plan(target=replace(TARGET, name=target)))


def test_the_plans_of_several_targets_are_one_comment(github: Runner) -> None:
    files = reports(
        github, stage=render_plan_json(view()), dev=render_plan_json(quiet_view("dev")), qa=render_plan_json(quiet_view("qa"))
    )
    ran = github("comment", None, *files)
    assert (ran.code, "comment on #1: created" in ran.err) == (0, True)
    assert github.comment.startswith("<!-- reconciler:plan target=%2A specs=specs -->\n\n**1 of 3 targets** · nothing to do in ")
    assert github.comment.count("### Plan for") == 1
    assert github("comment", None, *files).err.startswith("comment on #1: unchanged")


def test_a_target_without_a_plan_is_named_by_its_file(github: Runner) -> None:
    failure = render_failure_json(Refused("no credentials", hint="set them"))
    github("comment", None, *reports(github, stage=render_plan_json(view()), prod=failure))
    assert "**Planning failed** for <code>plan-prod</code>" in github.comment
    assert github.comment.index("Planning failed") < github.comment.index("### Plan for")


def test_two_reports_of_one_target_are_refused(github: Runner) -> None:
    ran = github("comment", None, *reports(github, a=render_plan_json(view()), b=render_plan_json(view())))
    assert (ran.code, "are both for target 'stage'" in ran.err) == (1, True)


def test_nothing_to_do_makes_no_comment_where_only_changes_are_wanted(github: Runner) -> None:
    quiet = render_plan_json(quiet_view("stage"))
    assert "comment on #1: nothing to do" in github("comment", quiet, "--changes-only").err
    assert github.world.fake.comments(REPO, 1) == []


def test_a_target_without_a_comment_of_its_own_updates_one_that_exists_and_makes_none(github: Runner) -> None:
    assert github("comment", render_plan_json(view()), "--existing-only").code == 0
    assert github.world.fake.comments(REPO, 1) == []
    github("comment", render_plan_json(view()))
    github("comment", render_plan_json(quiet_view("stage")), "--existing-only")
    assert "nothing to do" in github.comment


def test_a_comment_about_changes_that_are_gone_is_updated(github: Runner) -> None:
    github("comment", render_plan_json(view()), "--changes-only")
    github("comment", render_plan_json(quiet_view("stage")), "--changes-only")
    assert "nothing to do" in github.comment
