"""One seed: a repository, a live state, settings and a schedule of faults; the runs; and what must hold afterwards."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reconciler.applying.engine import apply_plan
from reconciler.applying.outcome import ApplyReport
from reconciler.applying.preparation import prepare
from reconciler.applying.stopping import Stop
from reconciler.applying.workspace import Workspace
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.documents.json_text import encode
from reconciler.errors import ReconcilerError
from reconciler.flowservice.client import SpecWriter
from reconciler.flowservice.connecting import connect_writer
from reconciler.planning.ownership import Owner, marker_of
from reconciler.planning.plan import Action, Options, Plan, PlanTarget
from reconciler.settings import Network, OAuthCredentials, Secret, Target
from tests.planning.situations import OURS as REPOSITORY
from tests.planning.situations import SANDBOX, KnownHistory, connection, flow_file
from tests.simulation.actors import FLOWS, HELD, SPECS, People, Rivals
from tests.simulation.clock import VirtualClock
from tests.simulation.network import Killed, Wire
from tests.simulation.service import OURS, FlowServiceModel, Habits, Write

SECRET = "s3cret-unspeakable"
ORG = "1234567890@AdobeOrg"
FLOW = "Shared"
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
    """One run of apply: how it ended, and what the service saw of it."""

    plan: Plan | None = None
    planned_at: float = 0.0
    report: ApplyReport | None = None
    error: ReconcilerError | None = None
    killed: bool = False
    writes: list[Write] = field(default_factory=list)
    faults: int = 0
    seconds: float = 0.0


class Scenario:
    """A world that is drawn from one seed, and its runs."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = random.Random(seed)  # noqa: S311 - a simulation
        self.clock = VirtualClock()
        self.network = self._draw_network()
        self.habits = self._draw_habits()
        self.model = FlowServiceModel(self.clock, self.habits)
        self.wire = Wire(self.model, self.rng)
        self.rivals = Rivals(self.model, self.clock, self.rng, self.network.settle)
        self.people = People(self.model, self.rng)
        self.flow_id = self.model.create(
            FLOWS, {"name": FLOW, "providerId": "p", HELD: ["their-first"], "transformationSpecs": []}, "adobe"
        )
        self.rivals.attached.add("their-first")
        self.prunes = self.rng.random() < 0.3
        self.files = self._draw_files()
        self.runs: list[Run] = []
        self.namesake = self._draw_namesake()
        self.folder = Path(tempfile.mkdtemp(prefix="simulation-"))
        self.clock.advance(60.0)

    def close(self) -> None:
        shutil.rmtree(self.folder)

    # What is drawn.

    def _draw_network(self) -> Network:
        settle = self.rng.choice([2.0, 6.0])
        window = self.rng.choice([3.0, 10.0])
        return Network(
            concurrency=1,
            timeout=self.rng.choice([5.0, 30.0]),
            retries=self.rng.choice([2, 6]),
            settle=settle,
            consistency_window=window,
        )

    def _draw_habits(self) -> Habits:
        often = self.rng.random
        return Habits(
            drops_description=often() < 0.2,
            defaults_auth_required=often() < 0.2,
            content_path_string=often() < 0.2,
            etags=often() < 0.3,
            list_lag=self.rng.choice([0.0, 0.0, self.network.consistency_window * 0.8]),
            page_size=self.rng.choice([0, 0, 1, 2]),
            wraps=often() < 0.3,
        )

    def _draw_files(self) -> list[DesiredSpec]:
        files = [self._draw_file(f"source-{number}") for number in range(self.rng.randint(1, 5))]
        if self.rng.random() < 0.4:
            named = self.rng.sample(files, self.rng.randint(0, min(2, len(files))))
            body: dict[str, Any] = {HELD: [{"ref": desired.key} for desired in named]} if self.rng.random() < 0.7 else {}
            files.append(flow_file("own-flow", optionSpec={"a": self.rng.randint(0, 3)}, **body))
        return files

    def _draw_file(self, key: str) -> DesiredSpec:
        attributes: dict[str, Any] = {"x": self.rng.randint(0, 3)}
        if self.rng.random() < 0.3:
            attributes["contentPath"] = {"path": "$.items", "skipAttributes": ["_links"]}
        flows = self.rng.choice([[FLOW], [FLOW], ["own-flow", FLOW], []])
        flows = [name for name in flows if name == FLOW]
        rest = {"description": "text"} if self.rng.random() < 0.5 else {}
        return connection(key, flow_specs=flows, sourceSpec={"attributes": attributes}, **rest)

    def _draw_namesake(self) -> str | None:
        """Now and then somebody else has a spec of the name of one of our files already; then the key of that file."""
        if self.rng.random() > 0.1:
            return None
        desired = self.rng.choice(self.files)
        if desired.kind.value == "ConnectionSpec":
            self.model.create(SPECS, {"name": desired.name, "providerId": desired.provider_id, "notes": 1}, "jane")
            return desired.name
        return None

    # What happens.

    def change_the_repository(self) -> None:
        """A commit: some files edited, one renamed, one removed, one new."""
        for number, desired in enumerate(self.files):
            if desired.kind.value == "ConnectionSpec" and self.rng.random() < 0.4:
                attributes = desired.body["sourceSpec"]["attributes"] | {"x": self.rng.randint(0, 9)}
                self.files[number] = replace(desired, body_json=encode(desired.body | {"sourceSpec": {"attributes": attributes}}))
        referred = {reference.key for desired in self.files for reference in desired.references}
        free = [desired for desired in self.files if desired.kind.value == "ConnectionSpec" and desired.key not in referred]
        if free and self.rng.random() < 0.3:
            renamed = self.rng.choice(free)
            self.files[self.files.index(renamed)] = replace(renamed, key=renamed.key + "-new", former_keys=(renamed.key,))
        elif free and self.rng.random() < 0.2:
            self.files.remove(self.rng.choice(free))
        if self.rng.random() < 0.4:
            self.files.append(self._draw_file(f"late-{self.rng.randint(0, 99)}"))
            self.files = list({desired.key: desired for desired in self.files}.values())

    def disturb(self) -> None:
        """Plan what others do during the next run."""
        for number in range(self.rng.choice([0, 1, 3, 8])):
            spec_id = f"their-{len(self.rivals.attached)}-{number}"
            self.clock.after(self.rng.uniform(0, 40), lambda spec_id=spec_id: self.rivals.attach(self.flow_id, spec_id))  # type: ignore[misc]
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            self.clock.after(self.rng.uniform(0, 40), self.people.edit)
        if self.rng.random() < 0.2:
            self.clock.after(self.rng.uniform(0, 40), lambda: self.people.put_stale(self.flow_id))

    def apply(self, *, chance: float = 0.0, death: float = 0.0) -> Run:
        """One run of plan and apply, as a process of its own."""
        run = Run()
        self.runs.append(run)
        self.wire.not_before = 0.0
        self.wire.chance, self.wire.death = chance, death
        logged, began, faults = len(self.model.log), self.clock.time, sum(self.wire.faults.values())
        try:
            with self._connect() as service:
                run.plan = prepare(self._workspace(), service, self._options(), Silent())
                run.planned_at = self.clock.time
                run.report = apply_plan(
                    run.plan,
                    self._workspace(),
                    service,
                    journal=self.folder / f"{len(self.runs)}.jsonl",
                    clock=self.clock,
                    rng=self.rng,
                    stop=Stop(),
                    progress=Silent(),
                )
        except ReconcilerError as error:
            run.error = error
        except Killed:
            run.killed = True
        self.wire.chance = self.wire.death = 0.0
        run.writes = [write for write in self.model.log[logged:] if write.client == OURS]
        run.faults = sum(self.wire.faults.values()) - faults
        run.seconds = self.clock.time - began
        return run

    def plan(self) -> Plan:
        with self._connect() as service:
            return prepare(self._workspace(), service, self._options(), Silent())

    def quiet_down(self) -> None:
        """The faults have stopped, what everybody else has begun ends, and what was refused is agreed on."""
        self.clock.advance(240.0)
        self.clock.clear()
        self.files = [replace(desired, adopt=True) if desired.name == self.namesake else desired for desired in self.files]

    def hide_one(self) -> None:
        """Leave one of our attached specs out of the list, as if a label hid it there; a GET by its id still shows it."""
        attached = sorted(spec_id for ids in self.ours().values() for spec_id in ids if spec_id in self.held())
        if attached:
            self.model.unlisted = {self.rng.choice(attached)}

    def ours(self) -> dict[str, list[str]]:
        """The ids of live, active specs with our marker, by kind and key."""
        owner = Owner(REPOSITORY, SANDBOX)
        found: dict[str, list[str]] = {}
        for collection in (SPECS, FLOWS):
            for spec_id, spec in self.model.collections[collection].items():
                marker = marker_of(spec.body)
                if marker and owner.owns(marker) and not marker.retired:
                    found.setdefault(f"{collection} {marker.key}", []).append(spec_id)
        return found

    def held(self) -> set[str]:
        return set(self.model.live(FLOWS, self.flow_id)[HELD])

    def texts(self) -> Iterable[str]:
        """Everything that was printed or stored."""
        for run in self.runs:
            yield repr((run.plan, run.report, run.error))
        for journal in sorted(self.folder.iterdir()):
            yield journal.read_text()

    @property
    def faults(self) -> Counter[str]:
        return self.wire.faults

    def _options(self) -> Options:
        keys = tuple(desired.key for desired in self.files)
        return Options(
            allow_create=keys, prune=self.prunes, max_creates=100, max_updates=100, max_detaches=100, allow_in_use=True
        )

    def _connect(self) -> SpecWriter:
        credentials = OAuthCredentials(OURS, Secret(SECRET))
        return connect_writer(TARGET, credentials, self.network, clock=self.clock, rng=self.rng, wire=self.wire)

    def _workspace(self) -> Workspace:
        return Workspace(
            desired=DesiredSet(tuple(self.files), ()),
            target=TARGET,
            plan_target=PlanTarget("stage", TARGET.host, ORG, SANDBOX),
            owner=Owner(REPOSITORY, SANDBOX),
            history=KnownHistory(),
            commit="a" * 40,
            network=self.network,
            root=self.folder,
        )
