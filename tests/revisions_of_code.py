"""The package as it was at a commit of this repository, beside the dependencies of this environment."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]


@contextmanager
def code_at(revision: str) -> Iterator[Path]:
    """A folder with the package as it was then, for PYTHONPATH; it is removed afterwards. Raises CalledProcessError for no commit."""
    command = ("git", "-C", str(ROOT), "archive", revision, "reconciler")
    archive = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own arguments
    with tempfile.TemporaryDirectory(prefix="reconciler-code-") as folder:
        code = Path(folder, revision.replace("/", "-"))
        code.mkdir()
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as packed:
            packed.extractall(code, filter="data")
        yield code
