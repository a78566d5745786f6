"""The rules for `after`, `soak` and `proved`, as `validate` reports them: the code, the line and what to do."""

from __future__ import annotations

import pytest

from tests.cli.fleet_rules.files import FLEET, TIME, problems, report, settings
from tests.cli.test_offline import Checkout


@pytest.mark.parametrize(
    ("text", "code", "line", "message", "hint"),
    [
        # after: targets and fleets, never itself, never a circle
        (
            settings(prod=", after: [stag]"),
            "unknown-target",
            5,
            "`after` names the unknown target 'stag'",
            "did you mean 'stage'?",
        ),
        (
            settings("groups: [g]\n", ", groups: [g], after: [g]"),
            "unknown-target",
            5,
            "`after` names the unknown target 'g'",
            "name the targets or fleets: `after` accepts no groups",
        ),
        (
            settings(prod=", after: stage"),
            "wrong-type",
            5,
            "`targets.prod.after` must be a list, not a string",
            "write it as a list: [stage]",
        ),
        (settings(prod=", after: [prod]"), "target-order", 5, "'prod' cannot be after itself", "remove it from `after`"),
        (
            settings(FLEET + "    after: [shops]\n"),
            "target-order",
            11,
            "'shops' cannot be after itself",
            "remove it from `after`",
        ),
        (
            settings(FLEET + "    except: {emea: {after: [shops]}}\n"),
            "target-order",
            11,
            "'shops-emea' cannot be after its own fleet 'shops'",
            "remove it from `after`",
        ),
        (
            settings(FLEET + "    after: [prod]\n", ", after: [shops]"),
            "target-order",
            5,
            "these targets wait for each other: prod after shops-emea after prod",
            "remove one `after`",
        ),
        # soak: 0 to 90d, and only with after
        (
            settings(prod=", soak: 24h"),
            "target-order",
            5,
            "`soak` has no effect without `after`",
            "add `after`, or remove `soak`",
        ),
        (
            settings(FLEET + "    except: {emea: {soak: 1h}}\n"),
            "target-order",
            11,
            "`soak` has no effect without `after`",
            "add `after`, or remove `soak`",
        ),
        (
            settings(prod=", after: [stage], soak: 1w"),
            "bad-value",
            5,
            "`targets.prod.soak`: '1w' is not a valid time",
            TIME,
        ),
        (settings(prod=", after: [stage], soak: 91d"), "bad-value", 5, "`targets.prod.soak`: must be at most 90d", TIME),
        # proved: targets, and only with after
        (
            settings(prod=", proved: [stage]"),
            "target-order",
            5,
            "`proved` has no effect without `after`",
            "add `after`, or remove `proved`",
        ),
        (
            settings(prod=", after: [stage], proved: [stag]"),
            "unknown-target",
            5,
            "`proved` names the unknown target 'stag'",
            "did you mean 'stage'?",
        ),
    ],
)
def test_a_contradiction_of_the_order_of_targets(
    checkout: Checkout, text: str, code: str, line: int, message: str, hint: str
) -> None:
    found = report(checkout, text)
    assert problems(found) == [("error", code, line, message, hint)]
    assert found[0]["file"] == "specs/reconciler.yaml"
