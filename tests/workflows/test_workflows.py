"""The workflows to copy are small, call the actions by commit, and say the same as the reusable ones; other actions are pinned alike."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

from tests.github.runner.documents import load, load_action, load_workflow
from tests.workflows.copied import DEPENDABOT, TEMPLATES, copy_workflows
from tests.workflows.reusable import NAMES, PROJECT, reusable

ACTIONS: Final = sorted(path.parent for path in (PROJECT / ".github" / "actions").glob("*/action.yml"))
INSTALLING: Final = [folder for folder in ACTIONS if folder.name not in ("planned", "setup", "waved")]
WRITING: Final = ("apply", "leftovers", "prove")
COPIED: Final = sorted(path.name for path in TEMPLATES.glob("*.yml") if path.name != DEPENDABOT)
KEPT: Final = "${{ runner.temp }}/reconciler-specs"
USES: Final = re.compile(r"uses: (?P<action>[\w.-]+/[\w./-]+)@(?P<commit>\S+)(?: # (?P<version>\S+))?")


def steps_of(folder: Path) -> list[dict[str, Any]]:
    action = load_action(folder)
    assert action is not None
    steps: list[dict[str, Any]] = action["runs"]["steps"]
    return steps


def test_the_workflows_to_copy_for_plan_apply_and_drift_are_small() -> None:
    texts = [(TEMPLATES / f"{name}.yml").read_text() for name in ("plan", "apply", "drift")]
    workflows = [load_workflow(TEMPLATES / f"{name}.yml") for name in ("plan", "apply", "drift")]
    steps = [step for workflow in workflows for job in workflow["jobs"].values() for step in job["steps"]]
    assert sum(len(text.splitlines()) for text in texts) <= 105
    assert len(steps) <= 10
    assert max(len(line) for text in texts for line in text.splitlines()) <= 125


@pytest.mark.parametrize("name", COPIED)
def test_each_job_of_a_copied_workflow_is_one_action_by_its_commit(name: str, tmp_path: Path) -> None:
    copy_workflows(tmp_path, "acme/reconciler", "0" * 40, "v1.2.3")
    workflow = load_workflow(tmp_path / ".github/workflows" / name)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        if "uses" in job:
            assert job["uses"] == f"acme/reconciler/.github/workflows/waves.yml@{'0' * 40}"
            continue
        (step,) = job["steps"]
        found = re.fullmatch(r"acme/reconciler/\.github/actions/(?P<name>[\w-]+)@0{40}", step["uses"])
        assert found is not None
        action = load_action(PROJECT / ".github/actions" / found["name"])
        assert action is not None
        assert step.get("with", {}).keys() <= action["inputs"].keys()
    text = (tmp_path / ".github/workflows" / name).read_text()
    assert {found["version"] for found in USES.finditer(text)} == {"v1.2.3"}


@pytest.mark.parametrize(
    "path",
    [*TEMPLATES.glob("*.yml"), *PROJECT.glob(".github/workflows/*.yml")],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_a_job_that_installs_or_asks_a_service_has_a_limit_of_time(path: Path) -> None:
    jobs = load(path).get("jobs", {})
    assert [name for name, job in jobs.items() if "timeout-minutes" not in job and "uses" not in job] == (
        ["planned"] if path.name == "plan.yml" else []
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_reusable_workflow_is_the_one_to_copy_with_the_actions_of_its_own_commit(name: str) -> None:
    written = (PROJECT / ".github/workflows" / f"{name}.yml").read_text()
    assert written == reusable(name), "run make reusable"


def test_every_foreign_action_is_pinned_to_one_commit_with_its_version() -> None:
    pins: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for path in [*PROJECT.glob(".github/actions/*/action.yml"), *PROJECT.glob(".github/workflows/*.yml")]:
        for found in USES.finditer(path.read_text()):
            assert re.fullmatch("[0-9a-f]{40}", found["commit"]), found[0]
            assert re.fullmatch(r"v\d+\.\d+\.\d+", found["version"] or ""), found[0]
            pins[found["action"]].add((found["commit"], found["version"]))
    assert {action: found for action, found in pins.items() if len(found) > 1} == {}
    assert "actions/upload-artifact" in pins


@pytest.mark.parametrize("folder", INSTALLING, ids=lambda folder: folder.name)
def test_an_action_checks_out_without_credentials_and_installs_as_setup_does(folder: Path) -> None:
    checkout, *rest = steps_of(folder)
    assert checkout["uses"].startswith("actions/checkout@")
    assert checkout["if"] == "inputs.checkout == 'true'"
    assert checkout["with"]["persist-credentials"] is False
    setup = steps_of(PROJECT / ".github/actions/setup")
    if folder.name in WRITING:
        setup = [step for step in setup if step["name"] == "Install"]
    assert rest[: len(setup)] == setup


@pytest.mark.parametrize("name", WRITING)
def test_an_action_with_a_credential_that_writes_installs_nothing_from_a_cache(name: str) -> None:
    assert "actions/cache" not in (PROJECT / ".github/actions" / name / "action.yml").read_text()


@pytest.mark.parametrize("folder", INSTALLING, ids=lambda folder: folder.name)
def test_an_input_without_a_credential_leaves_what_an_earlier_step_exported(folder: Path) -> None:
    variables = {name: value for step in steps_of(folder) for name, value in step.get("env", {}).items()}
    for part in ("CLIENT_ID", "CLIENT_SECRET"):
        name = f"RECONCILER_{part}"
        if name in variables:
            assert variables[name] == f"${{{{ inputs.{part.lower().replace('_', '-')} || env.{name} }}}}"
    assert not {name for name in variables if name.startswith("RECONCILER_")} - {
        "RECONCILER_CLIENT_ID",
        "RECONCILER_CLIENT_SECRET",
        "RECONCILER_CACHE_DIR",
        "RECONCILER_NO_CACHE",
    }


@pytest.mark.parametrize("folder", INSTALLING, ids=lambda folder: folder.name)
def test_only_the_plan_and_drift_use_a_cache_of_spec_files_and_no_other_step_with_a_credential_has_one(folder: Path) -> None:
    for step in steps_of(folder):
        environ = step.get("env", {})
        if "RECONCILER_CLIENT_ID" not in environ:
            assert "RECONCILER_CACHE_DIR" not in environ
        elif folder.name in ("plan", "drift"):
            assert environ["RECONCILER_CACHE_DIR"] == KEPT
        else:
            assert environ["RECONCILER_NO_CACHE"] == "1"
            assert "actions/cache/" not in (folder / "action.yml").read_text()


def test_the_cache_of_spec_files_is_one_folder_outside_the_checkout_and_one_key() -> None:
    used = [step for name in ("plan", "drift") for step in steps_of(PROJECT / ".github/actions" / name) if is_of_files(step)]
    assert [step["with"]["path"] for step in used] == [KEPT] * 4
    assert [step["continue-on-error"] for step in used] == [True] * 4
    assert len({step["with"]["key"] for step in used if "restore" in step["uses"]}) == 1
    assert {step["with"]["key"] for step in used if "save" in step["uses"]} == {"${{ steps.kept.outputs.cache-primary-key }}"}


def is_of_files(step: dict[str, Any]) -> bool:
    return str(step.get("uses")).startswith(("actions/cache/restore@", "actions/cache/save@"))


def test_drift_believes_nothing_that_was_kept() -> None:
    """Pull requests begin with what it saves."""
    steps = steps_of(PROJECT / ".github/actions/drift")
    assert [step["with"].get("lookup-only") for step in steps if str(step.get("uses")).startswith("actions/cache/restore@")] == [
        True
    ]
    (drift,) = [step for step in steps if step.get("id") == "drift"]
    assert drift["run"].index('rm -rf "$RECONCILER_CACHE_DIR"') < drift["run"].index(" drift ")


def test_a_run_without_secrets_judges_every_file_anew() -> None:
    (offline,) = [step for step in steps_of(PROJECT / ".github/actions/plan") if step.get("id") == "offline"]
    assert offline["env"]["RECONCILER_NO_CACHE"] == "1"


def test_dependabot_bumps_the_actions_here_and_in_a_copy() -> None:
    for path in (PROJECT / ".github" / DEPENDABOT, TEMPLATES / DEPENDABOT):
        updates = load(path)["updates"]
        assert "github-actions" in [update["package-ecosystem"] for update in updates]
