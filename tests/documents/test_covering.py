"""A reading may be the base of a write only if it shows all that was known, however the two are compared."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents import covering
from reconciler.documents.covering import uncovered

NAMES = st.sampled_from(["name", "required", "enum", "permissions", "path", "encryptionSpecs"])
LEAVES = st.sampled_from([None, True, False, 0, 1, 1.0, 2**60, "", "1", "true", "a"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12
)
BODIES = st.dictionaries(st.sampled_from(["name", "sourceSpec", "authSpec", "sourceConnectionSpecIds"]), VALUES, max_size=3)


@given(BODIES, BODIES)
def test_what_lacks_something_is_the_same_with_and_without_a_comparison_of_texts(
    more: dict[str, Any], less: dict[str, Any]
) -> None:
    found = uncovered(more, less), uncovered(less, more)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(covering, "_is_equal", lambda *_: False)
        patch.setattr(covering, "_COMPARED_AS_THEY_ARE", frozenset())
        assert found == (uncovered(more, less), uncovered(less, more))
    assert uncovered(more, more) == ()


@pytest.mark.parametrize(("more", "less"), [(1, True), ("1", 1), (0, None), (1, 2), ("a", "b"), (False, True)])
def test_another_value_covers_nothing(more: object, less: object) -> None:
    assert uncovered({"sourceSpec": {"a": more}}, {"sourceSpec": {"a": less}}) == ("sourceSpec",)


def test_a_section_with_the_same_text_is_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[object] = []

    def walk(more: object, _less: object, _path: object) -> bool:
        walked.append(more)
        return True

    monkeypatch.setattr(covering, "_covers", walk)
    one = {"sourceSpec": {"a": [1, 2], "b": "x"}, "name": "a"}
    assert uncovered({"name": "b", "sourceSpec": {"b": "x", "a": [1, 2]}}, one) == ()
    assert walked == ["b"]
