"""Compare the spec files with those of a commit: offline, without credentials."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace

from reconciler.desired.git.history import History
from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.specs import NO_SPECS, DesiredSet
from reconciler.desired.tree import WorkingTree
from reconciler.errors import Problem, UsageError
from reconciler.revisions.base_files import check_base, check_checkout, commit_of, folder_of
from reconciler.revisions.file_effects import FileEffects, file_effects
from reconciler.revisions.spec_diff import SpecDiff, spec_changes
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.targets import Settings
from reconciler.wording.guesses import did_you_mean


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
    target = _target(settings, scope.target)
    prefix, layers = scope.specs.as_posix(), Layers.in_settings(settings, target)
    now = load_desired(WorkingTree(scope.specs), target, prefix, tuple(settings.targets), layers)
    with closing(History(scope.specs)) as history:
        commit = commit_of(history, against)
        tree = folder_of(history, commit, against, base_specs)
        check_checkout(history)
        base = (
            load_desired(tree, target, prefix, layers=replace(layers, names=()))
            if tree.entries
            else replace(now, specs=(), problems=())
        )
        check_base(history, against, base.problems)
    return Versions(settings, target, base, now)


def _target(settings: Settings, name: str | None) -> str:
    """The named target, or the default one; an empty name (without overlays) if there is none."""
    if name is not None and name not in settings.targets:
        raise UsageError(f"unknown target {name!r}", hint=did_you_mean(name, settings.targets))
    return name or settings.default_target or (next(iter(settings.targets)) if len(settings.targets) == 1 else "")
