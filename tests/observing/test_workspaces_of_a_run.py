"""Targets of one run share what was read of the files, and each compares it with the commit that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.layers import Layers
from reconciler.observing.workspace import open_workspace, readings_of
from reconciler.settings.loading import load_settings
from tests.desired.git.repositories import Repository
from tests.desired.trees import MAILCHIMP, SOURCE

SETTINGS = """\
version: 1
repository: acme/aep-sources
targets: {stage: {emulator: stage.db}, prod: {emulator: prod.db}}
"""


@pytest.mark.parametrize(
    ("changed", "differs"), [(MAILCHIMP, True), ("sources/new.yaml", True), ("notes.txt", False)], ids=["file", "new", "other"]
)
def test_a_commit_made_during_the_run_is_not_taken_for_that_of_the_files(tmp_path: Path, changed: str, differs: bool) -> None:
    repository = Repository.new(tmp_path / "repository")
    first = repository.commit({"reconciler.yaml": SETTINGS, MAILCHIMP: SOURCE})
    settings = load_settings(repository.specs)
    readings = readings_of(settings, ("stage", "prod"))
    stage = open_workspace(repository.specs, settings, settings.target("stage", {}), readings)
    second = repository.commit({changed: SOURCE.replace("MailChimp", "Other")})
    prod = open_workspace(repository.specs, settings, settings.target("prod", {}), readings)
    assert prod.desired.specs == stage.desired.specs
    assert [(stage.commit, bool(stage.uncommitted)), (prod.commit, bool(prod.uncommitted))] == [(first, False), (second, differs)]


def test_the_repository_is_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository.new(tmp_path / "repository")
    commit = repository.commit({"reconciler.yaml": SETTINGS, MAILCHIMP: SOURCE})
    settings = load_settings(repository.specs)
    readings = readings_of(settings, settings.targets)
    stage = open_workspace(repository.specs, settings, settings.target("stage", {}), readings)
    monkeypatch.setenv("PATH", "/nonexistent")
    prod = open_workspace(repository.specs, settings, settings.target("prod", {}), readings)
    assert (stage.commit, prod.commit, prod.history.why_not) == (commit, commit, None)
    alone = open_workspace(repository.specs, settings, settings.target("prod", {}))
    assert (alone.commit, alone.history.why_not) == (None, "git was not found in PATH")


def test_each_target_of_a_run_has_its_own_layers(tmp_path: Path) -> None:
    repository = Repository.new(tmp_path / "repository")
    repository.commit({"reconciler.yaml": SETTINGS, MAILCHIMP: SOURCE + "overlays: {stage: {name: Members (stage)}}\n"})
    settings = load_settings(repository.specs)
    readings = readings_of(settings, settings.targets)
    assert readings.run == {name: Layers.in_settings(settings, name) for name in settings.targets}
    names = [
        open_workspace(repository.specs, settings, settings.target(name, {}), readings).desired.specs[0].name
        for name in ("stage", "prod")
    ]
    assert names == ["Members (stage)", "MailChimp Members"]
