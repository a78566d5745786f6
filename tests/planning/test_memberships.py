"""Why a flow spec lacks a source of this repository, or holds one too many: what files, times and a killed run show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.desired.git.history import Version
from reconciler.desired.specs import DesiredSpec, SpecReference
from reconciler.documents.comparison import Cause
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.context import make_context
from reconciler.planning.plan import ActionName
from reconciler.wording.moments import moment
from tests.planning.situations import (
    THEIRS,
    KnownHistory,
    connection,
    flow_file,
    live,
    marked,
    marker_for,
    only_action,
    plan,
    shared_flow,
    situation,
    spec_id,
)

FLOW = "RestStorageToAEP"
APPLIED = 1_700_000_200
"""When the source was last written by an apply, in seconds; `BEFORE` and `AFTER` are times of the flow spec's last change."""
CREATED = (APPLIED - 1000) * 1000
BEFORE, AFTER = (APPLIED - 60) * 1000, (APPLIED + 60) * 1000


def source(desired: DesiredSpec, *, at: int | None = APPLIED, **audit: Any) -> LiveSpec:
    """A source that an apply wrote `at` this time, with these audit fields."""
    marker = marker_for(desired, at=None if at is None else moment(at))
    return marked(desired, marker=marker, audit={"createdAt": CREATED, "updatedAt": None, **audit})


def cause_of_lost(applied: LiveSpec, desired: DesiredSpec, changed: int | None, **situation: Any) -> Cause | None:
    """The cause of an attachment that the source's last applied file has, and that a shared flow spec, changed then, lacks."""
    known = {"history": KnownHistory(bases={"members": desired}), **situation}
    return only_action(plan([desired], [applied, shared_flow(updatedAt=changed)], **known)).cause


@pytest.mark.parametrize(
    ("at", "audit", "changed", "cause"),
    [
        (APPLIED, {}, AFTER, Cause.DRIFT),
        (APPLIED, {"updatedClient": None}, AFTER, Cause.DRIFT),
        (APPLIED, {}, BEFORE, Cause.UNKNOWN),
        (APPLIED, {}, APPLIED * 1000 + 999, Cause.UNKNOWN),
        (APPLIED, {}, None, Cause.UNKNOWN),
        (None, {}, AFTER, Cause.UNKNOWN),
        (None, {"updatedAt": APPLIED * 1000}, AFTER, Cause.DRIFT),
        (None, {"updatedAt": APPLIED * 1000}, BEFORE, Cause.UNKNOWN),
        (
            APPLIED - 120,
            {"updatedAt": APPLIED * 1000, "updatedBy": "our-client@techacct", "updatedClient": "our-client"},
            BEFORE,
            Cause.UNKNOWN,
        ),
        (APPLIED, {"updatedAt": AFTER + 9000}, AFTER, Cause.DRIFT),
        (APPLIED, {"updatedAt": AFTER + 9000, "updatedClient": None}, AFTER, Cause.UNKNOWN),
    ],
    ids=[
        "flow spec changed since",
        "flow spec changed since, by whom is hidden",
        "flow spec not changed since",
        "in that second",
        "no time of the flow spec",
        "no time of the apply",
        "only the time of the source, flow spec changed since",
        "only the time of the source, flow spec not changed since",
        "the clock of the apply was slow",
        "somebody else changed the source later",
        "the source was changed later, by whom is hidden",
    ],
)
def test_a_source_is_only_said_to_be_detached_if_its_flow_spec_was_changed_after_the_apply(
    at: int | None, audit: dict[str, Any], changed: int | None, cause: Cause
) -> None:
    desired = connection(flow_specs=[FLOW])
    assert cause_of_lost(source(desired, at=at, **audit), desired, changed) is cause


