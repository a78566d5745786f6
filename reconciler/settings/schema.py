"""The keys of `reconciler.yaml` and their types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final

from reconciler.documents.kinds import Kind
from reconciler.documents.readers import FLAG, ListOf, MapOf, OrNull, Reader, Record, Scalar, choice, text
from reconciler.documents.shapes import Misfit, name_of_type
from reconciler.sdk.patterns import OWNER, SCOPE, VARIABLE_NAME
from reconciler.settings.addresses import BASE_URL, TOKEN_URL, url_in_file
from reconciler.settings.targets import Settings, check_org_id, check_sandbox, matching
from reconciler.settings.values import (
    DriftSettings,
    FleetSettings,
    GitUse,
    Network,
    Ownership,
    Permission,
    ProofSettings,
    Rollout,
    RuleLevel,
    RulesAtWrite,
    Safety,
    TargetSettings,
    Tombstone,
    UntriedSpecs,
)

_TARGET_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_ENVIRONMENT: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]{0,253}[A-Za-z0-9])?")
_DURATION: Final = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>ms|s|m|h)")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST_CALL: Final = 3_600.0
_LONGEST_WAIT: Final = 600.0
_DURATION_HINT: Final = "write a duration such as 30s, 1m or 500ms, or a number of seconds"


check_owner: Final = matching(OWNER, "repository", "write owner/name, such as acme/aep-sources")
_NAME_HINT: Final = "use up to 64 letters, digits, '-' and '_'"
check_target_name: Final = matching(_TARGET_NAME, "target name", _NAME_HINT)
_check_group: Final = matching(_TARGET_NAME, "group name", _NAME_HINT)
_check_fleet: Final = matching(_TARGET_NAME, "fleet name", _NAME_HINT)
_check_credentials: Final = matching(_TARGET_NAME, "name of credentials", _NAME_HINT)
_check_variable: Final = matching(VARIABLE_NAME, "variable name", "use up to 64 letters, digits and '_', a letter first")
_check_scope: Final = matching(SCOPE, "scope", "write scopes as a list: [openid, AdobeID]")


def _check_version(value: Any) -> int:
    if isinstance(value, bool) or value != 1:
        raise Misfit("the only supported version is 1", "write version: 1")
    return 1


def _check_environment(text: str) -> str:
    if not _ENVIRONMENT.fullmatch(text):
        message = f"{text[:80]!r} is not a valid environment name"
        raise Misfit(message, "use up to 255 letters, digits, spaces, '-', '_', '.' and '/'")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise Misfit("this is empty", "add a value, or remove the entry")
    return text


def _emulator(text: str) -> Path:
    path = PurePosixPath(text)
    if not path.name or path.is_absolute() or ".." in path.parts or "\0" in text:
        raise Misfit(
            f"{text[:80]!r} is not a file under the repository's root", "write a relative path, such as .reconciler/local.db"
        )
    return Path(text)


def _seconds(value: Any) -> float:
    """Seconds as a float. A number too large for a float becomes one that exceeds every limit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(max(min(value, _LONGEST_CALL + 1), -1))
    if isinstance(value, str) and (found := _DURATION.fullmatch(value.strip())):
        return float(found["number"]) * _SECONDS[found["unit"]]
    shown = repr(value[:40]) if isinstance(value, str) else name_of_type(value)
    raise Misfit(f"{shown} is not a valid duration", _DURATION_HINT)


def _call(value: Any) -> float:
    seconds = _seconds(value)
    if not 0 < seconds <= _LONGEST_CALL:
        raise Misfit("must be > 0 and ≤ 1h", _DURATION_HINT)
    return seconds


def _wait(value: Any) -> float:
    seconds = _seconds(value)
    if not 0 <= seconds <= _LONGEST_WAIT:
        raise Misfit("must be between 0 and 10m", _DURATION_HINT)
    return seconds


def _between(least: int, most: int) -> Scalar:
    def check(number: int) -> int:
        if not least <= number <= most:
            shown = number if abs(number) < 10**12 else "this"
            raise Misfit(f"{shown} is not between {least:,} and {most:,}", f"write a number from {least} to {most}")
        return number

    return Scalar("integer", check)


def _one_of_both(entry: Tombstone) -> Tombstone:
    if (entry.key is None) == (entry.id is None):
        message = "an entry must have either a key or the id of a live spec"
        raise Misfit(message, "write `key: <the key its file had>`, or `id: <its id>`")
    return entry


_SPAN: Final = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[mhd])")
_SPAN_SECONDS: Final = {"m": 60.0, "h": 3_600.0, "d": 86_400.0}
_SPAN_HINT: Final = "write a time in minutes, hours or days, such as 30m, 24h or 7d"
_LONGEST_SOAK: Final = 90 * 86_400.0
_LONGEST_PENDING: Final = 365 * 86_400.0
_AGE: Final = re.compile(r"(?P<days>[1-9][0-9]{0,4})d")
_DAY: Final = 86_400.0


