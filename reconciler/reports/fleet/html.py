"""Several targets as one self-contained HTML page with filters: no scripts, no requests, and all content escaped as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from reconciler.errors import count
from reconciler.reports.fleet.columns import (
    TARGET_WORDS,
    WORDS,
    by_state,
    cell_words,
    each_target,
    grouped,
    heading,
    is_quiet,
    targets_words,
    unread_targets,
)
from reconciler.reports.fleet.html_parts import (
    CellPart,
    ChangePart,
    FailurePart,
    FleetPage,
    NotesPart,
    RowPart,
    SharedProblems,
    TargetPart,
    WaitingPart,
)
from reconciler.reports.fleet.shared_by import (
    NotesByTarget,
    behind_words,
    failures_by_reason,
    problems_by_targets,
    waits_by_targets,
)
from reconciler.reports.fleet.view import Cell, CellState, FleetView, TargetState, TargetView
from reconciler.reports.plan.html.page import SECTIONS, changes_left_out, filters_of, hint_lines, problem_parts
from reconciler.reports.plan.html.report import template, without_logging_commands
from reconciler.reports.plan.html.specs import SpecParts, spec_notes
from reconciler.reports.sinks.phrases import spec_words

_CELLS: Final = 100_000
"""Maximum number of cells with a column for each target; with more, a fleet or group has one column."""
_OTHERS: Final = 50
"""Maximum number of lists of notes on one change that hold in some of its targets only."""
_HEADINGS: Final = {"plan": "Plan", "drift": "Drift", "status": "Status", "apply": "Apply", "gates": "Gates"}
_JOINED: Final = {"plan": "for", "apply": "to", "drift": "in"}


def render_fleet_html(view: FleetView) -> str:
    """The page: all targets, the table of specs and targets, problems, and each change once.

    Filters by target, by state and by kind of change work without scripts. The same view has the same bytes.
    """
    return without_logging_commands(template("fleet.html.j2").render(page=_page(view)))


def _page(view: FleetView) -> FleetPage:
    drift = view.report == "drift"
    marks = {target.name: f"t{number}" for number, target in enumerate(view.targets, start=1)}
    changes = tuple(_changes(view, marks, drift=drift)) if view.report != "status" else ()
    anchors = {variant.id: change.spec.anchor for variant, change in zip(view.variants, changes, strict=False)}
    columns = each_target(view) if len(view.targets) * len(view.matrix) <= _CELLS else grouped(view.targets)
    rows = tuple(_rows(view, columns, marks, anchors))
    states = Counter(state for row in rows for state in row.states)
    return FleetPage(
        heading=_HEADINGS.get(view.report, view.report),
        joined=_JOINED.get(view.report, "of"),
        counted=count(len(view.targets), "target"),
        summary=", ".join(f"{len(names)} {TARGET_WORDS[state]}" for state, names in by_state(view.targets).items()),
        verdict=_verdict(view),
        permanent=_permanent(view),
        facts=tuple(_facts(view)),
        targets=tuple(_target(target, marks, view) for target in view.targets),
        target_states=tuple((state.value, TARGET_WORDS[state], len(names)) for state, names in by_state(view.targets).items()),
        failures=tuple(_failures(view, marks)),
        problems=tuple(_problems(view, marks)),
        waiting=tuple(_waiting(view, marks)),
        columns=tuple((marks[name] if names == (name,) else "", heading(name, names)) for name, names in columns.items()),
        row_states=tuple((state.value, WORDS[state], states[state.value]) for state in CellState if states[state.value]),
        rows=rows,
        quiet=sum(row.is_quiet for row in rows),
        filters=filters_of(tuple(change.spec for change in changes)),
        changes=changes,
        changed=count(len(view.variants), "change"),
        left_out=changes_left_out(len(view.variants)),
        left="repository" if drift else "live",
        right="live" if drift else "repository",
    )


def _verdict(view: FleetView) -> str:
    failed = sum(target.state is TargetState.FAILED for target in view.targets)
    return f"{count(failed, 'target')} failed, so this report is not complete" if failed else ""


def _permanent(view: FleetView) -> str:
    creates = view.summary.creates if view.report in {"plan", "apply"} else 0
    return f"{count(creates, 'create')} over all targets, permanent: a spec cannot be deleted once created" if creates else ""


def _facts(view: FleetView) -> Iterator[tuple[str, str]]:
    yield "repository", view.repository
    yield "commit", view.commit or "not recorded"
    if view.report == "plan":
        yield "digest", view.digest


def _failures(view: FleetView, marks: Mapping[str, str]) -> Iterator[FailurePart]:
    for (why, hint), names in failures_by_reason(view).items():
        lines = hint_lines(hint) if hint else ()
        yield FailurePart(targets_words(names, len(view.targets) + 1), tuple(marks[name] for name in names), why, lines)


def _problems(view: FleetView, marks: Mapping[str, str]) -> Iterator[SharedProblems]:
    for names, found in problems_by_targets(view):
        words = targets_words(names, len(view.targets))
        yield SharedProblems(words, tuple(marks[name] for name in names), tuple(problem_parts(tuple(found))))


def _waiting(view: FleetView, marks: Mapping[str, str]) -> Iterator[WaitingPart]:
    for names, several in waits_by_targets(view):
        for one in several:
            yield WaitingPart(
                what=f"{one.action.action} {spec_words(one.action.kind, one.action.key, one.action.name)}",
                targets=targets_words(names, len(view.targets)),
                marks=tuple(marks[name] for name in names),
                reasons=tuple((f"{wait.gate}: {wait.message}", wait.hint or "") for wait in one.waits),
            )


def _target(target: TargetView, marks: Mapping[str, str], view: FleetView) -> TargetPart:
    found = Counter(row.cells[target.name].state for row in view.matrix if target.name in row.cells)
    specs = ", ".join(f"{number} {WORDS[state]}" for state, number in found.most_common() if state is not CellState.ABSENT)
    return TargetPart(
        mark=marks[target.name],
        name=target.name,
        state=target.state.value,
        words=TARGET_WORDS[target.state],
        place=tuple(part for part in (target.sandbox, target.org_id, target.host) if part),
        wave=target.wave,
        after=targets_words(target.after, len(target.after) + 1) if target.after else "",
        specs=specs.replace("? ", "not read "),
        digest=target.digest or "",
    )


def _rows(
    view: FleetView, columns: Mapping[str, tuple[str, ...]], marks: Mapping[str, str], anchors: Mapping[str, str]
) -> Iterator[RowPart]:
    unread = unread_targets(view)
    for row in view.matrix:
        yield RowPart(
            kind=row.kind.words,
            key=row.key,
            states=tuple(sorted({cell.state.value for cell in row.cells.values()})),
            is_quiet=is_quiet(row, unread),
            cells=tuple(
                _cell([row.cells[name] for name in names], marks[name] if names == (name,) else "", anchors)
                for name, names in columns.items()
            ),
        )


def _cell(cells: list[Cell], mark: str, anchors: Mapping[str, str]) -> CellPart:
    states = {cell.state for cell in cells}
    variants = {cell.variant for cell in cells}
    return CellPart(
        mark=mark,
        state=cells[0].state.value if len(states) == 1 else "several",
        words=cell_words(cells),
        anchor=anchors.get(next(iter(variants)) or "") if len(variants) == 1 else None,
        note="\n".join(_notes(cells[0])) if len(cells) == 1 else "",
    )


def _notes(cell: Cell) -> Iterator[str]:
    if cell.behind is not None:
        yield behind_words(cell.behind)
    if cell.gate is not None:
        for wait in cell.gate.waits:
            yield f"waits: {wait.message}"
        for wait in cell.gate.skipped:
            yield f"skipped: {wait.message}"
    if cell.commit is not None:
        yield f"live is from commit {cell.commit[:12]}"


def _changes(view: FleetView, marks: Mapping[str, str], *, drift: bool) -> Iterator[ChangePart]:
    variants = view.variants[:SECTIONS]
    actions = [view.actions[variant.id] for variant in variants]
    parts = SpecParts.of(actions, drift=drift)
    notes = NotesByTarget(view, lambda action: spec_notes(action, drift=drift))
    for number, (variant, action) in enumerate(zip(variants, actions, strict=True), start=1):
        part, said = parts.part(number, action), notes.of(variant)
        shown, more = said.first(_OTHERS)
        yield ChangePart(
            spec=part if len(variant.targets) == 1 else replace(part, id=said.id, changed=None, notes=said.common),
            targets=", ".join(variant.targets)
            if len(variant.targets) < len(view.targets)
            else targets_words(variant.targets, len(view.targets)),
            marks=tuple(marks[name] for name in variant.targets),
            others=tuple(
                NotesPart(targets_words(names, len(view.targets) + 1), tuple(marks[name] for name in names), own)
                for names, own in shown
            ),
            more=more,
        )
