"""Compare the bodies that the spec files give to several targets: offline, without credentials and without git."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.desired.files import Form, form_of
from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.readings import Readings
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.documents.canonical import canonical
from reconciler.documents.json_text import encode_sorted
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.documents.pointer import format_pointer
from reconciler.documents.withholding import placeholders, without_secrets
from reconciler.errors import Problem, UsageError, by_place
from reconciler.lint.secrets.texts import secret_texts
from reconciler.revisions.targets.origins import FileOrigins, SettingsVariables
from reconciler.revisions.targets.places import Difference, differing
from reconciler.revisions.targets.values import Origin, PlaceDifference, SpecInTargets, TargetDiff, TargetValue
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.targets import Settings

_LEAST = 2


def diff_of_targets(scope: Scope, names: Sequence[str], keys: Collection[str] = ()) -> TargetDiff:
    """What separates these targets, fleets and groups, among the specs with one of these keys, or all.

    A broken file is a problem, and its spec is not compared in the targets where it is broken. Raises SettingsError for unreadable
    settings, and UsageError for an unknown name, or if fewer than two targets are left.
    """
    settings = load_settings(scope.specs)
    return _Comparison(scope, settings, targets_named(settings, names)).result(keys)


def targets_named(settings: Settings, names: Sequence[str]) -> tuple[str, ...]:
    """The targets with these names, each fleet and group as its targets; each once, in this order. Raises UsageError."""
    found: dict[str, None] = {}
    for name in names:
        members = [name] if name in settings.targets else [one for one in settings.targets if name in settings.layers(one)]
        if not members and name in settings.groups:
            hint = "add it to the `groups` of a target or a fleet"
            raise UsageError(f"no target has the group {name!r}", hint=hint)
        if not members:
            raise settings.unknown_target(name, settings.overlay_names)
        found |= dict.fromkeys(members)
    if not found:
        raise UsageError("--targets names no target", hint="write --targets NAME,NAME")
    if len(found) < _LEAST:
        hint = "name another one: --targets NAME,NAME"
        raise UsageError(f"--targets compares targets with each other, and this is one: {next(iter(found))}", hint=hint)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Comparison:
    scope: Scope
    settings: Settings
    targets: tuple[str, ...]

    def result(self, keys: Collection[str]) -> TargetDiff:
        tree, readings, prefix = WorkingTree(self.scope.specs), Readings(), self.scope.specs.as_posix()
        known = tuple(self.settings.targets)
        sets = {
            name: load_desired(tree, name, prefix, known, Layers.in_settings(self.settings, name), readings)
            for name in self.targets
        }
        variables = SettingsVariables(self.scope.specs, self.settings)
        rows = [row for row in _rows(sets) if not keys or row.key in keys]
        found: list[SpecInTargets] = []
        for row in rows:
            if row.is_same():
                continue
            path = next(spec.path for spec in row.specs.values()) or ""
            file = FileOrigins(tree, path, form_of(path) is Form.ARTIFACT, readings, variables)
            spec = row.compared(file)
            if spec.differences or spec.absent or spec.unknown:
                found.append(spec)
        return TargetDiff(self.targets, tuple(found), len(rows) - len(found), _problems(sets))


@dataclass(frozen=True, slots=True)
class _Row:
    """One spec by target: where it belongs, and where its file is broken."""

    kind: Kind
    key: str
    targets: tuple[str, ...]
    specs: dict[str, DesiredSpec]
    broken: tuple[str, ...]

    def is_same(self) -> bool:
        return len(self.specs) == len(self.targets) and len({spec.body_json for spec in self.specs.values()}) == 1

    def compared(self, file: FileOrigins) -> SpecInTargets:
        first = next(iter(self.specs.values()))
        names = tuple(self.specs)
        bodies = [spec.body for spec in self.specs.values()]
        shown = placeholders(secret_texts(*bodies))
        return SpecInTargets(
            kind=self.kind,
            key=self.key,
            name=shown.get(first.name, first.name),
            file=first.file,
            targets=names,
            absent=tuple(name for name in self.targets if name not in self.specs and name not in self.broken),
            unknown=self.broken,
            only_line=file.line(("only",)),
            differences=tuple(_with_origins(one, names, file, shown) for one in differing(bodies)),
        )


def _with_origins(difference: Difference, names: Sequence[str], file: FileOrigins, shown: Mapping[str, str]) -> PlaceDifference:
    alike: dict[tuple[bytes | None, tuple[Origin, ...]], list[int]] = {}
    for index, (name, value) in enumerate(zip(names, difference.values, strict=True)):
        origins = file.origins(name, difference.place_in(index))
        form = None if value is MISSING else encode_sorted(canonical(value, difference.place))
        alike.setdefault((form, origins), []).append(index)
    values = tuple(
        TargetValue(tuple(names[index] for index in having), without_secrets(difference.values[having[0]], shown), origins)
        for (_, origins), having in alike.items()
    )
    return PlaceDifference(format_pointer(difference.place), values)


def _rows(sets: dict[str, DesiredSet]) -> Iterator[_Row]:
    """Each spec that belongs to one of the targets and is not broken in all of them, by kind and key."""
    specs = {name: {(spec.kind, spec.key): spec for spec in one.specs} for name, one in sets.items()}
    for kind, key in sorted({claim for one in specs.values() for claim in one}):
        having = {name: one[kind, key] for name, one in specs.items() if (kind, key) in one}
        broken = tuple(name for name, one in sets.items() if (kind, key) in one.broken)
        yield _Row(kind, key, tuple(sets), having, broken)


def _problems(sets: dict[str, DesiredSet]) -> tuple[Problem, ...]:
    """Each problem once, with the targets that have it."""
    having: dict[Problem, list[str]] = {}
    for name, one in sets.items():
        for problem in dict.fromkeys(one.problems):
            having.setdefault(problem, []).append(name)
    found = (problem.for_targets(names, len(sets)) for problem, names in having.items())
    return tuple(sorted(found, key=by_place))
