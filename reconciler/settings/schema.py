"""The shape of `reconciler.yaml`, key by key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from reconciler.documents.pointer import Segments
from reconciler.documents.shapes import Misfit, name_of_type
from reconciler.settings.addresses import base_url_in_file, token_url_in_file
from reconciler.settings.values import DEFAULT_SCOPES, GitUse, Network, Ownership, Permission, RuleLevel, RulesAtWrite, Safety

_SAFETY: Final = Safety()
_NETWORK: Final = Network()

_OWNER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9._-]+)+")
_TARGET_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ORG_ID: Final = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9._-]+")
_SANDBOX: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,255}")
_SCOPE: Final = re.compile(r"[A-Za-z0-9._:/-]+")
_DURATION: Final = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>ms|s|m|h)")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST_CALL: Final = 3_600.0
_LONGEST_WAIT: Final = 600.0
_DURATION_HINT: Final = "write a duration such as 30s, 1m or 500ms, or a number of seconds"


def check_owner(text: str) -> str:
    """A repository's name as markers have it. Raises Misfit."""
    if not _OWNER.fullmatch(text):
        raise Misfit(f"{text[:80]!r} is no repository", "write owner/name, such as acme/aep-sources")
    return text


def check_org_id(text: str) -> str:
    """An organisation's id, as `x-gw-ims-org-id` has it. Raises Misfit."""
    if not _ORG_ID.fullmatch(text):
        raise Misfit(f"{text[:80]!r} is no organisation", "write its id, such as 1234567890@AdobeOrg")
    return text


def check_sandbox(text: str) -> str:
    """A sandbox's name, as `x-sandbox-name` has it: all in lower case. Raises Misfit."""
    if not _SANDBOX.fullmatch(text):
        hint = (
            f"did you mean {text.lower()}?"
            if _SANDBOX.fullmatch(text.lower())
            else "write its name, such as prod, and not its title"
        )
        raise Misfit(f"{text[:80]!r} is no sandbox: names are lower-case letters, digits and '-'", hint)
    return text


def _check_target_name(text: str) -> str:
    if not _TARGET_NAME.fullmatch(text):
        raise Misfit(f"{text[:80]!r} is no target's name", "use letters, digits, '-' and '_', at most 64")
    return text


def _check_scope(text: str) -> str:
    if not _SCOPE.fullmatch(text):
        raise Misfit(f"{text[:80]!r} is no scope", "write scopes as a list: [openid, AdobeID]")
    return text


def _check_version(value: Any) -> int:
    if isinstance(value, bool) or value != 1:
        raise Misfit("1 is the only version of this file that there is", "write version: 1")
    return 1


def _filled(text: str) -> str:
    if not text.strip():
        raise Misfit("this is empty", "write something, or leave the entry out")
    return text


def _check_emulator(text: str) -> str:
    path = PurePosixPath(text)
    if not path.name or path.is_absolute() or ".." in path.parts or "\0" in text:
        raise Misfit(
            f"{text[:80]!r} is no file below the repository's root", "write a relative path, such as .reconciler/local.db"
        )
    return text


