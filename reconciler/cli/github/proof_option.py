"""The option of the commands that post results to GitHub, and may get the report of a proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

proof_option: Callable[[F], F] = click.option(
    "--proof", metavar="KEY", help="REPORT is that of a proof of this source, or says why there is none."
)
