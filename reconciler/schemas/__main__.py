"""`python -m reconciler.schemas FOLDER…`: generate all schemas into these folders."""

from __future__ import annotations

import sys
from pathlib import Path

from reconciler.schemas.made import made
from reconciler.schemas.published import SCHEMAS, file_name

for folder in map(Path, sys.argv[1:]):
    for schema in SCHEMAS:
        (folder / file_name(schema)).write_text(made(schema), encoding="utf-8", newline="\n")