def _seconds(value: Any) -> float:
    """Seconds; of a number beyond all bounds something that is beyond them too, and that a float holds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(max(min(value, _LONGEST_CALL + 1), -1))
    if isinstance(value, str) and (found := _DURATION.fullmatch(value.strip())):
        return float(found["number"]) * _SECONDS[found["unit"]]
    raise Misfit(f"{_shown(value)} is no duration", _DURATION_HINT)


def _call(seconds: float) -> float:
    if not 0 < seconds <= _LONGEST_CALL:
        raise Misfit("a call may take more than no time, and an hour at most", _DURATION_HINT)
    return seconds


def _wait(seconds: float) -> float:
    if not 0 <= seconds <= _LONGEST_WAIT:
        raise Misfit("nothing is waited for less than no time, or more than 10m", _DURATION_HINT)
    return seconds


def _between(least: int, most: int) -> Callable[[int], int]:
    def check(number: int) -> int:
        if not least <= number <= most:
            shown = number if abs(number) < 10**12 else "this"
            raise Misfit(f"{shown} is not between {least:,} and {most:,}", f"write a number from {least} to {most}")
        return number

    return check


def _shown(value: Any) -> str:
    return repr(value[:40]) if isinstance(value, str) else name_of_type(value)


Owner = Annotated[str, AfterValidator(check_owner)]
Call = Annotated[float, BeforeValidator(_seconds), AfterValidator(_call)]
Wait = Annotated[float, BeforeValidator(_seconds), AfterValidator(_wait)]
Limit = Annotated[int, AfterValidator(_between(0, 1_000_000))]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class TargetPart(_Part):
    """One of `targets`."""

    base_url: Annotated[str, AfterValidator(base_url_in_file)] | None = None
    token_url: Annotated[str, AfterValidator(token_url_in_file)] | None = None
    org_id: Annotated[str, AfterValidator(check_org_id)] | None = None
    sandbox: Annotated[str, AfterValidator(check_sandbox)] | None = None
    scopes: list[Annotated[str, AfterValidator(_check_scope)]] = Field(default=list(DEFAULT_SCOPES), min_length=1)
    ownership: Ownership = "marker"
    emulator: Annotated[str, AfterValidator(_check_emulator)] | None = None


class SafetyPart(_Part):
    """`safety`."""

    max_creates: Limit = _SAFETY.max_creates
    max_updates: Limit = _SAFETY.max_updates
    max_detaches: Limit = _SAFETY.max_detaches
    breaking: Permission = _SAFETY.breaking
    rules: RulesAtWrite = _SAFETY.rules
    max_retired: Limit = _SAFETY.max_retired


class GitPart(_Part):
    """`git`."""

    required: bool = GitUse().required


class NetworkPart(_Part):
    """`network`."""

    concurrency: Annotated[int, AfterValidator(_between(1, 64))] = _NETWORK.concurrency
    timeout: Call = _NETWORK.timeout
    deadline: Call = _NETWORK.deadline
    retries: Annotated[int, AfterValidator(_between(0, 100))] = _NETWORK.retries
    consistency_window: Wait = _NETWORK.consistency_window
    settle: Wait = _NETWORK.settle


class RetiredPart(_Part):
    """One of `retired`."""

    key: Annotated[str, AfterValidator(_filled)] | None = None
    id: Annotated[str, AfterValidator(_filled)] | None = None
    kind: Literal["ConnectionSpec", "FlowSpec"] = "ConnectionSpec"
    reason: Annotated[str, AfterValidator(_filled)]
    allow_in_use: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.key is None) == (self.id is None):
            message = "an entry names a key or the id of one live spec, and not both"
            raise Misfit(message, "write `key: <the key that its file had>`, or `id: <its id>`")
        return self


class SettingsPart(_Part):
    """The whole file."""

    version: Annotated[int, BeforeValidator(_check_version)]
    repository: Owner
    formerly: list[Owner] = Field(default_factory=list)
    default_target: str | None = None
    targets: dict[Annotated[str, AfterValidator(_check_target_name)], TargetPart] = Field(min_length=1)
    safety: SafetyPart = SafetyPart()
    network: NetworkPart = NetworkPart()
    git: GitPart = GitPart()
    rules: dict[str, RuleLevel] = Field(default_factory=dict)
    """By code; which codes there are, `validate` knows."""
    retired: list[RetiredPart] = Field(default_factory=list)


def known_keys() -> Mapping[Segments, tuple[str, ...]]:
    """The keys that each mapping of the file may have."""
    return {
        (): tuple(SettingsPart.model_fields),
        ("targets", "*"): tuple(TargetPart.model_fields),
        ("safety",): tuple(SafetyPart.model_fields),
        ("network",): tuple(NetworkPart.model_fields),
        ("retired", "*"): tuple(RetiredPart.model_fields),
        ("git",): tuple(GitPart.model_fields),
    }
