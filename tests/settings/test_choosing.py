"""Which targets `--target`, `--group`, `--all` and `--except` choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.settings.choosing import LeftOut, choose
from reconciler.settings.loading import load_settings
from reconciler.settings.selection import Selection
from reconciler.settings.targets import Settings

FILE = """\
version: 1
repository: acme/aep-sources
groups: [eu]
targets:
  local: {emulator: .reconciler/local.db}
  dev: {org_id: 1@AdobeOrg, sandbox: dev, groups: [eu]}
  prod: {org_id: 1@AdobeOrg, sandbox: prod}
fleets:
  shops: {org_id: 1@AdobeOrg, sandboxes: [a, b], except: {b: {groups: [eu]}}}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "reconciler.yaml").write_text(FILE)
    return load_settings(tmp_path)


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        (Selection(("prod", "dev")), ("dev", "prod")),
        (Selection(("local", "dev")), ("local", "dev")),
        (Selection(everything=True), ("dev", "prod", "shops-a", "shops-b")),
        (Selection(("local",), everything=True), ("local", "dev", "prod", "shops-a", "shops-b")),
        (Selection(groups=("eu",)), ("dev", "shops-b")),
        (Selection(groups=("shops",), excluded=("shops-a",)), ("shops-b",)),
        (Selection(("prod",), groups=("shops",)), ("prod", "shops-a", "shops-b")),
    ],
)
def test_targets_are_chosen_in_the_order_of_the_file(settings: Settings, selection: Selection, names: tuple[str, ...]) -> None:
    assert choose(settings, selection).names == names


def test_what_is_left_out_is_named_with_the_reason(settings: Settings) -> None:
    found = choose(settings, Selection(everything=True, excluded=("prod",)))
    assert found.left_out == (LeftOut("local", "emulator"), LeftOut("prod", "except"))


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (Selection(("prd", "dev")), "unknown target 'prd'"),
        (Selection(groups=("shop",)), "unknown group 'shop'"),
        (Selection(everything=True, excluded=("prd",)), "unknown target 'prd'"),
        (Selection(groups=("shops",), excluded=("shops-a", "shops-b")), "no target is left"),
        (Selection(("dev",), excluded=("prod",)), "--except needs --all or --group"),
    ],
)
def test_a_choice_of_nothing_is_an_error(settings: Settings, selection: Selection, message: str) -> None:
    with pytest.raises(UsageError, match=message) as refused:
        choose(settings, selection)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("customers-latm", "did you mean 'customers-latam'?"),
        (
            "customers-korea",
            "the fleet 'customers' does not list the sandbox 'korea'; `reconciler targets --discover` shows which there are",
        ),
        ("customers-", "did you mean"),
        ("stagee", "did you mean 'stage'?"),
    ],
)
def test_a_name_like_those_of_a_fleet_is_taken_for_a_sandbox_of_it(tmp_path: Path, name: str, hint: str) -> None:
    text = "version: 1\nrepository: acme/s\ntargets: {stage: {sandbox: stage}}\nfleets: {customers: {sandboxes: [emea, latam]}}\n"
    (tmp_path / "reconciler.yaml").write_text(text)
    settings = load_settings(tmp_path)
    for attempt in (lambda: settings.target_name(name), lambda: choose(settings, Selection((name, "stage")))):
        with pytest.raises(UsageError, match="unknown target") as refused:
            attempt()
        assert str(refused.value.hint).startswith(hint)


def test_one_target_or_none_is_not_a_choice_of_several() -> None:
    assert [one.is_one for one in (Selection(), Selection(("a",)), Selection(("a", "b")), Selection(everything=True))] == [
        *(True, True),
        *(False, False),
    ]
