"""Reports of several jobs as one view. What is missing or broken is a target that has failed, so it is never taken for "nothing to do"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

from msgspec.structs import replace

from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, Problem, Severity
from reconciler.planning.fleet import digest_over
from reconciler.reports.fleet.alone import of_one_target
from reconciler.reports.fleet.making import summary_of, variants_of
from reconciler.reports.fleet.reading import without_plan
from reconciler.reports.fleet.view import Cell, CellState, FleetView, Row, SelectionView, TargetState, TargetView
from reconciler.reports.problems.view import NoPlanView, ProblemView, problem_view
from reconciler.reports.report_reading import Report
from reconciler.settings.targets import Settings

_NAMED: Final = 3
"""Maximum number of files named as the reason for a missing report."""
_LOST: Final = "no report of it was found: its job was canceled, or ended before it wrote one"
_LOG: Final = "check the log of its job, and run it again"

Spec: TypeAlias = tuple[Kind, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that is not a report, or that says why there is none. `problems` are those of the spec files behind it."""

    file: str
    why: str
    hint: str | None = None
    problems: tuple[ProblemView, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What one file holds."""

    file: str
    view: FleetView | Report | Broken


@dataclass(frozen=True, slots=True)
class Expected:
    """The targets that must be in the reports. `belonging` are the specs of the checkout that belong to each of these."""

    settings: Settings
    selection: SelectionView
    targets: tuple[str, ...]
    belonging: Mapping[str, frozenset[Spec]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """One view of all, and what of the files could not be used."""

    view: FleetView
    problems: tuple[ProblemView, ...]

    @property
    def failed(self) -> bool:
        """Whether some target could not be read or planned, was refused, or failed; or some file could not be used."""
        bad = {TargetState.FAILED, TargetState.REFUSED, TargetState.BLOCKED, TargetState.NOT_STARTED}
        return (
            any(problem.is_error for problem in self.problems)
            or any(plan.errors for plan in self.view.plans.values())
            or any(
                target.state in bad or target.exit_code not in (ExitCode.DONE, ExitCode.DIFFERENT) for target in self.view.targets
            )
        )


def merged(parts: Sequence[Part], expected: Expected) -> Merged:
    """The view of all targets that are expected or reported, in the order of the settings."""
    found, broken = _usable(parts, expected)
    report = found[0][1].report if found else "plan"
    by_target: dict[str, tuple[str, FleetView]] = {}
    twice: dict[str, str] = {}
    for file, view in found:
        for target in view.targets:
            if target.name not in expected.settings.targets:
                broken.append(
                    Broken(file, f"{target.name[:80]!r} is not a target of reconciler.yaml", "let all jobs use one commit")
                )
            elif target.name in by_target:
                twice[target.name] = f"two reports have it: {by_target[target.name][0]} and {file}"
            else:
                by_target[target.name] = (file, view)
    names = [name for name in expected.settings.targets if name in by_target or name in expected.targets]
    lost = _lost(broken)
    targets = tuple(_target(name, by_target, twice, lost, expected.settings) for name in names)
    plans = {
        name: by_target[name][1].plans[name]
        for name in names
        if name not in twice and name in by_target and name in by_target[name][1].plans
    }
    variants, actions = variants_of(plans)
    view = FleetView(
        report=report,
        repository=expected.settings.repository,
        commit=next((view.commit for _, view in found if view.plans), None),
        digest=digest_over((name, plan.digest) for name, plan in plans.items() if plan.actions),
        selection=expected.selection,
        summary=summary_of(targets, plans),
        targets=targets,
        matrix=tuple(_matrix(targets, by_target, expected)),
        variants=variants,
        actions=actions,
        plans=plans,
    )
    return Merged(view, tuple(_problems(broken)))


def _usable(parts: Sequence[Part], expected: Expected) -> tuple[list[tuple[str, FleetView]], list[Broken]]:
    """The views that are of one command, one repository and one commit; and the files that are of another, or no report."""
    views: list[tuple[str, FleetView]] = []
    broken: list[Broken] = []
    for part in parts:
        match part.view:
            case Broken() as one:
                broken.append(one)
            case NoPlanView(error, problems):
                broken.append(Broken(part.file, error.message, error.hint, problems))
            case FleetView() as view:
                views.append((part.file, view))
            case report:
                made = of_one_target(report, expected.settings, expected.belonging)
                if isinstance(made, FleetView):
                    views.append((part.file, made))
                else:
                    broken.append(Broken(part.file, made))
    kind, commit = _most(view.report for _, view in views), _most(view.commit for _, view in views if view.plans)
    usable = []
    for file, view in views:
        other = _otherwise(view, expected.settings, kind, commit)
        if other is None:
            usable.append((file, view))
        else:
            broken.append(Broken(file, other, "pass the reports of one run"))
    return usable, broken


def _otherwise(view: FleetView, settings: Settings, kind: str | None, commit: str | None) -> str | None:
    """What the view is of, if it is not of the same as the others."""
    if view.repository != settings.repository:
        return f"it is of the repository {view.repository[:80]!r}, not of {settings.repository!r}"
    if view.report != kind:
        return f"it is a report of {view.report}, the others are of {kind}"
    if view.plans and view.commit != commit:
        return f"it is of commit {(view.commit or 'unknown')[:10]}, the others are of {(commit or 'unknown')[:10]}"
    return None


def _most(values: Iterable[T]) -> T | None:
    """The value of most, the first of those; None without any."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None


def _lost(broken: Sequence[Broken]) -> tuple[str, str]:
    """Why a target has no report, and what to do."""
    if not broken:
        return _LOST, _LOG
    said = "; ".join(f"{one.file}: {one.why}" for one in broken[:_NAMED])
    more = f"; and {len(broken) - _NAMED} more" if len(broken) > _NAMED else ""
    hint = next((one.hint for one in broken if one.hint), None) or _LOG
    return f"no usable report of it was found; {said}{more}", hint


def _target(
    name: str,
    by_target: Mapping[str, tuple[str, FleetView]],
    twice: Mapping[str, str],
    lost: tuple[str, str],
    settings: Settings,
) -> TargetView:
    """The target: what was reported, at the place that the settings give it."""
    reported = None
    if name in by_target:
        reported = next(target for target in by_target[name][1].targets if target.name == name)
    placed = _placed(reported or without_plan(_blank(name), *lost), settings)
    return without_plan(placed, twice[name], "pass the reports of one run") if name in twice else placed


def _placed(target: TargetView, settings: Settings) -> TargetView:
    """The target with what the settings say of it, whatever its report does."""
    own = settings.targets[target.name]
    return replace(
        target,
        groups=own.groups,
        fleet=own.fleet,
        environment=own.environment or target.name,
        after=settings.upstreams(target.name),
        wave=settings.wave(target.name),
    )


def _blank(name: str) -> TargetView:
    return TargetView(
        name=name,
        host=None,
        org_id=None,
        sandbox=None,
        groups=(),
        fleet=None,
        environment=name,
        after=(),
        wave=1,
        state=TargetState.FAILED,
        exit_code=int(ExitCode.WRONG),
        digest=None,
        seconds=0.0,
        why=None,
        hint=None,
        report=None,
    )


def _matrix(targets: Collection[TargetView], by_target: Mapping[str, tuple[str, FleetView]], expected: Expected) -> Iterator[Row]:
    cells = {name: {(row.kind, row.key): row.cells[name] for row in view.matrix} for name, (_, view) in by_target.items()}
    specs = {spec for found in cells.values() for spec in found} | {
        spec for found in expected.belonging.values() for spec in found
    }
    for kind, key in sorted(specs):
        row = {target.name: _cell(target, cells.get(target.name, {}), (kind, key), expected) for target in targets}
        yield Row(kind, key, row)


def _cell(target: TargetView, cells: Mapping[Spec, Cell], spec: Spec, expected: Expected) -> Cell:
    if target.state is TargetState.FAILED and target.report is None:
        return Cell(CellState.UNKNOWN)
    found = cells.get(spec)
    if found is not None:
        return found
    belongs = expected.belonging.get(target.name)
    return Cell(CellState.UNKNOWN if belongs is not None and spec in belongs else CellState.ABSENT)


def _problems(broken: Iterable[Broken]) -> Iterator[ProblemView]:
    for one in broken:
        yield from one.problems
        if not one.problems:
            yield problem_view(Problem(Severity.ERROR, "no-report", f"{one.file}: {one.why}", hint=one.hint))
