"""Compare the spec files with those of a commit: offline, without credentials."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from reconciler.desired.git.history import History
from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.readings import Readings
from reconciler.desired.specs import NO_SPECS, DesiredSet
from reconciler.desired.tree import WorkingTree
from reconciler.errors import Problem, Severity, UsageError
from reconciler.revisions.base_files import check_base, check_checkout, commit_of, folder_of
from reconciler.revisions.file_effects import FileEffects, file_effects
from reconciler.revisions.spec_diff import SpecDiff, spec_changes
from reconciler.settings.choosing import Chosen, choose
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.selection import Selection
from reconciler.settings.targets import Settings


@dataclass(frozen=True, slots=True)
class Comparison:
    """A revision to compare with, and where the specs folder was in it, if elsewhere."""

    against: str
    base_specs: str | None = None


@dataclass(frozen=True, slots=True)
class SeveralDiffs:
    """The difference for each of several targets, in the order of the settings."""

    chosen: Chosen
    base: str
    diffs: tuple[SpecDiff, ...]


@dataclass(frozen=True, slots=True)
class SeveralEffects:
    """The breaking changes for each of several targets, in the order of the settings."""

    chosen: Chosen
    base: str
    effects: tuple[FileEffects, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions of a specs folder for one target, and the current settings."""

    settings: Settings
    target: str
    base: DesiredSet
    now: DesiredSet

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the current files. One of the two versions may be empty."""
        return tuple(problem for problem in self.now.problems if problem.code != NO_SPECS)


def diff_of_files(scope: Scope, against: str, base_specs: str | None = None) -> SpecDiff:
    """The difference between the spec files and those at this revision, for one target. Raises as `versions_of` does."""
    versions = versions_of(scope, against, base_specs)
    return SpecDiff(versions.target, against, spec_changes(versions.base, versions.now), versions.problems)


def breaking_of_files(scope: Scope, against: str, base_specs: str | None = None) -> FileEffects:
    """Breaking changes of the spec files since this revision, for one target. Raises as `versions_of` does."""
    versions = versions_of(scope, against, base_specs)
    effects = file_effects(versions.base, versions.now)
    allowed = versions.settings.safety.breaking == "allow"
    return FileEffects(versions.target, against, effects, versions.problems, allowed)


def versions_of(scope: Scope, against: str, base_specs: str | None = None) -> Versions:
    """The current spec files, and those at this revision, read from `base_specs` (from the repository's root) if the folder moved.

    Raises SettingsError for unreadable settings, UsageError for an unknown target, or if either version cannot be read.
    """
    settings = load_settings(scope.specs)
    (versions,) = _compared(scope, settings, (_target(settings, scope.target),), Comparison(against, base_specs))
    if isinstance(versions, UsageError):
        raise versions
    return versions


def diffs_of_targets(scope: Scope, selection: Selection, asked: Comparison) -> SeveralDiffs:
    """The difference for each target of a selection that is not `is_one`. Each file of both versions is parsed once.

    Raises as `versions_of` does for what concerns all of them. A target whose former files have an error has it among its problems.
    """
    settings = load_settings(scope.specs)
    chosen = choose(settings, selection)
    found: list[SpecDiff] = []
    for name, versions in zip(chosen.names, _compared(scope, settings, chosen.names, asked), strict=True):
        if isinstance(versions, UsageError):
            found.append(SpecDiff(name, asked.against, (), (_as_problem(versions),)))
        else:
            found.append(SpecDiff(name, asked.against, spec_changes(versions.base, versions.now), versions.problems))
    return SeveralDiffs(chosen, asked.against, tuple(found))


def breaking_of_targets(scope: Scope, selection: Selection, asked: Comparison) -> SeveralEffects:
    """The breaking changes for each target of a selection, likewise."""
    settings = load_settings(scope.specs)
    chosen = choose(settings, selection)
    allowed = settings.safety.breaking == "allow"
    found: list[FileEffects] = []
    for name, versions in zip(chosen.names, _compared(scope, settings, chosen.names, asked), strict=True):
        if isinstance(versions, UsageError):
            found.append(FileEffects(name, asked.against, (), (_as_problem(versions),), allowed))
        else:
            effects = file_effects(versions.base, versions.now)
            found.append(FileEffects(name, asked.against, effects, versions.problems, allowed))
    return SeveralEffects(chosen, asked.against, tuple(found))


def _as_problem(error: UsageError) -> Problem:
    return Problem(Severity.ERROR, error.code, error.message, hint=error.hint)


def _compared(scope: Scope, settings: Settings, names: Sequence[str], asked: Comparison) -> list[Versions | UsageError]:
    """Both versions for each target, or why its former files cannot be read. Raises UsageError for what concerns all of them."""
    prefix, several = scope.specs.as_posix(), len(names) > 1
    run = {name: Layers.in_settings(settings, name) for name in names}
    readings = Readings(run.items()) if several else None
    former = Readings((name, replace(layers, names=())) for name, layers in run.items()) if several else None
    found: list[Versions | UsageError] = []
    with closing(History(scope.specs)) as history:
        commit = commit_of(history, asked.against)
        tree = folder_of(history, commit, asked.against, asked.base_specs)
        check_checkout(history)
        for name, layers in run.items():
            now = load_desired(WorkingTree(scope.specs), name, prefix, tuple(settings.targets), layers, readings)
            base = (
                load_desired(tree, name, prefix, layers=replace(layers, names=()), readings=former)
                if tree.entries
                else replace(now, specs=(), problems=())
            )
            try:
                check_base(history, asked.against, base.problems)
            except UsageError as error:
                found.append(error)
            else:
                found.append(Versions(settings, name, base, now))
    return found


def _target(settings: Settings, name: str | None) -> str:
    """The named target, or the default one; an empty name (without overlays) if there is none."""
    if name is not None and name not in settings.targets:
        raise settings.unknown_target(name)
    return name or settings.default_target or (next(iter(settings.targets)) if len(settings.targets) == 1 else "")
