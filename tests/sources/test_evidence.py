"""The table of evidence: nothing undocumented is decided without a row, and every row decides something."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import reconciler
from reconciler.sources.evidence import ROWS, Assumptions, Level

_PACKAGE: Final = Path(reconciler.__file__).parent / "sources"
_ASKS: Final = ("assumed.of", "assumed.value")
_BY_NAME: Final = {"without_end"}
"""Functions that are handed the key of a row."""

_APART: Final = {("ends.py", "rule"), ("time_formats.py", "kind")}
"""The value of a row that was handed in, and a word that is the value of no row there."""


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(_PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _asked() -> Iterator[tuple[str, str | None]]:
    """Each `assumed.of(key)` and each key given to a function that asks for it; None for a key that is computed."""
    for path, module in _modules():
        for function in ast.walk(module):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = ast.unparse(node.func)
                if name.endswith(_ASKS) and function.name not in _BY_NAME:
                    key = node.args[0]
                    for part in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
                        yield path.name, str(part.value) if isinstance(part, ast.Constant) else None
                elif name in _BY_NAME and isinstance(node.args[0], ast.Constant):
                    yield path.name, str(node.args[0].value)


def _decisions() -> Iterator[tuple[str, ast.Compare, str, str]]:
    """Each comparison with a string that is the value of a row with alternatives: module, comparison, its other side, the string."""
    values = {value for row in ROWS.values() if row.alternatives for value in (row.default, *row.alternatives)}
    for path, module in _modules():
        for node in ast.walk(module):
            sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
            for side in sides:
                if isinstance(node, ast.Compare) and isinstance(side, ast.Constant) and side.value in values:
                    yield path.name, node, ast.unparse(next(other for other in sides if other is not side)), str(side.value)


def _is_value_of_its_row(asked: str, value: str) -> bool:
    """Whether an expression such as `assumed.of('offset.step')` can have this value."""
    function, _, key = asked.removesuffix("')").partition("('")
    return function.endswith(_ASKS) and key in ROWS and value in (ROWS[key].default, *ROWS[key].alternatives)


def test_no_decision_on_the_value_of_a_row_is_made_without_asking_that_row() -> None:
    assert [
        (module, ast.unparse(node))
        for module, node, asked, value in _decisions()
        if not _is_value_of_its_row(asked, value) and (module, asked) not in _APART
    ] == []


def test_only_the_table_reads_what_overrides_it() -> None:
    readers = [
        path.name
        for path, module in _modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr == "overrides"
    ]
    assert set(readers) == {"evidence.py"}


def test_every_key_that_is_asked_for_is_written_out_and_has_a_row() -> None:
    assert [(module, key) for module, key in _asked() if key not in ROWS] == []


def test_every_row_is_asked_for_somewhere() -> None:
    assert sorted(set(ROWS) - {key for _, key in _asked()}) == []


def test_a_documented_row_has_no_alternatives_and_an_unknown_one_has() -> None:
    assert [row.key for row in ROWS.values() if row.level is Level.DOCUMENTED and row.alternatives] == []
    unknown = [row.key for row in ROWS.values() if row.level is Level.UNKNOWN and not row.alternatives]
    assert unknown == ["run.max-requests"]


def test_each_row_says_what_it_is_about_and_where_it_comes_from() -> None:
    assert [
        row.key for row in ROWS.values() if not row.text.endswith(".") or not row.source or row.default in row.alternatives
    ] == []


def test_asking_for_a_row_records_it_once_in_the_order_of_use() -> None:
    assumed = Assumptions({"offset.step": "received"})
    assert [assumed.of(key) for key in ("offset.step", "offset.first", "offset.step")] == ["received", "send-zero", "received"]
    assert list(assumed.used.items()) == [("offset.step", "received"), ("offset.first", "send-zero")]


def test_a_value_can_be_looked_up_without_relying_on_it() -> None:
    assumed = Assumptions({"offset.step": "received"})
    assert (assumed.value("offset.step"), assumed.value("offset.first"), assumed.used) == ("received", "send-zero", {})


def test_a_row_that_does_not_exist_cannot_be_asked_for() -> None:
    with pytest.raises(KeyError):
        Assumptions().of("offset.nothing")
