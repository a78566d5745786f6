"""Writes the files of commands: each whole or not at all, without following symbolic links in a repository."""

from __future__ import annotations

from pathlib import Path

from reconciler.disk import Unfit, make_folder, read_most, write_whole
from reconciler.errors import UsageError


def save(path: Path, text: str) -> None:
    """Write a file that the user named, and replace an existing one. Raises UsageError if it cannot be written."""
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise _failed(path, "write", error, "choose a file in a writable folder") from error


def write_file(path: Path, data: bytes, hint: str, *, before: bytes | None = None) -> None:
    """Write a new file of the repository; with `before`, replace the file that has exactly this content.

    Creates missing folders. Raises UsageError if it cannot be written, with `hint` unless the error has a hint of its own.
    """
    try:
        if before is not None and read_most(path, len(before) + 1) != before:
            raise UsageError(f"{path} was not written: it changed while this command ran", hint="run the command again")
        write_whole(path, data, mode=0o666, is_new=before is None, parents=True)
    except OSError as error:
        raise _failed(path, "write", error, hint) from error


def make_folder_for(path: Path, hint: str) -> None:
    """Create a folder if it is missing. Raises UsageError, with `hint` unless the error has a hint of its own."""
    try:
        make_folder(path)
    except OSError as error:
        raise _failed(path, "create", error, hint) from error


def _failed(path: Path, verb: str, error: OSError, hint: str) -> UsageError:
    reason = error.strerror or error
    return UsageError(f"cannot {verb} {path}: {reason}", hint=error.hint if isinstance(error, Unfit) else hint)
