"""One world, drawn from its seed: a source, a service with its habits, the engine, everybody else, and the machines of a team."""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from unittest import mock
from uuid import UUID

from reconciler.dataflows.resources import Resource
from reconciler.documents.json_text import decode, encode
from reconciler.emulator import Behaviour, build
from reconciler.emulator.dataplane.fetching import Fetching
from reconciler.emulator.model import BATCHES, MAPPING_SETS
from reconciler.proving.naming import began_at, ours
from reconciler.sessions import trying
from reconciler.sessions.answering import Answering
from reconciler.sessions.proofs import learning
from reconciler.sources.evidence import ROWS
from reconciler.sources.messages import Answer, NoAnswer, Request
from tests.simulation.clock import VirtualClock
from tests.simulation.proofs.network import Death, Made
from tests.simulation.proofs.process import Ended, Order, Process
from tests.simulation.proofs.sources import KEY, REPOSITORY, SANDBOX, SETTINGS, applied, drawn, records_in, write_files
from tests.simulation.proofs.strangers import HERE, KINDS, TITLED, Strangers
from tests.simulation.stage import stage

ENGINE: Final = (
    "offset.first", "offset.step", "offset.no-end", "end-condition.absent", "end-condition.plain", "row.wrapped", "row.nulls",
    "window.first-run", "window.preview", "content.null", "http.429",
)  # fmt: skip
START: Final = 1_900_000_000.0
LIES: Final = frozenset({"output", "failed", "batch", "errors", "status"})
"""What an answer about a good run may say, each a habit of its own."""
MACHINES: Final = ("laptop", "ci")


