"""The values that the keys of targets, fleets and limits may have, as `validate` reports them."""

from __future__ import annotations

import pytest

from tests.cli.fleet_rules.files import EXCEPT_KEYS, FLEET, NAME, problems, report, settings
from tests.cli.test_offline import Checkout


@pytest.mark.parametrize(
    ("text", "code", "line", "message", "hint"),
    [
        # environment, credentials, vars
        (
            settings(FLEET + "    environment: ' '\n"),
            "bad-value",
            11,
            "`fleets.shops.environment`: ' ' is not a valid environment name",
            "use up to 255 letters, digits, spaces, '-', '_', '.' and '/'",
        ),
        (
            settings(FLEET + "    credentials: a b\n"),
            "bad-value",
            11,
            "`fleets.shops.credentials`: 'a b' is not a valid name of credentials",
            NAME,
        ),
        (
            settings(FLEET.replace("{host: h}", "{1a: h}")),
            "bad-value",
            10,
            "`fleets.shops.vars.1a`: '1a' is not a valid variable name",
            "use up to 64 letters, digits and '_', a letter first",
        ),
        # by_name, fleet, safety
        (
            settings(prod=", by_name: prod"),
            "wrong-type",
            5,
            "`targets.prod.by_name` must be true or false, not a string",
            "write true or false",
        ),
        (
            settings("fleet: {parallel: 0}\n"),
            "bad-value",
            6,
            "`fleet.parallel`: 0 is not between 1 and 64",
            "write a number from 1 to 64",
        ),
        (
            settings("fleet: {max_failures: 0}\n"),
            "bad-value",
            6,
            "`fleet.max_failures`: 0 is not between 1 and 1,000",
            "write a number from 1 to 1000",
        ),
        (
            settings("safety: {fleet_max_creates: -1}\n"),
            "bad-value",
            6,
            "`safety.fleet_max_creates`: -1 is not between 0 and 1,000,000",
            "write a number from 0 to 1000000",
        ),
        (
            settings("default_target: shops-amea\n" + FLEET),
            "unknown-target",
            6,
            "`default_target` names the unknown target 'shops-amea'",
            "did you mean 'shops-emea'?",
        ),
    ],
)
def test_a_value_that_is_not_valid(checkout: Checkout, text: str, code: str, line: int, message: str, hint: str) -> None:
    found = report(checkout, text)
    assert problems(found) == [("error", code, line, message, hint)]
    assert found[0]["file"] == "specs/reconciler.yaml"


KEYS = {
    "base_url": "'https://platform.adobe.io/data/foundation/flowservice'",
    "token_url": "'https://ims-na1.adobelogin.com/ims/token/v3'",
    "org_id": "8@AdobeOrg",
    "scopes": "[openid]",
    "ownership": "none",
    "emulator": ".reconciler/x.db",
    "provider": "false",
    "groups": "[all]",
    "environment": "live",
    "credentials": "live",
    "after": "[stage]",
    "soak": "0",
    "proved": "[]",
    "by_name": "true",
    "vars": "{host: h}",
}


@pytest.mark.parametrize("key", EXCEPT_KEYS.split(", "))
def test_each_key_of_a_target_but_the_sandbox_may_stand_in_a_fleet_and_in_its_except(checkout: Checkout, key: str) -> None:
    written = f"{key}: {KEYS[key]}"
    fleet = f"groups: [all]\nfleets:\n  f:\n    sandboxes: [emea]\n    {written}\n    except: {{emea: {{{written}}}}}\n"
    found = report(checkout, settings(fleet))
    assert [one["message"] for one in found if one["code"] != "unused-group"] == []
