"""A full disk or a read-only folder is told in a sentence with a hint, before anything is written or with the report of what was."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from reconciler.documents.json_text import decode
from reconciler.emulator import Behaviour, build
from reconciler.emulator.http.server import serving
from tests.e2e.disks import UNCACHED, fill, read_only, small_disk, with_files_up_to, without_privileges
from tests.e2e.force import Expected, Moment, Strike, Toll, command, held_ids, unannounced
from tests.e2e.workplace import COMMAND, PATIENCE, SETTINGS, Ran, Workplace

LOCAL = """\
version: 1
repository: acme/aep-sources
default_target: local
targets: {local: {emulator: .reconciler/local.db}}
network: {consistency_window: 0s, settle: 0s, timeout: 60s, deadline: 120s, retries: 2}
"""
KEYS = ("a", "b", "c", "d")
LONG = "x" * 8000


def run(work: Workplace, *words: str, before: Sequence[str] = (), environ: Mapping[str, str] | None = None) -> Ran:
    with command(work, *words, before=before, environ={**UNCACHED, **(environ or {})}) as process:
        out, err = process.communicate(timeout=PATIENCE)
    return Ran(process.returncode, out, err)


def is_one_sentence_with_a_hint(ran: Ran) -> bool:
    told = [line for line in ran.err.splitlines() if line.startswith(("error: ", "hint: "))]
    is_told = [line.partition(":")[0] for line in told] == ["error", "hint"]
    return is_told and not any(word in ran.err for word in ("Traceback", "internal error", "this is a bug in reconciler"))


def test_a_plan_that_cannot_be_saved_in_a_read_only_folder_is_told(work: Workplace, tmp_path: Path) -> None:
    work.source("a")
    with read_only(tmp_path / "kept") as folder:
        ran = run(work, "plan", "--out", str(folder / "plan.json"), before=without_privileges())
    assert (ran.code, is_one_sentence_with_a_hint(ran), [*folder.iterdir()]) == (1, True, [])


def test_a_plan_that_cannot_be_saved_on_a_full_disk_leaves_the_old_one_whole(work: Workplace, tmp_path: Path) -> None:
    work.source("a")
    with small_disk(tmp_path / "disk", 64) as disk:
        old = disk / "plan.json"
        old.write_text("the old plan")
        fill(disk)
        ran = run(work, "plan", "--out", str(old))
        left = sorted(file.name for file in disk.iterdir())
        assert (ran.code, is_one_sentence_with_a_hint(ran)) == (1, True)
        assert (left, old.read_text()) == (["filler", "plan.json"], "the old plan")


@pytest.mark.parametrize("form", ["text", "json"])
def test_without_a_journal_in_a_read_only_folder_nothing_is_written(work: Workplace, tmp_path: Path, form: str) -> None:
    work.source("a")
    with read_only(tmp_path / "kept") as folder:
        words = ("apply", "--yes", "--format", form, "--journal", str(folder / "journal.jsonl"))
        ran = run(work, *words, before=without_privileges())
    assert (ran.code, is_one_sentence_with_a_hint(ran), work.writes()) == (1, True, [])
    if form == "json":
        assert decode(ran.out)["error"]["code"] == "journal"


def test_without_a_journal_in_a_read_only_checkout_nothing_is_written(work: Workplace) -> None:
    work.source("a")
    with read_only(work.folder):
        ran = run(work, "apply", "--yes", before=without_privileges())
    assert (ran.code, is_one_sentence_with_a_hint(ran), work.writes()) == (1, True, [])


def test_without_a_journal_on_a_full_disk_nothing_is_written(work: Workplace, tmp_path: Path) -> None:
    work.source("a")
    with small_disk(tmp_path / "disk", 16) as disk:
        fill(disk)
        ran = run(work, "apply", "--yes", "--journal", str(disk / "journal.jsonl"))
    assert (ran.code, is_one_sentence_with_a_hint(ran), work.writes()) == (1, True, [])


def test_a_journal_that_is_a_device_is_refused(work: Workplace) -> None:
    work.source("a")
    ran = run(work, "apply", "--yes", "--journal", "/dev/full")
    assert (ran.code, is_one_sentence_with_a_hint(ran), work.writes()) == (1, True, [])


@pytest.mark.parametrize("form", ["text", "json"])
def test_when_the_disk_fills_up_in_mid_apply_what_was_done_is_reported_and_nothing_more_is_begun(
    tmp_path: Path, form: str
) -> None:
    with small_disk(tmp_path / "disk", 256) as disk, build(":memory:") as emulator:
        toll = Toll(emulator.app)
        with serving(toll) as url:
            work = Workplace(tmp_path / "checkout", url, emulator)
            several_to_update(work)
            expected = Expected(KEYS, tuple(held_ids(work)))
            work.requests()
            toll.arm(Strike(1, Moment.AFTER, lambda: fill(disk)))
            journal = disk / "journal.jsonl"
            ran = run(work, "apply", "--yes", "--format", form, "--journal", str(journal))
            lines = [decode(line) for line in journal.read_bytes().splitlines() if line.endswith(b"}")]
            assert (ran.code, "Traceback" in ran.err, unannounced(work, lines)) == (4, False, [])
            assert ("No space left on device" in ran.out, "free disk space" in ran.out) == (True, True)
            outcomes = outcomes_of(ran, form)
            assert (outcomes.count("updated"), len(outcomes)) == (1, len(KEYS))
            toll.arm()
            work.apply()
            assert expected.judge(work, "after room was made").broken == []


def outcomes_of(ran: Ran, form: str) -> list[str]:
    if form == "json":
        return [result["outcome"] for result in decode(ran.out)["results"] if result["outcome"] != "in_sync"]
    return [
        line.split()[0] for line in ran.out.splitlines() if "connection spec " in line and not line.startswith(("~", "specs/"))
    ]


def several_to_update(work: Workplace) -> None:
    work.settings(SETTINGS.replace("network: {", "network: {concurrency: 1, "))
    work.live()
    for key in KEYS:
        work.source(key, description=LONG)
    work.apply()
    for key in KEYS:
        work.source(key, description=LONG + "y")


def test_an_emulator_without_a_place_for_its_file_is_told(work: Workplace, tmp_path: Path) -> None:
    with read_only(tmp_path / "kept") as folder:
        served = run(work, "emulator", "--port", "0", "--db", str(folder / "flow.db"), before=without_privileges())
    work.settings(LOCAL)
    work.source("a")
    with read_only(work.folder):
        planned = run(work, "plan", before=without_privileges())
    assert [(ran.code, is_one_sentence_with_a_hint(ran)) for ran in (served, planned)] == [(1, True), (1, True)]


def test_an_emulator_on_a_full_disk_is_told(work: Workplace, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 16) as disk:
        fill(disk)
        ran = run(work, "emulator", "--port", "0", "--db", str(disk / "flow.db"))
    assert (ran.code, is_one_sentence_with_a_hint(ran)) == (1, True)


def test_an_emulator_file_that_is_read_only_is_told(work: Workplace) -> None:
    work.settings(LOCAL)
    work.source("a")
    assert run(work, "apply", "--yes").code == 0
    file = work.folder / ".reconciler" / "local.db"
    file.chmod(0o444)
    ran = run(work, "plan", before=without_privileges())
    assert (ran.code, is_one_sentence_with_a_hint(ran)) == (1, True)


@pytest.mark.parametrize("kilobytes", [8, 72, 128, 144])
def test_an_embedded_service_that_runs_out_of_room_fails_in_words_and_makes_no_twin(work: Workplace, kilobytes: int) -> None:
    work.settings(LOCAL)
    for key in KEYS:
        work.source(key)
    ran = run(work, "apply", "--yes", before=with_files_up_to(kilobytes * 1024))
    assert ran.code in (1, 4), ran.out + ran.err
    assert "hint: " in ran.out + ran.err
    assert not any(word in ran.out + ran.err for word in ("Traceback", "this is a bug in reconciler", "internal error"))
    again = run(work, "apply", "--yes", "--format", "json")
    assert (again.code, decode(again.out)["converged"]) == (0, True), again.out + again.err
    status = decode(run(work, "status", "--format", "json").out)
    assert sorted(spec["key"] for spec in status["specs"] if spec["id"] and spec["key"]) == list(KEYS)
    assert run(work, "plan", "--detailed-exitcode").code == 0


def test_a_service_whose_disk_fills_up_leaves_writes_open_and_the_next_apply_finds_out(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2048) as disk, build(disk / "flow.db", Behaviour()) as emulator:
        toll = Toll(emulator.app)
        with serving(toll) as url:
            work = Workplace(tmp_path / "checkout", url, emulator)
            work.live()
            for key in KEYS:
                work.source(key, description=LONG)
            expected = Expected(KEYS, tuple(held_ids(work)))
            toll.arm(Strike(2, Moment.AFTER, lambda: fill(disk)))
            ran = work.run("apply", "--yes")
            assert (ran.code, "Traceback" in ran.err, "database or disk is full" in ran.out) == (4, False, True)
            (disk / "filler").unlink()
            toll.arm()
            work.apply()
            assert expected.judge(work, "after room was made").broken == []


@pytest.mark.parametrize(
    "words", [["plan"], ["plan", "--format", "json"], ["status"], ["validate"], ["apply", "--yes"]], ids=" ".join
)
def test_a_full_disk_under_standard_output_is_told(work: Workplace, words: list[str]) -> None:
    work.source("a")
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(  # noqa: S603 - the command under test
            [COMMAND, *words],
            cwd=work.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=work.env,
            timeout=PATIENCE,
            check=False,
        )
    ran = Ran(process.returncode, "", process.stderr)
    assert (ran.code, is_one_sentence_with_a_hint(ran)) == (1, True)
    assert "No space left on device" in ran.err
