"""What the lock files hold: every package pinned and hashed, no registry named, and nothing in the smallest that only a build needs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = (
    "requirements.lock",
    "requirements-demo.lock",
    "requirements-dev.lock",
    "requirements-docs.lock",
    "tests/hooks/requirements.lock",
)
PIN = re.compile(r"([a-z0-9-]+)(?:\[[a-z,-]+\])?==[^ ]+ (?:; .+ )?\\")


def pins(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text().splitlines()
    return {found[1] for line in lines if (found := PIN.fullmatch(line))}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[>=]", requirement)[0].replace(".", "-") for requirement in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_every_package_and_names_no_registry(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    assert [
        line for line in lines if not PIN.fullmatch(line) and not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)
    ] == []


def test_the_actions_install_what_the_command_needs_without_the_emulator_and_build_tools() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extra = names([*project["project"]["optional-dependencies"]["emulator"], *project["dependency-groups"]["build"]])
    assert names(project["project"]["dependencies"]) <= pins("requirements.lock")
    assert not extra & pins("requirements.lock")
    assert extra <= pins("requirements-demo.lock")


def test_each_lock_holds_the_one_before_it() -> None:
    assert pins("requirements.lock") < pins("requirements-demo.lock") < pins("requirements-dev.lock")
