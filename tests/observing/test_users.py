"""Who uses what a plan changes: what is asked of the service, and what becomes of its answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour, Fault
from reconciler.emulator.dataflows import Dataflow, put_dataflow
from reconciler.emulator.model import Place
from reconciler.flowservice.usage import SpecUsage, Users
from reconciler.observing import users
from reconciler.observing.prepare import prepare
from reconciler.observing.users import asking_users
from reconciler.planning.plan import Options, Plan
from reconciler.planning.usage import changed_specs
from reconciler.settings.values import Network
from tests.applying.stories import applied, source
from tests.applying.world import JANE, ORG, World, changed
from tests.planning.situations import SANDBOX, connection

HERE = Place(ORG, SANDBOX)
PATIENCE = 60
RAN = 1_699_999_000_000


def use(world: World, key: str, **wish: Any) -> None:
    (spec_id,) = world.ours()[key]
    put_dataflow(world.emulator.store, HERE, Dataflow(connection_spec=spec_id, **wish), JANE)


def plan_with_users(world: World, **options: Any) -> Plan:
    world.forget_requests()
    return prepare(world.workspace, world.service, Options(**options), world.progress, users=True)


def usages(made: Plan) -> dict[str, SpecUsage | None]:
    return {action.key or action.name: action.usage for action in made.actions}


def asked(world: World) -> list[str]:
    """The collections that were asked, in order."""
    paths = [entry.path.rpartition("/flowservice/") for entry in world.emulator.store.requests()]
    return sorted(path for _, service, path in paths if service)


def edited(world: World, *numbers: int) -> World:
    for number in numbers:
        world.files[number] = changed(world.files[number], sourceSpec={"x": "edited"})
    return world


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two sources that are live."""
    world = World(tmp_path, [source("a"), source("b")])
    world.apply()
    return world


def test_an_update_tells_who_uses_the_spec_with_one_query_more(world: World) -> None:
    use(world, "a", runs=(RAN - 5, RAN))
    use(world, "a", state="disabled")
    use(world, "b")
    made = plan_with_users(edited(world, 0))
    assert usages(made) == {"a": SpecUsage(2, 2, 2, 1, RAN)}
    assert asked(world) == ["connectionSpecs", "flowSpecs", "flows"]


def test_two_updates_are_two_queries(world: World) -> None:
    made = plan_with_users(edited(world, 0, 1))
    assert usages(made) == {"a": SpecUsage(None, None, 0, 0), "b": SpecUsage(None, None, 0, 0)}
    assert asked(world).count("flows") == 2


def test_a_quiet_plan_asks_nobody(world: World) -> None:
    plan_with_users(world)
    assert asked(world) == ["connectionSpecs", "flowSpecs"]


