"""Two versions of the spec files, judged without looking at live."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.breaking.effect import Effect, Level
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.revisions.file_effects import FileEffects, SpecEffects, file_effects
from tests.planning.situations import connection, flow_file, spec_id

BASIC: dict[str, Any] = {"name": "Basic", "type": "BasicAuthentication"}


def judged(base: list[DesiredSpec], now: list[DesiredSpec]) -> tuple[SpecEffects, ...]:
    return file_effects(DesiredSet(tuple(base), ()), DesiredSet(tuple(now), ()))


def codes(base: DesiredSpec, now: DesiredSpec) -> list[tuple[Level, str]]:
    return [(effect.level, effect.code) for spec in judged([base], [now]) for effect in spec.effects]


def test_files_that_say_the_same_have_no_effect() -> None:
    assert judged([connection(description="x")], [connection(description="x")]) == ()


def test_a_new_file_breaks_nothing() -> None:
    assert judged([connection("a")], [connection("a"), connection("b", authSpec=[BASIC])]) == ()


def only_effect(old: DesiredSpec, *now: DesiredSpec) -> tuple[Effect, SpecEffects]:
    (spec,) = judged([old], list(now))
    (effect,) = spec.effects
    return effect, spec


def test_a_file_that_is_gone_leaves_an_orphan() -> None:
    effect, spec = only_effect(connection("a", authSpec=[BASIC]))
    assert (effect.level, effect.code, spec.key, spec.file) == (Level.RISKY, "file-removed", "a", "specs/a.yaml")
    assert "orphan" in effect.reason
    assert "retiring it detaches it" in effect.reason


def test_a_flow_spec_whose_file_is_gone_is_never_pruned() -> None:
    effect, _ = only_effect(flow_file("a"))
    assert (effect.code, "detach" in effect.reason) == ("file-removed", False)


STEPS = [{"name": str(number)} for number in range(20)]


@pytest.mark.parametrize(
    "now",
    [
        connection("b", name="Members"),
        connection("b", name="Others", transformationSpecs=STEPS, description="x"),
    ],
    ids=["name", "body"],
)
def test_a_key_that_is_changed_without_formerly_makes_an_orphan_and_another_spec(now: DesiredSpec) -> None:
    effect, _ = only_effect(connection("a", name="Members", transformationSpecs=STEPS, description="x"), now)
    assert (effect.level, effect.code) == (Level.RISKY, "key-changed")
    assert effect.hint == "if it is the same spec under another key, write `formerly: [a]` in specs/b.yaml"


@pytest.mark.parametrize("now", [connection("b", name="Other"), flow_file("b", name="Members")], ids=["name", "kind"])
def test_another_new_file_is_no_other_key(now: DesiredSpec) -> None:
    old = connection("a", name="Members", authSpec=[BASIC], description="x", exploreSpec={"type": "Resource"})
    assert only_effect(old, now)[0].code == "file-removed"


def test_a_pinned_spec_under_another_key_is_the_same_spec() -> None:
    old = connection("a", pinned_id=spec_id(1), authSpec=[BASIC])
    (spec,) = judged([old], [connection("b", pinned_id=spec_id(1), authSpec=[])])
    assert (spec.key, spec.level, spec.effects[0].code) == ("b", Level.BREAKING, "auth-removed")


def test_what_a_file_says_otherwise_is_judged_as_it_would_be_live() -> None:
    assert codes(connection(authSpec=[BASIC]), connection(authSpec=[{"name": "Other", "type": "x"}])) == [
        (Level.BREAKING, "auth-removed"),
        (Level.SAFE, "auth-added"),
    ]


def test_a_spec_with_another_key_is_the_same_spec() -> None:
    now = connection("new", name="members", authSpec=[], former_keys=("members",))
    (spec,) = judged([connection(authSpec=[BASIC])], [now])
    assert (spec.key, spec.level) == ("new", Level.BREAKING)


def test_a_section_that_is_written_no_more_stays_as_it_is_live() -> None:
    assert codes(connection(authSpec=[BASIC]), connection()) == []


def test_a_section_that_is_null_goes() -> None:
    assert codes(connection(authSpec=[BASIC]), connection(authSpec=None)) == [(Level.BREAKING, "auth-removed")]


def test_a_section_that_was_not_written_before_may_replace_anything() -> None:
    now = connection(sourceSpec={"spec": {"required": ["x"]}}, description="x")
    assert codes(connection(), now) == [(Level.RISKY, "newly-written"), (Level.SAFE, "text")]


def test_what_is_ignored_is_left_as_it_was() -> None:
    now = connection(authSpec=[], ignore=("/authSpec",))
    assert codes(connection(authSpec=[BASIC]), now) == []


def test_a_section_under_its_other_name_is_the_same_section() -> None:
    assert codes(flow_file(transformationSpec=[{"name": "a"}]), flow_file(transformationSpecs=[{"name": "a"}])) == []


def test_specs_are_told_apart_by_what_weighs_most() -> None:
    base = [connection(key, name=key, authSpec=[BASIC]) for key in ("a", "b", "c")]
    now = [
        connection("a", name="a", authSpec=[]),
        connection("b", name="other", authSpec=[BASIC]),
        connection("c", name="c", authSpec=[BASIC], description="x"),
    ]
    found = FileEffects("stage", "HEAD", judged(base, now))
    assert [[spec.key for spec in found.at(level)] for level in Level] == [["c"], ["b"], ["a"]]


@pytest.mark.parametrize(
    "section",
    [{"transformationSpecs": [{"name": "Mapping"}]}, {"targetConnectionSpecIds": [spec_id(9)]}],
    ids=lambda body: next(iter(body)),
)
def test_a_list_that_a_flow_spec_file_did_not_have_may_replace_what_flows_name(section: dict[str, Any]) -> None:
    assert codes(flow_file(), flow_file(**section)) == [(Level.RISKY, "newly-written")]
