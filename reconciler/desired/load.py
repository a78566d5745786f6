"""Loads all spec files of a tree into the desired set of one target, with all problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from operator import is_

import msgspec

from reconciler.cache.store import Cache
from reconciler.desired.agreement import disagreements
from reconciler.desired.files import Form, form_of, is_of_proof
from reconciler.desired.kept import KeptFiles
from reconciler.desired.layers import Layers
from reconciler.desired.parsing.cores import FEWEST
from reconciler.desired.parsing.reading import nothing, read_files
from reconciler.desired.readings import Readings
from reconciler.desired.spec_file import SpecFile, View, unread_file
from reconciler.desired.specs import NO_SPECS, DesiredSet
from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.errors import Problem, Severity, by_place

_NOT_READ = {
    Form.OTHER_JSON: Problem(
        Severity.ERROR,
        "not-an-artifact",
        "this JSON file is not an artifact; specs with an envelope must be YAML",
        hint="name a bare body <source>-connectionSpec.json under sources/, or write the spec as .yaml",
    ),
    Form.MISPLACED: Problem(
        Severity.WARNING,
        "not-read",
        "this file is ignored: spec files belong under sources/ and flow-specs/",
        hint="move it there if it is a spec",
    ),
}

_ALL = ""
"""The name of all files in the readings: no path is empty."""


def load_desired(
    tree: SpecTree,
    target: str,
    display_prefix: str = "specs",
    targets: Collection[str] = (),
    layers: Layers | None = None,
    readings: Readings | None = None,
    *,
    cache: Cache | None = None,
    meanwhile: Callable[[], None] = nothing,
) -> DesiredSet:
    """The desired set of this target from the files of this tree.

    `targets` are the names that `ids` may use, and those that `overlays` and `only` may use unless `layers` has others; if empty, names
    are not checked. `readings` are the files as other targets of the run read them, and `cache` has them as earlier runs read them.
    `meanwhile` is called before many files are looked up or parsed: something else has time to come then. Never raises: errors are in the
    problems of the result, and a file with errors yields no spec.
    """
    known = readings.known(_ALL, _Loaded) if readings is not None else None
    if cache is None and known is not None and known.is_final:
        return known.desired
    view = View(target, targets, display_prefix, layers, readings)
    kept = KeptFiles(cache, view) if cache is not None else None
    files, problems = _read_all(tree, view, kept, meanwhile)
    found = frozenset(kept.found) if kept is not None else frozenset()
    if known is not None and known.is_of(files, problems):
        return replace(known.desired, unparsed=found)
    loaded = _Loaded(tuple(files), tuple(problems), replace(_desired(files, problems, view), unparsed=found))
    if readings is not None and all(file.is_for_all for file in files):
        readings.keep(_ALL, loaded)
    return loaded.desired


class _Loaded(msgspec.Struct, frozen=True):
    """The desired set of another target of the run, from files that are the same for all."""

    files: tuple[SpecFile, ...]
    problems: tuple[Problem, ...]
    desired: DesiredSet

    @property
    def is_final(self) -> bool:
        """Whether every file was read, and in this run, so that no target can find another."""
        return not self.problems and not self.desired.unparsed

    def is_of(self, files: Sequence[SpecFile], problems: Sequence[Problem]) -> bool:
        """Whether these are its files, and nothing else was found when they were read."""
        return len(files) == len(self.files) and all(map(is_, files, self.files)) and tuple(problems) == self.problems


def _desired(files: Sequence[SpecFile], unread: Sequence[Problem], view: View) -> DesiredSet:
    problems = list(unread)
    problems += [problem for file in files for problem in file.problems]
    problems += disagreements(files, view)
    specs = {(file.kind, file.key): file.spec for file in reversed(files) if file.spec}
    known = {(file.kind, file.key) for file in files if file.key is not None and file.belongs}
    paths = {(file.kind, file.key): file.path for file in reversed(files) if file.key is not None}
    broken = frozenset((kind, key) for kind, key in known if (kind, key) not in specs and key is not None)
    if not files and not any(problem.is_error for problem in problems):
        folder = view.display("sources")
        message = f"no spec files found under {folder} or {view.display('flow-specs')}"
        hint = (
            "create one with `reconciler new KEY`; if you removed every file on purpose, list the keys under `retired:` in "
            "reconciler.yaml, or use --prune with plan and apply"
        )
        problems.append(Problem(Severity.ERROR, NO_SPECS, message, view.display_prefix or None, hint=hint))
    ordered = tuple(sorted(specs.values(), key=lambda spec: (spec.kind, spec.key)))
    return DesiredSet(ordered, tuple(sorted(problems, key=by_place)), broken, paths)


def _read_all(
    tree: SpecTree, view: View, kept: KeptFiles | None, meanwhile: Callable[[], None]
) -> tuple[list[SpecFile], list[Problem]]:
    listing = tree.listing() if view.readings is None else view.readings.listing(tree)
    problems = [problem.at(view.display(path), 1, 1) for path, problem in listing.problems if not is_of_proof(path)]
    forms = {path: form_of(path) for path in listing.paths}
    problems += (_NOT_READ[form].at(view.display(path), 1, 1) for path, form in forms.items() if form in _NOT_READ)
    wanted = {path: form for path, form in forms.items() if form in (Form.ENVELOPE, Form.ARTIFACT)}
    if kept is not None and len(wanted) >= FEWEST:
        meanwhile()
    files = kept.known(tree, wanted) if kept is not None else {}
    for path, found in read_files(tree, {path: form for path, form in wanted.items() if path not in files}, view, meanwhile):
        if isinstance(found, Unreadable):
            files[path] = unread_file(tree, path, wanted[path], view, found.problem.at(view.display(path), 1, 1))
            continue
        files[path] = found
        if kept is not None:
            kept.keep(found)
    return [files[path] for path in wanted if path in files], problems
