"""Live values in the form that the file has for them."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.authoring.importing.as_live import as_written
from reconciler.documents.places import MISSING
from reconciler.texts.in_place.alignment import align
from reconciler.texts.in_place.splices import Splices


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        (MISSING, {"a": 1}, {"a": 1}),
        ({"b": 1, "a": 2}, {"a": 2.0, "b": 1, "c": 3}, {"b": 1, "a": 2, "c": 3}),
        ({"b": 1, "a": 2}, {"a": 2}, {"a": 2}),
        ([1, {"x": 1, "y": 2}], [1.0, {"y": 2, "x": 9}], [1, {"x": 9, "y": 2}]),
        ([1, 2, 3], [3.0, 1, 4], [3, 1, 4]),
        ("1", 1, 1),
    ],
)
def test_what_means_the_same_stays_as_it_is_written(old: Any, new: Any, written: Any) -> None:
    result = as_written(old, new, ("sourceSpec",))
    assert repr(result) == repr(written)


def test_items_of_one_name_are_one_item() -> None:
    before = [{"name": "a", "v": 1}, {"name": "b"}]
    assert align(before, [{"name": "c"}, {"name": "b", "v": 2}]) == [(0, 0), (1, 1)]
    assert align(before, [{"name": "a", "v": 2}, {"name": "b"}]) == [(0, 0), (1, 1)]


def test_two_changes_of_one_place_are_refused() -> None:
    splices = Splices("abc")
    splices.replace(0, 2, "x")
    splices.replace(1, 3, "y")
    with pytest.raises(ValueError, match="one place"):
        splices.result()
