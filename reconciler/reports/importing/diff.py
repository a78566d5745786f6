"""The files of an import as a unified diff, which `git apply` accepts."""

from __future__ import annotations

import re
from difflib import unified_diff

from reconciler.authoring.importing.specs import ImportedSpec

_NO_BREAK = "\\ No newline at end of file"


def diff_lines(spec: ImportedSpec) -> list[str]:
    """The lines of one file's diff, without line breaks; none for an unchanged file."""
    if spec.before == spec.after:
        return []
    before = "/dev/null" if spec.before is None else f"a/{spec.file}"
    lines: list[str] = []
    for line in unified_diff(_lines(spec.before or b""), _lines(spec.after), before, f"b/{spec.file}"):
        lines.append(line.removesuffix("\n"))
        if not line.endswith("\n"):
            lines.append(_NO_BREAK)
    return lines


def _lines(data: bytes) -> list[str]:
    """The lines with their line breaks. Only a line feed ends a line, as in git."""
    return re.findall(r"[^\n]*\n|[^\n]+", data.decode("utf-8", "replace"))
