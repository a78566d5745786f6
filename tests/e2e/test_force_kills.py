"""Killed at each request of an apply, the next apply brings everything to its end: no twin, no lost id, nothing to clean up."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.force import Expected, Moment, Scene, Tally, held_ids, journals, struck, unannounced
from tests.e2e.workplace import Workplace

KEYS = ("a", "b", "c")
HANDS = 2
"""Kills at once: each has a checkout and a service of its own."""

log = logging.getLogger(__name__)


def new_sources(work: Workplace) -> None:
    for key in KEYS:
        work.source(key)


def updates(work: Workplace) -> None:
    new_sources(work)
    work.apply()
    for key in KEYS:
        work.source(key, sourceSpec={"attributes": {"x": 2}})
    work.edit("a", permissionsInfo={"view": [{"name": "x"}]})


def one_of_each(work: Workplace) -> None:
    for key in KEYS[:2]:
        work.source(key)
    work.apply()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.source("c")


@dataclass(frozen=True)
class Kill:
    """One kill of one apply."""

    at: int
    moment: Moment

    def __str__(self) -> str:
        return f"killed {self.moment} {self.at}"


@pytest.mark.parametrize(
    ("prepare", "switches"),
    [(new_sources, {}), (updates, {}), (one_of_each, {"default_auth_required": True})],
    ids=["new-sources", "updates", "a-service-that-adds-fields"],
)
def test_an_apply_that_is_killed_at_any_request_is_finished_by_the_next(
    tmp_path: Path, prepare: Callable[[Workplace], None], switches: dict[str, Any]
) -> None:
    scene = Scene.made(tmp_path / "scene", prepare, **switches)
    with scene.played(tmp_path / "clean") as (work, toll):
        expected = Expected(KEYS, tuple(held_ids(work)))
        toll.arm()
        work.apply()
        kills = [Kill(at, moment) for moment in Moment for at in range(1, toll.counted(moment) + 1)]
        assert expected.judge(work, "clean").broken == []
    total = Tally()
    with ThreadPoolExecutor(HANDS) as hands:
        for tally in hands.map(lambda kill: kill_and_finish(scene, tmp_path / str(kill), kill, expected), kills):
            total.add(tally)
    log.info("%s: %s", prepare.__name__, total)
    assert total.broken == []
    assert total.strikes >= len(kills) - 2  # a settled read-back may need one request less


def kill_and_finish(scene: Scene, folder: Path, kill: Kill, expected: Expected) -> Tally:
    with scene.played(folder) as (work, toll):
        work.requests()
        end = struck(work, toll, kill.at, kill.moment, signal.SIGKILL, "apply", "--yes")
        written = [entry for entries in journals(work.folder) for entry in entries]
        broken = [f"{kill}: {word}" for word in unannounced(work, written)] if end.hit else []
        if end.hit and end.ran.code != -signal.SIGKILL:
            broken.append(f"{kill}: ended with {end.ran.code}")
        again = work.run("apply", "--yes", "--format", "json")
        if again.code != 0:
            broken.append(f"{kill}: the next apply ended with {again.code}: {again.out}{again.err}")
        tally = expected.judge(work, str(kill))
        tally.add(Tally(strikes=int(end.hit), requests=end.requests + len(toll.passed), broken=broken))
        return tally
