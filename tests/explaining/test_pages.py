"""Explanations as a command prints them, and the page of all of them."""

from __future__ import annotations

import json

from reconciler.explaining.pages import all_text, codes_page
from reconciler.explaining.registry import explanations
from tests.cli.fakes import CommandLine
from tests.explaining.codes_in_source import PROJECT


def test_the_page_is_made_from_the_explanations() -> None:
    assert (PROJECT / "docs/codes.md").read_text() == codes_page(), "`make rules` generates docs/codes.md"


def test_a_code_is_explained(reconciler: CommandLine) -> None:
    ran = reconciler("explain", "namesake")
    assert ran.code == 0
    assert ran.out.startswith("namesake: A live spec already has this name and provider\n\nwhy: ")
    assert "\ninstead: Adopt it, pin its id, or use another name.\nreported by: plan, apply and restore\n\nnamesake: " in ran.out


def test_a_rule_is_explained_with_its_examples(reconciler: CommandLine) -> None:
    assert "\nwrong:\n" in reconciler("explain", "request-method").out
    assert reconciler("validate", "--explain", "request-method").out == reconciler("explain", "request-method").out


def test_a_finding_of_try_is_explained(reconciler: CommandLine) -> None:
    printed = reconciler("explain", "same-page").out
    assert printed.startswith("same-page (error): No page is read twice in a row\n\nwhy: ")
    assert printed.endswith("reported by: try and prove\n")


def test_a_check_of_an_endpoint_is_explained_by_its_name(reconciler: CommandLine) -> None:
    assert reconciler("explain", "read-flow-specs").out.startswith("read-flow-specs: The endpoint may be read\n")


def test_an_unknown_code_gets_the_nearest(reconciler: CommandLine) -> None:
    ran = reconciler("explain", "namesak")
    assert (ran.code, ran.err) == (1, "error: unknown code 'namesak'\nhint: did you mean 'namesake'?\n")
    assert "hint: `reconciler explain` lists all codes\n" in reconciler("explain", "\x1b[31m").err


def test_without_a_code_all_are_listed_by_subject(reconciler: CommandLine) -> None:
    listed = reconciler("explain").out
    assert listed == all_text()
    assert "\nGuards of a plan\n  ahead " in listed
    assert all(f"  {row.code} " in listed for row in explanations())


def test_programs_get_the_same_as_json(reconciler: CommandLine) -> None:
    (row, other) = json.loads(reconciler("explain", "namesake", "--format", "json").out)["codes"]
    assert row.keys() == {"code", "subject", "severity", "reported_by", "title", "why", "instead"} == other.keys()
    everything = json.loads(reconciler("explain", "--format", "json").out)
    assert everything["report"] == "explain"
    assert len(everything["codes"]) == len(explanations())
