"""What the action `plan` asks of the tool for each value of its input `comment`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.workflows.reusable import PROJECT

ACTION = YAML(typ="safe").load((PROJECT / ".github/actions/plan/action.yml").read_text())
STEP = next(step for step in ACTION["runs"]["steps"] if step["name"] == "Report to the reviewers")


def run(folder: Path, value: str) -> tuple[int, list[str]]:
    """The exit code of the step, and what it asks of the tool, which is one that only notes it."""
    tool = folder / "reconciler"
    tool.write_text('#!/bin/sh\necho "$*" >> "$CALLS"\n')
    tool.chmod(0o755)
    given = {"SPECS": "specs", "TARGET": "stage", "REPORT": "r.json", "TRIALS": "t.json", "COMMENT": value}
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "CALLS": str(folder / "calls"), **given}
    script = folder / "step.sh"
    script.write_text(STEP["run"])
    done = subprocess.run(["bash", "-eo", "pipefail", str(script)], env=env, check=False, capture_output=True)  # noqa: S603, S607
    calls = folder / "calls"
    return done.returncode, calls.read_text().splitlines() if calls.exists() else []


@pytest.mark.parametrize(("value", "flags"), [("always", ""), ("changes", " --changes-only"), ("never", " --existing-only")])
def test_the_comment_is_the_one_that_was_chosen(tmp_path: Path, value: str, flags: str) -> None:
    code, calls = run(tmp_path, value)
    assert (code, [call for call in calls if "github comment" in call]) == (
        0,
        [f"--specs specs --target stage github comment r.json --trials t.json{flags}"],
    )
    assert [call.split()[5] for call in calls] == ["annotate", "summary", "comment", "check"]


def test_another_value_is_an_error_before_anything_is_written(tmp_path: Path) -> None:
    assert run(tmp_path, "sometimes") == (1, [])


def test_the_default_is_a_comment_for_each_target() -> None:
    assert ACTION["inputs"]["comment"]["default"] == "always"
