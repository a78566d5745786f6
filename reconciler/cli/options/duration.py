"""Durations on the command line: `90s`, `15m`, `2h`."""

from __future__ import annotations

import re
from typing import Final

import click

_FORM: Final = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[smhd]?)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Duration(click.ParamType[float]):
    """A duration in seconds: a number and s, m, h or d; a number alone is seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, int | float):
            return float(value)
        found = _FORM.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"{str(value)[:40]!r} is not a duration: write 90s, 15m or 2h", param, ctx)
        return float(int(found["number"]) * _SECONDS[found["unit"]])
