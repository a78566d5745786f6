"""Where journals are kept, and how many of them."""

from __future__ import annotations

from pathlib import Path

from reconciler.journal.folder import KEPT, journals_of, open_journal
from reconciler.planning.plan import PlanTarget
from tests.applying.world import World
from tests.journal.events import END, PUT, RESULT, STAGE, START, apply, folder, written
from tests.planning.situations import connection


def test_the_folder_of_journals_is_kept_out_of_git(tmp_path: Path) -> None:
    apply(World(tmp_path, [connection("a")]))
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "*\n"


def test_a_gitignore_that_is_there_already_stays(tmp_path: Path) -> None:
    (tmp_path / ".reconciler").mkdir()
    (tmp_path / ".reconciler" / ".gitignore").write_text("mine\n")
    world = World(tmp_path, [connection("a")])
    apply(world)
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "mine\n"


def test_a_journal_that_was_named_makes_no_folder_and_removes_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    with open_journal(tmp_path / "mine.jsonl", tmp_path, STAGE, world.clock):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.jsonl"]


def test_only_its_owner_may_read_a_journal(tmp_path: Path) -> None:
    report = apply(World(tmp_path, [connection("a")]))
    assert Path(report.journal or "").stat().st_mode & 0o777 == 0o600


def test_only_the_newest_journals_of_a_target_stay(tmp_path: Path) -> None:
    world = World(tmp_path)
    for _ in range(KEPT + 3):
        with open_journal(None, tmp_path, STAGE, world.clock) as journal:
            journal.start(world.plan())
            journal.end(converged=True)
        world.clock.time += 1
    left = sorted(folder(world).iterdir())
    assert (len(left), left[-1]) == (KEPT, journal.path)


def test_other_targets_files_and_runs_that_did_not_end_stay(tmp_path: Path) -> None:
    world = World(tmp_path)
    where = folder(world)
    where.mkdir(parents=True)
    kept = [
        written(where / "20200101T000000.000000Z-prod.jsonl", START, END),
        written(where / "20200101T000000.000001Z-stage.jsonl", START, PUT),
        written(where / "20200101T000000.000002Z-stage.jsonl", {"of": "a later version"}),
        written(where / "mine-stage.jsonl", START, END),
    ]
    gone = [
        written(where / "20200101T000000.000003Z-stage.jsonl", START, PUT, RESULT),
        written(where / "20200101T000000.000004Z-stage.jsonl"),
    ]
    for _ in range(KEPT):
        with open_journal(None, tmp_path, STAGE, world.clock):
            pass
        world.clock.time += 1
    assert [path.exists() for path in kept] == [True] * 4
    assert [path.exists() for path in gone] == [False] * 2


def test_the_newest_journal_is_that_of_the_same_place(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    report = apply(world)
    assert journals_of(tmp_path, STAGE, 1) == [Path(report.journal or "")]
    assert journals_of(tmp_path, PlanTarget("stage", STAGE.host, STAGE.org_id, "prod"), 1) == []
