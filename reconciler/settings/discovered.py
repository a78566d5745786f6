"""What separates the sandboxes of an organization from those in `reconciler.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewSandbox:
    """A sandbox that no target has; empty for what the service does not say."""

    name: str
    type: str
    state: str


@dataclass(frozen=True, slots=True)
class GoneSandbox:
    """The sandbox of a target that the service does not list."""

    target: str
    sandbox: str
    certain: bool
    """Whether the service lists every sandbox of the organization; if not, the credential may only lack access to it."""


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Targets whose sandboxes could not be compared, and why."""

    targets: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Discovered:
    """One organization: a host and an id."""

    host: str
    org_id: str
    new: tuple[NewSandbox, ...] = ()
    gone: tuple[GoneSandbox, ...] = ()
    not_asked: tuple[NotAsked, ...] = ()
