"""Whatever stands in the files of a specs folder: specs, or problems with their places; never an exception, and never a hang."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.desired.load import load_desired
from reconciler.documents.json_text import Json, encode
from reconciler.documents.pointer import format_pointer
from reconciler.errors import Problem, SettingsError
from reconciler.settings.loading import load_settings
from reconciler.texts.json import read_json
from reconciler.texts.locate import Syntax, locate
from reconciler.texts.yaml import read_yaml
from tests.desired.trees import MemoryTree
from tests.fuzz.strategies import BODIES, ENVELOPES, TEXTS, VALUES, as_escaped_yaml, yaml_texts

TARGETS = ("stage", "prod")
SLOW = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

SETTINGS = st.builds(
    lambda known, extra: known | extra,
    st.fixed_dictionaries(
        {"version": st.just(1) | VALUES, "repository": st.just("acme/x") | VALUES},
        optional={
            "formerly": st.lists(TEXTS, max_size=2) | VALUES,
            "default_target": st.just("stage") | VALUES,
            "targets": st.dictionaries(
                st.just("stage") | TEXTS,
                st.dictionaries(
                    st.sampled_from(["base_url", "token_url", "org_id", "sandbox", "scopes", "ownership", "emulator"]) | TEXTS,
                    st.sampled_from(["https://platform.adobe.io/x", "https://[::1", "dev", "1@AdobeOrg"]) | VALUES,
                    max_size=3,
                )
                | VALUES,
                max_size=2,
            )
            | VALUES,
            "safety": st.dictionaries(st.sampled_from(["max_creates", "max_updates"]) | TEXTS, VALUES, max_size=2) | VALUES,
            "network": st.dictionaries(
                st.sampled_from(["concurrency", "timeout", "deadline", "settle", "retries"]) | TEXTS,
                st.sampled_from(["30s", "3 parsecs", "9" * 400 + "s", "-1s"]) | VALUES,
                max_size=3,
            )
            | VALUES,
        },
    ),
    st.just({}) | st.dictionaries(TEXTS, VALUES, max_size=1),
)


def assert_placed(problems: Iterable[Problem], text: bytes) -> None:
    lines = text.count(b"\n") + text.count(b"\r") + 2
    for problem in problems:
        assert problem.file
        assert 1 <= (problem.line or 0) <= lines
        assert (problem.column or 0) >= 1
        assert problem.hint
        assert len(problem.message) < 2_000


def settings_problems(folder: Path) -> tuple[Problem, ...] | None:
    """Why the settings of this folder are refused; None if they are not."""
    try:
        load_settings(folder)
    except SettingsError as error:
        return error.problems
    return None


def check_loading(path: str, text: bytes) -> None:
    desired = load_desired(MemoryTree({path: text}), "stage", "specs", TARGETS)
    assert_placed(desired.problems, text)
    assert len(desired.specs) == (0 if any(problem.is_error for problem in desired.problems) else 1)
    for spec in desired.specs:
        for section in spec.body:
            assert spec.position(format_pointer([section]))


@SLOW
@given(ENVELOPES.map(encode), st.sampled_from(["sources/orders.yaml", "flow-specs/orders.yaml"]))
def test_an_envelope_of_anything_is_a_spec_or_a_problem(text: bytes, path: str) -> None:
    check_loading(path, text)


@SLOW
@given(yaml_texts())
def test_yaml_that_is_nearly_in_order_is_a_spec_or_a_problem(text: bytes) -> None:
    check_loading("sources/orders.yaml", text)


@SLOW
@given((BODIES | VALUES).map(encode) | yaml_texts(), st.integers(0, 40), st.binary(max_size=3))
def test_an_artifact_of_anything_is_a_spec_or_a_problem(text: bytes, cut: int, scrap: bytes) -> None:
    check_loading("sources/orders-connectionSpec.json", text)
    check_loading("sources/orders-connectionSpec.json", text[:cut] + scrap + text[cut:])


@SLOW
@given(st.binary(max_size=200) | yaml_texts())
def test_bytes_are_read_or_refused_where_they_break(text: bytes) -> None:
    for reading in (read_yaml(text), read_json(text)):
        for mistake in reading.mistakes:
            assert mistake.line >= 1
            assert mistake.column >= 1
            assert mistake.hint
    for syntax in Syntax:
        locate(text, syntax)


@SLOW
@given(BODIES.filter(lambda body: "name" in body))
def test_a_body_means_the_same_in_both_syntaxes(body: dict[str, Json]) -> None:
    in_json = load_desired(MemoryTree({"sources/orders-connectionSpec.json": encode(body)}), "stage")
    text = as_escaped_yaml({"kind": "ConnectionSpec", "key": "orders", "spec": body})
    in_yaml = load_desired(MemoryTree({"sources/orders.yaml": text}), "stage")
    told = {problem.code for problem in in_yaml.problems} | {problem.code for problem in in_json.problems}
    if told & {"syntax", "too-deep"}:  # YAML's keys have 1,024 characters at most, and an envelope is one level of its own
        return
    assert [spec.body_json for spec in in_yaml.specs] == [spec.body_json for spec in in_json.specs]
    assert [problem.code for problem in in_yaml.problems] == [problem.code for problem in in_json.problems]


@SLOW
@given((SETTINGS | VALUES).map(encode) | yaml_texts() | st.binary(max_size=100))
def test_settings_of_anything_are_settings_or_problems(text: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "reconciler.yaml").write_bytes(text)
        problems = settings_problems(Path(folder))
        assert_placed(problems or (), text)
        assert problems != ()
