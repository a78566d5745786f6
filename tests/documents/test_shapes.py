"""What is wrong with a document's shape, in words."""

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from reconciler.documents.json_text import Json
from reconciler.documents.shapes import ShapeMistake, did_you_mean, name_of_type, nearest, shape_mistakes


def refuse(_: str) -> str:
    raise ValueError("never this")


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    size: int = 0


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    parts: dict[str, Inner] = {}
    refused: Annotated[str, AfterValidator(refuse)] = ""
    texts: list[str] = []
    pair: tuple[int, int] = (1, 1)


KNOWN = {(): tuple(Outer.model_fields), ("parts", "*"): tuple(Inner.model_fields)}


def mistakes_in(document: dict[str, Any]) -> list[ShapeMistake]:
    with pytest.raises(ValidationError) as raised:
        Outer.model_validate(document)
    return list(shape_mistakes(raised.value, KNOWN))


@pytest.mark.parametrize(
    ("document", "mistake"),
    [
        ({}, ShapeMistake((), "missing-key", "`name` is missing", "write name: …")),
        ({"name": 5}, ShapeMistake(("name",), "wrong-type", "`name` is a text, not a number", "write it in quotes")),
        ({"name": None}, ShapeMistake(("name",), "wrong-type", "`name` is a text, not null")),
        (
            {"name": "", "nmae": 1},
            ShapeMistake(("nmae",), "unknown-key", "`nmae` is not a key that is known here", "did you mean name?"),
        ),
        (
            {"name": "", "parts": {"a": {"zzz": 1}}},
            ShapeMistake(
                ("parts", "a", "zzz"), "unknown-key", "`parts.a.zzz` is not a key that is known here", "known here: size"
            ),
        ),
        ({"name": "", "parts": {"a": None}}, ShapeMistake(("parts", "a"), "wrong-type", "`parts.a` is a mapping, not null")),
        ({"name": "", "refused": "x"}, ShapeMistake(("refused",), "bad-value", "`refused`: never this")),
        ({"name": "", "texts": {}}, ShapeMistake(("texts",), "wrong-type", "`texts` is a list, not a mapping")),
    ],
)
def test_a_finding_is_told_in_the_documents_own_words(document: dict[str, Any], mistake: ShapeMistake) -> None:
    assert mistakes_in(document) == [mistake]


def test_a_key_in_a_mapping_that_is_not_known_has_no_hint() -> None:
    with pytest.raises(ValidationError) as raised:
        Inner.model_validate({"x": 1})
    (mistake,) = shape_mistakes(raised.value, {("a", "b", "c"): ()})
    assert mistake.hint is None


@pytest.mark.parametrize(("word", "meant"), [("Stage", "stage"), ("stagee", "stage"), ("prod", "prod"), ("elsewhere", None)])
def test_the_nearest_word_is_meant(word: str, meant: str | None) -> None:
    assert nearest(word, ["stage", "prod"]) == meant


def test_without_a_near_word_the_known_ones_are_named() -> None:
    assert did_you_mean("elsewhere", ["stage", "prod"]) == "known here: prod, stage"
    assert did_you_mean("elsewhere", []) == "there is none to name"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "true or false"),
        (1, "a number"),
        (1.5, "a number"),
        ("", "a text"),
        ([], "a list"),
        ({}, "a mapping"),
    ],
)
def test_a_value_has_a_name_in_a_sentence(value: Json, name: str) -> None:
    assert name_of_type(value) == name
