"""Files that several targets of a run read: what is the same for all is made once, and what differs never is."""

from __future__ import annotations

import threading

import pytest

from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.readings import FOUND, Readings
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import GivenFiles, Unreadable

NAMES = ("eu", "us")
ID = "4fe859de-0000-4000-8000-000000000000"
SPEC = """\
kind: ConnectionSpec
{more}
spec:
  name: Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  description: {value}
"""
FILE = "sources/orders/connection-spec.yaml"


def both(more: str = "", value: str = "text") -> tuple[DesiredSet, DesiredSet]:
    """What the two targets read from the same files, one after the other."""
    tree, readings = GivenFiles({FILE: SPEC.format(more=more, value=value).encode()}), Readings()
    eu, us = (load_desired(tree, name, "specs", NAMES, Layers((name,), NAMES, {"host": name}), readings) for name in NAMES)
    return eu, us


def test_a_spec_that_is_the_same_for_all_targets_is_made_once() -> None:
    eu, us = both()
    assert eu.specs[0] is us.specs[0]


@pytest.mark.parametrize(
    ("more", "value"),
    [
        ("overlays: {us: {description: other}}", "text"),
        (f"ids: {{us: {ID}}}", "text"),
        ("only: [eu]", "text"),
        ("", "{var: host}"),
        ("overlays: {us: {description: {var: host}}}", "text"),
    ],
)
def test_what_differs_between_targets_is_made_for_each(more: str, value: str) -> None:
    alone = [
        load_desired(
            GivenFiles({FILE: SPEC.format(more=more, value=value).encode()}),
            name,
            "specs",
            NAMES,
            Layers((name,), NAMES, {"host": name}),
        )
        for name in NAMES
    ]
    assert alone[0].specs != alone[1].specs
    assert list(both(more, value)) == alone


def test_a_mistake_is_a_problem_of_every_target() -> None:
    eu, us = both("formerly: [orders]")
    assert [problem.code for problem in eu.problems] == [problem.code for problem in us.problems] == ["former-key"]


def test_the_set_of_specs_is_made_once_where_all_files_are_the_same_for_all() -> None:
    eu, us = both()
    assert eu.specs is us.specs
    assert eu == us


def test_a_file_that_only_one_target_could_read_is_in_its_set_alone() -> None:
    class Failing(GivenFiles):
        def read(self, path: str) -> bytes:
            if path != FILE:
                raise Unreadable("unreadable", "cannot be read", "run again")
            return super().read(path)

    text = SPEC.format(more="", value="text").encode()
    files, readings = {FILE: text, "sources/items/connection-spec.yaml": text.replace(b"Orders", b"Items")}, Readings()
    trees = (Failing(files), GivenFiles(files), GivenFiles(files))
    eu, us, uk = (
        load_desired(tree, name, "specs", NAMES, Layers((name,), NAMES, {}), readings)
        for name, tree in zip(["eu", "us", "us"], trees, strict=True)
    )
    assert [len(eu.specs), len(us.specs), len(uk.specs)] == [1, 2, 2]
    assert [len(eu.problems), len(us.problems)] == [1, 0]
    assert uk.specs is us.specs


def test_readings_with_something_from_the_cache_have_others_without_it_for_all_who_ask() -> None:
    readings = Readings([("eu", Layers(("eu",), ()))])
    assert readings.parsed_in_this_run() is readings
    found: set[str] = readings.once(FOUND, set)
    found.add("sources/a.yaml")
    anew = readings.parsed_in_this_run()
    assert anew is not readings
    assert anew is readings.parsed_in_this_run()
    assert (anew.run, anew.once(FOUND, set)) == (readings.run, set())


def test_what_one_target_read_in_this_run_is_read_by_no_other() -> None:
    class Counting(GivenFiles):
        def read(self, path: str) -> bytes:
            reads.append(path)
            return super().read(path)

    reads: list[str] = []
    tree, readings = Counting({FILE: SPEC.format(more="", value="text").encode()}), Readings()
    eu, us = (load_desired(tree, name, "specs", NAMES, Layers((name,), NAMES, {}), readings) for name in NAMES)
    assert (us is eu, reads) == (True, [FILE])


def test_the_other_targets_wait_while_one_reads_the_files() -> None:
    class Watched(GivenFiles):
        def read(self, path: str) -> bytes:
            other = threading.Thread(target=lambda: came.append(lock.acquire(blocking=False)))
            other.start()
            other.join()
            return super().read(path)

    came: list[bool] = []
    readings = Readings()
    lock = readings.one_at_a_time()
    load_desired(
        Watched({FILE: SPEC.format(more="", value="text").encode()}), "eu", "specs", NAMES, Layers(("eu",), NAMES), readings
    )
    assert came == [False]
