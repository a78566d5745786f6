"""Trusted certificates: those that the environment names, or else the system's store and Mozilla's list.

`SSL_CERT_FILE` and `SSL_CERT_DIR` are OpenSSL's variables; `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` are those of common tools. If one is
set, only its certificates are trusted. Error messages name the variable.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import certifi

from reconciler.errors import SettingsError

_FILES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_FOLDER: Final = "SSL_CERT_DIR"
_KEY_LOG: Final = "SSLKEYLOGFILE"
_MOST_BYTES: Final = 64 * 1024 * 1024
_HASHED: Final = re.compile(r"[0-9a-f]{8}\.[0-9]+", re.ASCII)
"""The file names by which OpenSSL looks up certificates in a folder."""


def tls_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """The TLS context of all connections. Raises SettingsError that names the invalid variable."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    named = [name for name in (*_FILES, _FOLDER) if environ.get(name)]
    for name in named:
        _trust(context, name, environ[name])
    if not named:
        context.load_default_certs()
        context.load_verify_locations(cafile=certifi.where())
    if environ.get(_KEY_LOG):
        _log_keys(context, Path(environ[_KEY_LOG]))
    return context


def _trust(context: ssl.SSLContext, name: str, value: str) -> None:
    if name == _FOLDER or (name != "SSL_CERT_FILE" and Path(value).is_dir()):
        for folder in value.split(os.pathsep):
            _check_folder(name, Path(folder))
        context.load_verify_locations(capath=value)
        return
    _check_file(name, Path(value))
    try:
        context.load_verify_locations(cafile=value)
    except ssl.SSLError:
        raise _unusable(name, value, "contains no PEM certificate") from None
    except OSError as error:
        raise _unusable(name, value, f"cannot be read: {error.strerror}") from None


def _check_file(name: str, file: Path) -> None:
    try:
        if file.is_dir():
            raise _unusable(name, file, "is a folder, not a file")
        if not file.exists():
            raise _unusable(name, file, "does not exist")
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            raise _unusable(name, file, "is not a certificate file")
    except (OSError, ValueError):
        raise _unusable(name, file, "cannot be read") from None


def _check_folder(name: str, folder: Path) -> None:
    try:
        if not folder.exists():
            raise _unusable(name, folder, "does not exist")
        if not folder.is_dir():
            raise _unusable(name, folder, "is a file, not a folder")
        if not any(_HASHED.fullmatch(file.name) for file in folder.iterdir()):
            raise _unusable(name, folder, "contains no certificate named by its hash (run `openssl rehash`)")
    except (OSError, ValueError):
        raise _unusable(name, folder, "cannot be read") from None


def _log_keys(context: ssl.SSLContext, file: Path) -> None:
    """Write the session keys to the file in SSLKEYLOGFILE, as curl does, for inspecting one's own traffic."""
    try:
        if file.exists() and not file.is_file():
            raise SettingsError(f"{_KEY_LOG}: {file} is not a file", hint=f"use a writable file, or unset {_KEY_LOG}")
        context.keylog_filename = str(file)
    except (OSError, ValueError):
        hint = f"use a writable file, or unset {_KEY_LOG}"
        raise SettingsError(f"{_KEY_LOG}: cannot write {file}", hint=hint) from None


def _unusable(name: str, value: str | Path, reason: str) -> SettingsError:
    return SettingsError(f"{name}: {value} {reason}", hint=f"fix {name}, or unset it to use the system's certificates")
