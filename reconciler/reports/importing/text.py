"""An import, as text: the state of each file, what was left unchanged, and the next command."""

from __future__ import annotations

from collections import Counter
from typing import Final

from reconciler.authoring.importing.specs import FileState, Import, ImportedSpec
from reconciler.errors import count
from reconciler.reports.importing.diff import diff_lines
from reconciler.reports.problems.text import add_problems
from reconciler.reports.sinks.phrases import show_target, spec_words
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.reports.sinks.values import ValueWriter

_SYMBOLS: Final = {
    FileState.WRITTEN: Part("+", Style.ADDED),
    FileState.CHANGED: Part("~", Style.CHANGED),
    FileState.UNCHANGED: Part("=", Style.QUIET),
}
_DIFF_STYLES: Final = {"+": Style.ADDED, "-": Style.REMOVED, "@": Style.QUIET}


def render_import_text(result: Import, *, dry_run: bool, next_command: str, verbose: bool = False, color: bool = False) -> str:
    """The import; with `dry_run`, as a unified diff of what would be written."""
    text = Text(color=color)
    show_target(text, result.target)
    text.line(Part(counted_files(result, dry_run=dry_run), Style.STRONG))
    for spec in result.to_write:
        text.blank()
        if dry_run:
            _show_diff(text, spec)
        else:
            _show(text, spec, verbose=verbose)
    add_problems(text, result.problems)
    if result.to_write and not dry_run:
        text.blank()
        text.line(f"next: {next_command}")
    return text.render()


def counted_files(result: Import, *, dry_run: bool) -> str:
    """How many files are written, changed, and unchanged."""
    states = Counter(spec.state for spec in result.specs)
    words = {
        FileState.WRITTEN: "to write" if dry_run else "written",
        FileState.CHANGED: "to change" if dry_run else "changed",
        FileState.UNCHANGED: "unchanged",
    }
    said = [f"{count(states[state], 'file')} {word}" for state, word in words.items() if states[state]]
    return ", ".join(said) or "nothing to import"


def _show(text: Text, spec: ImportedSpec, *, verbose: bool) -> None:
    what = Part(spec_words(spec.kind, spec.key, spec.name), Style.STRONG)
    text.line(_SYMBOLS[spec.state], " ", what, f"  {spec.file}  {spec.id}")
    for taken in spec.taken:
        text.line(taken.path, indent=2)
        ValueWriter(text, verbose, indent=3).change(taken.before, taken.after)


def _show_diff(text: Text, spec: ImportedSpec) -> None:
    for line in diff_lines(spec):
        text.line(Part(line, _DIFF_STYLES.get(line[:1])))
