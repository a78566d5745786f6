"""Reads credentials from the environment, and from a file that only the environment can name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.errors import Problem, SettingsError, Severity
from reconciler.secret import Secret
from reconciler.settings.credential_forms import FileCredentials
from reconciler.settings.credentials_file import LOGGER, file_credentials, read_file
from reconciler.settings.targets import variable
from reconciler.settings.values import DEFAULT_SCOPES, Credentials, OAuthCredentials, Target, TokenCredentials

EMULATOR_CLIENT: Final = "reconciler"

_OAUTH: Final = ("CLIENT_ID", "CLIENT_SECRET")
_TOKEN: Final = ("ACCESS_TOKEN", "API_KEY")
_FILE: Final = "CREDENTIALS"
_SENDABLE: Final = re.compile(r"[\x21-\x7e]+")


def credentials_for(target: Target, environ: Mapping[str, str]) -> Credentials:
    """The credentials for this target.

    A variable of the target (`RECONCILER_STAGE_CLIENT_ID`) takes precedence over one with the name in `credentials`, which a fleet shares,
    and that over the general one (`RECONCILER_CLIENT_ID`). The most special variables that are set decide the kind of credentials; of both
    kinds OAuth is used, because its tokens can be renewed. A file is read where no variable as special as its own is set. An emulator needs
    no credentials. Raises SettingsError that names the variables and never shows a value.
    """
    if target.emulator is not None:
        return OAuthCredentials(EMULATOR_CLIENT, Secret(EMULATOR_CLIENT))
    prefixes = [variable(target.name, ""), *([variable(target.credentials, "")] if target.credentials else []), "RECONCILER_"]
    by_prefix = [_values(environ, prefix) for prefix in prefixes]
    explicit: dict[str, str] = {}
    for prefix, values in zip(prefixes, by_prefix, strict=True):
        explicit = values | explicit
        name = f"{prefix}{_FILE}"
        path = environ.get(name, "").strip()
        if path and not explicit:
            return _of_file(file_credentials(path, name, target), target)
        if path:
            LOGGER.info("%s is not used, because variables set the credentials: %s", name, ", ".join(sorted(explicit)))
    return _of_variables(by_prefix, explicit, target)


def has_credentials(environ: Mapping[str, str], target: str | None) -> bool:
    """Whether the environment has any credentials for a target of this name; they may be incomplete."""
    names = (*_OAUTH, *_TOKEN, _FILE)
    return any(
        environ.get(source, "").strip()
        for name in names
        for source in (f"RECONCILER_{name}", *((variable(target, name),) if target else ()))
    )


def file_for(target: str, environ: Mapping[str, str]) -> FileCredentials | None:
    """The credentials file for a target of this name, whatever it is for; None if variables set the credentials, or nothing does.

    Raises SettingsError if the file cannot be used.
    """
    if any(environ.get(f"RECONCILER_{name}", "").strip() for name in (*_OAUTH, *_TOKEN)):
        return None
    names = (variable(target, _FILE), f"RECONCILER_{_FILE}") if target else (f"RECONCILER_{_FILE}",)
    return next((read_file(path, name) for name in names if (path := environ.get(name, "").strip())), None)


def scopes_of(target: Target, credentials: Credentials) -> tuple[str, ...]:
    """The scopes to request: those of the credentials file if the settings have no others, else those of the target."""
    return (credentials.scopes if isinstance(credentials, OAuthCredentials) else ()) or target.scopes


def _of_file(found: FileCredentials, target: Target) -> Credentials:
    if found.client_secret is not None:
        scopes = found.scopes if target.scopes == DEFAULT_SCOPES else ()
        return OAuthCredentials(found.client_id, found.client_secret, scopes, found.form)
    return TokenCredentials(found.access_token or Secret(""), found.client_id, found.form)


def _of_variables(by_prefix: Sequence[Mapping[str, str]], found: Mapping[str, str], target: Target) -> Credentials:
    """The credentials in variables. The most special ones that are set decide the kind."""
    wanted = next((kind for values in (*by_prefix[:-1], found) if (kind := _kind(values))), _OAUTH)
    missing = [name for name in wanted if name not in found]
    if missing:
        owners = [target.name, *([target.credentials] if target.credentials else [])]
        names = [f"RECONCILER_{name} (or {' or '.join(variable(owner, name) for owner in owners)})" for name in missing]
        hint = (
            "set RECONCILER_CLIENT_ID and RECONCILER_CLIENT_SECRET, or RECONCILER_ACCESS_TOKEN and RECONCILER_API_KEY, or only "
            "RECONCILER_CREDENTIALS to a file with credentials"
        )
        problems = [Problem(Severity.ERROR, "credentials", f"{name} is not set", hint=hint) for name in names]
        message = f"no credentials for target {target.name!r}: {' and '.join(names)} not set"
        raise SettingsError(message, hint=hint, problems=problems)
    if wanted == _OAUTH:
        return OAuthCredentials(found["CLIENT_ID"], Secret(found["CLIENT_SECRET"]))
    return TokenCredentials(Secret(found["ACCESS_TOKEN"]), found["API_KEY"])


def _kind(values: Mapping[str, str]) -> tuple[str, ...] | None:
    complete = next((kind for kind in (_OAUTH, _TOKEN) if all(name in values for name in kind)), None)
    return complete or next((kind for kind in (_OAUTH, _TOKEN) if any(name in values for name in kind)), None)


def _values(environ: Mapping[str, str], prefix: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for name in (*_OAUTH, *_TOKEN):
        source = f"{prefix}{name}"
        value = environ.get(source, "").strip()
        if value and not _SENDABLE.fullmatch(value):
            raise SettingsError(
                f"{source} contains characters that are not valid in a credential",
                hint=f"set {source} again, without quotes and line breaks",
            )
        if value:
            values[name] = value
    return values
