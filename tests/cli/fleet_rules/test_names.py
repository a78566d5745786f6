"""The rules for groups, fleets and sandboxes, as `validate` reports them: the code, the line and what to do."""

from __future__ import annotations

import pytest

from tests.cli.fleet_rules.files import EXCEPT_KEYS, FLEET, NAME, problems, report, settings
from tests.cli.test_offline import Checkout

LONG = "f" * 60


@pytest.mark.parametrize(
    ("text", "code", "line", "message", "hint"),
    [
        # groups: their order is that of overlays
        (settings("groups: [a b]\n"), "bad-value", 6, "`groups.0`: 'a b' is not a valid group name", NAME),
        (settings("groups: [a, a]\n"), "duplicate-key", 6, "'a' is listed twice", "remove one of them"),
        (settings("groups: all\n"), "wrong-type", 6, "`groups` must be a list, not a string", "write it as a list: [all]"),
        (
            settings("groups: [all]\n", ", groups: [al]"),
            "unknown-group",
            5,
            "'al' is not in `groups`",
            "did you mean 'all'?",
        ),
        (settings(prod=", groups: [all]"), "unknown-group", 5, "'all' is not in `groups`", "write groups: [all]"),
        # one namespace of targets, groups, fleets and their members, because `overlays` names all of them
        (
            settings("groups: [prod]\n"),
            "target-name",
            6,
            "'prod' is also a target",
            "rename one of them: `overlays` names both",
        ),
        (
            settings("fleets: {prod: {sandboxes: [a]}}\n"),
            "target-name",
            6,
            "'prod' is also a target",
            "rename one of them: `overlays` names both",
        ),
        (
            settings("groups: [f]\nfleets: {f: {sandboxes: [a]}}\n"),
            "target-name",
            7,
            "'f' is also a group",
            "rename one of them: `overlays` names both",
        ),
        (
            settings("groups: [f-a]\nfleets: {f: {sandboxes: [a]}}\n"),
            "target-name",
            7,
            "'f-a' is also a group",
            "rename the fleet or that",
        ),
        (
            settings(f"  f-a: {{org_id: 2@AdobeOrg, sandbox: a}}\n{FLEET}  f:\n    sandboxes:\n      - b\n      - a\n"),
            "target-name",
            15,
            "'f-a' is also a target",
            "rename the fleet or that",
        ),
        (
            settings("fleets:\n  f: {sandboxes: [a]}\n  f-a: {sandboxes: [b]}\n"),
            "target-name",
            7,
            "'f-a' is also a fleet",
            "rename the fleet or that",
        ),
        (
            settings(f"fleets: {{{LONG}: {{sandboxes: [emea, s12]}}}}\n"),
            "bad-value",
            6,
            f"the target name '{LONG}-emea' has more than 64 characters",
            "use a shorter name for the fleet",
        ),
        (settings("fleets: {a b: {sandboxes: [a]}}\n"), "bad-value", 6, "`fleets.a b`: 'a b' is not a valid fleet name", NAME),
        # the list of sandboxes
        (
            settings("fleets:\n  f:\n    sandboxes: []\n"),
            "bad-value",
            8,
            "`fleets.f.sandboxes` is empty",
            "write at least one entry",
        ),
        (settings("fleets:\n  f: {}\n"), "missing-key", 7, "`fleets.f.sandboxes` is missing", "write sandboxes: …"),
        (
            settings("fleets:\n  f:\n    sandboxes:\n      - a\n      - a\n"),
            "duplicate-key",
            10,
            "'a' is listed twice",
            "remove one of them",
        ),
        (
            settings(FLEET + "    sandbox: emea\n"),
            "unknown-key",
            11,
            "unknown key `fleets.shops.sandbox`",
            "did you mean 'sandboxes'?",
        ),
        # except: keys of one of the sandboxes
        (
            settings(FLEET + "    except:\n      amea: {}\n"),
            "unknown-target",
            12,
            "`except` names 'amea', which is not in `sandboxes`",
            "did you mean 'emea'?",
        ),
        (
            settings(FLEET + "    except:\n      emea: {sandbox: x}\n"),
            "unknown-key",
            12,
            "unknown key `fleets.shops.except.emea.sandbox`",
            f"use one of: {EXCEPT_KEYS}",
        ),
    ],
)
def test_a_contradiction_of_groups_and_fleets(
    checkout: Checkout, text: str, code: str, line: int, message: str, hint: str
) -> None:
    found = report(checkout, text)
    assert problems(found) == [("error", code, line, message, hint)]
    assert found[0]["file"] == "specs/reconciler.yaml"


def test_two_fleets_with_the_same_target_are_both_named(checkout: Checkout) -> None:
    hint = "rename one of the fleets"
    assert problems(
        report(checkout, settings("fleets:\n  f: {sandboxes: [a-b]}\n  g: {sandboxes: [b]}\n  f-a: {sandboxes: [b]}\n"))
    ) == [
        ("error", "target-name", 7, "'f-a-b' is also a target of the fleet 'f-a'", hint),
        ("error", "target-name", 9, "'f-a-b' is also a target of the fleet 'f'", hint),
    ]


@pytest.mark.parametrize(
    ("text", "code", "line", "message", "hint"),
    [
        (
            settings("groups: [all]\n"),
            "unused-group",
            6,
            "no target has the group 'all'",
            "add it to the `groups` of a target or a fleet, or remove it",
        ),
        (
            settings("  again: {org_id: 1@AdobeOrg, sandbox: prod}\n"),
            "same-sandbox",
            6,
            "the targets 'prod' and 'again' are the same sandbox: both would own what is live there",
            "remove one of them; `--all` uses prod",
        ),
        (
            settings("fleets:\n  f:\n    org_id: 1@AdobeOrg\n    sandboxes:\n      - emea\n      - prod\n"),
            "same-sandbox",
            11,
            "the targets 'prod' and 'f-prod' are the same sandbox: both would own what is live there",
            "remove one of them; `--all` uses prod",
        ),
    ],
)
def test_a_doubt_about_the_settings_is_a_warning(
    checkout: Checkout, text: str, code: str, line: int, message: str, hint: str
) -> None:
    assert problems(report(checkout, text)) == [("warning", code, line, message, hint)]
