"""Live bodies that have exactly `{var: …}`: imported as literals, into spec files and artifacts, and never read as variables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.documents.json_text import Document
from reconciler.texts.yaml import read_yaml
from tests.cli.test_import import ORDERS, REST, Repository, work

__all__ = ["work"]

ARTIFACT = "sources/acme-orders-connectionSpec.json"
VARIABLE: Document = {"var": "x"}
LITERAL: Document = {"literal": VARIABLE}
LIVE: Document = {"a": VARIABLE, "b": [VARIABLE, 1], "c": {"d": LITERAL}, "e": {"var": 5}, "f": {"var": "x", "g": 1}}
WRITTEN: Document = LIVE | {"a": LITERAL, "b": [LITERAL, 1], "c": {"d": {"literal": LITERAL}}}


def spec_of(work: Repository) -> Any:
    return read_yaml((work.specs / ORDERS).read_bytes()).value["spec"]


def write_artifact(work: Repository, source_spec: object) -> None:
    body = {"name": "Acme Orders", "providerId": REST, "version": "1.0", "sourceSpec": source_spec}
    file = work.specs / ARTIFACT
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(body, indent=2) + "\n")


def applied(work: Repository) -> str:
    """The live id of what the files say."""
    assert work.run("apply", "--yes").code == 0
    (spec,) = work.run("status", "--format", "json").json["specs"]
    return str(spec["id"])


def assert_in_sync(work: Repository) -> None:
    assert "nothing to do: 1 in sync" in work.run("plan").out
    assert work.run("validate").code == 0


def test_a_new_file_has_literals_and_means_what_is_live(work: Repository) -> None:
    work.post(sourceSpec=LIVE, description=VARIABLE)
    ran = work.run("import", "--name", "Acme*")
    assert ran.code == 0
    assert (spec_of(work)["sourceSpec"], spec_of(work)["description"]) == (WRITTEN, LITERAL)
    assert_in_sync(work)


def test_a_change_is_taken_over_into_an_existing_file_as_a_literal(work: Repository) -> None:
    spec_id = work.post(sourceSpec={"a": 1, "b": [2, 1], "c": {}, "e": 5, "f": 6})
    work.run("import", "--name", "Acme*")
    work.edit(spec_id, lambda body: body | {"sourceSpec": LIVE})
    document = work.run("import", "--name", "Acme*", "--format", "json").json
    assert {change["path"]: change["new"] for change in document["specs"][0]["changes"]}["/sourceSpec/a"] == VARIABLE
    assert spec_of(work)["sourceSpec"] == WRITTEN
    assert_in_sync(work)


def test_a_second_import_of_a_literal_changes_no_byte(work: Repository) -> None:
    work.post(sourceSpec=LIVE)
    work.run("import", "--name", "Acme*")
    before = (work.specs / ORDERS).read_bytes()
    assert "1 file unchanged" in work.run("import", "--name", "Acme*").out
    assert (work.specs / ORDERS).read_bytes() == before


def test_an_artifact_takes_it_as_a_literal_and_stays_json(work: Repository) -> None:
    write_artifact(work, {"a": 1})
    spec_id = applied(work)
    work.edit(spec_id, lambda body: body | {"sourceSpec": LIVE})
    ran = work.run("import", "--id", spec_id)
    assert ran.code == 0, ran
    assert json.loads((work.specs / ARTIFACT).read_text())["sourceSpec"] == WRITTEN
    assert_in_sync(work)


def test_a_variable_of_an_artifact_is_not_overwritten_with_its_value(work: Repository) -> None:
    settings = work.specs / "reconciler.yaml"
    settings.write_text(settings.read_text().replace("local.db}", "local.db, vars: {x: 1}}"))
    write_artifact(work, {"a": VARIABLE})
    before, spec_id = (work.specs / ARTIFACT).read_bytes(), applied(work)
    work.edit(spec_id, lambda body: body | {"sourceSpec": {"a": 2}})
    ran = work.run("import", "--id", spec_id)
    assert (ran.code, "a variable or a literal stands there" in ran.out + ran.err) == (1, True)
    assert (work.specs / ARTIFACT).read_bytes() == before


@pytest.mark.parametrize(("source_spec", "line"), [({"a": VARIABLE}, 6), ({"b": [1, {"c": VARIABLE}]}, 9)], ids=str)
def test_a_variable_without_a_value_in_an_artifact_is_an_error_on_its_line(
    work: Repository, source_spec: Document, line: int
) -> None:
    write_artifact(work, source_spec)
    problems = work.run("validate", "--format", "json").json["problems"]
    found = [(one["file"], one["line"], one["message"], one["hint"]) for one in problems if one["code"] == "unknown-variable"]
    hint = "write vars: {x: …} for each of them in reconciler.yaml"
    assert found == [(f"specs/{ARTIFACT}", line, "variable 'x' is not defined for target 'local'", hint)]


def test_a_literal_in_an_artifact_needs_no_value(work: Repository) -> None:
    write_artifact(work, {"a": LITERAL})
    assert work.run("validate").code == 0


def test_an_artifact_with_a_variable_converts_to_a_spec_file_and_back(work: Repository) -> None:
    write_artifact(work, {"a": VARIABLE, "b": LITERAL})
    before = json.loads((work.specs / ARTIFACT).read_text())
    converted = work.run("convert", f"specs/{ARTIFACT}")
    assert read_yaml(converted.out.encode()).value["spec"] == before
    (work.specs / ARTIFACT).unlink()
    (work.specs / ORDERS).parent.mkdir()
    (work.specs / ORDERS).write_text(converted.out)
    assert json.loads(work.run("convert", f"specs/{ORDERS}").out) == before
