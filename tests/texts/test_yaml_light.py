"""Light events say what the events of ruamel.yaml say, or are not used."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import _ruamel_yaml
import msgspec
import pytest
from hypothesis import given
from ruamel.yaml import events as usual

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments
from reconciler.texts import yaml_light
from reconciler.texts.nodes import Node
from reconciler.texts.yaml import read_yaml
from reconciler.texts.yaml_light import use_light_events
from reconciler.texts.yaml_nodes import yaml_nodes
from reconciler.texts.yaml_seeking import first_place
from tests.desired.parsing.files import ODD
from tests.texts.documents import json_objects, yaml_scraps

NAMES = [name for name in dir(_ruamel_yaml) if name.endswith("Event")]
DOCUMENT = "a: &x !!str 'b'\n? [1, *x, !!int '2']\n: !no {c: d, c: <<, <<: 1}\ne: !!map\n- !!seq [*y]\n- &z {f: *z}\ng: [*x"


@contextmanager
def light_events() -> Iterator[None]:
    """The parser of this process makes light events for as long as the context is open."""
    saved = {name: getattr(_ruamel_yaml, name) for name in NAMES}
    try:
        assert use_light_events(_ruamel_yaml)
        yield
    finally:
        for name, kind in saved.items():
            setattr(_ruamel_yaml, name, kind)


def assert_the_same(data: bytes) -> None:
    expected = read_yaml(data), placed(data)
    with light_events():
        assert (read_yaml(data), placed(data)) == expected


def placed(data: bytes) -> list[object]:
    """All nodes of a document, and where each entry is when it alone is looked for."""
    text = data.decode()
    found: list[object] = []
    due: list[tuple[Segments, Node]] = [((), yaml_nodes(text))]
    while due:
        path, node = due.pop()
        found.append((path, node.shape, node.start, node.end, node.inner, node.anchor, node.flow, node.block_text, node.value))
        for index, entry in enumerate(node.entries):
            way = (*path, str(index) if entry.key is None else entry.key)
            found.append((entry.name, entry.start, entry.head, first_place(text, [way])))
            due.append((way, entry.node))
    return found


@pytest.mark.parametrize("text", [*ODD.values(), DOCUMENT, *(DOCUMENT[:length] for length in range(len(DOCUMENT)))])
def test_files_and_their_mistakes_are_read_the_same(text: str) -> None:
    assert_the_same(text.encode())


@given(yaml_scraps)
def test_scraps_are_read_the_same(text: str) -> None:
    assert_the_same(text.encode())


@given(json_objects)
def test_documents_are_read_the_same(value: dict[str, Json]) -> None:
    assert_the_same(msgspec.json.encode(value))


class StrangeParser:
    """A parser of another version, which makes light events in another way than it makes the usual ones."""

    def __init__(self, module: ModuleType, fault: str, data: bytes) -> None:
        self._module, self._fault, self._usual = module, fault, _ruamel_yaml.CParser(data)

    def get_event(self) -> object:
        event = self._usual.get_event()
        if type(event) is not usual.ScalarEvent or self._module.ScalarEvent is usual.ScalarEvent:
            return event
        given = [event.anchor, event.ctag, event.implicit, event.value, event.start_mark, event.end_mark, event.style]
        if self._fault == "swaps":
            given[0], given[3] = given[3], given[0]
        return self._module.ScalarEvent(*given, *([None] if self._fault == "adds" else []))


@pytest.mark.parametrize("fault", ["swaps", "adds"])
def test_a_parser_that_makes_its_events_otherwise_is_left_as_it_is(fault: str) -> None:
    module = ModuleType("strange")
    events = {name: getattr(usual, name) for name in yaml_light.REPLACED}
    vars(module).update(events, CParser=lambda data: StrangeParser(module, fault, data))
    assert not use_light_events(module)
    assert {name: getattr(module, name) for name in events} == events


def test_a_module_without_a_parser_is_left_as_it_is() -> None:
    module = ModuleType("empty")
    before = dict(vars(module))
    assert not use_light_events(module)
    assert vars(module) == before


READS = (
    "from reconciler.texts.yaml import read_yaml; read_yaml(b'a: 1'); import _ruamel_yaml as c; print(c.ScalarEvent.__module__)"
)


@pytest.mark.parametrize(
    ("before", "events"),
    [
        ("from reconciler.desired.parsing.worker import main; main()", "reconciler.texts.yaml_light"),
        ("from reconciler.cli.entry import _run; _run(['explain'])", "reconciler.texts.yaml_light"),
        ("import reconciler.api", "ruamel.yaml.events"),
    ],
    ids=["worker", "command", "library"],
)
def test_only_processes_of_our_own_use_light_events(before: str, events: str) -> None:
    code = f"{before}; {READS}"
    done = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, check=True)  # noqa: S603
    assert done.stdout.endswith(f"{events}\n".encode())
