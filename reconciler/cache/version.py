"""The version of the code that reads spec files: part of every key, so that no entry outlives the code that made it.

It is computed from the code itself: whoever changes how a file is read need not remember to raise a number.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

READERS: Final = (
    "cache",
    "desired",
    "disk.py",
    "documents",
    "errors.py",
    "folders.py",
    "lint",
    "providers",
    "sdk",
    "secret.py",
    "settings",
    "sources",
    "texts",
    "wording",
)
"""The parts of this package that decide what is read from a file, and what a rule says of it."""
LIBRARIES: Final = ("jsonschema-rs", "msgspec", "ruamel.yaml", "ruamel.yaml.clib")
_PACKAGE: Final = Path(__file__).parent.parent


@cache
def reader_version() -> bytes | None:
    """32 bytes that differ if the code, a library that it reads with, or Python differs; None if the code is not there as files."""
    try:
        return version_of(_PACKAGE, READERS, [sys.version, *map(_installed, LIBRARIES)])
    except OSError:
        return None


def _installed(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:  # ruamel.yaml.clib can do without
        return library


def version_of(package: Path, parts: Iterable[str], others: Iterable[str]) -> bytes | None:
    """The digest of these parts of a package, and of these strings; None if a part has no code. Raises OSError."""
    digest = hashlib.sha256("\n".join(others).encode())
    for part in parts:
        top = package / part
        files = [top] if top.suffix else sorted(top.rglob("*.py"))
        if not files:
            return None
        for file in files:
            data = file.read_bytes()
            digest.update(f"\0{file.relative_to(package).as_posix()}\0{len(data)}\0".encode())
            digest.update(data)
    return digest.digest()
