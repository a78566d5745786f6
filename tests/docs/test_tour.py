"""The tour of README.md prints what README.md says that it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.console import PROJECT, Step
from tests.docs.tour import picture, taken


def test_each_command_of_the_tour_prints_what_is_shown(tmp_path: Path) -> None:
    seen: list[str] = []
    for step, printed in taken(tmp_path / "tour", (PROJECT / "README.md").read_text()):
        seen.append(step.command)
        assert step.pattern.fullmatch(printed), f"$ {step.command}\n{printed}"
    assert len(seen) >= 6


def test_the_picture_of_the_readme_is_the_plan_as_it_is_printed_now() -> None:
    assert (PROJECT / "docs" / "plan.svg").read_text() == picture(), "docs/plan.svg is out of date: run `make picture`"


@pytest.mark.parametrize(
    ("shown", "printed", "fits"),
    [
        (("a", "…", "d"), "a\nb\nc\nd\n", True),
        (("a …", "b"), "a 4fe859de\nb\n", True),
        (("a",), "b\n", False),
        (("a", "…"), "a\n", True),
    ],
)
def test_an_ellipsis_stands_for_any_lines_or_any_text(shown: tuple[str, ...], printed: str, fits: bool) -> None:
    assert (Step("x", shown).pattern.fullmatch(printed) is not None) is fits
