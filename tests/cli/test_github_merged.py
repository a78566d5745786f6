"""One comment, one check run, one summary for the plans of several jobs."""

from __future__ import annotations

import html
from collections.abc import Mapping

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.errors import Problem, ReconcilerError, Severity
from reconciler.github.fleet_record import read_fleet_record
from reconciler.planning.plan import Plan
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.view import view_of
from reconciler.settings.loading import load_settings
from tests.cli.fakes import Ran
from tests.cli.github_runner import Runner
from tests.github.situations import HEAD, REPO
from tests.reports.fleet.fleets import EDIT, NEW, QUIET, REFUSED, report_over, target_plan

SETTINGS = """\
version: 1
repository: acme/aep-sources
targets:
  local: {emulator: .reconciler/local.db}
  stage: {org_id: 1234567890@AdobeOrg, sandbox: stage}
  dev: {org_id: 1234567890@AdobeOrg, sandbox: dev}
  prod: {org_id: 1234567890@AdobeOrg, sandbox: prod, after: [stage]}
"""
GITHUB_LIMIT = 65_536
"""Maximum length of a comment."""
WHOLE: Mapping[str, Plan | ReconcilerError] = {"stage": EDIT, "dev": QUIET}


class Merging:
    """`github COMMAND --merge` in a checkout, on the reports of two jobs: one of `stage` and `dev`, one of `prod` alone."""

    def __init__(self, github: Runner, capfd: pytest.CaptureFixture[str]) -> None:
        self.github, self._capfd = github, capfd
        (github.folder / "specs").mkdir()
        (github.folder / "specs" / "reconciler.yaml").write_text(SETTINGS)
        self.plans("plan-1.json", WHOLE)
        self.plan("plan-2.json", "prod", NEW)

    def plans(self, file: str, plans: Mapping[str, Plan | ReconcilerError]) -> None:
        (self.github.folder / file).write_bytes(report_over(load_settings(self.github.folder / "specs"), plans))

    def plan(self, file: str, target: str, plan: Plan) -> None:
        made = target_plan(target, plan).plan
        assert made is not None
        (self.github.folder / file).write_text(render_plan_json(view_of(made)))

    def __call__(self, command: str, *options: str, files: tuple[str, ...] = ("plan-1.json", "plan-2.json")) -> Ran:
        code = run(["github", command, "--merge", *options, *files], Shell(self.github.environ, open_sessions))
        printed = self._capfd.readouterr()
        return Ran(code, printed.out, printed.err)

    @property
    def comments(self) -> list[str]:
        return [one.body for one in self.github.world.fake.comments(REPO, 1)]


@pytest.fixture
def merging(github: Runner, capfd: pytest.CaptureFixture[str]) -> Merging:
    return Merging(github, capfd)


def test_the_plans_of_all_jobs_are_one_comment(merging: Merging) -> None:
    ran = merging("comment")
    assert (ran.code, "comment on #1: created" in ran.err) == (0, True)
    (comment,) = merging.comments
    assert comment.startswith("<!-- reconciler:plan fleet=acme%2Faep-sources specs=specs -->\n")
    assert all(f"<code>{name}</code>" in comment for name in ("stage", "prod", "orders"))
    assert "Merging applies exactly these plans." in comment
    assert merging("comment").err.startswith("comment on #1: unchanged")


def test_fifty_targets_are_one_comment_and_one_check_run(merging: Merging) -> None:
    names = [f"team-{number}" for number in range(50)]
    lines = [f"  {name}: {{org_id: 1234567890@AdobeOrg, sandbox: {name}}}" for name in names]
    (merging.github.folder / "specs" / "reconciler.yaml").write_text("\n".join([*SETTINGS.splitlines()[:3], *lines]))
    merging.plans("plan-1.json", dict.fromkeys(names[:25], NEW))
    merging.plans("plan-2.json", dict.fromkeys(names[25:], EDIT))
    assert (merging("comment").code, merging("check").code) == (0, 0)
    (comment,) = merging.comments
    assert len(comment.encode()) <= GITHUB_LIMIT
    assert all(f"<code>{name}</code>" in comment for name in names)
    assert len(merging.github.world.fake.check_runs(REPO, HEAD)) == 1


def test_comments_of_single_targets_become_a_link_to_it(merging: Merging) -> None:
    merging.github("comment", render_plan_json(view_of(EDIT)))
    ran = merging("comment")
    assert "1 comment of single targets replaced with a link to it" in ran.err
    single, whole = merging.comments
    assert single.startswith(
        "<!-- reconciler:plan target=stage specs=specs -->\n\n<code>stage</code>: The plan is in [the comment"
    )
    assert "### Plan for 3 targets" in whole
    assert "replaced" not in merging("comment").err


def test_what_each_job_applied_has_its_own_comment_beside_the_plan(merging: Merging) -> None:
    merging("comment")
    settings = load_settings(merging.github.folder / "specs")
    for name, plans in {"apply-1.json": WHOLE, "apply-2.json": {"prod": NEW}}.items():
        (merging.github.folder / name).write_bytes(report_over(settings, plans, "apply"))
    first, second = ("--target", "stage", "--target", "dev"), ("--target", "prod")
    assert merging("comment", *first, files=("apply-1.json",)).err.startswith("comment on #1: created")
    assert merging("comment", *second, files=("apply-2.json",)).err.startswith("comment on #1: created")
    assert merging("comment", *first, files=("apply-1.json",)).err.startswith("comment on #1: unchanged")
    plan, *applied = merging.comments
    assert "Merging applies exactly these plans." in plan
    assert [("### Apply to" in body, body.partition(" specs=")[0]) for body in applied] == [
        (True, "<!-- reconciler:apply target=stage"),
        (True, "<!-- reconciler:apply target=prod"),
    ]


