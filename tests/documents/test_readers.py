"""What readers make of a document, and what they find wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from reconciler.documents.readers import FLAG, ListOf, MapOf, OrNull, Record, Scalar, choice, read_whole, text
from reconciler.documents.shapes import Misfit, ShapeMistake


def refuse(_: str) -> str:
    raise Misfit("never this", "do without")


def in_order(pair: "Inner") -> "Inner":
    if pair.size > pair.limit:
        raise Misfit("the size is above the limit", "raise the limit")
    return pair


@dataclass(frozen=True, slots=True)
class Inner:
    size: int = 0
    limit: int = 9


@dataclass(frozen=True, slots=True)
class Outer:
    name: str
    parts: Mapping[str, Inner] = field(default_factory=dict)
    refused: str = ""
    texts: tuple[str, ...] = ()
    some: tuple[str, ...] = ("x",)
    side: str = "left"
    on: bool = False
    maybe: str | None = "here"
    other_name: str = ""


OUTER = Record(
    Outer,
    {
        "name": text(),
        "parts": MapOf(Record(Inner, {"size": Scalar("integer"), "limit": Scalar("integer")}, check=in_order)),
        "refused": text(refuse),
        "texts": ListOf(text()),
        "some": ListOf(text(), least=1),
        "side": choice(Literal["left", "right"]),
        "on": FLAG,
        "maybe": OrNull(text()),
        "otherName": text(),
    },
    required=("name",),
    fields={"otherName": "other_name"},
)


def mistakes_in(document: dict[str, Any]) -> list[ShapeMistake]:
    found = read_whole(OUTER, document)
    assert isinstance(found, tuple)
    return list(found)


def test_what_is_left_out_has_its_default() -> None:
    assert read_whole(OUTER, {"name": "a"}) == Outer("a")


def test_what_is_written_is_read() -> None:
    written = {
        "name": "a",
        "parts": {"p": {"size": 2}},
        "texts": ["b"],
        "side": "right",
        "on": True,
        "maybe": None,
        "otherName": "c",
    }
    assert read_whole(OUTER, written) == Outer(
        "a", {"p": Inner(2)}, texts=("b",), side="right", on=True, maybe=None, other_name="c"
    )


def test_every_mistake_is_found() -> None:
    document = {"parts": {"a": {"size": True}, "b": 1}, "texts": ["", 1, 2], "zzz": 0}
    assert [mistake.path for mistake in mistakes_in(document)] == [
        (),
        ("parts", "a", "size"),
        ("parts", "b"),
        ("texts", "1"),
        ("texts", "2"),
        ("zzz",),
    ]


def test_values_that_do_not_fit_together_are_told_at_their_mapping() -> None:
    assert mistakes_in({"name": "", "parts": {"a": {"size": 10}}}) == [
        ShapeMistake(("parts", "a"), "bad-value", "`parts.a`: the size is above the limit", "raise the limit")
    ]


@pytest.mark.parametrize(
    ("document", "mistake"),
    [
        ({}, ShapeMistake((), "missing-key", "`name` is missing", "write name: …")),
        ({"name": 5}, ShapeMistake(("name",), "wrong-type", "`name` must be a string, not a number", "write it in quotes")),
        ({"name": None}, ShapeMistake(("name",), "wrong-type", "`name` must be a string, not null", "write a string")),
        (
            {"name": "", "nmae": 1},
            ShapeMistake(("nmae",), "unknown-key", "unknown key `nmae`", "did you mean 'name'?"),
        ),
        (
            {"name": "", "parts": {"a": {"zzz": 1}}},
            ShapeMistake(("parts", "a", "zzz"), "unknown-key", "unknown key `parts.a.zzz`", "use one of: limit, size"),
        ),
        (
            {"name": "", "parts": {"a": None}},
            ShapeMistake(
                ("parts", "a"), "wrong-type", "`parts.a` must be a mapping, not null", "write its keys under it, indented"
            ),
        ),
        ({"name": "", "refused": "x"}, ShapeMistake(("refused",), "bad-value", "`refused`: never this", "do without")),
        (
            {"name": "", "texts": {}},
            ShapeMistake(("texts",), "wrong-type", "`texts` must be a list, not a mapping", "write it as a list: [one, two]"),
        ),
        (
            {"name": "", "texts": "one"},
            ShapeMistake(("texts",), "wrong-type", "`texts` must be a list, not a string", "write it as a list: [one]"),
        ),
        ({"name": "", "some": []}, ShapeMistake(("some",), "bad-value", "`some` is empty", "write at least one entry")),
        (
            {"name": "", "side": "up"},
            ShapeMistake(("side",), "bad-value", "`side` must be one of 'left' or 'right'", "write 'left' or 'right'"),
        ),
    ],
)
def test_a_finding_is_told_in_the_documents_own_words(document: dict[str, Any], mistake: ShapeMistake) -> None:
    assert mistakes_in(document) == [mistake]


def test_a_key_of_any_length_is_cut_in_a_sentence() -> None:
    (mistake,) = mistakes_in({"name": "", "k" * 10_000: 1})
    assert len(mistake.message) < 200
