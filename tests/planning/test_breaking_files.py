"""Two versions of the spec files, judged without looking at live."""

from __future__ import annotations

from typing import Any

from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.planning.breaking_effect import Level
from reconciler.planning.breaking_files import FileEffects, SpecEffects, file_effects

from .situations import connection, flow_file

BASIC: dict[str, Any] = {"name": "Basic", "type": "BasicAuthentication"}


def judged(base: list[DesiredSpec], now: list[DesiredSpec]) -> tuple[SpecEffects, ...]:
    return file_effects(DesiredSet(tuple(base), ()), DesiredSet(tuple(now), ()))


def codes(base: DesiredSpec, now: DesiredSpec) -> list[tuple[Level, str]]:
    return [(effect.level, effect.code) for spec in judged([base], [now]) for effect in spec.effects]


def test_files_that_say_the_same_have_no_effect() -> None:
    assert judged([connection(description="x")], [connection(description="x")]) == ()


def test_a_new_file_and_one_that_is_gone_break_nothing() -> None:
    assert judged([connection("a", authSpec=[BASIC])], [connection("b", authSpec=[BASIC])]) == ()


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
