"""The tutorial of docs/trying.md prints what the page shows, and its tables have everything that `try` has."""

from __future__ import annotations

import re
from typing import Any

import click
import pytest

from reconciler.cli.commands.try_ import try_
from reconciler.documents.readers import Record
from reconciler.errors import ExitCode
from reconciler.proofs.schema import EXPECT, PROOF
from tests.docs.console import PROJECT
from tests.docs.evidence import with_evidence

GLOBAL = {"--specs", "--target", "--no-cache", "-v", "-h"}
PAGE = (PROJECT / "docs" / "trying.md").read_text()


def first_column(heading: str, column: str) -> set[str]:
    """The names of the first column of a table."""
    page = PAGE.partition(f"\n## {heading}\n")[2]
    (table,) = re.findall(rf"^\| {column} \|.*\n\| ---.*\n((?:\|.*\n)+)", page.partition("\n## ")[0], re.MULTILINE)
    return {name for line in table.splitlines() for name in re.findall(r"`([^`]+)`", line.split("|")[1])}


def test_the_table_of_options_has_every_option_of_try() -> None:
    options = {param.opts[0] for param in try_.params if isinstance(param, click.Option)}
    assert {name.split()[0] for name in first_column("Options", "option")} == options - GLOBAL


@pytest.mark.parametrize(("record", "column"), [(PROOF, "key"), (EXPECT, "key of `expect`")])
def test_the_tables_of_the_proof_file_have_every_key(record: Record[Any], column: str) -> None:
    assert first_column("Proof file", column) == set(record.keys)


def test_the_evidence_table_has_every_row() -> None:
    assert with_evidence(PAGE) == PAGE, "docs/trying.md is out of date: run `make rules`"


def test_the_exit_codes_are_those_of_the_tool() -> None:
    page = PAGE.partition("\n## Exit codes\n")[2].partition("\n## ")[0]
    codes = {int(code) for line in re.findall(r"^\| ([\d, ]+) \|", page, re.MULTILINE) for code in line.split(", ")}
    assert codes == {int(code) for code in ExitCode} - {ExitCode.DIFFERENT}
