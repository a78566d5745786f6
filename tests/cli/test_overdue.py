"""`drift` reports what was committed long ago and is not applied. The repository and the services are real, in this process."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.cli.test_fleet import SETTINGS, SPEC, Folder

DAY = 86_400
FILE = "sources/orders/connection-spec.yaml"
CHANGED = SPEC.replace("KEY", "orders").replace("one", "two")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    """One source, committed three days ago; it is live in dev, and nowhere else."""
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", SETTINGS)
    (made.root / ".gitignore").write_text(".reconciler/\n")
    made.repository.commit({FILE: SPEC.replace("KEY", "orders")}, at=days_ago(3))
    assert made("--target", "dev", "apply", "--yes").code == 0
    return made


def days_ago(days: float) -> int:
    return int(time.time() - days * DAY)


def test_what_was_never_applied_is_reported_with_its_commit(repository: Folder) -> None:
    done = repository("--target", "prod", "drift", "--format", "json")
    commit = repository.repository.git("rev-parse", "HEAD")
    (one,) = done.json["overdue"]
    assert (done.code, one["key"], one["commit"], one["commits"]) == (2, "orders", commit, 1)
    (problem,) = done.json["problems"]
    assert (problem["code"], commit[:7] in problem["message"]) == ("not-applied-yet", True)


def test_what_is_applied_is_not_reported(repository: Folder) -> None:
    done = repository("--target", "dev", "drift", "--format", "json")
    assert (done.code, "overdue" in done.json, done.json["problems"]) == (0, False, [])


def test_a_change_that_was_merged_lately_may_be_pending(repository: Folder) -> None:
    repository.repository.commit({FILE: CHANGED}, at=days_ago(0.5))
    assert repository("--target", "dev", "drift").code == 0


def test_text_and_markdown_report_it(repository: Folder) -> None:
    assert "not applied since" in repository("--target", "prod", "drift").out
    assert "not applied since" in repository("--target", "prod", "drift", "--format", "markdown").out


def test_a_merge_counts_from_its_merge(repository: Folder) -> None:
    git = repository.repository.git
    git("checkout", "--quiet", "-b", "work")
    repository.repository.commit({"sources/new/connection-spec.yaml": SPEC.replace("KEY", "new")}, at=days_ago(2))
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "-m", "merge", "work", at=days_ago(0.25))
    assert repository("--target", "dev", "drift").code == 0
    git("commit", "--quiet", "--amend", "-m", "merge", at=days_ago(1.5))
    (one,) = repository("--target", "dev", "drift", "--format", "json").json["overdue"]
    assert (one["key"], one["commit"]) == ("new", git("rev-parse", "HEAD"))


def test_a_spec_that_was_just_written_cannot_be_pending_for_long(repository: Folder) -> None:
    """An old commit that arrives by a fast-forward has an old time."""
    repository.repository.commit({FILE: CHANGED}, at=days_ago(2))
    assert repository("--target", "dev", "drift").code == 0


def test_where_git_cannot_tell_since_when_that_is_said(repository: Folder) -> None:
    overlay = CHANGED.replace("spec:", "overlays:\n  dev: {description: three}\nspec:")
    repository.repository.commit({FILE: overlay}, at=days_ago(1))
    (repository.root / ".git/shallow").write_text(repository.repository.git("rev-parse", "HEAD") + "\n")
    (one,) = repository("--target", "prod", "drift", "--format", "json").json["overdue"]
    assert (one["since"], one["why_not"]) == (None, "the history of this clone is cut off")


def test_null_turns_it_off(repository: Folder) -> None:
    repository.write("reconciler.yaml", SETTINGS + "drift: {max_pending: null}\n")
    assert repository("--target", "prod", "drift").code == 0


def test_over_several_targets_each_is_named(repository: Folder) -> None:
    done = repository("--target", "dev", "--target", "prod", "drift", "--format", "json")
    assert done.code == 2
    assert {one["name"]: one["state"] for one in done.json["targets"]} == {"dev": "in_sync", "prod": "to_do"}
    assert "not applied since" in repository("--target", "dev", "--target", "prod", "drift").out


def test_a_plan_says_nothing_of_it(repository: Folder) -> None:
    assert "overdue" not in repository("--target", "prod", "plan", "--format", "json").json


def behind(folder: Folder, after: str, *, live: bool = True) -> None:
    """prod is after dev, with this soak; the file is changed three days ago, and dev has it, unless not `live`."""
    prod = "  prod: {emulator: .reconciler/prod.db, AFTER}\n".replace("AFTER", after)
    folder.write("reconciler.yaml", SETTINGS.replace("  prod: {emulator: .reconciler/prod.db}\n", prod))
    if live:
        folder.repository.commit({FILE: CHANGED}, at=days_ago(2))
        assert folder("--target", "dev", "apply", "--yes").code == 0


def test_what_soaks_upstream_may_be_pending(repository: Folder) -> None:
    behind(repository, "after: [dev], soak: 48h")
    done = repository("--target", "prod", "drift", "--format", "json")
    assert (done.code, "overdue" in done.json, done.json["problems"]) == (0, False, [])
    assert repository("--target", "dev", "--target", "prod", "drift").code == 0


def test_what_passed_its_gate_may_not(repository: Folder) -> None:
    behind(repository, "after: [dev]")
    (one,) = repository("--target", "prod", "drift", "--format", "json").json["overdue"]
    assert (one["key"], one["why_not"]) == ("orders", None)


def test_a_gate_of_a_target_that_cannot_be_read_hides_nothing(repository: Folder) -> None:
    behind(repository, "after: [stage]", live=False)
    (repository.root / ".reconciler/stage.db").write_text("no database")
    done = repository("--target", "prod", "drift", "--format", "json")
    (one,) = done.json["overdue"]
    assert (done.code, one["key"], "stage could not be read" in one["why_not"]) == (2, "orders", True)
    assert "whether it waits at a gate is not known" in done.json["problems"][0]["message"]
