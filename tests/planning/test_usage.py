from __future__ import annotations

from reconciler.documents.kinds import Kind
from reconciler.flowservice.usage import SpecUsage, Users, UsingFlow
from reconciler.planning.plan import Plan
from reconciler.planning.usage import MOST_SPECS, Spec, changed_specs, usage_in, with_usage
from tests.planning.situations import connection, flow_file, live, marked, only_action, plan, shared_flow, spec_id

IDS = frozenset[str]


def flow(
    number: int, *, enabled: bool | None = True, last_run_at: int | None = None, source: str = "s", base: str = "b"
) -> UsingFlow:
    return UsingFlow(f"flow-{number}", enabled, last_run_at, IDS({source}), IDS({base}))


def pruning() -> Plan:
    """Two orphans that are taken out of a shared flow spec."""
    orphans = [marked(connection("a"), 1), marked(connection("b"), 2)]
    return plan([], [*orphans, shared_flow(spec_id(1), spec_id(2))], prune=True, max_detaches=2)


def test_the_users_of_an_updated_spec_are_asked_for() -> None:
    spec = connection("a", type="x")
    assert changed_specs(plan([spec], [marked(spec, 7, type="y")])) == ((Kind.CONNECTION_SPEC, spec_id(7)),)


def test_the_users_of_an_updated_flow_spec_are_asked_for() -> None:
    spec = flow_file(description="new")
    assert changed_specs(plan([spec], [marked(spec, 7, description="old")])) == ((Kind.FLOW_SPEC, spec_id(7)),)


def test_the_users_of_each_detached_spec_are_asked_for_and_those_of_its_flow_spec_are_not() -> None:
    assert changed_specs(pruning()) == ((Kind.CONNECTION_SPEC, spec_id(1)), (Kind.CONNECTION_SPEC, spec_id(2)))


def test_a_quiet_plan_a_create_an_attach_and_a_marker_concern_nobody() -> None:
    spec = connection("a", flow_specs=["RestStorageToAEP"])
    adopted = connection("b", adopt=True)
    assert changed_specs(plan([spec], [marked(spec), shared_flow(spec_id(1))])) == ()
    assert changed_specs(plan([spec], [shared_flow()])) == ()
    assert changed_specs(plan([spec], [marked(spec), shared_flow()])) == ()
    assert changed_specs(plan([adopted], [live(adopted)])) == ()


def test_an_adoption_that_changes_the_body_concerns_its_users() -> None:
    adopted = connection("b", adopt=True, type="x")
    assert changed_specs(plan([adopted], [live(adopted, type="y")])) == ((Kind.CONNECTION_SPEC, spec_id(1)),)


def test_beyond_a_hundred_changed_specs_nobody_is_asked() -> None:
    specs = [connection(f"s{number:03}", type="x") for number in range(MOST_SPECS + 1)]
    made = plan(specs, [marked(spec, number, type="y") for number, spec in enumerate(specs, start=1)], max_updates=999)
    asked = changed_specs(made)
    told = with_usage(made, dict.fromkeys(asked, Users(())))
    assert (len(made.actions), len(asked)) == (101, 100)
    assert [action.usage for action in told.actions[-2:]] == [
        usage_in([Users(())]),
        SpecUsage(unknown="only the first 100 changed specs are checked"),
    ]


def test_an_update_tells_who_uses_it_and_the_digest_does_not_change() -> None:
    spec = connection("a", type="x")
    made = plan([spec], [marked(spec, 7, type="y")])
    users = Users((flow(1, last_run_at=5), flow(2, enabled=False, last_run_at=9, source="t")))
    told = with_usage(made, {(Kind.CONNECTION_SPEC, spec_id(7)): users})
    assert only_action(told).usage == SpecUsage(1, 2, 2, 1, 9)
    assert told.digest == made.digest


def test_a_plan_whose_users_nobody_asked_for_has_none() -> None:
    spec = connection("a", type="x")
    assert only_action(plan([spec], [marked(spec, type="y")])).usage is None


def test_a_detach_tells_of_all_specs_that_it_takes_out_and_counts_each_flow_once() -> None:
    both = (flow(1, source="s1", base="b1"), flow(1, source="s2", base="b2"))
    answers = [
        Users((both[0], flow(2)), source_connections=IDS({"s", "s1", "idle"}), base_connections=IDS({"b", "b1"})),
        Users((both[1],), source_connections=IDS({"s2"}), base_connections=IDS({"b2"})),
    ]
    told = with_usage(pruning(), {(Kind.CONNECTION_SPEC, spec_id(number)): one for number, one in enumerate(answers, start=1)})
    (detach,) = (action for action in told.actions if action.detaches)
    assert detach.usage == SpecUsage(base_connections=3, source_connections=4, flows=2, enabled_flows=2)
    assert [action.usage for action in told.actions if action.retires] == [None, None]


def test_what_cannot_be_told_of_one_detached_spec_cannot_be_told_of_the_detach() -> None:
    answers: dict[Spec, Users | str] = {
        (Kind.CONNECTION_SPEC, spec_id(1)): Users(()),
        (Kind.CONNECTION_SPEC, spec_id(2)): "the service returned 403",
    }
    (detach,) = (action for action in with_usage(pruning(), answers).actions if action.detaches)
    assert detach.usage == SpecUsage(unknown="the service returned 403")


def test_flows_that_say_less_leave_only_that_open() -> None:
    usage = usage_in([Users((flow(1), UsingFlow("flow-2", is_enabled=None)))])
    assert usage == SpecUsage(base_connections=None, source_connections=None, flows=2, enabled_flows=None)


def test_flows_without_an_id_are_not_taken_for_one() -> None:
    assert usage_in([Users((UsingFlow(None), UsingFlow(None)))]).flows == 2


def test_one_flow_that_says_its_connections_once_and_once_not_leaves_them_open() -> None:
    usage = usage_in([Users((flow(1),)), Users((UsingFlow("flow-1", is_enabled=True),))])
    assert (usage.flows, usage.source_connections) == (1, None)


def test_a_list_that_is_not_whole_says_that_there_may_be_more() -> None:
    assert usage_in([Users((), is_whole=False)]).unknown == "the service did not show all of them"
