"""A few worlds for each run; `python -m tests.identity` draws as many as are asked for, and compares with older code."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.identity.__main__ import Options, judge, run
from tests.identity.caches import STATES, files_in
from tests.identity.service import serving
from tests.identity.ways import WAYS, WORKERS, Report, Way, difference, reports, runners, ways_of
from tests.identity.worlds import World, draw_world

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="commands run in forks that are kept to one core")
WORLDS, BATCH = 9, 3
MARKERS_ARE_ELSEWHERE = ("reconciler.planning.comparing.ownership", "MARKER_FIELD", "elsewhere")


@pytest.mark.parametrize("first", range(0, WORLDS, BATCH))
def test_every_report_is_the_same_in_every_way(first: int, capsys: pytest.CaptureFixture[str]) -> None:
    differing = run(range(first, first + BATCH), Options())
    assert differing == 0, capsys.readouterr().out


def test_code_that_plans_something_else_is_noticed(tmp_path: Path) -> None:
    ways = (Way("as it is"), Way("changed", patches=(MARKERS_ARE_ELSEWHERE,)))
    with runners() as started, serving() as service:
        found = [
            judge(draw_world(seed, tmp_path / str(seed)), ways, started, service, tmp_path / f"{seed}-out")[0]
            for seed in range(3)
        ]
    assert [said for said in found if said is not None and "'as it is' and 'changed' differ in" in said]


def test_a_seed_draws_the_same_bytes_wherever_it_is(tmp_path: Path) -> None:
    one, other = (draw_world(3, tmp_path / name / "repository") for name in ("a", "b"))
    assert (one.sandboxes, one.commands) == (other.sandboxes, other.commands)
    assert _files(one.folder) == _files(other.folder) != {}


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("specs/**/*.*") if path.is_file()}


def test_the_worlds_have_what_plans_are_about(tmp_path: Path) -> None:
    """Otherwise nothing would be compared: changes of each kind are planned, and files are refused."""
    actions: set[str] = set()
    codes: set[str] = set()
    with runners() as started, serving() as service:
        for seed in range(12):
            world = draw_world(seed, tmp_path / str(seed))
            world = replace(world, commands=world.commands[1:2])
            judge(world, (Way("once"),), started, service, tmp_path / f"{seed}-out")
            report = json.loads((tmp_path / f"{seed}-out/once/0.out").read_bytes())
            plans = [target["report"] or {} for target in report["targets"]] if "targets" in report else [report]
            actions |= {action["action"] for plan in plans for action in plan.get("actions", [])}
            codes |= {problem["code"] for plan in plans for problem in plan.get("problems", [])}
    assert {"create", "update", "attach", "rename"} <= actions
    assert {"syntax", "namesake", "uncommitted"} <= codes


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Report(2, b"a\n", b""), "exit code 0, then 2"),
        (Report(0, b"b\n", b""), "standard output from byte 0: 'a\\n', then 'b\\n'"),
        (Report(0, b"a", b""), "standard output from byte 1: 'a\\n', then 'a'"),
        (Report(0, b"a\n", b"!"), "standard error from byte 0: '', then '!'"),
        (Report(0, b"a\n", b""), None),
    ],
)
def test_a_difference_of_one_byte_is_a_difference(other: Report, said: str | None) -> None:
    assert difference(("plan",), Report(0, b"a\n", b""), other) == said


def test_the_log_of_requests_has_times_and_is_not_compared() -> None:
    assert difference(("plan", "-v"), Report(0, b"", b"12 ms"), Report(0, b"", b"13 ms")) is None


def test_all_ways_have_their_turn() -> None:
    assert {way.name for seed in range(len(WAYS)) for way in ways_of(seed)} == {way.name for way in WAYS}
    assert ways_of(5, every=True) == WAYS


def test_files_are_parsed_by_workers_where_they_are_to_be(tmp_path: Path) -> None:
    """Otherwise each way would be the same one."""
    started_one = tmp_path / "started"
    tells = ("reconciler.desired.parsing.process", "_START", f"open({str(started_one)!r}, 'w').close()")
    world = next(world for world in _worlds(tmp_path) if len(list(world.folder.glob("specs/sources/*/*.yaml"))) > 2)
    with runners() as started, serving() as service:
        for patches, is_started in (((tells,), False), ((*WORKERS, tells), True)):
            reports(world, Way("workers", patches=patches), started, service.base_url, tmp_path / "out")
            assert started_one.exists() == is_started


@pytest.mark.parametrize(
    ("state", "is_filled"), [("empty cache", True), ("cache on a full disk", False), ("file for a cache", False)]
)
def test_a_cache_is_filled_where_it_can_be(state: str, is_filled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bytes] = []
    monkeypatch.setattr("tests.identity.ways.remove", lambda folder: kept.extend(file.read_bytes() for file in files_in(folder)))
    with runners() as started, serving() as service:
        reports(next(_worlds(tmp_path)), Way("cached", cache=STATES[state]), started, service.base_url, tmp_path / "out")
    assert any(kept) == is_filled


def _worlds(folder: Path) -> Iterator[World]:
    """Worlds with a spec file for one sandbox, with `validate` and `plan`."""
    for seed in itertools.count():
        world = draw_world(seed, folder / str(seed))
        if len(world.targets) == 1 and list(world.folder.glob("specs/sources/*/connection-spec.yaml")):
            yield replace(world, commands=world.commands[:2])
