"""Whatever style a text is written in and whatever changes in it: it says what was meant, and what did not change is as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.documents.json_text import Json, encode_sorted
from reconciler.texts.in_place.rewrite import rewrite
from reconciler.texts.locate import Syntax
from reconciler.texts.yaml import read_yaml
from tests.texts.in_place.odd_yaml import OddYaml, Path, odd_yaml

_NEW: Final[tuple[Json, ...]] = (
    *("new", "new: text", "1", "", "x\ny\n", "  x\ny", "it's", 5, 1.5, None, False),
    *([], {}, ["new", "q r"], {"new": 1}, [{"name": "n", "new": [1]}], {"new": {"k": "x\ny"}}, [["new"], "a\nb\n"]),
)


@dataclass(frozen=True, slots=True)
class Edited:
    """What a document is to say, and the paths, as they were, of what was replaced or went, and of what that stood in."""

    wanted: Any
    replaced: frozenset[Path]
    within: frozenset[Path]


def containers(value: Json, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict | list):
        yield path, value
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from containers(item, (*path, key))


def value_at(document: Json, path: Path) -> Any:
    for part in path:
        document = document[part]
    return document


@st.composite
def edits(draw: st.DrawFn, document: dict[str, Any]) -> Edited:
    """One to three changes, each of another mapping or list, the deepest ones first.

    In a list in which items come, go or move none of them changes: which one became which would be a guess.
    """
    wanted = json.loads(json.dumps(document))
    places = [path for path, value in containers(document) if value]
    chosen = draw(st.lists(st.sampled_from(places), min_size=1, max_size=3, unique=True))
    lists = {path for path in chosen if isinstance(value_at(document, path), list)}
    chosen = [path for path in chosen if not any(path != above and is_below(path, above) for above in lists)]
    replaced: set[Path] = set()
    for path in sorted(chosen, key=len, reverse=True):
        container = value_at(wanted, path)
        if isinstance(container, dict):
            replaced |= change_mapping(draw, container, path)
        else:
            replaced |= change_list(draw, container, path)
    return Edited(wanted, frozenset(replaced), frozenset(chosen))


def change_mapping(draw: st.DrawFn, mapping: dict[str, Any], path: Path) -> set[Path]:
    what = draw(st.sampled_from(["add", "remove", "replace"]))
    if what == "add":
        mapping[draw(st.sampled_from(["new", "new key", "12"]))] = draw(st.sampled_from(_NEW))
        return set()
    key = draw(st.sampled_from(list(mapping)))
    if what == "replace":
        mapping[key] = draw(st.sampled_from(_NEW))
    elif len(mapping) > 1:
        del mapping[key]
    return {(*path, key)}


def change_list(draw: st.DrawFn, items: list[Any], path: Path) -> set[Path]:
    what = draw(st.sampled_from(["add", "remove", "replace", "reorder"]))
    place = draw(st.integers(0, len(items) - 1))
    if what == "add":
        items.insert(place, draw(st.sampled_from(_NEW)))
        return set()
    if what == "reorder":
        items[:] = draw(st.permutations(items))
        return set()
    if what == "replace":
        items[place] = draw(st.sampled_from(_NEW))
    elif len(items) > 1:
        del items[place]
    return {(*path, place)}


def is_below(path: Path, above: Path) -> bool:
    return path[: len(above)] == above


def untouched(odd: OddYaml, document: Json, edited: Edited) -> Iterator[tuple[Path, str]]:
    """The entries that nothing happened to, and the heads of those that something happened in."""
    for path, text in odd.entries.items():
        if "*" in text or any(is_below(path, gone) for gone in edited.replaced) or list_with_twins(document, path) is not None:
            continue
        changed = edited.replaced | edited.within
        if not any(is_below(other, path) for other in changed):
            yield path, text
        elif odd.heads.get(path) and value_at(document, path):
            yield path, odd.heads[path]


def comments(text: str) -> set[str]:
    return set(re.findall(r"# [a-z]+ \d+", text))


def of_what_changed(odd: OddYaml, document: Json, edited: Edited) -> set[str]:
    """The comments of entries that were replaced or went, or may have, since another one says the same."""
    gone: set[str] = set()
    for path in [*edited.replaced, *((*path, 0) for path in edited.within)]:
        twins = list_with_twins(document, path)
        known = path if twins is None else twins
        if path in edited.replaced or twins is not None:
            while known not in odd.entries and known:
                known = known[:-1]
            gone |= comments(odd.entries.get(known, odd.text) + odd.beside.get(known, ""))
    return gone


def list_with_twins(document: Json, path: Path) -> Path | None:
    """A list on the way there of which two items say the same: which of them went, nobody can tell."""
    for length in range(len(path)):
        container = value_at(document, path[:length])
        if isinstance(container, list) and len({encode_sorted(item) for item in container}) < len(container):
            return path[:length]
    return None


@st.composite
def texts_and_edits(draw: st.DrawFn) -> tuple[OddYaml, Edited]:
    odd = draw(odd_yaml())
    reading = read_yaml(odd.text.encode())
    assume(not reading.mistakes)
    return odd, draw(edits(reading.value))


@given(texts_and_edits(), st.sampled_from(["\n", "\r\n"]))
def test_what_did_not_change_is_as_it_was(example: tuple[OddYaml, Edited], line_break: str) -> None:
    odd, edited = example
    before = odd.text.replace("\n", line_break).encode()
    document = read_yaml(before).value
    after = rewrite(before, Syntax.YAML, edited.wanted)
    text = after.decode()
    assert "\n" not in text.replace(line_break, "")
    assert comments(odd.text) - comments(text) <= of_what_changed(odd, document, edited)
    for path, lines in untouched(odd, document, edited):
        assert lines.replace("\n", line_break) in text, path


@given(texts_and_edits())
def test_a_change_can_be_taken_back(example: tuple[OddYaml, Edited]) -> None:
    odd, edited = example
    document = read_yaml(odd.text.encode()).value
    after = rewrite(odd.text.encode(), Syntax.YAML, edited.wanted)
    again = read_yaml(rewrite(after, Syntax.YAML, document))
    assert again.mistakes == ()
    assert encode_sorted(again.value) == encode_sorted(document)
