"""Undo with the installed command: bodies put back, and runs that are killed in the middle of a write."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour, build
from reconciler.emulator.http.server import serving
from tests.e2e.workplace import BATCH, COMMAND, PATIENCE, SETTINGS, Workplace

PATIENT = SETTINGS.replace("consistency_window: 0s", "consistency_window: 3s")


@dataclass
class Ambush:
    """The service's application; the first request that it waits for is carried out, and its client killed before the answer."""

    app: ASGIApp
    waits_for: Callable[[str, str], bool] = field(default=lambda *_: False)
    client: subprocess.Popen[bytes] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        struck = scope["type"] == "http" and self.client is not None and self.waits_for(scope["method"], scope["path"])

        async def kill_first(message: Message) -> None:
            if struck and self.client is not None:
                os.kill(self.client.pid, signal.SIGKILL)
                self.client.wait(PATIENCE)
            await send(message)

        await self.app(scope, receive, kill_first)

    def kill_at(self, work: Workplace, method: str, path: str) -> None:
        """An apply that is killed when the service has carried out this request."""
        self.waits_for = lambda its_method, its_path: its_method == method and its_path.endswith(path)
        self.client = subprocess.Popen(  # noqa: S603 - the command under test
            [COMMAND, "apply", "--yes"],
            cwd=work.folder,
            env=work.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert self.client.wait(PATIENCE) == -signal.SIGKILL
        finally:
            self.client = None


@pytest.fixture
def ambush(tmp_path: Path) -> Iterator[tuple[Workplace, Ambush]]:
    with build(":memory:", Behaviour(list_lag=1)) as emulator:
        ambush = Ambush(emulator.app)
        with serving(ambush) as url:
            work = Workplace(tmp_path / "checkout", url, emulator)
            work.live()
            yield work, ambush


def journals(work: Workplace) -> list[Path]:
    return sorted((work.folder / ".reconciler" / "journal").iterdir())


def x_of(work: Workplace, name: str = "a") -> object:
    return work.the(name)["sourceSpec"]["attributes"]["x"]


def updated(work: Workplace) -> Path:
    """A source that was applied with x of 1 and then with 2; the journal of the second."""
    work.source("a")
    work.commit()
    work.apply()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.commit()
    journal = Path(work.apply()["journal"])
    work.requests()
    return journal


def test_a_restore_is_looked_at_first_and_then_is_one_put(work: Workplace) -> None:
    journal = updated(work)
    held = work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"]
    shown = work.run("restore", str(journal), "--dry-run", "--format", "json")
    assert (shown.code, work.writes(), x_of(work)) == (0, [], 2)
    ran = work.run("restore", str(journal), "--yes", "--expect", shown.json["digest"], "--format", "json")
    assert (ran.code, ran.json["converged"], [result["outcome"] for result in ran.json["results"]]) == (0, True, ["updated"])
    assert (work.writes(), x_of(work)) == ([("PUT", f"/connectionSpecs/{work.the('a')['id']}")], 1)
    assert work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"] == held


def test_after_a_restore_the_plan_says_pending_until_the_file_is_reverted(work: Workplace) -> None:
    journal = updated(work)
    assert work.run("restore", str(journal), "--yes").code == 0
    assert [action["cause"] for action in work.plan()["actions"]] == ["pending"]
    work.git("revert", "--no-edit", "HEAD")
    assert work.run("plan", "--detailed-exitcode").code == 0


def test_a_second_restore_has_nothing_to_do(work: Workplace) -> None:
    journal = updated(work)
    work.run("restore", str(journal), "--yes")
    work.requests()
    ran = work.run("restore", str(journal))
    assert (ran.code, "\n1 in sync\n" in ran.out, work.writes()) == (0, True, [])
    assert ran.out.endswith("converged: live matches the journal\n")


def test_the_journal_of_another_sandbox_is_refused(work: Workplace) -> None:
    journal = updated(work)
    ran = work.run("restore", str(journal), "--yes", RECONCILER_STAGE_SANDBOX="prod")
    assert (ran.code, work.requests()) == (3, [])
    assert "is the journal of an apply to sandbox 'dev'" in ran.err


def test_a_create_stays_and_the_command_says_so(work: Workplace) -> None:
    work.source("a")
    journal = work.apply()["journal"]
    ran = work.run("restore", journal, "--yes")
    assert ran.code == 0
    assert f"({work.the('a')['id']}) was created by that run and cannot be deleted [cannot-undo-create]" in ran.out


def test_a_file_that_is_no_journal_is_one_sentence(work: Workplace) -> None:
    ran = work.run("restore", "specs/reconciler.yaml")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 2)
    assert "specs/reconciler.yaml is not a journal: line " in ran.err


def test_bodies_are_kept_out_of_git(work: Workplace) -> None:
    work.source("a")
    work.commit()
    work.apply()
    (work.folder / ".gitignore").unlink()
    assert ".reconciler" not in work.git("status", "--porcelain", "--untracked-files=all")


def test_after_a_kill_at_a_create_one_run_converges_and_says_what_it_found(ambush: tuple[Workplace, Ambush]) -> None:
    work, killer = ambush
    work.settings(PATIENT)
    work.source("a")
    killer.kill_at(work, "POST", "/connectionSpecs")
    document = work.apply()
    (problem,) = (problem for problem in document["problems"] if problem["code"] == "unfinished-run")
    assert f"it was created as {work.the('a')['id']}" in problem["message"]
    assert work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"][-1] == work.the("a")["id"]
    assert work.plan()["problems"] == []
    assert work.run("plan", "--detailed-exitcode").code == 0


def test_a_kill_at_a_put_is_told_by_plan_and_can_be_undone(ambush: tuple[Workplace, Ambush]) -> None:
    work, killer = ambush
    updated(work)
    work.source("a", sourceSpec={"attributes": {"x": 3}})
    killer.kill_at(work, "PUT", work.the("a")["id"])
    assert x_of(work) == 3
    ran = work.run("plan")
    assert (ran.code, "has the new body [unfinished-run]" in ran.out) == (0, True)
    undone = work.run("restore", str(journals(work)[-1]), "--yes")
    assert (undone.code, x_of(work)) == (0, 2)
    assert "the journal is from a run that was killed or is still running: it has no `end` event" in undone.out


def test_a_kill_at_the_shared_flow_spec_leaves_nothing_to_clean_up(ambush: tuple[Workplace, Ambush]) -> None:
    work, killer = ambush
    work.settings(PATIENT)
    work.source("a")
    killer.kill_at(work, "PUT", BATCH)
    document = work.apply()
    assert ([problem["code"] for problem in document["problems"]], document["converged"]) == (["unfinished-run"], True)
    assert work.plan()["problems"] == []
    assert work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"].count(work.the("a")["id"]) == 1
