"""What a spec file says of targets, against their settings, as `validate` reports it: the code, the line and what to do."""

from __future__ import annotations

import pytest

from tests.cli.fleet_rules.files import FILE, FLEET, SPEC, problems, report, settings
from tests.cli.test_offline import Checkout


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
