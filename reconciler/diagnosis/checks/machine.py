"""The local machine: Python and the packages of this program."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Final

from reconciler import __version__
from reconciler.diagnosis.report import Check

_LEAST: Final = (3, 11)
_PACKAGES: Final = ("certifi", "click", "httpcore", "httpx", "jinja2", "jsonschema-rs", "msgspec", "ruamel.yaml")
_AGAIN: Final = "install reconciler again, in a new virtual environment"


def check_versions() -> Iterator[Check]:
    """The versions of Python, this program and its packages. Needs no target."""
    is_new = sys.version_info[:2] >= _LEAST
    yield Check(
        "python",
        "ok" if is_new else "fail",
        f"reconciler {__version__}, Python {platform.python_version()} on {platform.system()}",
        None if is_new else "install Python 3.11 or newer, and reconciler in it",
        asked="version of Python",
    )
    found = {name: _version(name) for name in _PACKAGES}
    missing = [name for name, version in found.items() if version is None]
    said = ", ".join(f"{name} {version}" for name, version in found.items() if version)
    if missing:
        yield Check("packages", "fail", f"not installed: {', '.join(missing)}", _AGAIN, asked="versions of packages")
    else:
        yield Check("packages", "ok", said, asked="versions of packages")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
