"""One run of apply as a process of its own: on one machine, with its own journal, over its own wire."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.applying.engine import apply_plan
from reconciler.applying.outcome import ApplyReport
from reconciler.applying.stopping import Stop
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.errors import ReconcilerError
from reconciler.flowservice.client import SpecWriter
from reconciler.flowservice.connecting import connect
from reconciler.observing.prepare import prepare
from reconciler.observing.remembered import wait_for_unknown_creates
from reconciler.observing.unfinished import wait_for_killed_run
from reconciler.observing.workspace import Workspace
from reconciler.planning.comparing.ownership import Owner
from reconciler.planning.plan import Action, Plan, PlanTarget
from reconciler.secret import Secret
from reconciler.settings.values import OAuthCredentials, Target
from tests.planning.situations import OURS as REPOSITORY
from tests.planning.situations import SANDBOX, KnownHistory
from tests.simulation.clock import VirtualClock
from tests.simulation.network import Killed, Sent, Wire
from tests.simulation.service import OURS, Write

if TYPE_CHECKING:
    from tests.simulation.scenario import Scenario

SECRET = "s3cret-unspeakable"
ORG = "1234567890@AdobeOrg"
TARGET = Target(
    name="stage",
    base_url="https://platform.adobe.io/data/foundation/flowservice",
    token_url="https://ims-na1.adobelogin.com/ims/token/v3",
    org_id=ORG,
    sandbox=SANDBOX,
    scopes=("openid",),
    ownership="marker",
    emulator=None,
    host="platform.adobe.io",
)


class Silent:
    """Progress that nobody looks at."""

    def step(self, message: str) -> None: ...

    def wrote(self, action: Action, done: int, total: int) -> None: ...


@dataclass
class Run:
    """One run of apply: how it ended, and what the service saw of it. `machine` is where it ran: `ci` begins with an empty folder."""

    name: str = ""
    machine: str = "laptop"
    repository: str = REPOSITORY
    plan: Plan | None = None
    began: float = 0.0
    planned_at: float = 0.0
    ended_at: float = 0.0
    report: ApplyReport | None = None
    error: ReconcilerError | None = None
    killed: bool = False
    writes: list[Write] = field(default_factory=list)
    faults: int = 0
    seconds: float = 0.0
    journal: Path | None = None
    files: tuple[DesiredSpec, ...] = ()
    sent: list[Sent] = field(default_factory=list)
    alone: bool = True


class ProcessClock:
    """The clock as one process sees it; when that is dead, none of its threads comes back from a sleep."""

    def __init__(self, clock: VirtualClock, wire: Wire) -> None:
        self._clock = clock
        self._wire = wire

    def now(self) -> float:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)
        if self._wire.dead:
            raise Killed


class Process:
    """One process of a scenario."""

    def __init__(self, scenario: Scenario, run: Run, wire: Wire) -> None:
        self.scenario = scenario
        self.run = run
        self.wire = wire
        self._clock = ProcessClock(scenario.clock, wire)
        self._rng: random.Random = wire.rng
        self._remembers = "journal" in scenario.has or "long-list-lag" in scenario.has
        self._root = scenario.folder / (run.machine if self._remembers and run.machine == "laptop" else run.name)

    def apply(self, *, chance: float = 0.0, death: float = 0.0) -> Run:
        run, wire, model = self.run, self.wire, self.scenario.model
        wire.run, wire.dead, wire.not_before = run.name, False, 0.0
        wire.chance, wire.death = chance, death
        lying = chance > 0
        wire.lies = 0.3 if lying and "lying-posts" in self.scenario.has else 0.0
        wire.lateness = 0.3 if lying and "late-landing" in self.scenario.has else 0.0
        before, sent = set(self._journals()), len(wire.sent)
        run.began = self._clock.now()
        run.files = tuple(self.scenario.files)
        logged, began, faults = len(model.log), self._clock.now(), sum(wire.faults.values())
        try:
            with self._connect() as service:
                if self._remembers:
                    wait_for_killed_run(self._workspace(), self._clock, Silent())
                run.plan = self._prepare(service)
                if self._remembers and wait_for_unknown_creates(self._workspace(), run.plan, self._clock, Silent()):
                    run.plan = self._prepare(service)
                run.planned_at = self._clock.now()
                run.report = apply_plan(
                    run.plan,
                    self._workspace(),
                    service,
                    journal=self._named_journal(),
                    clock=self._clock,
                    rng=self._rng,
                    stop=Stop(),
                    progress=Silent(),
                )
        except ReconcilerError as error:
            run.error = error
        except Killed:
            run.killed = True
        wire.chance = wire.death = wire.lies = wire.lateness = 0.0
        run.journal = self._named_journal() or max(set(self._journals()) - before, default=None)
        run.ended_at = self._clock.now()
        run.writes = [write for write in model.log[logged:] if write.client == OURS and write.run == run.name]
        run.sent = wire.sent[sent:]
        run.faults = sum(wire.faults.values()) - faults
        run.seconds = self._clock.now() - began
        return run

    def plan(self) -> Plan:
        self.wire.run, self.wire.dead = self.run.name, False
        with self._connect() as service:
            return self._prepare(service)

    def _prepare(self, service: SpecWriter) -> Plan:
        return prepare(self._workspace(), service, self.scenario.options(), Silent(), now=self._clock.now())

    def _journals(self) -> list[Path]:
        return sorted(self._root.glob(".reconciler/journal/*.jsonl"))

    def _named_journal(self) -> Path | None:
        """The journal of a machine that keeps them goes where the tool puts it, and is named by the time."""
        return None if self._remembers else self.scenario.folder / f"{self.run.name}.jsonl"

    def _connect(self) -> SpecWriter:
        credentials = OAuthCredentials(OURS, Secret(SECRET))
        network = self.scenario.network
        return connect(SpecWriter, TARGET, credentials, network, clock=self._clock, rng=self._rng, wire=self.wire)

    def _workspace(self) -> Workspace:
        return Workspace(
            desired=DesiredSet(tuple(self.scenario.files), ()),
            target=TARGET,
            plan_target=PlanTarget("stage", TARGET.host, ORG, SANDBOX),
            owner=Owner(self.run.repository, SANDBOX),
            history=KnownHistory(),
            commit="a" * 40,
            network=self.scenario.network,
            root=self._root,
        )
