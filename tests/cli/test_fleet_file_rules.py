"""Every rule of the files for many targets, as `validate` reports it offline: the code, the line and what to do.

A case is what the files have beside two targets, `stage` and `prod`; lines are those of the file that the problem is in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_offline import Checkout

STAGE = "  stage: {org_id: 1@AdobeOrg, sandbox: stage, vars: {host: h}}\n"
PROD = "  prod: {org_id: 1@AdobeOrg, sandbox: prod, vars: {host: h}MORE}\n"
SETTINGS = f"version: 1\nrepository: acme/aep-sources\ntargets:\n{STAGE}{PROD}"
FLEET = "fleets:\n  shops:\n    org_id: 9@AdobeOrg\n    sandboxes: [emea, apac]\n    vars: {host: h}\n"
SPEC = """\
kind: ConnectionSpec
MOREspec:
  name: Acme Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: some-source
"""
FILE = "sources/orders/connection-spec.yaml"
LONG = "f" * 60
NAME = "use up to 64 letters, digits, '-' and '_'"
TIME = "write a time in minutes, hours or days, such as 30m, 24h or 7d"
EXCEPT_KEYS = (
    "after, base_url, by_name, credentials, emulator, environment, groups, org_id, ownership, proved, provider, scopes, soak, "
    "token_url, vars"
)

Found = tuple[str, str, int, str, str]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checkout:
    monkeypatch.chdir(tmp_path)
    return Checkout(tmp_path, capsys)


def settings(more: str = "", prod: str = "") -> str:
    """The settings with these further keys, and with these of the target `prod`."""
    return SETTINGS.replace("MORE", prod) + more


def report(checkout: Checkout, text: str, spec: str = SPEC.replace("MORE", "")) -> list[Any]:
    checkout.write("reconciler.yaml", text)
    checkout.write(FILE, spec)
    found: list[Any] = checkout.run("validate", "--format", "json").json["problems"]
    return found


def problems(found: list[Any]) -> list[tuple[str, str, int, str, str]]:
    return [(one["severity"], one["code"], one["line"], one["message"], one["hint"]) for one in found]


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
            "name the targets or fleets: `after` takes no groups",
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
def test_a_contradiction_of_the_settings(checkout: Checkout, text: str, code: str, line: int, message: str, hint: str) -> None:
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
            "remove one of them; `--all` takes prod",
        ),
        (
            settings("fleets:\n  f:\n    org_id: 1@AdobeOrg\n    sandboxes:\n      - emea\n      - prod\n"),
            "same-sandbox",
            11,
            "the targets 'prod' and 'f-prod' are the same sandbox: both would own what is live there",
            "remove one of them; `--all` takes prod",
        ),
    ],
)
def test_a_doubt_about_the_settings_is_a_warning(
    checkout: Checkout, text: str, code: str, line: int, message: str, hint: str
) -> None:
    assert problems(report(checkout, text)) == [("warning", code, line, message, hint)]


@pytest.mark.parametrize(
    ("written", "code", "line", "message", "hint"),
    [
        (("only: [stag]\n", ""), "unknown-target", 2, "`only` names the unknown target 'stag'", "did you mean 'stage'?"),
        (("only: [shop]\n", ""), "unknown-target", 2, "`only` names the unknown target 'shop'", "did you mean 'shops'?"),
        (("only: []\n", ""), "bad-value", 2, "`only` is empty", "write at least one entry"),
        (("only: stage\n", ""), "wrong-type", 2, "`only` must be a list, not a string", "write it as a list: [stage]"),
        (
            ("overlays:\n  stag: {name: B}\n", ""),
            "unknown-target",
            3,
            "`overlays` names the unknown target 'stag'",
            "did you mean 'stage'?",
        ),
        (
            ("ids: {shops: 0ed90a81-07f4-4586-8190-b40eccef1c5a}\n", ""),
            "unknown-target",
            2,
            "`ids` names the unknown target 'shops'",
            "did you mean 'shops-emea'?",
        ),
        (
            ("", "  description: {var: hots}\n"),
            "unknown-variable",
            7,
            "variable 'hots' is not defined for targets 'stage', 'prod', 'shops-emea', 'shops-apac'",
            "did you mean 'host'?",
        ),
        (
            ("only: [shops]\n", "  description: {var: port}\n"),
            "unknown-variable",
            8,
            "variable 'port' is not defined for targets 'shops-emea', 'shops-apac'",
            "write vars: {port: …} for each of them in reconciler.yaml",
        ),
        (
            ("overlays:\n  shops-emea:\n    description: {var: port}\n", ""),
            "unknown-variable",
            4,
            "variable 'port' is not defined for target 'shops-emea'",
            "write vars: {port: …} for each of them in reconciler.yaml",
        ),
        (
            ("only: [prod]\n", "  description: {var: no such}\n"),
            "unknown-variable",
            8,
            "variable 'no such' is not defined for target 'prod'",
            "a name has up to 64 letters, digits and '_', a letter first",
        ),
        (
            ("overlays: {prod: {var: host}}\n", ""),
            "bad-value",
            2,
            "a variable stands for one value, not for the whole overlay",
            "write the sections, with {var: …} for their values",
        ),
    ],
)
def test_a_contradiction_of_a_spec_file_and_the_settings(
    checkout: Checkout, written: tuple[str, str], code: str, line: int, message: str, hint: str
) -> None:
    more, body = written
    found = report(checkout, settings(FLEET), SPEC.replace("MORE", more) + body)
    assert problems(found) == [("error", code, line, message, hint)]
    assert found[0]["file"] == f"specs/{FILE}"


def test_a_variable_is_not_the_whole_body(checkout: Checkout) -> None:
    found = report(checkout, settings(), "kind: ConnectionSpec\nspec: {var: host}\n")
    message, hint = (
        "a variable stands for one value, not for the whole body",
        "write the sections, with {var: …} for their values",
    )
    assert problems(found) == [("error", "bad-value", 2, message, hint)]


def test_a_secret_in_a_variable_is_found_where_it_is_used(checkout: Checkout) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6"
    found = report(
        checkout, settings().replace("host: h", f"host: {secret}"), SPEC.replace("MORE", "") + "  description: {var: host}\n"
    )
    assert [(one["code"], one["severity"], one["line"]) for one in found] == [("literal-secret", "error", 7)]
    assert secret not in str(found)


def test_targets_with_emulators_have_all_of_it(checkout: Checkout) -> None:
    text = """\
version: 1
repository: acme/aep-sources
groups: [all]
targets:
  stage: {emulator: .reconciler/a.db, sandbox: stage, groups: [all], vars: {host: h}}
fleets:
  shops:
    emulator: .reconciler/b.db
    sandboxes: [emea, apac]
    groups: [all]
    environment: shops
    credentials: shops
    after: [stage]
    soak: 1h
    proved: [stage]
    by_name: true
    vars: {host: h}
    except: {apac: {soak: 2h, vars: {host: i}}}
"""
    more = "only: [stage, shops]\noverlays: {all: {description: a}, shops: {description: {var: host}}, shops-apac: {description: c}}\n"
    assert report(checkout, text, SPEC.replace("MORE", more)) == []


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
