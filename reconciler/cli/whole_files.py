"""Files that commands write: each whole or not at all, and through no link of a repository."""

from __future__ import annotations

from pathlib import Path

from reconciler.disk import Unfit, make_folder, read_most, write_whole
from reconciler.errors import UsageError


def save(path: Path, text: str) -> None:
    """Write what the user named, over what is there. Raises UsageError when it cannot be written."""
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise _failed(path, "written", error, "choose a file in a writable folder") from error


def write_file(path: Path, data: bytes, hint: str, *, before: bytes | None = None) -> None:
    """Write a file of the repository: a new one, or with `before` in the place of the one that held exactly that.

    Missing folders are made. Raises UsageError when it cannot be written, with `hint` where the error has none of its own.
    """
    try:
        if before is not None and read_most(path, len(before) + 1) != before:
            raise UsageError(f"{path} was changed while this command ran, and was not written", hint="run the command again")
        write_whole(path, data, mode=0o666, is_new=before is None, parents=True)
    except OSError as error:
        raise _failed(path, "written", error, hint) from error


def make_folder_for(path: Path, hint: str) -> None:
    """Make a folder where it is missing. Raises UsageError, with `hint` where the error has none of its own."""
    try:
        make_folder(path)
    except OSError as error:
        raise _failed(path, "made", error, hint) from error


def _failed(path: Path, done: str, error: OSError, hint: str) -> UsageError:
    reason = error.strerror or error
    return UsageError(f"{path} cannot be {done}: {reason}", hint=error.hint if isinstance(error, Unfit) else hint)
