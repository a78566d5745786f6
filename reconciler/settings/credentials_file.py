"""Reads the credentials file that the environment names: `RECONCILER_CREDENTIALS`, or `RECONCILER_<TARGET>_CREDENTIALS`."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Final

from reconciler.disk import Unfit, open_regular
from reconciler.documents.json_text import NotJson, decode
from reconciler.documents.shapes import Misfit
from reconciler.errors import Problem, SettingsError, Severity
from reconciler.settings.credential_forms import FileCredentials, recognized
from reconciler.settings.values import Target

LOGGER: Final = logging.getLogger("reconciler.credentials")
"""Warnings are always shown by the command line, information with `-v`."""
MAX_BYTES: Final = 1_000_000

_OTHERS: Final = 0o077
_BOM: Final = b"\xef\xbb\xbf"
_FORM_HINT: Final = "name a JSON file: aepp's config, a project of Adobe Developer Console, or a Postman environment"


def file_credentials(path: str, variable: str, target: Target) -> FileCredentials:
    """The credentials in this file for this target. `variable` named the file, and messages name the variable.

    Warns about a file that others may read. Raises SettingsError if the file cannot be used, or is for another organization, sandbox or
    environment than the target; no value of the file is shown but these names.
    """
    found = read_file(path, variable)
    if os.name == "posix" and _at(path).stat().st_mode & _OTHERS:
        LOGGER.warning("warning: %s: other users can read %s", variable, _at(path))
        LOGGER.warning("hint: chmod 600 %s", _at(path))
    _check_agrees(found, variable, _at(path), target)
    LOGGER.info("%s: read %s from %s", variable, found.form, _at(path))
    return found


def read_file(path: str, variable: str) -> FileCredentials:
    """The content of this file, whatever it is for. Raises SettingsError as `file_credentials` does."""
    file = _at(path)
    try:
        return recognized(decode(_read(file, variable).removeprefix(_BOM)))
    except NotJson:
        raise _unusable(variable, file, "it is not JSON", _FORM_HINT) from None
    except Misfit as misfit:
        raise _unusable(variable, file, str(misfit), misfit.hint) from None


def _at(path: str) -> Path:
    return Path(os.path.expanduser(path))  # noqa: PTH111 - a home folder that is not known is no error here


def _read(file: Path, variable: str) -> bytes:
    try:
        with open_regular(file, MAX_BYTES) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        hint = error.hint if isinstance(error, Unfit) else _FORM_HINT
        raise _unusable(variable, file, f"{error.strerror or 'it cannot be read'}", hint) from None
    except ValueError:  # a null byte
        raise _unusable(variable, file, "it is not the path of a file", _FORM_HINT) from None
    if len(data) > MAX_BYTES:
        raise _unusable(variable, file, f"it has more than {MAX_BYTES:,} bytes", _FORM_HINT)
    return data


def _check_agrees(found: FileCredentials, variable: str, file: Path, target: Target) -> None:
    """Raises SettingsError if the file is for somewhere else than the target."""
    pairs = (("organization", found.org_id, target.org_id), ("sandbox", found.sandbox, target.sandbox))
    for what, in_file, of_target in pairs:
        if in_file is not None and in_file != of_target:
            said = f"it is for {what} {in_file}, and target {target.name!r} is {what} {of_target}"
            raise _unusable(variable, file, said, "use the file of this target, or another --target")
    if found.stage is not None and (is_stage := _is_stage(target)) is not None and found.stage is not is_stage:
        names = {True: "Adobe's stage environment", False: "Adobe's production environment"}
        said = f"it is for {names[found.stage]}, and target {target.name!r} is in {names[is_stage]}"
        raise _unusable(variable, file, said, "use the file of this target, or another --target")


def _is_stage(target: Target) -> bool | None:
    """Whether the target is in Adobe's stage environment; None for a host that is not Adobe's."""
    if not target.host.endswith(".adobe.io"):
        return None
    return target.host.startswith("platform-stage")


def _unusable(variable: str, file: Path, reason: str, hint: str | None) -> SettingsError:
    message = f"{variable}: cannot use {file}: {reason}"
    return SettingsError(message, hint=hint, problems=[Problem(Severity.ERROR, "credentials", message, hint=hint)])
