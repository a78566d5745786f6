"""Gates look at targets by what was parsed in this run, also where a run over several targets has the cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from reconciler.cache.place import NO_CACHE, CachePlace
from reconciler.cache.store import Cache
from reconciler.desired.readings import FOUND, Readings
from reconciler.errors import ReconcilerError
from reconciler.planning.plan import Options
from reconciler.sessions import opening
from reconciler.sessions.shared import Shared
from reconciler.settings.scope import Scope


class Steps:
    def step(self, _: str) -> None:
        return


def shared_by_a_run(place: CachePlace | None) -> Shared:
    return Shared(cast("Any", None), cast("Any", None), Readings(), None if place is None else Cache(place))


def test_a_look_at_the_target_before_takes_nothing_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[Scope, Shared]] = []

    def grounded(_environ: object, scope: Scope, _progress: object, _stop: object, shared: Shared) -> None:
        given.append((scope, shared))
        raise ReconcilerError("seen")

    monkeypatch.setattr(opening, "_grounded", grounded)
    place = CachePlace(tmp_path / "cache")
    shared = shared_by_a_run(place)
    found: set[str] = shared.readings.once(FOUND, set)
    found.add("sources/a.yaml")
    lookout = opening._Lookout({}, Scope(tmp_path, cache=place), cast("Any", Steps()), cast("Any", None), shared)  # noqa: SLF001
    for _ in range(2):
        lookout.look("stage", Options())
    (scope, one), (_, other) = given
    assert (scope.cache, one.cache) == (NO_CACHE, None)
    assert one.readings is other.readings
    assert one.readings is not shared.readings


def test_a_run_that_found_nothing_in_the_cache_shares_what_it_parsed(tmp_path: Path) -> None:
    shared = shared_by_a_run(CachePlace(tmp_path / "cache"))
    assert shared.without_cache().readings is shared.readings
    assert shared.without_cache().cache is None
    alone = shared_by_a_run(None)
    assert alone.without_cache() is alone
