"""What is wrong with a document's shape, in words."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from reconciler.documents.json_text import Json
from reconciler.documents.shapes import Misfit, ShapeMistake, did_you_mean, name_of_type, nearest, shape_mistakes


def refuse(_: str) -> str:
    raise Misfit("never this", "do without")


def decline(_: str) -> str:
    raise ValueError("not today")


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    size: int = 0


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    parts: dict[str, Inner] = {}
    refused: Annotated[str, AfterValidator(refuse)] = ""
    declined: Annotated[str, AfterValidator(decline)] = ""
    texts: list[str] = []
    some: Annotated[list[str], Field(min_length=1)] = ["x"]
    side: Literal["left", "right"] = "left"
    few: Annotated[int, Field(le=3)] = 0
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
        ({"name": None}, ShapeMistake(("name",), "wrong-type", "`name` is a text, not null", "write a text")),
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
        (
            {"name": "", "parts": {"a": None}},
            ShapeMistake(("parts", "a"), "wrong-type", "`parts.a` is a mapping, not null", "write its keys below it, indented"),
        ),
        ({"name": "", "refused": "x"}, ShapeMistake(("refused",), "bad-value", "`refused`: never this", "do without")),
        (
            {"name": "", "declined": "x"},
            ShapeMistake(("declined",), "bad-value", "`declined`: not today", "correct it, or leave it out"),
        ),
        (
            {"name": "", "texts": {}},
            ShapeMistake(("texts",), "wrong-type", "`texts` is a list, not a mapping", "write it as a list: [one, two]"),
        ),
        (
            {"name": "", "texts": "one"},
            ShapeMistake(("texts",), "wrong-type", "`texts` is a list, not a text", "write it as a list: [one]"),
        ),
        ({"name": "", "some": []}, ShapeMistake(("some",), "bad-value", "`some` is empty", "write at least one entry")),
        (
            {"name": "", "side": "up"},
            ShapeMistake(
                ("side",), "bad-value", "`side` is one of 'left' or 'right', and nothing else", "write 'left' or 'right'"
            ),
        ),
        (
            {"name": "", "few": 9},
            ShapeMistake(("few",), "bad-value", "`few`: input should be less than or equal to 3", "correct it, or leave it out"),
        ),
    ],
)
def test_a_finding_is_told_in_the_documents_own_words(document: dict[str, Any], mistake: ShapeMistake) -> None:
    assert mistakes_in(document) == [mistake]


def test_a_key_in_a_mapping_whose_keys_are_not_known_is_to_be_removed() -> None:
    with pytest.raises(ValidationError) as raised:
        Inner.model_validate({"x": 1})
    (mistake,) = shape_mistakes(raised.value, {("a", "b", "c"): ()})
    assert mistake.hint == "remove it"


def test_a_key_of_any_length_is_cut_in_a_sentence() -> None:
    (mistake,) = mistakes_in({"name": "", "k" * 10_000: 1})
    assert len(mistake.message) < 200


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