class World:
    """A world that is drawn from one seed."""

    def __init__(self, seed: int, habits: Collection[str] = ()) -> None:
        self.seed = seed
        self.has = frozenset(habits)
        self.rng = random.Random(f"{seed} proofs")  # noqa: S311 - a simulation
        self.clock = VirtualClock()
        self.clock.time = START
        self.source = drawn(self.rng)
        self.folder = Path(tempfile.mkdtemp(prefix="proofs-", dir=_MEMORY))
        self.faults: Counter[str] = Counter()
        self.ended: list[Ended] = []
        self.stub = self.source.stub(self.folder)
        self.behaviour = self._draw_behaviour()
        self.is_honest = self.rng.random() < 0.75
        self.drops = 0 if self.is_honest or self.rng.random() < 0.5 else 1
        self.lies = None if self.is_honest or self.drops else self._draw_lie()
        for habit in self.has & LIES:
            self.is_honest, self.drops, self.lies = False, 0, habit
        self.late_gets = self.rng.choice([0.0] * 9 + [3.0])
        self.skew = {machine: self.rng.choice([0.0, 0.0, 0.0, -400.0, 400.0, 7_500.0]) for machine in MACHINES}
        database = self.folder / "flow.db"
        database.write_bytes(applied(self.source.spec))
        ids = random.Random(f"{seed} ids")  # noqa: S311 - a simulation
        self.emulator = build(
            database,
            self.behaviour,
            fetch=Fetching(lambda: (), ("api.acme.example",), self._fetched),
            clock=self.clock.now,
            sleep=self.clock.sleep,
            new_id=lambda: UUID(int=ids.getrandbits(128), version=4),
        )
        self.strangers = Strangers(self.emulator, random.Random(f"{seed} strangers"))  # noqa: S311 - a simulation
        self.strangers.move_in()
        self._local = threading.local()
        self._landed: dict[str, list[str]] = {}

    def close(self) -> None:
        """Forget the world."""
        self.emulator.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def machine(self, name: str) -> Path:
        """The checkout of one machine."""
        folder = self.folder / name
        if not folder.exists():
            write_files(
                folder / "specs",
                {
                    "reconciler.yaml": SETTINGS % "",
                    f"sources/{KEY}/connection-spec.yaml": self.source.spec,
                    f"proofs/{KEY}/proof.yaml": self.source.proof,
                },
            )
        return folder

    def command(self, order: Order) -> Ended:
        """One command, alone."""
        ended = Process(self, order).run()
        self.ended.append(ended)
        return ended

    def together(self, *orders: Order) -> list[Ended]:
        """Several commands at once."""
        found = self.clock.together([Process(self, order).run for order in orders])
        for ended in found:
            ended.alone = False
        self.ended += found
        return found

    def quiet_down(self) -> None:
        """Everything that was on its way arrives; nothing more goes wrong, and all that lags catches up."""
        self.clock.advance(8_000.0)
        self.emulator.service.behave(
            replace(self.behaviour, list_lag=0, delete_lag=0, gone_lag=0, initializing=0, token_lifetime=86_399)
        )

    # What is there

    @property
    def is_listed(self) -> bool:
        """Whether lists show at once what was made."""
        return not self.behaviour.list_lag

    def age(self, run: str, now: float) -> float:
        """Seconds since a run began, by the service's clock, which named it."""
        began = began_at(run)
        assert began is not None
        return now + self.behaviour.clock_skew - began.timestamp()

    def ours(self) -> dict[str, list[str]]:
        """The names of the resources that proofs of ours have made and that are still there, by run; kept ones have none."""
        found: dict[str, list[str]] = {}
        for kind in KINDS:
            for row in self.emulator.store.rows(kind, HERE):
                if (kind, row.id) in self.strangers.seen or (kind, row.id) in self.strangers.siblings:
                    continue
                body: Any = decode(row.body)
                name = body.get("title" if kind in TITLED else "name", "")
                said = ours(Resource("flow", row.id, name, body.get("description", ""), {}), REPOSITORY, SANDBOX)
                if said is not None:
                    found.setdefault(said.run or "", []).append(name)
        return found

    def mapping_sets(self) -> list[str]:
        """The names of mapping sets that nobody else made."""
        rows = self.emulator.store.rows(MAPPING_SETS, HERE)
        return [decode(row.body)["name"] for row in rows if (MAPPING_SETS, row.id) not in self.strangers.seen]

    def landed(self, batch: str) -> list[str]:
        """The records of a batch, as they landed in a dataset, which may be gone."""
        self.remember()
        return self._landed.get(batch, [])

    def remember(self) -> None:
        """Keep what has landed: it goes with its dataset."""
        for row in self.emulator.store.rows(BATCHES, HERE):
            if row.id not in self._landed:
                self._landed[row.id] = [json.dumps(one, sort_keys=True) for one in decode(row.body)["rows"]]

    def records(self, window: tuple[datetime, datetime]) -> int:
        """How many records the third party has in a time range."""
        return records_in(list(self.stub._rows), window)  # noqa: SLF001 - the third party's own

    # What happens

    def wrote(self, made: Made) -> None:
        """Somebody watches what we make, and copies some of it."""
        if made.method == "POST" and self.strangers.rng.random() < 0.04:
            for kind in KINDS:
                if made.path.endswith(f"/{kind}") and (row := self.emulator.store.find(kind, HERE, made.id)) is not None:
                    self.strangers.copy(kind, decode(row.body))

    @contextmanager
    def alive(self, death: Death) -> Iterator[None]:
        """A process that writes to its disk in this thread."""
        self._local.death = death
        try:
            yield
        finally:
            self._local.death = None

    @contextmanager
    def playing(self) -> Iterator[None]:
        """The surroundings of all commands: turns instead of threads, a disk without delay, and the third party at hand."""

        def fsync(_file: int) -> None:
            death = getattr(self._local, "death", None)
            if death is not None:
                death.reach("fsync")

        @contextmanager
        def live(_party: Any, now: datetime, _retries: Any) -> Iterator[Answering]:
            yield Answering(self.stub.answer, now)

        with ExitStack() as stack:
            stack.enter_context(stage(self.clock))
            stack.enter_context(mock.patch.object(os, "fsync", fsync))
            stack.enter_context(mock.patch.object(trying, "live", live))
            stack.enter_context(mock.patch.object(learning, "live", live))
            yield

    def _fetched(self, request: Request) -> Answer | NoAnswer:
        answer: Answer | NoAnswer = self.stub.answer(request)
        if not self.drops or not self._runs_now() or not isinstance(answer, Answer) or answer.status != 200:
            return answer
        body: Any = decode(answer.content)
        if body.get("members"):
            body["members"] = body["members"][:-1]
        return replace(answer, content=encode(body))

    def _runs_now(self) -> bool:
        """Whether a run asks, and not a preview: it does so while something that was due is done."""
        return getattr(self.emulator.service.timeline._moment, "value", None) is not None  # noqa: SLF001

    # What is drawn

    def _draw_lie(self) -> str:
        return self.rng.choice(sorted(LIES))

    def _draw_behaviour(self) -> Behaviour:
        rng = self.rng
        switches: dict[str, Any] = {"run_delay": rng.choice([0, 0, 10, 90]), "run_duration": rng.choice([0, 0, 20, 70])}
        rows = rng.sample(ENGINE, rng.choice([0, 0, 0, 1, 2]))
        switches["engine"] = {key: rng.choice(ROWS[key].alternatives) for key in rows if ROWS[key].alternatives}
        for name, values in _SWITCHES.items():
            if rng.random() < 0.15:
                switches[name] = rng.choice(values)
        return Behaviour(**switches)


_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - where a file costs nothing
_SWITCHES: Final[dict[str, tuple[Any, ...]]] = {
    "list_lag": (0.5, 2.0, 4.0),
    "delete_lag": (1.0, 5.0, 40.0),
    "gone_lag": (1.0, 5.0, 40.0),
    "initializing": (0.5, 2.0),
    "run_status_case": ("upper", "title"),
    "record_summary": ("page", "openapi"),
    "run_answer": ("bare",),
    "auth_test_failure": ("error",),
    "auth_test_answer": ("bare",),
    "credentials_shown": ("absent", "returned"),
    "explore_shape": ("array", "raw"),
    "explore_names": ("tutorial", "openapi"),
    "target_format": ("parquet_xdm",),
    "spec_version": ("required",),
    "past_start": ("refuse",),
    "schedule_texts": ("refuse",),
    "delete_path": ("slash", "no_slash"),
    "unique_titles": (False,),
    "delete_in_use": ("accept",),
    "mapping_body": ("new",),
    "mapping_versions": ("counted",),
    "mapping_name_filter": (False,),
    "land_delay": (0.0, 5.0),
    "pages": (2, 3),
    "token_lifetime": (30, 100),
    "clock_skew": (-400.0, 400.0, 86_400.0),
    "bad_accept": (400,),
}
