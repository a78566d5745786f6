"""Several targets written side by side and one after another, with sessions that do what a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pytest

from reconciler.applying.fleet import FleetApply, TargetEnd
from reconciler.applying.outcome import ApplyReport, OutcomeName, Result
from reconciler.applying.stopping import Stop
from reconciler.applying.waves import TurnState
from reconciler.errors import ExitCode, Problem, ReconcilerError, ServiceError, Severity
from reconciler.observing.progress import Progress
from reconciler.observing.unfinished import UNFINISHED
from reconciler.planning.fleet import FleetRead, FleetReading, TargetPlan
from reconciler.planning.plan import Options, Plan, PlanTarget
from reconciler.sessions import fleet_applying
from reconciler.sessions.fleet_applying import WritingMeans, apply_several, turns_of
from reconciler.settings.choosing import Chosen
from reconciler.settings.scope import Scope
from reconciler.settings.targets import Settings
from reconciler.settings.values import Safety, TargetSettings
from tests.cli.fakes import edit
from tests.cli.fakes import plan as plan_of
from tests.flowservice.simulated import SimulatedClock

WAIT: Final = 20.0
"""Seconds after which a test that hangs fails."""


class Silence:
    def step(self, message: str) -> None: ...

    def wrote(self, *_: object) -> None: ...


@dataclass
class World:
    """Targets by name with their organization; `does` is what happens in the apply of each."""

    organizations: dict[str, str]
    after: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plans: dict[str, Plan | ReconcilerError] = field(default_factory=dict)
    does: dict[str, Callable[[], object]] = field(default_factory=dict)
    fresh: dict[str, Callable[[], Plan]] = field(default_factory=dict)
    closes: dict[str, Callable[[], object]] = field(default_factory=dict)
    stop: Stop = field(default_factory=Stop)
    begun: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    fleets: list[Any] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        targets = {
            name: TargetSettings(name, org_id=org, sandbox=name, after=self.after.get(name, ()))
            for name, org in self.organizations.items()
        }
        return Settings("acme/s", targets, version=1)

    def shown(self, name: str) -> TargetPlan:
        target = PlanTarget(name, "platform.example", self.organizations[name], name)
        plan = self.plans.get(name) or replace(plan_of(edit()), target=target)
        if isinstance(plan, ReconcilerError):
            return TargetPlan(name, target, None, plan, 0.0)
        return TargetPlan(name, target, plan, None, 0.0)

    @contextmanager
    def open(self, _environ: Any, scope: Scope, _progress: Progress, _stop: Stop, _shared: Any, fleet: Any) -> Iterator[Session]:
        assert scope.target
        self.fleets.append(fleet)
        yield Session(self, scope.target)
        self.closes.get(scope.target, lambda: None)()

    def apply(self, *names: str, max_failures: int | None = None) -> dict[str, TargetEnd]:
        plans = tuple(self.shown(name) for name in names or self.organizations)
        reading = FleetReading(lambda _: Options())
        read = FleetRead(self.settings, Chosen(tuple(one.name for one in plans)), plans)
        means = WritingMeans({}, Scope(Path("specs")), Silence(), self.stop, clock=SimulatedClock())
        return {end.name: end for end in apply_several(means, FleetApply(read, reading, "f" * 64, max_failures, self))}

    def began(self, shown: TargetPlan) -> None:
        self.heard.append(f"{shown.name} begins")

    def ended(self, end: TargetEnd) -> None:
        self.heard.append(f"{end.name} ends")


@dataclass
class Session:
    world: World
    name: str

    @property
    def safety(self) -> Safety:
        return Safety()

    def prepare(self, _options: Options, **_: bool) -> Plan:
        again = self.world.fresh.get(self.name)
        plan = again() if again else self.world.shown(self.name).plan
        assert plan
        return plan

    def apply(self, plan: Plan, _journal: Path | None, stop: Stop) -> ApplyReport:
        self.world.begun.append(self.name)
        self.world.does.get(self.name, lambda: None)()
        outcome = OutcomeName.FAILED if self.name in FAILING else OutcomeName.UPDATED
        results = tuple(Result(one.kind, one.key, one.name, one.id, outcome) for one in plan.actions)
        return ApplyReport(plan.target, plan.digest, results, signal=stop.exit_code)


FAILING: Final = frozenset({"failing"})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Callable[..., World]:
    def made(organizations: dict[str, str], **given: Any) -> World:
        found = World(organizations, **given)
        monkeypatch.setattr(fleet_applying, "open_writing", found.open)
        return found

    return made


def codes(ends: dict[str, TargetEnd]) -> dict[str, int | None]:
    return {name: end.end.exit_code for name, end in ends.items()}


def raising(error: BaseException) -> Callable[[], object]:
    def fail() -> None:
        raise error

    return fail


def test_organizations_are_written_beside_each_other(world: Callable[..., World]) -> None:
    together = threading.Barrier(2)
    both = {"a": lambda: together.wait(WAIT), "b": lambda: together.wait(WAIT)}
    assert codes(world({"a": "A", "b": "B"}, does=both).apply()) == {"a": 0, "b": 0}


def test_an_organization_never_has_two_writers(world: Callable[..., World]) -> None:
    lock = threading.Lock()

    def alone() -> None:
        assert lock.acquire(blocking=False)
        lock.release()

    names = [f"t{number}" for number in range(12)]
    made = world(dict.fromkeys(names, "A"), does=dict.fromkeys(names, alone))
    assert set(codes(made.apply()).values()) == {0}
    assert made.begun == names


@pytest.mark.parametrize("error", [ValueError("secret-in-it"), MemoryError(), SystemExit(0), KeyboardInterrupt()])
def test_whatever_breaks_in_one_target_ends_nothing_else_and_is_reported(
    world: Callable[..., World], error: BaseException
) -> None:
    made = world({"a": "A", "b": "A", "c": "C"}, does={"a": raising(error)})
    ends = made.apply()
    assert codes(ends) == {"a": ExitCode.UNFINISHED, "b": 0, "c": 0}
    assert str(ends["a"].error) == f"internal error: {type(error).__name__}"
    assert ends["a"].report is None
    assert sorted(made.heard) == ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]


def test_an_internal_error_before_writing_has_written_nothing(world: Callable[..., World]) -> None:
    made = world({"a": "A", "b": "A"}, fresh={"a": raising(ValueError())})
    assert codes(made.apply()) == {"a": ExitCode.WRONG, "b": 0}
    assert made.begun == ["b"]


def test_a_target_that_cannot_be_read_in_its_turn_is_not_written(world: Callable[..., World]) -> None:
    made = world({"a": "A", "b": "A"}, fresh={"a": raising(ServiceError("403"))})
    ends = made.apply()
    assert codes(ends) == {"a": ExitCode.WRONG, "b": 0}
    assert str(ends["a"].error) == "403"


def test_a_target_whose_plan_is_another_one_in_its_turn_is_refused(world: Callable[..., World]) -> None:
    made = world({"a": "A", "b": "A"}, fresh={"a": lambda: plan_of(edit(new="c"), digest="e" * 64)})
    ends = made.apply()
    assert codes(ends) == {"a": ExitCode.REFUSED, "b": 0}
    assert made.begun == ["b"]
    assert "its plan changed after it was shown" in str(ends["a"].error)
    assert getattr(ends["a"].error, "problems", ())


def test_a_thread_that_cannot_be_started_loses_no_target(world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    made = world({"a": "A", "b": "B"})
    assert codes(made.apply()) == {"a": 0, "b": 0}


def test_a_session_that_cannot_be_closed_keeps_the_report(world: Callable[..., World]) -> None:
    made = world({"a": "A"}, closes={"a": raising(ServiceError("closing failed"))})
    end = made.apply()["a"]
    assert (end.end.exit_code, end.report is not None, str(end.error)) == (ExitCode.UNFINISHED, True, "closing failed")


def test_a_stop_ends_the_target_in_flight_and_begins_no_other(world: Callable[..., World]) -> None:
    made = world({"a": "A", "b": "A", "c": "A"})
    made.does["a"] = lambda: made.stop.request(ExitCode.SIGTERM)
    ends = made.apply()
    assert codes(ends) == {"a": ExitCode.SIGTERM, "b": None, "c": None}
    assert {end.end.state for name, end in ends.items() if name != "a"} == {TurnState.NOT_STARTED}
    assert ends["a"].report
    assert made.begun == ["a"]


@pytest.mark.parametrize("organization", ["A", "B"])
def test_after_a_stop_that_came_once_a_target_was_done_no_other_is_opened(world: Callable[..., World], organization: str) -> None:
    made = world({"a": "A", "b": organization}, after={"b": ("a",)})
    made.closes["a"] = lambda: made.stop.request(ExitCode.SIGINT)
    ends = made.apply()
    assert codes(ends) == {"a": ExitCode.DONE, "b": None}
    assert (ends["b"].end.state, len(made.fleets)) == (TurnState.NOT_STARTED, 1)
    assert "b begins" not in made.heard


def test_after_a_stop_before_the_first_target_none_is_opened(world: Callable[..., World]) -> None:
    made = world({"a": "A", "b": "B"})
    made.stop.request(ExitCode.SIGTERM)
    assert codes(made.apply()) == {"a": None, "b": None}
    assert (made.heard, made.fleets) == ([], [])


def test_after_a_stop_nothing_that_was_planned_anew_is_written(world: Callable[..., World]) -> None:
    made = world({"a": "A"})

    def fresh() -> Plan:
        made.stop.request(ExitCode.SIGINT)
        plan = made.shown("a").plan
        assert plan
        return plan

    made.fresh["a"] = fresh
    end = made.apply()["a"]
    assert (end.end.exit_code, end.report, end.error, made.begun) == (ExitCode.SIGINT, None, None, [])


def test_an_interrupted_reading_is_a_stop_and_no_failure(world: Callable[..., World]) -> None:
    made = world({"a": "A"})

    def fresh() -> Plan:
        made.stop.request(ExitCode.SIGINT)
        raise ServiceError("given up")

    made.fresh["a"] = fresh
    end = made.apply()["a"]
    assert (end.end.exit_code, end.error) == (ExitCode.SIGINT, None)


def test_a_target_after_one_that_this_run_does_not_write_waits_for_what_that_is_after(world: Callable[..., World]) -> None:
    made = world({"failing": "A", "stage": "A", "prod": "A"}, after={"stage": ("failing",), "prod": ("stage",)})
    ends = made.apply("failing", "prod")
    assert ends["prod"].end.state is TurnState.BLOCKED
    assert ends["prod"].end.because == ("failing",)


def test_a_target_that_is_not_converged_blocks_what_is_after_it(world: Callable[..., World]) -> None:
    made = world({"failing": "A", "prod": "B"}, after={"prod": ("failing",)})
    ends = made.apply()
    assert codes(ends) == {"failing": ExitCode.UNFINISHED, "prod": None}
    assert made.begun == ["failing"]


def test_a_target_that_could_not_be_planned_is_not_opened(world: Callable[..., World]) -> None:
    made = world({"a": "A", "b": "A"}, plans={"a": ServiceError("403")})
    assert codes(made.apply()) == {"a": ExitCode.WRONG, "b": 0}
    assert made.begun == ["b"]
    assert codes(made.apply(max_failures=1)) == {"a": ExitCode.WRONG, "b": None}


def test_a_target_with_nothing_to_do_is_opened_only_after_a_killed_run(world: Callable[..., World]) -> None:
    killed = Problem(Severity.WARNING, UNFINISHED, "a run was killed")
    made = world({"a": "A", "b": "A"}, plans={"a": plan_of(), "b": plan_of(problems=(killed,))})
    assert codes(made.apply()) == {"a": 0, "b": 0}
    assert made.begun == ["b"]


def test_every_journal_names_the_run_and_the_targets_with_something_to_do(world: Callable[..., World]) -> None:
    made = world({"a": "A", "b": "A", "c": "A"}, plans={"b": plan_of()})
    made.apply()
    assert {(fleet.digest, fleet.targets) for fleet in made.fleets} == {("f" * 64, ("a", "c"))}


def test_targets_of_one_organization_share_it_whatever_their_sandbox() -> None:
    made = World({"a": "A", "b": "A", "c": "C"})
    turns = turns_of(made.settings, map(made.shown, made.organizations))
    assert [turn.organization for turn in turns] == [("platform.example", org) for org in ("A", "A", "C")]