def _age(value: str) -> float:
    found = _AGE.fullmatch(value)
    if not found:
        raise Misfit(f"{value[:40]!r} is not a number of days", "write a number of days, such as 90d")
    return int(found["days"]) * _DAY


def _span(value: Any, most: float, limit: str) -> float:
    """A time of minutes, hours or days, in seconds."""
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None and value != 0:
        shown = repr(value[:40]) if isinstance(value, str) else name_of_type(value)
        raise Misfit(f"{shown} is not a valid time", _SPAN_HINT)
    seconds = int(found["number"]) * _SPAN_SECONDS[found["unit"]] if found else 0.0
    if seconds > most:
        raise Misfit(f"must be at most {limit}", _SPAN_HINT)
    return seconds


def _soak(value: Any) -> float:
    return _span(value, _LONGEST_SOAK, "90d")


def _pending(value: str) -> float:
    return _span(value, _LONGEST_PENDING, "365d")


_CALL: Final = Scalar(None, _call)
_WAIT: Final = Scalar(None, _wait)
_LIMIT: Final = _between(0, 1_000_000)

_TARGET_KEYS: Final[Mapping[str, Reader]] = {
    "base_url": OrNull(text(partial(url_in_file, BASE_URL))),
    "token_url": OrNull(text(partial(url_in_file, TOKEN_URL))),
    "org_id": OrNull(text(check_org_id)),
    "sandbox": OrNull(text(check_sandbox)),
    "scopes": ListOf(text(_check_scope), least=1),
    "ownership": choice(Ownership),
    "emulator": OrNull(Scalar("string", _emulator)),
    "provider": FLAG,
    "groups": ListOf(text(_check_group)),
    "environment": OrNull(text(_check_environment)),
    "credentials": OrNull(text(_check_credentials)),
    "after": ListOf(text(check_target_name)),
    "soak": Scalar(None, _soak),
    "proved": ListOf(text(check_target_name)),
    "by_name": FLAG,
    "vars": MapOf(Scalar(None), _check_variable),
}
TARGET: Final = Record(TargetSettings, _TARGET_KEYS)
_MEMBER_KEYS: Final = {key: reader for key, reader in _TARGET_KEYS.items() if key != "sandbox"}
EXCEPTION: Final = Record(TargetSettings, _MEMBER_KEYS)
FLEET: Final = Record(
    FleetSettings,
    {
        **_MEMBER_KEYS,
        "sandboxes": ListOf(text(check_sandbox), least=1),
        "except": MapOf(EXCEPTION, check_sandbox),
    },
    required=("sandboxes",),
    fields={"except": "exceptions"},
)
SAFETY: Final = Record(
    Safety,
    {
        "max_creates": _LIMIT,
        "max_updates": _LIMIT,
        "max_detaches": _LIMIT,
        "breaking": choice(Permission),
        "rules": choice(RulesAtWrite),
        "untried": choice(UntriedSpecs),
        "unproved": choice(UntriedSpecs),
        "max_retired": _LIMIT,
        "fleet_max_creates": OrNull(_LIMIT),
    },
)
PROOF: Final = Record(ProofSettings, {"max_age": OrNull(Scalar("string", _age))})
ROLLOUT: Final = Record(Rollout, {"parallel": _between(1, 64), "max_failures": _between(1, 1_000)})
DRIFT: Final = Record(DriftSettings, {"max_pending": OrNull(Scalar("string", _pending))})
GIT: Final = Record(GitUse, {"required": FLAG})
NETWORK: Final = Record(
    Network,
    {
        "concurrency": _between(1, 64),
        "timeout": _CALL,
        "deadline": _CALL,
        "retries": _between(0, 100),
        "consistency_window": _WAIT,
        "settle": _WAIT,
        "poll": _WAIT,
    },
)
RETIRED: Final = Record(
    Tombstone,
    {
        "key": OrNull(text(_filled)),
        "id": OrNull(text(_filled)),
        "kind": Scalar("string", Kind, choices=("ConnectionSpec", "FlowSpec")),
        "reason": text(_filled),
        "allow_in_use": FLAG,
    },
    required=("reason",),
    check=_one_of_both,
)
SETTINGS: Final = Record(
    Settings,
    {
        "version": Scalar(None, _check_version),
        "repository": text(check_owner),
        "formerly": ListOf(text(check_owner)),
        "default_target": OrNull(text()),
        "targets": MapOf(TARGET, check_target_name, least=1),
        "fleets": MapOf(FLEET, _check_fleet),
        "groups": ListOf(text(_check_group)),
        "safety": SAFETY,
        "proof": PROOF,
        "network": NETWORK,
        "fleet": ROLLOUT,
        "drift": DRIFT,
        "git": GIT,
        "rules": MapOf(choice(RuleLevel)),
        "retired": ListOf(RETIRED),
    },
    required=("version", "repository", "targets"),
)
