"""The order of targets in reconciler.yaml: `after`, `soak`, `proved`, and the variables of targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.settings.files import FLEET, problems, settings

STAGE = "  stage: {org_id: 1@AdobeOrg, sandbox: stage}\n"


def prod(keys: str) -> str:
    return f"targets:\n{STAGE}  prod: {{org_id: 1@AdobeOrg, sandbox: prod, {keys}}}\n"


def test_a_target_is_in_the_wave_behind_all_that_it_is_after(tmp_path: Path) -> None:
    text = prod("after: [customers]") + FLEET + "    after: [stage]\n"
    found = settings(tmp_path, text)
    assert found.upstreams("prod") == ("customers-emea", "customers-apac")
    assert {name: found.wave(name) for name in found.targets} == {"stage": 1, "prod": 3, "customers-emea": 2, "customers-apac": 2}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("after: [stag]", "`after` names the unknown target 'stag'"),
        ("after: [prod]", "'prod' cannot be after itself"),
        ("after: [stage], proved: [stag]", "`proved` names the unknown target 'stag'"),
        ("soak: 24h", "`soak` has no effect without `after`"),
        ("proved: [stage]", "`proved` has no effect without `after`"),
        ("after: [stage], soak: 24", "`targets.prod.soak`: a number is not a valid time"),
        ("after: [stage], soak: 91d", "must be at most 90d"),
        ("vars: {1a: x}", "'1a' is not a valid variable name"),
    ],
)
def test_a_mistake_in_the_order_has_its_line(tmp_path: Path, keys: str, message: str) -> None:
    [(line, said)] = problems(tmp_path, prod(keys))
    assert line == 5
    assert said.endswith(message)


@pytest.mark.parametrize(("written", "seconds"), [("90m", 5_400), ("24h", 86_400), ("90d", 7_776_000), ("0", 0)])
def test_a_soak_is_a_time(tmp_path: Path, written: str, seconds: float) -> None:
    assert settings(tmp_path, prod(f"after: [stage], soak: {written}")).targets["prod"].soak == seconds


def test_a_circle_is_told_once_with_the_way_round(tmp_path: Path) -> None:
    text = prod("after: [customers]") + FLEET + "    after: [prod]\n"
    assert problems(tmp_path, text) == [(5, "these targets wait for each other: prod after customers-emea after prod")]


def test_a_sandbox_of_a_fleet_is_not_after_its_own_fleet(tmp_path: Path) -> None:
    text = "targets:\n" + STAGE + FLEET + "    except: {apac: {after: [customers]}}\n"
    assert problems(tmp_path, text) == [(9, "'customers-apac' cannot be after its own fleet 'customers'")]


def test_a_first_sandbox_of_a_fleet_can_be_before_its_others(tmp_path: Path) -> None:
    text = "targets:\n" + STAGE + FLEET + "    except: {apac: {after: [customers-emea], soak: 1h}}\n"
    found = settings(tmp_path, text)
    assert (found.wave("customers-emea"), found.wave("customers-apac")) == (1, 2)


def test_a_sandbox_has_the_variables_of_its_fleet_and_its_own(tmp_path: Path) -> None:
    text = "targets:\n" + STAGE + FLEET + "    vars: {host: a, number: 1}\n    except: {apac: {vars: {host: b}}}\n"
    found = settings(tmp_path, text)
    assert [found.targets[name].vars for name in ("customers-emea", "customers-apac")] == [
        {"host": "a", "number": 1},
        {"host": "b", "number": 1},
    ]


def test_limits_of_a_run_over_several_targets_are_settings(tmp_path: Path) -> None:
    text = (
        "targets:\n"
        + STAGE
        + "fleet: {parallel: 3, max_failures: 2}\nsafety: {fleet_max_creates: 90}\ndrift: {max_pending: 2d}\n"
    )
    found = settings(tmp_path, text)
    assert (found.fleet.parallel, found.fleet.max_failures, found.safety.fleet_max_creates) == (3, 2, 90)
    assert found.drift.max_pending == 172_800
