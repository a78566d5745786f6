"""Killed at any request of a proof, a clean-up without its journal leaves nothing of it but its mapping set and its runs.

Every run of the tests kills after each write, before each DELETE, and at some of the reads; with RECONCILER_FORCE_ALL set, at every
request. A kill before a POST finds the service as a kill after the one before it does.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.emulator import build
from reconciler.emulator.clocks import FastClock
from reconciler.emulator.http.server import serving
from reconciler.emulator.model import MAPPING_SETS
from tests.e2e.force import Moment, Toll, struck
from tests.e2e.workplace import SETTINGS, Workplace
from tests.simulation.proofs.sources import KEY, PASSWORD, USER, Drawn, applied, drawn_right, write_files
from tests.simulation.proofs.strangers import FORMS, HERE, KINDS, Strangers

SPEED = 600
HANDS = 2
READS = 25
"""Of so many requests that read, one is killed at."""
PROVE = ("prove", KEY, "--yes", "--no-try", "--format", "json")
CLEAN = ("prove", "--cleanup", "all", "--older-than", "0s")

log = logging.getLogger(__name__)


@dataclass
class Place:
    """A checkout, the service, and what others have in it."""

    work: Workplace
    toll: Toll
    strangers: Strangers

    def left(self) -> list[str]:
        """What is in the sandbox besides mapping sets and runs, and is nobody else's."""
        store = self.work.emulator.store
        return [
            f"{kind} {row.id}" for kind in KINDS for row in store.rows(kind, HERE) if (kind, row.id) not in self.strangers.seen
        ]

    def mapping_sets(self) -> int:
        return len(self.work.emulator.store.rows(MAPPING_SETS, HERE))

    def journals(self) -> str:
        """All that the journals say."""
        return "".join(file.read_text() for file in (self.work.folder / ".reconciler").rglob("*.jsonl"))

    def on_another_machine(self) -> None:
        """From now on, nobody has the journals."""
        shutil.rmtree(self.work.folder / ".reconciler", ignore_errors=True)


@contextmanager
def place(folder: Path, source: Drawn) -> Iterator[Place]:
    """A place in which the source is applied, with resources of others whose names are almost ours."""
    folder.mkdir()
    (folder / "flow.db").write_bytes(applied(source.spec))
    with ExitStack() as stack:
        clock = FastClock(SPEED)
        emulator = stack.enter_context(build(folder / "flow.db", providers=[source.stub(folder)], clock=clock))
        toll = Toll(emulator.app)
        environ = {
            "RECONCILER_PROOF_USER": USER,
            "RECONCILER_PROOF_PASSWORD": PASSWORD,
            "RECONCILER_PROOF_HOSTS": "api.acme.example",
        }
        work = Workplace(folder / "checkout", stack.enter_context(serving(toll)), emulator, environ)
        work.settings(SETTINGS.replace("settle: 0s", "settle: 0s, poll: 100ms"))
        proof = source.proof.replace("targets: [dev]", "targets: [stage]")
        write_files(
            work.folder / "specs", {f"sources/{KEY}/connection-spec.yaml": source.spec, f"proofs/{KEY}/proof.yaml": proof}
        )
        strangers = Strangers(emulator, random.Random(7))  # noqa: S311 - ids of others
        for number, form in enumerate(FORMS):
            strangers.make(KINDS[number % len(KINDS)], *form)
        yield Place(work, toll, strangers)


@dataclass(frozen=True)
class Kill:
    """One kill of one proof."""

    at: int
    moment: Moment

    def __str__(self) -> str:
        return f"killed {self.moment} {self.at}"


def test_a_proof_that_is_killed_at_any_request_is_cleaned_up_on_another_machine(tmp_path: Path) -> None:
    source = drawn_right()
    with place(tmp_path / "whole", source) as whole:
        whole.toll.arm()
        ran = whole.work.run(*PROVE)
        assert ran.code == 0, ran.out + ran.err
        writes = [call for call in whole.toll.passed if Moment.AFTER.counts(call)]
        kills = [Kill(at, Moment.AFTER) for at, call in enumerate(writes, start=1) if makes_something(call) or everywhere()]
        kills += [Kill(at, Moment.BEFORE) for at, call in enumerate(whole.toll.passed, start=1) if is_struck(at, call)]
        assert whole.left() == []
    broken: list[str] = []
    with ThreadPoolExecutor(HANDS) as hands:
        for found in hands.map(lambda kill: kill_and_clean(tmp_path / str(kill), source, kill), kills):
            broken += found
    log.info("%d kills", len(kills))
    assert broken == []
    assert len(kills) >= 2 * len(KINDS)


def is_struck(at: int, call: str) -> bool:
    """Whether a kill comes before this request."""
    return call.startswith("DELETE ") or at % READS == 1 or everywhere()


def makes_something(call: str) -> bool:
    """Whether this write is more than a question."""
    return not call.endswith(("/validate", "/preview"))


def everywhere() -> bool:
    """Whether a kill comes at every request."""
    return bool(os.environ.get("RECONCILER_FORCE_ALL"))


def kill_and_clean(folder: Path, source: Drawn, kill: Kill) -> list[str]:
    """What is wrong after a kill and one clean-up."""
    with place(folder, source) as here:
        end = struck(here.work, here.toll, kill.at, kill.moment, signal.SIGKILL, *PROVE)
        told = here.journals() + end.ran.out + end.ran.err
        if kill.moment is Moment.BEFORE:
            here.on_another_machine()
        cleaned = here.work.run(*CLEAN)
        told += here.journals() + cleaned.out + cleaned.err
        broken = [] if not end.hit or end.ran.code == -signal.SIGKILL else [f"ended with {end.ran.code}"]
        broken += [] if cleaned.code == 0 else [f"the clean-up ended with {cleaned.code}: {cleaned.out}{cleaned.err}"]
        broken += [f"left: {one}" for one in here.left()] + here.strangers.touched(here.strangers.seen)
        broken += ["more than one mapping set"] if here.mapping_sets() > 1 else []
        broken += [f"tells {secret}" for secret in (USER, PASSWORD) if secret in told]
    return [f"{kill}: {word}" for word in broken]


@pytest.mark.parametrize("call", ["POST /connections", "GET /runs"])
def test_an_interrupted_proof_cleans_up_and_says_what_stays(tmp_path: Path, call: str) -> None:
    source = drawn_right()
    with place(tmp_path / "whole", source) as whole:
        whole.toll.arm()
        assert whole.work.run(*PROVE).code == 0
        at = whole.toll.passed.index(call) + 1
    with place(tmp_path / "struck", source) as here:
        end = struck(here.work, here.toll, at, Moment.BEFORE, signal.SIGINT, "prove", KEY, "--yes", "--no-try")
        assert end.ran.code == 130, end.ran.out + end.ran.err
        assert "stopping: cleaning up" in end.ran.err
        assert here.left() == []
        assert here.strangers.touched(here.strangers.seen) == []
        assert ("mapping set" in end.ran.out) == (here.mapping_sets() == 1)
