"""The options of a plan: what a caller gives, and the settings for everything else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict, Unpack

from reconciler.errors import UsageError
from reconciler.planning.plan import Options
from reconciler.settings.values import Safety


class PlanOverrides(TypedDict, total=False):
    """What a caller may give; each means the option of `reconciler plan` with this name. A limit of None is that of the settings."""

    prune: bool
    allow_create: Iterable[str]
    allow_rewind: bool
    allow_dirty: bool
    allow_in_use: bool
    allow_breaking: bool
    allow_untried: bool
    allow_unproved: bool
    max_creates: int | None
    max_updates: int | None
    max_detaches: int | None
    skip_gate: Iterable[str]
    reason: str | None


def options_of(keys: Iterable[str], safety: Safety, **given: Unpack[PlanOverrides]) -> Options:
    """The options of a plan for these keys; none means all."""

    def limit(number: int | None, usual: int) -> int:
        return usual if number is None else number

    return Options(
        keys=tuple(sorted(set(keys))),
        prune=given.get("prune", False),
        allow_create=tuple(sorted(set(given.get("allow_create", ())))),
        allow_rewind=given.get("allow_rewind", False),
        allow_dirty=given.get("allow_dirty", False),
        allow_in_use=given.get("allow_in_use", False),
        allow_breaking=given.get("allow_breaking", False) or safety.breaking == "allow",
        allow_untried=given.get("allow_untried", False),
        untried=safety.untried,
        allow_unproved=given.get("allow_unproved", False),
        unproved=safety.unproved,
        max_creates=limit(given.get("max_creates"), safety.max_creates),
        max_updates=limit(given.get("max_updates"), safety.max_updates),
        max_detaches=limit(given.get("max_detaches"), safety.max_detaches),
        skip_gates=_with_reason(given.get("skip_gate", ()), given.get("reason")),
        reason=given.get("reason"),
    )


def _with_reason(gates: Iterable[str], reason: str | None) -> tuple[str, ...]:
    """The gates to skip. Raises UsageError without a reason, and for a reason without a gate."""
    skipped = tuple(sorted(set(gates)))
    if skipped and not (reason and reason.strip()):
        raise UsageError("--skip-gate needs a reason", hint="pass --reason TEXT: the journal keeps it")
    if reason is not None and not skipped:
        raise UsageError("--reason has no effect without --skip-gate", hint="leave it out, or name the gate: --skip-gate soak")
    return skipped
