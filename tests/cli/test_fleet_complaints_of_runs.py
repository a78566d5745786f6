"""What users of other tools complain of about runs over many environments, each played once.

Every published complaint that the fleets were designed against, and the test that plays it. Those without a file are in this one.

decK (a file for one workspace is written to another): a_plan_for_one_target_is_never_written_to_another
Terraform 27458 (no option for the workspace), Flyway, Pulumi (tenants by shell loops): test_fleet, several_targets_are_one_table
Terraform (approve-all is what people end with): test_fleet_apply, it_asks_once_with_the_creates_of_each_target
Terragrunt 80, 4934 (no summary, no reason for a skip): test_fleet_apply, every_target_has_a_line_with_the_reason
Terragrunt 197 (-detailed-exitcode with dependencies): what_a_target_before_lacks_is_a_difference_of_each_target
Terragrunt 3183 (a run after a partial failure): a_run_after_a_failure_does_only_what_is_left
Atlantis 2076, 3147 (no end at a failure): test_fleet_apply, after_a_failure_no_new_target_is_begun_and_what_comes_after_is_blocked
Atlantis 4487 (order slows down plans): a_plan_of_a_later_target_needs_no_apply_of_an_earlier_one
Argo CD 19535, 12459, 22976 (a commit in the middle): test_fleet_complaints, a_commit_in_the_middle_of_a_rollout_takes_the_others_along
Argo CD 11924 (all at once): applying/test_waves, with_a_limit_of_failures_the_first_target_of_a_wave_runs_alone
Argo CD 13731, 11213 (a missing key is empty, only strings): test_fleet_complaints_of_values, a_value_that_one_target_lacks_…, …_its_type
Argo CD 9919 (an override repeats the whole template): an_overlay_says_only_what_differs
Kargo 3100 (no soak by hand): test_fleet_complaints, an_apply_by_hand_goes_through_the_same_gate
Kargo 5342, 4238 (no release ever soaks, a soak is lost): test_fleet_complaints_of_values, frequent_releases_…, only_what_was_overwritten_…
Kargo 4586 (one of several stages waits for ever): all_targets_before_are_asked_and_each_is_named
Kargo 6582 (a stage that is not before counts): test_fleet_complaints, only_the_target_that_is_directly_before_counts
Flux 125 (ready at another revision): test_fleet_complaints, an_upstream_target_that_is_fine_with_older_content_opens_no_gate
Flux 3390 (order is forgotten by a restart): a_gate_needs_nothing_that_an_earlier_run_left_on_the_disk
octoDNS 618 (the first failure hides all results): test_fleet_complaints, a_target_that_cannot_be_read_does_not_hide_…
dbt-jobs-as-code 64 (one environment deletes the jobs of another): test_fleet_complaints_of_values, …_is_no_orphan_in_another_…
dbt-jobs-as-code 70, 155 (templates grow): what_looks_like_a_template_in_a_string_is_sent_as_it_is
GitHub (an approval and a comment each): test_target_jobs; reports/fleet/test_markdown_limits
"""

from __future__ import annotations

import shutil

import pytest

from tests.cli.test_fleet import SPEC, Folder, cells
from tests.cli.test_fleet_complaints import ALL, SETTINGS, edit, in_order, live, repository

__all__ = ["repository"]


def test_a_plan_for_one_target_is_never_written_to_another(repository: Folder) -> None:
    before = live(repository)
    assert repository("--target", "dev", "plan", "--out", "dev.json").code == 0
    assert repository("--target", "stage", "apply", "dev.json", "--yes").code in {1, 3}
    assert live(repository) == before
    digest = repository("--target", "dev", "plan", "--format", "json").json["digest"]
    assert repository("--target", "stage", "apply", "--yes", "--expect", digest).code == 3
    assert live(repository) == before


def test_what_a_target_before_lacks_is_a_difference_of_each_target(repository: Folder) -> None:
    done = repository(*ALL, "plan", "--detailed-exitcode", "--format", "json")
    assert (done.code, cells(done.json)["orders"]) == (2, ["pending", "pending", "pending"])
    prod = repository("--target", "prod", "plan", "--detailed-exitcode", "--format", "json")
    assert (prod.code, prod.json["actions"], len(prod.json["waiting"])) == (2, [], 1)
    assert repository(*ALL, "apply", "--yes").code == 0
    assert repository(*ALL, "plan", "--detailed-exitcode").code == 0


def test_a_run_after_a_failure_does_only_what_is_left(repository: Folder) -> None:
    store = repository.root / ".reconciler" / "two.db"
    kept = store.read_bytes()
    store.write_bytes(b"no database")
    failed = repository(*ALL, "apply", "--yes", "--keep-going", "--format", "json")
    assert (failed.code, [target["state"] for target in failed.json["targets"]]) == (1, ["applied", "applied", "failed"])
    store.write_bytes(kept)
    done = repository(*ALL, "apply", "--yes", "--format", "json")
    assert (done.code, [target["state"] for target in done.json["targets"]]) == (0, ["in_sync", "in_sync", "applied"])
    assert live(repository)["orders"] == in_order("two", "two", "two")


def test_a_plan_of_a_later_target_needs_no_apply_of_an_earlier_one(repository: Folder) -> None:
    done = repository("--target", "prod", "plan", "--format", "json")
    (waiting,) = done.json["waiting"]
    (wait,) = waiting["waits"]
    assert (done.code, wait["on"], wait["message"]) == (0, "stage", "stage has 1 change pending (description)")
    assert [change["new"] for change in waiting["action"]["changes"]] == ["two"]


def test_an_overlay_says_only_what_differs(repository: Folder) -> None:
    overlay = "overlays:\n  prod: {description: in prod}\n"
    repository.write("sources/orders/connection-spec.yaml", overlay + SPEC.replace("KEY", "orders").replace("one", "two"))
    repository.commit()
    assert repository(*ALL, "apply", "--yes").code == 0
    assert live(repository)["orders"] == in_order("two", "two", "in prod")


def test_all_targets_before_are_asked_and_each_is_named(repository: Folder) -> None:
    repository.write("reconciler.yaml", SETTINGS.replace("after: [stage]", "after: [dev, stage]"))
    repository.commit()
    assert repository("--target", "dev", "apply", "--yes").code == 0
    waiting = repository("--target", "prod", "gates")
    assert "stage has 1 change pending" in waiting.out
    assert "dev has" not in waiting.out
    assert repository("--target", "stage", "apply", "--yes").code == 0
    assert repository("--target", "prod", "apply", "--yes").code == 0
    assert live(repository)["orders"] == in_order("two", "two", "two")


def test_a_gate_needs_nothing_that_an_earlier_run_left_on_the_disk(repository: Folder) -> None:
    shutil.rmtree(repository.root / ".reconciler" / "journal")
    assert repository("--target", "prod", "apply", "--yes").code == 0
    assert live(repository)["orders"] == in_order("one", "one", "one")
    assert repository("--target", "dev", "apply", "--yes").code == 0
    shutil.rmtree(repository.root / ".reconciler" / "journal")
    assert repository("--target", "stage", "apply", "--yes").code == 0
    assert live(repository)["orders"] == in_order("two", "two", "one")


@pytest.mark.parametrize("text", ["${region} and {region}", "{{ .Values.region }}", "'{var: region}'", "@{region}"])
def test_what_looks_like_a_template_in_a_string_is_sent_as_it_is(repository: Folder, text: str) -> None:
    edit(repository, "orders", text if text.startswith("'") else f'"{text}"')
    assert repository("--target", "dev", "apply", "--yes").code == 0
    assert live(repository)["orders"]["dev"] == text.strip("'")
