"""The matrix of a job: the product of its lists, less `exclude`, more `include`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from tests.github.runner.documents import WorkflowError
from tests.github.runner.values import equal, is_array

Entry = dict[str, Any]


def entries(matrix: Mapping[str, Any] | None) -> list[Entry]:
    """The entries, in order; without a matrix a single empty one. Raises `WorkflowError` for a matrix with nothing in it."""
    if matrix is None:
        return [{}]
    lists = {name: values for name, values in matrix.items() if name not in ("include", "exclude")}
    for name, values in lists.items():
        if not is_array(values) or not values:
            raise WorkflowError(f"Matrix vector '{name}' does not contain any values")
    found = [dict(zip(lists, values, strict=True)) for values in product(*lists.values())] if lists else []
    found = [one for one in found if not any(_fits(one, rule) for rule in _rules(matrix, "exclude"))]
    found = _included(found, _rules(matrix, "include"), lists)
    if not found:
        raise WorkflowError("Matrix must define at least one vector")
    return found


def _included(found: list[Entry], rules: Sequence[Entry], lists: Mapping[str, Any]) -> list[Entry]:
    """A rule adds to every entry none of whose listed values it would change; if there is none, it is an entry of its own."""
    base = [dict(one) for one in found]
    own: list[Entry] = []
    for rule in rules:
        fitting = [
            index for index, one in enumerate(found) if all(equal(one[name], rule[name]) for name in lists if name in rule)
        ]
        for index in fitting:
            base[index] |= rule
        own += [dict(rule)] * (not fitting)
    return base + own


def _rules(matrix: Mapping[str, Any], name: str) -> Sequence[Entry]:
    rules = matrix.get(name) or []
    if not is_array(rules):
        raise WorkflowError(f"{name} of a matrix must be a list")
    return list(rules)


def _fits(entry: Entry, rule: Entry) -> bool:
    return all(name in entry and equal(entry[name], value) for name, value in rule.items())
