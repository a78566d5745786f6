"""Limits a comparison with a commit to the specs that were named, which may be removed by now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, TypeVar

from reconciler.cli.options.spec_names import spec_names
from reconciler.cli.shell import Shell


class Changed(Protocol):
    """A spec that has changed since the commit."""

    @property
    def key(self) -> str:
        """Its key; of a removed file, the key that it had."""
        ...


S = TypeVar("S", bound=Changed)


def specs_named(shell: Shell, names: Sequence[str], changed: Sequence[S]) -> tuple[S, ...]:
    """The changed specs with one of these names; also those that had one before. Raises UsageError for a name of no spec, now or then."""
    return named(keys_of_changed(shell, names, changed), changed)


def keys_of_changed(shell: Shell, names: Sequence[str], changed: Sequence[Changed]) -> frozenset[str]:
    """The keys that these arguments name. Raises UsageError for a name of no spec, now or then."""
    found = spec_names(shell)
    keys = found.keys(names)
    there = found.known().union(*({spec.key, getattr(spec, "former_key", None)} for spec in changed))
    for key in keys:
        if key not in there:
            raise found.unknown(key)
    return frozenset(keys)


def named(keys: Collection[str], changed: Sequence[S]) -> tuple[S, ...]:
    """The changed specs with one of these keys; also those that had one before."""
    return tuple(spec for spec in changed if not {spec.key, getattr(spec, "former_key", None)}.isdisjoint(keys))
