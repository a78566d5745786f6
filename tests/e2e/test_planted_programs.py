"""A repository is untrusted input: no program that is planted in it runs, and git is given no credential."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.planted_programs import IN_GIT_CONFIG, Plants, plant
from tests.e2e.workplace import NEEDS_GIT, Workplace

COMMANDS = (
    ("plan",),
    ("plan", "--format", "json"),
    ("drift",),
    ("status",),
    ("validate",),
    ("diff", "--against", "HEAD"),
    ("diff", "--against", "HEAD~1"),
    ("breaking", "--against", "HEAD~1"),
    ("import", "--drift"),
    ("apply", "--yes"),
    ("doctor",),
    ("prove", "orders", "--allow-target", "stage", "--yes"),
    ("prove", "--cleanup"),
    ("submit", "orders", "--draft"),
)


@pytest.fixture
def plants(work: Workplace, tmp_path: Path) -> Plants:
    """A repository with history, applied once, drifted and edited since, and then planted."""
    work.settings(NEEDS_GIT)
    work.source("orders", description="first")
    work.commit()
    work.source("orders", description="second")
    work.commit()
    work.apply()
    work.edit("orders", description="of Jane's")
    work.source("orders", description="third")
    work.commit()
    return plant(work, tmp_path / "plants")


def test_the_plants_are_alive(plants: Plants) -> None:
    asked = (["status"], ["-C", "specs", "status"], ["diff", "HEAD"])
    for path in (plants.path, os.environ["PATH"]):
        for words in asked:
            command = ["/usr/bin/env", "git", *words]
            subprocess.run(command, cwd=plants.work.folder, env={"PATH": path}, check=False, capture_output=True)  # noqa: S603
    assert {"git-in-bin", "include.path", "filter.planted.clean", "bare-core.fsmonitor"} <= set(plants.ran)


def test_no_command_runs_what_a_repository_holds_nor_shows_it_a_credential(plants: Plants) -> None:
    assert len(IN_GIT_CONFIG) > 20
    for words in COMMANDS:
        ran = plants.work.run(*words, PATH=plants.path)
        assert ran.code in (0, 1, 2, 3, 4), (words, ran.err)
        assert plants.ran == [], words
    assert plants.environs
    for environ in plants.environs:
        assert "RECONCILER" not in environ
        assert "p8e-very-secret" not in environ
    assert plants.work.the("orders")["description"] == "third"
