"""Words about a document's shape."""

import pytest

from reconciler.documents.json_text import Json
from reconciler.documents.shapes import name_of_type
from reconciler.wording.guesses import did_you_mean, nearest


@pytest.mark.parametrize(("word", "meant"), [("Stage", "stage"), ("stagee", "stage"), ("prod", "prod"), ("elsewhere", None)])
def test_the_nearest_word_is_meant(word: str, meant: str | None) -> None:
    assert nearest(word, ["stage", "prod"]) == meant


def test_without_a_near_word_the_known_ones_are_named() -> None:
    assert did_you_mean("elsewhere", ["stage", "prod"]) == "use one of: prod, stage"
    assert did_you_mean("elsewhere", []) == "none are defined"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "true or false"),
        (1, "a number"),
        (1.5, "a number"),
        ("", "a string"),
        ([], "a list"),
        ({}, "a mapping"),
    ],
)
def test_a_value_has_a_name_in_a_sentence(value: Json, name: str) -> None:
    assert name_of_type(value) == name
