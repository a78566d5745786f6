"""`diff --targets`: what separates the bodies of targets, and the layer that each value comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.desired import readings
from reconciler.texts.reading import Reading
from reconciler.texts.yaml import read_yaml
from tests.cli.test_offline import Checkout

SETTINGS = """\
version: 1
repository: acme/aep-sources
groups: [external]
targets:
  stage: {org_id: 123@AdobeOrg, sandbox: stage, vars: {host: "https://stage.example"}}
  prod:
    org_id: 123@AdobeOrg
    sandbox: prod
    vars:
      host: "https://acme.example"
fleets:
  shops:
    org_id: 9@AdobeOrg
    sandboxes: [emea, apac]
    groups: [external]
    vars: {host: "https://shops.example"}
    except:
      apac:
        vars: {host: "https://apac.example"}
"""
SPEC = """\
kind: ConnectionSpec
overlays:
  prod: {description: for prod}
  external:
    permissionsInfo: null
  shops: {description: for shops}
  shops-apac: {description: for apac}
spec:
  name: Acme Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  description: one
  permissionsInfo: {view: []}
  authSpec: [{name: key}, {name: basic}]
  sourceSpec:
    attributes:
      urlParams: {path: /orders, method: GET, host: {var: host}}
"""
FILE = "sources/orders/connection-spec.yaml"
HOST = "/sourceSpec/attributes/urlParams/host"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checkout:
    """A specs folder outside of any git repository: nothing is asked of git."""
    made = Checkout(tmp_path, capsys)
    monkeypatch.chdir(tmp_path)
    made.write("reconciler.yaml", SETTINGS)
    made.write(FILE, SPEC)
    return made


def report(checkout: Checkout, targets: str, *keys: str) -> Any:
    return checkout.run("diff", "--targets", targets, *keys, "--format", "json").json


def origins(found: Any, path: str) -> list[tuple[str, Any, list[str]]]:
    """By value at this place of the first spec: its targets, the value, and each layer in short, such as `fleet shops:6`."""
    (values,) = [one["values"] for one in found["specs"][0]["differences"] if one["path"] == path]
    return [(",".join(one["targets"]), one["value"], [short(layer) for layer in one["layers"]]) for one in values]


def short(layer: Any) -> str:
    named = " ".join(filter(None, (layer["layer"], layer["name"])))
    variables = "".join(
        f" {one['name']} of {one['of']} {one['owner']}{'/' + one['sandbox'] if one['sandbox'] else ''}:{one['line']}"
        for one in layer["variables"]
    )
    return f"{named}:{layer['line']}{variables}"


def test_each_value_has_the_layer_that_it_comes_from(checkout: Checkout) -> None:
    found = report(checkout, "stage,prod,shops")
    assert found["targets"] == ["stage", "prod", "shops-emea", "shops-apac"]
    assert origins(found, "/description") == [
        ("stage", "one", ["spec:13"]),
        ("prod", "for prod", ["target prod:3"]),
        ("shops-emea", "for shops", ["fleet shops:6"]),
        ("shops-apac", "for apac", ["target shops-apac:7"]),
    ]
    assert origins(found, "/permissionsInfo") == [
        ("stage,prod", {"view": []}, ["spec:14"]),
        ("shops-emea,shops-apac", None, ["group external:5"]),
    ]


def test_a_variable_leads_to_the_line_that_defines_it(checkout: Checkout) -> None:
    assert origins(report(checkout, "stage,prod,shops"), HOST) == [
        ("stage", "https://stage.example", ["spec:18 host of target stage:5"]),
        ("prod", "https://acme.example", ["spec:18 host of target prod:10"]),
        ("shops-emea", "https://shops.example", ["spec:18 host of fleet shops:16"]),
        ("shops-apac", "https://apac.example", ["spec:18 host of except shops/apac:19"]),
    ]


def test_a_variable_that_except_does_not_change_leads_to_the_fleet(checkout: Checkout) -> None:
    checkout.write("reconciler.yaml", SETTINGS.replace('host: "https://apac.example"', 'port: "8080"'))
    assert origins(report(checkout, "prod,shops"), HOST)[1] == (
        "shops-emea,shops-apac",
        "https://shops.example",
        ["spec:18 host of fleet shops:16"],
    )


def test_a_group_that_no_target_has_is_said_to_be_empty(checkout: Checkout) -> None:
    checkout.write("reconciler.yaml", SETTINGS.replace("groups: [external]\ntargets", "groups: [external, old]\ntargets"))
    done = checkout.run("diff", "--targets", "stage,old")
    assert (done.code, "no target has the group 'old'" in done.err) == (1, True)


def test_the_text_says_it_in_words(checkout: Checkout) -> None:
    done = checkout.run("diff", "--targets", "prod,shops-apac")
    assert done.code == 0
    assert (
        done.out
        == """\
