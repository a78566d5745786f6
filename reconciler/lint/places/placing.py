"""Convert findings to positions in a file: line, column and end."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

from reconciler.desired.file_source import FileSource, Layout
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import Unreadable
from reconciler.documents.pointer import Segments
from reconciler.errors import Problem
from reconciler.lint.places.ignores import MENTION
from reconciler.lint.rule import Finding, Mark
from reconciler.texts.locate import Syntax, nodes_of
from reconciler.texts.nodes import Entry, Node, Shape, Span
from reconciler.texts.reading import Lines, Mistake, text_of


@dataclass(frozen=True, slots=True)
class FileText:
    """A spec file, read again: its text without a byte order mark, and its nodes."""

    text: str
    root: Node
    lines: Lines
    layout: Layout

    @property
    def may_have_comments(self) -> bool:
        return self.layout.syntax is Syntax.YAML


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding as a problem, with its entry in the file and the path of that entry; both are None if the file has only a parent of it."""

    problem: Problem
    finding: Finding
    spec: DesiredSpec
    entry: Entry | None = None
    path: Segments | None = None


def file_text(spec: DesiredSpec, *, for_findings: bool) -> FileText | None:
    """The file of a spec; None if it has changed since, or has neither a finding to place nor an ignore comment."""
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
    return FileText(text, nodes_of(text, source.layout.syntax), Lines(text), source.layout)


def place(problem: Problem, finding: Finding, spec: DesiredSpec, text: FileText | None) -> Placed:
    """The finding at its position: in the overlay if the overlay changes this path."""
    layout = spec.source.layout if isinstance(spec.source, FileSource) else None
    if text is None or layout is None:
        return Placed(problem, finding, spec)
    entry, path, is_exact = _nearest(text.root, layout, finding)
    node = entry.node if entry else text.root
    is_scalar = node.shape in {Shape.SCALAR, Shape.ALIAS}
    if entry and entry.name and not (finding.mark is Mark.VALUE and is_exact and is_scalar):
        span = entry.name
    else:
        span = Span(node.start, node.end if is_scalar else node.inner + node.flow)
    placed = in_region(problem, span, text)
    return Placed(placed, finding, spec, entry, path) if is_exact else Placed(placed, finding, spec)


def in_region(problem: Problem, span: Span, text: FileText) -> Problem:
    """The problem with its region; if it spans several lines, only with its start."""
    line, column = text.lines.position(span.start)
    placed = problem.at(problem.file or "", line, column)
    end_line, end_column = text.lines.position(span.end)
    return replace(placed, end_line=end_line, end_column=end_column) if end_line == line and span.end > span.start else placed


def _nearest(root: Node, layout: Layout, finding: Finding) -> tuple[Entry | None, Segments, bool]:
    """The entry of a finding or its nearest parent (None for the root), its path, and whether it is the entry itself."""
    bases = [()] if finding.in_envelope else [*layout.overlays, layout.body]
    for length in range(len(finding.path), -1, -1):
        for base in bases if length else bases[-1:]:
            path = (*base, *finding.path[:length])
            way = root.way(path, through_aliases=True)
            if len(way) == len(path):
                return way[-1] if way else None, path, length == len(finding.path)
    return None, (), False
