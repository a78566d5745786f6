"""How much effects weigh together."""

from __future__ import annotations

from reconciler.planning.breaking_effect import Level, worst


def test_nothing_weighs_nothing() -> None:
    assert worst(()) is Level.SAFE
