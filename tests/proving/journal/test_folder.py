"""Where the journals of proofs are kept, and how many."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import JournalError
from reconciler.proving.journal.folder import KEPT, leftovers_of, open_proof_journal, proof_journals, proof_records
from reconciler.proving.journal.writing import ProofJournal, ProofStart
from reconciler.proving.naming import name_of
from reconciler.proving.report import LeftOver
from tests.closing import close_later
from tests.flowservice.simulated import SimulatedClock
from tests.proving.journal.records import KEY, RUN, START, made


def opened(root: Path, clock: SimulatedClock, start: ProofStart = START) -> ProofJournal:
    """A new journal; no two begin at one moment."""
    clock.time += 1
    journal = open_proof_journal(None, root, start, clock)
    close_later(journal.close)
    return journal


def ended(root: Path, clock: SimulatedClock, start: ProofStart = START) -> Path:
    journal = opened(root, clock, start)
    journal.end("proved", [])
    journal.close()
    return journal.path


def test_journals_are_named_by_start_target_and_key_and_kept_out_of_git(tmp_path: Path) -> None:
    path = ended(tmp_path, SimulatedClock())
    assert path == tmp_path / ".reconciler" / "proofs" / "20231114T223001.000000Z-stage-mailchimp-members.jsonl"
    assert (tmp_path / ".reconciler" / ".gitignore").read_bytes() == b"*\n"


def test_the_newest_are_kept_for_each_key_and_target(tmp_path: Path) -> None:
    clock = SimulatedClock()
    first = ended(tmp_path, clock)
    others = [
        ended(tmp_path, clock, replace(START, key="other")),
        ended(tmp_path, clock, replace(START, target="dev")),
        ended(tmp_path, clock, replace(START, key=f"{KEY}-2")),
    ]
    paths = [ended(tmp_path, clock) for _ in range(KEPT)]
    assert not first.exists()
    assert all(path.exists() for path in (*others, *paths))


def test_the_journal_of_a_proof_that_left_something_is_never_removed(tmp_path: Path) -> None:
    clock = SimulatedClock()
    killed = opened(tmp_path, clock)
    made(killed, "flow", "flow", "f1")
    unclean = opened(tmp_path, clock)
    made(unclean, "flow", "flow", "f2")
    unclean.end("failed", [LeftOver("flow", "f2", name_of(KEY, RUN, "flow"), "refused")])
    unreadable = opened(tmp_path, clock)
    unreadable.path.write_bytes(unreadable.path.read_bytes() + b"{}{\n{}\n")
    for _ in range(KEPT + 1):
        ended(tmp_path, clock)
    assert killed.path.exists()
    assert unclean.path.exists()
    assert unreadable.path.exists()


def test_a_later_clean_up_settles_what_a_killed_proof_left(tmp_path: Path) -> None:
    clock = SimulatedClock()
    killed = opened(tmp_path, clock)
    made(killed, "flow", "flow", "f1")
    later = opened(tmp_path, clock)
    assert [one.id for one in leftovers_of(list(proof_records(tmp_path, START, KEY)))] == ["f1"]
    later.deleted(LeftOver("flow", "f1", name_of(KEY, RUN, "flow"), ""), "was_gone")
    later.end("proved", [])
    assert leftovers_of(list(proof_records(tmp_path, START, None))) == ()
    for _ in range(KEPT):
        ended(tmp_path, clock)
    assert not killed.path.exists()


def test_only_the_journals_of_this_place_and_repository_are_evidence(tmp_path: Path) -> None:
    clock = SimulatedClock()
    own = ended(tmp_path, clock)
    elsewhere = (
        replace(START, sandbox="prod"),
        replace(START, org_id="other@AdobeOrg"),
        replace(START, host="emulator"),
        replace(START, repository="acme/other"),
    )
    for start in elsewhere:
        ended(tmp_path, clock, start)
    assert [record.path for record in proof_records(tmp_path, START, KEY)] == [own]
    assert len(list(proof_journals(tmp_path, "stage"))) == 5


def test_a_target_whose_name_begins_like_another_is_not_confused(tmp_path: Path) -> None:
    clock = SimulatedClock()
    ended(tmp_path, clock, replace(START, target="stage-eu"))
    ended(tmp_path, clock, replace(START, target="eu-stage", key="x"))
    assert list(proof_journals(tmp_path, "stage")) == []


def test_a_named_journal_is_not_in_the_folder_and_removes_nothing(tmp_path: Path) -> None:
    clock = SimulatedClock()
    for _ in range(KEPT):
        ended(tmp_path, clock)
    journal = open_proof_journal(tmp_path / "mine.jsonl", tmp_path, START, clock)
    journal.close()
    assert journal.path == tmp_path / "mine.jsonl"
    assert len(list(proof_journals(tmp_path, "stage"))) == KEPT


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".reconciler").write_bytes(b"")
    with pytest.raises(JournalError, match="cannot write journal"):
        opened(tmp_path, SimulatedClock())
    assert list(proof_journals(tmp_path, "stage")) == []
