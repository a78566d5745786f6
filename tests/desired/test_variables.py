"""`{var: NAME}` in spec files: a value of the target, of any type."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import GivenFiles
from reconciler.documents.variables import as_written, may_hold_variables, with_values

VALUES = {"host": "https://eu.example", "limit": 5, "ui": {"label": "EU"}, "odd": {"var": "host"}, "nothing": None}
OTHERS = {"eu": Layers(("all", "eu"), (), VALUES), "us": Layers(("us",)), "fr": Layers(("fr",))}
LAYERS = Layers(("all", "eu"), ("all", "eu", "us", "fr"), VALUES, OTHERS)
SPEC = """\
kind: ConnectionSpec
{more}spec:
  name: Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  attributes: {{x: {value}}}
"""


def desired(value: str, more: str = "") -> DesiredSet:
    files = {"sources/orders/connection-spec.yaml": SPEC.format(value=value, more=more).encode()}
    return load_desired(GivenFiles(files), "eu", "specs", ("eu", "us", "fr"), LAYERS)


def value_of(found: DesiredSet) -> Any:
    assert not found.problems
    (spec,) = found.specs
    return spec.body["attributes"]["x"]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("{var: host}", "https://eu.example"),
        ("[{var: limit}, 1]", [5, 1]),
        ("{deep: {var: ui}}", {"deep": {"label": "EU"}}),
        ("{var: nothing}", None),
        ("{var: odd}", {"var": "host"}),
        ("{literal: {var: host}}", {"var": "host"}),
        ("{literal: {literal: {var: host}}}", {"literal": {"var": "host"}}),
        ("{literal: {x: 1}}", {"literal": {"x": 1}}),
        ("{var: host, more: 1}", {"var": "host", "more": 1}),
        ("{var: 5}", {"var": 5}),
        ("'{var: host}'", "{var: host}"),
    ],
)
def test_only_a_whole_value_is_a_variable_and_its_type_is_kept(written: str, sent: object) -> None:
    assert value_of(desired(written)) == sent


def test_an_artifact_may_have_variables_too() -> None:
    body = {"name": {"var": "host"}, "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a", "version": "1.0"}
    files = {"sources/orders-connectionSpec.json": json.dumps(body).encode()}
    found = load_desired(GivenFiles(files), "eu", "specs", ("eu", "us", "fr"), LAYERS)
    assert [spec.name for spec in found.specs] == ["https://eu.example"]


@pytest.mark.parametrize(
    ("base", "patch", "merged"),
    [
        ("{a: 1}", "{var: ui}", {"a": 1, "label": "EU"}),
        ("{var: ui}", "{a: 1}", {"label": "EU", "a": 1}),
        ("1", "{var: limit}", 5),
    ],
)
def test_variables_get_their_values_before_overlays_are_merged(base: str, patch: str, merged: object) -> None:
    assert value_of(desired(base, f"overlays: {{all: {{attributes: {{x: {patch}}}}}}}\n")) == merged


@pytest.mark.parametrize(
    ("only", "targets"), [("", "targets 'us', 'fr'"), ("only: [eu, us]\n", "target 'us'")], ids=["everywhere", "some"]
)
def test_an_unknown_variable_is_an_error_with_its_line_that_lists_the_targets_without_it(only: str, targets: str) -> None:
    files = {"sources/orders/connection-spec.yaml": SPEC.format(value="{var: host}", more=only).encode()}
    (problem,) = load_desired(
        GivenFiles(files), "us", "specs", ("eu", "us", "fr"), Layers(("us",), ("eu", "us", "fr"), {}, OTHERS)
    ).problems
    assert (problem.code, problem.is_error, problem.line) == ("unknown-variable", True, 5 + bool(only))
    assert problem.message == f"variable 'host' is not defined for {targets}"


def test_a_target_where_the_spec_does_not_belong_needs_no_value() -> None:
    found = desired("{var: missing}", "only: [us]\n")
    assert (found.specs, found.problems, found.broken) == ((), (), frozenset())


def test_an_unknown_variable_in_an_overlay_is_found_there() -> None:
    (problem,) = desired("1", "overlays:\n  eu:\n    attributes: {x: {var: hots}}\n").problems
    assert (problem.line, problem.hint) == (4, "did you mean 'host'?")


@pytest.mark.parametrize(
    "value", [{"var": "a"}, {"literal": {"var": "a"}}, [{"var": "a"}], {"literal": 1}, {"var": "a", "b": {"var": "c"}}]
)
def test_what_is_written_from_live_reads_back_as_it_was(value: object) -> None:
    assert with_values({"x": as_written(value)}, {}, lambda _, name: pytest.fail(name)) == {"x": value}


def test_a_body_without_a_variable_is_not_walked() -> None:
    body = {"attributes": {"var": "x", "text": '{"var":"x"}'}, "literal": {"a": 1}}
    assert not may_hold_variables({"attributes": {"text": '{"var":"x"}', "var": 1}})
    assert may_hold_variables({"deep": [{"var": "x"}]})
    assert may_hold_variables({"deep": {"literal": {"var": "x"}}})
    assert with_values(body, {}, lambda *_: None) == body


def test_only_the_targets_of_an_overlay_need_its_variables() -> None:
    (problem,) = desired("1", "overlays:\n  eu:\n    attributes: {x: {var: missing}}\n").problems
    assert problem.message == "variable 'missing' is not defined for target 'eu'"
