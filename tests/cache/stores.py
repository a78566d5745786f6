"""Caches for tests, filled and looked into as by one process after the other."""

from __future__ import annotations

import hashlib
from pathlib import Path

from reconciler.cache.place import CachePlace
from reconciler.cache.store import Cache, Limits


def key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def fill(place: CachePlace, limits: Limits | None = None, /, **values: str) -> None:
    cache = Cache(place, limits or Limits())
    for name, value in values.items():
        cache.put(key(name), value.encode())
    cache.save()
    cache.close()


def got(place: CachePlace, name: str) -> bytes | None:
    cache = Cache(place)
    try:
        return cache.get(key(name))
    finally:
        cache.close()


def files(place: CachePlace) -> list[Path]:
    assert place.store is not None
    return sorted(place.store.iterdir())
