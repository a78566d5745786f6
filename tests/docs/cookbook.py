"""The recipes of docs/cookbook.md, each in a copy of the example repository that has been applied."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from reconciler.emulator import build
from tests.docs.console import JANE, PLACE, PROJECT, Block, Console, Step, blocks, section

PAGE: Final = (PROJECT / "docs" / "cookbook.md").read_text()
RECIPES: Final = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
_PROVIDER: Final = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
_FILE: Final = re.compile(r"# (?P<path>\S+)\n")


def cooked(recipe: str, console: Console) -> Iterator[tuple[Step, str]]:
    """Each command of a recipe with what it printed."""
    return taken(PAGE, recipe, console)


def taken(page: str, heading: str, console: Console) -> Iterator[tuple[Step, str]]:
    """Each command of a section with what it printed; YAML blocks are written into their files in between."""
    for block in blocks(section(page, heading)):
        if block.language == "yaml":
            _edit(console.folder, block)
        else:
            yield from console.take(block)


def _edit(folder: Path, block: Block) -> None:
    found = _FILE.match(block.text)
    assert found, block.text
    path = folder / found["path"]
    yaml = YAML()
    yaml.preserve_quotes = True
    document, change = yaml.load(path.read_text()), yaml.load(block.text)
    if document is None:  # a template that has only comments
        document = change
    else:
        _merge(document, change)
    with path.open("w") as file:
        yaml.dump(document, file)


def _merge(into: dict[str, Any], change: Mapping[str, Any]) -> None:
    for key, value in change.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), Mapping):
            _merge(into[key], value)
        else:
            into[key] = value


def jane_raises_the_page_size(console: Console) -> None:
    console.edit_live("MailChimp Members source", {"sourceSpec": {"attributes": {"paginationParams": {"limitValue": "500"}}}})


def jane_makes_a_spec(console: Console) -> None:
    body = {"name": "Acme Returns", "type": "generic-rest", "providerId": _PROVIDER, "version": "1.0", "description": "Returns"}
    with build(console.folder / ".reconciler/local.db") as emulator:
        emulator.service.create_spec("connectionSpecs", PLACE, body, JANE)


def another_repository(console: Console) -> None:
    """../store-sources: other files, the same Flow Service, which is one over HTTP."""
    settings = console.folder / "specs" / "reconciler.yaml"
    settings.write_text(settings.read_text().replace("default_target: local", "default_target: stage"))
    console.run("git commit -qam 'Reconcile stage' && reconciler apply --yes")
    other = Console(console.folder.parent / "store-sources")
    source = "specs/sources/acme-store-orders"
    shutil.copytree(console.folder / source, other.folder / source)
    (other.folder / "specs" / "reconciler.yaml").write_text(
        settings.read_text().replace("acme/aep-sources", "acme/store-sources")
    )
    other.run("git init -q -b main && git add -A && git commit -qm 'Begin with the stores'")


PREPARED: Final = {
    "Keep or undo drift": jane_raises_the_page_size,
    "Adopt a live spec": jane_makes_a_spec,
    "Move a spec to another repository": another_repository,
}
