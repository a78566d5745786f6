"""Ten changes in ten files: each changes as many lines as whoever wrote the file would have to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

import pytest

from reconciler.texts.in_place.rewrite import rewrite
from reconciler.texts.locate import Syntax
from reconciler.texts.yaml import read_yaml
from tests.authoring.written_files import FILES


def auth(document: Any, index: int = 0) -> Any:
    return document["spec"]["authSpec"][index]["spec"]


CHANGES: Final[dict[str, Callable[[Any], object]]] = {
    "a text": lambda document: document["spec"].update(name="Acme Orders 2"),
    "a long text": lambda document: document["spec"].update(description=document["spec"]["description"].replace("shop", "store")),
    "another type": lambda document: document["spec"]["paging"].update(limit=100),
    "a new field": lambda document: auth(document)["properties"].update(region={"type": "string"}),
    "a field less": lambda document: auth(document)["properties"].pop("token"),
    "a new word": lambda document: auth(document)["required"].append("region"),
    "a word less": lambda document: auth(document)["required"].remove("token"),
    "another order": lambda document: document["spec"]["authSpec"].reverse(),
    "moved and changed": lambda document: (auth(document)["required"].remove("host"), document["spec"]["authSpec"].reverse()),
    "a section less": lambda document: document["spec"].pop("paging"),
}


FEWEST: Final = {
    "two spaces, comments above items": ((1, 1), (1, 1), (1, 1), (0, 1), (1, 0), (1, 1), (1, 1), (6, 6), (7, 7), (3, 0)),
    "four spaces, single quotes, lists at their key": (
        (1, 1),
        (1, 1),
        (1, 1),
        (0, 2),
        (2, 0),
        (0, 1),
        (1, 0),
        (7, 7),
        (8, 7),
        (3, 0),
    ),
    "Windows line ends and no last one": ((1, 1), (1, 1), (1, 1), (0, 2), (2, 0), (0, 1), (1, 0), (7, 7), (8, 7), (3, 0)),
    "one line for each entry": ((1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 0)),
    "anchors and blank lines": ((2, 2), (1, 1), (2, 2), (0, 2), (3, 3), (0, 1), (1, 0), (7, 9), (8, 9), (4, 1)),
    "three spaces, question marks, dashes alone": (
        (1, 1),
        (2, 1),
        (1, 1),
        (0, 2),
        (2, 0),
        (0, 1),
        (1, 0),
        (9, 9),
        (10, 9),
        (3, 0),
    ),
    "brackets over lines": ((1, 1), (1, 1), (1, 1), (1, 2), (1, 0), (1, 2), (1, 0), (11, 11), (11, 10), (4, 0)),
    "JSON with tabs": ((1, 1), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (1, 1), (7, 7), (7, 7), (5, 1)),
    "eight spaces, double quotes": ((1, 1), (1, 1), (1, 1), (0, 1), (1, 0), (1, 1), (1, 1), (6, 6), (7, 7), (4, 0)),
    "no spaces before lists, few quotes": ((1, 1), (1, 1), (1, 1), (0, 2), (2, 0), (0, 1), (1, 0), (8, 8), (9, 8), (3, 0)),
}
"""For each file and each change, in their order, the lines that have to go and to come. An alias whose anchor says something else now is
written out; so is one that would come before its anchor."""


@pytest.mark.parametrize(
    ("file", "change", "fewest"),
    [(file, change, fewest) for file, row in FEWEST.items() for change, fewest in zip(CHANGES, row, strict=True)],
)
def test_a_change_takes_the_fewest_lines(file: str, change: str, fewest: tuple[int, int]) -> None:
    assert changed_lines(FILES[file], CHANGES[change]) == fewest


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("change", CHANGES)
def test_no_comment_is_lost_but_with_what_it_is_about(file: str, change: str) -> None:
    before = set(re.findall("#.*", FILES[file]))
    lost = {"a field less": {"# a secret"}, "a word less": {"# first"}, "a section less": {"# a text", "# A text."}}
    assert before - set(re.findall("#.*", changed(FILES[file], CHANGES[change]))) <= lost.get(change, set())


def changed(text: str, change: Callable[[Any], object]) -> str:
    wanted = json.loads(json.dumps(read_yaml(text.encode()).value))
    change(wanted)
    return rewrite(text.encode(), Syntax.YAML, wanted).decode()


def changed_lines(text: str, change: Callable[[Any], object]) -> tuple[int, int]:
    """How many lines go and come at least."""
    before, after = text.splitlines(), changed(text, change).splitlines()
    same = common(before, after)
    return len(before) - same, len(after) - same


def common(before: list[str], after: list[str]) -> int:
    """The length of the longest sequence of lines that stands in both."""
    row = [0] * (len(after) + 1)
    for line in before:
        above, row = row, [0]
        for index, other in enumerate(after):
            row.append(above[index] + 1 if line == other else max(above[index + 1], row[index]))
    return row[-1]
