"""Which specs belong to which targets, according to the files. Nothing is asked of the network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.readings import Readings
from reconciler.desired.tree import WorkingTree
from reconciler.documents.kinds import Kind
from reconciler.settings.targets import Settings


def specs_of_targets(specs: Path, settings: Settings, targets: Iterable[str]) -> dict[str, frozenset[tuple[Kind, str]]]:
    """The kinds and keys of the specs that belong to each of these targets; those of files with errors included."""
    run = {name: Layers.in_settings(settings, name) for name in targets}
    tree, readings = WorkingTree(specs), Readings(run.items())
    found = {}
    for name, layers in run.items():
        desired = load_desired(tree, name, specs.as_posix(), tuple(settings.targets), layers, readings)
        found[name] = frozenset((spec.kind, spec.key) for spec in desired.specs) | desired.broken
    return found
