"""An apply over several targets, as text: each target with what became of it, and what failed in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from reconciler.applying.fleet import TargetEnd
from reconciler.applying.outcome import ApplyReport, OutcomeName
from reconciler.errors import count
from reconciler.reports.apply.text import render_apply_text
from reconciler.reports.fleet.view import FleetView, TargetState, TargetView
from reconciler.reports.problems.text import show_hint, show_problems
from reconciler.reports.problems.view import problem_view, problems_of
from reconciler.reports.sinks.text import Part, Style, Text, width

_STYLES: Final = {
    TargetState.APPLIED: Style.ADDED,
    TargetState.FAILED: Style.REMOVED,
    TargetState.REFUSED: Style.REMOVED,
    TargetState.BLOCKED: Style.GRAVE,
    TargetState.NOT_STARTED: Style.GRAVE,
}
_QUIET: Final = frozenset({TargetState.IN_SYNC})
_COUNTED: Final = tuple(state for state in TargetState if state is not TargetState.APPLIED)


def render_applied_text(view: FleetView, ends: Sequence[TargetEnd], *, verbose: bool = False, color: bool = False) -> str:
    """The full report of each target that did not converge, then one line for each target with the reason, and the totals."""
    reports = [_untold(end, end.report) for end in ends if end.report is not None and (verbose or not end.report.converged)]
    alone = [render_apply_text(report, verbose=verbose, color=color) + "\n" for report in reports]
    text = Text(color=color)
    _show_targets(
        text, [target for target in view.targets if verbose or target.state not in _QUIET], {end.name: end for end in ends}
    )
    text.blank()
    text.line(Part(", ".join(_totals(view)), Style.STRONG))
    return "".join(alone) + text.render()


def _untold(end: TargetEnd, report: ApplyReport) -> ApplyReport:
    """The report without the problems that its plan has shown."""
    told = end.shown.plan.problems if end.shown.plan else ()
    return replace(report, problems=tuple(problem for problem in report.problems if problem not in told))


def _show_targets(text: Text, targets: Sequence[TargetView], ends: Mapping[str, TargetEnd]) -> None:
    names = max((width(target.name) for target in targets), default=0)
    states = max((len(_words(target.state)) for target in targets), default=0)
    for target in targets:
        end = ends[target.name]
        pad = " " * (names - width(target.name))
        state = Part(f"{_words(target.state):<{states}}", _STYLES.get(target.state, Style.QUIET))
        text.line(f"{target.name}{pad}  ", state, f"  {_said(target, end)}")
        if end.error is not None:
            show_problems(text, map(problem_view, problems_of(end.error)))
    for hint in dict.fromkeys(target.hint for target in targets if target.hint and _is_new(ends[target.name])):
        show_hint(text, hint, indent=0)


def _is_new(end: TargetEnd) -> bool:
    """Whether the plans that were shown before have not told its reason yet."""
    return end.shown.plan is not None and (end.error is not None or not end.shown.plan.errors)


def _words(state: TargetState) -> str:
    return state.value.replace("_", " ")


def _said(target: TargetView, end: TargetEnd) -> str:
    """What was done, and why not all of it."""
    outcomes = Counter(result.outcome for result in end.report.results) if end.report else Counter()
    done = [f"{outcomes[name]} {name.words}" for name in OutcomeName if outcomes[name] and name is not OutcomeName.IN_SYNC]
    waiting = len(end.shown.plan.waiting) if end.shown.plan else 0
    if waiting:
        done.append(f"{count(waiting, 'change waits', 'changes wait')} at a gate")
    if end.report is not None or (waiting and target.why is None):
        return ", ".join(done) or "nothing to do"
    if end.shown.error is not None:
        return "could not be read: see above"
    if end.error is None and end.shown.plan is not None and end.shown.plan.errors:
        return f"the plan has {count(len(end.shown.plan.errors), 'error')}: see above"
    return target.why or ("nothing to do" if target.state is TargetState.IN_SYNC else "")


def _totals(view: FleetView) -> Iterator[str]:
    numbers = view.summary
    yield f"{count(numbers.targets, 'target')}: {numbers.applied} applied"
    for state in _COUNTED:
        number = getattr(numbers, state.value)
        if number:
            yield f"{number} {_words(state)}"
