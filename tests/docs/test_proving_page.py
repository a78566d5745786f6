"""docs/proving.md: its commands print what it shows, and its tables have everything that `prove` has."""

from __future__ import annotations

import re

import click

from reconciler.cli.commands.prove import prove
from reconciler.errors import ExitCode
from reconciler.proving.options import BATCH_STEPS, STREAMING_STEPS
from tests.docs.console import PROJECT, section

PAGE = (PROJECT / "docs" / "proving.md").read_text()
GLOBAL = {"--specs", "--target", "--no-cache", "-v", "-h"}


def first_column(heading: str) -> list[str]:
    """The names in the first column of the table below a heading."""
    lines = re.findall(r"^\| (`[^|]+) \|", section(PAGE, heading).replace("\\|", "/"), re.MULTILINE)
    return [name for line in lines for name in re.findall(r"`([^`]+)`", line)]


def test_the_table_of_options_has_every_option() -> None:
    options = {param.opts[0] for param in prove.params if isinstance(param, click.Option)}
    assert {name.split()[0] for name in first_column("Options")} == options - GLOBAL


def test_the_table_of_steps_has_every_step() -> None:
    assert {*BATCH_STEPS, *STREAMING_STEPS} <= set(first_column("Steps"))


def test_the_exit_codes_are_those_of_the_tool() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \|", section(PAGE, "Exit codes"), re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(", ")} == {int(code) for code in ExitCode} - {ExitCode.DIFFERENT}
