"""What is wrong with the spec files, for any target: found without a network and without credentials."""

from __future__ import annotations

from reconciler.cli.shell import Place
from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.documents.shapes import did_you_mean
from reconciler.errors import Problem, SettingsError, Severity, UsageError
from reconciler.settings import load_settings

_ANY = ""
"""A target of which no file says anything."""


def problems_of_files(place: Place) -> tuple[Problem, ...]:
    """Every problem of the settings and of the spec files, each once, by file, line and column.

    Each target has its overlays and pins, so the files are read once for each, or for the one that was named. Raises UsageError for a
    target that there is not.
    """
    names, problems = _targets(place)
    tree, prefix = WorkingTree(place.specs), place.specs.as_posix()
    for name in (place.target,) if place.target is not None else names or (_ANY,):
        problems += load_desired(tree, name, prefix, names).problems
    return tuple(sorted(set(problems), key=_in_order))


def _targets(place: Place) -> tuple[tuple[str, ...], list[Problem]]:
    """The names of the targets; none where the settings cannot be read, with the reasons."""
    try:
        targets = load_settings(place.specs).targets
    except SettingsError as error:
        return (), list(error.problems or [Problem(Severity.ERROR, error.code, error.message, hint=error.hint)])
    if place.target is not None and place.target not in targets:
        raise UsageError(f"there is no target {place.target!r} in the settings", hint=did_you_mean(place.target, targets))
    return tuple(targets), []


def _in_order(problem: Problem) -> tuple[str, int, int, str, str]:
    return problem.file or "", problem.line or 0, problem.column or 0, problem.code, problem.message
