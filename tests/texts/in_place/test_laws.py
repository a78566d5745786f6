"""Whatever a text is and whatever it should say: it says it afterwards, and the lines of what stays are still there."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reconciler.documents.json_text import Json
from reconciler.texts.in_place.editor import alike
from reconciler.texts.in_place.rewrite import rewrite
from reconciler.texts.locate import Syntax
from reconciler.texts.yaml import read_yaml
from reconciler.texts.yaml_writing import document_lines, flow_text
from tests.fuzz.strategies import KEYS, SCALARS

PLAIN_KEYS = st.sampled_from(["a", "b", "c", "name", "k #", "1"])
PLAIN = st.sampled_from(["a", "b", "d: e", "true", "1", "", "x\ny", "x\n"]) | st.integers(0, 3) | st.none() | st.floats(0, 2)


def values(scalars: st.SearchStrategy[Json], keys: st.SearchStrategy[str]) -> st.SearchStrategy[Json]:
    return st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
    )


@st.composite
def changed_documents(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A document, and what becomes of it by some changes anywhere in it."""
    keys, scalars = draw(st.sampled_from([(PLAIN_KEYS, PLAIN), (KEYS, SCALARS)]))
    value = values(scalars, keys)
    document = draw(st.dictionaries(keys, value, min_size=1, max_size=4))
    wanted = json.loads(json.dumps(document))
    for _ in range(draw(st.integers(1, 4))):
        change_somewhere(draw, wanted, keys, value)
    return document, wanted


def change_somewhere(draw: st.DrawFn, container: Any, keys: st.SearchStrategy[str], value: st.SearchStrategy[Json]) -> None:
    places = list(container) if isinstance(container, dict) else list(range(len(container)))
    place = draw(st.sampled_from(places)) if places else None
    if place is not None and isinstance(container[place], dict | list) and draw(st.booleans()):
        change_somewhere(draw, container[place], keys, value)
        return
    what = draw(st.sampled_from(["add", "remove", "replace"]))
    if what == "add" and isinstance(container, list):
        container.insert(draw(st.integers(0, len(container))), draw(value))
    elif what == "add":
        container[draw(keys)] = draw(value)
    elif place is not None and what == "remove":
        del container[place]
    elif place is not None:
        container[place] = draw(value)


def as_blocks(document: dict[str, Any]) -> str:
    return "\n".join(document_lines(document)) + "\n"


def with_blank_lines(document: dict[str, Any]) -> str:
    return as_blocks(document).replace("\n", "\n\n")


def with_comments(document: dict[str, Any]) -> str:
    return "".join(f"{line} # c\n" for line in as_blocks(document).splitlines())


def by_ruamel(document: dict[str, Any]) -> str:
    yaml = YAML(pure=True)
    yaml.indent(mapping=4, sequence=4, offset=2)
    yaml.width = 40
    sink = io.StringIO()
    yaml.dump(document, sink)
    return sink.getvalue()


FORMS = (
    as_blocks,
    with_blank_lines,
    with_comments,
    flow_text,
    by_ruamel,
    lambda document: as_blocks(document).replace("\n", "\r\n"),
    lambda document: as_blocks(document).removesuffix("\n"),
    lambda document: json.dumps(document, indent=2, ensure_ascii=False),
)


@settings(max_examples=400)
@given(changed_documents(), st.sampled_from(FORMS))
def test_a_text_says_what_it_should_after_a_change(documents: tuple[dict[str, Any], dict[str, Any]], form: Any) -> None:
    document, wanted = documents
    data = form(document).encode()
    reading = read_yaml(data)
    assume(not reading.mistakes and isinstance(reading.value, dict) and set(reading.value) & set(wanted))
    after = read_yaml(rewrite(data, Syntax.YAML, wanted))
    assert after.mistakes == ()
    assert alike(after.value, wanted)


@given(st.dictionaries(PLAIN_KEYS, values(PLAIN, PLAIN_KEYS), min_size=1), PLAIN_KEYS, PLAIN)
def test_every_line_of_another_key_stays(document: dict[str, Any], key: str, value: Json) -> None:
    others = {name: item for name, item in document.items() if name != key}
    assume(others)
    text = as_blocks(document)
    after = rewrite(text.encode(), Syntax.YAML, document | {key: value}).decode()
    assert [line for line in as_blocks(others).splitlines() if line not in after.splitlines()] == []


ITEM_VALUES: dict[str, Json] = {
    "a": "a",
    "b": {"name": "b", "v": [1, 2]},
    "c": 3,
    "d": ["x", {"y": 1}],
    "e": "two words",
    "f": {"z": None},
}


def commented(names: list[str], column: int, *, blank_lines: bool) -> str:
    """A list in which each item has a comment of its own above it, and one beside its first line."""
    pad = " " * column
    lines: list[str] = []
    for name in names:
        first, *rest = document_lines([ITEM_VALUES[name]], column)
        lines += ([""] if blank_lines and lines else []) + [f"{pad}# above {name}", f"{first} # beside {name}", *rest]
    return "\n".join(["before: 1", "list:", *lines, "after: 1 # end"]) + "\n"


@given(
    names=st.lists(st.sampled_from("abcdef"), min_size=1, unique=True),
    wanted=st.lists(st.sampled_from("abcdef"), min_size=1, unique=True),
    column=st.sampled_from([0, 2, 4]),
    blank_lines=st.booleans(),
)
def test_comments_go_with_their_items(names: list[str], wanted: list[str], column: int, blank_lines: bool) -> None:
    text = commented(names, column, blank_lines=blank_lines)
    document = {"before": 1, "list": [ITEM_VALUES[name] for name in wanted], "after": 1}
    assume(set(names) & set(wanted))
    lines = rewrite(text.encode(), Syntax.YAML, document).decode().split("\n")
    for name in set(names) & set(wanted):
        beside = next(index for index, line in enumerate(lines) if line.endswith(f"# beside {name}"))
        assert lines[beside - 1] == f"{' ' * column}# above {name}"
        assert lines[beside] == text.split("\n")[text.split("\n").index(f"{' ' * column}# above {name}") + 1]
