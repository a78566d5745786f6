"""Warnings about reconciler.yaml, and what `--all` does with two targets of one sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.sessions.validation import problems_of_files
from reconciler.settings.choosing import LeftOut, choose
from reconciler.settings.doubts import settings_doubts
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.selection import Selection

HEAD = "version: 1\nrepository: acme/aep-sources\ntargets:\n  stage: {org_id: 1@AdobeOrg, sandbox: stage, groups: [all]}\n"


def doubts(tmp_path: Path, text: str) -> list[tuple[str, int | None, str]]:
    (tmp_path / "reconciler.yaml").write_text(HEAD + text)
    found = settings_doubts(tmp_path, load_settings(tmp_path))
    assert all(problem.hint and not problem.is_error for problem in found)
    return [(problem.code, problem.line, problem.message) for problem in found]


def test_a_group_that_no_target_has_is_a_warning(tmp_path: Path) -> None:
    assert doubts(tmp_path, "groups: [all, none]\n") == [("unused-group", 5, "no target has the group 'none'")]


@pytest.mark.parametrize(
    "other",
    [
        "  again: {org_id: 1@AdobeOrg, sandbox: stage}\ngroups: [all]\n",
        "groups: [all]\nfleets: {f: {org_id: 1@AdobeOrg, sandboxes: [prod, stage]}}\n",
    ],
)
def test_two_targets_of_one_sandbox_are_a_warning(tmp_path: Path, other: str) -> None:
    ((code, _, message),) = doubts(tmp_path, other)
    assert code == "same-sandbox"
    assert message.startswith("the targets 'stage' and ")


@pytest.mark.parametrize(
    "other",
    [
        "  again: {org_id: 2@AdobeOrg, sandbox: stage}\n",
        "  again: {org_id: 1@AdobeOrg, sandbox: stage, base_url: 'https://platform-nld2.adobe.io/data/foundation/flowservice'}\n",
        "  again: {sandbox: stage}\n",
        "  one: {emulator: .reconciler/one.db}\n  two: {emulator: .reconciler/two.db}\n",
    ],
)
def test_targets_in_different_places_are_none(tmp_path: Path, other: str) -> None:
    assert doubts(tmp_path, other + "groups: [all]\n") == []


def test_validate_says_what_is_doubtful_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text(HEAD + "groups: [all, none]\n")
    assert "unused-group" in {problem.code for problem in problems_of_files(Scope(tmp_path))}


def test_all_takes_the_first_target_of_a_sandbox(tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text(HEAD + "  again: {org_id: 1@AdobeOrg, sandbox: stage}\ngroups: [all]\n")
    settings = load_settings(tmp_path)
    chosen = choose(settings, Selection(everything=True))
    assert (chosen.names, chosen.left_out) == (("stage",), (LeftOut("again", "same_sandbox"),))
    assert choose(settings, Selection(targets=("again",), everything=True)).names == ("stage", "again")
    assert choose(settings, Selection(everything=True, excluded=("stage",))).names == ("again",)
