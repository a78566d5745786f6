"""What the command line asks for: the source, and where its submission goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.errors import SpecFileError, UsageError, count
from reconciler.settings.scope import Scope
from reconciler.trying.running.choosing import problems_of
from reconciler.wording.guesses import did_you_mean


@dataclass(frozen=True, slots=True)
class SubmitRequest:
    """One `submit`. Pages that are in `docs`, a fork of Adobe's documentation, or else in `out` are kept as people edited them."""

    scope: Scope
    key: str
    draft: bool = False
    docs: Path | None = None
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class KeysRequest:
    """The keys that Adobe assigned, by the name of the field in `uiAttributes`."""

    scope: Scope
    key: str
    keys: dict[str, str] = field(default_factory=dict)


def source_to_submit(desired: DesiredSet, key: str) -> DesiredSpec:
    """The connection spec with this key. Raises UsageError or SpecFileError, each with a next step."""
    specs = {spec.key: spec for spec in desired.specs if spec.kind is Kind.CONNECTION_SPEC}
    if key in specs:
        return specs[key]
    if (Kind.CONNECTION_SPEC, key) in desired.broken:
        problems = tuple(problems_of(desired, key))
        raise SpecFileError(f"the spec file of {key!r} has {count(len(problems), 'error')}", problems)
    renamed = next((spec for spec in specs.values() if key in spec.former_keys), None)
    if renamed is not None:
        raise UsageError(f"the spec {key!r} was renamed", hint=f"use its key: {renamed.key}")
    if any(spec.key == key for spec in desired.specs):
        raise UsageError(f"{key!r} is a flow spec, and only sources are submitted", hint=did_you_mean(key, specs))
    hint = did_you_mean(key[:80], specs) if specs else "create a source: reconciler new KEY"
    raise UsageError(f"unknown key {key[:80]!r}: no spec file has it", hint=hint)
