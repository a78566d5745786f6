"""The problems of the spec files for several chosen targets, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs

from reconciler.errors import Problem, count, exit_code_of
from reconciler.reports.fleet.text import left_out_words
from reconciler.reports.fleet.view import SelectionView, selection_view
from reconciler.reports.problems.text import counted, show_problems
from reconciler.reports.problems.view import TargetProblemView, problem_view
from reconciler.reports.sinks.json import report_json
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.settings.choosing import Chosen
from reconciler.settings.selection import Selection


class ValidatedTarget(Struct, frozen=True):
    """One target, with the exit code of `validate` for it alone."""

    name: str
    exit_code: int


class ValidatedView(Struct, frozen=True):
    """The problems for several targets, by file, line and column, each with the targets that have it."""

    selection: SelectionView
    targets: tuple[ValidatedTarget, ...]
    problems: tuple[TargetProblemView, ...]


def validated_view(selection: Selection, chosen: Chosen, problems: Sequence[Problem]) -> ValidatedView:
    """A problem without targets, such as one of the settings, is one of all of them."""
    shown = tuple(
        TargetProblemView(**structs.asdict(problem_view(problem)), targets=problem.targets or chosen.names)
        for problem in problems
    )
    targets = (
        ValidatedTarget(name, exit_code_of([problem for problem in shown if name in problem.targets])) for name in chosen.names
    )
    return ValidatedView(selection_view(selection, chosen), tuple(targets), shown)


def render_validated_json(view: ValidatedView) -> str:
    """`fleet` tells it from the report without chosen targets."""
    keys = {"fleet": True, "selection": view.selection, "targets": view.targets, "problems": view.problems}
    return report_json("validate", keys)


def render_validated_text(view: ValidatedView, *, color: bool = False) -> str:
    """Each problem with its place and the next step, then the counts, and the targets with an error."""
    text = Text(color=color)
    show_problems(text, view.problems)
    text.blank()
    wrong = [target.name for target in view.targets if target.exit_code]
    where = f"{count(len(view.targets), 'target')}: " if view.targets else ""
    errors = f" (errors in {', '.join(wrong)})" if wrong else ""
    text.line(f"{where}{counted(view.problems)}{errors}")
    for name in left_out_words(view.selection.left_out):
        text.line(Part(name, Style.QUIET))
    return text.render()
