"""Findings to places in a file: the line, the column and the end of what is wrong."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from reconciler.desired.file_source import FileSource, Layout
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import Unreadable
from reconciler.errors import Problem
from reconciler.lint.places.ignores import MENTION
from reconciler.lint.places.spans import Entry, Span, Spans, spans_of
from reconciler.lint.rule import Finding, Mark
from reconciler.texts.locate import Syntax
from reconciler.texts.reading import Lines, Mistake, text_of


@dataclass(frozen=True, slots=True)
class FileText:
    """A spec file, read again: its text, less a byte order mark, and where in it everything stands."""

    text: str
    spans: Spans
    lines: Lines
    layout: Layout

    @property
    def may_have_comments(self) -> bool:
        return self.layout.syntax is Syntax.YAML


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding as a problem, and what a mend would change; `entry` is None where only a parent of the place is in the file."""

    problem: Problem
    finding: Finding
    spec: DesiredSpec
    entry: Entry | None = None
    parent: Entry | None = None


def file_text(spec: DesiredSpec, *, for_findings: bool) -> FileText | None:
    """The file that a spec came from; None if it is not as it was, or where there is neither a finding to place nor a comment to heed."""
    source = spec.source
    if not isinstance(source, FileSource):
        return None
    try:
        data = source.tree.read(source.path)
    except Unreadable:
        return None
    text = text_of(data)
    if zlib.crc32(data) != source.checksum or isinstance(text, Mistake) or not (for_findings or MENTION in data):
        return None
    return FileText(text, spans_of(data, text, source.layout.syntax), Lines(text), source.layout)


def place(problem: Problem, finding: Finding, spec: DesiredSpec, text: FileText | None) -> Placed:
    """The finding where it stands. In an overlay that changes this place, it stands there."""
    layout = spec.source.layout if isinstance(spec.source, FileSource) else None
    if text is None or text.spans.root is None or layout is None:
        return Placed(problem, finding, spec)
    entry, parent, is_exact = _entry(text.spans.root, layout, finding)
    at_value = finding.mark is Mark.VALUE and is_exact and entry.is_scalar
    span = entry.value if at_value or entry.key is None else entry.key
    return Placed(in_region(problem, span, text), finding, spec, entry if is_exact else None, parent)


def in_region(problem: Problem, span: Span, text: FileText) -> Problem:
    """The problem with its region; what goes on over several lines has only its beginning."""
    line, column = text.lines.position(span.start)
    placed = problem.at(problem.file or "", line, column)
    end_line, end_column = text.lines.position(span.end)
    return placed.up_to(end_line, end_column) if end_line == line and span.end > span.start else placed


def _entry(root: Entry, layout: Layout, finding: Finding) -> tuple[Entry, Entry | None, bool]:
    """The entry that a finding is about, or its nearest parent; what it stands in; and whether it is the entry itself."""
    bases = [()] if finding.in_envelope else [layout.overlay, layout.body] if layout.overlay else [layout.body]
    for length in range(len(finding.path), -1, -1):
        for base in bases if length else bases[-1:]:
            path = (*base, *finding.path[:length])
            entry = root.at(path)
            if entry:
                return entry, root.at(path[:-1]) if path else None, length == len(finding.path)
    return root, None, False
