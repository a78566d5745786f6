from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from reconciler.emulator.model import CONNECTION_SPECS, FLOW_SPECS, Place
from reconciler.planning.comparing.ownership import marker_of
from reconciler.texts.yaml import read_yaml
from tests.bench.clients.floor import read_files, read_lists
from tests.bench.generate import FULL_SANDBOX, ORG, body, change_some, key_of, write_repository, yaml_lines
from tests.bench.measure import environment
from tests.bench.services.seed import REST_STORAGE_TO_AEP, seed

COUNT = 3


@pytest.fixture
def repository(tmp_path: Path) -> tuple[Path, str]:
    folder = tmp_path / "repository"
    return folder, write_repository(folder, COUNT)


def test_a_spec_is_the_same_in_every_run_and_another_for_each_number() -> None:
    assert body(7) == body(7)
    assert body(7)["sourceSpec"]["schema"] != body(8)["sourceSpec"]["schema"]


def test_the_yaml_of_a_spec_is_the_spec() -> None:
    reading = read_yaml("\n".join(yaml_lines(body(7))).encode())
    assert (reading.value, reading.mistakes) == (body(7), ())


def test_files_are_about_eight_kilobytes() -> None:
    sizes = [sum(len(line) + 1 for line in yaml_lines(body(index))) for index in range(50)]
    assert 7_500 < sum(sizes) / len(sizes) < 8_500


def test_a_repository_loads_without_a_problem(repository: tuple[Path, str]) -> None:
    desired = load_desired(WorkingTree(repository[0] / "specs"), "bench")
    assert desired.problems == ()
    assert [spec.key for spec in desired.specs] == [key_of(index) for index in range(COUNT)]


def test_one_spec_in_fifty_is_changed(repository: tuple[Path, str]) -> None:
    folder, _ = repository
    before = load_desired(WorkingTree(folder / "specs"), "bench").specs
    assert change_some(folder, COUNT) == 1
    after = load_desired(WorkingTree(folder / "specs"), "bench").specs
    assert [one.body == other.body for one, other in zip(before, after, strict=True)] == [False, True, True]


def test_what_is_live_is_what_an_apply_would_have_left(repository: tuple[Path, str], tmp_path: Path) -> None:
    folder, commit = repository
    assert seed(folder / "specs", tmp_path / "live.db", commit) == COUNT
    place = Place(ORG, FULL_SANDBOX)
    with build(tmp_path / "live.db") as emulator:
        live = {row.id: read_yaml(row.body).value for row in emulator.store.rows(CONNECTION_SPECS, place)}
        flow = emulator.store.find(FLOW_SPECS, place, REST_STORAGE_TO_AEP)
        assert flow is not None
        attached = set(read_yaml(flow.body).value["sourceConnectionSpecIds"])
    markers = {spec_id: marker for spec_id, spec in live.items() if (marker := marker_of(spec))}
    assert {marker.commit for marker in markers.values()} == {commit}
    assert markers.keys() < attached


def test_the_floor_reads_every_file_and_every_live_spec(repository: tuple[Path, str], tmp_path: Path) -> None:
    folder, commit = repository
    seed(folder / "specs", tmp_path / "live.db", commit)
    with build(tmp_path / "live.db") as emulator, serving(emulator.app) as url:
        stock = len(emulator.store.rows(CONNECTION_SPECS, Place(ORG, "prod"))) + len(
            emulator.store.rows(FLOW_SPECS, Place(ORG, "prod"))
        )
        assert read_lists(environment(url, FULL_SANDBOX), [FULL_SANDBOX]) == COUNT + stock
    assert read_files(folder / "specs") == COUNT
