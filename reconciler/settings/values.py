"""The settings as values: what `reconciler.yaml` and the environment say, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from reconciler.documents.kinds import Kind

Ownership: TypeAlias = Literal["marker", "none"]
Permission: TypeAlias = Literal["allow", "refuse"]
RulesAtWrite: TypeAlias = Literal["refuse", "warn"]
RuleLevel: TypeAlias = Literal["off", "info", "warning", "error"]
"""How much a rule of `validate` weighs here."""

PRODUCTION_BASE_URL: Final = "https://platform.adobe.io/data/foundation/flowservice"
"""OpenAPI of Flow Service, `servers`, with `platform` as the environment."""
PRODUCTION_TOKEN_URL: Final = "https://ims-na1.adobelogin.com/ims/token/v3"  # noqa: S105 — an address, not a password
"""Adobe IMS, server-to-server authentication."""
DEFAULT_SCOPES: Final = ("openid", "session", "AdobeID", "read_organizations", "additional_info.projectedProductContext")
"""The scopes of Adobe's own Postman environment for Experience Platform."""


class Secret:
    """A value that is only ever seen through `reveal()`: str, repr and format show asterisks, and it cannot be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one place that sends it."""
        return self._value

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "***"

    def __format__(self, format_spec: str) -> str:
        return format("***", format_spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a secret must not leave the process")


@dataclass(frozen=True, slots=True)
class OAuthCredentials:
    """OAuth server-to-server: a client that fetches its own tokens."""

    client_id: str
    client_secret: Secret

    @property
    def api_key(self) -> str:
        """What goes into `x-api-key`."""
        return self.client_id


@dataclass(frozen=True, slots=True)
class TokenCredentials:
    """An access token that somebody else fetched; it is not renewed."""

    access_token: Secret
    api_key: str


Credentials: TypeAlias = OAuthCredentials | TokenCredentials


@dataclass(frozen=True, slots=True)
class Target:
    """One place to reconcile, complete: where it is and as whom, without the credentials."""

    name: str
    base_url: str
    """Without a slash at the end."""
    token_url: str
    org_id: str
    sandbox: str
    scopes: tuple[str, ...]
    ownership: Ownership
    emulator: Path | None
    """The SQLite file of the embedded Flow Service; None for a service over HTTP."""
    host: str
    """As reports and digests have it: the base URL's host (and port), or `emulator`."""


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """A target as `reconciler.yaml` has it; None is what the file leaves to a default or to the environment."""

    name: str = ""
    """Its key in the file."""
    base_url: str | None = None
    token_url: str | None = None
    org_id: str | None = None
    sandbox: str | None = None
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    ownership: Ownership = "marker"
    emulator: Path | None = None


@dataclass(frozen=True, slots=True)
class Safety:
    """How many of each irreversible or far-reaching write one apply may make, and whether it may break what uses a spec."""

    max_creates: int = 20
    max_updates: int = 20
    max_detaches: int = 0
    breaking: Permission = "refuse"
    rules: RulesAtWrite = "refuse"
    """What an error of the rules does to a plan that would write the spec."""
    max_retired: int = 5
    """Of specs that `retired` names: each was reviewed by its name, so they do not count as detaches."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One entry of `retired`: a key without a file, or one live object, that is to be taken out of use. One of the two is None."""

    kind: Kind = Kind.CONNECTION_SPEC
    key: str | None = None
    id: str | None = None
    reason: str = field(kw_only=True)
    allow_in_use: bool = False
    """Whether it is taken out of use although flows or source connections use it."""

    def names(self, kind: Kind, spec_id: str, key: str) -> bool:
        """Whether this is about the live spec of this id, which carries the marker of this key."""
        return self.kind is kind and (self.id.lower() == spec_id.lower() if self.id is not None else self.key == key)


@dataclass(frozen=True, slots=True)
class GitUse:
    """Whether a write needs git's word that it undoes nothing newer, and that its files are committed."""

    required: bool = True


@dataclass(frozen=True, slots=True)
class Network:
    """How the service is called; all times in seconds."""

    concurrency: int = 4
    timeout: float = 30.0
    deadline: float = 60.0
    """For one call with its retries."""
    retries: int = 6
    consistency_window: float = 10.0
    """How long a new object may take to show up in lists."""
    settle: float = 6.0
    """How long after a PUT to a shared flow spec the read-back waits."""
