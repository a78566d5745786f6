"""Overlays of groups, fleets and targets, and specs that belong to some targets only."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import GivenFiles
from reconciler.documents.kinds import Kind

LAYERS = Layers(("all", "shops", "shops-a"), ("all", "eu", "shops", "shops-a", "shops-b", "dev"))
BODY = "spec: {name: Orders, providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a, version: '1.0', type: x}\n"
SPEC = "kind: ConnectionSpec\n" + BODY


def desired(text: str, layers: Layers = LAYERS, more: Mapping[str, str] | None = None) -> DesiredSet:
    files = {"sources/orders/connection-spec.yaml": text.encode()} | {path: one.encode() for path, one in (more or {}).items()}
    return load_desired(GivenFiles(files), layers.order[-1], "specs", ("shops-a", "shops-b", "dev"), layers)


def name_of(text: str, layers: Layers = LAYERS) -> str:
    found = desired(text, layers)
    assert not found.problems
    (spec,) = found.specs
    return spec.name


@pytest.mark.parametrize(
    ("overlays", "name"),
    [
        ("{}", "Orders"),
        ("{all: {name: A}}", "A"),
        ("{shops: {name: S}, all: {name: A}}", "S"),
        ("{shops-a: {name: T}, shops: {name: S}, all: {name: A}}", "T"),
        ("{eu: {name: E}, dev: {name: D}}", "Orders"),
    ],
)
def test_the_overlay_of_the_target_wins_over_that_of_its_fleet_and_its_groups(overlays: str, name: str) -> None:
    assert name_of(SPEC + f"overlays: {overlays}\n") == name


@pytest.mark.parametrize("only", ["[all]", "[dev, shops]", "[shops-a]"])
def test_a_spec_belongs_to_the_targets_that_only_names(only: str) -> None:
    assert name_of(SPEC + f"only: {only}\n") == "Orders"


def test_elsewhere_the_spec_is_absent_and_not_broken() -> None:
    found = desired(SPEC + "only: [dev]\n")
    assert (found.specs, found.broken, [problem.code for problem in found.problems]) == ((), frozenset(), [])


def test_a_spec_that_is_absent_is_still_checked() -> None:
    found = desired("kind: ConnectionSpec\nonly: [dev]\nspec: {name: Orders}\n")
    assert [problem.is_error for problem in found.problems] == [True]


@pytest.mark.parametrize(("key", "line"), [("only: [shop]", 3), ("overlays: {shop: {}}", 3)])
def test_a_name_that_no_target_fleet_or_group_has_is_an_error(key: str, line: int) -> None:
    (problem,) = desired(SPEC + key + "\n").problems
    assert (problem.code, problem.line, problem.hint) == ("unknown-target", line, "did you mean 'shops'?")


def test_a_reference_to_a_spec_of_other_targets_is_an_error() -> None:
    flow = "kind: FlowSpec\nspec: {name: F, providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a, sourceConnectionSpecIds: [{ref: orders}]}\n"
    found = desired(SPEC + "only: [dev]\n", more={"flow-specs/f.yaml": flow})
    assert "'orders' does not belong to target 'shops-a'" in str([problem.message for problem in found.problems])


def test_a_problem_is_placed_in_the_overlay_that_wins() -> None:
    found = desired(SPEC + "overlays:\n  all: {name: A}\n  shops: {name: S}\n")
    (spec,) = found.specs
    assert (spec.kind, spec.position("/name")) == (Kind.CONNECTION_SPEC, (5, 11))
