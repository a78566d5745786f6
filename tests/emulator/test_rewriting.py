"""What becomes of a body when it is written, and a moment later."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.emulator.world import SPEC, World


def test_a_body_can_be_made_over_a_moment_after_its_write(make_world: Callable[..., World]) -> None:
    world = make_world(normalise_after=2, drop_description=True)
    spec_id = world.create(description="d")
    before = world.read(f"/connectionSpecs/{spec_id}")
    world.clock.now += 5
    after = world.read(f"/connectionSpecs/{spec_id}")
    assert before["description"] == "d"
    assert "description" not in after
    assert (after["updatedAt"], after["updatedBy"], after["updatedClient"]) == (
        1_700_000_002_000,
        "flow-service",
        "flow-service",
    )
    assert after["createdBy"] == before["createdBy"]


def test_a_body_can_be_made_over_in_the_name_of_its_writer(make_world: Callable[..., World]) -> None:
    world = make_world(normalise_after=0.02, normalised_by="", drop_description=True)
    spec_id = world.create()
    world.client.put(f"/connectionSpecs/{spec_id}", json={**SPEC, "description": "d"})
    world.clock.now += 1
    after = world.read(f"/connectionSpecs/{spec_id}")
    assert (after["updatedAt"], after["updatedClient"], "description" in after) == (1_700_000_000_020, "robot", False)


def test_a_body_that_needs_no_making_over_is_not_written_again(make_world: Callable[..., World]) -> None:
    world = make_world(normalise_after=2, drop_description=True)
    spec_id = world.create()
    world.clock.now += 5
    assert world.read(f"/connectionSpecs/{spec_id}")["updatedAt"] == 1_700_000_000_000


def test_a_body_that_was_written_again_meanwhile_is_made_over_once(make_world: Callable[..., World]) -> None:
    world = make_world(normalise_after=2, drop_description=True)
    spec_id = world.create(description="d")
    world.clock.now += 1
    world.client.put(f"/connectionSpecs/{spec_id}", json={**SPEC, "description": "e"})
    world.clock.now += 1.5
    assert world.read(f"/connectionSpecs/{spec_id}")["description"] == "e"
    world.clock.now += 1
    assert "description" not in world.read(f"/connectionSpecs/{spec_id}")


def test_attributes_can_be_lost_whole(make_world: Callable[..., World]) -> None:
    world = make_world(drop_attributes=True)
    assert "attributes" not in world.read(f"/connectionSpecs/{world.create(attributes={'a': 1})}")


def test_of_attributes_only_what_fits_can_be_kept(make_world: Callable[..., World]) -> None:
    world = make_world(attributes_limit=20)
    spec_id = world.create(attributes={"a": 1, "long": "x" * 30, "b": 2})
    assert world.read(f"/connectionSpecs/{spec_id}")["attributes"] == {"a": 1, "b": 2}
    assert "attributes" not in world.read(f"/connectionSpecs/{world.create()}")


def test_keys_and_ids_can_come_back_in_another_order(make_world: Callable[..., World]) -> None:
    world = make_world(reorder_keys=True, reorder_ids=True)
    spec_id = world.create("/flowSpecs", zeta=1, alpha=2, sourceConnectionSpecIds=["b", "a"])
    live = world.read(f"/flowSpecs/{spec_id}")
    assert live["sourceConnectionSpecIds"] == ["a", "b"]
    assert list(live).index("alpha") < list(live).index("zeta")


@pytest.mark.parametrize(
    ("form", "sent", "kept"),
    [
        ("nfc", "Cafe\u0301", "Caf\u00e9"),
        ("nfd", "Caf\u00e9", "Cafe\u0301"),
        ("trimmed", " Acme ", "Acme"),
        ("padded", "Acme", "Acme "),
        ("upper", "Acme", "ACME"),
        ("lower", "Acme", "acme"),
    ],
)
def test_names_can_be_kept_in_another_form(make_world: Callable[..., World], form: str, sent: str, kept: str) -> None:
    world = make_world(name_form=form)
    assert world.read(f"/connectionSpecs/{world.create(name=sent)}")["name"] == kept
