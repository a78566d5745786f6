"""The reports of several targets in one comment."""

from __future__ import annotations

import pytest

from reconciler.reports.targets_markdown import TargetReport, render_targets_markdown


def report(target: str, weight: int = 1, size: int = 100) -> TargetReport:
    """A report that fills its room up to this size."""
    return TargetReport(target, weight, lambda room: f"<!-- marker -->\n\n### {target}\n\n{'x' * (min(room, size) - 40)}\n")


def test_failures_come_first_and_what_has_nothing_to_do_shares_a_line() -> None:
    text = render_targets_markdown([report("quiet", 2), report("changed"), report("failed", 0)], "specs", 10_000)
    assert text.startswith(
        "<!-- reconciler:plan target=%2A specs=specs -->\n\n**2 of 3 targets** · nothing to do in <code>quiet</code>\n\n### failed\n"
    )
    assert text.index("### failed") < text.index("\n---\n\n### changed")
    assert text.count("<!--") == 1


def test_where_nothing_is_to_do_at_all_there_is_one_line() -> None:
    text = render_targets_markdown([report("a", 2), report("b", 2)], "specs", 10_000)
    assert text.split("\n\n", 1)[1] == "**reconciler** · nothing to do in <code>a</code>, <code>b</code>\n"


@pytest.mark.parametrize("number", [1, 2, 7, 29, 30, 400])
@pytest.mark.parametrize("size", [100, 9_000, 80_000])
def test_however_many_targets_there_are_the_comment_fits_and_none_is_lost(number: int, size: int) -> None:
    text = render_targets_markdown([report(f"target-{index}", size=size) for index in range(number)], "specs", 60_000)
    assert len(text.encode()) <= 60_000
    assert text.count("### target-") + _unshown(text) == number


def _unshown(text: str) -> int:
    rest = text.partition("… no room for ")[2]
    return int(rest.split()[0].replace(",", "")) if rest else 0
