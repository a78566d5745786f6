"""Disks that are full and folders that are read-only, for real; also for root, to whom no mode of a file is an obstacle."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

UNCACHED = {"PYTHONDONTWRITEBYTECODE": "1"}
"""A child that may write little must not leave half of a .pyc behind."""


def without_privileges() -> list[str]:
    """The words before a command that make the modes of files count for it; none are needed but for root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write everywhere, and there is no setpriv to change that")
    return [setpriv, "--bounding-set=-all", "--inh-caps=-all", "--"]


def with_files_up_to(size: int) -> list[str]:
    """The words before a command whose writes fail where a file would grow beyond `size` bytes."""
    prlimit = shutil.which("prlimit")
    if prlimit is None:
        pytest.skip("there is no prlimit to bound the size of files")
    return [prlimit, f"--fsize={size}", "--"]


@contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """A folder in which nothing can be made, for as long as the context is open."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o555)
    try:
        yield folder
    finally:
        folder.chmod(0o755)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A file system of its own in memory, of so many KiB. Skips where nobody may mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(words, check=False, capture_output=True).returncode != 0:  # noqa: S603 - mount, a folder of ours
        pytest.skip("a small disk can only be mounted by root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607 - what was mounted above


def fill(disk: Path) -> Path:
    """Leave no room on a disk; the file that takes it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"x" * 512)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                return filler
