"""Each recipe of docs/cookbook.md prints what the page says that it prints."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from tests.docs.console import Console
from tests.docs.cookbook import PREPARED, RECIPES, cooked


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("applied") / "aep-sources"
    assert "10 created" in Console.begun(folder).run("reconciler apply --yes")
    shutil.rmtree(folder / ".reconciler" / "journal")
    return folder


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_prints_what_the_page_shows(recipe: str, applied: Path, tmp_path: Path) -> None:
    shutil.copytree(applied, tmp_path / "aep-sources")
    with build(":memory:") as elsewhere, serving(elsewhere.app) as url:
        console = Console(tmp_path / "aep-sources", sandboxes(url))
        PREPARED.get(recipe, lambda _: None)(console)
        taken = 0
        for step, printed in cooked(recipe, console):
            assert step.pattern.fullmatch(printed), f"$ {step.command}\n{printed}"
            taken += 1
    assert taken


def sandboxes(url: str) -> dict[str, str]:
    """What leads the targets of three sandboxes to a service on this machine."""
    targets = ("DEV", "STAGE", "PROD")
    return {
        **{f"RECONCILER_{target}_BASE_URL": f"{url}/data/foundation/flowservice" for target in targets},
        **{f"RECONCILER_{target}_TOKEN_URL": f"{url}/ims/token/v3" for target in targets},
        "RECONCILER_CLIENT_ID": "our-client",
        "RECONCILER_CLIENT_SECRET": "p8e-very-secret",
    }
