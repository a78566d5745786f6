"""docs/submitting.md: its commands print what it shows, and its tables have everything that `submit` has."""

from __future__ import annotations

import re

import click

from reconciler.cli.commands.submit import submit
from reconciler.documents.readers import read_whole
from reconciler.proofs.streaming.authentication import CASES, TESTS, AuthenticationTests
from reconciler.submission.check import Outcome
from reconciler.texts.yaml import read_yaml
from tests.docs.console import PROJECT, blocks, section
from tests.submission.samples import built

PAGE = (PROJECT / "docs" / "submitting.md").read_text()
GLOBAL = {"--specs", "--target", "--no-cache", "-v", "-h"}


def first_column(heading: str) -> list[str]:
    rows = re.findall(r"^\| `([^`]+)` \|", section(PAGE, heading), re.MULTILINE)
    assert rows
    return rows


def test_the_table_of_options_has_every_option() -> None:
    options = {param.opts[0] for param in submit.params if isinstance(param, click.Option)}
    assert {name.split()[0] for name in first_column("Options")} == options - GLOBAL


def test_the_table_of_checks_has_every_check() -> None:
    assert first_column("Checks") == [check.id for check in built().checks]
    assert set(re.findall(r"^\| `[^`]+` \| (\w+) \|", section(PAGE, "Checks"), re.MULTILINE)) < {item.value for item in Outcome}


def test_the_cases_of_each_mechanism_are_listed() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", section(PAGE, "Streaming sources"), re.MULTILINE))
    assert {name: re.findall("`([^`]+)`", cases) for name, cases in rows.items()} == {
        name: list(cases) for name, cases in CASES.items()
    }


def test_the_example_of_a_row_is_complete() -> None:
    (block,) = blocks(section(PAGE, "Streaming sources"))
    tests = read_whole(TESTS, read_yaml(block.text.encode()).value)
    assert isinstance(tests, AuthenticationTests)
    assert [test.missing for test in tests.tests] == [()]
