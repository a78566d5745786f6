"""Import into files with overlays of groups and with variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.texts.yaml import read_yaml
from tests.cli.test_fleet import SETTINGS, SPEC, Folder

FILE = "sources/orders/connection-spec.yaml"
WITH_VARIABLE = SETTINGS.replace("dev.db, ", "dev.db, vars: {kind: generic-rest}, ").replace(
    "stage.db, ", "stage.db, vars: {kind: generic-rest}, "
)
OF_GROUP = (
    SPEC.replace("KEY", "orders")
    .replace("type: generic-rest", "type: {var: kind}")
    .replace("kind: ConnectionSpec", "kind: ConnectionSpec\nonly: [test]")
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    """A source in a group, whose overlay has another description than live."""
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", WITH_VARIABLE)
    (made.root / ".gitignore").write_text(".reconciler/\n")
    made.write(FILE, OF_GROUP.replace("spec:", "overlays: {test: {description: two}}\nspec:"))
    made.commit()
    done = made("--target", "dev", "apply", "--yes")
    assert done.code == 0, done
    return made


def written(folder: Folder) -> dict[str, object]:
    document: dict[str, object] = read_yaml((folder.root / "specs" / FILE).read_bytes()).value
    return document


def test_what_the_overlay_of_a_group_sets_is_imported_into_that_of_the_target(folder: Folder) -> None:
    folder.write(FILE, OF_GROUP.replace("spec:", "overlays: {test: {description: three}}\nspec:"))
    folder.commit()
    done = folder("--target", "dev", "import", "--name", "Acme orders")
    assert done.code == 0, done
    assert written(folder)["overlays"] == {"test": {"description": "three"}, "dev": {"description": "two"}}
    assert folder("--target", "dev", "plan", "--detailed-exitcode").code == 0


def test_what_a_variable_sets_is_not_imported(folder: Folder) -> None:
    folder.write("reconciler.yaml", WITH_VARIABLE.replace("kind: generic-rest", "kind: another"))
    folder.commit()
    before = written(folder)
    done = folder("--target", "dev", "import", "--name", "Acme orders")
    assert done.code == 1
    assert "a variable or a literal stands there" in done.out + done.err
    assert written(folder) == before
