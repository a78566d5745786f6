"""For every right spec and the API that matches it: all records exactly once, no finding. For every mistake that loses some: a finding."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Severity
from reconciler.sources.calls import Call, Limits
from reconciler.sources.evidence import Assumptions
from reconciler.sources.trial import Trial, trial
from tests.sources.trials import First, request, source
from tests.sources.worlds import World, mistakes, worlds


def read(world: World, pagination: dict[str, Any], content: str = "$.things") -> tuple[Trial, list[int]]:
    numbers: list[int] = []

    def on_page(_call: Call, records: Any) -> None:
        numbers.extend(record["n"] for record in records)

    spec = source(pagination, content)
    return trial(spec, First(request()), world.fetch, Limits(pages=60), Assumptions(), on_page=on_page), numbers


def seen(found: Trial) -> list[str]:
    return [item.code for item in found.findings if item.severity is not Severity.INFO]


@given(worlds())
def test_a_right_spec_reads_all_records_once_without_a_finding(world: World) -> None:
    found, numbers = read(world, world.pagination)
    assert numbers == list(range(world.count))
    assert seen(found) == []
    assert found.records == world.count


@given(worlds(), st.data())
def test_each_mistake_that_changes_what_is_read_is_reported(world: World, data: st.DataObject) -> None:
    name, wrong = data.draw(st.sampled_from(sorted(mistakes(world).items())))
    found, numbers = read(world, wrong)
    assert numbers == list(range(world.count)) or seen(found), name


@given(worlds())
def test_another_content_path_is_reported(world: World) -> None:
    for content in ("$.thing", "$", "$.total", "$.things[0]", "$.things[*]"):
        assert seen(read(world, world.pagination, content)[0])


@given(worlds())
def test_a_trial_is_the_same_each_time(world: World) -> None:
    first, second = read(world, world.pagination)[0], read(world, world.pagination)[0]
    assert (first.findings, first.rows, first.used, first.stop) == (second.findings, second.rows, second.used, second.stop)
