"""Checks of the address of a source, its host and its path, so that it is sent unchanged (RFC 3986).

The host is https and an ASCII name, optionally with a port and the start of the path. The path may have a query. Both may contain `${name}`
for values that a user enters; the path may contain expressions of the pipeline, `@{…}`, with strings in single quotes.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from reconciler.errors import UsageError
from reconciler.sdk.scheduling import SCHEDULE_QUERY

_SCHEME: Final = "https://"
_PLACEHOLDER: Final = re.compile(r"\$\{([^{}]*)\}")
_PARAMETER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_PART: Final = r"\$\{[^{}]*\}|[A-Za-z0-9._~!$&'()*+,;=:@/\[\]-]|%[0-9A-Fa-f]{2}"
_PATH_PREFIX: Final = re.compile(rf"(?:@\{{(?:'[^']*'|[^{{}}'])*\}}|{_PART}|\?)*")
_HOST_PATH_PREFIX: Final = re.compile(rf"(?:{_PART})*")
_BRACES: Final = re.compile(r"\{[^{}]*\}?|\}")
_LABEL: Final = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_PORT: Final = re.compile(r"[0-9]{1,5}")
_MAX_HOST: Final = 253
_MAX_PORT: Final = 65535
_HOST_HINT: Final = (
    "write https:// and a name, as in https://api.acme.example or https://${tenant}.acme.example; pass the rest as --path"
)


def placeholders(text: str) -> list[str]:
    """The names of the placeholders `${name}` in a string, without duplicates."""
    return [name for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if name]


def check_host(host: str) -> None:
    """Raises UsageError for an invalid host."""
    _check_seen("host", host)
    if not host.startswith(_SCHEME):
        raise UsageError(
            f"--host: {host[:80]!r} does not start with https://",
            hint="credentials are sent to it, so only https is accepted: write https://api.acme.example",
        )
    authority, slash, path = host.removeprefix(_SCHEME).partition("/")
    if "@" in authority:
        hint = "remove it: users enter theirs when they create a connection"
        raise UsageError("--host: it has a user or a password before an @", hint=hint)
    _check_names("host", host)
    _check_authority(authority)
    if slash:
        _check_characters("host", path, _HOST_PATH_PREFIX)


def check_path(path: str) -> None:
    """Raises UsageError for an invalid path."""
    _check_seen("path", path)
    if not path.startswith("/") or path.startswith("//"):
        raise UsageError(f"--path: {path[:80]!r} does not start with one slash", hint="write a path such as /v1/orders")
    if SCHEDULE_QUERY in path:
        raise UsageError(
            f"--path: `{SCHEDULE_QUERY}` needs a schedule of type ADVANCE, which `new` does not write",
            hint="leave it out; then add it to the file, together with scheduleParams of type ADVANCE",
        )
    _check_names("path", path)
    _check_characters("path", path, _PATH_PREFIX)


def _check_authority(authority: str) -> None:
    """Raises UsageError unless this is a name with an optional port; a placeholder counts as a letter or digit."""
    plain = _PLACEHOLDER.sub("1", authority)
    if not plain.isascii():
        raise UsageError(
            f"--host: {authority[:80]!r} has characters that are not ASCII", hint="write the encoded form, which starts with xn--"
        )
    name, colon, port = plain.partition(":")
    labels = name.split(".")
    if len(name) > _MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise UsageError(f"--host: {authority[:80]!r} is not a valid host", hint=_HOST_HINT)
    if colon and not (_PORT.fullmatch(port) and 0 < int(port) <= _MAX_PORT):
        raise UsageError(f"--host: {port[:80]!r} is not a valid port", hint=f"write a number up to {_MAX_PORT}, or leave it out")


def _check_seen(option: str, text: str) -> None:
    odd = next((character for character in text if not character.isprintable()), None)
    if odd is not None:
        raise UsageError(f"--{option}: U+{ord(odd):04X} is invisible, and not valid in an address", hint="retype the address")


def _check_names(option: str, text: str) -> None:
    for name in _PLACEHOLDER.findall(text):
        if not _PARAMETER.fullmatch(name):
            message = f"{name[:80]!r} is not a valid parameter name" if name else "`${}` has no name"
            raise UsageError(f"--{option}: {message}", hint="use letters and digits, as in ${listId}")


def _check_characters(option: str, text: str, allowed: re.Pattern[str]) -> None:
    """Raises UsageError for the first character that is not allowed at its position."""
    match = allowed.match(text)
    end = match.end() if match else 0
    if end == len(text):
        return
    if braces := _BRACES.match(text, end):
        message = f"--{option}: {braces[0][:80]} would be sent unchanged"
        raise UsageError(message, hint="write ${name} for a value that users enter")
    raise UsageError(f"--{option}: {text[end]!r} is not valid in an address", hint=f"write {quote(text[end])} instead")
