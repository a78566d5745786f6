"""Adobe's artifact and a spec file: one into the other and back, with nothing lost."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from reconciler.authoring.convert.artifact import artifact_to_yaml, key_of_file, yaml_to_artifact
from reconciler.documents.json_text import decode, encode, encode_readable
from reconciler.errors import SpecFileError, UsageError
from reconciler.sdk.sections import ONLY_FLOW
from reconciler.texts.yaml import read_yaml
from tests.fuzz.strategies import KEYS, SCALARS, yaml_texts
from tests.published import bodies_in, needs_published, published

VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=15
)
NOT_OF_AN_ARTIFACT = {"items", *ONLY_FLOW}
BODIES = st.dictionaries(KEYS, VALUES, max_size=5).filter(
    lambda body: not body.keys() >= {"kind", "spec"} and NOT_OF_AN_ARTIFACT.isdisjoint(body)
)


def there_and_back(data: bytes) -> bytes:
    return yaml_to_artifact(artifact_to_yaml(data, "orders", "orders-connectionSpec.json"), "orders.yaml")


NUMBERS = st.from_regex(r"\A-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?\Z")
LAYOUTS = st.sampled_from(["%s", "[%s]", "[[], %s, {}]", '{"a": %s, "b": "1.10"}', '[{"-0": %s}, "-0"]'])


@given(BODIES)
def test_an_artifact_comes_back_byte_for_byte(body: dict[str, Any]) -> None:
    text = encode_readable(body).encode() + b"\n"
    assert there_and_back(text) == text


@given(st.lists(st.builds(lambda layout, number: layout % number, LAYOUTS, NUMBERS), min_size=1, max_size=4))
def test_every_number_comes_back_as_it_is_spelled(values: list[str]) -> None:
    text = "{" + ", ".join(f'"f{index}": {value}' for index, value in enumerate(values)) + "}"
    assert there_and_back(text.encode()) == msgspec.json.format(text, indent=2).encode() + b"\n"


def test_order_and_big_numbers_and_kinds_of_numbers_stay() -> None:
    text = '{\n  "z": 1.0,\n  "a": 123456789012345678901234567890,\n  "version": "1.0",\n  "id": "x",\n  "none": null\n}\n'
    assert there_and_back(text.encode()).decode() == text


@pytest.mark.parametrize(
    "number", ["-0", "-0.0", "1.0", "1.10", "1E5", "1e+5", "1E-7", "1e-400", "0.1000000000000000055", "9" * 30, "4.9E-324"]
)
def test_a_number_stands_in_the_file_as_the_artifact_has_it(number: str) -> None:
    text = artifact_to_yaml(f'{{"limit": {number}}}'.encode(), "orders", "x.json")
    assert f"\n  limit: {number}\n" in text.decode()
    assert encode(read_yaml(text).value["spec"]["limit"]) == encode(decode(number))


def test_a_number_that_nothing_can_hold_is_told_with_its_place() -> None:
    with pytest.raises(SpecFileError) as caught:
        artifact_to_yaml(b'{"a": 1e400}', "orders", "x.json")
    assert [(problem.file, problem.line, bool(problem.hint)) for problem in caught.value.problems] == [("x.json", 1, True)]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *(("-0", "-0"), ("1.10", "1.10"), ("[ 1E5 ]", "[1E5]"), ("0x1f", "31"), ("+1", "1"), (".5", "0.5"), ("007", "7")),
        *(("1.", "1.0"), ("!!float 1", "1.0"), ("!!int 1", "1"), ('"-0"', '"-0"'), ("1_000", '"1_000"'), ("0o17", "15")),
        ("[&a 1.10, *a, &a {n: -0}, *a]", '[1.10,1.10,{"n":-0},{"n":-0}]'),
        ("{&k key: 1.10, b: *k}", '{"key":1.10,"b":"key"}'),
    ],
)
def test_a_number_of_yaml_is_written_as_it_is_spelled_where_that_is_json(written: str, number: str) -> None:
    artifact = yaml_to_artifact(f"kind: ConnectionSpec\nspec:\n  a: {written} # there\n".encode(), "orders.yaml")
    assert artifact == msgspec.json.format(f'{{"a":{number}}}', indent=2).encode() + b"\n"


@given(yaml_texts())
def test_any_text_is_refused_or_becomes_an_artifact_of_its_body(data: bytes) -> None:
    try:
        artifact = yaml_to_artifact(data, "x.yaml")
    except (UsageError, SpecFileError):
        event("refused")
        return
    event("written")
    assert encode(decode(artifact)) == encode(read_yaml(data).value["spec"])
    assert yaml_to_artifact(artifact_to_yaml(artifact, "orders", "x.json"), "y.yaml") == artifact


@pytest.mark.parametrize(
    "text",
    [
        *(
            "yes",
            "0x1f",
            "1_000",
            "~",
            "=",
            "<<",
            "2024-01-01",
            "1:30",
            "",
            " ",
            "a ",
            " a",
            "a: b",
            "a #b",
            "- a",
            "? a",
            "---",
            "...",
        ),
        *(
            "\t",
            "a\tb",
            "a\r",
            "a\r\nb",
            "a\u0085b",
            "a\u2028b",
            "\ufeffa",
            "\x00",
            "\x7f",
            "\ufffe",
            "\ud7ff",
            "😀",
            "\U0010ffff",
        ),
        *(
            "\n",
            "a\n",
            "\na",
            "a\n\n",
            "a\n b",
            " a\nb",
            "# a\nb",
            "a\n---\nb",
            "a\n\tb",
            "x" * 5000,
            "x " * 3000,
            "\\",
            '"',
            "'",
        ),
    ],
)
def test_a_text_comes_back_whatever_it_looks_like(text: str) -> None:
    for body in ({"a": text}, {text: [{text: text}]}, {"a": [text, [text]]}):
        artifact = encode_readable(body).encode() + b"\n"
        assert there_and_back(artifact) == artifact


@pytest.mark.parametrize("body", ["{}", '{"a":{}}', '{"a":[]}', '{"a":[[],[{}],{}]}', '{"":""}', '{"kind":1}', '{"spec":{}}'])
def test_what_is_empty_or_has_an_odd_name_comes_back(body: str) -> None:
    assert decode(there_and_back(body.encode())) == decode(body)


def test_marks_at_the_start_and_escapes_are_read_and_not_kept() -> None:
    assert there_and_back(b'\xef\xbb\xbf{"a":"\\ud83d\\ude00\\/"}') == '{\n  "a": "😀/"\n}\n'.encode()


def test_what_would_be_nested_too_deep_in_its_envelope_is_refused() -> None:
    def nested(levels: int) -> bytes:
        return b'{"a":' + b"[" * levels + b"]" * levels + b"}"

    assert decode(there_and_back(nested(198))) == decode(nested(198))
    with pytest.raises(UsageError, match="nesting is deeper than 200 levels") as caught:
        artifact_to_yaml(nested(199), "orders", "x.json")
    assert caught.value.hint


def test_what_would_have_more_bytes_than_are_read_is_refused() -> None:
    data = b"kind: ConnectionSpec\nspec: {a: [" + (b"[" * 190 + b"]" * 190 + b",") * 250 + b"]}\n"  # indented, it is 18 MB
    with pytest.raises(UsageError, match="bytes; the limit is 5,000,000"):
        yaml_to_artifact(data, "orders.yaml")


@needs_published
def test_every_published_body_comes_back() -> None:
    for file in published("connection"):
        for body in bodies_in(file):
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
        ({"key": 5}, "a key that is not a string"),
        ({"key": "a b"}, "the key 'a b'"),
        ({"spec": {"kind": 1, "spec": 2}}, "would be read as an envelope"),
    ],
)
def test_an_envelope_that_would_lose_something_is_refused_by_name(envelope: dict[str, Any], words: str) -> None:
    data = encode({"kind": "ConnectionSpec", "key": "orders", "spec": {}, **envelope})
    with pytest.raises(UsageError) as caught:
        yaml_to_artifact(data, "orders.yaml")
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b'{"kind": 1, "spec": 2}', "orders"),
        (b"{}", "no key"),
        (b"[]", "orders"),
        (b'{"name": "CRMToAEP", "sourceConnectionSpecIds": []}', "orders"),
        (b'{"items": [{"name": "Orders"}]}', "orders"),
    ],
)
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
