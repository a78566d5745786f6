"""The problems found in one spec file, with their positions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from reconciler.desired.file_source import Layout
from reconciler.documents.pointer import Segments
from reconciler.documents.shapes import ShapeMistake
from reconciler.errors import Problem, Severity
from reconciler.texts.locate import Positions, locate
from reconciler.texts.reading import MAX_MISTAKES, Mistake, Position


class Findings:
    """Collects the problems of one file, at most `MAX_MISTAKES` errors per source.

    Positions are computed only once there is a problem to place.
    """

    __slots__ = ("_data", "_file", "_positions", "key", "layout", "problems")

    def __init__(self, file: str, data: bytes, layout: Layout) -> None:
        self.problems: list[Problem] = []
        self.key: str | None = None
        self.layout = layout
        self._file = file
        self._data = data
        self._positions: Positions | None = None

    @property
    def has_errors(self) -> bool:
        return any(problem.is_error for problem in self.problems)

    def mistakes(self, mistakes: Iterable[Mistake]) -> None:
        """Add syntax errors of the document."""
        for mistake in mistakes:
            self._add(Severity.ERROR, mistake.code, mistake.message, (mistake.line, mistake.column), mistake.hint)

    def shape(self, mistakes: Iterable[ShapeMistake]) -> None:
        """Add errors of the envelope."""
        for mistake in islice(mistakes, MAX_MISTAKES):
            self.in_file(mistake.path, mistake.code, mistake.message, mistake.hint)

    def in_file(self, path: Segments, code: str, message: str, hint: str) -> None:
        """Add an error at this place of the document, envelope included."""
        self._add(Severity.ERROR, code, message, self._located().of(path), hint)

    def in_body(self, path: Segments, code: str, message: str, hint: str, *, severity: Severity = Severity.ERROR) -> None:
        """Add a problem at this place of the body, with the overlay applied."""
        self._add(severity, code, message, self.layout.position(self._located(), path), hint)

    def _located(self) -> Positions:
        if self._positions is None:
            self._positions = locate(self._data, self.layout.syntax)
        return self._positions

    def _add(self, severity: Severity, code: str, message: str, position: Position, hint: str) -> None:
        line, column = position
        self.problems.append(Problem(severity, code, message, self._file, line, column, hint, self.key))
