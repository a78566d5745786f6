"""The plans of several targets in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_fleet import Folder
from tests.cli.test_fleet_apply import ALL, change, repository, spoil, states
from tests.reports.schemas.conforming import differences

__all__ = ["repository"]


def targets_in(path: Path) -> list[str]:
    return [plan["target"]["name"] for plan in json.loads(path.read_text())["plans"]]


@pytest.fixture
def saved(repository: Folder) -> Path:
    assert repository(*ALL, "plan", "--out", "all.json").code == 0
    return repository.root / "all.json"


def edit(path: Path, change: Any) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def test_each_plan_is_the_saved_plan_of_its_target(repository: Folder, saved: Path) -> None:
    repository("--target", "dev", "plan", "--out", "dev.json")
    alone = json.loads((repository.root / "dev.json").read_text())
    assert alone in json.loads(saved.read_text())["plans"]
    assert differences(json.loads(saved.read_text())) == []


def test_its_targets_are_applied_and_no_other(repository: Folder) -> None:
    repository("--target", "dev", "--target", "eu", "plan", "--out", "two.json")
    report = repository("apply", "two.json", "--yes", "--format", "json").json
    assert states(report) == {"dev": ("applied", 0), "eu": ("applied", 0)}


def test_one_target_that_was_chosen_as_several_gives_the_report_of_several(repository: Folder) -> None:
    repository("--group", "test", "--except", "eu", "--except", "stage", "plan", "--out", "one.json")
    report = repository("apply", "--plan", "one.json", "--yes", "--format", "json").json
    assert (report["fleet"], list(states(report))) == (True, ["dev"])


def test_a_target_with_by_name_is_saved_only_if_it_is_named(repository: Folder, saved: Path) -> None:
    done = repository("--group", "test", "plan", "--out", "some.json")
    assert targets_in(repository.root / "some.json") == ["dev", "eu", "stage"]
    assert "without prod" in done.err
    assert targets_in(saved) == ["dev", "eu", "stage", "prod"]


def test_what_could_not_be_read_is_said_to_be_missing(repository: Folder) -> None:
    spoil(repository, "dev")
    done = repository(*ALL, "plan", "--out", "rest.json")
    assert done.code == 1
    assert targets_in(repository.root / "rest.json") == ["eu", "stage", "prod"]
    assert "saved 3 targets to rest.json, without dev" in done.err


def test_without_any_plan_no_file_is_written(repository: Folder) -> None:
    for target in ("dev", "eu"):
        spoil(repository, target)
    done = repository("--target", "dev", "--target", "eu", "plan", "--out", "none.json")
    assert done.code == 1
    assert not (repository.root / "none.json").exists()


def test_a_plan_that_changed_refuses_the_whole_run(repository: Folder, saved: Path) -> None:
    repository("--target", "eu", "apply", "--yes")
    done = repository("apply", str(saved), "--yes", "--format", "json")
    assert done.code == 3
    assert "the plan for eu has changed" in done.err
    said = [problem["message"] for problem in done.json["targets"][0]["report"]["problems"]]
    assert 'eu: create of connection spec orders "Acme orders" is no longer needed' in said
    assert states(repository(*ALL, "plan", "--format", "json").json)["dev"] == ("to_do", 0)


def test_other_options_are_refused_with_those_of_the_file(repository: Folder, saved: Path) -> None:
    done = repository("apply", str(saved), "--yes", "--prune")
    assert done.code == 3
    assert "created with other options: prune off (now on)" in done.err


@pytest.mark.parametrize("words", [("--target", "dev"), ("--all",), ("--group", "test"), ("--target", "dev", "--target", "eu")])
def test_targets_are_chosen_by_the_file_alone(repository: Folder, saved: Path, words: tuple[str, ...]) -> None:
    done = repository(*words, "apply", str(saved), "--yes")
    assert done.code == 1
    assert "leave out --target, --group, --all and --except" in done.err


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda file: file["plans"][1]["actions"].pop(), 3, "plan 2 in all.json was edited after it was saved"),
        (lambda file: file["plans"].append(file["plans"][0]), 1, "has two plans for target 'dev'"),
        (lambda file: file["plans"].clear(), 1, "all.json has no plan"),
        (lambda file: file.update(format_version=2), 1, "plan format version 2"),
        (lambda file: file.update(plans={}), 1, "is not a saved plan of several targets"),
        (lambda file: file["plans"].insert(0, None), 1, "plan 1 in all.json is not a saved plan"),
        (lambda file: file.pop("report"), 1, "all.json is not a saved plan"),
    ],
)
def test_a_file_that_was_edited_is_not_applied(repository: Folder, saved: Path, change: Any, code: int, said: str) -> None:
    edit(saved, change)
    done = repository("apply", "all.json", "--yes")
    assert (done.code, said in done.err) == (code, True), done.err
    assert repository(*ALL, "plan", "--format", "json").json["summary"]["to_do"] == 4


def test_a_target_that_no_longer_exists_is_an_error(repository: Folder, saved: Path) -> None:
    settings = repository.root / "specs" / "reconciler.yaml"
    settings.write_text(settings.read_text().replace("  eu: ", "  uk: "))
    done = repository("apply", str(saved), "--yes", "--allow-dirty")
    assert done.code == 1
    assert "unknown target 'eu'" in done.err


def test_show_prints_each_plan_and_the_command_that_applies_them(repository: Folder, saved: Path) -> None:
    out = repository("show", "all.json").out
    assert [line.split(" · ")[0] for line in out.splitlines() if line.startswith("target ")] == [
        "target dev",
        "target eu",
        "target stage",
        "target prod",
    ]
    assert out.endswith("next: reconciler apply all.json\n")
    assert json.loads(repository("show", "all.json", "--format", "json").out) == json.loads(saved.read_text())


def test_a_later_change_makes_the_file_out_of_date(repository: Folder, saved: Path) -> None:
    change(repository)
    done = repository("apply", str(saved), "--yes")
    assert done.code == 3
    assert "the plan for dev, eu, stage, prod has changed" in done.err


def test_a_file_whose_plans_were_applied_is_out_of_date_even_if_there_is_nothing_left_to_do(
    repository: Folder, saved: Path
) -> None:
    assert repository("apply", str(saved), "--yes").code == 0
    done = repository("apply", str(saved), "--yes")
    assert (done.code, "is out of date" in done.err) == (3, True)


def test_another_digest_is_refused_even_if_there_is_nothing_to_do(repository: Folder) -> None:
    assert repository(*ALL, "apply", "--yes").code == 0
    done = repository(*ALL, "apply", "--yes", "--expect", "0" * 12)
    assert (done.code, "--expect requires 000000000000" in done.err) == (3, True)
