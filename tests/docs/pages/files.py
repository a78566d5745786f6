"""YAML blocks that change a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tests.docs.console import Block

_FILE: Final = re.compile(r"# (?P<path>\S+)\n")


def merge(folder: Path, block: Block) -> None:
    """Write what the block shows into the file that its first line names; the file is made if it is not there."""
    found = _FILE.match(block.text)
    assert found, block.text
    path = folder / found["path"]
    yaml = YAML()
    yaml.preserve_quotes = True
    document, change = yaml.load(path.read_text()) if path.exists() else None, yaml.load(block.text)
    if document is None:  # a template that has only comments
        document = change
    else:
        _merge(document, change)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        yaml.dump(document, file)


def _merge(into: dict[str, Any], change: Mapping[str, Any]) -> None:
    for key, value in change.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), Mapping):
            _merge(into[key], value)
        else:
            into[key] = value
