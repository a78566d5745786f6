"""Every console block of README.md and of docs/ prints what its page shows, or says why it is not run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.docs.console import PROJECT, steps
from tests.docs.pages.__main__ import begun
from tests.docs.pages.preparations import PREPARED
from tests.docs.pages.reading import PAGES, STARTS, Scene, parts, scenes
from tests.docs.pages.running import SERVED, differences
from tests.docs.pages.served import serves

SCENES: Final = [scene for page in PAGES for scene in scenes(page, (PROJECT / page).read_text())]
PARTS: Final = [part for page in PAGES for part in parts(page, (PROJECT / page).read_text())]
NOT_RUN: Final = {
    "installs from the network": 2,
    "needs a GitHub repository": 14,
    "needs a container engine": 3,
    "needs a node_exporter": 1,
    "needs a pipeline of GitLab": 2,
    "needs a sandbox of Adobe": 3,
    "needs a secret of a third party": 1,
}
"""The reasons that a block may have for not being run, and how many blocks may have each."""


@pytest.fixture(scope="session")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(tmp_path_factory.mktemp("applied") / "aep-sources")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_blocks_of_a_page_print_what_it_shows(scene: Scene, applied: Path, tmp_path: Path) -> None:
    assert "\n".join(differences(scene, tmp_path, applied)) == ""


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    counted = Counter(part.reason for part in PARTS if part.reason is not None)
    assert {reason: count for reason, count in counted.items() if count > NOT_RUN.get(reason, 0)} == {}


def test_each_preparation_is_there_and_used() -> None:
    used = {word for part in PARTS for word in part.prepared}
    assert used - {*STARTS, SERVED} == PREPARED.keys()


def test_a_start_is_the_first_word() -> None:
    assert [part for part in PARTS if set(part.prepared[1:]) & set(STARTS)] == []


def test_a_server_shows_what_it_prints() -> None:
    shown = [(part.page, step) for part in PARTS if part.reason is None for step in steps(part.block) if serves(step.command)]
    assert shown
    assert [page for page, step in shown if not step.shown] == []
