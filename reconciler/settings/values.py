"""Validated settings from `reconciler.yaml` and the environment, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.secret import Secret

Ownership: TypeAlias = Literal["marker", "none"]
Permission: TypeAlias = Literal["allow", "refuse"]
RulesAtWrite: TypeAlias = Literal["refuse", "warn"]
UntriedSpecs: TypeAlias = Literal["allow", "warn", "refuse"]
RuleLevel: TypeAlias = Literal["off", "info", "warning", "error"]
"""The severity of a `validate` rule."""

PRODUCTION_BASE_URL: Final = "https://platform.adobe.io/data/foundation/flowservice"
"""OpenAPI of Flow Service, `servers`, with `platform` as the environment."""
PRODUCTION_TOKEN_URL: Final = "https://ims-na1.adobelogin.com/ims/token/v3"  # noqa: S105 — an address, not a password
"""Adobe IMS, server-to-server authentication."""
DEFAULT_SCOPES: Final = ("openid", "session", "AdobeID", "read_organizations", "additional_info.projectedProductContext")
"""The scopes of Adobe's own Postman environment for Experience Platform."""


@dataclass(frozen=True, slots=True)
class OAuthCredentials:
    """OAuth server-to-server: a client id and secret that obtain tokens."""

    client_id: str
    client_secret: Secret
    scopes: tuple[str, ...] = ()
    """The scopes to request, if they are not those of the target."""
    form: str = ""
    """The form of the file that they come from; empty for variables."""

    @property
    def api_key(self) -> str:
        """The value of `x-api-key`."""
        return self.client_id


class TokenCredentials(msgspec.Struct, frozen=True):
    """A given access token, which cannot be renewed."""

    access_token: Secret
    api_key: str
    form: str = ""
    """The form of the file that it comes from; empty for variables."""


Credentials: TypeAlias = OAuthCredentials | TokenCredentials


@dataclass(frozen=True, slots=True)
class Target:
    """One target with all defaults and overrides applied: address and organization, without credentials."""

    name: str
    base_url: str
    """Without a trailing slash."""
    token_url: str
    org_id: str
    sandbox: str
    scopes: tuple[str, ...]
    ownership: Ownership
    emulator: Path | None
    """The SQLite file of the embedded Flow Service; None for a service over HTTP."""
    host: str
    """The address in reports and digests: the base URL's host (and port), or `emulator`."""
    proofs: Path | None = None
    """The folder whose provider files the embedded Flow Service reads from; its clock then jumps instead of waiting."""
    credentials: str | None = None
    """The middle of the variables with its credentials, if they have none of its own name."""
    environment: str = ""
    """The GitHub environment of its jobs."""
    sandboxes: tuple[str, ...] = ()
    """The sandboxes that its embedded Flow Service has besides the usual ones: those of the settings with its file and organization."""

    @property
    def provider(self) -> bool:
        """Whether the target is an embedded Flow Service that serves the provider files of the specs folder."""
        return self.proofs is not None


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """A target as `reconciler.yaml` defines it; None means a default or a value from the environment."""

    name: str = ""
    """Its key in the file."""
    base_url: str | None = None
    token_url: str | None = None
    org_id: str | None = None
    sandbox: str | None = None
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    ownership: Ownership = "marker"
    emulator: Path | None = None
    provider: bool = False
    """Whether the embedded Flow Service also serves the provider files in `proofs`."""
    proofs: Path | None = None
    """The folder of the proofs, beside the file."""
    groups: tuple[str, ...] = ()
    """The groups whose overlays apply to it."""
    environment: str | None = None
    """The GitHub environment of its jobs; None in a file means the target's name, or the fleet's."""
    credentials: str | None = None
    """The middle of the variables with its credentials, after those of the target itself: `RECONCILER_<CREDENTIALS>_CLIENT_ID`."""
    fleet: str | None = None
    """The fleet that it was made from."""
    after: tuple[str, ...] = ()
    """The targets and fleets that must have each change first."""
    soak: float = 0.0
    """Seconds for which each of `after` must have had it."""
    proved: tuple[str, ...] = ()
    """The targets whose kept proofs must be of the same content."""
    by_name: bool = False
    """Whether only `--target` chooses it for `apply`."""
    vars: Mapping[str, Json] = field(default_factory=dict)
    """The values of `{var: NAME}` in spec files; those of a fleet included."""


@dataclass(frozen=True, slots=True)
class FleetSettings(TargetSettings):
    """A fleet: targets that differ in the sandbox. Each has the name `<fleet>-<sandbox>`."""

    sandboxes: tuple[str, ...] = ()
    exceptions: Mapping[str, TargetSettings] = field(default_factory=dict)
    """By sandbox, what differs there."""


@dataclass(frozen=True, slots=True)
class Safety:
    """Limits on creates, updates, detaches and retirements per apply, and whether breaking changes are allowed."""

    max_creates: int = 20
    max_updates: int = 20
    max_detaches: int = 0
    breaking: Permission = "refuse"
    rules: RulesAtWrite = "refuse"
    """Whether a lint error blocks a plan that would write the spec."""
    untried: UntriedSpecs = "warn"
    """What happens to a batch source whose content was not tried."""
    unproved: UntriedSpecs = "allow"
    """What happens to a source whose content was not proved."""
    max_retired: int = 5
    """For specs in `retired`. Each was reviewed by name, so they do not count as detaches."""
    fleet_max_creates: int | None = None
    """The limit of creates of one run over several targets; None for `max_creates`."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """How one run works on several targets."""

    parallel: int = 8
    """How many targets are read at once; of one client, at most `Network.concurrency`."""
    max_failures: int = 1
    """How many targets may fail before no further one is begun."""


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """What `drift` reports besides drift."""

    max_pending: float | None = 86_400.0
    """Seconds for which a committed change may stay unapplied; None for any time."""


@dataclass(frozen=True, slots=True)
class ProofSettings:
    """Settings for proofs."""

    max_age: float | None = None
    """Seconds after which `drift` reports a proof as old; None for never."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One entry of `retired`: a key without a file, or the id of one live object. Exactly one of the two is set."""

    kind: Kind = Kind.CONNECTION_SPEC
    key: str | None = None
    id: str | None = None
    reason: str = field(kw_only=True)
    allow_in_use: bool = False
    """Whether to retire it although flows or source connections use it."""

    def names(self, kind: Kind, spec_id: str, key: str) -> bool:
        """Whether this entry is for the live spec with this id and marker key."""
        return self.kind is kind and (self.id.lower() == spec_id.lower() if self.id is not None else self.key == key)


@dataclass(frozen=True, slots=True)
class GitUse:
    """Whether a write requires the git check that it reverts nothing newer and that its files are committed."""

    required: bool = True


@dataclass(frozen=True, slots=True)
class Network:
    """The network settings of a target; all times are in seconds."""

    concurrency: int = 4
    timeout: float = 30.0
    deadline: float = 60.0
    """For one call including its retries."""
    retries: int = 6
    consistency_window: float = 10.0
    """How long a new object may take to show up in lists."""
    settle: float = 6.0
    """How long to wait before the read-back after a PUT to a shared flow spec."""
    poll: float = 5.0
    """How long to wait between two looks at a run of a flow; three times as long after a minute."""
