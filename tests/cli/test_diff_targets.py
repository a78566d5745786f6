"""`diff` and `breaking` for chosen targets: each change once, with the targets where it is the same."""

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
groups: [real]
targets:
  local: {emulator: .reconciler/local.db, vars: {host: "https://local.example"}}
  stage: {org_id: 123@AdobeOrg, sandbox: stage, groups: [real], vars: {host: "https://stage.example"}}
  prod: {org_id: 123@AdobeOrg, sandbox: prod, groups: [real], vars: {host: "https://acme.example"}}
"""
SPEC = """\
kind: ConnectionSpec
overlays:
  prod: {description: for prod}
spec:
  name: Acme Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  description: one
  authSpec: [{name: key}, {name: basic}]
  sourceSpec: {attributes: {urlParams: {host: {var: host}, path: /orders, method: GET}}}
"""
FILE = "sources/orders/connection-spec.yaml"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checkout:
    made = Checkout(tmp_path, capsys)
    monkeypatch.chdir(tmp_path)
    made.write("reconciler.yaml", SETTINGS)
    made.write(FILE, SPEC)
    made.git("init", "-q", "--initial-branch=main")
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "x")
    return made


def variants(report: Any) -> list[tuple[list[str], list[str]]]:
    return [([change["path"] for change in one["changes"]], one["targets"]) for one in report["variants"]]


def test_a_change_that_is_the_same_is_shown_once_with_its_targets(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("/orders", "/v2/orders"))
    report = checkout.run("--group", "real", "diff", "--format", "json").json
    path = "/sourceSpec/attributes/urlParams/path"
    assert (report["fleet"], variants(report)) == (True, [([path], ["stage", "prod"])])
    text = checkout.run("--all", "diff")
    assert text.code == 0
    assert text.out.startswith("2 targets · since HEAD\n")
    assert text.out.count(path) == 1
    assert "  in stage, prod\n" in text.out
    assert text.out.endswith("left out: local (emulators: name them with --target)\n")


def test_markdown_names_the_targets_of_each_change_before_it_is_unfolded(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("/orders", "/v2/orders").replace("for prod", "in prod"))
    shown = checkout.run("--group", "real", "diff", "--format", "markdown").out
    rows = [line for line in shown.splitlines() if line.startswith(("| state", "| changed"))]
    assert [row.split(" | ")[-1] for row in rows] == ["targets |", "<code>stage</code> |", "<code>prod</code> |"]
    summaries = [line for line in shown.splitlines() if line.startswith("<details>")]
    assert [" · in <code>stage</code></summary>" in line for line in summaries] == [True, False]
    assert " · in <code>prod</code></summary>" in summaries[1]


def test_the_diff_for_one_target_alone_has_no_column_of_targets(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("/orders", "/v2/orders"))
    assert "targets" not in checkout.run("--target", "prod", "diff", "--format", "markdown").out


def test_a_change_that_an_overlay_covers_is_one_of_the_other_targets_only(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("description: one", "description: two"))
    report = checkout.run("diff", "--target", "stage", "--target", "prod", "--format", "json").json
    assert variants(report) == [(["/description"], ["stage"])]
    assert [(one["name"], one["exit_code"], len(one["report"]["specs"])) for one in report["targets"]] == [
        ("stage", 0, 1),
        ("prod", 0, 0),
    ]


def test_the_report_of_each_target_is_the_one_for_it_alone(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("{name: key}, ", ""))
    for command in ("diff", "breaking"):
        report = checkout.run("--group", "real", command, "--format", "json").json
        alone = [checkout.run("--target", name, command, "--format", "json") for name in ("stage", "prod")]
        assert [one["report"] for one in report["targets"]] == [ran.json for ran in alone]
        assert [one["exit_code"] for one in report["targets"]] == [ran.code for ran in alone]


def test_what_breaks_is_reported_once_and_refused_as_for_one_target(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("{name: key}, ", ""))
    done = checkout.run("--group", "real", "breaking")
    assert (done.code, done.out.count("1 spec breaks"), done.out.count("in stage, prod")) == (3, 1, 1)
    markdown = checkout.run("--group", "real", "breaking", "--format", "markdown").out
    assert "for <code>stage</code>, <code>prod</code> since" in markdown
    assert "(in <code>stage</code>, <code>prod</code>)" in markdown


def test_an_error_for_one_target_hides_no_change_of_another(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("description: for prod", "name: 5").replace("/orders", "/v2/orders"))
    done = checkout.run("--group", "real", "diff")
    assert (done.code, "/sourceSpec/attributes/urlParams/path" in done.out) == (1, True)
    assert "`name` must be a non-empty string, not a number (in target prod)" in done.out


def test_former_files_that_one_target_cannot_have_are_its_error(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("description: for prod", "name: 5"))
    checkout.git("commit", "-qam", "x")
    checkout.write(FILE, SPEC.replace("/orders", "/v2/orders"))
    done = checkout.run("--group", "real", "diff", "--format", "json")
    assert (done.code, [one["exit_code"] for one in done.json["targets"]]) == (1, [0, 1])
    assert variants(done.json)[0][1] == ["stage"]


def test_each_file_of_both_versions_is_parsed_once(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.write(FILE, SPEC.replace("description: one", "description: two"))
    read: list[bytes] = []

    def noted(data: bytes) -> Reading:
        read.append(data)
        return read_yaml(data)

    monkeypatch.setattr(readings, "read_yaml", noted)
    checkout.run("--target", "local", "--target", "stage", "--target", "prod", "diff")
    assert len(read) == len(set(read)) == 2


def test_keys_limit_what_is_compared(checkout: Checkout) -> None:
    checkout.write(FILE, SPEC.replace("/orders", "/v2/orders"))
    checkout.write("sources/members/connection-spec.yaml", SPEC.replace("Acme Orders", "Acme Members"))
    report = checkout.run("--all", "diff", "members", "--format", "json").json
    assert {one["key"] for one in report["variants"]} == {"members"}
    assert checkout.run("--all", "diff", "nothing").code == 1
