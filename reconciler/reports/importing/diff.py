"""The files of an import as a unified diff, which `git apply` accepts."""

from __future__ import annotations

import re
from difflib import unified_diff

from reconciler.authoring.importing.specs import ImportedSpec

_NO_BREAK = "\\ No newline at end of file"


def diff_lines(spec: ImportedSpec) -> list[str]:
    """The lines of one file's difference, without line breaks; none for a file that stays as it is."""
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
    """The lines with their breaks; only a line feed ends one, as for git."""
    return re.findall(r"[^\n]*\n|[^\n]+", data.decode("utf-8", "replace"))
