from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from reconciler.errors import ReconcilerError
from reconciler.github.fleet_record import fleet_record_of, read_fleet_record
from reconciler.github.record import NotARecord, record_of
from reconciler.planning.plan import Action, Plan
from reconciler.reports.fleet.view import FleetView
from reconciler.reports.plan.outline import Outline, is_rest_of, outline_of
from tests.reports.fleet.fleets import EDIT, NEW, QUIET, REFUSED, UNREADABLE, settings, view_over
from tests.reports.plans import MAILCHIMP, attach, change, create, plan, update

OTHER = "11111111-6489-4726-96de-e33f5f60295f"
ATTACH = attach(change("add", "/sourceConnectionSpecIds/-", new={"ref": "orders"}))


def over(**plans: Plan | ReconcilerError) -> FleetView:
    return view_over(settings(*plans), plans)


def many(targets: int, specs: int) -> FleetView:
    """Targets, each with all of these creates, and every tenth with an edit of its own."""
    creates = [create(f"spec-{number}", change("add", "/name", new="x")) for number in range(specs)]

    def made(number: int) -> Plan:
        own: list[Action] = [update(change("replace", "/a", 1, number))] if number % 10 == 0 else []
        return plan(*creates, *own, digest=f"{number:064x}")

    return over(**{f"customers-sandbox-{number}": made(number) for number in range(targets)})


def fresh(view: FleetView, target: str) -> Outline:
    return outline_of(view.plans[target])


def test_the_outline_of_each_target_is_read_back_without_ids_and_fingerprints() -> None:
    view = over(stage=replace(EDIT, actions=(*EDIT.actions, ATTACH)), dev=QUIET, prod=NEW)
    record = read_fleet_record(fleet_record_of(view))
    assert (record.targets, record.digest, record.without) == (("stage", "dev", "prod"), view.digest, 0)
    for name in record.targets:
        known = fresh(view, name)
        plain = tuple(structs.replace(action, fingerprint="", id=None if action.key else action.id) for action in known.actions)
        found = record.outline(name)
        assert found is not None
        assert (found.target, found.digest, found.left_out) == (known.target, known.digest, 0)
        assert sorted(found.actions, key=lambda one: one.kind) == sorted(plain, key=lambda one: one.kind)


def test_the_same_change_with_another_id_is_kept_once() -> None:
    there = replace(EDIT, actions=(replace(EDIT.actions[0], id=OTHER),))
    text = fleet_record_of(over(stage=EDIT, prod=there))
    assert text.count("mailchimp-members") == 1
    assert (MAILCHIMP in text, OTHER in text) == (False, False)


def test_two_specs_of_one_key_keep_their_ids() -> None:
    both = plan(update(change("replace", "/a", 1, 2)), update(change("replace", "/a", 3, 4), id=OTHER))
    outline = read_fleet_record(fleet_record_of(over(stage=both))).outline("stage")
    assert outline is not None
    assert {action.id for action in outline.actions} == {MAILCHIMP, OTHER}


def test_a_target_without_a_plan_that_may_be_applied_has_no_outline() -> None:
    record = read_fleet_record(fleet_record_of(over(stage=REFUSED, dev=UNREADABLE, prod=QUIET)))
    assert [record.outline(name) for name in ("stage", "dev", "other")] == [None] * 3
    assert record.outline("prod") is not None


def test_a_record_shows_no_value() -> None:
    assert "s3cret" not in fleet_record_of(over(stage=plan(update(change("replace", "/a", "s3cret-old", "s3cret-new")))))


@pytest.mark.parametrize(("targets", "specs"), [(50, 100), (256, 60), (3, 1_000)])
def test_any_number_of_targets_and_specs_fits(targets: int, specs: int) -> None:
    view = many(targets, specs)
    text = fleet_record_of(view)
    record = read_fleet_record(text)
    assert len(text) <= 60_000
    assert len(record.targets) + record.without == targets
    for name in (record.targets[0], record.targets[-1]):
        found = record.outline(name)
        assert found is not None
        assert len(found.actions) + found.left_out == len(view.plans[name].actions)
        assert found.left_out == 0 or found.digest == view.plans[name].digest


def test_actions_that_are_left_out_are_known_again_by_their_digests() -> None:
    view = many(20, 600)
    found = read_fleet_record(fleet_record_of(view)).outline("customers-sandbox-7")
    assert found is not None
    assert found.left_out > 0
    known = {action.short for action in found.actions}
    assert all(
        action.shared_short in known or action.is_among(found.shorts) for action in fresh(view, "customers-sandbox-7").actions
    )
    assert is_rest_of(replace(fresh(view, "customers-sandbox-7"), actions=fresh(view, "customers-sandbox-7").actions[-1:]), found)


def test_an_action_of_another_target_is_not_known_again() -> None:
    view = many(20, 300)
    record = read_fleet_record(fleet_record_of(view))
    own = next(action for action in fresh(view, "customers-sandbox-10").actions if action.key == "mailchimp-members")
    shown = {name: record.outline(name) for name in ("customers-sandbox-10", "customers-sandbox-0")}
    known = {
        name: outline is not None and (own.is_among(outline.shorts) or own.shared_short in {one.short for one in outline.actions})
        for name, outline in shown.items()
    }
    assert known == {"customers-sandbox-10": True, "customers-sandbox-0": False}


def test_where_even_targets_do_not_fit_those_with_something_to_do_stay() -> None:
    plans: dict[str, Plan | ReconcilerError] = {f"quiet-{number}": QUIET for number in range(20)}
    view = view_over(settings(*plans, "stage"), {**plans, "stage": EDIT})
    text = fleet_record_of(view, 1_500)
    record = read_fleet_record(text)
    assert len(text) <= 1_500
    assert "stage" in record.targets
    assert record.without == 21 - len(record.targets) > 0


def test_the_record_of_one_target_is_none_of_several() -> None:
    with pytest.raises(NotARecord):
        read_fleet_record(record_of(fresh(over(stage=EDIT), "stage")))


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (r'"format":2', '"format":3'),
        (r'\],"3"\]', '],"f"]'),
        (r'\],"3"\]', '],"-3"]'),
        (r'\["stage",0,', '["stage",7,'),
        (r'\["stage",0,', '["dev",0,'),
        (r"```json\n", "```\n"),
        (r'"without":0', '"without":0,"more":1'),
    ],
)
def test_what_does_not_fit_together_is_no_record(pattern: str, written: str) -> None:
    text = fleet_record_of(over(stage=EDIT, dev=EDIT))
    assert read_fleet_record(text)
    edited = re.sub(pattern, lambda _: written, text)
    assert edited != text
    with pytest.raises(NotARecord):
        read_fleet_record(edited)


@given(st.text(max_size=200))
def test_any_text_is_a_record_or_none(text: str) -> None:
    with pytest.raises(NotARecord):
        read_fleet_record(f"```json\n{text}\n```\n")


def test_what_waits_at_a_gate_was_reviewed_too_and_is_found_when_it_is_ready() -> None:
    waiting = replace(EDIT, actions=(), waiting=EDIT.actions)
    found = read_fleet_record(fleet_record_of(over(stage=EDIT, prod=waiting))).outline("prod")
    assert found is not None
    assert [(action.key, action.changes) for action in found.actions] == [
        (action.key, action.changes) for action in outline_of(view_over(settings("prod"), {"prod": EDIT}).plans["prod"]).actions
    ]
