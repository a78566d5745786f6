"""The copies of the schemas beside the spec files: which of them an editor should no longer use."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reconciler.disk import read_most
from reconciler.errors import Problem, Severity
from reconciler.schemas.published import FOLDER, SCHEMAS, file_name, schema_text

STALE: Final = "stale-schema"
_MOST: Final = 10_000_000
_USUAL: Final = "specs"


def stale_schemas(specs: Path) -> Iterator[Problem]:
    """A warning for each copy in this specs folder that differs from the schema of this version. A missing copy is none."""
    written = [(specs / FOLDER / file_name(schema), schema_text(schema)) for schema in SCHEMAS]
    folder = "" if specs.as_posix() == _USUAL else f" --specs {shlex.quote(specs.as_posix())}"
    for file, text in written:
        if _differs(file, text):
            message = "this schema is from another version of reconciler, so editors and `validate` may disagree"
            yield Problem(
                Severity.WARNING, STALE, message, file.as_posix(), 1, 1, hint=f"run `reconciler{folder} schema --write`"
            )


def _differs(file: Path, text: str) -> bool:
    """Whether the file has another text. Line ends do not count: git may change them. What is no file is a copy of nothing."""
    try:
        return read_most(file, _MOST).replace(b"\r\n", b"\n") != text.encode()
    except FileNotFoundError:
        return False
    except OSError:
        return True
