"""The example repository's trials: recordings that replay, and provider files from which exactly these recordings are made."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from reconciler.applying.stopping import Stop
from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.planning.plan import Action
from reconciler.planning.tried import TriedOutcome
from reconciler.sessions.trying import TryMeans, try_sources
from reconciler.settings.scope import Scope
from reconciler.trying.options import TryOptions
from reconciler.trying.report import TryAllReport, TryReport
from reconciler.trying.tried import tried_from

SPECS = Path(__file__).parents[2] / "specs"
FOUND = {
    "mailchimp-members": {"window-format", "end-condition-absent"},
    "zendesk-users": {"query-twice"},
}
"""What is wrong with the bodies that Adobe publishes."""
RECORDED = sorted(file.parent.name for file in SPECS.glob("proofs/*/cassette.jsonl"))


class Silent:
    def step(self, message: str) -> None:
        pass

    def wrote(self, action: Action, done: int, total: int) -> None:
        pass


def means(options: TryOptions) -> TryMeans:
    return TryMeans({}, Scope(SPECS, "local"), options, Silent(), Stop())


def test_every_batch_source_has_a_recording_that_replays_without_the_network_and_secrets() -> None:
    tried = try_sources(means(TryOptions(origin="cassette")), (), everything=True)
    assert isinstance(tried.report, TryAllReport)
    assert [result.key for result in tried.report.results] == RECORDED
    assert len(RECORDED) == 8
    for report in tried.report.results:
        assert isinstance(report, TryReport)
        assert report.held, report.key
        assert {item.problem.code for item in report.findings} == FOUND.get(report.key, set()), report.key
        assert len(report.calls) > 1 or report.key == "acme-exchange-rates"


@pytest.mark.parametrize("key", RECORDED)
def test_recording_the_stub_again_gives_the_same_bytes(key: str) -> None:
    kept = (SPECS / "proofs" / key / "cassette.jsonl").read_bytes()
    now = datetime.fromisoformat(json.loads(kept.splitlines()[0])["recorded_at"])
    options = TryOptions(origin="stub", record="redacted", writes_stub=True)
    ((file, data),) = try_sources(replace(means(options), now=now), (key,), everything=False).files
    assert file == SPECS / "proofs" / key / "cassette.jsonl"
    assert data == kept, f"out of date: run `reconciler try {key} --stub --record`"


def test_a_plan_says_that_only_a_stub_was_tried() -> None:
    tree = WorkingTree(SPECS)
    specs = load_desired(tree, "local", "specs", ("local", "prod", "stage")).specs
    tried = [tried_from(tree, spec) for spec in specs if spec.key in RECORDED]
    assert {(each.outcome, each.stub) for each in tried} == {(TriedOutcome.HELD, True)}
    assert len(tried) == len(RECORDED)


@pytest.mark.parametrize("key", RECORDED)
def test_a_recording_is_small_enough_to_review(key: str) -> None:
    assert (SPECS / "proofs" / key / "cassette.jsonl").stat().st_size < 16_000
