"""docs/emulator.md has every switch of the embedded Flow Service, and every field of a fault."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from reconciler.emulator import Behaviour, load_faults
from reconciler.emulator.switches.faults import Fault
from reconciler.texts.yaml import read_yaml

PAGE = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text()
ROWS = {name: row for row in PAGE.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)`", row.split("|")[1])}


@pytest.mark.parametrize("switch", fields(Behaviour), ids=lambda switch: switch.name)
def test_each_switch_is_explained_with_its_default(switch: object) -> None:
    name, default = getattr(switch, "name", ""), getattr(switch, "default", None)
    row = ROWS[name]
    if default is not MISSING and not isinstance(default, tuple):
        said = "none" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
        assert f"`{said}`" in row.split("|")[2]


@pytest.mark.parametrize("name", ["break" if part.name == "break_off" else part.name for part in fields(Fault)])
def test_each_field_of_a_fault_is_explained(name: str) -> None:
    assert name in ROWS


def test_no_switch_is_explained_that_is_not_there() -> None:
    there = {part.name for part in (*fields(Behaviour), *fields(Fault))} | {"break"}
    assert ROWS.keys() <= there


def test_the_example_of_a_faults_file_can_be_used(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert not read_yaml(example.encode()).mistakes
    (tmp_path / "faults.yaml").write_text(example)
    behaviour, rules = load_faults(tmp_path / "faults.yaml")
    assert (behaviour.etags, len(rules)) == (True, 3)
