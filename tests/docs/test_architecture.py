"""docs/architecture.md has the folders that there are, in the order of the contract."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.docs.console import PROJECT, section

PAGE = (PROJECT / "docs" / "architecture.md").read_text()
PACKAGE = PROJECT / "reconciler"
WITHOUT_CODE = {"authoring/templates/", "emulator/stock/", "reports/templates/"}


def named(text: str) -> list[str]:
    """The folders and files in the first column of the tables."""
    cells = re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([a-z_/]+(?:/|\.py))`", cell)]


def test_each_folder_of_the_package_is_named() -> None:
    modules = (path for path in PACKAGE.rglob("*.py") if path.parent not in (PACKAGE, PACKAGE / "emulator"))
    folders = {f"{path.parent.relative_to(PACKAGE).as_posix()}/" for path in modules}
    assert (folders | WITHOUT_CODE) - set(named(PAGE)) == set()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", PAGE))))
def test_what_is_named_is_there(name: str) -> None:
    assert any((root / name).exists() for root in (PACKAGE, PROJECT))


def test_the_layers_are_in_the_order_of_the_contract() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [set(re.findall(r"reconciler\.(\w+)", layer)) for layer in contracts[0]["layers"]]
    level = {folder: number for number, layer in enumerate(layers) for folder in layer}
    shown = [name.removesuffix("/").removesuffix(".py") for name in named(section(PAGE, "Folders")) if "/" not in name[:-1]]
    assert set(shown) == set(level)
    assert [level[folder] for folder in shown] == sorted(level.values())


def test_the_glossary_is_in_the_order_of_the_alphabet() -> None:
    words = re.findall(r"^\| ([a-z, ]+) \|", section(PAGE, "Glossary"), re.MULTILINE)[1:]
    assert words == sorted(words)
