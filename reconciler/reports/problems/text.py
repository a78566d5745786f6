"""Problems and errors as text: the result of `validate`, and part of every other report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from reconciler.errors import ReconcilerError, Severity, count
from reconciler.reports.problems.view import AnyProblem, problems_of
from reconciler.reports.sinks.phrases import place_words
from reconciler.reports.sinks.text import Part, Style, Text

_FIRST: Final = 3
"""Maximum number of problems of one code in a summary."""
_STYLES: Final = {Severity.ERROR: Style.REMOVED, Severity.WARNING: Style.WARNING, Severity.INFO: Style.QUIET}


def render_problems_text(problems: Iterable[AnyProblem], *, color: bool = False) -> str:
    """Each problem with its place and the next step, then the counts."""
    text = Text(color=color)
    found = tuple(problems)
    show_problems(text, found)
    text.blank()
    text.line(counted(found))
    return text.render()


def render_error_text(error: ReconcilerError, *, color: bool = False) -> str:
    """The error of a command: every problem that it found, the message, and the next step."""
    text = Text(color=color)
    shown = tuple(problem for problem in problems_of(error) if not _is_said_by(error, problem))
    show_problems(text, shown)
    text.line(Part("error", Style.REMOVED), f": {error.message}")
    if error.hint and all(problem.hint != error.hint for problem in shown):
        show_hint(text, error.hint, indent=0)
    return text.render()


def _is_said_by(error: ReconcilerError, problem: AnyProblem) -> bool:
    """Whether the error's own message already contains this problem."""
    return problem.message in error.message or (problem.file is None and problem.hint is not None and problem.hint == error.hint)


def show_problems(text: Text, problems: Iterable[AnyProblem]) -> None:
    """`file:line:column: severity: message [code]`, with the hint below."""
    for problem in problems:
        place = place_words(problem.file, problem.line, problem.column)
        severity = Part(problem.severity, _STYLES[problem.severity])
        text.line(f"{place}: " if place else "", severity, f": {problem.message} ", Part(f"[{problem.code}]", Style.QUIET))
        if problem.hint:
            show_hint(text, problem.hint, indent=1)


def show_first_problems(text: Text, problems: Iterable[AnyProblem]) -> None:
    """The same for a summary: of each code the first few problems, and how many more there are."""
    by_code: dict[tuple[Severity, str], list[AnyProblem]] = {}
    for problem in problems:
        by_code.setdefault((problem.severity, problem.code), []).append(problem)
    for (severity, code), found in by_code.items():
        show_problems(text, found[:_FIRST])
        if len(found) > _FIRST:
            more = f"… {len(found) - _FIRST:,} more, {count(len(found), severity.value)} in all "
            text.line(more, Part(f"[{code}]", Style.QUIET), ": the same command without --summary lists them")


def add_problems(text: Text, problems: Iterable[AnyProblem]) -> None:
    """Add the problems after a blank line; nothing if there are none."""
    text.blank()
    show_problems(text, problems)


def show_hint(text: Text, hint: str, indent: int) -> None:
    """Add the next step. Further lines, such as those of a file to write, follow behind a bar."""
    first, *more = hint.rstrip("\n").split("\n")
    text.line(f"hint: {first}", indent=indent)
    for line in more:
        text.line(f"| {line}", indent=indent + 1)


def counted(problems: Iterable[AnyProblem]) -> str:
    """The number of errors, warnings and notes, in words."""
    numbers = Counter(problem.severity for problem in problems)
    counts = ((numbers[Severity.ERROR], "error"), (numbers[Severity.WARNING], "warning"))
    said = [count(number, word) for number, word in counts if number] or ["no problems"]
    return ", ".join([*said, count(numbers[Severity.INFO], "note")] if numbers[Severity.INFO] else said)
