"""`apply --expect-reviewed` in this process: the fake GitHub has the review, and the plan is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.json_text import decode
from reconciler.github.checks import CheckScope, Report
from reconciler.github.record import record_of
from reconciler.planning.plan import Plan
from reconciler.reports.plan.outline import outline_of
from reconciler.reports.plan.view import view_of
from tests.cli.fakes import FakeSessions, Ran, edit, plan
from tests.github.api.faults import server_error
from tests.github.fake_api import DEFAULT_TOKEN
from tests.github.situations import HEAD, MERGED, REPO, World
from tests.github.situations import world as opened


class Merged:
    """A pull request with a reviewed plan, merged; and the job that applies it."""

    def __init__(self, world: World, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.world = world
        self.report = folder / "report.json"
        self._capsys = capsys
        text = record_of(outline_of(view_of(plan(edit()))))
        world.checks.complete(CheckScope("plan", "stage"), HEAD, 1, plan(edit()).digest, "success", Report("t", "s", text))
        world.merge()

    def apply(self, made: Plan, *options: str) -> tuple[Ran, FakeSessions]:
        environ = {
            "GITHUB_API_URL": self.world.url,
            "GITHUB_REPOSITORY": REPO,
            "GITHUB_SHA": MERGED,
            "GITHUB_REF_NAME": "main",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_TOKEN": DEFAULT_TOKEN,
        }
        sessions = FakeSessions(made)
        words = ["apply", "--yes", "--expect-reviewed", "--report", str(self.report), *options]
        code = run(words, Shell(environ, lambda _: sessions))
        printed = self._capsys.readouterr()
        return Ran(code, printed.out, printed.err), sessions


@pytest.fixture
def merged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Merged]:
    with opened() as world:
        yield Merged(world, tmp_path, capsys)


def test_the_reviewed_plan_is_applied_and_its_beginning_is_noted(merged: Merged) -> None:
    ran, sessions = merged.apply(plan(edit()))
    assert (ran.code, len(sessions.applied)) == (0, 1)
    assert [run.name for run in merged.world.fake.check_runs(REPO, MERGED)] == ["reconciler apply (stage)"]


def test_another_plan_is_refused_before_anything_is_written(merged: Merged) -> None:
    ran, sessions = merged.apply(plan(edit(new="c"), digest="e" * 64))
    assert (ran.code, sessions.applied) == (3, [])
    assert 'update of connection spec members "Members" now has other changes, at /x [stale-other]' in ran.err
    assert "gh workflow run apply.yml -f target=stage -f digest=" in ran.err
    kept = decode(merged.report.read_bytes())
    assert (kept["error"]["code"], kept["plan"]["digest"]) == ("not-reviewed", "e" * 64)
    assert merged.world.fake.check_runs(REPO, MERGED) == []


def test_a_refusal_in_markdown_has_the_plan_as_it_is_now(merged: Merged) -> None:
    ran, _ = merged.apply(plan(edit(new="c"), digest="e" * 64), "--format", "markdown")
    assert "**Refused; nothing was written**" in ran.out
    assert "e" * 64 in ran.out


def test_an_apply_in_markdown_is_told_on_standard_output_and_its_plan_beside_it(merged: Merged) -> None:
    ran, _ = merged.apply(plan(edit()), "--format", "markdown")
    assert ran.out.startswith("<!-- reconciler:plan target=stage specs=specs -->\n")
    assert "1 to update" in ran.err


def test_github_that_cannot_be_asked_keeps_everything_from_being_written(merged: Merged) -> None:
    merged.world.fake.fail(server_error(404))
    ran, sessions = merged.apply(plan(edit()))
    assert (ran.code, sessions.applied) == (1, [])


def test_a_beginning_that_could_not_be_noted_is_a_warning_in_the_report(merged: Merged) -> None:
    merged.world.fake.add_token("ghs_reader", permissions={"checks": "read", "pull_requests": "read", "contents": "read"})
    merged.world.fake.hub.tokens[DEFAULT_TOKEN] = merged.world.fake.hub.tokens["ghs_reader"]
    ran, sessions = merged.apply(plan(edit()))
    assert (ran.code, len(sessions.applied)) == (0, 1)
    assert "[not-begun]" in ran.out


def test_nothing_to_do_needs_no_review(merged: Merged) -> None:
    merged.world.fake.requests.clear()
    ran, _ = merged.apply(plan())
    assert (ran.code, merged.world.fake.requests) == (0, [])


def test_a_report_that_cannot_be_kept_is_told_after_what_was_done(merged: Merged) -> None:
    merged.report.mkdir()
    ran, sessions = merged.apply(plan(edit()))
    assert (ran.code, len(sessions.applied)) == (1, 1)
    assert f"cannot write {merged.report}" in ran.err
    assert "converged: live matches the repository" in ran.out
