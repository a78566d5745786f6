"""One seed: a repository, a live state, settings and a schedule of faults; the runs; and what must hold afterwards."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import encode
from reconciler.planning.comparing.ownership import Owner, marker_of
from reconciler.planning.plan import Options, Plan
from reconciler.settings.values import Network
from tests.planning.situations import OURS as REPOSITORY
from tests.planning.situations import SANDBOX, connection, flow_file
from tests.simulation.actors import ANOTHER, FLOWS, HELD, SPECS, Mischief, People, Rivals
from tests.simulation.clock import VirtualClock
from tests.simulation.habits import ALL, ON, drawn
from tests.simulation.habits_of_service import Habits
from tests.simulation.network import Wire
from tests.simulation.process import Process, Run
from tests.simulation.service import OURS, FlowServiceModel

FLOW = "Shared"
IGNORED = ("/description", "/sourceSpec/attributes/authRequired", "/sourceSpec/attributes/contentPath")
CAREFUL = frozenset({"journal", "long-list-lag", "late-landing"})
"""Habits with which nobody allows a create that a guard refuses, before it is quiet."""


class Scenario:
    """A world that is drawn from one seed, and its runs."""

    def __init__(self, seed: int, habits: Collection[str] = ON) -> None:
        self.seed = seed
        self.rng = random.Random(seed)  # noqa: S311 - a simulation
        self.more = random.Random(f"{seed} habits")  # noqa: S311 - drawn apart, so that a new habit leaves old seeds as they are
        self.has = drawn(self.more, habits)
        self.clock = VirtualClock()
        self.network = self._draw_network()
        self.lasting = self.habits = self._draw_habits()
        self._add_habits()
        self.model = FlowServiceModel(self.clock, self.habits, rng=self.more)
        self.wire = Wire(self.model, self.rng)
        self.rivals = Rivals(self.model, self.clock, self.rng, self.network.settle)
        self.people = People(self.model, self.rng)
        self.flow_id = self.model.create(
            FLOWS, {"name": FLOW, "providerId": "p", HELD: ["their-first"], "transformationSpecs": [{"name": "Mapping"}]}, "adobe"
        )
        self.rivals.attached.add("their-first")
        self.prunes = self.rng.random() < 0.3
        self.files = self._draw_files()
        self.is_quiet = False
        self.runs: list[Run] = []
        self.wires: list[Wire] = []
        self.namesake = self._draw_namesake()
        self.folder = Path(tempfile.mkdtemp(prefix="simulation-"))
        self.others = Mischief(self.model, self.clock, self.more, self.has)
        if self.habits.bad_elements:
            self.model.create(SPECS, {"name": "amazon-s3", "providerId": "s3"}, "adobe")
        self.others.begin(self.files)
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

    def _add_habits(self) -> None:
        """The habits that this seed has besides. `lasting` are those that stay when the service has caught up."""
        settle, window = self.network.settle, self.network.consistency_window
        for name in (one for one in ALL if one in self.has):
            self.habits = ALL[name](self.habits, self.more, settle, window)
        if "long-list-lag" in self.has:
            self.habits = replace(self.habits, list_lag=window * 3)
        if "slow-calls" in self.has:
            self.network = replace(self.network, timeout=30.0)
        if "workers" in self.has:
            self.network = replace(self.network, concurrency=self.more.choice([2, 3, 4]))
        self.lasting = replace(
            self.habits,
            stale_gets=0,
            get_replicas=(),
            list_bodies_lag=0.0,
            filtered_lag=None,
            partial="",
            shifting=0.0,
            list_lag=min(self.habits.list_lag, window * 0.8),
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
        self.others.disturb(self.files)

    def apply(self, *, chance: float = 0.0, death: float = 0.0) -> Run:
        """One run of plan and apply, as a process of its own."""
        return self._new_process().apply(chance=chance, death=death)

    def apply_together(self, *, chance: float = 0.0, death: float = 0.0) -> list[Run]:
        """Two runs at once, on two machines, which begin a few seconds apart; of two repositories, if they have one name or value."""
        first, second = self._new_process(), self._new_process("ci", self._second_repository())
        first.run.alone = second.run.alone = False
        delay = self.more.choice([0.0, 0.3, 1.0, 4.0])

        def later() -> Run:
            self.clock.advance(delay)
            return second.apply(chance=chance, death=0.0)

        return self.clock.together([lambda: first.apply(chance=chance, death=death), later])

    def _second_repository(self) -> str:
        return ANOTHER if "two-repositories" in self.has else REPOSITORY

    def _new_process(self, machine: str = "laptop", repository: str = REPOSITORY) -> Process:
        run = Run(name=str(len(self.runs) + 1), machine=machine, repository=repository)
        self.runs.append(run)
        wire = self.wire
        if machine != "laptop":
            wire = Wire(self.model, random.Random(f"{self.seed} {run.name}"))  # noqa: S311 - a simulation
            self.wires.append(wire)
        return Process(self, run, wire)

    def plan(self) -> Plan:
        return Process(self, Run(name="plan"), self.wire).plan()

    def quiet_down(self) -> None:
        """The faults have stopped, what everybody else has begun ends, the service has caught up, and what was refused is agreed on."""
        self.clock.advance(240.0)
        self.clock.clear()
        self.model.habits = self.lasting
        self.is_quiet = True
        if self.others.copies:
            self.prunes = False  # what a copy may be one of, is retired by its id
        self.others.make_peace()
        self.files = [self._told_from_copies(self._with_ignored(desired)) for desired in self.files]
        self.files = [replace(desired, adopt=True) if desired.name == self.namesake else desired for desired in self.files]

    def _with_ignored(self, desired: DesiredSpec) -> DesiredSpec:
        """A file that leaves alone what somebody else changes after each of our writes, as its author agrees to in the end."""
        changed = self.habits.normalises_after is not None and self.habits.normaliser
        return replace(desired, ignore=IGNORED) if changed and desired.kind.value == "ConnectionSpec" else desired

    def _told_from_copies(self, desired: DesiredSpec) -> DesiredSpec:
        """A file whose object somebody has copied, marker and all, names its own by its id."""
        copied = {marker.key for copy in self.others.copies if (marker := marker_of(self.model.live(SPECS, copy)))}
        keys, ours = (desired.key, *desired.former_keys), self.ours()
        ids = [spec_id for key in keys for spec_id in ours.get(f"{SPECS} {key}", [])]
        return replace(desired, pinned_id=ids[0]) if copied.intersection(keys) and len(ids) == 1 else desired

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
                if spec_id in self.others.made and not self._is_adopted(spec.body):
                    continue
                if marker and owner.owns(marker) and not marker.retired:
                    found.setdefault(f"{collection} {marker.key}", []).append(spec_id)
        return found

    def _is_adopted(self, body: dict[str, Any]) -> bool:
        """Whether our own client has written what somebody else made, as a file has it."""
        return bool(body["updatedClient"] == OURS and self.namesake == body["name"])

    def held(self) -> set[str]:
        return set(self.model.live(FLOWS, self.flow_id)[HELD])

    def texts(self) -> Iterable[str]:
        """Everything that was printed or stored."""
        for run in self.runs:
            yield repr((run.plan, run.report, run.error))
        for journal in sorted(self.folder.rglob("*.jsonl")):
            yield journal.read_text()

    @property
    def faults(self) -> Counter[str]:
        return sum((wire.faults for wire in (self.wire, *self.wires)), Counter())

    def options(self) -> Options:
        keys = () if self.has & CAREFUL and not self.is_quiet else tuple(desired.key for desired in self.files)
        return Options(
            allow_create=keys, prune=self.prunes, max_creates=100, max_updates=100, max_detaches=100, allow_in_use=True
        )
