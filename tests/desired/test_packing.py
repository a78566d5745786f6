"""Spec files as bytes and back: nothing is lost, and bytes that are not a spec file are refused."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.files import form_of
from reconciler.desired.layers import Layers
from reconciler.desired.packing import NotPacked, pack, unpack
from reconciler.desired.spec_file import SpecFile, View, read_spec_file
from reconciler.errors import Problem, Severity
from tests.desired.trees import ARTIFACT, FLOW, MAILCHIMP, ONE_ID, PROVIDER, SOURCE, MemoryTree

NAMES = ("stage", "prod")
VIEW = View("stage", NAMES, "specs", Layers(("eu", "stage"), (*NAMES, "eu"), {"host": "eu.example.com"}))
FILES = {
    MAILCHIMP: SOURCE + "  description: {var: host}\n",
    "sources/all.yaml": f"""\
kind: ConnectionSpec
key: all-of-it
formerly: [before, long-before]
ids: {{stage: {ONE_ID}}}
adopt: acme/other
ignore: [/attributes/isBeta]
flowSpecs: [mine, theirs]
overlays:
  eu: {{description: of Europe}}
spec: {{name: All, providerId: {PROVIDER}, type: generic-rest, version: "1.0"}}
""",
    "flow-specs/mine.yaml": FLOW + "  sourceConnectionSpecIds: [{ref: mailchimp}]\n",
    "flow-specs/elsewhere.yaml": f"only: [prod]\n{FLOW}",
    "sources/shop-connectionSpec.json": ARTIFACT,
    "sources/no-yaml.yaml": "kind: [",
    "sources/wrong.yaml": SOURCE + "surplus: 1\nadopt: [no]\n",
    "sources/lacking.yaml": SOURCE + "  description: {var: gone}\n",
    "sources/Käse.yaml": SOURCE,
    "sources/by\udcfftes.yaml": SOURCE,
    "sources/managed.yaml": SOURCE + "  createdAt: 1\n",
}
TREE = MemoryTree(FILES)
WHOLE = "sources/all.yaml"


def read(path: str, view: View = VIEW) -> SpecFile:
    return read_spec_file(TREE, path, form_of(path), view)


def unpacked(data: bytes, path: str = WHOLE, view: View = VIEW) -> SpecFile:
    return unpack(data, TREE, path, form_of(path), view)


def bytes_of(*changes: tuple[tuple[int, ...], object]) -> bytes:
    """A packed file with other values at these places."""
    row = msgspec.msgpack.decode(pack(read(WHOLE)))
    for (*place, last), value in changes:
        inner = row
        for index in place:
            inner = inner[index]
        inner[last] = value
    return msgspec.msgpack.encode(row)


@pytest.mark.parametrize("path", FILES)
def test_a_file_comes_back_as_it_was_read(path: str) -> None:
    file = read(path)
    again = unpacked(pack(file), path)
    assert again == file
    if file.spec is not None and again.spec is not None:
        assert again.spec.source == file.spec.source
        assert again.spec.position("/name") == file.spec.position("/name")


def test_the_reader_says_where_the_file_is_shown() -> None:
    path = "sources/managed.yaml"
    elsewhere = View(VIEW.target, VIEW.targets, "their/specs", VIEW.given_layers)
    assert unpacked(pack(read(path)), path, elsewhere) == read(path, elsewhere)


def test_unchanged_bytes_are_the_same_for_each_target_of_a_file_for_all() -> None:
    path = "sources/managed.yaml"
    assert pack(read(path)) == pack(read(path, View("prod", NAMES)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        bytes_of() + b"\x00",
        bytes_of()[:-1],
        bytes_of(((0,), "Sheep")),
        bytes_of(((1,), 7)),
        bytes_of(((-1, 0), "Sheep")),
        bytes_of(((-2,), ["crc", [1, 1]])),
        bytes_of(((-2,), [1, [1, 1], 3])),
        b"\x91" * 100_000,
        msgspec.msgpack.encode([*msgspec.msgpack.decode(bytes_of()), None]),
        msgspec.msgpack.encode({"kind": "ConnectionSpec"}),
    ],
)
def test_bytes_of_another_form_are_refused(data: bytes) -> None:
    with pytest.raises(NotPacked):
        unpacked(data)


@given(st.data())
def test_damaged_bytes_are_refused_or_are_a_file(data: st.DataObject) -> None:
    packed = bytearray(pack(read(WHOLE)))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = unpacked(bytes(packed))
    except NotPacked:
        return
    assert isinstance(found, SpecFile)


def test_a_file_with_half_a_character_cannot_be_packed() -> None:
    file = read(MAILCHIMP)
    odd = SpecFile(
        file.path, file.kind, file.key, (), (), None, (Problem(Severity.ERROR, "yaml", "\udc80", "specs"),), file.source
    )
    with pytest.raises(NotPacked):
        pack(odd)
