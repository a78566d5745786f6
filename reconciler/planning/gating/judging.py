"""Judges each spec at the gate of one target. Pure: computed anew from live each time, and never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.planning.gate import Gate, GateName, Gates, Wait
from reconciler.planning.gating.same import belongs, keeps, why_not_same
from reconciler.planning.gating.soak import not_there_to_soak, why_not_soaked
from reconciler.planning.gating.upstream import Identity, Upstream

_NAMED: Final = 3
"""Maximum number of keys named in a message."""

ProofElsewhere: TypeAlias = Callable[[DesiredSpec, str], str | None]
"""Why no kept proof in the target of this name is of the content of a spec; None if one is, or if it needs none."""


def _not_looked_up(_desired: DesiredSpec, target: str) -> str | None:
    return f"the proofs in {target} were not looked up"


class Gating(msgspec.Struct, frozen=True):
    """What is asked before a target: its upstream targets, the soak in seconds, the targets of the proofs, and what is skipped.

    `skips` has a gate, or a gate and a key: `soak`, `soak=acme-orders`. `shown` are the gates of the plan that was shown, where this asks
    anew for an apply of it: what waited there goes on waiting, since nobody was shown it as something to write.
    """

    upstreams: tuple[Upstream, ...]
    soak: float = 0.0
    proved: tuple[str, ...] = ()
    proof: ProofElsewhere = _not_looked_up
    skips: frozenset[str] = frozenset()
    shown: Gates = msgspec.field(default_factory=lambda: MappingProxyType({}))

    def gates(self, specs: Mapping[Identity, DesiredSpec | None]) -> dict[Identity, Gate]:
        """The gate of each of these specs; without a desired spec it is detached or retired.

        A flow spec whose file refers to connection specs waits for each of these that waits.
        """
        found = {identity: self._as_shown(identity, self._gate(identity, desired)) for identity, desired in specs.items()}
        return {identity: _with_referred(gate, specs[identity], found) for identity, gate in found.items()}

    def _gate(self, identity: Identity, desired: DesiredSpec | None) -> Gate:
        waits: list[Wait] = []
        skipped: list[Wait] = []
        for wait in self._waits(identity, desired):
            (skipped if self._skips(wait, identity) else waits).append(wait)
        return Gate(tuple(waits), tuple(skipped))

    def _as_shown(self, identity: Identity, gate: Gate) -> Gate:
        """The gate, closed if it has opened only since the plan was shown."""
        shown = self.shown.get(identity)
        if shown is None or shown.is_ready or not gate.is_ready:
            return gate
        first = shown.waits[0]
        return replace(
            gate, waits=(Wait(first.on, first.gate, "it waited when the plan was shown", "the next apply takes it along"),)
        )

    def _waits(self, identity: Identity, desired: DesiredSpec | None) -> Iterator[Wait]:
        for upstream in self.upstreams:
            is_gone = desired is None
            if upstream.plan is not None and not belongs(upstream, identity, is_gone=is_gone):
                continue
            wait = why_not_same(upstream, identity, is_gone=is_gone)
            if wait is not None:
                yield wait
                if not self._skips(wait, identity):
                    continue
            elif is_gone and keeps(upstream, identity):
                continue  # nothing goes on from there, so nothing soaks
            soaking = why_not_soaked(upstream, identity, self.soak) if wait is None else not_there_to_soak(upstream, self.soak)
            if soaking is not None:
                yield soaking
        if desired is not None and desired.kind is Kind.CONNECTION_SPEC:
            for target in self.proved:
                if (reason := self.proof(desired, target)) is not None:
                    hint = f"run `reconciler --target {target} prove {desired.key} --keep`, and commit the file that it writes"
                    yield Wait(target, GateName.PROVED, reason, hint)

    def _skips(self, wait: Wait, identity: Identity) -> bool:
        return not self.skips.isdisjoint({str(wait.gate), f"{wait.gate}={identity[1]}"})


def _with_referred(gate: Gate, desired: DesiredSpec | None, found: Mapping[Identity, Gate]) -> Gate:
    if desired is None or desired.kind is not Kind.FLOW_SPEC:
        return gate
    more = tuple(_waiting_for(desired.references, found))
    return Gate((*gate.waits, *more), gate.skipped) if more else gate


def _waiting_for(references: Iterable[tuple[str, str]], found: Mapping[Identity, Gate]) -> Iterator[Wait]:
    """Each reason for which specs of these keys wait, once, with their keys; of several reasons of one spec the first."""
    by_reason: dict[Wait, list[str]] = {}
    for key in dict.fromkeys(key for _, key in references):
        gate = found.get((Kind.CONNECTION_SPEC, key))
        if gate is not None and not gate.is_ready:
            by_reason.setdefault(gate.waits[0], []).append(key)
    for wait, keys in by_reason.items():
        more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
        which = "which waits" if len(keys) == 1 else "which wait"
        yield replace(wait, message=f"it names {', '.join(keys[:_NAMED])}{more}, {which}: {wait.message}")
