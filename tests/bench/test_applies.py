from __future__ import annotations

import pytest

from tests.bench.applies import Row, apply_lines, writes_per_second
from tests.bench.measure import BenchFailed


def event(name: str, at: float) -> dict[str, object]:
    return {"event": name, "at": at, "kind": "ConnectionSpec"}


def test_only_connection_specs_after_the_first_and_the_wait_after_it_count() -> None:
    first = [event("intent", 1), event("answer", 2), event("result", 3)]
    others = [event("intent", 20), event("intent", 20.5), event("result", 21), event("result", 22)]
    flow_spec = [event(name, 60) | {"kind": "FlowSpec"} for name in ("intent", "result")]
    assert writes_per_second([{"event": "start", "at": 0}, *first, *others, *flow_spec, {"event": "end", "at": 90}]) == 1
    with pytest.raises(BenchFailed, match="fewer than two writes"):
        writes_per_second(first)


def test_an_apply_that_is_slower_than_it_should_be_is_marked() -> None:
    rows = [Row("floor", 200), Row("fast", 181, 0.905, 0.9), Row("slow", 178, 0.89, 0.9), Row("shown", 90, 0.45)]
    assert [line.split() for line in apply_lines(rows)][1:] == [
        ["floor", "200.0"],
        ["fast", "181.0", "0.91", "0.9"],
        ["slow", "178.0", "0.89", "0.9", "!"],
        ["shown", "90.0", "0.45"],
    ]
