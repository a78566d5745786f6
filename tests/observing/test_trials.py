"""The evidence of trials is looked up for the specs that need it, and for no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.documents.json_text import Document
from reconciler.errors import ExitCode, exit_code_of
from reconciler.observing.recorded_trials import RecordedTrials
from reconciler.observing.trials import with_trials
from reconciler.planning.plan import Options, Plan
from reconciler.planning.tried import NEVER_TRIED, Tried, TriedOutcome
from tests.applying.world import Quiet
from tests.planning.situations import connection, marked, plan
from tests.planning.test_trials import BEFORE, FAILED, HELD, attributes, body


class Recordings:
    """Evidence by key, and for which keys it was asked."""

    def __init__(self, **known: Tried) -> None:
        self.known = known
        self.asked: list[str] = []

    def __call__(self, desired: DesiredSpec) -> Tried:
        self.asked.append(desired.key)
        return self.known.get(desired.key, NEVER_TRIED)


def found(made: Plan, recordings: Recordings) -> tuple[Plan, list[str]]:
    progress = Quiet()
    return with_trials(made, recordings, progress), progress.steps


def test_a_plan_that_changes_nothing_asks_for_no_evidence() -> None:
    recordings = Recordings(members=HELD)
    quiet = plan([BEFORE], [marked(BEFORE)])
    assert found(quiet, recordings) == (quiet, [])
    assert recordings.asked == []


def test_evidence_is_looked_up_for_what_is_created_and_not_for_what_only_looks_different() -> None:
    recordings = Recordings(orders=HELD)
    other = connection("orders", **body())
    looks = connection(**body() | attributes(uiAttributes={}))
    made, steps = found(plan([looks, other], [marked(BEFORE)]), recordings)
    assert recordings.asked == ["orders"]
    assert {action.key: action.tried for action in made.actions} == {"members": None, "orders": HELD}
    assert made.problems == ()
    assert steps == ["looking for trials of 1 spec"]


@pytest.mark.parametrize(
    "sections",
    [
        {"name": "Members (all)"},
        attributes(uiAttributes={"label": {"text": "All members"}, "isBeta": False, "icon": {"text": "x"}}),
        {"sourceSpec": {"spec": {"type": "object", "properties": {"listId": {"type": "string", "title": "List"}}}}},
    ],
    ids=["name", "appearance", "title of a parameter"],
)
def test_a_change_that_reads_the_same_records_needs_no_trial(sections: Document) -> None:
    before = body()
    if "spec" in sections.get("sourceSpec", {}):
        sections = {"sourceSpec": before["sourceSpec"] | sections["sourceSpec"]}
    recordings = Recordings(members=HELD)
    changes = plan([connection(**before | sections)], [marked(BEFORE)])
    assert found(changes, recordings) == (changes, [])
    assert (len(changes.actions), recordings.asked) == (1, [])


def test_drift_of_the_pagination_needs_one_because_apply_writes_it_again() -> None:
    recordings = Recordings()
    drifted = marked(BEFORE, sourceSpec=body(paginationParams={"type": "NONE"})["sourceSpec"])
    made, _ = found(plan([BEFORE], [drifted]), recordings)
    assert [action.tried for action in made.actions] == [NEVER_TRIED]


def test_a_section_that_the_file_leaves_out_is_that_of_live() -> None:
    recordings = Recordings()
    new = {"authSpec": [{"name": "Key", "type": "BasicAuthentication"}]}
    partial = connection(**{name: value for name, value in body().items() if name != "sourceSpec"} | new)
    found(plan([partial], [marked(BEFORE)]), recordings)
    assert recordings.asked == ["members"]
    titled: Document = {"authSpec": [{"name": "Key", "type": "KeyBased", "title": "A key"}]}
    words_only = plan([connection(type="generic-rest", **titled)], [marked(BEFORE)])
    assert found(words_only, recordings) == (words_only, [])
    assert len(words_only.actions) == 1


def test_only_the_spec_that_was_not_tried_is_refused() -> None:
    both = [BEFORE, connection("orders", **body())]
    made, _ = found(plan(both, [], untried="refuse"), Recordings(members=HELD, orders=FAILED))
    assert [(problem.code, problem.key) for problem in made.errors] == [("untried", "orders")]
    assert exit_code_of(made.problems) is ExitCode.REFUSED
    scoped, _ = found(plan(both, [], untried="refuse", keys=("members",)), Recordings(members=HELD, orders=FAILED))
    assert scoped.errors == ()


def test_a_secret_of_the_spec_is_not_in_the_reason() -> None:
    secret = "5e8f2a91c07d4b36"
    desired = connection(**body(headerParams={"x-api-key": secret}))
    tells = Tried(TriedOutcome.FAILED, reason=f"the answer to x-api-key {secret} is 401")
    made, _ = found(plan([desired], []), Recordings(members=tells))
    assert [secret in problem.message for problem in made.problems] == [False]


def test_a_spec_without_a_recording_was_never_tried(tmp_path: Path) -> None:
    assert RecordedTrials(WorkingTree(tmp_path))(BEFORE) == NEVER_TRIED


def test_a_recording_that_cannot_be_read_is_the_reason(tmp_path: Path) -> None:
    (tmp_path / "proofs/members").mkdir(parents=True)
    (tmp_path / "proofs/members/cassette.jsonl").symlink_to("/etc/hostname")
    evidence = RecordedTrials(WorkingTree(tmp_path))(BEFORE)
    assert evidence.outcome is TriedOutcome.NOT_TRIED
    assert evidence.reason == "its recording cannot be read: this link points outside the specs folder"


def test_a_plan_imports_nothing_of_trials_until_a_spec_needs_one() -> None:
    code = (
        "import sys, reconciler.observing.prepare; print([name for name in sys.modules if name.startswith('reconciler.trying')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    assert done.stdout.strip() == "[]"


def test_the_options_of_a_plan_default_to_a_warning() -> None:
    assert (Options().untried, Options().allow_untried) == ("warn", False)