def test_an_attachment_that_its_file_got_after_the_flow_specs_last_change_is_pending() -> None:
    desired = connection(flow_specs=[FLOW])
    versions = (Version(desired, BEFORE // 1000 + 1), Version(connection(), BEFORE // 1000 - 9))
    history = KnownHistory(bases={"members": desired}, dated={"members": versions})
    assert cause_of_lost(source(desired), desired, BEFORE, history=history) is Cause.PENDING


def test_a_killed_run_may_not_have_attached_what_it_wrote_whoever_changed_the_flow_spec_since() -> None:
    desired = connection(flow_specs=[FLOW])
    killed = lambda key, identity: (key, identity) == ("members", spec_id(1))  # noqa: E731 - the whole of what was interrupted
    assert cause_of_lost(source(desired), desired, AFTER, was_interrupted=killed) is Cause.UNKNOWN


def owned(*held: str, changed: int | None = AFTER, written: list[Any] | None = None) -> tuple[DesiredSpec, LiveSpec]:
    """A flow spec file that owns its list, and the flow spec as it is live, with these ids."""
    file = flow_file(sourceConnectionSpecIds=written or [])
    return file, marked(file, 7, audit={"updatedAt": changed}, sourceConnectionSpecIds=list(held))


@pytest.mark.parametrize(("changed", "cause"), [(AFTER, Cause.DRIFT), (BEFORE, Cause.UNKNOWN), (None, Cause.UNKNOWN)])
@pytest.mark.parametrize("with_base", [True, False])
def test_an_attachment_that_an_owned_list_lacks_has_the_cause_of_any_other(
    changed: int | None, cause: Cause, with_base: bool
) -> None:
    desired, (flow, now) = connection(flow_specs=["own-flow"]), owned(changed=changed)
    history = KnownHistory(bases={"members": desired} | ({"own-flow": flow} if with_base else {}))
    assert only_action(plan([desired, flow], [source(desired), now], history=history)).cause is cause


def test_a_source_that_is_still_to_be_created_is_no_drift_of_an_owned_list() -> None:
    flow, now = owned()
    made = plan([connection(flow_specs=["own-flow"]), flow], [now], history=KnownHistory(bases={"own-flow": flow}))
    assert [(action.action, action.cause) for action in made.actions] == [(ActionName.CREATE, None), (ActionName.ATTACH, None)]


def test_an_id_that_the_list_of_the_file_names_is_explained_by_that_file() -> None:
    desired = connection(flow_specs=["own-flow"])
    flow, now = owned(changed=BEFORE, written=[{"ref": "members"}])
    history = KnownHistory(bases={"members": desired, "own-flow": flow})
    assert only_action(plan([desired, flow], [source(desired), now], history=history)).cause is Cause.DRIFT


def cause_of_extra(files: list[DesiredSpec], specs: list[LiveSpec], **history: Any) -> Cause | None:
    return only_action(plan(files, specs, max_detaches=1, history=KnownHistory(**history))).cause


def test_a_source_whose_file_no_longer_names_the_flow_spec_is_pending_and_nothing_else_is_said_of_it() -> None:
    applied, desired, (flow, now) = connection(flow_specs=["own-flow"]), connection(), owned(spec_id(1))
    made = plan(
        [desired, flow],
        [source(applied), now],
        max_detaches=1,
        history=KnownHistory(bases={"members": applied, "own-flow": flow}),
    )
    assert (only_action(made).cause, made.problems) == (Cause.PENDING, ())


@pytest.mark.parametrize(
    ("former", "shallow", "cause"),
    [
        (connection(flow_specs=["own-flow"]), False, Cause.UNKNOWN),
        (connection(flow_specs=["own-flow"]), True, Cause.UNKNOWN),
        (connection(), False, Cause.DRIFT),
        (connection(), True, Cause.UNKNOWN),
        (None, False, Cause.UNKNOWN),
    ],
    ids=["named it once", "named it once, and more is cut off", "never named it", "history is cut off", "no history"],
)
def test_a_source_that_a_killed_apply_may_not_have_detached_was_not_attached_by_somebody_else(
    former: DesiredSpec | None, shallow: bool, cause: Cause
) -> None:
    desired, (flow, now) = connection(), owned(spec_id(1))
    dated = {"members": (Version(desired, 9), Version(former, 1))} if former else {}
    known = {"bases": {"members": desired, "own-flow": flow}, "dated": dated, "is_shallow": shallow}
    assert cause_of_extra([desired, flow], [source(desired), now], **known) is cause


def test_an_orphan_that_its_last_file_attached_is_pending() -> None:
    gone, (flow, now) = connection("gone", flow_specs=["own-flow"]), owned(spec_id(1))
    assert cause_of_extra([flow], [source(gone), now], bases={"gone": gone, "own-flow": flow}) is Cause.PENDING


def test_an_orphan_that_the_list_named_when_it_was_last_applied_is_pending() -> None:
    gone, file = connection("gone"), flow_file(sourceConnectionSpecIds=[])
    then, now = owned(spec_id(1), written=[{"ref": "gone"}])
    assert cause_of_extra([file], [source(gone), now], bases={"gone": gone, "own-flow": then}) is Cause.PENDING


def test_an_orphan_without_a_record_is_unknown() -> None:
    gone, (flow, now) = connection("gone"), owned(spec_id(1))
    assert cause_of_extra([flow], [source(gone), now], bases={"own-flow": flow}) is Cause.UNKNOWN


_THEIRS = connection("theirs", flow_specs=["own-flow"])


@pytest.mark.parametrize(
    "theirs",
    [[], [live(_THEIRS)], [live(_THEIRS, marker=marker_for(_THEIRS, repository=THEIRS))]],
    ids=["not in the list", "unmanaged", "of another repository"],
)
def test_what_somebody_elses_source_does_in_an_owned_list_is_drift(theirs: list[LiveSpec]) -> None:
    flow, now = owned(spec_id(1))
    assert cause_of_extra([flow], [*theirs, now], bases={"own-flow": flow, "theirs": _THEIRS}) is Cause.DRIFT


def test_files_of_connection_specs_explain_nothing_about_targets() -> None:
    desired, flow = connection(flow_specs=["own-flow"]), flow_file(targetConnectionSpecIds=[])
    now = marked(flow, 7, targetConnectionSpecIds=[spec_id(1)], sourceConnectionSpecIds=[spec_id(1)])
    assert cause_of_extra([desired, flow], [source(desired), now], bases={"members": desired, "own-flow": flow}) is Cause.DRIFT


def test_a_list_that_a_file_did_not_write_when_it_was_last_applied_is_pending() -> None:
    before, file = flow_file(), flow_file(sourceConnectionSpecIds=[])
    now = marked(before, 7, sourceConnectionSpecIds=[spec_id(44)])
    assert cause_of_extra([file], [now], bases={"own-flow": before}) is Cause.PENDING


def test_a_former_file_is_explained_by_the_ids_of_its_own_references() -> None:
    sources = [connection(f"s{number}") for number in range(3)]
    references = (SpecReference("sourceConnectionSpecIds", "s1"), SpecReference("sourceConnectionSpecIds", "gone"))
    former = replace(flow_file(), references=references)
    specs = [marked(one, number) for number, one in enumerate([*sources, connection("gone")])]
    context = make_context(situation([*sources, former], specs))
    assert context.ids_in(former) == {"s1": spec_id(1), "gone": spec_id(3)}
