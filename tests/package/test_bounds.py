from __future__ import annotations

import re
import tomllib

from tests.package.paths import ROOT


def test_no_dependency_is_held_below_a_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    required = [*project["dependencies"], *project["optional-dependencies"]["emulator"]]
    assert [line for line in required if not re.fullmatch(r"[a-z0-9.-]+>=[0-9.]+", line)] == []


def test_each_python_that_is_named_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = re.findall(r"Python :: (3\.\d+)$", "\n".join(project["classifiers"]), re.MULTILINE)
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()
    listed = ", ".join(f'"{version}"' for version in named)
    assert f"python: [{listed}]" in workflow
    assert project["requires-python"] == f">={named[0]}"
