"""Five sandboxes of two organizations, one repository, and the runs over them."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.applying.fleet import FleetApply, TargetEnd
from reconciler.errors import ExitCode, ReconcilerError
from reconciler.planning.comparing.ownership import marker_of
from reconciler.planning.fleet import FleetRead, FleetReading, TargetPlan, fleet_digest
from reconciler.planning.plan import Options
from reconciler.sessions.fleet_applying import WritingMeans, apply_several
from reconciler.sessions.fleet_reading import FleetMeans, read_targets
from reconciler.settings.choosing import Chosen
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.targets import Settings
from tests.planning.situations import PROVIDER
from tests.simulation.actors import FLOWS, HELD, SPECS
from tests.simulation.clock import VirtualClock
from tests.simulation.fleets.wire import SANDBOXES, Fate, FleetWire
from tests.simulation.habits_of_service import Habits
from tests.simulation.network import Killed
from tests.simulation.process import Silent
from tests.simulation.service import OURS, FlowServiceModel

SECRET = "s3cret-unspeakable"
FLOW = "Shared"
WINDOW = 4.0


@dataclass(frozen=True)
class Event:
    """A turn that began or ended; `code` if it ended."""

    at: float
    target: str
    code: ExitCode | None = None


@dataclass
class Heard:
    """What a run said of its turns."""

    clock: VirtualClock
    events: list[Event] = field(default_factory=list)

    def began(self, shown: TargetPlan) -> None:
        self.events.append(Event(self.clock.time, shown.name))

    def ended(self, end: TargetEnd) -> None:
        self.events.append(Event(self.clock.time, end.name, end.end.exit_code))


@dataclass
class FleetRun:
    """One run: what it showed, said and did. Without `ends` it did not come to its end."""

    wire: FleetWire
    max_failures: int | None
    names: tuple[str, ...]
    events: list[Event] = field(default_factory=list)
    shown: tuple[TargetPlan, ...] = ()
    ends: tuple[TargetEnd, ...] | None = None
    error: ReconcilerError | None = None
    starts: list[dict[str, Any]] = field(default_factory=list)
    """The first lines of its journals."""


class ProcessClock:
    """The clock as one process sees it: none of its threads comes back from a sleep when it is dead."""

    def __init__(self, clock: VirtualClock, wire: FleetWire) -> None:
        self._clock, self._wire = clock, wire

    def now(self) -> float:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)
        self._wire.check()


class World:
    """All that one seed has."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a simulation
        self.clock = VirtualClock()
        self.folder = Path(tempfile.mkdtemp(prefix="fleet-simulation-"))
        habits = Habits(list_lag=self.rng.choice([0.0, 0.0, WINDOW * 0.8]), etags=self.rng.random() < 0.3)
        self.models = {name: FlowServiceModel(self.clock, habits, rng=self.rng) for name in SANDBOXES}
        first = next(iter(self.models.values()))
        for model in self.models.values():
            model.tokens, model.valid = first.tokens, first.valid
            model.create(FLOWS, {"name": FLOW, "providerId": "p", HELD: ["their-first"], "transformationSpecs": []}, "adobe")
        self.settings = self._write_settings()
        self.bodies: dict[str, dict[str, Any]] = {}
        for number in range(self.rng.randint(1, 3)):
            self._write_spec(f"source-{number}", 0)
        self.runs: list[FleetRun] = []
        self.allow_creates = False
        self.clock.advance(60.0)

    def close(self) -> None:
        shutil.rmtree(self.folder)

    # The repository.

    def _write_settings(self) -> Settings:
        after = self.rng.choice(
            [
                {},
                {"a-stage": ["a-dev"]},
                {"a-stage": ["a-dev"], "a-prod": ["a-stage"]},
                {"a-prod": ["a-stage"], "b-two": ["a-dev", "b-one"]},
            ]
        )
        targets = {
            name: {"org_id": org, "sandbox": name} | ({"after": after[name]} if name in after else {})
            for name, org in SANDBOXES.items()
        }
        order = self.rng.sample(sorted(targets), len(targets))
        settings = {
            "version": 1,
            "repository": "acme/aep-sources",
            "targets": {name: targets[name] for name in order},
            "git": {"required": False},
            "network": {
                "retries": self.rng.choice([1, 3]),
                "timeout": "5s",
                "deadline": "40s",
                "settle": "2s",
                "consistency_window": f"{WINDOW:g}s",
                "concurrency": self.rng.choice([1, 4]),
            },
        }
        specs = self.folder / "specs"
        specs.mkdir()
        (specs / "reconciler.yaml").write_text(json.dumps(settings))
        return load_settings(specs)

    def _write_spec(self, key: str, value: int) -> None:
        body = {
            "name": f"Acme {key}",
            "type": "generic-rest",
            "providerId": PROVIDER,
            "version": "1.0",
            "description": str(value),
        }
        self.bodies[key] = body
        flows = self.bodies[key].get("flows", [FLOW] if key.endswith("1") else [])
        file = self.folder / "specs" / "sources" / key / "connection-spec.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"kind": "ConnectionSpec", "flowSpecs": flows, "spec": body}))

    def commit(self) -> None:
        """Change some of the files, or add one."""
        for key in sorted(self.bodies):
            if self.rng.random() < 0.5:
                self._write_spec(key, self.rng.randint(1, 9))
        if self.rng.random() < 0.3:
            self._write_spec(f"late-{self.rng.randint(0, 2)}", 0)

    # Everybody else.

    def meddle(self) -> None:
        """During the next run, somebody may edit one of our specs in one sandbox."""
        for model in self.models.values():
            if self.rng.random() < 0.15:
                self.clock.after(self.rng.uniform(0, 20), self._edit(model))

    def _edit(self, model: FlowServiceModel) -> Callable[[], None]:
        def edit() -> None:
            ours = [spec_id for spec_id, spec in model.collections[SPECS].items() if marker_of(spec.body)]
            if ours:
                spec_id = self.rng.choice(ours)
                model.replace(SPECS, spec_id, model.live(SPECS, spec_id) | {"description": "theirs"}, "jane")

        return edit

    # Runs.

    def apply(self, fate: Fate, max_failures: int | None = 1, leave_out: Collection[str] = ()) -> FleetRun:
        """One run of plan and apply over all targets but some, as a process of its own."""
        wire = FleetWire(self.models, self.clock, self.rng, str(len(self.runs)), fate)
        heard = Heard(self.clock)
        names = tuple(name for name in self.settings.targets if name not in leave_out)
        run = FleetRun(wire, max_failures, names, heard.events)
        self.runs.append(run)
        journals = self._journals()

        def process() -> None:
            with suppress(Killed):
                try:
                    self._process(run, heard)
                except ReconcilerError as error:
                    run.error = error

        self.clock.together([process])
        run.starts = [
            json.loads(text.splitlines()[0]) for path, text in self._journals().items() if path not in journals and text
        ]
        if wire.dead:
            run.ends = None
            self._forget_what_the_dead_wrote(journals)
        return run

    def _process(self, run: FleetRun, heard: Heard) -> None:
        run.shown = self.plans(run.wire, run.names)
        read = FleetRead(self.settings, Chosen(run.names), run.shown)
        clock = ProcessClock(self.clock, run.wire)
        means = WritingMeans(_ENVIRON, Scope(self.folder / "specs"), Silent(), run.wire.stop, run.wire, clock)
        given = FleetApply(read, self._reading(), fleet_digest(run.shown), run.max_failures, heard)
        run.ends = apply_several(means, given)

    def plans(self, wire: FleetWire, names: Sequence[str]) -> tuple[TargetPlan, ...]:
        """The plan of each of these targets, read side by side."""
        clock = ProcessClock(self.clock, wire)
        means = FleetMeans(
            _ENVIRON, Scope(self.folder / "specs"), self.settings, Silent(), wire.stop, parallel=3, wire=wire, clock=clock
        )
        return read_targets(means, names, self._reading())

    def _reading(self) -> FleetReading:
        keys = tuple(self.bodies) if self.allow_creates else ()
        options = Options(allow_create=keys, max_creates=100, max_updates=100, max_detaches=100)
        return FleetReading(lambda _: options, applies=True)

    def _journals(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.folder.glob(".reconciler/journal/*.jsonl")}

    def _forget_what_the_dead_wrote(self, before: dict[Path, bytes]) -> None:
        """A dead process writes no further line: what comes after the last intent without an answer is cut off."""
        for path, text in self._journals().items():
            if path not in before:
                lines = text.splitlines(keepends=True)
                while lines and json.loads(lines[-1])["event"] in ("end", "result"):
                    lines.pop()
                path.write_bytes(b"".join(lines))

    def texts(self) -> str:
        """Everything that was printed or stored."""
        said = repr([(run.shown, run.ends, run.error) for run in self.runs])
        return said + "".join(text.decode() for text in self._journals().values())


_ENVIRON = {"RECONCILER_CLIENT_ID": OURS, "RECONCILER_CLIENT_SECRET": SECRET}
