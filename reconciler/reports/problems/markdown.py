"""Problems and errors as Markdown, for every report on GitHub."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from reconciler.errors import Severity
from reconciler.reports.problems.view import AnyProblem
from reconciler.reports.sinks.markdown import MESSAGE, FileLinks, bullet, code, fence, file_link, left_out, section
from reconciler.reports.sinks.phrases import place_words
from reconciler.reports.sinks.prose import prose

_HINT_LINES: Final = 20
"""Maximum number of lines of a hint, such as a file to write."""
_ORDER: Final = tuple(Severity)


def problems_section(title: str, problems: Iterable[AnyProblem], links: FileLinks, room: int) -> str:
    """The distinct problems, errors first, within this many bytes; empty if there are none."""
    found = sorted(dict.fromkeys(problems), key=lambda problem: _ORDER.index(problem.severity))
    return section(title, found, lambda problem: problem_item(problem, links), _left_out, room)


def problem_item(problem: AnyProblem, links: FileLinks) -> str:
    """One problem as a list item: severity, place, message, code, and the next step."""
    place = file_link(problem.file, problem.line, links, problem.column)
    said = f"**{problem.severity}** {place}{' ' if place else ''}{prose(problem.message)} ({code(problem.code)})"
    return bullet(*with_hint(said, problem.hint))


def with_hint(said: str, hint: str | None, length: int = MESSAGE) -> tuple[str, str]:
    """A sentence, with the first line of its hint below it and further lines as a block."""
    if not hint or not hint.strip():
        return said, ""
    first, *more = hint.strip("\n").split("\n")
    cut = [*more[:_HINT_LINES], "…"] if len(more) > _HINT_LINES else more
    return f"{said}\\\nhint: {prose(first, length)}", fence(line[:length] for line in cut) if cut else ""


def _left_out(problems: Sequence[AnyProblem], room: int) -> str:
    names = [place_words(problem.file, problem.line) or problem.code for problem in problems]
    return left_out(f"{len(problems):,} more problems", names, room)
