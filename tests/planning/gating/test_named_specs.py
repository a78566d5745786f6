"""A flow spec waits with the connection specs that its file names."""

from __future__ import annotations

from dataclasses import replace

from reconciler.documents.kinds import Kind
from reconciler.planning.gate import GateName
from reconciler.planning.gating.held import reasons
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.upstream import Upstream
from tests.planning.gating.targets import FLOW, MEMBERS, NEW, OLD, left_by, prod, stage
from tests.planning.situations import (
    connection,
    flow_file,
    marked,
    shared_flow,
    spec_id,
)


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