def test_a_comment_of_somebody_else_is_left_alone(merging: Merging) -> None:
    theirs = "<!-- reconciler:plan target=stage specs=specs -->\nmine"
    merging.github.world.fake.add_comment(REPO, 1, theirs)
    merging("comment")
    assert merging.comments[0] == theirs


def test_nothing_to_do_makes_no_comment_where_only_changes_are_wanted(merging: Merging) -> None:
    merging.plans("plan-1.json", {"stage": QUIET, "dev": QUIET})
    merging.plan("plan-2.json", "prod", QUIET)
    assert "comment on #1: nothing to do" in merging("comment", "--changes-only").err
    assert merging.comments == []


def test_the_check_run_has_the_outline_of_each_plan(merging: Merging) -> None:
    ran = merging("check")
    (kept,) = merging.github.world.fake.check_runs(REPO, HEAD)
    assert (ran.code, kept.name, kept.conclusion) == (0, "reconciler plan (fleet)", "success")
    assert kept.output["title"] == "3 targets: 1 in sync, 2 to do"
    record = read_fleet_record(str(kept.output["text"]))
    assert kept.external_id == f"reconciler:plan:1:{record.digest}"
    outline = record.outline("prod")
    assert (outline and outline.digest) == NEW.digest


@pytest.mark.parametrize(("files", "why"), [(("plan-1.json",), "no report of it was found"), (("none.json",), "cannot be read")])
def test_a_target_without_a_report_fails_the_check(merging: Merging, files: tuple[str, ...], why: str) -> None:
    assert merging("check", files=files).code == 1
    (kept,) = merging.github.world.fake.check_runs(REPO, HEAD)
    assert (kept.conclusion, "fail" in str(kept.output["title"])) == ("failure", True)
    assert why in str(kept.output["summary"])
    assert read_fleet_record(str(kept.output["text"])).outline("prod") is None


def test_a_refused_plan_fails_the_check_and_has_no_outline(merging: Merging) -> None:
    merging.plan("plan-2.json", "prod", REFUSED)
    assert merging("check").code == 1
    (kept,) = merging.github.world.fake.check_runs(REPO, HEAD)
    record = read_fleet_record(str(kept.output["text"]))
    assert (record.outline("prod"), record.outline("stage") is not None) == (None, True)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"fleet": true}', "[" * 50_000, '{"fleet": true, "report": "plan"}'])
def test_a_broken_report_fails_the_check_and_is_named(merging: Merging, text: str) -> None:
    (merging.github.folder / "plan-2.json").write_text(text)
    assert merging("check").code == 1
    assert merging("comment").code == 0
    assert "plan-2.json" in html.unescape(merging.comments[0])
    assert "Merging applies" not in merging.comments[0]


def test_only_the_chosen_targets_are_expected(merging: Merging) -> None:
    assert merging("check", "--target", "stage", "--target", "dev", files=("plan-1.json",)).code == 0
    assert merging("check", "--all", "--except", "prod", files=("plan-1.json",)).code == 0
    assert merging("check", "--all", files=("plan-1.json",)).code == 1


def test_emulators_count_where_they_are_reported(merging: Merging) -> None:
    merging.plan("plan-3.json", "local", EDIT)
    merging("comment", files=("plan-1.json", "plan-2.json", "plan-3.json"))
    assert "### Plan for 4 targets" in merging.comments[0]


def test_the_page_of_all_targets_is_written_with_the_summary(merging: Merging) -> None:
    page = merging.github.folder / "page.html"
    assert merging("summary", "--page", "page.html").code == 0
    assert all(f">{name}<" in page.read_text() for name in ("stage", "dev", "prod"))


def test_a_page_without_merged_reports_is_an_error(merging: Merging) -> None:
    code = run(["github", "summary", "--page", "page.html", "plan-2.json"], Shell(merging.github.environ, open_sessions))
    assert (code, (merging.github.folder / "page.html").exists()) == (1, False)


def test_the_summary_has_all_targets(merging: Merging) -> None:
    assert merging("summary").code == 0
    assert "### Plan for 3 targets" in merging.github.summary


def test_a_problem_is_annotated_once_with_its_targets(merging: Merging) -> None:
    problem = Problem(Severity.WARNING, "orphan", "no spec file", "specs/a.yaml", 3)
    plans = {
        name: Plan(**{field: getattr(plan, field) for field in plan.__dataclass_fields__} | {"problems": (problem,)})
        for name, plan in (("stage", EDIT), ("dev", QUIET))
    }
    merging.plans("plan-1.json", plans)
    out = merging("annotate").out
    assert out.count("no spec file") == 1
    assert "(in stage, dev)" in out


def test_a_missing_report_is_an_annotation(merging: Merging) -> None:
    assert "::error" in merging("annotate", files=("plan-1.json",)).out
    assert "prod failed: no report of it was found" in merging("annotate", files=("plan-1.json",)).out


@pytest.mark.parametrize("command", ["check", "summary", "annotate"])
def test_several_reports_need_merge(merging: Merging, command: str, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["--target", "stage", "github", command, "plan-1.json", "plan-2.json"]
    assert run(arguments, Shell(merging.github.environ, open_sessions)) == 1
    assert "use --merge for several targets" in capfd.readouterr().err


@pytest.mark.parametrize("command", ["comment", "check", "summary", "annotate"])
def test_several_targets_need_merge(merging: Merging, command: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--all", "github", command, "plan-1.json"], Shell(merging.github.environ, open_sessions)) == 1
    assert f"{command} works on one target, not on --all" in capfd.readouterr().err