targets prod, shops-apac
spec files only: Flow Service was not queried; apply may do something different
1 spec differs

~ connection spec orders "Acme Orders"  specs/sources/orders/connection-spec.yaml
    /description
      prod        "for prod"  overlay of prod, line 3
      shops-apac  "for apac"  overlay of shops-apac, line 7
    /permissionsInfo
      prod        {"view":[]}  spec, line 14
      shops-apac  null         overlay of external, line 5
    /sourceSpec/attributes/urlParams/host
      prod        "https://acme.example"  spec, line 18: {var: host} of target prod (specs/reconciler.yaml:10)
      shops-apac  "https://apac.example"  spec, line 18: {var: host} of fleet shops, except apac (specs/reconciler.yaml:19)
"""
    )


def test_a_value_that_is_written_in_one_target_only_is_not_written_in_the_others(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("{description: for prod}", "{sourceSpec: {attributes: {uiAttributes: {label: P}}}}"))
    assert origins(report(checkout, "stage,prod"), "/sourceSpec/attributes/uiAttributes") == [
        ("stage", None, []),
        ("prod", {"label": "P"}, ["target prod:3"]),
    ]
    assert "      stage  (nothing)      not written\n" in checkout.run("diff", "--targets", "stage,prod").out


def test_a_long_value_is_a_difference_by_line(checkout: Checkout) -> None:
    longer = "\\n".join(["a line that all have"] * 5)
    checkout.write(
        FILE, SPEC.replace("description: one", f'description: "{longer}\\nlast"').replace("for prod", f'"{longer}\\nother"')
    )
    shown = checkout.run("diff", "--targets", "stage,prod").out
    assert "      stage  spec, line 13\n      prod   overlay of prod, line 3\n" in shown
    assert "        - last\n        + other\n" in shown


def test_a_spec_that_only_leaves_out_is_shown_with_the_line(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("overlays:", "only: [stage, shops]\noverlays:"))
    (spec,) = report(checkout, "stage,prod")["specs"]
    assert (spec["targets"], spec["absent"], spec["only_line"], spec["differences"]) == (["stage"], ["prod"], 2, [])
    assert "    not in prod: `only` in line 2\n" in checkout.run("diff", "--targets", "stage,prod").out


def test_a_spec_of_none_of_the_targets_is_not_counted(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("overlays:", "only: [shops]\noverlays:"))
    found = report(checkout, "stage,prod")
    assert (found["specs"], found["same"]) == ([], 0)
    assert "\nno differences\n" in checkout.run("diff", "--targets", "stage,prod").out


def test_what_is_the_same_is_counted_and_keys_limit_what_is_compared(checkout: Checkout) -> None:
    checkout.write(
        "sources/plain/connection-spec.yaml", "kind: ConnectionSpec\n" + SPEC[SPEC.index("spec:") :].replace("{var: host}", "h")
    )
    assert "\n1 spec differs, 1 the same\n" in checkout.run("diff", "--targets", "stage,prod").out
    found = report(checkout, "stage,prod", "plain")
    assert (found["specs"], found["same"]) == ([], 1)
    assert [spec["key"] for spec in report(checkout, "stage,prod", "specs/sources/orders")["specs"]] == ["orders"]
    done = checkout.run("diff", "--targets", "stage,prod", "nothing")
    assert (done.code, "no such key, file or folder: nothing" in done.err) == (1, True)


def test_a_file_that_is_broken_for_all_is_one_problem_and_hides_no_other(checkout: Checkout) -> None:
    checkout.write("sources/broken/connection-spec.yaml", "kind: ConnectionSpec\nspec: {name: 5\n")
    done = checkout.run("diff", "--targets", "stage,prod", "--format", "json")
    assert (done.code, [one["key"] for one in done.json["specs"]]) == (1, ["orders"])
    assert len({(one["file"], one["line"]) for one in done.json["problems"]}) == len(done.json["problems"]) == 1


def test_a_file_that_is_broken_for_one_target_is_not_taken_for_absent_there(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("description: for prod", "name: 5"))
    done = checkout.run("diff", "--targets", "stage,prod,shops-emea", "--format", "json")
    (spec,) = done.json["specs"]
    assert (done.code, spec["absent"], spec["unknown"]) == (1, [], ["prod"])
    shown = checkout.run("diff", "--targets", "stage,prod").out
    assert "    not compared in prod: its file has an error\n" in shown
    assert "`name` must be a non-empty string, not a number (in target prod)" in shown


def test_a_secret_is_withheld_in_every_form(checkout: Checkout) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6"
    checkout.write(FILE, SPEC.replace("for prod", secret))
    for form in ("text", "json", "markdown"):
        shown = checkout.run("diff", "--targets", "stage,prod", "--format", form).out
        assert (secret in shown, "withheld" in shown) == (False, True)


def test_an_artifact_takes_its_variables_from_the_target(checkout: Checkout) -> None:
    (checkout.root / "specs" / FILE).unlink()
    body = '{\n"name": {"var": "host"},\n"providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",\n"version": "1.0", "type": "x"}\n'
    checkout.write("sources/orders-connectionSpec.json", body)
    assert origins(report(checkout, "stage,prod"), "/name") == [
        ("stage", "https://stage.example", ["spec:2 host of target stage:5"]),
        ("prod", "https://acme.example", ["spec:2 host of target prod:10"]),
    ]


def test_markdown_has_a_row_for_each_value_within_its_limit(checkout: Checkout) -> None:
    done = checkout.run("diff", "--targets", "stage,prod", "--format", "markdown")
    assert done.out.startswith("### Spec files of <code>stage, prod</code>\n\n**1 spec differs** · ")
    assert "| <code>stage</code> | <code>&#34;one&#34;</code> | <code>spec, line 13</code> |" in done.out


def test_each_file_is_parsed_once_for_all_targets(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    def noted(data: bytes) -> Reading:
        read.append(data)
        return read_yaml(data)

    monkeypatch.setattr(readings, "read_yaml", noted)
    checkout.run("diff", "--targets", "stage,prod,shops")
    assert read == [SPEC.encode()]


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (
            ["--targets", "stage,nope"],
            "unknown target 'nope'",
            "use one of: external, prod, shops, shops-apac, shops-emea, stage",
        ),
        (["--targets", "stage,prdo"], "unknown target 'prdo'", "did you mean 'prod'?"),
        (["--targets", "stage"], "--targets compares targets with each other, and this is one: stage", "name another one"),
        (["--targets", "stage,stage"], "and this is one: stage", "name another one"),
        (["--targets", ","], "--targets names no target", "--targets NAME,NAME"),
        (["--targets", "stage,prod", "--against", "HEAD"], "--against does not go with it", "leave out --against"),
        (["--targets", "stage,prod", "--base-specs", "x"], "--base-specs does not go with it", "leave out --base-specs"),
        (["--targets", "stage,prod", "--target", "prod"], "--target does not go with it", "leave out --target"),
        (["--targets", "stage,prod", "--group", "shops"], "--group does not go with it", "leave out --group"),
        (["--targets", "stage,prod", "--all"], "--all does not go with it", "leave out --all"),
    ],
    ids=str,
)
def test_what_cannot_be_compared_is_refused_with_what_to_write(
    checkout: Checkout, arguments: list[str], message: str, hint: str
) -> None:
    done = checkout.run("diff", *arguments)
    assert (done.code, message in done.err) == (1, True), done.err
    assert f"hint: {hint}" in done.err or hint in done.err


def test_targets_may_be_named_one_by_one(checkout: Checkout) -> None:
    repeated = checkout.run("diff", "--targets", "stage", "--targets", "prod").out
    assert repeated == checkout.run("diff", "--targets", "stage,prod").out
