from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.applying.stopping import Stop
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Refused, Severity
from reconciler.observing.restore import Wanted
from reconciler.planning.plan import Plan
from tests.cli.fakes import DIGEST, HEADER, CommandLine, FakeSessions, edit, plan
from tests.cli.test_apply import typed

GUARD = Problem(Severity.ERROR, "ahead", "it is ahead", guard=True, hint="merge or rebase")
STAYS = Problem(Severity.WARNING, "cannot-undo-create", "nothing can delete it")
JOURNAL = Path("j.jsonl")


def stale(made: Plan, _stop: Stop) -> ApplyReport:
    result = Result(
        Kind.CONNECTION_SPEC, "members", "Members", "1", OutcomeName.FAILED, error=Failure("stale", "changed", "run plan again")
    )
    return ApplyReport(made.target, made.digest, (result,))


def test_the_plan_is_shown_first_and_then_what_was_put_back(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(edit(), problems=(STAYS,)))
    ran = reconciler("restore", "j.jsonl", "--yes", sessions=sessions)
    shown, _, done = ran.out.partition(f"digest {DIGEST}\n\n")
    assert ran.code == 0
    assert shown.startswith(HEADER + "1 to update")
    assert "nothing can delete it" in shown
    assert done.endswith("converged: live matches the journal\n")
    assert (sessions.restored, sessions.applied) == ([Wanted(JOURNAL)], [(sessions.plan, None)])


def test_kind_ids_limits_and_the_journal_of_its_own_are_handed_on(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(edit()))
    words = ["--kind", "FlowSpec", "--id", "1", "--id", "2", "--max-updates", "7", "--allow-rewind", "--journal", "mine.jsonl"]
    assert reconciler("restore", "j.jsonl", "--yes", *words, sessions=sessions).code == 0
    assert sessions.restored == [Wanted(JOURNAL, Kind.FLOW_SPEC, ("1", "2"))]
    assert (sessions.options[0].max_updates, sessions.options[0].allow_rewind) == (7, True)
    assert sessions.applied[0][1] == Path("mine.jsonl")


def test_json_is_one_document_in_the_form_of_apply(reconciler: CommandLine) -> None:
    ran = reconciler("restore", "j.jsonl", "--yes", "--format", "json", sessions=FakeSessions(plan(edit())))
    assert (ran.code, ran.json["converged"], ran.json["journal"]) == (0, True, "journal.jsonl")
    assert ran.err.startswith(HEADER)


def test_without_a_terminal_yes_must_be_said_to_restore(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(edit()))
    ran = reconciler("restore", "j.jsonl", sessions=sessions)
    assert (ran.code, sessions.applied) == (1, [])
    assert "there is no terminal to confirm on" in ran.err


def test_a_terminal_is_asked_whether_to_restore(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = typed(monkeypatch, "no\n")
    assert reconciler("restore", "j.jsonl", sessions=FakeSessions(plan(edit()))).code == 3
    assert "Restore 1 · stage · sandbox dev.\x1b[0m Type 'yes': " in screen.getvalue()
    assert "hint: run restore again, and answer 'yes' to confirm" in screen.getvalue()


def test_nothing_to_put_back_is_done(reconciler: CommandLine) -> None:
    ran = reconciler("restore", "j.jsonl", sessions=FakeSessions(plan()))
    assert (ran.code, ran.out.splitlines()[1]) == (0, "nothing to do")


@pytest.mark.parametrize("words", [("--expect", "e" * 64), ("--expect", "")])
def test_any_other_digest_is_refused_to_a_restore(reconciler: CommandLine, words: tuple[str, ...]) -> None:
    sessions = FakeSessions(plan(edit()))
    assert (reconciler("restore", "j.jsonl", "--yes", *words, sessions=sessions).code, sessions.applied) == (3, [])


def test_a_guard_refuses_a_restore(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(edit(), problems=(GUARD,)))
    assert (reconciler("restore", "j.jsonl", "--yes", sessions=sessions).code, sessions.applied) == (3, [])


def test_the_journal_of_another_place_ends_with_3(reconciler: CommandLine) -> None:
    ran = reconciler(
        "restore", "j.jsonl", "--format", "json", sessions=FakeSessions(Refused("another place", hint="--target prod"))
    )
    assert (ran.code, ran.json["error"]["message"]) == (3, "another place")


def test_a_restore_that_did_not_end_well_exits_with_4_and_does_not_send_anybody_to_apply(reconciler: CommandLine) -> None:
    ran = reconciler("restore", "j.jsonl", "--yes", "--format", "json", sessions=FakeSessions(plan(edit()), stale))
    (result,) = ran.json["results"]
    assert (ran.code, result["error"]["hint"]) == (4, "not restored; fix the cause, and run restore again")


def test_a_dry_run_shows_the_plan_with_a_client_that_cannot_write(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(edit()))
    words = ["--specs", "my specs", "restore", "j.jsonl", "--dry-run", "--id", "1", "--kind", "ConnectionSpec", "--allow-rewind"]
    ran = reconciler(*words, sessions=sessions)
    assert ([kind for kind, _ in sessions.opened], ran.code) == (["reading"], 0)
    command = "reconciler --specs 'my specs' --target stage restore j.jsonl --allow-rewind --kind ConnectionSpec --id 1"
    assert ran.out.endswith(f"next: {command} --expect {DIGEST}\n")


def test_a_dry_run_in_json_has_the_form_of_a_plan(reconciler: CommandLine) -> None:
    ran = reconciler(
        "restore", "j.jsonl", "--dry-run", "--format", "json", sessions=FakeSessions(plan(edit(), problems=(GUARD,)))
    )
    assert (ran.code, ran.json["digest"], ran.json["actions"][0]["id"]) == (3, DIGEST, "1")
