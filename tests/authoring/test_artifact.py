"""Adobe's artifact and a spec file: one into the other and back, with nothing lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.authoring.artifact import artifact_to_yaml, key_of_file, yaml_to_artifact
from reconciler.documents.json_text import encode, encode_readable
from reconciler.documents.yaml_text import read_yaml
from reconciler.errors import SpecFileError, UsageError
from tests.fuzz.strategies import KEYS, SCALARS

VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=15
)
BODIES = st.dictionaries(KEYS.filter(lambda key: key not in {"kind", "spec"}), VALUES, min_size=1, max_size=5)


def there_and_back(data: bytes) -> bytes:
    return yaml_to_artifact(artifact_to_yaml(data, "orders", "orders-connectionSpec.json"), "orders.yaml")


@settings(deadline=None)
@given(BODIES)
def test_an_artifact_comes_back_byte_for_byte(body: dict[str, Any]) -> None:
    text = encode_readable(body).encode() + b"\n"
    assert there_and_back(text) == text


def test_order_and_big_numbers_and_kinds_of_numbers_stay() -> None:
    text = '{\n  "z": 1.0,\n  "a": 123456789012345678901234567890,\n  "version": "1.0",\n  "id": "x",\n  "none": null\n}\n'
    assert there_and_back(text.encode()).decode() == text


def test_every_published_body_comes_back() -> None:
    folder = os.environ.get("RECONCILER_REFERENCE")
    if not folder:
        pytest.skip("RECONCILER_REFERENCE names no folder with published bodies")
    for file in sorted(Path(folder).glob("specs/**/*.json")):
        body = json.loads(file.read_text())
        if isinstance(body, dict):
            text = encode_readable(body).encode() + b"\n"
            assert there_and_back(text) == text, file.name


def test_the_file_has_the_key_and_says_what_the_sections_are() -> None:
    text = artifact_to_yaml(b'{"authSpec": [], "name": "x"}', "orders", "x.json")
    assert (key_of_file(text), list(read_yaml(text).value["spec"])) == ("orders", ["authSpec", "name"])
    assert b"config/authspec" in text


@pytest.mark.parametrize(
    ("envelope", "words"),
    [
        ({"ids": {"stage": "x"}, "overlays": {}}, "`ids`, `overlays`"),
        ({"flowSpecs": []}, "`flowSpecs`"),
        ({"kind": "FlowSpec"}, "'FlowSpec'"),
        ({"kind": None}, "without a kind"),
        ({"spec": []}, "no `spec:`"),
    ],
)
def test_an_envelope_that_would_lose_something_is_refused_by_name(envelope: dict[str, Any], words: str) -> None:
    data = encode({"kind": "ConnectionSpec", "key": "orders", "spec": {}, **envelope})
    with pytest.raises(UsageError) as caught:
        yaml_to_artifact(data, "orders.yaml")
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(("data", "key"), [(b'{"kind": 1, "spec": 2}', "orders"), (b"{}", "no key"), (b"[]", "orders")])
def test_what_is_no_artifact_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        artifact_to_yaml(data, key, "x.json")
    assert caught.value.hint


def test_what_cannot_be_read_is_told_with_its_place() -> None:
    with pytest.raises(SpecFileError) as caught:
        artifact_to_yaml(b'{"a": 1, "a": 2}', "orders", "x.json")
    assert [(problem.code, problem.file, problem.line) for problem in caught.value.problems] == [("duplicate-key", "x.json", 1)]


def test_a_file_without_a_key_has_none() -> None:
    assert (key_of_file(b"spec: {}"), key_of_file(b"[]")) == (None, None)
