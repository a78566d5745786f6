"""Test with the lowest or the newest versions that the package may be installed with: `python -m tests.package.versions lowest`.

A new environment gets the dependencies in those versions, and the tools of the tests as they are locked. The tests that run are those
of the rooms that use a dependency most.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.package.paths import ROOT
from tests.package.processes import UV, Failed, run, say

RESOLUTIONS: Final = {"lowest": "lowest-direct", "newest": "highest"}
TOOLS: Final = ("pytest", "pytest-xdist", "coverage", "hypothesis", "jsonpatch", "markdown-it-py")
TESTS: Final = (
    "tests/portability",  # imports each module
    "tests/cli/completing", "tests/cli/test_apply.py", "tests/cli/test_failures.py",  # click
    "tests/cli/test_plan.py", "tests/cli/test_validate.py",
    "tests/texts/test_yaml.py", "tests/texts/test_yaml_writing.py", "tests/texts/test_json.py",  # ruamel.yaml and its C part
    "tests/http",  # httpx, httpcore, certifi
    "tests/settings", "tests/journal",  # msgspec
    "tests/schemas/test_mistakes.py",  # jsonschema-rs
    "tests/reports/plan", "--ignore=tests/reports/plan/test_html_in_browser.py",  # jinja2
    "tests/emulator/test_server.py", "tests/emulator/test_specs.py",  # starlette, uvicorn
)  # fmt: skip


def test_with(resolution: str) -> None:
    """Install and test. Raises Failed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = ROOT / "pyproject.toml"
        wanted = ("--extra", "emulator", "--resolution", RESOLUTIONS[resolution], "--no-annotate", "--no-header")
        python = folder / "env" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        run(UV, "venv", "--quiet", "--python", sys.executable, folder / "env", cwd=folder)
        resolved = run(UV, "pip", "compile", "--quiet", "--python", python, project, *wanted, cwd=folder)
        (folder / "versions.txt").write_text(resolved)
        (folder / "tools.txt").write_text("\n".join(_locked(TOOLS, resolved)))
        say(resolved)
        run(UV, "pip", "install", "--quiet", "--python", python, "-r", "versions.txt", "-r", "tools.txt", cwd=folder)
        run(UV, "pip", "install", "--quiet", "--python", python, "--no-deps", "--editable", ROOT, cwd=folder)
        say(run(python, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *TESTS, cwd=ROOT))


def _locked(tools: tuple[str, ...], resolved: str) -> list[str]:
    """The tools as the lock pins them, unless the package needs them too."""
    pins = dict(
        re.findall(r"^([a-z0-9-]+)(?:\[[a-z,-]+\])?==([^ ]+)", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE)
    )
    return [f"{name}=={pins[name]}" for name in tools if f"{name}==" not in resolved]


if __name__ == "__main__":
    try:
        test_with(sys.argv[1])
    except Failed as error:
        sys.exit(str(error))
