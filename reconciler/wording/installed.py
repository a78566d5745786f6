"""How this copy of the tool was installed, for hints: a command that adds one of its extras to this copy and no other."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname

NAME: Final = "aep-spec-reconciler"
"""The name of the distribution."""
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {"emulator": ("starlette>=1.0", "uvicorn>=0.40")}
"""What each extra adds, for a copy that cannot be installed again from where it came."""

Installer = Literal["pip", "uv pip", "uv tool", "uvx", "pipx"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a copy was installed from. `url` is a URL, or with `is_editable` a folder; None for a package index."""

    url: str | None = None
    is_editable: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """An installed copy. `python` runs its interpreter; `origin` is None if the copy cannot be installed again from there."""

    installer: Installer
    python: str
    origin: Origin | None


def install_command(extra: str) -> str:
    """A command for a shell that adds this extra to the copy that is running.

    It names the distribution only if this copy came from a package index; a copy of a folder, a wheel or a commit is installed from
    there again. Where that is gone or unknown, the packages of the extra are added. Raises KeyError for an unknown extra.
    """
    return command_for(this_copy(), extra)


def command_for(copy: Copy, extra: str) -> str:
    """The command that adds this extra to this copy. Raises KeyError for an unknown extra."""
    packages = EXTRAS[extra]
    if copy.origin is None:
        return _join([*_ADD_PACKAGES[copy.installer], *_python(copy), *packages])
    wanted = _requirement(copy.origin, extra)
    if copy.installer == "uvx":
        return _join(["uvx", "--from", *wanted[-1:], "reconciler"]) + " …"
    return _join([*_INSTALL[copy.installer], *_python(copy), *wanted])


_INSTALL: Final[Mapping[Installer, tuple[str, ...]]] = {
    "pip": (),
    "uv pip": ("uv", "pip", "install"),
    "uv tool": ("uv", "tool", "install"),
    "pipx": ("pipx", "install", "--force"),
}
_ADD_PACKAGES: Final[Mapping[Installer, tuple[str, ...]]] = {
    **_INSTALL,
    "uv tool": ("uv", "pip", "install"),
    "uvx": ("uv", "pip", "install"),
    "pipx": ("pipx", "inject", NAME),
}


def _python(copy: Copy) -> list[str]:
    """The arguments that choose the interpreter; none where the installer finds its environment by the name of the tool."""
    if copy.installer == "pip":
        return [copy.python, "-m", "pip", "install"]
    chooses = copy.installer == "uv pip" or (copy.origin is None and copy.installer != "pipx")
    return ["--python", copy.python] if chooses else []


def _requirement(origin: Origin, extra: str) -> list[str]:
    if origin.url is None:
        return [f"{NAME}[{extra}]"]
    return ["-e", f"{origin.url}[{extra}]"] if origin.is_editable else [f"{NAME}[{extra}] @ {origin.url}"]


def _join(words: list[str]) -> str:
    """The words as one line for a POSIX shell, or for Windows, whose shells know double quotes alone."""
    if os.name != "nt":
        return shlex.join(words)
    return " ".join(word if re.fullmatch(r"[\w.:/\\+-]+", word) else f'"{word}"' for word in words)


def this_copy() -> Copy:
    """The copy that is running."""
    return Copy(_installer(Path(sys.prefix), has_pip=util.find_spec("pip") is not None), _shown(sys.executable), _origin())


def _installer(prefix: Path, *, has_pip: bool) -> Installer:
    if (prefix / "uv-receipt.toml").is_file():
        return "uv tool"
    if (prefix / "pipx_metadata.json").is_file():
        return "pipx"
    if prefix.parent.name.startswith("archive-v"):  # the cache of uv, from which uvx runs
        return "uvx"
    return "pip" if has_pip else "uv pip"


def _shown(path: str) -> str:
    """The path, relative to the working folder if it is below it."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except (ValueError, OSError):
        return path


def _origin() -> Origin | None:
    try:
        distribution = metadata.distribution(NAME)
        recorded = distribution.read_text("direct_url.json")
    except (metadata.PackageNotFoundError, OSError, UnicodeError):
        return None
    origin = Origin() if recorded is None else origin_of(recorded)
    folder = origin.url if origin and origin.is_editable and origin.url else distribution.locate_file("")
    is_this = (Path(str(folder)) / "reconciler").resolve() == Path(__file__).resolve().parents[1]
    return origin if is_this else None  # a copy on PYTHONPATH hides the installed one


def origin_of(recorded: str) -> Origin | None:
    """The origin that `direct_url.json` records (PEP 610); None if it cannot be read, is gone, or holds a password."""
    try:
        document: Any = json.loads(recorded)
        url = document["url"]
        parts = urlsplit(url)
        if parts.scheme == "file":
            return _local(url, url2pathname(parts.path), is_editable=bool(document.get("dir_info", {}).get("editable")))
        if parts.username is not None:
            return None
        vcs = document.get("vcs_info")
        return Origin(f"{vcs['vcs']}+{url}@{vcs['commit_id']}" if vcs else url)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _local(url: str, path: str, *, is_editable: bool) -> Origin | None:
    if not os.path.exists(path):  # noqa: PTH110 - pathlib raises for a path with a null byte
        return None
    return Origin(_shown_folder(path), is_editable=True) if is_editable else Origin(url)


def _shown_folder(path: str) -> str:
    """The folder, as `.` if it is the working folder."""
    shown = _shown(path)
    return shown if shown == "." or os.path.isabs(shown) else os.path.join(".", shown)  # noqa: PTH117, PTH118 - "./x" is kept