def test_a_create_asks_nobody(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    assert usages(plan_with_users(world)) == {"a": None}
    assert asked(world) == ["connectionSpecs", "flowSpecs"]


def test_what_apply_makes_of_it_asks_nobody(world: World) -> None:
    edited(world, 0)
    world.forget_requests()
    assert usages(world.plan()) == {"a": None}
    assert asked(world) == ["connectionSpecs", "flowSpecs"]


def test_a_detach_tells_what_the_guard_was_told_and_asks_nothing_more(world: World) -> None:
    use(world, "a", runs=(RAN,))
    use(world, "a", flow=False)
    del world.files[0]
    made = plan_with_users(world, prune=True, max_detaches=1)
    assert [problem.code for problem in made.errors] == ["detach-in-use"]
    assert usages(made)["RestStorageToAEP"] == SpecUsage(
        base_connections=2, source_connections=2, flows=1, enabled_flows=1, last_run_at=RAN
    )
    assert asked(world) == ["connectionSpecs", "flowSpecs", "flows", "sourceConnections"]


def test_a_detach_that_may_be_in_use_tells_by_whom(world: World) -> None:
    use(world, "a")
    del world.files[0]
    made = plan_with_users(world, prune=True, max_detaches=1, allow_in_use=True)
    assert made.errors == ()
    assert usages(made)["RestStorageToAEP"] == SpecUsage(1, 1, 1, 1)


def test_a_detach_whose_guard_got_no_answer_is_refused_and_does_not_ask_again(world: World) -> None:
    del world.files[0]
    world.emulator.service.behaviour = Behaviour(forbidden=("flows",))
    made = plan_with_users(world, prune=True, max_detaches=1)
    assert [problem.code for problem in made.errors] == ["detach-in-use"]
    usage = usages(made)["RestStorageToAEP"]
    assert usage is not None
    assert usage.flows is None
    assert asked(world).count("flows") == 1


def test_a_credential_that_may_not_view_flows_has_a_plan_all_the_same(world: World) -> None:
    world.emulator.service.behaviour = Behaviour(forbidden=("flows",))
    made = plan_with_users(edited(world, 0))
    assert usages(made) == {"a": SpecUsage(unknown="the service returned 403 FLOW-2118-403")}
    assert made.errors == ()


def test_once_the_service_gives_no_answer_the_other_specs_are_not_asked_about(world: World) -> None:
    world.emulator.service.behaviour = Behaviour(forbidden=("flows",))
    made = plan_with_users(edited(world, 0, 1))
    assert {usage.unknown for usage in usages(made).values() if usage} == {"the service returned 403 FLOW-2118-403"}
    assert asked(world).count("flows") == 1


@pytest.mark.parametrize(
    "fault", [Fault(path="/flows", break_off="before"), Fault(path="/flows", status=200, body='{"items": 5}')]
)
def test_an_answer_that_cannot_be_used_is_none(tmp_path: Path, fault: Fault) -> None:
    world = edited(applied(tmp_path, network=Network(concurrency=1, retries=0)), 0)
    world.emulator.service.faults.set([fault])
    made = plan_with_users(world)
    usage = usages(made)["a"]
    assert usage is not None
    assert (usage.flows, usage.unknown, made.errors) == (None, "the service gave no usable response", ())


def test_an_id_that_would_change_the_query_is_not_asked_about(world: World) -> None:
    (action,) = edited(world, 0).plan().actions
    made = replace(world.plan(), actions=(replace(action, id="a,b&count=true"),))
    world.forget_requests()
    with asking_users(world.service, changed_specs(made), {}, 1) as with_users:
        told = with_users(made)
    assert usages(told) == {"a": SpecUsage(unknown="its id is not valid in a query")}
    assert asked(world) == []


def test_users_are_asked_about_beside_the_rest_of_the_plan(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_meanwhile = Event()

    def users_of(*_: object) -> Users:
        asked_meanwhile.set()
        return Users(())

    monkeypatch.setattr(world.service, "users_of", users_of)
    with asking_users(world.service, changed_specs(edited(world, 0).plan()), {}, 1):
        assert asked_meanwhile.wait(PATIENCE)


def test_when_the_plan_fails_no_other_spec_is_asked_about(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, failed = Event(), Event()
    told: list[str] = []

    class Pool(ThreadPoolExecutor):
        """Its first query ends after the others are cancelled, if they are."""

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            failed.set()
            super().shutdown(wait=wait)

    def users_of(_: Kind, spec_id: str) -> Users:
        told.append(spec_id)
        begun.set()
        failed.wait(PATIENCE)
        return Users(())

    monkeypatch.setattr(world.service, "users_of", users_of)
    monkeypatch.setattr(users, "ThreadPoolExecutor", Pool)
    specs = changed_specs(edited(world, 0, 1).plan())
    with suppress(ZeroDivisionError), asking_users(world.service, specs, {}, 1):
        begun.wait(PATIENCE)
        raise ZeroDivisionError
    assert len(told) == 1


def test_a_flow_under_an_access_label_is_not_seen(world: World) -> None:
    use(world, "a")
    use(world, "a")
    (first, _) = world.emulator.store.rows("flows", HERE)
    world.emulator.service.behaviour = Behaviour(hidden=(first.id,))
    usage = usages(plan_with_users(edited(world, 0)))["a"]
    assert usage is not None
    assert usage.flows == 1
