from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import reconciler.emulator
from reconciler.emulator.dataplane.connecting.refusals import MESSAGES, message_of

PACKAGE = Path(reconciler.emulator.__file__).parent


def refusals() -> Iterator[tuple[str, frozenset[str]]]:
    """Each code that the endpoints refuse with, and the words that they give for its message."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "declined"):
                continue
            if isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), frozenset(str(word.arg) for word in node.keywords)


@pytest.mark.parametrize(("code", "words"), sorted(set(refusals()), key=str))
def test_every_refusal_has_the_words_of_its_message(code: str, words: frozenset[str]) -> None:
    assert message_of(code, dict.fromkeys(words, "this"))


@pytest.mark.parametrize("code", ["1312-400", "1313-400", "1314-400", "1315-400", "1316-400", "1317-400", "1319-400"])
def test_a_finding_of_a_preview_has_a_value_and_a_field(code: str) -> None:
    assert message_of(code, {"value": "this", "field": "that"})


def test_every_message_is_of_a_refusal_or_a_preview() -> None:
    used = {code for code, _ in refusals()}
    assert {code for code in MESSAGES if code not in used} <= {
        "1313-400",
        "1314-400",
        "1315-400",
        "1316-400",
        "1317-400",
        "1319-400",
    }


def test_a_long_value_is_cut_and_braces_in_it_stay() -> None:
    said = message_of("1304-400", {"field": "{x}" + "y" * 5000})
    assert "{x}y" in said
    assert len(said) < 1000


def test_only_words_are_filled_in() -> None:
    names = {name for message in MESSAGES.values() for _, name, _, _ in Formatter().parse(message) if name is not None}
    assert names == {"value", "field", "allowed", "reason"}
