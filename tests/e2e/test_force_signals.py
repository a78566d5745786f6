"""Asked to stop at each request of an apply, it finishes what is in flight, reports, and leaves the rest to the next apply."""

from __future__ import annotations

import itertools
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from tests.e2e.force import Expected, Moment, Scene, Struck, Tally, held_ids, journals, struck, unannounced
from tests.e2e.workplace import Workplace

KEYS = ("a", "b", "c")
ASKED = tuple(itertools.product((signal.SIGTERM, signal.SIGINT), ("json", "text")))
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
HANDS = 2

log = logging.getLogger(__name__)


def sources(work: Workplace) -> None:
    """One to update and two to create, so that every kind of write is interrupted."""
    work.source("a")
    work.apply()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    for key in KEYS[1:]:
        work.source(key)


def test_an_apply_that_is_asked_to_stop_at_any_request_reports_and_is_finished_by_the_next(tmp_path: Path) -> None:
    scene = Scene.made(tmp_path / "scene", sources)
    with scene.played(tmp_path / "clean") as (work, toll):
        expected = Expected(KEYS, tuple(held_ids(work)))
        toll.arm()
        work.apply()
        moments = range(1, toll.counted(Moment.BEFORE) + 1)
    stops = [Stop(at, *ASKED[at % len(ASKED)]) for at in moments]
    total = Tally()
    with ThreadPoolExecutor(HANDS) as hands:
        for tally in hands.map(lambda stop: stop_and_finish(scene, tmp_path / str(stop.at), stop, expected), stops):
            total.add(tally)
    log.info("%s", total)
    assert total.broken == []
    assert total.strikes >= len(stops) - 1


@dataclass(frozen=True)
class Stop:
    """A signal at the nth request of an apply, and the format of its report."""

    at: int
    number: signal.Signals
    form: str

    def __str__(self) -> str:
        return f"{self.number.name} at request {self.at}, {self.form}"


def stop_and_finish(scene: Scene, folder: Path, stop: Stop, expected: Expected) -> Tally:
    with scene.played(folder) as (work, toll):
        work.requests()
        end = struck(work, toll, stop.at, Moment.BEFORE, stop.number, "apply", "--yes", "--format", stop.form)
        written = [entry for entries in journals(work.folder) for entry in entries]
        broken = unannounced(work, written)
        if end.hit:
            broken += misreported(end, stop, work)
        again = work.run("apply", "--yes")
        if again.code != 0:
            broken.append(f"the next apply ended with {again.code}: {again.out}{again.err}")
        tally = expected.judge(work, str(stop))
        requests = end.requests + len(toll.passed)
        tally.add(Tally(strikes=int(end.hit), requests=requests, broken=[f"{stop}: {word}" for word in broken]))
        return tally


def misreported(end: Struck, stop: Stop, work: Workplace) -> list[str]:
    """What is wrong with the exit code and the report of an apply that was asked to stop."""
    ran = end.ran
    broken = [] if ran.code == CODES[stop.number] else [f"ended with {ran.code}: {ran.out}{ran.err}"]
    if "Traceback" in ran.err:
        broken.append("shows a traceback")
    if "stopping:" not in ran.err:  # nothing was being written yet
        if ran.out and stop.form == "json" and decode(ran.out)["error"]["code"] != "interrupted":
            broken.append(f"reports {ran.out}")
        return broken + not_told(ran.err, "error: interrupted")
    if stop.form == "text":
        return broken + not_told(ran.out, f"stopped by {stop.number.name}", *(f"connection spec {key} " for key in KEYS))
    results = decode(ran.out)["results"]
    outcomes = {result["key"]: result["outcome"] for result in results if result["kind"] == Kind.CONNECTION_SPEC}
    made = {key: key in work.live() for key in KEYS[1:]}
    if len(results) != len(KEYS) + 1 or {key: outcomes[key] == "created" for key in made} != made:
        broken.append(f"reports {outcomes}, and live is {made}")
    return broken


def not_told(text: str, *words: str) -> list[str]:
    return [f"does not say {word!r}: {text}" for word in words if word not in text]
