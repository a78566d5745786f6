"""Drift taken over into the files: just what drifted, where the file says it."""

from __future__ import annotations

from typing import Any

from reconciler.desired.git.history import Relation
from reconciler.documents.json_text import decode, encode
from reconciler.documents.kinds import Kind
from reconciler.texts.yaml import read_yaml
from tests.authoring.situations import HOME, ORDERS, Repository, codes
from tests.desired.trees import load
from tests.planning.situations import COMMIT, PROVIDER, KnownHistory, live, marker_for, shared_flow, spec_id

THEN = f"""\
kind: ConnectionSpec
key: orders
flowSpecs: [RestStorageToAEP]
spec:
  name: Orders
  providerId: {PROVIDER}
  sourceSpec: {{mine: 1, theirs: 1}}
"""
NOW = THEN.replace("mine: 1", "mine: 2")


def repository(
    now: str, *, held: bool = True, targets: tuple[str, ...] = ("stage",), then: str = THEN, **body: Any
) -> Repository:
    """`then` was applied; `now` is what the file says; somebody changed `body` live."""
    (base,) = load({ORDERS: then}).specs
    spec = live(base, marker=marker_for(base), **HOME, **body)
    history = KnownHistory(bases={"orders": base})
    flow = shared_flow(*([spec_id(1)] if held else []), updatedAt=1_800_000_000_000)
    return Repository({ORDERS: now}, [spec, flow], targets=targets, history=history, commit=COMMIT)


def test_only_what_drifted_is_taken_over() -> None:
    files = repository(NOW, sourceSpec={"mine": 1, "theirs": 9})
    (spec,) = files.run(drift=True).specs
    assert files.text(ORDERS) == NOW.replace("theirs: 1", "theirs: 9")
    assert [(taken.path, taken.before, taken.after) for taken in spec.taken] == [("/sourceSpec/theirs", 1, 9)]
    assert [change.path for action in files.plan().actions for change in action.changes] == ["/sourceSpec/mine"]


def test_without_drift_nothing_is_written() -> None:
    files = repository(NOW)
    result = files.run(drift=True, keys=("orders",))
    assert (result.specs, result.problems) == ((), ())


def test_pending_work_is_given_up_by_an_import_that_is_not_about_drift() -> None:
    files = repository(NOW)
    files.run(ids=(spec_id(1),))
    assert files.text(ORDERS) == THEN


def test_drift_of_a_value_that_an_overlay_says_goes_into_the_overlay() -> None:
    then = THEN + "overlays:\n  stage: {sourceSpec: {theirs: 5}} # for stage\n"
    files = repository(then, then=then, sourceSpec={"mine": 1, "theirs": 9})
    files.run(drift=True)
    assert files.text(ORDERS) == then.replace("theirs: 5", "theirs: 9")


def test_drift_of_a_value_that_other_targets_have_too_goes_into_an_overlay_and_is_told() -> None:
    files = repository(THEN, targets=("stage", "prod"), sourceSpec={"mine": 1, "theirs": 9})
    result = files.run(drift=True)
    assert files.document(ORDERS)["overlays"] == {"stage": {"sourceSpec": {"theirs": 9}}}
    assert files.document(ORDERS)["spec"] == read_yaml(THEN.encode()).value["spec"]
    assert codes(result) == ["overlaid"]
    assert result.specs[0].overlaid == ("/sourceSpec/theirs",)


def test_an_attachment_that_somebody_took_out_is_taken_out_of_the_file() -> None:
    files = repository(THEN, held=False)
    files.run(drift=True)
    assert files.document(ORDERS)["flowSpecs"] == []
    assert files.plan().actions == ()


def test_an_attachment_is_no_targets_own_and_that_is_told() -> None:
    files = repository(THEN, held=False, targets=("stage", "prod"))
    assert codes(files.run(drift=True)) == ["every-target"]


def test_an_artifact_is_changed_in_place_and_keeps_its_order_and_indentation() -> None:
    path = "sources/orders-connectionSpec.json"
    text = f'{{\n   "version": "1.0",\n   "name": "Orders",\n   "providerId": "{PROVIDER}",\n   "sourceSpec": {{"z": 1, "a": [1]}}\n}}\n'
    (base,) = load({path: text}).specs
    spec = live(base, marker=marker_for(base), sourceSpec={"z": 2, "a": [1]}, **HOME)
    history = KnownHistory(bases={"orders": base})
    files = Repository({path: text}, [spec], targets=("stage", "prod"), history=history)
    result = files.run(drift=True)
    assert files.text(path) == text.replace('"z": 1', '"z": 2')
    assert codes(result) == ["every-target"]


def test_an_artifact_cannot_say_that_it_is_attached_to_nothing() -> None:
    path = "sources/orders-connectionSpec.json"
    text = f'{{"name": "Orders", "providerId": "{PROVIDER}", "type": "generic-rest"}}'
    (base,) = load({path: text}).specs
    files = Repository({path: text}, [live(base, marker=marker_for(base), **HOME), shared_flow()], targets=("stage",))
    result = files.run(ids=(spec_id(1),))
    assert codes(result) == ["attachment", "not-empty"]
    assert decode(files.text(path)) == decode(text)


def test_what_cannot_be_said_in_an_overlay_is_left_and_told() -> None:
    files = repository(THEN, targets=("stage", "prod"), sourceSpec={"mine": 1, "theirs": None})
    result = files.run(drift=True)
    assert (result.specs, codes(result)) == ((), ["cannot-change"])
    assert files.text(ORDERS) == THEN


def test_a_value_that_no_file_can_say_is_left_and_told() -> None:
    then = THEN + '  version: "1.0"\n'
    files = repository(then, then=then, version=1)
    result = files.run(drift=True)
    assert (result.specs, codes(result)) == ((), ["version-not-text"])
    assert files.text(ORDERS) == then


def test_a_checkout_that_is_behind_what_was_applied_takes_nothing_over() -> None:
    (base,) = load({ORDERS: THEN}).specs
    spec = live(base, marker=marker_for(base), sourceSpec={"mine": 5}, **HOME)
    files = Repository({ORDERS: THEN}, [spec, shared_flow(spec_id(1))], history=KnownHistory({COMMIT: Relation.NOT_ANCESTOR}))
    result = files.run(ids=(spec_id(1),))
    assert result.specs == ()
    assert any(problem.is_error and problem.guard for problem in result.problems)


def test_drift_of_a_flow_spec_is_taken_over_too() -> None:
    text = encode({"kind": "FlowSpec", "key": "own", "spec": {"name": "Own", "providerId": PROVIDER, "optionSpec": {"a": 1}}})
    (base,) = load({"flow-specs/own.yaml": text}).specs
    spec = live(base, marker=marker_for(base), optionSpec={"a": 2}, kind=Kind.FLOW_SPEC)
    files = Repository({"flow-specs/own.yaml": text}, [spec], history=KnownHistory(bases={"own": base}))
    files.run(drift=True, keys=("own",))
    assert files.document("flow-specs/own.yaml")["spec"]["optionSpec"] == {"a": 2}
