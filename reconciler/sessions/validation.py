"""Validation: problems of the spec files for every target, found without a network and without credentials."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from reconciler.cache.store import Cache, opened
from reconciler.desired.files import SPEC_FOLDERS
from reconciler.desired.git.traces import is_new
from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.readings import Readings
from reconciler.desired.specs import NO_SPECS, DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.disk import read_most
from reconciler.documents.kinds import Kind
from reconciler.documents.names import name_claim
from reconciler.errors import Problem, ReconcilerError, SettingsError, Severity, by_place
from reconciler.lint.kept import KeptFindings
from reconciler.lint.registry import RULES
from reconciler.lint.run import Levels, lint, lint_targets
from reconciler.planning.comparing.tombstones import still_has_a_file
from reconciler.proofs.validation import ProofFiles, problems_of_proofs
from reconciler.schemas.copies import stale_schemas
from reconciler.settings.choosing import Chosen, choose
from reconciler.settings.doubts import settings_doubts
from reconciler.settings.loading import FILE_NAME, load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.selection import Selection
from reconciler.settings.targets import Settings
from reconciler.settings.values import Tombstone
from reconciler.texts.locate import Syntax, locate
from reconciler.texts.reading import MAX_BYTES
from reconciler.wording.guesses import did_you_mean

T = TypeVar("T")
_HIDES_SPECS: Final = frozenset({"link", "unreadable"})
"""Codes of problems of files and folders whose specs are not known."""
ANY_TARGET: Final = ""
"""A target that no file mentions."""


@dataclass(frozen=True, slots=True)
class ValidationSettings:
    """The settings that validation uses; empty, with the problems, if they cannot be read."""

    targets: tuple[str, ...] = ()
    levels: Levels = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    retired: tuple[Tombstone, ...] = ()
    layers: Mapping[str, Layers] = field(default_factory=dict)
    """By target."""
    settings: Settings | None = None
    """None if they cannot be read."""

    @property
    def read_for(self) -> tuple[str, ...]:
        """The targets for which files are read."""
        return self.targets or (ANY_TARGET,)


@dataclass(frozen=True, slots=True)
class ValidatedTargets:
    """The problems of the files for several targets, each once with the targets that have it. `chosen` is empty without settings."""

    chosen: Chosen
    problems: tuple[Problem, ...]


def problems_of_files(scope: Scope) -> tuple[Problem, ...]:
    """Every problem of the settings, the spec files and the rules, each once, by file, line and column.

    Each target has its own overlays and pins, so the files are read for each target, or only for the named one. Raises UsageError for an
    unknown target.
    """
    settings_found = validation_settings(scope)
    names = (scope.target,) if scope.target is not None else settings_found.read_for
    problems = [*settings_found.problems, *stale_schemas(scope.specs)]
    problems += _with_cache(scope, lambda cache: _of_files(scope, settings_found, names, cache))
    return tuple(sorted(set(problems), key=by_place))


def problems_of_targets(scope: Scope, selection: Selection) -> ValidatedTargets:
    """The same for the targets of a selection that is not `is_one`. Files are parsed once.

    A problem that only some of the targets have names them. Raises UsageError for an unknown name, and if no target is left.
    """
    settings_found = validation_settings(replace(scope, target=None))
    chosen = Chosen(()) if settings_found.settings is None else choose(settings_found.settings, selection)
    names = chosen.names or settings_found.read_for
    read, findings = _with_cache(scope, lambda cache: _of_targets(scope, settings_found, names, cache))
    having: dict[Problem, list[str]] = {}
    for name, one in read.items():
        for problem in dict.fromkeys(one.problems):
            having.setdefault(problem, []).append(name)
    problems = [*settings_found.problems, *stale_schemas(scope.specs)]
    problems += (problem.for_targets(names, len(read)) for problem, names in having.items())
    problems += findings
    return ValidatedTargets(chosen, tuple(sorted(dict.fromkeys(problems), key=by_place)))


@dataclass(frozen=True, slots=True)
class _OneTarget:
    """What the files hold for one target; the findings of the rules are not among the problems."""

    specs: tuple[DesiredSpec, ...]
    problems: tuple[Problem, ...]


def _with_cache(scope: Scope, find: Callable[[Cache | None], T]) -> T:
    """What `find` returns with the cache; or without it, if it fails in a way that it never should: an entry can be planted nonsense."""
    with opened(scope.cache) as cache:
        try:
            return find(cache)
        except ReconcilerError:
            raise
        except Exception:
            if cache is None:
                raise
            cache.drop()
    return find(None)


def _of_files(scope: Scope, settings_found: ValidationSettings, names: Sequence[str], cache: Cache | None) -> list[Problem]:
    """The problems of the files for these targets, and of the rules."""
    read = _read_for(scope, settings_found, names, cache).values()
    specs = [spec for one in read for spec in one.specs]
    kept = _kept(cache, settings_found, "one")
    return [
        *(problem for one in read for problem in one.problems),
        *lint(specs, settings_found.levels, settings_found.read_for, kept),
    ]


def _of_targets(
    scope: Scope, settings_found: ValidationSettings, names: Sequence[str], cache: Cache | None
) -> tuple[dict[str, _OneTarget], list[Problem]]:
    """The files for each of these targets, and the problems of the rules."""
    read = _read_for(scope, settings_found, names, cache)
    number, kept = len(settings_found.read_for), _kept(cache, settings_found, "several")
    return read, list(lint_targets({name: one.specs for name, one in read.items()}, settings_found.levels, number, kept))


def _kept(cache: Cache | None, settings_found: ValidationSettings, form: str) -> KeptFindings | None:
    return None if cache is None else KeptFindings(cache, settings_found.levels, (form, settings_found.read_for))


def _read_for(
    scope: Scope, settings_found: ValidationSettings, names: Sequence[str], cache: Cache | None
) -> dict[str, _OneTarget]:
    tree, prefix = WorkingTree(scope.specs), scope.specs.as_posix()
    proofs = ProofFiles.of(tree, prefix)
    run = ((name, settings_found.layers.get(name) or Layers.of_target(name, settings_found.targets)) for name in names)
    readings = Readings(run) if len(names) > 1 else None
    found: dict[str, _OneTarget] = {}
    for name in names:
        desired = load_desired(tree, name, prefix, settings_found.targets, settings_found.layers.get(name), readings, cache=cache)
        problems = [
            _of_no_files(problem, scope, settings_found) if problem.code == NO_SPECS else problem
            for problem in desired.problems
            if not (problem.code == NO_SPECS and (settings_found.retired or _has_nothing(scope, settings_found)))
        ]
        problems += (*_twins(desired.specs), *still_has_a_file(desired.specs, settings_found.retired))
        broken = {key for kind, key in desired.broken if kind is Kind.CONNECTION_SPEC}
        known = not any(problem.code in _HIDES_SPECS for problem in desired.problems)
        problems += problems_of_proofs(proofs, desired.specs, broken, settings_found.targets, are_all_known=known)
        found[name] = _OneTarget(desired.specs, tuple(problems))
    return found


def _has_nothing(scope: Scope, settings_found: ValidationSettings) -> bool:
    """Whether there is no specs folder at all, and the missing settings file is reported already."""
    return bool(settings_found.problems) and not os.path.lexists(scope.specs)


def _of_no_files(problem: Problem, scope: Scope, settings_found: ValidationSettings) -> Problem:
    """That there are no spec files: no error of a new repository, but one where there were some."""
    if settings_found.problems or not is_new(scope.specs, SPEC_FOLDERS):
        return problem
    hint = "create one with `reconciler new KEY`, or take over live ones with `reconciler import --name GLOB`"
    return replace(problem, severity=Severity.INFO, hint=hint)


def _twins(specs: Iterable[DesiredSpec]) -> Iterator[Problem]:
    """A warning for each file that shares its name and provider with another. Only one can be created, as plan enforces against live."""
    by_name: dict[tuple[Kind, str, str], list[DesiredSpec]] = {}
    for spec in specs:
        if spec.pinned_id is None:
            by_name.setdefault(name_claim(spec), []).append(spec)
    for twins in by_name.values():
        for spec in twins if len(twins) > 1 else ():
            others = ", ".join(other.file for other in twins if other is not spec)
            message = f"{spec.name!r} with this provider is also the name in {others}: only one of them can be created"
            yield Problem(
                Severity.WARNING, "same-name", message, spec.file, hint="give each its own `name`, or pin its id", key=spec.key
            )


def validation_settings(scope: Scope) -> ValidationSettings:
    """The targets, and the severity of each rule. Raises UsageError for an unknown target."""
    try:
        settings = load_settings(scope.specs)
    except SettingsError as error:
        return ValidationSettings(
            problems=tuple(error.problems or [Problem(Severity.ERROR, error.code, error.message, hint=error.hint)])
        )
    if scope.target is not None and scope.target not in settings.targets:
        raise settings.unknown_target(scope.target)
    layers = {name: Layers.in_settings(settings, name) for name in settings.targets}
    problems = (*_unknown_rules(scope, settings), *settings_doubts(scope.specs, settings))
    return ValidationSettings(tuple(settings.targets), settings.rules, problems, settings.retired, layers, settings)


def _unknown_rules(scope: Scope, settings: Settings) -> tuple[Problem, ...]:
    """A problem for each unknown rule code in the settings. A misspelled code would leave its rule enabled unnoticed."""
    unknown = [code for code in settings.rules if code not in RULES]
    if not unknown:
        return ()
    file = scope.specs / FILE_NAME
    positions = locate(read_most(file, MAX_BYTES), Syntax.YAML)
    return tuple(
        Problem(
            Severity.ERROR,
            "unknown-rule",
            f"unknown rule {code[:80]!r}",
            file.as_posix(),
            *positions.of(("rules", code)),
            hint=did_you_mean(code[:80], RULES),
        )
        for code in unknown
    )
