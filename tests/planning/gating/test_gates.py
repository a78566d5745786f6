"""What passes the gate from an upstream target, in every state that it can have there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from reconciler.desired.git.history import Relation
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec, StrangeItem
from reconciler.planning.gate import GateName
from reconciler.planning.gating.held import reasons
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.upstream import Upstream, by_spec
from reconciler.planning.plan import Plan
from reconciler.wording.moments import moment
from tests.planning.situations import (
    COMMIT,
    UPDATED_AT,
    KnownHistory,
    connection,
    flow_file,
    live,
    marked,
    marker_for,
    plan,
    shared_flow,
    spec_id,
)

FLOW: Final = "RestStorageToAEP"
WRITTEN: Final = UPDATED_AT / 1000
HOUR: Final = 3_600.0
NEW: Final = connection(attributes={"text": "new"}, flow_specs=(FLOW,))
OLD: Final = connection(attributes={"text": "old"}, flow_specs=(FLOW,))
MEMBERS: Final = (Kind.CONNECTION_SPEC, "members")


def left_by(desired: DesiredSpec, **body: Any) -> LiveSpec:
    return marked(desired, updatedAt=UPDATED_AT, **body)


def stage(*live: LiveSpec, files: tuple[DesiredSpec, ...] = (NEW,), served_at: float | None = WRITTEN, **rest: Any) -> Upstream:
    history = KnownHistory(known={COMMIT: rest.pop("relation", Relation.ANCESTOR)}, bases={"members": rest.pop("base", NEW)})
    made = plan(files, [*live], history=history, prune=not files, served_at=served_at, **rest)
    return Upstream("stage", made, desired={(spec.kind, spec.key): spec for spec in files})


UPSTREAMS: Final = {
    "in sync": stage(left_by(NEW), shared_flow(spec_id(1))),
    "pending": stage(left_by(OLD), shared_flow(spec_id(1)), base=OLD),
    "drift": stage(left_by(NEW, attributes={"text": "hand"}), shared_flow(spec_id(1))),
    "both": stage(left_by(OLD, attributes={"text": "hand"}), shared_flow(spec_id(1)), base=OLD),
    "ahead": stage(left_by(OLD), shared_flow(spec_id(1)), relation=Relation.NOT_ANCESTOR, base=OLD),
    "absent": stage(shared_flow()),
    "not attached": stage(left_by(NEW), shared_flow()),
    "unreadable": Upstream("stage", why_not="403 Forbidden", hint="check its credential"),
    "retired": stage(marked(NEW, marker=marker_for(NEW, retired=True)), shared_flow()),
    "still there without a file": stage(left_by(NEW), shared_flow(spec_id(1)), files=()),
    "retired without a file": stage(marked(NEW, marker=marker_for(NEW, retired=True)), shared_flow(), files=()),
    "never there, without a file": stage(shared_flow(), files=()),
}


def prod(gating: Gating, *live: LiveSpec, files: tuple[DesiredSpec, ...] = (NEW,), **rest: Any) -> Plan:
    history = KnownHistory(bases={"members": OLD})
    return plan(files, [*live], history=history, gating=gating, prune=not files, max_detaches=9, **rest)


PRODS: Final = {
    "create": lambda gating: prod(gating, shared_flow()),
    "update": lambda gating: prod(gating, left_by(OLD), shared_flow(spec_id(1))),
    "attach": lambda gating: prod(gating, left_by(NEW), shared_flow()),
    "detach": lambda gating: prod(gating, left_by(NEW), shared_flow(spec_id(1)), files=()),
}
PASSES: Final = {(state, "in sync") for state in ("create", "update", "attach")} | {
    ("detach", "retired without a file"),
    ("detach", "never there, without a file"),
}


CELLS: Final = [
    (state, change)
    for state in UPSTREAMS
    for change in PRODS
    if state == "unreadable" or (change == "detach") == state.endswith("without a file")
]
"""The file is the same in both targets: either it exists, or it does not."""


@pytest.mark.parametrize(("state", "change"), CELLS)
def test_only_what_the_upstream_target_has_as_it_is_here_goes_on(state: str, change: str) -> None:
    upstream = UPSTREAMS[state]
    made = PRODS[change](Gating((upstream,)))
    passes = (change, state) in PASSES
    assert (bool(made.actions), bool(made.waiting)) == (passes, not passes)
    assert made.gates[MEMBERS].is_ready is passes
    assert made.errors == ()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("pending", "stage has 1 change pending (attributes)"),
        ("drift", "stage has drifted, so what would go on is not what runs there"),
        ("both", "stage has drifted, so what would go on is not what runs there"),
        (
            "ahead",
            (
                "stage cannot be compared: connection spec 'members' was applied from commit aaaaaaaaaaaa, "
                "which this checkout does not contain"
            ),
        ),
        ("absent", "stage does not have it yet"),
        ("unreadable", "stage could not be read: 403 Forbidden"),
    ],
)
def test_a_spec_that_waits_says_what_is_missing_and_what_to_do(state: str, message: str) -> None:
    made = PRODS["update"](Gating((UPSTREAMS[state],)))
    (wait,) = made.gates[MEMBERS].waits
    assert (wait.on, wait.gate, wait.message) == ("stage", GateName.SAME, message)
    assert wait.hint


def test_what_waits_has_no_part_in_the_digest_the_limits_or_the_guards() -> None:
    waiting = prod(Gating((UPSTREAMS["absent"],)), shared_flow(), max_creates=0)
    quiet = prod(Gating(()), left_by(NEW), shared_flow(spec_id(1)), max_creates=0)
    assert (waiting.errors, waiting.digest) == ((), quiet.digest)


def test_one_spec_waits_and_the_others_go_on() -> None:
    other = connection("orders")
    upstream = stage(marked(other, 2), shared_flow(), files=(NEW, other))
    made = prod(Gating((upstream,)), shared_flow(), files=(NEW, other))
    assert [action.key for action in made.actions] == ["orders"]
    assert [action.key or action.name for action in made.waiting] == ["members", FLOW]


def test_an_attachment_of_a_spec_that_waits_leaves_the_flow_spec_to_the_others() -> None:
    other = connection("orders", flow_specs=(FLOW,))
    upstream = stage(marked(other, 2), shared_flow(spec_id(2)), files=(NEW, other))
    made = prod(Gating((upstream,)), shared_flow(), files=(NEW, other))
    (attach,) = [action for action in made.actions if action.kind is Kind.FLOW_SPEC]
    assert [change.new for change in attach.attaches] == [{"ref": "orders"}]
    (left,) = [action for action in made.waiting if action.kind is Kind.FLOW_SPEC]
    assert [change.new for change in left.attaches] == [{"ref": "members"}]


def test_a_flow_spec_waits_for_the_specs_that_its_file_names() -> None:
    flow = flow_file(sourceConnectionSpecIds=[{"ref": "members"}])
    live_flow = marked(flow, 7, sourceConnectionSpecIds=[spec_id(1)])
    upstream = stage(left_by(OLD), live_flow, files=(replace(NEW, flow_specs=()), flow), base=OLD)
    made = prod(Gating((upstream,)), left_by(OLD), files=(replace(NEW, flow_specs=()), flow))
    assert made.actions == ()
    assert "it names members, which waits" in made.gates[Kind.FLOW_SPEC, "own-flow"].waits[0].message


def waits_of_a_flow_that_names(*keys: str, upstream: Upstream) -> list[str]:
    sources = tuple(connection(key) for key in keys)
    flow = flow_file(sourceConnectionSpecIds=[{"ref": key} for key in keys])
    made = prod(Gating((upstream,)), files=(*sources, flow))
    return [wait.message for wait in made.gates[Kind.FLOW_SPEC, "own-flow"].waits]


def test_a_flow_spec_names_those_that_wait_for_the_same_reason_together() -> None:
    empty = stage(files=(*map(connection, "abcde"), flow_file(sourceConnectionSpecIds=[])))
    assert waits_of_a_flow_that_names("a", "b", upstream=empty)[1:] == ["it names a, b, which wait: stage does not have it yet"]
    assert waits_of_a_flow_that_names(*"abc", upstream=empty)[1:] == ["it names a, b, c, which wait: stage does not have it yet"]
    assert waits_of_a_flow_that_names(*"abcde", upstream=empty)[1:] == [
        "it names a, b, c and 2 more, which wait: stage does not have it yet"
    ]


def test_what_a_flow_spec_gains_by_its_file_is_no_reason_of_its_own() -> None:
    live_flow = marked(flow_file(sourceConnectionSpecIds=[]), 7)
    flow = flow_file(sourceConnectionSpecIds=[{"ref": "a"}, {"ref": "b"}])
    files = (connection("a"), connection("b"), flow)
    made = prod(Gating((stage(live_flow, files=files),)), live_flow, files=files)
    (action,) = [one for one in made.waiting if one.kind is Kind.FLOW_SPEC]
    assert action.attaches
    assert [wait.message for wait in reasons(made, action)][1:] == ["it names a, b, which wait: stage does not have it yet"]


def test_a_flow_spec_goes_on_with_the_specs_that_it_names() -> None:
    flow = flow_file(sourceConnectionSpecIds=[{"ref": "members"}])
    there = stage(left_by(replace(NEW, flow_specs=())), files=(replace(NEW, flow_specs=()), flow))
    made = prod(Gating((there,)), files=(replace(NEW, flow_specs=()), flow))
    (wait,) = made.gates[Kind.FLOW_SPEC, "own-flow"].waits
    assert (made.gates[MEMBERS].is_ready, wait.message) == (True, "stage does not have it yet")


def test_an_attachment_of_several_specs_says_each_reason_once() -> None:
    files = (connection("a", flow_specs=(FLOW,)), connection("b", flow_specs=(FLOW,)))
    made = prod(Gating((stage(shared_flow(), files=files),)), shared_flow(), files=files)
    (attach,) = [one for one in made.waiting if one.kind is Kind.FLOW_SPEC]
    assert [wait.message for wait in reasons(made, attach)] == ["stage does not have it yet"]


def test_a_flow_spec_needs_no_proof() -> None:
    flow = flow_file(sourceConnectionSpecIds=[])
    made = prod(Gating((stage(marked(flow, 7), files=(flow,)),), proved=("stage",)), files=(flow,))
    assert made.gates[Kind.FLOW_SPEC, "own-flow"].is_ready


def test_what_was_skipped_for_a_flow_spec_stays_known_while_it_waits_for_others() -> None:
    flow = flow_file(sourceConnectionSpecIds=[{"ref": "members"}])
    files = (replace(NEW, flow_specs=()), flow)
    made = prod(Gating((stage(files=files),), skips=frozenset({"same=own-flow"})), files=files)
    gate = made.gates[Kind.FLOW_SPEC, "own-flow"]
    assert ([wait.gate for wait in gate.skipped], gate.is_ready) == ([GateName.SAME], False)


def test_a_spec_that_does_not_belong_upstream_is_not_asked_about_there() -> None:
    upstream = replace_elsewhere(stage(shared_flow(), files=()))
    made = prod(Gating((upstream,)), shared_flow())
    assert (len(made.actions), made.waiting) == (2, ())


def replace_elsewhere(upstream: Upstream) -> Upstream:
    return replace(upstream, elsewhere=lambda key: key == "members")


def test_every_upstream_target_is_asked() -> None:
    made = PRODS["update"](Gating((UPSTREAMS["in sync"], replace(UPSTREAMS["pending"], name="eu"))))
    assert [wait.on for wait in made.gates[MEMBERS].waits] == ["eu"]


def test_an_error_about_the_whole_comparison_lets_nothing_pass() -> None:
    upstream = UPSTREAMS["in sync"]
    assert upstream.plan is not None
    broken = replace(upstream, plan=replace(upstream.plan, problems=(Problem(Severity.ERROR, "x", "the list is cut off", None),)))
    made = PRODS["update"](Gating((broken,)))
    assert (made.actions, made.gates[MEMBERS].waits[0].message) == ((), "stage cannot be compared: the list is cut off")


# what this run applies first


def test_what_this_run_applies_upstream_first_counts_as_done() -> None:
    assert PRODS["update"](Gating((replace(UPSTREAMS["pending"], is_first=True),))).actions
    assert PRODS["create"](Gating((replace(UPSTREAMS["absent"], is_first=True),))).actions


def test_drift_that_this_run_overwrites_upstream_is_no_change_to_pass_on() -> None:
    assert PRODS["update"](Gating((replace(UPSTREAMS["drift"], is_first=True),))).actions == ()


def test_what_waits_upstream_itself_does_not_count_as_done() -> None:
    held = prod(Gating((UPSTREAMS["absent"],)), shared_flow())
    upstream = Upstream("stage", held, desired={MEMBERS: NEW}, is_first=True)
    assert PRODS["create"](Gating((upstream,))).actions == ()


def test_with_a_soak_what_this_run_applies_upstream_waits() -> None:
    made = PRODS["update"](Gating((replace(UPSTREAMS["pending"], is_first=True),), soak=HOUR))
    assert [wait.gate for wait in made.gates[MEMBERS].waits] == [GateName.SOAK]


# what waited when the plan was shown


def test_what_waited_when_the_plan_was_shown_still_waits_though_the_gate_has_opened() -> None:
    shown = PRODS["update"](Gating((UPSTREAMS["drift"],)))
    again = PRODS["update"](Gating((UPSTREAMS["in sync"],), shown=shown.gates))
    assert (again.actions, again.digest) == ((), shown.digest)
    (wait,) = again.gates[MEMBERS].waits
    assert (wait.on, wait.gate, wait.message) == ("stage", GateName.SAME, "it waited when the plan was shown")
    assert again.waiting == shown.waiting


def test_what_was_ready_when_the_plan_was_shown_is_asked_about_anew() -> None:
    shown = PRODS["update"](Gating((UPSTREAMS["in sync"],)))
    assert PRODS["update"](Gating((UPSTREAMS["in sync"],), shown=shown.gates)).digest == shown.digest
    assert PRODS["update"](Gating((UPSTREAMS["drift"],), shown=shown.gates)).actions == ()


def test_what_still_waits_says_for_what_it_waits_now() -> None:
    shown = PRODS["update"](Gating((UPSTREAMS["drift"],)))
    again = PRODS["update"](Gating((UPSTREAMS["unreadable"],), shown=shown.gates))
    assert "could not be read" in again.gates[MEMBERS].waits[0].message


def test_a_skipped_gate_writes_nothing_that_waited_when_the_plan_was_shown() -> None:
    shown = PRODS["update"](Gating((UPSTREAMS["drift"],)))
    assert PRODS["update"](Gating((UPSTREAMS["drift"],), skips=frozenset({"same"}), shown=shown.gates)).actions == ()


# soak


def soaked(served_at: float | None, *, at: float | None = None, **rest: Any) -> Plan:
    marker = marker_for(NEW, at=None if at is None else moment(at))
    upstream = stage(marked(NEW, marker=marker, **rest), shared_flow(spec_id(1)), served_at=served_at)
    return PRODS["update"](Gating((upstream,), soak=24 * HOUR))


@pytest.mark.parametrize(
    ("served_at", "at", "passes"),
    [
        (WRITTEN + 23 * HOUR, None, False),
        (WRITTEN + 24 * HOUR, None, True),
        (WRITTEN + 24 * HOUR, WRITTEN + 2 * HOUR, False),  # `updatedAt` stayed as it was
        (WRITTEN + 26 * HOUR, WRITTEN + 2 * HOUR, True),
        (WRITTEN + 24 * HOUR, WRITTEN - 2 * HOUR, True),  # a clock that was slow when it was written
    ],
)
def test_a_soak_begins_with_the_last_write_and_ends_by_the_clock_of_the_service(
    served_at: float, at: float | None, *, passes: bool
) -> None:
    assert bool(soaked(served_at, at=at).actions) is passes


def test_a_soak_that_lasts_says_since_when_and_until_when() -> None:
    (wait,) = soaked(WRITTEN + 19 * HOUR, at=WRITTEN).gates[MEMBERS].waits
    assert (wait.gate, wait.since, wait.until, wait.unsure) == (GateName.SOAK, WRITTEN, WRITTEN + 24 * HOUR, False)
    assert wait.message == f"19h of 1d (stage since {moment(WRITTEN)})"
    assert wait.left == 5 * HOUR


def test_an_unknown_time_lets_nothing_pass() -> None:
    (without_date,) = soaked(None).gates[MEMBERS].waits
    assert "have no Date" in without_date.message
    assert without_date.unsure


@pytest.mark.parametrize("at", [None, WRITTEN - 2 * HOUR, WRITTEN])
def test_without_a_time_of_its_last_change_it_may_have_been_changed_since_its_write(at: float | None) -> None:
    (wait,) = soaked(WRITTEN + 99 * HOUR, at=at, audit={"updatedAt": None}).gates[MEMBERS].waits
    assert wait.message == "stage does not say when it was last changed, so how long it has had it is not known"
    assert (wait.since, wait.until, wait.unsure) == (None, None, True)
    assert "--skip-gate soak" in (wait.hint or "")


@pytest.mark.parametrize("at", ["2026-99-99T99:99:99Z", "2026-02-30T00:00:00Z"])
def test_a_time_in_a_marker_that_cannot_be_read_lets_nothing_pass(at: str) -> None:
    upstream = stage(marked(NEW, marker=marker_for(NEW, at=at)), shared_flow(spec_id(1)), served_at=WRITTEN + 99 * HOUR)
    (wait,) = PRODS["update"](Gating((upstream,), soak=24 * HOUR)).gates[MEMBERS].waits
    assert wait.message == "stage does not say when it was written, so how long it has had it is not known"


def test_a_marker_from_before_it_had_a_time_soaks_by_the_last_change_and_says_so() -> None:
    assert soaked(WRITTEN + 24 * HOUR).actions
    (old,) = soaked(WRITTEN + 19 * HOUR).gates[MEMBERS].waits
    assert "its marker has no time, so only `updatedAt` counts" in old.message
    (new,) = soaked(WRITTEN + 19 * HOUR, at=WRITTEN).gates[MEMBERS].waits
    assert "updatedAt" not in new.message


def test_a_time_of_the_future_does_not_soak() -> None:
    assert soaked(WRITTEN - 99 * HOUR).actions == ()


# proved


def test_a_spec_waits_for_the_proof_of_its_content() -> None:
    asked = []

    def proof(desired: DesiredSpec, target: str) -> str | None:
        asked.append((desired.key, target))
        return None if target == "stage" else f"no proof in {target} is kept"

    made = PRODS["update"](Gating((UPSTREAMS["in sync"],), proved=("stage", "eu"), proof=proof))
    (wait,) = made.gates[MEMBERS].waits
    assert (wait.gate, wait.on, wait.message) == (GateName.PROVED, "eu", "no proof in eu is kept")
    assert asked == [("members", "stage"), ("members", "eu")]


def test_proofs_that_were_not_looked_up_are_none() -> None:
    assert PRODS["update"](Gating((UPSTREAMS["in sync"],), proved=("stage",))).actions == ()


# skipping


def skipping(*skips: str, state: str = "pending", **rest: Any) -> Plan:
    gating = Gating((UPSTREAMS[state],), skips=frozenset(skips), **rest)
    return prod(gating, left_by(OLD), shared_flow(spec_id(1)), skip_gates=skips, reason="a fix for the outage")


def test_a_gate_that_is_skipped_is_in_the_marker_the_digest_and_a_warning() -> None:
    made, plain = skipping("same"), PRODS["update"](Gating((UPSTREAMS["in sync"],)))
    (action,) = made.actions
    assert action.marker is not None
    assert action.marker.skipped == ("same",)
    assert action.marker.to_json()["skipped"] == ["same"]
    assert made.digest != plain.digest
    assert [problem.code for problem in made.problems if problem.code == "skipped-gate"] == ["skipped-gate"]


def test_a_skip_without_effect_changes_no_digest() -> None:
    assert skipping("same", state="in sync").digest == PRODS["update"](Gating((UPSTREAMS["in sync"],))).digest


def test_a_gate_is_skipped_for_the_named_spec_alone() -> None:
    assert skipping("same=members").actions
    gating = Gating((UPSTREAMS["pending"],), skips=frozenset({"same=orders"}))
    made = prod(gating, left_by(OLD), shared_flow(spec_id(1)), files=(NEW, connection("orders")), skip_gates=("same=orders",))
    assert "members" not in [action.key for action in made.actions]


def test_one_gate_that_is_skipped_leaves_the_others() -> None:
    made = skipping("same", soak=HOUR)
    assert [wait.gate for wait in made.gates[MEMBERS].waits] == [GateName.SOAK]


@pytest.mark.parametrize("state", ["pending", "drift", "absent", "unreadable"])
def test_content_that_is_not_there_has_not_soaked_even_if_same_is_skipped(state: str) -> None:
    upstream = UPSTREAMS[state]
    if upstream.plan is not None:  # what is there instead has been there for long
        upstream = replace(upstream, plan=replace(upstream.plan, served_at=WRITTEN + 99 * HOUR))
    made = prod(Gating((upstream,), soak=HOUR, skips=frozenset({"same"})), left_by(OLD), shared_flow(spec_id(1)))
    assert [wait.gate for wait in made.gates[MEMBERS].waits] == [GateName.SOAK]
    both = prod(Gating((upstream,), soak=HOUR, skips=frozenset({"same", "soak"})), left_by(OLD), shared_flow(spec_id(1)))
    assert both.gates[MEMBERS].is_ready
    assert [wait.gate for wait in both.gates[MEMBERS].skipped] == [GateName.SAME, GateName.SOAK]


# what the upstream target may still have


GONE: Final = UPSTREAMS["never there, without a file"]


@pytest.mark.parametrize(
    ("live_specs", "rest", "reason"),
    [
        ((), {"complete": False}, "the list of live specs is incomplete"),
        ((), {"strange": (StrangeItem(Kind.CONNECTION_SPEC, 3, "it is text, not an object"),)}, "entry 3 of the list"),
        (
            (),
            {
                "strange": (
                    StrangeItem(
                        Kind.CONNECTION_SPEC,
                        3,
                        "it has no id",
                        name="Members",
                        attributes={"reconciler": {"repository": "acme/aep-sources", "sandbox": "dev", "key": "members"}},
                    ),
                )
            },
            "entry 3 of the list",
        ),
        ((live(NEW),), {}, "may be ours and has lost its marker"),
    ],
)
def test_what_may_still_be_upstream_is_not_retired_here(
    live_specs: tuple[LiveSpec, ...], rest: dict[str, Any], reason: str
) -> None:
    made = PRODS["detach"](Gating((stage(shared_flow(), *live_specs, files=(), **rest),)))
    (wait,) = made.gates[MEMBERS].waits
    assert (made.actions, wait.gate) == ((), GateName.SAME)
    assert wait.message.startswith("stage may still have it: ")
    assert reason in wait.message


def test_an_entry_of_another_owner_upstream_keeps_nothing_back() -> None:
    strange = (StrangeItem(Kind.CONNECTION_SPEC, 3, "it has no id", name="theirs", attributes={}),)
    assert PRODS["detach"](Gating((stage(shared_flow(), files=(), strange=strange),))).actions


def test_an_error_in_another_file_upstream_leaves_open_whether_a_spec_is_gone() -> None:
    assert GONE.plan is not None
    broken = replace(
        GONE.plan, problems=(Problem(Severity.ERROR, "x", "its overlay is not valid", "specs/o.yaml", key="orders"),)
    )
    made = PRODS["detach"](Gating((replace(GONE, plan=broken),)))
    assert (made.actions, made.gates[MEMBERS].waits[0].message) == ((), "stage may still have it: its overlay is not valid")


def test_a_detach_is_known_by_its_id_in_any_case() -> None:
    upper = "0000000A-0000-4000-8000-00000000000B"
    flow = shared_flow(upper.lower())
    held = prod(Gating(()), left_by(OLD, audit={"id": upper.lower()}), flow, files=())
    status = tuple(replace(each, id=upper) for each in held.specs)
    detaches = [action for action in held.actions if action.kind is Kind.FLOW_SPEC]
    assert list(by_spec(replace(held, specs=status, ids={}), detaches)) == [MEMBERS]


# what differs between targets


def test_a_change_of_this_target_alone_passes_as_risky() -> None:
    here = connection(attributes={"text": "here"}, flow_specs=(FLOW,))
    made = prod(Gating((UPSTREAMS["in sync"],)), left_by(OLD), shared_flow(spec_id(1)), files=(here,))
    (action,) = made.actions
    assert "differs-upstream" in {effect.code for effect in action.effects}
    assert made.summary.risky == 1
