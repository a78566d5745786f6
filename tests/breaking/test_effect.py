"""How much effects weigh together."""

from __future__ import annotations

from reconciler.breaking.effect import Level, worst


def test_nothing_weighs_nothing() -> None:
    assert worst(()) is Level.SAFE
