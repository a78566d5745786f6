"""The spec files as they are against those of a commit: offline, without credentials."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.cli.shell import Place
from reconciler.desired.commit_tree import UnreadableTree
from reconciler.desired.history import History
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import WorkingTree
from reconciler.documents.shapes import did_you_mean
from reconciler.errors import Problem, UsageError
from reconciler.planning.breaking_files import FileEffects, file_effects
from reconciler.planning.spec_diff import SpecDiff, spec_changes
from reconciler.settings import Settings, load_settings

_NO_SPECS = "no-specs"
"""The problem of a folder without specs, which one side may be."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions of a specs folder for one target, and the settings of now."""

    settings: Settings
    target: str
    base: DesiredSet
    now: DesiredSet

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files of now; one side may have none at all."""
        return tuple(problem for problem in self.now.problems if problem.code != _NO_SPECS)


def diff_of_files(place: Place, against: str) -> SpecDiff:
    """What separates the spec files from those of this revision, for one target. Raises as `versions_of` does."""
    versions = versions_of(place, against)
    return SpecDiff(versions.target, against, spec_changes(versions.base, versions.now), versions.problems)


def breaking_of_files(place: Place, against: str) -> FileEffects:
    """What the spec files break that those of this revision did not, for one target. Raises as `versions_of` does."""
    versions = versions_of(place, against)
    effects = file_effects(versions.base, versions.now)
    allowed = versions.settings.safety.breaking == "allow"
    return FileEffects(versions.target, against, effects, versions.problems, allowed)


def versions_of(place: Place, against: str) -> Versions:
    """The spec files as they are, and as they were at this revision.

    Raises SettingsError for settings that cannot be read, UsageError for a target that there is not, or a revision that git does not know.
    """
    settings = load_settings(place.specs)
    target = _target(settings, place.target)
    prefix = place.specs.as_posix()
    now = load_desired(WorkingTree(place.specs), target, prefix, tuple(settings.targets))
    with History(place.specs) as history:
        commit = history.resolve(against)
        if commit is None:
            reason = f" ({history.why_not})" if history.why_not else ""
            raise UsageError(f"git knows no commit {against!r} here{reason}", hint="fetch it first: checkout with fetch-depth: 0")
        try:
            tree = history.folder_at(commit)
        except UnreadableTree as error:
            message = f"the spec files of {against!r} cannot be read: {error}"
            raise UsageError(message, hint="fetch the whole history: checkout with fetch-depth: 0") from None
        base = load_desired(tree, target, prefix) if tree.entries else replace(now, specs=(), problems=())
    return Versions(settings, target, base, now)


def _target(settings: Settings, name: str | None) -> str:
    """The target that was named, or the default one; an empty name where there is none, and overlays are left out."""
    if name is not None and name not in settings.targets:
        raise UsageError(f"there is no target {name!r} in the settings", hint=did_you_mean(name, settings.targets))
    return name or settings.default_target or (next(iter(settings.targets)) if len(settings.targets) == 1 else "")
