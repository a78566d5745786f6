"""Three merges in two days, and a soak of a day before prod: what an hourly run does, whatever the clock of its machine says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from reconciler import emulator
from reconciler.http.clock import SystemClock
from tests.cli.test_fleet import SPEC, Folder
from tests.cli.test_fleet_reviewed import Team, describe
from tests.github.fake_api import FakeGitHub
from tests.github.situations import REPO, World

SETTINGS: Final = """\
version: 1
repository: acme/aep-sources
targets:
  stage: {emulator: .reconciler/stage.db}
  prod: {emulator: .reconciler/prod.db, after: [stage], soak: 24h}
network: {consistency_window: 0s, settle: 0s}
"""
BOTH: Final = ("--target", "stage", "--target", "prod")
HOUR: Final = 3_600.0
LONG_BEFORE: Final = -100 * HOUR


@dataclass
class Times:
    """Hours since the first merge, by the clock of the service, and how far the clock of the runner is ahead of it."""

    hour: float
    ahead: float

    def served(self) -> float:
        return 1_800_000_000.0 + self.hour * HOUR

    def local(self) -> float:
        return self.served() + self.ahead


@pytest.fixture(params=[-HOUR, 0.0, HOUR], ids=["slow", "right", "fast"])
def times(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Times:
    made = Times(LONG_BEFORE, request.param)
    monkeypatch.setattr(emulator, "build", partial(emulator.build, clock=made.served))
    monkeypatch.setattr(SystemClock, "now", lambda _: made.local())
    return made


@pytest.fixture
def team(times: Times, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Team]:
    """Two sources that have been in stage and prod for long."""
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", SETTINGS)
    (made.root / ".gitignore").write_text(".reconciler/\nplan.json\n")
    for key in ("orders", "members"):
        made.write(f"sources/{key}/connection-spec.yaml", SPEC.replace("KEY", key))
    made.commit()
    assert made("--target", "stage", "apply", "--yes").code == 0
    times.hour += 48
    assert made("--target", "prod", "apply", "--yes").code == 0
    fake = FakeGitHub()
    fake.add_repository(REPO, made.repository.git("rev-parse", "HEAD"))
    with fake.serving() as url, ExitStack() as clients:
        yield Team(made, World(fake, url, clients), capsys)


def written(team: Team) -> dict[str, list[str]]:
    """The keys that a run writes in each target, all of it reviewed and none of it refused."""
    code, report, err = team.apply(*BOTH)
    assert code == 0, err
    return {
        target["name"]: [one["key"] for one in target["report"]["results"] if one["requests"]] for target in report["targets"]
    }


def test_each_spec_goes_on_once_it_has_soaked_by_the_clock_of_the_service(team: Team, times: Times) -> None:
    done: dict[float, dict[str, list[str]]] = {}
    merges = {0.0: "orders", 10.0: "members", 30.0: "clients"}
    for hour in (0.0, 10.0, 23.5, 24.1, 30.0, 33.5, 34.1, 53.5, 54.1, 55.0):
        times.hour = hour
        if key := merges.get(hour):
            describe(team, key, "two")
            team.merge(key, BOTH)
        done[hour] = written(team)
    moved = {(hour, target): keys for hour, found in done.items() for target, keys in found.items() if keys}
    assert moved == {
        (0.0, "stage"): ["orders"],
        (10.0, "stage"): ["members"],
        (24.1, "prod"): ["orders"],
        (30.0, "stage"): ["clients"],
        (34.1, "prod"): ["members"],
        (54.1, "prod"): ["clients"],
    }
